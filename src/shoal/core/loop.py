"""The one loop. Every lab runs on it; start reading here.

    search --next--> work --carry out behind guards and walls--> result --admit--> search
                      |                                            |
                      +------------------- log --------------------+

`Course` decides *what* happens in which order and is pure; this file does it: it starts work in a bounded window,
writes both ends of each item to the log, and stops when the budget, a stop rule or the search says so. A resumed
run replays its log through the same course and then simply goes on.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import anyio
import anyio.abc

from shoal.core.budget import Budget, Spent, used_up
from shoal.core.canonical import plain
from shoal.core.carry import INITIAL, JUDGE_FAILED, Carrier
from shoal.core.course import Admitted, Course, Issued
from shoal.core.errors import InitialProgramError, MachineryError, StoreError
from shoal.core.events import GENESIS, Event, broken_link
from shoal.core.journal import Journal
from shoal.core.protocols import Plan, Store
from shoal.core.records import fitted, read_result, write_work
from shoal.core.values import Digest, Propose, Result, Status, Work

__all__ = ["INITIAL", "Report", "Stop", "chained", "restore", "run"]

S = TypeVar("S")
FLUSH_SECONDS = 0.02
CLOCK_SECONDS = 0.25


@dataclass(slots=True)
class Stop:
    """A switch for the outside: ``now`` leaves the run as a power cut would, only tidier; resume goes on from it.

    ``reason`` is what the report says then.
    """

    now: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """How a run ended. ``status`` is "done" (budget, target or search) or "interrupted"."""

    run: str
    status: str
    reason: str
    digest: Digest
    chain_head: Digest
    spent: Spent
    issued: int
    admitted: int


@dataclass
class Live(Generic[S]):
    """What is in motion while a run is open; gone when it ends."""

    course: Course[S]
    carrier: Carrier[S]
    journal: Journal
    tasks: anyio.abc.TaskGroup
    noted: dict[int, int]  # notes of admissions that the log has already, by item
    arrived: deque[tuple[int, Result]] = field(default_factory=deque)
    news: anyio.Event = field(default_factory=anyio.Event)


async def run(
    plan: Plan[S],
    store: Store,
    *,
    run: str,
    seed: int,
    window: int,
    ordered: bool = True,
    budget: Budget,
    stop: Stop | None = None,
    stops: tuple[Callable[[Admitted], str | None], ...] = (),
    watch: Callable[[Course[Any], Admitted], None] | None = None,
    cpu: Callable[[], float] = time.process_time,
) -> Report:
    """Run ``plan`` until its budget is used, and log everything; go on with it when ``run`` is in the store.

    ``window`` is the most items in flight; in an ordered run it is part of what makes it repeatable, so it is a
    number of the configuration, never the number of workers. ``stops`` are rules on admitted results; ``watch`` is
    called after each admission; ``cpu`` says how many CPU seconds this run's processes have used since it was called
    into being. Raises `InitialProgramError` when the first program gets no score, `MachineryError` when machinery
    is broken; both after the log was written.
    """
    stop = stop or Stop()
    course = Course(plan.search, seed=seed, window=window, ordered=ordered, budget=budget)
    settings = {"run": run, "seed": seed, "window": window, "ordered": ordered, "budget": plain(budget)}
    journal, before, noted = _open(course, store, run, settings=settings, about=plain(plan.about))
    if plan.replies is not None:
        plan.replies.bind(store, journal, chained(store, run))
    carrier = Carrier(plan, course, store, journal, seed=seed)
    clock = _Clock(course, before=before, cpu=cpu)
    try:
        async with anyio.create_task_group() as tasks:
            live = Live(course, carrier, journal, tasks, noted)
            tasks.start_soon(_housekeeping, live, clock, stop)
            for k, work in course.missing():
                tasks.start_soon(_work, live, k, work)
            await _drive(live, clock, stop=stop, stops=stops, watch=watch)
            tasks.cancel_scope.cancel()
    except BaseExceptionGroup as group:  # one clear error out of a task group
        raise _first(group) from None
    finally:
        clock.read()
        journal.flush()
    return _finish(course, journal, run=run, stop=stop)


async def _drive(
    live: Live[S],
    clock: _Clock[S],
    *,
    stop: Stop,
    stops: tuple[Callable[[Admitted], str | None], ...],
    watch: Callable[[Course[Any], Admitted], None] | None,
) -> None:
    """Turn the clockwork: start what is issued, learn from what is admitted, wait for arrivals."""
    course = live.course
    _watch_clock(live, clock)
    while not stop.now:
        step = course.advance()
        if isinstance(step, Issued):
            live.journal.add("issued", k=step.k, work=write_work(step.work))
            live.tasks.start_soon(_work, live, step.k, step.work)
        elif isinstance(step, Admitted):
            _admitted(live, step, stops=stops, watch=watch)
        elif course.idle:
            return
        else:
            await _arrivals(live, clock)


def _admitted(
    live: Live[S],
    step: Admitted,
    *,
    stops: tuple[Callable[[Admitted], str | None], ...],
    watch: Callable[[Course[Any], Admitted], None] | None,
) -> None:
    for note in step.notes[live.noted.pop(step.k, 0) :]:
        live.journal.add("note", k=step.k, **plain(note))
    if isinstance(step.work, Propose) and step.work.proposer == INITIAL and step.result.status is not Status.OK:
        raise InitialProgramError(_why(step.result))
    for rule in stops:
        if (reason := rule(step)) is not None:
            _halt(live, reason)
    if watch is not None:
        watch(live.course, step)


async def _arrivals(live: Live[S], clock: _Clock[S]) -> None:
    """Wait for results and hand them in, in order of arrival; every result is logged before it is learnt from."""
    await live.news.wait()
    live.news = anyio.Event()
    while live.arrived:
        k, result = live.arrived.popleft()
        result = fitted(result)
        live.journal.add("result", k=k, result=result, seconds=clock.seconds, cpu_seconds=clock.cpu_seconds)
        live.course.arrive(k, result)
    _watch_clock(live, clock)


def _watch_clock(live: Live[S], clock: _Clock[S]) -> None:
    if (reason := clock.out()) is not None:
        _halt(live, f"budget: {reason}")


def _halt(live: Live[S], reason: str) -> None:
    """Halt from outside the course; on the record, because a replay cannot know a clock."""
    if live.course.halt_reason is None:
        live.journal.add("halted", reason=reason, admitted=live.course.admitted)
        live.course.halt(reason)


async def _work(live: Live[S], k: int, work: Work) -> None:
    result = await live.carrier.carry_out(k, work)
    live.arrived.append((k, result))
    live.news.set()


async def _housekeeping(live: Live[S], clock: _Clock[S], stop: Stop) -> None:
    """Flush the log every 20 ms, read the clocks, and wake the loop when it must stop."""
    while True:
        await anyio.sleep(FLUSH_SECONDS)
        live.journal.flush()
        clock.tick()
        if stop.now or clock.out() is not None:
            live.news.set()


def _why(result: Result) -> str:
    feedback = result.outcome.feedback if result.outcome is not None else result.reason
    return f"the initial program got no score ({result.status}): {feedback}"


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The first real error of a task group, nested groups included."""
    error = group.exceptions[0]
    return _first(error) if isinstance(error, BaseExceptionGroup) else error


