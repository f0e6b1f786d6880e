"""How children of agents are made: by an agent at work on the source of an agent, or, for comparison, without one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from shoal.core import seeds
from shoal.core.canonical import canonical, sha256
from shoal.core.values import Brief, Candidate, Counted, Files, Json, Outcome, Proposal, Split, Verdict
from shoal.labs.selfimprove import _transcripts
from shoal.labs.selfimprove._broker import AgentJail, RefusedError, Tool, Worked
from shoal.labs.selfimprove._evaluator import AgentEvaluator
from shoal.labs.selfimprove._holding import Purse
from shoal.propose import Editor

__all__ = ["ENTRY", "ContractGuard", "FirstAgent", "RandomEdit", "SelfModification", "texts_of"]

ENTRY = {"agent.py": ["work"]}
CPU_SECONDS = 60.0  # of an agent at work on an agent, score calls apart
MOST_BYTES = 100_000
TRIAL_SCORES = 2  # whole ones: who uses no more of them cannot improve anything any more
GOAL = (
    "The files are those of a coding agent that repairs programs. Make it solve more tasks of a kind that it has never "
    "seen: one general change, never one for the tasks below. `score` measures the agent on some tasks.\n\n"
    "What the host saw of it lately:\n"
)


class FirstAgent:
    """Hands out the seed agent, once every file of it has been read."""

    def __init__(self, files: Files, editor: Editor) -> None:
        self.files, self.editor = files, editor

    async def propose(self, brief: Brief, rng: np.random.Generator) -> Proposal:
        """See `Proposer.propose`."""
        return await _proposal(self.editor, self.files, note="the seed agent")


class SelfModification:
    """The parent's own loop at work on the parent's own source; see `Proposer.propose`.

    The payload: "tasks", places in the search stream that `score` measures on; "steps", how often it may measure on all
    of them; "improver", "fixed" where one fixed agent shall do the work of the parent. Equal files are measured once.
    Where there is a model, the agent at work may ask it, and so may the agents that it measures.
    """

    def __init__(
        self, evaluator: AgentEvaluator, agents: AgentJail, editor: Editor, *, improver: Files, run_seed: int
    ) -> None:
        self.evaluator, self.agents, self.editor = evaluator, agents, editor
        self.improver, self.run_seed = improver, run_seed

    async def propose(self, brief: Brief, rng: np.random.Generator) -> Proposal:
        """A child, or no files and why; what its score calls cost is counted."""
        parent, told = brief.parents[0], brief.payload
        tasks: Sequence[int] = told["tasks"]
        scores = _Scores(self.evaluator, seed=seeds.number(self.run_seed, Split.SEARCH, 0), place=f"{brief.k}")

        async def score(given: Sequence[Mapping[str, str]], span: range) -> Json:
            return await scores.of(given[0], [tasks[place] for place in span if place < len(tasks)])

        tools: dict[str, Tool] = {"score": score}
        budget = {"score": told["steps"] * len(tasks)}
        asking = self.evaluator.asking(brief.k)
        if asking is not None and scores.spending is not None:
            tools["ask"], budget["ask"] = asking, scores.spending.step_asks
        job = {
            "goal": "optimise",
            "statement": GOAL + parent.feedback,
            "files": texts_of(parent.files),
            "entry": ENTRY,
            "instances": len(tasks),
        }
        worked = await self.agents.work(
            self.improver if told.get("improver") == "fixed" else parent.files,
            job,
            tools,
            budget=budget,
            seed=int(rng.integers(1 << 32)),
            cpu_seconds=CPU_SECONDS,
        )
        counted = scores.counted + (Counted() if asking is None else asking.counted)
        details = self.evaluator.kept([_transcripts.told(worked), *scores.transcripts]) or None
        made = await self._child(parent.files, worked, scores, job, told["steps"], rng)
        return replace(made, details=details, counted=counted)

    async def _child(
        self,
        parent: Files,
        worked: Worked,
        scores: _Scores,
        job: Mapping[str, Any],
        steps: int,
        rng: np.random.Generator,
    ) -> Proposal:
        """What the agent handed in, as a proposal, if it can be one."""
        if worked.files is None:
            return Proposal(None, note=worked.why[:400])
        files = {name: text.encode() for name, text in worked.files.items()}
        if files == dict(parent):
            return Proposal(None, note=f"{len(scores.known)} versions were measured, none better")
        if not await self._still_works(files, job, steps, rng):
            return Proposal(None, note="the child can no longer work on files: refused")
        note = f"{len(scores.known)} versions measured: {scores.mean(texts_of(parent))} to "
        note += f"{scores.mean(worked.files)} on {job['instances']} tasks"
        return await _proposal(self.editor, files, note=note)

    async def _still_works(self, agent: Files, job: Mapping[str, Any], steps: int, rng: np.random.Generator) -> bool:
        """Whether an agent can still be an improver: it gets its parent's job, on its own files, and does it.

        Its scores are drawn and nothing is measured, which it cannot tell: how it works there is how it would work as
        a parent. It must hand in something, and use more than `TRIAL_SCORES` whole scores; of fewer, all but one.
        """
        drawn, instances = int(rng.integers(1 << 32)), int(job["instances"])

        async def score(given: Sequence[Mapping[str, str]], span: range) -> Json:
            version = sha256(canonical(given[0]))
            return [_drawn_score(seeds.number(drawn, version, place)) for place in span]

        worked = await self.agents.work(
            agent,
            {**job, "files": texts_of(agent)},
            {"score": score},
            budget={"score": steps * instances},
            seed=int(rng.integers(1 << 32)),
            cpu_seconds=CPU_SECONDS,
        )
        return worked.files is not None and worked.used("score") > min(TRIAL_SCORES, steps - 1) * instances


def _drawn_score(number: int) -> float:
    """As `Attempt.worth` could be: 0, or between 0 and 1."""
    return (1 + number % 80) / 80 if number // 80 % 2 else 0.0


class RandomEdit:
    """One random embedded edit of one file of the parent, by the host's own editor: nothing is measured."""

    def __init__(self, editor: Editor) -> None:
        self.editor = editor

    async def propose(self, brief: Brief, rng: np.random.Generator) -> Proposal:
        """See `Proposer.propose`."""
        files = brief.parents[0].files
        name = sorted(files)[int(rng.integers(len(files)))]
        request = {"operator": "any", "source": files[name].decode(), "entry": ENTRY.get(name, [])}
        reply = await self.editor.ask(request, seed=rng.integers(0, 1 << 32, size=4).tolist())
        if "failed" in reply:
            return Proposal(None, note=str(reply["failed"])[:400])
        return await _proposal(self.editor, {**files, name: reply["source"].encode()}, note=f"{name}: {reply['note']}")


