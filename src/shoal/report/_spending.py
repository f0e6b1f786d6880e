"""Whether a run kept to its budget at every moment, by its log: counted units, clocks, work in flight."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from shoal.core.budget import Budget, Spent, exceeded, used_up, worst_case
from shoal.core.canonical import plain
from shoal.core.records import MOST_INSTANCES, read_work
from shoal.core.values import Ask, Counted, Done, Measure, Outcome, Propose, Result, Status, Trial, Wait, Work
from shoal.report._finding import Finding, listed
from shoal.report._ledger import Item, Ledger

__all__ = ["Spending"]

LATE_SECONDS = 5.0  # by which a clock that ran out may be noticed late on a crowded machine
COUNTED = ("evaluations", "proposals", "instance_runs", "tokens", "usd")


@dataclass
class Spending:
    """Takes the events of one run after the ledger did; gathers what breaks the budget."""

    budget: Budget
    window: int
    wrong: list[str] = field(default_factory=list)
    _floor: Spent = field(default_factory=Spent)  # what a lowered budget found in flight already
    _clocks: Spent = field(default_factory=Spent)
    _at: float = 0.0  # of the event that the clocks are of
    _halted_at: float | None = None
    _works: dict[int, Work] = field(default_factory=dict)
    _over: bool = False

    def take(self, event: Mapping[str, Any], items: list[Item], ledger: Ledger, *, seq: int) -> None:
        """Check one event, and the items that were admitted with it."""
        match event["type"]:
            case "issued":
                self._issued(event, ledger, seq=seq)
            case "result":
                self._clocks = self._clock(event, seq=seq)
                self._at = event["at"]
            case "halted":
                self._halted_at = event["at"]
            case "resumed":
                self._resumed(event, ledger)
            case "finished":
                self._finished(event, ledger, seq=seq)
        for item in items:
            self._works.pop(item.k, None)
            self._item(item)

    # -- clocks and the window ------------------------------------------------------------------------------------

    def _issued(self, event: Mapping[str, Any], ledger: Ledger, *, seq: int) -> None:
        self._works[event["k"]] = read_work(event["work"])
        if (flying := ledger.issued - ledger.admitted) > self.window:
            self.wrong.append(f"event {seq}: {flying} items in flight, the window is {self.window}")
        if (over := used_up(self.budget, self._clocks)) is not None:
            self.wrong.append(f"event {seq}: item {event['k']} was issued when {over} had run out")

    def _clock(self, event: Mapping[str, Any], *, seq: int) -> Spent:
        now = Spent(seconds=_number(event["seconds"]), cpu_seconds=_number(event["cpu_seconds"]))
        for unit in ("seconds", "cpu_seconds"):
            before, value = getattr(self._clocks, unit), getattr(now, unit)
            if not math.isfinite(value) or value < before:
                self.wrong.append(f"event {seq}: {value:g} {unit} after {before:g}")
        self._late(event, now, seq=seq)
        return now

    def _late(self, event: Mapping[str, Any], now: Spent, *, seq: int) -> None:
        """Work in flight is finished after the clock ran out, and counted; the log's own times bound that."""
        limit = self.budget.seconds
        since = event["at"] - (self._halted_at if self._halted_at is not None else event["at"])
        if limit is not None and now.seconds > max(limit, self._floor.seconds) + max(0.0, since) + LATE_SECONDS:
            self.wrong.append(f"event {seq}: {now.seconds:g} seconds, over the budget of seconds {limit:g}")
        if self._at and now.cpu_seconds > self._clocks.cpu_seconds:
            most = 4 * (self.window + 2) * (max(0.0, event["at"] - self._at) + LATE_SECONDS)
            if now.cpu_seconds - self._clocks.cpu_seconds > most:
                self.wrong.append(f"event {seq}: {now.cpu_seconds:g} cpu_seconds, more than there was time for")

    def _resumed(self, event: Mapping[str, Any], ledger: Ledger) -> None:
        budget = Budget(**event["budget"])
        halted = self._halted_at is not None and budget == self.budget  # such a run only finishes what is in flight
        self.budget, self._halted_at, self._at = budget, event["at"] if halted else None, event["at"]
        floor = replace(ledger.spent, seconds=self._clocks.seconds)
        for work in self._works.values():
            most = worst_case(work)
            floor = floor.plus(most.counted, proposals=most.proposals)
        self._floor = floor

    def _finished(self, event: Mapping[str, Any], ledger: Ledger, *, seq: int) -> None:
        spent = event["spent"]
        self._clock({**spent, "at": event["at"]}, seq=seq)  # going on takes up the clocks of the last result, not these
        for unit, value in _units(ledger.spent):
            claimed = spent.get(unit) if unit == "proposals" else plain(Counted(**spent["counted"]))[unit]
            if claimed != value:
                self.wrong.append(f"event {seq} claims {claimed} {unit}, the log adds up to {value}")

    # -- what items cost ------------------------------------------------------------------------------------------

    def _item(self, item: Item) -> None:
        for counted in (item.result.counted, *([item.result.outcome.counted] if item.result.outcome else [])):
            self.wrong += [f"item {item.k} counts {name} {value!r}" for name, value in _odd(counted)]
        if item.result.outcome is not None and (wrong := _too_cheap(item.work, item.result)):
            self.wrong.append(f"item {item.k} {wrong}")
        over = exceeded(_larger(self.budget, self._floor), item.spent)
        if over is not None and not self._over:
            self._over = True
            self.wrong.append(f"over the budget of {over} at item {item.k}")

    def finding(self, spent: Spent) -> Finding:
        """All of it as one."""
        if self.wrong:
            return Finding("totals", False, listed(self.wrong))
        done = f"{spent.counted.evaluations:,} evaluations, {spent.proposals:,} proposals, {self._clocks.seconds:g} s"
        return Finding("totals", True, f"{done}, never over the budget")