def _finish(course: Course[S], journal: Journal, *, run: str, stop: Stop) -> Report:
    interrupted = stop.now  # read once: a signal may come at any time
    reason = (stop.reason or "interrupted") if interrupted else course.halt_reason or "nothing left to do"
    digest = course.digest()
    if not interrupted:
        journal.add("finished", reason=reason, digest=digest, spent=plain(course.spent))
        journal.flush()
    return Report(
        run=run,
        status="interrupted" if interrupted else "done",
        reason=reason,
        digest=digest,
        chain_head=journal.head,
        spent=course.spent,
        issued=course.issued,
        admitted=course.admitted,
    )


class _Clock(Generic[S]):
    """Measured budgets: seconds and CPU seconds over all sittings of a run."""

    def __init__(self, course: Course[S], *, before: Spent, cpu: Callable[[], float]) -> None:
        self.course, self.cpu, self.before = course, cpu, before
        self.start, self.cpu_start = time.monotonic(), cpu()
        self.seconds, self.cpu_seconds = before.seconds, before.cpu_seconds
        self._read_at = 0.0

    def tick(self) -> None:
        if time.monotonic() - self._read_at >= CLOCK_SECONDS:
            self.read()

    def read(self) -> None:
        self._read_at = time.monotonic()
        self.seconds = round(self.before.seconds + self._read_at - self.start, 3)
        self.cpu_seconds = round(self.before.cpu_seconds + self.cpu() - self.cpu_start, 3)
        spent = self.course.spent
        self.course.spent = Spent(spent.counted, spent.proposals, self.seconds, self.cpu_seconds)

    def out(self) -> str | None:
        return used_up(self.course.budget, self.course.spent)


