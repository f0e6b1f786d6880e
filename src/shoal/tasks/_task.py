"""A task as a frozen value: its settings, the source of its programs, and the hash of every file."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from shoal.core.errors import UserError

__all__ = ["Instances", "Limits", "Program", "Scoring", "Task", "TaskError"]


class TaskError(UserError):
    """A task that cannot be loaded or written; the message names the place, the value, the limit and the fix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """The program that is evolved.

    `file` is its name in the task folder, `entry` the functions the judge calls (one for a `call` task), `region` what
    may change ("all", "marked", or top-level names), `warm` the modules that are loaded before it starts.
    """

    file: str
    entry: tuple[str, ...]
    region: Literal["all", "marked"] | tuple[str, ...]
    warm: tuple[str, ...]


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

    `fixed` says that there is exactly one instance and no randomness: the splits are equal and no hack gap exists.
    """

    fixed: bool
    search: int
    validation: int
    sealed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a candidate may use per instance (seconds, seconds, MiB), and the judge per trial (CPU seconds)."""

    cpu_seconds: float
    wall_seconds: float
    memory_mb: int
    judge_cpu_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A task, loaded and checked. The sources are bytes as read once; `manifest` has the hash of those bytes.

    `kind` is "call" (one function call per instance) or "session" (the judge asks question after question).
    `measured` says that the score is itself a measurement: it replays, it does not repeat.
    `manifest` maps each file of the folder, as a path with forward slashes, to its SHA-256 in hexadecimal; names that
    start with a dot and `__pycache__` are left out, and no other file belongs to the task.
    """

    name: str
    kind: Literal["call", "session"]
    description: str
    folder: Path
    program: Program
    score: Scoring
    instances: Instances
    limits: Limits
    measured: bool
    judge: bytes
    initial: bytes
    public: bytes | None
    manifest: Mapping[str, str]

    @property
    def digest(self) -> str:
        """SHA-256 in hexadecimal over the manifest: equal for equal tasks, wherever they lie."""
        listing = json.dumps(dict(self.manifest), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(listing.encode()).hexdigest()
