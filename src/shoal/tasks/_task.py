"""A task as a frozen value: its settings, the source of its programs, and the hash of every file."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from shoal.core.errors import UserError

__all__ = ["Answer", "Instances", "Limits", "Program", "Scoring", "Task", "TaskError"]


class TaskError(UserError):
    """A task that cannot be loaded or written; the message names the place, the value, the limit and the fix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """The program that is evolved.

    `file` is its name in the task folder, `more` the names of further files that belong to it and may change too;
    `entry` the functions of `file` that the judge calls (one for a `call` task), `region` what may change ("all",
    "marked", or top-level names of `file`), `warm` the modules that are loaded before it starts.

    A command task has no entry: `command` is the program and its arguments, `compile` a step before it, with the file
    in the working folder, and `outputs` names the files that the program leaves there for the judge.

    A self_scored task's `command` runs the evaluator, in the words of `shoal.evaluate.Ported`.

    A program that is called may be a `module` of a project, which it is loaded as, and import from folders of `data/`
    (`path`).
    """

    file: str
    entry: tuple[str, ...]
    region: Literal["all", "marked"] | tuple[str, ...]
    warm: tuple[str, ...]
    more: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    compile: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    module: str = "program"
    path: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """All files of the program, the main one first."""
        return (self.file, *self.more)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoring:
    """How people read the score: the natural value, whichever direction is better.

    `range` holds the lowest and the highest finite score that is believed; `best_known` and `baseline` lie within.
    """

    direction: Literal["max", "min"]
    range: tuple[float, float]
    best_known: float | None
    baseline: float | None
    name: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Instances:
    """How many instances one trial of each split uses, each at least 1.

    `transfer` names other families of instances that the finished program is tried on, `sealed` of each.
    `fixed` says that there is exactly one instance and no randomness: the splits are equal and no hack gap exists.
    """

    fixed: bool
    search: int
    validation: int
    sealed: int
    transfer: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a candidate may use per instance (seconds, seconds, MiB), and judge and compile step per trial (CPU s)."""

    cpu_seconds: float
    wall_seconds: float
    memory_mb: int
    judge_cpu_seconds: float
    compile_cpu_seconds: float = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One array of what a function of the program must return; several of one function make a sequence.

    `shape` has -1 for an axis of any length and is empty for a single number. `low` and `high` bound every entry, ends
    included. `finite` false lets infinities pass, NaN never. `distinct` forbids equal entries (rows, with more axes);
    `permutation` asks for each of 0 .. n - 1 exactly once.
    """

    name: str
    function: str
    shape: tuple[int, ...]
    dtype: Literal["float", "int"]
    low: float | None
    high: float | None
    finite: bool
    distinct: bool
    permutation: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A task, loaded and checked. The sources are bytes as read once; `manifest` has the hash of those bytes.

    `kind` is "call" (one function call per instance), "session" (the judge asks question after question), "command"
    (one run of a program per instance), "timed" (calls that must do what the initial program's do, in less time) or
    "self_scored" (a folder of another project, whose own evaluator runs in one process with the program).
    `measured` says that the score is itself a measurement: it replays, it does not repeat. `answers` say what the
    functions must return, where `task.toml` declares it. `initial` is the program's main file, empty where
    `has_program` is false; `more` are its others by name.
    `manifest` maps each file of the folder, as a path with forward slashes, to its SHA-256 in hexadecimal; names that
    start with a dot and `__pycache__` are left out, and no other file belongs to the task.
    """

    name: str
    kind: Literal["call", "session", "command", "timed", "self_scored"]
    description: str
    folder: Path
    program: Program
    score: Scoring
    instances: Instances
    limits: Limits
    measured: bool
    answers: tuple[Answer, ...] = ()
    judge: bytes
    initial: bytes
    public: bytes | None
    manifest: Mapping[str, str]
    more: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def files(self) -> dict[str, bytes]:
        """The program that a run starts from, its main file first."""
        return {self.program.file: self.initial, **self.more}

    @property
    def has_program(self) -> bool:
        """Whether there is a program to start from; where not, a model writes it."""
        return self.program.file in self.manifest

    @property
    def digest(self) -> str:
        """SHA-256 in hexadecimal over the manifest: equal for equal tasks, wherever they lie."""
        listing = json.dumps(dict(self.manifest), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(listing.encode()).hexdigest()
