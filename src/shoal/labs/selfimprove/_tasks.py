"""What an agent is asked to repair: programs with one bug, tests it may run, and tests it never sees."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import ClassVar, Literal, get_args

from shoal.core.canonical import canonical, plain
from shoal.core.values import Json, Split

__all__ = ["KINDS", "Bug", "Kind", "Limits", "Program", "RepairTask", "Test", "alike", "brief", "split_of"]

Kind = Literal[
    "boundary",
    "operator",
    "missed case",
    "wrong variable",
    "state leak",
    "bad default",
    "off by one",
    "swapped arguments",
]
KINDS: tuple[Kind, ...] = get_args(Kind)

# Of 10 programs: which go where. Half of them never meet an agent before the run is over, validation's apart.
_SHARES = {Split.SEARCH: 4, Split.VALIDATION: 2, Split.SEALED: 4}


@dataclass(frozen=True, slots=True)
class Test:
    """One call and what comes of it: the value `expected`, or an exception whose class is named `raises`.

    `call` is "module:function". The calls of `before`, each with its arguments, are made first, in the same process.
    Values are JSON; nobody changes them.
    """

    __test__: ClassVar[bool] = False  # pytest: no class of tests

    call: str
    arguments: tuple[Json, ...]
    expected: Json = None
    raises: str | None = None
    before: tuple[tuple[str, tuple[Json, ...]], ...] = ()

    def shown(self) -> dict[str, Json]:
        """As it is written in a file of tests."""
        told: dict[str, Json] = {"call": self.call, "arguments": plain(self.arguments)}
        told |= {"expected": self.expected} if self.raises is None else {"raises": self.raises}
        return told | ({"before": plain(self.before)} if self.before else {})

    @property
    def question(self) -> bytes:
        """What is asked, without the answer: equal for tests that differ in what they expect alone."""
        return canonical([self.call, self.arguments, self.before])


@dataclass(frozen=True, slots=True)
class Limits:
    """What work on one task may use: `runs` of its tests, and for each of them CPU seconds and MiB of memory."""

    runs: int = 40
    seconds: float = 2.0
    memory_mb: int = 256


@dataclass(frozen=True, slots=True)
class Bug:
    """One change of a correct program: `find`, which occurs exactly once in `file`, becomes `replace`."""

    name: str
    kind: Kind
    file: str
    find: str
    replace: str

    def planted(self, files: Mapping[str, str]) -> dict[str, str]:
        """The program with this bug."""
        return {**files, self.file: files[self.file].replace(self.find, self.replace)}


@dataclass(frozen=True, slots=True)
class Program:
    """A correct program, what it must do, its tests, and bugs that people would make in it."""

    name: str
    statement: str
    files: Mapping[str, str]
    visible: tuple[Test, ...]
    hidden: tuple[Test, ...]
    bugs: tuple[Bug, ...]


@dataclass(frozen=True, slots=True)
class RepairTask:
    """A program with one bug. `files` maps paths with forward slashes to texts; `name` and `kind` hint at the bug.

    `origin` says who made the bug: "written" by a person, "planted" by the generator, or a user's "own" task.
    A `command` (self-scored, see `self_scored`) stands in for the hidden tests: exit code 0 means solved.
    """

    name: str
    program: str
    statement: str
    files: Mapping[str, str]
    visible: tuple[Test, ...]
    hidden: tuple[Test, ...]
    kind: Kind | None = None
    origin: Literal["written", "planted", "own"] = "own"
    command: tuple[str, ...] = ()
    limits: Limits = field(default=Limits())

    @property
    def self_scored(self) -> bool:
        """Whether its score comes out of a process that the candidate shares: no verdict can rest on it."""
        return bool(self.command)

    @property
    def taken_for(self) -> str:
        """Equal for tasks that no agent can tell apart: their visible tests and an agent's own chance go by it."""
        return self.digest

    @property
    def digest(self) -> str:
        """SHA-256 in hexadecimal over all of it: equal for equal tasks."""
        return sha256(canonical(self)).hexdigest()


def brief(task: RepairTask) -> dict[str, Json]:
    """All that an agent may see of a task: `statement`, `files`, and the `visible` tests as their file has them.

    Neither hidden tests nor the task's name or kind, which would tell where to look.
    """
    return {"statement": task.statement, "files": dict(task.files), "visible": [test.shown() for test in task.visible]}


def alike(value: object, expected: Json) -> bool:
    """Whether what a call returned is what was expected.

    A tuple counts as a list, 2.0 as 2; True is no 1, and floats agree to 1e-9 (relative, and absolute below 1).
    """
    match expected:
        case bool() | None | str():
            return type(value) is type(expected) and value == expected
        case float() | int():
            if isinstance(value, bool) or not isinstance(value, float | int):
                return False
            return value == expected if isinstance(value, int) and isinstance(expected, int) else _near(value, expected)
        case dict():
            return (
                isinstance(value, dict)
                and value.keys() == expected.keys()
                and all(alike(value[key], one) for key, one in expected.items())
            )
        case list():
            return (
                isinstance(value, list | tuple)
                and len(value) == len(expected)
                and all(alike(one, other) for one, other in zip(value, expected, strict=True))
            )
    return False


def _near(value: float, expected: float) -> bool:
    try:
        return abs(value - expected) <= 1e-9 * max(1.0, abs(expected))
    except OverflowError:  # a whole number beyond all floats
        return False


def split_of(program: str) -> Split:
    """The stream of a program: SHA-256 of its name, so that all its bugs are in one and more programs move none.

    Of 10 programs 4 are for search, 2 for validation, 4 sealed.
    """
    number = int.from_bytes(sha256(f"repair: {program}".encode()).digest()[:8], "big") % sum(_SHARES.values())
    return [split for split, share in _SHARES.items() for _ in range(share)][number]
