"""Models as arms of the bandit: what one is asked for, from which program, and what a call costs in evaluations.

A model proposes structure, the embedded edits tune numbers between its calls; which of them is worth its price the
bandit learns, in one currency: an evaluation. A dollar is worth ``evaluations_per_usd`` of them, and where a model is
free, its tokens are counted instead, because they take the machine's time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from shoal.core.values import CandidateId, Counted, Propose, Result, Status
from shoal.search._archive import Island, Line
from shoal.search._arms import KIND_OF

__all__ = [
    "MODELS",
    "Lender",
    "ModelArm",
    "arm_names",
    "counted",
    "inspirations",
    "kind_of",
    "novel",
    "payload",
    "price",
    "second_try",
]

MODELS = "models"
PROPOSER = "model"
TASKS: Mapping[str, float] = {"diff": 0.6, "full": 0.3, "cross": 0.1}  # the shares of ShinkaEvolve (arXiv 2509.19349)
REPAIR = "repair"
SECOND_TRIES = 2  # answers with the same request, each told what was wrong with the last
MENDED = frozenset((Status.CRASH, Status.WRONG, Status.TIMEOUT, Status.MEMORY))
MOST_INSPIRATIONS = 3
FROM_ANYWHERE = 0.5  # chance that an inspiration comes from any island, not from the parent's
FEEDBACK = 2_000
MOST_COMPARED = 64  # lines of an island that an answer must be unlike, the best of them


@dataclass(frozen=True, slots=True)
class ModelArm:
    """A model as the search knows it: its name, how much it is trusted, the most that one call can cost."""

    name: str
    weight: float = 1.0
    most: Counted = Counted()


@dataclass(frozen=True, slots=True)
class Lender:
    """What a dollar, and a token of a model that is free, are worth in evaluations."""

    evaluations_per_usd: float = 1_000.0
    tokens_per_evaluation: float = 20_000.0

    def evaluations(self, spent: Counted) -> float:
        """What a call cost."""
        return spent.usd * self.evaluations_per_usd + spent.tokens / self.tokens_per_evaluation


def arm_names(models: Sequence[ModelArm]) -> tuple[tuple[str, float], ...]:
    """The arms of a pool: "MODEL/TASK", each with its prior weight."""
    return tuple((f"{one.name}/{task}", one.weight * share) for one in models for task, share in TASKS.items())


def kind_of(arm: str) -> str:
    """The kind of work that an operator does."""
    return MODELS if "/" in arm else KIND_OF[arm]


def price(result: Result, lender: Lender) -> float:
    """What models were paid for a result, in evaluations."""
    own = result.counted
    return lender.evaluations(own) if own.tokens or own.usd else 0.0


def payload(arm: str, *, island: int, alone: bool) -> dict[str, Any]:
    """What the proposer is told. ``alone``: there is no second program that a cross could take from."""
    model, task = arm.rsplit("/", 1)
    return {
        "operator": arm,
        "island": island,
        "model": model,
        "task": "full" if task == "cross" and alone else task,
    }


def inspirations(
    islands: Sequence[Island], number: int, parent: CandidateId, rng: np.random.Generator
) -> tuple[CandidateId, ...]:
    """The best program there is, then others drawn by rank, from this island or from any; never the parent."""
    heads = sorted((line for island in islands for line in island.lines), key=lambda one: -one.best.score)
    found = [line.best.id for line in heads[:1] if line.best.id != parent]
    for _ in range(2 * MOST_INSPIRATIONS):
        if len(found) == MOST_INSPIRATIONS:
            break
        lines: Sequence[Line] = heads if rng.random() < FROM_ANYWHERE else islands[number].lines
        if not lines:
            continue
        weights = 1.0 / np.arange(1, len(lines) + 1)
        id = lines[int(rng.choice(len(lines), p=weights / weights.sum()))].best.id
        if id not in (parent, *found):
            found.append(id)
    return tuple(found)


def novel(work: Propose, island: Island, arms: Sequence[str], *, novelty: float) -> Propose:
    """The same work, with what its answer must be unlike: the best program of each line of its island.

    Where arms tune numbers, other numbers make no other program; else they do: nobody but the model tries them.
    """
    if novelty >= 1.0:
        return work
    tuned = any(kind_of(arm) == "numbers" for arm in arms)
    told = {**work.payload, "novelty": novelty, "numbers": not tuned}
    return replace(work, payload=told, unlike=tuple(line.best.id for line in island.lines[:MOST_COMPARED]))


def counted(mended: tuple[int, int], work: Propose, result: Result) -> tuple[int, int]:
    """Repairs, and those that brought a score, after one more result; a rejected answer is none of them."""
    if work.payload.get("task") != REPAIR or result.outcome is None:
        return mended
    return mended[0] + 1, mended[1] + (result.outcome.score is not None)


def second_try(work: Propose, result: Result, *, tried: int, mended: tuple[int, int] = (0, 0)) -> Propose | None:
    """What a model is asked next about an answer that could not be used, or, every other time, that failed; or None.

    A repair costs an evaluation like any other answer: the fewer of them bring a score, the fewer failures get one.

    Args:
        work: what was asked.
        result: what came of it.
        tried: how often the arm was tried so far.
        mended: repairs so far, and those of them that brought a score.
    """
    told, again = work.payload, work.payload.get("again", 0)
    if result.status is Status.REJECTED:
        details = result.details or {}
        why, like = details.get("retry"), details.get("like")
        if not why or again >= SECOND_TRIES:
            return None
        if like is not None and like not in (*work.parents, *work.inspirations):  # so that it can be seen
            work = replace(work, inspirations=(like, *work.inspirations)[:MOST_INSPIRATIONS])
        return replace(work, payload={**told, "feedback": str(why)[:FEEDBACK], "again": again + 1})
    outcome, candidate = result.outcome, result.candidate
    if candidate is None or outcome is None or outcome.status not in MENDED or told["task"] == REPAIR:
        return None
    repairs, scored = mended
    if tried % max(2, round((repairs + 2) / (scored + 1))):
        return None
    repair = {**told, "task": REPAIR, "feedback": outcome.feedback[:FEEDBACK], "again": SECOND_TRIES}
    return replace(work, parents=(candidate.id,), payload=repair)
