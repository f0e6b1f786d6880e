"""`task.toml` at the border: pydantic models, and a failed check as one line that says how to mend it."""

import difflib
import sys
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator, model_validator

from shoal.tasks._task import Answer, Instances, Limits, Program, Scoring, TaskError

__all__ = ["Settings", "parse"]

_Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
_Module = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$")]
_Label = Annotated[str, StringConstraints(max_length=60, pattern=r"^[^\x00-\x1f\x7f]*$")]
_Finite = Annotated[float, Field(allow_inf_nan=False)]
_Seconds = Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)]
_Count = Annotated[int, Field(ge=1, le=10_000)]
_Argument = Annotated[str, StringConstraints(min_length=1, max_length=1000, pattern=r"^[^\x00]*$")]
_ProgramFile = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)?$")]
_FileName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$")]
_Folder = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*$")]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


class _Program(_Table):
    file: _ProgramFile = "initial.py"
    more: Annotated[list[_ProgramFile], Field(max_length=20)] = []
    entry: Annotated[list[_Identifier], Field(max_length=20)] = []
    region: Literal["all", "marked"] | Annotated[list[_Identifier], Field(min_length=1)] = "all"
    warm: list[_Module] = ["numpy"]
    command: Annotated[list[_Argument], Field(max_length=100)] = []
    compile: Annotated[list[_Argument], Field(max_length=100)] = []
    outputs: Annotated[list[_FileName], Field(max_length=20)] = []
    module: _Module = "program"
    path: Annotated[list[_Folder], Field(max_length=20)] = []

    def value(self, *, command: tuple[str, ...] | None = None) -> Program:
        """The frozen value; ``command`` takes the place of the one in the file."""
        region = self.region if isinstance(self.region, str) else tuple(self.region)
        return Program(
            file=self.file,
            more=tuple(self.more),
            entry=tuple(self.entry),
            region=region,
            warm=tuple(self.warm),
            command=tuple(self.command) if command is None else command,
            compile=tuple(self.compile),
            outputs=tuple(self.outputs),
            module=self.module,
            path=tuple(self.path),
        )


class _Score(_Table):
    direction: Literal["max", "min"]
    range: Annotated[list[_Finite], Field(min_length=2, max_length=2)]
    best_known: _Finite | None = None
    baseline: _Finite | None = None
    name: _Label = "score"
    unit: _Label = ""

    @field_validator("range")
    @classmethod
    def _ascending(cls, value: list[float]) -> list[float]:
        if value[0] >= value[1]:
            raise ValueError("the low end must be below the high end: write [lowest, highest]")
        return value

    @model_validator(mode="after")
    def _within(self) -> Self:
        for key in ("best_known", "baseline"):
            value = getattr(self, key)
            if value is not None and not self.range[0] <= value <= self.range[1]:
                raise ValueError(f"{key} = {value} lies outside range = {self.range}: widen the range or correct it")
        return self

    def value(self) -> Scoring:
        return Scoring(**(self.model_dump() | {"range": (self.range[0], self.range[1])}))


class _Instances(_Table):
    fixed: bool = False
    search: _Count = 1
    validation: _Count = 1
    sealed: _Count = 1
    transfer: Annotated[list[_Identifier], Field(max_length=8)] = []

    @model_validator(mode="after")
    def _no_transfer_if_fixed(self) -> Self:
        if self.fixed and self.transfer:
            raise ValueError("fixed = true means one instance: drop transfer, or set fixed = false")
        return self

    @model_validator(mode="after")
    def _one_if_fixed(self) -> Self:
        if self.fixed and max(self.search, self.validation, self.sealed) > 1:
            raise ValueError("fixed = true means one instance: drop the counts, or set fixed = false")
        return self

    def value(self) -> Instances:
        return Instances(**(self.model_dump() | {"transfer": tuple(self.transfer)}))


class _Limits(_Table):
    cpu_seconds: _Seconds = 5.0
    wall_seconds: _Seconds | None = None
    memory_mb: Annotated[int, Field(ge=64, le=1_048_576)] = 1024
    judge_cpu_seconds: _Seconds = 60.0
    compile_cpu_seconds: _Seconds = 10.0

    def value(self) -> Limits:
        # CPU seconds on a busy machine take a multiple of wall seconds; sleeping is what the wall limit ends.
        wall = 4 * self.cpu_seconds + 2 if self.wall_seconds is None else self.wall_seconds
        return Limits(
            cpu_seconds=self.cpu_seconds,
            wall_seconds=wall,
            memory_mb=self.memory_mb,
            judge_cpu_seconds=self.judge_cpu_seconds,
            compile_cpu_seconds=self.compile_cpu_seconds,
        )


