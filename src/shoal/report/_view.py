"""What a run came to: one fold over its events, from which every table, page and picture is made.

Scores of candidates, points and steps are the search's: higher is better; `RunView.natural` turns one into the
task's own value. The view's own ``..._score`` properties are natural values.
"""

from __future__ import annotations

import difflib
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from shoal.core.budget import Spent
from shoal.core.errors import StoreError, UserError
from shoal.core.protocols import Store
from shoal.core.values import Ask, CandidateId, Digest, Measure, Outcome, Propose, Result, Split, Status, Work
from shoal.report._ledger import Item, Ledger, data_of, events_of
from shoal.report._proof import Proof, Verdict, proof_of
from shoal.report._words import SELF_SCORED

__all__ = ["Known", "OperatorRow", "Point", "RunView", "Step", "operator_of"]

INITIAL = "initial"
NOTES_KEPT = 50


@dataclass(frozen=True, slots=True)
class Known:
    """A candidate in the index. ``score`` is by the search split, None where it got none.

    ``gain`` is how much better that is than its first parent's on the same instances; None where one has no score.
    """

    id: CandidateId
    k: int
    parents: tuple[CandidateId, ...]
    operator: str
    note: str
    status: Status
    score: float | None
    gain: float | None
    files: Mapping[str, Digest]


@dataclass(frozen=True, slots=True)
class Point:
    """A new best: who, how good, and what the run had spent by then."""

    candidate: CandidateId
    score: float
    evaluations: int
    seconds: float
    cpu_seconds: float
    tokens: int = 0
    usd: float = 0.0


