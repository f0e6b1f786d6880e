"""Carrying out one item of work: propose behind guards, measure once per distinct trial, ask a service."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Generic, TypeVar

import anyio

from shoal.core import seeds
from shoal.core.canonical import sha256
from shoal.core.course import Course
from shoal.core.errors import InitialProgramError, JudgeError, MachineryError
from shoal.core.journal import Journal
from shoal.core.protocols import Plan, Store
from shoal.core.values import (
    Ask,
    Brief,
    Candidate,
    CandidateId,
    Counted,
    Digest,
    Files,
    Measure,
    Outcome,
    Proposal,
    Propose,
    Result,
    Source,
    Split,
    Status,
    Trial,
    Work,
)

__all__ = ["INITIAL", "Carrier"]

S = TypeVar("S")
INITIAL = "initial"  # the proposer of the programs a run starts from
LOST_RETRIES = 2
JUDGE_FAULTS_IN_100 = 5
FILES_KEPT = 512
JUDGE_FAILED = "judge_failed"


class Carrier(Generic[S]):
    """Does the work of one run. Equal trials in flight share one evaluation; the course decides who pays for it."""

    def __init__(self, plan: Plan[S], course: Course[S], store: Store, journal: Journal, *, seed: int) -> None:
        self.plan, self.course, self.store, self.journal, self.seed = plan, course, store, journal, seed
        self._running: dict[Digest, anyio.Event] = {}
        self._fresh: dict[Digest, Outcome] = {}  # measured, and not yet known to the course
        self._files: OrderedDict[CandidateId, Files] = OrderedDict()
        self._faults: list[int] = []

    async def carry_out(self, k: int, work: Work) -> Result:
        """Turn one item of work into its result. Only broken machinery raises."""
        match work:
            case Propose():
                return await self._propose(k, work)
            case Measure(trial=trial):
                assert trial.candidate is not None
                candidate = self.course.candidates[trial.candidate]
                outcome = self._guarded(candidate, await self._measure(k, trial, candidate, self.files(candidate)))
                return Result(status=outcome.status, outcome=outcome)
            case Ask(service=service, payload=payload):
                rng = seeds.generator(self.seed, k, 0, "ask")
                answer = await self.plan.services[service].answer(payload, self.source, rng, k=k)
                return Result(status=Status.OK, answer=answer.value, counted=answer.counted)
        raise MachineryError(f"{type(work).__name__} is not work that can be carried out")

    # -- proposing -----------------------------------------------------------------------------------------------

    async def _propose(self, k: int, work: Propose) -> Result:
        brief = Brief(
            k=k,
            parents=tuple(self.source(one) for one in work.parents),
            inspirations=tuple(self.source(one) for one in work.inspirations),
            payload=work.payload,
            unlike=tuple(self.source(one) for one in work.unlike),
        )
        rng = seeds.generator(self.seed, k, 0, "propose")
        proposal = await self.plan.proposers[work.proposer].propose(brief, rng)
        refusal = self._refusal(brief, proposal)
        if refusal is not None or proposal.files is None:
            reason = refusal or proposal.note or "no edit found"
            return Result(Status.REJECTED, reason=reason, details=proposal.details, counted=proposal.counted)
        candidate = self._admit_files(k, work, proposal)
        result = Result(Status.OK, candidate=candidate, details=proposal.details, counted=proposal.counted)
        if work.then is None:
            return result
        outcome = self._guarded(candidate, await self._measure(k, work.then, candidate, proposal.files))
        return replace(result, status=outcome.status, outcome=outcome)

    def _guarded(self, candidate: Candidate, outcome: Outcome) -> Outcome:
        """The outcome as the guards let it pass: what one of them refuses has no score, however it was measured."""
        for guard in self.plan.guards:
            verdict = guard.after(candidate, outcome)
            if not verdict.ok:
                outcome = replace(outcome, status=Status.VIOLATION, score=None, feedback=verdict.reason)
        return outcome

    def _refusal(self, brief: Brief, proposal: Proposal) -> str | None:
        if proposal.files is None:
            return None
        verdicts = (guard.before(brief, proposal) for guard in self.plan.guards)
        return next((verdict.reason for verdict in verdicts if not verdict.ok), None)

    def _admit_files(self, k: int, work: Propose, proposal: Proposal) -> Candidate:
        assert proposal.files is not None
        digests = {name: self.store.put(data) for name, data in sorted(proposal.files.items())}
        candidate = Candidate(
            id=f"c{k}",
            parents=work.parents,
            files=digests,
            normal=proposal.normal or _files_digest(digests),
            origin=work.proposer,
            note=proposal.note[:400],
        )
        self._remember(candidate.id, proposal.files)
        return candidate

    # -- measuring -----------------------------------------------------------------------------------------------

    async def _measure(self, k: int, trial: Trial, candidate: Candidate, files: Files) -> Outcome:
        """One outcome per distinct trial, however many ask for it at once."""
        if trial.split is Split.SEALED:
            raise MachineryError("a search asked for sealed instances: they are opened only after the run")
        key = self.course.trial_key(trial, candidate)
        while (running := self._running.get(key)) is not None:
            await running.wait()
        if (known := self._known(key)) is not None:
            return replace(known, trial=trial)
        ready = self._running[key] = anyio.Event()
        try:
            outcome = self._fresh[key] = await self._evaluate(k, trial, files, key)
        finally:
            del self._running[key]
            ready.set()
        return outcome

    def _known(self, key: Digest) -> Outcome | None:
        """The outcome of an equal trial; those that the course knows by now are left to it."""
        for old in [one for one in self._fresh if self.course.known(one) is not None]:
            del self._fresh[old]
        return self._fresh.get(key) or self.course.known(key)

    async def _evaluate(self, k: int, trial: Trial, files: Files, key: Digest) -> Outcome:
        seed = seeds.number(self.seed, trial.split, trial.draw)
        opponents = tuple(self.files(self.course.candidates[one]) for one in trial.against)
        more: dict[str, Any] = {"opponents": opponents} if opponents else {}
        if trial.most != Counted():
            more["key"] = key
        for _ in range(1 + LOST_RETRIES):
            try:
                outcome = await self.plan.evaluator.evaluate(trial, files, seed=seed, **more)
            except JudgeError as error:
                return self._judge_failed(k, trial, error)
            if outcome.status is not Status.LOST:
                return outcome
        return replace(outcome, status=Status.CRASH)

    def _judge_failed(self, k: int, trial: Trial, error: JudgeError) -> Outcome:
        """The first failure ends a run whose program is given; others are noted, and more than 5 in 100 end it."""
        work = self.course.in_flight[k]
        if k == 0 and isinstance(work, Propose) and work.proposer == INITIAL:
            raise InitialProgramError(f"the judge fails on the initial program: {error}")
        self._faults = [one for one in self._faults if one > k - 100] + [k]
        self.journal.add("note", k=k, kind=JUDGE_FAILED, text=str(error)[:2000], data=None)
        if len(self._faults) > JUDGE_FAULTS_IN_100:
            raise JudgeError(f"the judge failed {len(self._faults)} times in 100 trials, last with: {error}") from error
        return Outcome(trial=trial, status=Status.LOST, score=None, feedback="the judge failed on this candidate")

    # -- files ---------------------------------------------------------------------------------------------------

    def files(self, candidate: Candidate) -> Files:
        """The files of ``candidate``, from memory if it was used lately, else from the store."""
        kept = self._files.get(candidate.id)
        if kept is None:
            kept = {name: self.store.get(digest) for name, digest in candidate.files.items()}
            self._remember(candidate.id, kept)
        else:
            self._files.move_to_end(candidate.id)
        return kept

    def source(self, id: CandidateId) -> Source:
        """A candidate as a proposer may see it."""
        candidate, outcome = self.course.candidates[id], self.course.outcomes.get(id)
        if outcome is None:
            return Source(candidate, self.files(candidate))
        return Source(candidate, self.files(candidate), outcome.score, outcome.metrics, outcome.feedback)

    def _remember(self, id: CandidateId, files: Files) -> None:
        self._files[id] = files
        if len(self._files) > FILES_KEPT:
            self._files.popitem(last=False)


def _files_digest(digests: Mapping[str, Digest]) -> Digest:
    return sha256("\n".join(f"{name} {digest}" for name, digest in sorted(digests.items())).encode())