class ContractGuard:
    """A `Guard`: an agent keeps the files of the seed agent by name, and may read itself whole."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(sorted(names))

    def before(self, brief: Brief, proposal: Proposal) -> Verdict:
        """Refuse other files than those of the seed agent, and more text than an agent may be."""
        files = proposal.files or {}
        if tuple(sorted(files)) != self.names:
            return Verdict(False, f"an agent is made of {', '.join(self.names)}, and nothing else")
        size = sum(map(len, files.values()))
        if size > MOST_BYTES:
            return Verdict(False, f"the agent has {size:,} bytes; the limit is {MOST_BYTES:,}")
        return Verdict(True)

    def after(self, candidate: Candidate, outcome: Outcome) -> Verdict:
        """Nothing to see in an outcome."""
        return Verdict(True)


class _Scores:
    """What versions of an agent came to on search tasks: each is measured on each task once, and counted once."""

    def __init__(self, evaluator: AgentEvaluator, *, seed: int, place: str) -> None:
        self.evaluator, self.seed, self.place = evaluator, seed, place
        self.known: dict[str, dict[int, float]] = {}
        self.counted = Counted()
        self.transcripts: list[dict[str, Json]] = []
        self.spending = None if evaluator.record is None else evaluator.record.spending
        self._purse = Purse()
        if self.spending is not None:
            most = self.spending.scores
            self._purse = Purse(self.spending.attempt, most.tokens, most.usd)

    async def of(self, agent: Mapping[str, str], tasks: Sequence[int]) -> list[float]:
        """What an agent is worth on some tasks: on as many at once as could all be paid. Raises RefusedError."""
        digest = sha256(canonical(agent))
        known = self.known.setdefault(digest, {})
        files = {name: text.encode() for name, text in agent.items()}
        while fresh := [task for task in tasks if task not in known]:
            some = fresh[: self._purse.room(len(fresh))]
            if not some:
                raise RefusedError("what score calls may spend on models is used up")
            attempts = await self.evaluator.attempts(
                files, Split.SEARCH, some, seed=self.seed, place=f"{self.place}/{digest}"
            )
            self._purse.pay([one.counted for one in attempts])
            known |= {one.index: one.worth for one in attempts}
            self.counted += sum((one.counted for one in attempts), Counted(len(some), len(some)))
            self.transcripts += [{"agent": digest, **one.transcript()} for one in attempts]
        return [known[task] for task in tasks]

    def mean(self, agent: Mapping[str, str]) -> str:
        """What an agent came to so far, for people."""
        known = self.known.get(sha256(canonical(agent)))
        return f"{sum(known.values()) / len(known):.3f}" if known else "unmeasured"


def texts_of(files: Files) -> dict[str, str]:
    """Files as texts."""
    return {name: data.decode(errors="replace") for name, data in sorted(files.items())}


async def _proposal(editor: Editor, files: Files, *, note: str, counted: Counted = Counted()) -> Proposal:  # noqa: B008
    """A proposal whose normal form is that of its files one by one; none where one cannot be read."""
    normals = {}
    for name, text in texts_of(files).items():
        reply = await editor.ask({"operator": "describe", "source": text, "entry": ENTRY.get(name, [])})
        if "failed" in reply:
            return Proposal(None, note=f"{name}: {reply['failed']}"[:400], counted=counted)
        normals[name] = str(reply["normal"])
    return Proposal(files, normal=sha256(canonical(normals)), note=note, counted=counted)