@dataclass(slots=True)
class OperatorRow:
    """What one way of making candidates came to. ``gain`` is what its steps brought along the champion's lineage."""

    operator: str
    tried: int = 0
    rejected: int = 0
    failed: int = 0
    improved: int = 0  # better than the (first) parent
    new_bests: int = 0
    steps: int = 0
    gain: float = 0.0
    tokens: int = 0
    usd: float = 0.0

    @property
    def asks(self) -> bool:
        """Whether it is a model that makes them: "MODEL/TASK"."""
        return "/" in self.operator


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a lineage; ``gain`` over the parent on the same instances, None where either has no score."""

    candidate: Known
    gain: float | None


@dataclass(slots=True)
class RunView:
    """The whole of a run as a reader wants it. Memory grows with the candidates, a few hundred bytes each."""

    started: dict[str, Any]
    budget: dict[str, Any]
    ended_at: float = 0.0
    status: str = "open"  # "open": no end on the record; "interrupted": left tidily; "done"
    reason: str = ""
    candidates: dict[CandidateId, Known] = field(default_factory=dict)
    initial: CandidateId | None = None
    best: Point | None = None
    curve: list[Point] = field(default_factory=list)
    operators: dict[str, OperatorRow] = field(default_factory=dict)
    asked: dict[str, OperatorRow] = field(default_factory=dict)  # of models, for answers that are no candidates
    statuses: Counter[str] = field(default_factory=Counter)
    duplicates: int = 0
    validation: dict[CandidateId, float] = field(default_factory=dict)
    spent: Spent = field(default_factory=Spent)
    issued: int = 0
    admitted: int = 0
    looks: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    note_counts: Counter[str] = field(default_factory=Counter)
    contests: list[dict[str, Any]] = field(default_factory=list)  # data of the contests for champion
    held: dict[CandidateId, str] = field(default_factory=dict)  # candidates that may not be used, and why
    lessons: list[dict[str, Any]] = field(default_factory=list)  # what models were told last, surest first
    intents: list[dict[str, Any]] = field(default_factory=list)  # what the champion's text does that a judge may mind
    redraws: int = 0  # how often the search instances were drawn anew
    sittings: int = 1
    extensions: int = 0  # sittings that went on under another budget
    calls: int = 0  # of models, that came back
    halted_by: str = ""
    digest: Digest | None = None  # computed from the log, if that was asked for
    recorded_digest: Digest | None = None
    chain_head: Digest = ""
    events: int = 0
    summary: dict[str, Any] = field(default_factory=dict)
    _champion: CandidateId | None = None
    _draw: int = 0
    _crowned: list[Point] = field(default_factory=list)  # champions of contests on fresh instances
    _scores: list[tuple[int, Point, bool]] = field(default_factory=list)  # draw, score, whether it was made for it
    _on_draw: dict[tuple[CandidateId, int], float] = field(default_factory=dict)  # scores on search instances
    _frozen: set[CandidateId] = field(default_factory=set)

    # -- reading -------------------------------------------------------------------------------------------------

    @classmethod
    def read(cls, store: Store, run: str, *, hashed: bool = False) -> RunView:
        """Fold the log of ``run``; with ``hashed``, compute its digest too, which takes twice as long.

        Raises `StoreError` when the log is empty or is not the log of a run.
        """
        events = events_of(store, run)
        first = next(events, None)
        started: dict[str, Any] = data_of(first) if first is not None else {"type": "nothing"}
        if first is None or started["type"] != "started":
            raise StoreError(f"run {run} does not begin with a started event")
        view = cls(started=started, budget=started["budget"])
        ledger = Ledger(ordered=view.ordered, hashed=hashed)
        last = first
        for last in events:
            data = data_of(last)
            for item in ledger.take(data, seq=last.seq):
                view._admit(item)
            view._note(data, spent=ledger.spent)
        view._close(ledger, seq=last.seq, at=last.data["at"], head=last.head)
        return view

    def _close(self, ledger: Ledger, *, seq: int, at: float, head: Digest) -> None:
        self.ended_at, self.chain_head, self.events = at, head, seq + 1
        self.spent, self.digest = ledger.spent, ledger.digest() if ledger.hashed else None
        self.issued, self.admitted = ledger.issued, ledger.admitted
        self._freeze_descendants()
        self._draw_curve()
        for step in self.lineage(self.champion):
            row = self._row(step.candidate.operator)
            if step.gain is not None:
                row.steps += 1
                row.gain += step.gain

    def _note(self, data: dict[str, Any], *, spent: Spent) -> None:
        match data["type"]:
            case "note":
                self._noted(data, spent)
            case "replied":
                self.calls += 1
            case "halted":
                self.halted_by = data["reason"]
            case "resumed":
                self.sittings += 1
                self.extensions += data["budget"] != self.budget
                self.budget, self.status, self.reason, self.halted_by = data["budget"], "open", "", ""
                self.summary = {}
            case "finished":
                self.status, self.reason, self.recorded_digest = "done", data["reason"], data["digest"]
            case "look":
                self.looks.append(data)
            case "closed":
                self.summary = data["summary"]
                self.status, self.reason = self.summary["status"], self.summary["reason"]

    def _noted(self, note: dict[str, Any], spent: Spent) -> None:
        kind: str = note["kind"]
        told: Any = note.get("data")
        match kind:
            case "champion":
                self._champion = told["candidate"]
                self._crowned.append(_point(told["candidate"], told["score"], spent))
                return
            case "contest":
                self.contests.append(told)
                return
            case "intents":
                self.intents = told
                return
            case "lessons":
                self.lessons = told["lessons"]
                return
            case "checkpoints":
                return
            case "held":
                self.held[told["candidate"]] = note["text"]
            case "released":
                self.held.pop(told["candidate"], None)
            case "hit" if told["candidate"] is not None:
                self._frozen.add(told["candidate"])
                self.held[told["candidate"]] = note["text"]
        self.note_counts[kind] += 1
        if len(self.notes) < NOTES_KEPT:
            self.notes.append(f"{kind}: {note['text']}")

    def _freeze_descendants(self) -> None:
        """What comes from a cheat counts no more than the cheat, in flight or not when it was found out."""
        frozen = self._frozen
        for known in self.candidates.values() if frozen else ():
            if known.id not in frozen and not frozen.isdisjoint(known.parents):
                frozen.add(known.id)
                self.held[known.id] = "a descendant of a program that was caught cheating"

    def _draw_curve(self) -> None:
        """New bests in order of admission, without what is held.

        Where champions are made on fresh instances, they are what counts: a best on instances that it was chosen by
        promises too much.
        """
        bests: dict[int, float] = {}
        for draw, point, made in self._scores:
            if point.candidate in self.held or point.score <= bests.get(draw, -math.inf):
                continue
            bests[draw] = point.score
            if made:
                self.best = point
                self.curve.append(point)
                self._row(self.candidates[point.candidate].operator).new_bests += 1
        if not self.about.get("fixed") and self._crowned:
            fresh = self._fresh()
            stand = (point for point in self._crowned if self._stands(point))
            # In the end all of them are measured on the same fresh instances; until then there are those of contests.
            self.curve = [replace(point, score=fresh.get(point.candidate, point.score)) for point in stand]

    def _stands(self, point: Point) -> bool:
        return point.candidate not in self.held and point.candidate in self.candidates

    # -- folding one item ----------------------------------------------------------------------------------------

    def _admit(self, item: Item) -> None:
        result = item.result
        match item.work:
            case Propose():
                self._proposed(item, item.work)
            case Ask(service=service, payload={"model": model}):
                row = self.asked.setdefault(f"{model}/{service}", OperatorRow(f"{model}/{service}"))
                row.tried, row.rejected = row.tried + 1, row.rejected + ("unused" in (result.answer or {}))
                row.tokens, row.usd = row.tokens + result.counted.tokens, row.usd + result.counted.usd
            case Measure(trial=trial):
                self.statuses[f"measured on {trial.split}"] += 1
                if trial.split is Split.SEARCH and trial.candidate and (score := _score(item.result)) is not None:
                    self._on_draw[trial.candidate, trial.draw] = score
                    self._scores.append((trial.draw, _point(trial.candidate, score, item.spent), False))
                if trial.split is Split.VALIDATION and trial.candidate and _score(result) is not None:
                    self.validation[trial.candidate] = _score(result) or 0.0

    def _proposed(self, item: Item, work: Propose) -> None:
        result, operator = item.result, operator_of(work)
        self.statuses[result.status] += 1
        self.duplicates += result.cached
        row = self._row(operator)
        row.tried += 1
        row.rejected += result.status is Status.REJECTED
        row.tokens += result.counted.tokens
        row.usd += result.counted.usd
        candidate, score = result.candidate, _score(result)
        if candidate is None or result.status is Status.REJECTED:
            return
        row.failed += result.status not in (Status.OK, Status.STOPPED)
        draw = work.then.draw if work.then is not None else 0
        if draw > self._draw:
            self._draw, self.redraws = draw, self.redraws + 1
        before = self._on_draw.get((candidate.parents[0], draw)) if candidate.parents else None
        gain = None if before is None or score is None else score - before
        row.improved += gain is not None and gain > 0.0
        known = Known(
            id=candidate.id,
            k=item.k,
            parents=candidate.parents,
            operator=operator,
            note=candidate.note,
            status=result.status,
            score=score,
            gain=gain,
            files=candidate.files,
        )
        self.candidates[known.id] = known
        if self.initial is None and (work.proposer == INITIAL or _written(result)):
            self.initial = known.id
        if score is not None:
            self._on_draw[known.id, draw] = score
            self._scores.append((draw, _point(known.id, score, item.spent), True))

    def _row(self, operator: str) -> OperatorRow:
        return self.operators.setdefault(operator, OperatorRow(operator))

    # -- asking --------------------------------------------------------------------------------------------------

    @property
    def closed(self) -> bool:
        """Whether what follows the last sitting, as looks behind the seal, is on the record too."""
        return bool(self.summary)

    @property
    def run(self) -> str:
        """The run's id."""
        return str(self.started["run"])

    @property
    def about(self) -> dict[str, Any]:
        """What event 0 says about task, configuration, versions and isolation."""
        about: dict[str, Any] = self.started["about"]
        return about

    @property
    def ordered(self) -> bool:
        """Whether results were learnt from in order of their numbers."""
        return bool(self.started["ordered"])

    @property
    def task(self) -> str:
        """The task's name."""
        return str(self.about.get("task", "?"))

    @property
    def self_scored(self) -> bool:
        """Whether program and judge shared a process."""
        return self.about.get("kind") == "self_scored"

    @property
    def label(self) -> str | None:
        """What must stand beside every score of the run; None where there is nothing to say."""
        return SELF_SCORED if self.self_scored else None

    @property
    def champion(self) -> CandidateId | None:
        """The candidate the run stands for: the one named on the record, else the best by search score.

        Never one that was caught cheating.
        """
        if self._champion is not None and self._champion not in self._frozen:
            return self._champion
        return self.best.candidate if self.best is not None else None

    @property
    def sign(self) -> int:
        """What turns a score into the task's natural value."""
        return -1 if self.about.get("direction") == "min" else 1

    def natural(self, score: float | None) -> float | None:
        """The task's natural value of a score."""
        return None if score is None else self.sign * score + 0.0  # no minus zero

    @property
    def best_score(self) -> float | None:
        """The champion's natural value: on validation instances where it has one, else on search instances.

        A finished run has looked at champion and initial program on the same fresh validation instances: that is the
        value then.
        """
        return self.natural(self._fair(self.champion))

    @property
    def initial_score(self) -> float | None:
        """The natural value of the program the run started from, measured as ``best_score`` is."""
        return self.natural(self._fair(self.initial))

    @property
    def search_score(self) -> float | None:
        """The champion's natural value on the instances the search saw."""
        return self.natural(self._searched(self.champion))

    @property
    def improvement(self) -> float | None:
        """How much better the champion is than the initial program; positive is better in either direction."""
        before, after = self._fair(self.initial), self._fair(self.champion)
        return None if before is None or after is None else after - before

    @property
    def improved(self) -> bool:
        """Whether the champion is better than the program the run started from."""
        return (self.improvement or 0.0) > 0.0

    def _searched(self, id: CandidateId | None) -> float | None:
        return self.candidates[id].score if id is not None and id in self.candidates else None

    def _fair(self, id: CandidateId | None) -> float | None:
        """Validation, where both ends of the comparison have it; of looks at the same instances before all others."""
        fresh = self._fresh()
        if id is not None and {self.champion, self.initial} <= fresh.keys():
            return fresh.get(id)
        if self.champion in self.validation and self.initial in self.validation and id is not None:
            return self.validation.get(id)
        return self._searched(id)

    def _fresh(self) -> dict[CandidateId, float]:
        """Scores on the fresh instances like those of validation that were looked at after the run."""
        looks = (one for one in self.looks if one["split"] == Split.VALIDATION)
        return {one["candidate"]: score for one in looks if (score := one["outcome"]["score"]) is not None}

    @property
    def champions(self) -> tuple[CandidateId, ...]:
        """Who was made champion on fresh instances, oldest first; none for a task with one fixed instance."""
        return (
            () if self.about.get("fixed") else tuple(point.candidate for point in self._crowned if self._stands(point))
        )

    def looked(self, candidate: CandidateId | None, split: str) -> float | None:
        """The natural value that the last look at ``candidate`` on ``split`` found, if there was one."""
        for look in reversed(self.looks):
            if (look["candidate"], look["split"]) == (candidate, split):
                return self.natural(look["outcome"]["score"])
        return None

    @property
    def frozen(self) -> frozenset[CandidateId]:
        """Candidates that were caught cheating, and their descendants; no word of a person lets them go on."""
        return frozenset(self._frozen)

    def proof(self, split: str) -> Proof | None:
        """Champion against initial program on one kind of held-out instances, as far as the run has looked."""
        return proof_of(self.looks, split, initial=self.initial, champion=self.champion, sign=self.sign)

    @property
    def verdict(self) -> Verdict:
        """What may be claimed about the champion: by the sealed proof, or by a second run where nothing is sealed.

        A program that could have written its own score proves nothing, however often it is run.
        """
        if self.self_scored:
            return Verdict.SELF_SCORED
        if self.champion == self.initial:
            return Verdict.NONE
        if self.about.get("fixed"):
            return self._seen_again() if self.improved else Verdict.NONE
        proof = self.proof(Split.SEALED)
        if proof is None:
            return Verdict.OPEN
        return Verdict.SHOWN if proof.holds else Verdict.NOT_SHOWN

    def _seen_again(self) -> Verdict:
        """By the one instance there is: the champion must be as good there once more."""
        again, found = self.looked(self.champion, Split.SEARCH), self.search_score
        if again is None or found is None:
            return Verdict.OPEN
        return Verdict.SHOWN if self.sign * again >= self.sign * found else Verdict.NOT_SHOWN

    @property
    def hack_gap(self) -> float | None:
        """How much better search says than fresh instances of the same size; positive is bad; None: cannot be said."""
        if self.about.get("fixed"):
            return None
        fresh = self.looked(self.champion, Split.SEARCH)
        searched = self.search_score
        return None if fresh is None or searched is None else self.sign * (searched - fresh)

    def find(self, name: str) -> Known:
        """A candidate by id, by its number, or "best" / "champion" / "initial"; `UserError` for any other name."""
        special = {"best": self.champion, "champion": self.champion, INITIAL: self.initial}
        id = special.get(name, name if name in self.candidates else f"c{name}")
        if id is not None and id in self.candidates:
            return self.candidates[id]
        near = difflib.get_close_matches(name[:20], list(self.candidates)[:20_000], n=2)
        hint = f"did you mean {' or '.join(near)}? " if near else ""
        raise UserError(
            f"no candidate {name[:40]!r} in run {self.run}: {hint}it has {len(self.candidates)} candidates; "
            "write one's id, or best, or initial"
        )

    def lineage(self, id: CandidateId | None) -> list[Step]:
        """From the first ancestor to ``id`` along first parents; empty for None."""
        steps: list[Step] = []
        known: Known | None = self.candidates.get(id) if id is not None else None
        while known is not None:
            parent = self.candidates.get(known.parents[0]) if known.parents else None
            steps.append(Step(known, known.gain))
            known = parent
        return steps[::-1]

    def diff(self, store: Store, id: CandidateId, *, against: CandidateId | None = None) -> str:
        """Unified diff of all files of ``id`` against another candidate, else its first parent; texts as stored."""
        known = self.candidates[id]
        other = against or (known.parents[0] if known.parents else None)
        before = self.candidates[other].files if other is not None and other in self.candidates else {}
        names = sorted({*known.files, *before})
        return "".join(
            _file_diff(store, name, before.get(name), known.files.get(name), labels=(other or "nothing", id))
            for name in names
        )


