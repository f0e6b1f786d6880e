"""What models may cost: held in advance by the search, and given out bit by bit to what is longer than one trial."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

import numpy as np

from shoal.core.errors import UserError
from shoal.core.protocols import Search
from shoal.core.values import CandidateId, Counted, Measure, Note, Propose, Result, Trial, Work
from shoal.labs.selfimprove._asking import Spending, times
from shoal.labs.selfimprove._config import StudyConfig

__all__ = ["PaidSearch", "Purse", "allowance", "buys", "check_money", "final_purse", "look_purse", "spending_of"]

S = TypeVar("S")
LATE_SHARE = 0.3  # of a study's tokens and dollars, that its runs leave for what comes after them
FINAL_SHARE = 0.15  # of all, for choosing final agents; what is left then is for the looks behind the seal
MOST_LATE = 6  # agents of a run that may be its final one, and so many are looked at
_ROUNDING = 1e-9


class PaidSearch(Generic[S]):
    """A `Search` around another whose candidates and proposer "self" ask models: it says what each item may cost."""

    def __init__(self, inner: Search[S], spending: Spending) -> None:
        self.inner, self.spending = inner, spending

    def initial(self) -> S:
        """The inner search's."""
        return self.inner.initial()

    def next(self, state: S, rng: np.random.Generator) -> tuple[S, Work]:
        """The inner search's decision, with what calls of models may cost in it."""
        state, work = self.inner.next(state, rng)
        match work:
            case Measure(trial=trial):
                work = Measure(self._held(trial))
            case Propose(then=then, most=most):
                most += self.spending.step if work.proposer == "self" else Counted()
                work = replace(work, then=None if then is None else self._held(then), most=most)
        return state, work

    def _held(self, trial: Trial) -> Trial:
        return replace(trial, most=times(self.spending.attempt, len(trial.instances)))

    def admit(self, state: S, k: int, work: Work, result: Result) -> tuple[S, tuple[Note, ...]]:
        """The inner search learns."""
        return self.inner.admit(state, k, work, result)

    def release(self, state: S, id: CandidateId) -> tuple[S, tuple[Note, ...]]:
        """See `Search`."""
        inner: Any = self.inner
        done: tuple[S, tuple[Note, ...]] = inner.release(state, id)
        return done


@dataclass(slots=True)
class Purse:
    """Tokens and dollars for attempts that are made some at a time: no more at once than could all cost their most.

    So the limits hold whatever the calls cost, and what they did not cost is there for the next ones.
    """

    each: Counted = Counted()
    tokens: float = math.inf
    usd: float = math.inf
    spent: Counted = Counted()

    def room(self, wanted: int) -> int:
        """How many of ``wanted`` attempts may be made now."""
        for left, most in (
            (self.tokens - self.spent.tokens, self.each.tokens),
            (self.usd - self.spent.usd, self.each.usd),
        ):
            if most and math.isfinite(left):
                wanted = min(wanted, math.floor(left / most + _ROUNDING))
        return max(0, wanted)

    def pay(self, costs: Sequence[Counted]) -> None:
        """Attempts were made."""
        for one in costs:
            self.spent += one


def spending_of(config: StudyConfig, tasks: int) -> Spending | None:
    """What agents may ask, where ``tasks`` search tasks are there; None where there is no model."""
    if config.member is None:
        return None
    return Spending(config.asks, config.step_asks, min(config.score_tasks, tasks), config.member.most)


def allowance(config: StudyConfig) -> tuple[int | None, float | None]:
    """Tokens and dollars of each run: an equal share of what is not kept for the time after them."""
    share = (1.0 - LATE_SHARE) / _runs(config)
    tokens = None if config.tokens is None else max(1, math.floor(share * config.tokens))
    return tokens, None if config.usd is None else share * config.usd


def final_purse(config: StudyConfig, finalists: int) -> Purse:
    """What measuring one finalist of a run may spend."""
    return _purse(config, FINAL_SHARE / (_runs(config) * finalists), Counted(), 1)


def look_purse(config: StudyConfig, spent: Counted, looks: int) -> Purse:
    """What each look of a study may spend, which has spent so much before its first."""
    return _purse(config, 1.0, spent, looks)


def _purse(config: StudyConfig, share: float, spent: Counted, shares: int) -> Purse:
    if config.member is None:
        return Purse()
    return Purse(
        times(config.member.most, config.asks),
        math.inf if config.tokens is None else (share * config.tokens - spent.tokens) / shares,
        math.inf if config.usd is None else (share * config.usd - spent.usd) / shares,
    )


def check_money(config: StudyConfig, spending: Spending, *, trial: int) -> None:
    """What a budget must pay for at least fits into it; ``trial`` is how many tasks the largest trial has.

    That is every single step of a run, and one task and one canary for each of `MOST_LATE` agents that are measured
    after it, twice.
    Raises UserError with the smallest sum that would do.
    """
    runs, largest, late = _runs(config), times(spending.attempt, trial), times(spending.attempt, 2 * MOST_LATE)
    for unit, given in (("tokens", config.tokens), ("usd", config.usd)):
        step = max(getattr(largest, unit), getattr(spending.step, unit))
        least = runs * max(step / (1.0 - LATE_SHARE), getattr(late, unit) / FINAL_SHARE)
        if given is not None and given < least:
            told = f"{math.ceil(least) + runs}" if unit == "tokens" else f"{least + 0.005:.2f}"
            raise UserError(
                f"{unit} {given} is too little: one step of a run may cost {step:.6g}, and there are {runs} runs and "
                f"what comes after them; give --{unit} {told}, or lower max_tokens and prompt_bytes in the models' file"
            )


def _runs(config: StudyConfig) -> int:
    return len(config.seeds) * len(config.arms)


def buys(config: StudyConfig) -> str:
    """One line on what the budget buys at least; "" without a model."""
    member = config.member
    if member is None:
        return ""
    calls = []
    for limit, most in ((config.usd, member.most.usd), (config.tokens, member.most.tokens)):
        if limit is not None and most:
            calls.append(math.floor(limit / most))
    price = "free" if member.free else f"at most ${member.most.usd:.4f} a call"
    told = f"model {member.name} ({member.model}): {price}, {member.most.tokens:,} tokens"
    told += f"; the budget buys at least {min(calls):,} calls" if calls else ""
    unlimited = config.usd is None and not member.free
    return f"{told}; no limit in dollars is set: --usd sets one" if unlimited else told
