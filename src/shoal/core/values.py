"""The values that cross rooms: frozen, comparable, and all of them plain data.

Everything the search sees, everything the log holds and everything the digest covers is one of these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

__all__ = [
    "Answer",
    "Ask",
    "Brief",
    "Candidate",
    "CandidateId",
    "Counted",
    "Digest",
    "Done",
    "Files",
    "InstanceResult",
    "Json",
    "Measure",
    "Measured",
    "Note",
    "Outcome",
    "Proposal",
    "Propose",
    "Result",
    "Source",
    "Split",
    "Status",
    "Trial",
    "Verdict",
    "Wait",
    "Work",
]

Json = Any  # a JSON value: None, bool, int, float, str, list, dict with str keys
Digest = str  # lower-case hex SHA-256
CandidateId = str  # "c" + the number of the work item that made it
Files = Mapping[str, bytes]  # file name inside the candidate -> content


class Status(StrEnum):
    """How a piece of work ended."""

    OK = "ok"
    WRONG = "wrong"  # an answer came back and the judge refused it
    CRASH = "crash"  # the candidate raised, died or answered nothing
    TIMEOUT = "timeout"
    MEMORY = "memory"
    VIOLATION = "violation"  # the candidate tried what the sandbox forbids
    STOPPED = "stopped"  # fell below a floor of its trial, and was not measured to the end
    REJECTED = "rejected"  # never paid for: no edit found, duplicate, or refused by a guard
    LOST = "lost"  # the machinery lost it; retried, never the candidate's score


class Split(StrEnum):
    """Which stream of instances a trial draws from; SEALED is refused while a run is open.

    CANARY instances have no good answer: a score there is proof of a cheat, and no honest program has one.
    """

    SEARCH = "search"
    VALIDATION = "validation"
    SEALED = "sealed"
    CANARY = "canary"


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is evolved: a set of files with a place in the lineage.

    ``normal`` is the digest of the files' normal form (equal for programs that differ only in names and layout);
    it equals the digest of the files where no normal form exists.
    """

    id: CandidateId
    parents: tuple[CandidateId, ...]
    files: Mapping[str, Digest]
    normal: Digest
    origin: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """What work cost in units that do not depend on the machine: may steer the search, is in the digest."""

    evaluations: int = 0
    instance_runs: int = 0
    public_calls: int = 0
    tokens: int = 0
    usd: float = 0.0

    def __add__(self, other: Counted) -> Counted:
        return Counted(
            evaluations=self.evaluations + other.evaluations,
            instance_runs=self.instance_runs + other.instance_runs,
            public_calls=self.public_calls + other.public_calls,
            tokens=self.tokens + other.tokens,
            usd=self.usd + other.usd,
        )


@dataclass(frozen=True, slots=True)
class Trial:
    """One measurement asked for.

    ``candidate`` is None for the one being proposed. ``instances`` are indices into the split's stream, never
    contents. The same ``draw`` means common random numbers; a new one, fresh seeds. ``against`` names opponents.
    ``floors`` ends a trial early: after instance number i the mean so far (higher is better) must be at least
    ``floors[i]``, or the rest is not run, and the outcome is STOPPED, without a score. ``each``: every instance counts
    as an evaluation of its own, as where an instance is a whole task for an agent; else the trial is one. ``most`` is
    the most that calls of models by the candidate may cost, in tokens and dollars; it is held while they may come.
    """

    split: Split
    instances: tuple[int, ...]
    candidate: CandidateId | None = None
    stage: int = 0
    draw: int = 0
    against: tuple[CandidateId, ...] = ()
    floors: tuple[float, ...] = ()
    each: bool = False
    most: Counted = Counted()


@dataclass(frozen=True, slots=True)
class Measured:
    """What work cost on this machine: logged, never in the digest, never steers an ordered run."""

    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0
    peak_bytes: int = 0
    isolation_level: int = 0
    borderline: bool = False  # a time-out near its limit that was run once more, alone


@dataclass(frozen=True, slots=True)
class InstanceResult:
    """One instance of a trial; ``value`` is the task's natural value, None where the status is not OK."""

    index: int
    status: Status
    value: float | None = None
    descriptor: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a trial showed. ``score`` is higher-is-better (the sign is the task's); a bad candidate has None.

    ``metrics`` and ``feedback`` may be shown to proposers, ``private`` never. ``flags`` name what no honest program
    does (for instance "honey_token": it knew a word that only the judge knows).
    """

    trial: Trial
    status: Status
    score: float | None
    per_instance: tuple[InstanceResult, ...] = ()
    metrics: Mapping[str, float] = field(default_factory=dict)
    private: Mapping[str, float] = field(default_factory=dict)
    feedback: str = ""
    counted: Counted = Counted()
    measured: Measured = Measured()
    artifacts: Mapping[str, Digest] = field(default_factory=dict)
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Propose:
    """Make a candidate with a proposer, then (unless ``then`` is None) measure it.

    ``most`` is the most that making it may cost, the trial apart: what is held of the budget while it is in flight.
    ``unlike`` are candidates that it must not be nearly the same as, where the proposer looks at that.
    """

    proposer: str
    parents: tuple[CandidateId, ...] = ()
    inspirations: tuple[CandidateId, ...] = ()
    payload: Json = None
    then: Trial | None = None
    most: Counted = Counted()
    unlike: tuple[CandidateId, ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """Measure an existing candidate: one more task, a re-score, a promotion, a match."""

    trial: Trial


@dataclass(frozen=True, slots=True)
class Ask:
    """Paid work without a candidate: lessons, a review, a plan, a look into a program.

    ``most``: as of `Propose`, in tokens and dollars.
    """

    service: str
    payload: Json = None
    most: Counted = Counted()


@dataclass(frozen=True, slots=True)
class Wait:
    """Admit the next result in order, then ask again; with nothing in flight this is an error."""

    reason: str


@dataclass(frozen=True, slots=True)
class Done:
    """The search has nothing left to do."""

    reason: str


Work = Propose | Measure | Ask | Wait | Done


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a proposer made. ``files`` is None when it found nothing; ``note`` then says why.

    ``details`` is what the search may learn about the edit (for instance the literals it set).
    """

    files: Files | None
    normal: Digest = ""
    note: str = ""
    details: Json = None
    counted: Counted = Counted()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service answered an `Ask` with."""

    value: Json
    counted: Counted = Counted()


@dataclass(frozen=True, slots=True)
class Result:
    """What one work item came to, as `Search.admit` receives it.

    ``status`` is the outcome's where there is one; OK for a candidate proposed without a trial and for an answer;
    REJECTED when nothing was paid for, with the ``reason``. ``cached`` says that the outcome was known already.
    """

    status: Status
    candidate: Candidate | None = None
    outcome: Outcome | None = None
    answer: Json = None
    details: Json = None
    reason: str = ""
    counted: Counted = Counted()
    cached: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """Something the search, a guard or a monitor wants on the record."""

    kind: str
    text: str
    data: Json = None


@dataclass(frozen=True, slots=True)
class Source:
    """A candidate as a proposer sees it: its files and its public results."""

    candidate: Candidate
    files: Files
    score: float | None = None
    metrics: Mapping[str, float] = field(default_factory=dict)
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything a stateless proposer may know: sources, payload, nothing else."""

    k: int
    parents: tuple[Source, ...]
    inspirations: tuple[Source, ...]
    payload: Json
    unlike: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """A guard's word: pass, or refuse with a reason a person can read."""

    ok: bool
    reason: str = ""