# -- opening, first time or again ---------------------------------------------------------------------------------


def _open(
    course: Course[S], store: Store, run: str, *, settings: dict[str, Any], about: dict[str, Any]
) -> tuple[Journal, Spent, dict[int, int]]:
    """Start a log or replay one; returns the journal, what earlier sittings measured, and the notes they wrote."""
    events = chained(store, run)
    first = next(events, None)
    if first is None:
        journal = Journal(store, run)
        journal.add("started", **settings, about=about)
        journal.flush()
        return journal, Spent(), {}
    _check_same(first.data, settings)
    budget = course.budget
    course.budget = Budget(**first.data["budget"])
    noted: Counter[int] = Counter()
    last, before, finished = restore(course, _noting(events, noted), last=first)
    journal = Journal(store, run, seq=last.seq + 1, head=last.head)
    journal.add("resumed", budget=plain(budget))
    _resume(course, budget, finished=finished)
    journal.flush()
    return journal, before, dict(noted)


def _noting(events: Iterable[Event], noted: Counter[int]) -> Iterator[Event]:
    for event in events:
        data = event.data
        if data["type"] == "note" and data["kind"] != JUDGE_FAILED:
            noted[data.get("k", -1)] += 1
        yield event


def _check_same(started: dict[str, Any], settings: dict[str, Any]) -> None:
    for key in ("seed", "window", "ordered"):
        if started[key] != settings[key]:
            raise MachineryError(f"this run was started with {key} {started[key]}, not {settings[key]}")


def chained(store: Store, run: str) -> Iterator[Event]:
    """Every event of ``run``, each checked against the chain. Raises `StoreError` at the first that does not fit."""
    after, head = 0, GENESIS
    while batch := list(store.read(run, after=after)):
        if (broken := broken_link(batch, head=head, seq=after)) is not None:
            raise StoreError(f"the log of run {run} was changed at event {broken}: it cannot be gone on with")
        yield from batch
        after, head = batch[-1].seq + 1, batch[-1].head


def restore(course: Course[S], events: Iterable[Event], *, last: Event) -> tuple[Event, Spent, bool]:
    """Drive ``course`` through a log: decisions are taken again and must be the recorded ones; nothing is evaluated.

    Returns the last event, what was measured, and whether the run had finished.
    Raises `MachineryError` where log and search disagree.
    """
    seconds = cpu_seconds = 0.0
    finished = False
    for event in events:
        last, data = event, event.data
        match data["type"]:
            case "issued":
                _expect(course, data["k"], data["work"])
            case "result":
                course.arrive(data["k"], read_result(data["result"]))
                seconds, cpu_seconds = data["seconds"], data["cpu_seconds"]
            case "halted":
                _admit(course, data["admitted"])
                course.halt(data["reason"])
            case "released":
                course.release(data["candidate"])
            case "resumed":
                _resume(course, Budget(**data["budget"]), finished=finished)
                finished = False
            case "finished":
                _admit(course, course.issued)
                finished = True
    spent = course.spent
    course.spent = Spent(spent.counted, spent.proposals, seconds, cpu_seconds)
    return last, course.spent, finished


def _expect(course: Course[S], k: int, work: dict[str, Any]) -> None:
    while isinstance(step := course.advance(), Admitted):
        pass
    if step is None or step.k != k or write_work(step.work) != work:
        raise MachineryError(
            f"the log's item {k} is not what the search decides now: "
            "the code or the libraries changed since; start a new run with --from this one"
        )


def _admit(course: Course[S], count: int) -> None:
    """Admit until ``count`` items are; nothing may be issued on the way."""
    while course.admitted < count:
        if not isinstance(course.advance(), Admitted):
            raise MachineryError(f"the log says that {count} items were admitted here; only {course.admitted} can be")


def _resume(course: Course[S], budget: Budget, *, finished: bool) -> None:
    """Go on with ``budget``; the same total on a run that was cut off, halted or not, changes nothing."""
    if budget != course.budget or (finished and course.halt_reason is not None):
        course.extend(budget)
