"""Files of tests, bugs and settings at the border: pydantic models, and a failed check as one line."""

import difflib
import json
import tomllib
from typing import Annotated, Any, Self, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    RootModel,
    Strict,
    StringConstraints,
    ValidationError,
    model_validator,
)

from shoal.core.errors import UserError
from shoal.labs.selfimprove._tasks import Bug, Kind, Limits, Test

__all__ = ["NAME", "BugList", "Settings", "TestList", "parse_json", "parse_toml"]

NAME = r"^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$"
_Call = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*$")]
_Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_]\w*$")]
_Text = Annotated[str, StringConstraints(min_length=1, max_length=10_000)]
_Argument = Annotated[str, StringConstraints(min_length=1, max_length=1000, pattern=r"^[^\x00]*$")]
MOST_TESTS = 200


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


class _Test(_Table):
    call: _Call
    arguments: list[Any]
    expected: Any = None
    raises: _Identifier | None = None
    before: Annotated[list[Annotated[tuple[_Call, list[Any]], Strict(False)]], Field(max_length=20)] = []

    @model_validator(mode="after")
    def _one_end(self) -> Self:
        if ("expected" in self.model_fields_set) == (self.raises is not None):
            raise ValueError('has one of "expected" and "raises", not both or none: write what comes of the call')
        return self

    def value(self) -> Test:
        before = tuple((call, tuple(arguments)) for call, arguments in self.before)
        return Test(self.call, tuple(self.arguments), self.expected, self.raises, before)


class TestList(RootModel[Annotated[list[_Test], Field(min_length=1, max_length=MOST_TESTS)]]):
    """A file of tests."""

    __test__ = False

    def value(self) -> tuple[Test, ...]:
        return tuple(test.value() for test in self.root)


class ProgramTests(_Table):
    """`tests.json` of a built-in program."""

    visible: TestList
    hidden: TestList


class _Bug(_Table):
    name: Annotated[str, StringConstraints(pattern=NAME)]
    kind: Kind
    file: _Text
    find: _Text
    replace: str

    def value(self) -> Bug:
        return Bug(self.name, self.kind, self.file, self.find, self.replace)


class BugList(RootModel[list[_Bug]]):
    """`bugs.json` of a built-in program."""

    def value(self) -> tuple[Bug, ...]:
        return tuple(bug.value() for bug in self.root)


class _Limits(_Table):
    runs: Annotated[int, Field(ge=1, le=10_000)] = Limits().runs
    seconds: Annotated[float, Field(gt=0, le=3600, allow_inf_nan=False)] = Limits().seconds
    memory_mb: Annotated[int, Field(ge=64, le=65_536)] = Limits().memory_mb

    def value(self) -> Limits:
        return Limits(self.runs, self.seconds, self.memory_mb)


class Settings(_Table):
    """`task.toml` of a repair task."""

    program: Annotated[str, StringConstraints(pattern=NAME)] | None = None
    kind: Kind | None = None
    command: Annotated[list[_Argument], Field(max_length=100)] = []
    limits: _Limits = _Limits()


_Model = TypeVar("_Model", bound=BaseModel)


def parse_json(model: type[_Model], text: str, *, file: str) -> _Model:
    """Check a JSON file. Raises `UserError`: one line with the file, the place, the value and the fix."""
    try:
        table = json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise UserError(f"{file}: line {error.lineno}: not valid JSON: {error.msg}") from None
    except (ValueError, RecursionError) as error:
        raise UserError(f"{file}: not valid JSON: {error}") from None
    return _checked(model, table, file)


def parse_toml(model: type[_Model], text: str, *, file: str) -> _Model:
    """The same for a TOML file."""
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UserError(f"{file}: not valid TOML: {error}") from None
    return _checked(model, table, file)


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no JSON value: write a finite number or null")


def _checked(model: type[_Model], table: Any, file: str) -> _Model:
    try:
        return model.model_validate(table)
    except ValidationError as error:
        raise UserError(f"{file}: {_told(error)}") from None


_EXAMPLES = {
    "call": '"call": "module:function"',
    "arguments": '"arguments": [[3, 1], true]',
    "expected": '"expected": 3',
    "raises": '"raises": "ValueError"',
    "before": '"before": [["module:function", [1]]]',
    "kind": "one of the kinds in docs/repair.md",
    "command": 'command = ["python3", "check.py"]',
    "program": 'program = "stock"',
    "runs": "runs = 40",
    "seconds": "seconds = 2.0",
    "memory_mb": "memory_mb = 256",
    "limits": "[limits] with runs = 40",
    "visible": '"visible": [{"call": ...}]',
    "hidden": '"hidden": [{"call": ...}]',
}


def _told(error: ValidationError) -> str:
    problem = error.errors(include_url=False)[0]
    place = problem["loc"]
    shown = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place).lstrip(".")
    last = next((str(part) for part in reversed(place) if isinstance(part, str)), "")
    if problem["type"] == "extra_forbidden":
        close = difflib.get_close_matches(last, _EXAMPLES, n=1)
        return f"{shown} is not known here: " + (f"did you mean {close[0]}?" if close else "remove it")
    example = f"; for example {_EXAMPLES[last]}" if last in _EXAMPLES else ""
    if problem["type"] == "missing":
        return f"{shown} is missing: add it{example}"
    told = problem["msg"].removeprefix("Value error, ")
    if problem["type"] == "value_error":
        return f"{shown} {told}"
    value = repr(problem["input"])
    shown = f"{shown} = " if shown else ""
    return f"{shown}{value if len(value) <= 60 else value[:57] + '...'}: {told[:1].lower() + told[1:]}{example}"