def _number(value: Any) -> float:
    if type(value) not in (int, float):
        raise ValueError(f"{value!r} is no time")
    return float(value)


def _odd(counted: Counted) -> Iterator[tuple[str, object]]:
    for name, value in plain(counted).items():
        if type(value) not in (int, float) or not math.isfinite(value) or value < 0:
            yield name, value


def _trial(work: Work) -> Trial | None:
    match work:
        case Propose(then=trial):
            return trial
        case Measure(trial=trial):
            return trial
        case Ask() | Wait() | Done():
            return None


def _too_cheap(work: Work, result: Result) -> str:
    """What an outcome must have cost at the least, as the end of a sentence; "" when it did."""
    outcome: Outcome | None = result.outcome
    trial = _trial(work)
    if outcome is None or trial is None or not outcome.per_instance:
        return "has a score and no instance" if outcome is not None and outcome.score is not None else ""
    ok = outcome.status is Status.OK
    wanted = len(trial.instances) if ok else len(outcome.per_instance)
    if outcome.counted.evaluations < 1 or outcome.counted.instance_runs < wanted:
        runs = outcome.counted.instance_runs
        return f"claims {outcome.counted.evaluations} evaluations and {runs} instance runs for {wanted} instances"
    if ok and len(outcome.per_instance) < min(wanted, MOST_INSTANCES):
        return f"shows {len(outcome.per_instance)} of its {wanted} instances"
    return ""


def _units(spent: Spent) -> Iterator[tuple[str, float]]:
    yield "proposals", spent.proposals
    counted = plain(spent.counted)
    yield from ((name, counted[name]) for name in sorted(counted))


def _larger(budget: Budget, floor: Spent) -> Budget:
    """The budget, or what was in flight already when it was set, whichever is more."""
    limits = {unit: getattr(budget, unit) for unit in COUNTED}
    held = {unit: floor.proposals if unit == "proposals" else getattr(floor.counted, unit) for unit in COUNTED}
    return replace(budget, **{unit: max(limit, held[unit]) for unit, limit in limits.items() if limit is not None})