class _Answer(_Table):
    name: _Label = "answer"
    function: _Identifier | None = None
    shape: Annotated[list[Annotated[int, Field(ge=-1, le=4_194_304)]], Field(max_length=8)]
    dtype: Literal["float", "int"] = "float"
    low: _Finite | None = None
    high: _Finite | None = None
    finite: bool = True
    distinct: bool = False
    permutation: bool = False

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if 0 in self.shape:
            raise ValueError("an axis of length 0 holds nothing: write -1 for any length")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"low = {self.low:g} lies above high = {self.high:g}: exchange them")
        if self.permutation and (self.dtype != "int" or len(self.shape) != 1 or (self.low, self.high) != (None, None)):
            raise ValueError('permutation = true goes with dtype = "int", one axis, and neither low nor high')
        if self.distinct and not self.shape:
            raise ValueError("distinct = true needs an axis: a single number has no equal")
        return self

    def value(self, entry: list[str]) -> Answer:
        settings = self.model_dump() | {"shape": tuple(self.shape), "function": self.function or entry[0]}
        return Answer(**settings)


class Settings(_Table):
    """The whole of `task.toml`; `program.value()` and its like give the frozen values."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
    kind: Literal["call", "session", "command", "timed", "self_scored"]
    description: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
    measured: bool = False
    program: _Program
    score: _Score
    instances: _Instances = _Instances()
    limits: _Limits = _Limits()
    answer: list[_Answer] = []

    @model_validator(mode="after")
    def _files_fit(self) -> Self:
        given = self.program
        if not given.more:
            return self
        if self.kind in ("timed", "self_scored"):
            raise ValueError(f"program.more: the program of a {self.kind} task is one file: remove it")
        if isinstance(given.region, list):
            raise ValueError('program.region names parts of one file: with program.more use "all" or "marked"')
        taken = {"judge.py", "public.py", "task.toml"}
        for name in (given.file, *given.more):
            if name in taken:
                raise ValueError(f"program.more: {name!r} is the name of another file: choose another one")
            taken.add(name)
        for name in given.more:
            stem = name.removesuffix(".py")
            if name.endswith(".py") and (stem in sys.stdlib_module_names or stem in {"program", *given.warm}):
                raise ValueError(f"program.more: import {stem} means another module: give {name!r} another name")
            if self.kind != "command" and (not name.endswith(".py") or not stem.isidentifier()):
                raise ValueError(f"program.more: {name!r} cannot be imported: name .py files as Python names modules")
        return self

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        given = self.program
        if self.kind == "self_scored":
            return self._fits_self_scored()
        if self.kind == "command":
            if not given.command:
                raise ValueError('program.command is missing: add it; for example command = ["python3", "initial.py"]')
            if given.entry:
                raise ValueError("program.entry names functions, and a command has none to call: remove it")
            if not given.file.endswith(".py") and isinstance(given.region, list):
                raise ValueError('program.region names Python functions: use "all" or "marked" for other languages')
            return self
        if not given.file.endswith(".py"):
            raise ValueError(f"program.file = {given.file!r}: a {self.kind} task evolves a .py file")
        for key in ("command", "compile", "outputs"):
            if getattr(given, key):
                raise ValueError(f'program.{key} is for tasks with kind = "command": remove it, or change kind')
        if not given.entry:
            shown = "= []" if "entry" in given.model_fields_set else "is missing"
            raise ValueError(f'program.entry {shown}: name what the judge calls; for example entry = ["solve"]')
        return self

    def _fits_self_scored(self) -> Self:
        for key in ("entry", "command", "compile", "outputs", "path"):
            if getattr(self.program, key):
                raise ValueError(f"program.{key} is not for a self_scored task, which has its own evaluator: remove it")
        if isinstance(self.program.region, list):
            raise ValueError('program.region of a self_scored task is "all" or "marked": change it')
        if self.score.direction != "max":
            raise ValueError('score.direction of a self_scored task is "max": its evaluator gives a combined_score')
        if not self.instances.fixed:
            raise ValueError("a self_scored task has no instances of Shoal's: drop instances")
        return self

    @model_validator(mode="after")
    def _one_entry(self) -> Self:
        if self.kind in ("call", "timed") and len(self.program.entry) != 1:
            raise ValueError(f"program.entry must name exactly one function when kind = {self.kind!r}")
        return self

    @model_validator(mode="after")
    def _timed(self) -> Self:
        if self.kind == "timed":
            if not self.measured:
                raise ValueError("a timed task's score is a measurement: add measured = true")
            if self.score.direction != "min" or self.score.range[0] < 0.0:
                raise ValueError(
                    'the score of a timed task is a share of time: set direction = "min" and range = [0.0, ...]'
                )
        elif self.kind == "command" and (self.program.path or self.program.module != "program"):
            raise ValueError("program.module and program.path are for programs that are imported: remove them")
        return self

    @model_validator(mode="after")
    def _answers_fit(self) -> Self:
        if self.answer and self.kind not in ("call", "session"):
            raise ValueError(f"[[answer]] describes what a Python function returns: remove it from a {self.kind} task")
        for form in self.answer:
            if form.function is None and len(self.program.entry) > 1:
                raise ValueError(f'[[answer]] {form.name!r} needs function = "..." where program.entry names several')
            if form.function is not None and form.function not in self.program.entry:
                raise ValueError(f"[[answer]] function = {form.function!r} is not one of program.entry")
        return self

    def answers(self) -> tuple[Answer, ...]:
        """The declared answers as frozen values."""
        return tuple(form.value(self.program.entry) for form in self.answer)


def parse(table: dict[str, Any], *, file: str) -> Settings:
    """Check the parsed TOML. Raises `TaskError`: one line with the file, the key, the value and the fix."""
    try:
        return Settings.model_validate(table)
    except ValidationError as error:
        raise TaskError(f"{file}: {_explain(error, table)}") from None


def _explain(error: ValidationError, table: dict[str, Any]) -> str:
    problem = error.errors(include_url=False)[0]
    if problem["type"] == "extra_forbidden":
        return _unknown(*map(str, problem["loc"]))
    # The branches of a union add their own names to the place; a key of TOML is all a reader needs.
    place = [part for part in problem["loc"] if _is_key(part)]
    key = ".".join(map(str, place))
    if problem["type"] == "missing":
        return f"{key} is missing: add it{_example(key)}"
    told = problem["msg"].removeprefix("Value error, ")
    if problem["type"] == "string_pattern_mismatch":
        told = "has characters that are not allowed here"
    value = _value_at(table, place)
    if isinstance(value, dict) and problem["type"] == "value_error":  # several keys do not fit together
        return f"[{key}] {told}" if key else told
    fix = "" if problem["type"] == "value_error" else _example(key)
    return f"{key} = {_shown(value)}: {told[:1].lower() + told[1:]}{fix}"


def _is_key(part: object) -> bool:
    return isinstance(part, int) or (isinstance(part, str) and part.replace("_", "").isalnum() and part != "literal")


_EXAMPLES = {
    "name": 'name = "my_task" (lower case, digits, _)',
    "kind": 'kind = "call"',
    "description": 'description = "what is asked"',
    "measured": "measured = false",
    "program": '[program] with entry = ["solve"]',
    "program.file": 'file = "initial.py"',
    "program.more": 'more = ["geometry.py"]',
    "program.entry": 'entry = ["solve"]',
    "program.region": 'region = "all", "marked" or ["names"]',
    "program.warm": 'warm = ["numpy"]',
    "program.command": 'command = ["python3", "initial.py"]',
    "program.compile": 'compile = ["g++", "-O2", "-o", "main", "main.cpp"]',
    "program.outputs": 'outputs = ["out.txt"]',
    "program.module": 'module = "package.module"',
    "program.path": 'path = ["src"]',
    "score": '[score] with direction = "max" and range = [0.0, 1.0]',
    "score.direction": 'direction = "max"',
    "score.range": "range = [0.0, 1.0]",
    "score.best_known": "best_known = 1.0",
    "score.baseline": "baseline = 1.0",
    "score.name": 'name = "score"',
    "score.unit": 'unit = "%"',
    "instances": "[instances] with search = 4",
    "instances.fixed": "fixed = true",
    "instances.search": "search = 4",
    "instances.validation": "validation = 4",
    "instances.sealed": "sealed = 4",
    "instances.transfer": 'transfer = ["uniform"]',
    "limits": "[limits] with cpu_seconds = 5.0",
    "limits.cpu_seconds": "cpu_seconds = 5.0",
    "limits.wall_seconds": "wall_seconds = 22.0",
    "limits.memory_mb": "memory_mb = 1024",
    "limits.judge_cpu_seconds": "judge_cpu_seconds = 60.0",
    "limits.compile_cpu_seconds": "compile_cpu_seconds = 10.0",
    "answer": "[[answer]] with shape = [26, 2]",
    "answer.name": 'name = "centres"',
    "answer.function": 'function = "solve"',
    "answer.shape": "shape = [26, 2] (-1: any length; []: one number)",
    "answer.dtype": 'dtype = "float" or "int"',
    "answer.low": "low = 0.0",
    "answer.high": "high = 1.0",
    "answer.finite": "finite = true",
    "answer.distinct": "distinct = true",
    "answer.permutation": "permutation = true",
}


def _example(key: str) -> str:
    parts = [part for part in key.split(".") if not part.isdigit()]
    for cut in range(len(parts), 0, -1):
        example = _EXAMPLES.get(".".join(parts[:cut]))
        if example:
            return f"; for example {example}"
    return ""


def _unknown(*place: str) -> str:
    *table, wrong = (part for part in place if not part.isdigit())
    told = ".".join([*table, wrong if wrong.isidentifier() else _shown(wrong)])
    known = [key.split(".")[-1] for key in _EXAMPLES if key.split(".")[:-1] == table]
    close = difflib.get_close_matches(wrong, known, n=1)
    if close:
        return f"{told} is not a setting: did you mean {close[0]}?"
    elsewhere = next((key for key in _EXAMPLES if key.split(".")[-1] == wrong), None)
    if elsewhere:
        table_of = elsewhere.rpartition(".")[0]
        return f"{told} is in the wrong place: it belongs {f'to [{table_of}]' if table_of else 'above the first table'}"
    return f"{told} is not a setting: remove it, or use one of {', '.join(known)}"


def _value_at(table: dict[str, Any], place: list[Any]) -> object:
    value: Any = table
    for part in place:
        value = value[part]
    return value


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