def operator_of(work: Work) -> str:
    """The name under which a proposal's work is booked: its edit operator, else its proposer."""
    if not isinstance(work, Propose):
        return type(work).__name__.lower()
    payload = work.payload if isinstance(work.payload, dict) else {}
    if "burst" in payload:
        return "cma"
    if "model" in payload:
        return f"{payload['model']}/{payload['task']}"
    return str(payload.get("operator", work.proposer))


def _point(id: CandidateId, score: float, spent: Spent) -> Point:
    own = spent.counted
    return Point(id, score, own.evaluations, spent.seconds, spent.cpu_seconds, own.tokens, own.usd)


def _written(result: Result) -> bool:
    """Whether it is the first program of a run that began without one: made from nothing, and not by cheating."""
    candidate, outcome = result.candidate, result.outcome
    if candidate is None or outcome is None or candidate.parents:
        return False
    return _score(result) is not None and not outcome.flags


def _score(result: Result) -> float | None:
    outcome: Outcome | None = result.outcome
    return outcome.score if outcome is not None and result.status is Status.OK else None


def _file_diff(store: Store, name: str, old: Digest | None, new: Digest | None, *, labels: tuple[str, str]) -> str:
    if old == new:
        return ""
    before, after = (f"{label}/{name}" for label in labels)
    return "".join(_lines(difflib.unified_diff(_text(store, old), _text(store, new), before, after)))


def _text(store: Store, digest: Digest | None) -> list[str]:
    return [] if digest is None else re.findall(r"[^\n]*\n|[^\n]+", store.get(digest).decode(errors="replace"))


def _lines(lines: Iterator[str]) -> Iterator[str]:
    """Each line with an end, as a patch says it."""
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
