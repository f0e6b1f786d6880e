"""What a function does and costs before anything is changed: refusals, calls to compare by, and calls to time by.

Everything runs behind the walls, in processes of the function's own. What is found is data: flat calls by split, each
seen to work, so that a trial later needs to trust no generator.

Calls that are made up are kept as they are written (`frames.Written`), and answers are compared as they come: large
ones would take longer to read than to make. Between two calls the event loop has its turn, so that a switch is seen.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import takewhile
from typing import Any, NamedTuple, Protocol

import numpy as np

from shoal.behaviour import CallLikes, called, difference, draw_call, has_length, learn_calls
from shoal.core.errors import UserError
from shoal.labs.evolve.improve._bench import Bench, did
from shoal.labs.evolve.improve._calls import Recorded
from shoal.sandbox import FrameLimits, frames

__all__ = ["Cases", "Pace", "study"]

NO_BEHAVIOUR = ("builtins.RecursionError", "builtins.MemoryError")  # what a machine could not do is no promise
TARGET_SECONDS = 0.03  # of CPU time that a timed case takes at least, as far as calls can be made large enough
LEAST_SECONDS = 0.005  # of a case that nothing larger can be made of
LARGEST_SECONDS = 0.6
SEALED_SECONDS = 0.25  # of a sealed case, up to which it is larger than it need be: what grows faster shows there
PATIENT = (10.0, 10.0)  # CPU seconds for a list of recorded calls, and for a single one
HASTY = (1.0, 0.25)  # the same for calls that were made up: where a function's cost explodes, many are too much for it
LONGEST_CASE = 4.0  # CPU seconds, of recorded calls
LONGEST_DRAWN = 1.0
SIZES = tuple(2.0**k for k in range(13))
BETWEEN = (2**0.25, 2**0.5, 2**0.75)  # times a size, where twice of it is too much: cost may double with each number
FAMILIES = (2, 4, 8, 16)
DRAWN = 240
EDGY = 0.15
CHECKED = {"search": 60, "validation": 60, "sealed": 120}
TIMED = {"search": 12, "validation": 16, "sealed": 10}
TIMED_OF_A_SIZE = 3
LARGEST_CALL = 500_000  # bytes of a call as a frame: beyond it cases have more calls instead of larger ones
LARGEST_CASE = 1_500_000
ANSWERS = FrameLimits(max_bytes=4 << 20, max_depth=200, max_elements=1 << 19)  # larger ones take longer to compare
LARGEST_BATCH = 2_000_000  # bytes of calls drawn to be compared, in a batch of `BATCH`
ROUNDS = 4  # of drawing, to find cases that last and are alike
MOST_ROUNDS = 12  # while some last, and too few: where cost explodes most calls of a size take next to nothing
LONGEST_ROUNDS = 5.0  # CPU seconds of drawing, after which no more rounds begin
DEAREST_ROUNDS = 8.0  # CPU seconds, likewise
DEAREST_DRAWN = 10.0  # of calls to be compared, after which no more are drawn: where many are too much for a function
ALIKE = 2.0  # times the cheapest of such cases, that the dearest takes
ENOUGH = 0.5  # of the target
BUSIER = 0.25  # of as many cases as are wanted may keep the function busier than those that are taken
FEWEST_LASTING = 0.5  # of the cases that are wanted, for these alone to be taken
DEAR = 4.0  # times the target: longer cases tell no more, and a trial is a dozen of them
TRIED = 3  # calls of each size
MORE_TRIED = 5  # of a size of which these are cheap: those that keep the function busy may be few
CHEAP = 0.01  # of the target: while calls cost less, the next size is not tried, but the one after it
AHEAD = 2  # sizes on, then
LEAST_SIZES = 4  # tried before calls must have grown: of a short list most of a frame is what every call has
GROWN = 1.3  # times as long that calls must be of four times the size: else drawing takes longer, and nothing else does
MOST_REPEATS = 300
ENOUGH_VALID = 0.3
BATCH = 40
PRECEDED = 0.3  # of the time that finding sizes and cases takes, for sizes
CHECKING = (1.5, 0.05)  # CPU seconds for the calls of a split that are compared, and for a single one
MOST_LOST = 0.1  # of a batch, to calls that take too long; then no larger ones are made up


class Pace(Protocol):
    """Someone who is told what is being done before and after the search. Be quick, do not raise."""

    def say(self, text: str, *, seconds: float = 0.0) -> None:
        """What begins now; ``seconds`` are those that it is known to take, if it is known."""

    def done(self, share: float) -> None:
        """How much of it is done, from 0 to 1."""

    def close(self) -> None:
        """For now nothing more follows."""


@dataclass(slots=True)
class Cases:
    """Written calls by split, and by family of sizes: ``check`` are compared, ``timed`` are lists of calls to time.

    ``seconds`` is the largest CPU time of a timed case of the function as it is, ``checking`` that of the calls of a
    split that are compared; ``notes`` are for people.
    """

    check: dict[str, list[frames.Written]] = field(default_factory=dict)
    timed: dict[str, list[list[frames.Written]]] = field(default_factory=dict)
    sizes: dict[str, float] = field(default_factory=dict)  # of a split or family, how many times as large as recorded
    seconds: float = 0.0
    checking: float = 0.0
    notes: list[str] = field(default_factory=list)


async def study(
    bench: Bench, source: bytes, recorded: Sequence[Recorded], *, name: str, rng: np.random.Generator, pace: Pace
) -> Cases:
    """Find out by running. Raises `UserError` with one line for a function that cannot be improved by comparison."""
    loaded = await bench.told(source, [], run=False)
    if loaded.error:
        raise UserError(f"the module cannot be loaded behind the walls: {loaded.error}")
    pace.say(f"{len(recorded)} calls; is the function the same each time?")
    kept, raising = await _stable(bench, source, recorded, name=name)
    likes = learn_calls(kept)
    cases = Cases()
    pace.say("making more inputs like these")
    drawn, valid = await _drawn(bench, source, likes, rng, pace)
    if valid < ENOUGH_VALID:
        cases.notes.append(
            f"of inputs made up after the recorded ones {100 * valid:.0f} % are accepted: only recorded calls are timed"
        )
    _share_checks(cases, [frames.Written(frames.encode(call)) for call in kept + raising], drawn, rng)
    await _quick_checks(bench, source, cases)
    pace.say("how its cost grows with size")
    await _sizes(bench, source, likes if valid >= ENOUGH_VALID else None, kept, cases, rng, name=name, pace=pace)
    return cases


# -- is it a function of its arguments? --------------------------------------------------------------------------------


async def _stable(
    bench: Bench, source: bytes, recorded: Sequence[Recorded], *, name: str
) -> tuple[list[Any], list[Any]]:
    """The calls that give values, and those that raise; `UserError` where the same call does not do the same again."""
    calls = [one.call for one in recorded]
    told, again = await asyncio.gather(
        _each(bench, source, calls, seed=1), _each(bench, source, list(reversed(calls)), seed=2)
    )
    kept, raising, unflat = [], [], ""
    for one, first, second in zip(recorded, told, reversed(again), strict=True):
        await asyncio.sleep(0)
        if first is None or second is None or _raised(first)[0] in NO_BEHAVIOUR:
            continue
        unflat = unflat or (did(first)["unflat"] if "unflat" in first else "")
        _check_repeats(one, first, second, name=name)
        if "value" in first:
            kept.append(one.call)
        elif "raised" in first:
            raising.append(one.call)
    if not kept and unflat:
        raise UserError(f"{name}: its result cannot be compared: {unflat}")
    if not kept:
        shown = next((_raised(one) for one in told if one and "raised" in one), None)
        why = f"each raised, for instance {': '.join(shown)}" if shown else "none ended in time"
        raise UserError(f"{name}: no call of {len(calls)} gives a value behind the walls ({why})")
    return kept, raising


def _raised(told: dict[str, bytes]) -> list[str]:
    """Class and message of what was raised; an empty class where nothing was."""
    return list(frames.decode(told["raised"])) if "raised" in told else ["", ""]


def _check_repeats(one: Recorded, first: dict[str, bytes], second: dict[str, bytes], *, name: str) -> None:
    found = difference(did(first), did(second)) if first != second else None
    if found is not None:
        raise UserError(
            f"{called(name, one.call)} does not do the same each time ({found}): chance, a clock, or what earlier "
            "calls left behind decides; make it a function of its arguments (a seed among them) first"
        )
    seen = one.told
    if seen is None or "unflat" in seen or "unflat" in first:
        return
    now: dict[str, bytes] = {key: first[key] for key in ("value", "raised") if key in first}
    same = now == {key: frames.encode(part) for key, part in seen.items()}
    found = None if same else difference(did(now), seen, tolerance=1e-9)
    if found is not None:
        raise UserError(
            f"{called(name, one.call)} did something else in the tests than alone ({found}): it depends on files, the "
            "network, the environment or what was set up before, not only on its arguments"
        )


async def _each(
    bench: Bench, source: bytes, calls: Sequence[Any], *, seed: int = 0, limits: tuple[float, float] = PATIENT
) -> list[dict[str, bytes] | None]:
    """What each call did; None for those that end or outlast their process, found by halving.

    ``limits``: CPU seconds for all calls, and for a single one; half of a list that took too long has half of its time.
    """
    most, least = limits

    async def part(calls: Sequence[Any], seconds: float) -> list[dict[str, bytes] | None]:
        if not calls:
            return []
        told = await bench.told(source, calls, seed=seed, seconds=seconds)
        if told.calls is not None:
            return list(told.calls)
        if len(calls) == 1:
            return [None]
        half, less = len(calls) // 2, max(seconds / 2, least)
        first, second = await asyncio.gather(part(calls[:half], less), part(calls[half:], less))
        return first + second

    return await part(calls, most)


# -- calls to compare by -----------------------------------------------------------------------------------------------


async def _drawn(
    bench: Bench, source: bytes, likes: CallLikes, rng: np.random.Generator, pace: Pace
) -> tuple[list[frames.Written], float]:
    """Drawn calls that the function answers, one way or the other; and the share of plain ones that give values."""
    sizes: tuple[float, ...] = (1.0, 1.0, 3.0)
    before = bench.cpu_seconds

    def odd() -> Any:
        return draw_call(likes, rng, size=float(rng.choice(sizes)), edgy=EDGY)

    plain = await _batch(lambda: draw_call(likes, rng))
    batches = [plain, await _batch(odd)]
    told = await asyncio.gather(*(_each(bench, source, batch, limits=HASTY) for batch in batches))
    valid = sum(one is not None and "value" in one for one in told[0]) / len(plain)
    pace.done(len(batches) * BATCH / DRAWN)
    if told[1].count(None) > MOST_LOST * BATCH:
        sizes = (1.0,)
    while len(batches) < DRAWN // BATCH and bench.cpu_seconds - before < DEAREST_DRAWN:
        more = [await _batch(odd) for _ in range(2)]
        batches += more
        told += await asyncio.gather(*(_each(bench, source, batch, limits=HASTY) for batch in more))
        pace.done(len(batches) * BATCH / DRAWN)
    answers = [one for batch in told for one in batch]
    good: list[frames.Written] = []
    bad: list[frames.Written] = []
    for call, one in zip([call for batch in batches for call in batch], answers, strict=True):
        if one is None or "unflat" in one or _raised(one)[0] in NO_BEHAVIOUR:
            continue
        (good if "value" in one else bad).append(call)
    return good + bad[: max(20, len(good) // 2)], valid


async def _batch(draw: Callable[[], Any]) -> list[frames.Written]:
    """`BATCH` calls, written; fewer where they are so large that telling them would take longer than they."""
    made: list[frames.Written] = []
    while len(made) < BATCH and (not made or _bytes(made) < LARGEST_BATCH):
        made.append(frames.Written(frames.encode(draw())))
        await asyncio.sleep(0)
    return made


def _share_checks(
    cases: Cases, recorded: list[frames.Written], drawn: list[frames.Written], rng: np.random.Generator
) -> None:
    """Every split has the recorded calls in part, and drawn ones that no other has; sealed has all recorded."""
    order = rng.permutation(len(drawn)).tolist()
    total, at = sum(CHECKED.values()), 0
    for split, most in CHECKED.items():
        share = len(drawn) * most // total
        mine = [drawn[k] for k in order[at : at + share]]
        at += share
        some = recorded if split == "sealed" else [recorded[k] for k in rng.permutation(len(recorded)).tolist()[:most]]
        cases.check[split] = mine + some[:400]


async def _quick_checks(bench: Bench, source: bytes, cases: Cases) -> None:
    """Leave out calls that a trial would wait for: each compares all of its split's, one after the other."""
    answers = await asyncio.gather(*(_each(bench, source, calls, limits=CHECKING) for calls in cases.check.values()))
    for (split, calls), told in zip(list(cases.check.items()), answers, strict=True):
        cases.check[split] = [call for call, one in zip(calls, told, strict=True) if one is not None]
    ran = await asyncio.gather(*(bench.told(source, calls) for calls in cases.check.values()))
    cases.checking = max(one.exit.cpu_seconds for one in ran)


# -- calls to time by --------------------------------------------------------------------------------------------------


async def _sizes(
    bench: Bench,
    source: bytes,
    likes: CallLikes | None,
    kept: list[Any],
    cases: Cases,
    rng: np.random.Generator,
    *,
    name: str,
    pace: Pace,
) -> None:
    """Find the size at which a case takes long enough to be timed, and larger ones for the seal and the curve."""
    if likes is None:
        await _recorded(bench, source, kept, cases, rng, name=name)
        return
    size, seconds = await _large_enough(bench, source, likes, rng)
    room = LARGEST_CASE // (4 * _bytes(await _several(likes, rng, size, 1)) + 1)
    repeats = max(1, min(MOST_REPEATS, room, math.ceil(TARGET_SECONDS / seconds)))
    larger = await _families(bench, source, likes, rng, size, repeats)
    factors = [1, *larger]
    sealed = [*factors[:2], *takewhile(lambda factor: larger[factor] <= SEALED_SECONDS, larger)][-1]
    wanted = {
        "search": (1, TIMED["search"]),
        "validation": (1, TIMED["validation"]),
        "sealed": (sealed, TIMED["sealed"]),
    }
    wanted |= {f"x{factor}": (factor, TIMED_OF_A_SIZE) for factor in factors}
    for number, (label, (factor, count)) in enumerate(wanted.items()):
        pace.done(PRECEDED + (1.0 - PRECEDED) * number / len(wanted))
        least = 1.0 if label in TIMED else size * factor
        dear = min(LARGEST_SECONDS, DEAR * TARGET_SECONDS * factor**2)
        for times in _halved(size * factor, least):
            calls = partial(_several, likes, rng, times, max(1, repeats // factor))
            found = await _lasting(bench, source, calls, count, cases, dear=dear, fair=times > least)
            if found:
                cases.timed[label], cases.sizes[label] = found, times
                break
        else:
            if label in TIMED:
                raise UserError(f"{name}: no input of the recorded size is answered; give --examples")
    times = cases.sizes["sealed"] / size
    told = f"timed on {repeats} calls a case, {size:.3g} times as large as recorded; sealed on {times:.3g} times that"
    cases.notes.append(told)


def _halved(size: float, least: float) -> Iterator[float]:
    """Sizes from one down: where calls of one differ in cost, a first look may have been at the cheap ones of them."""
    while size > least:
        yield size
        size /= 2
    yield least


def _bytes(calls: Sequence[frames.Written]) -> int:
    """How long the calls are in a frame."""
    return sum(len(call.data) for call in calls)


async def _several(likes: CallLikes, rng: np.random.Generator, size: float, count: int) -> list[frames.Written]:
    """As many different calls as ``count`` draws give: of the same call twice, a memory would know the second."""
    made = []
    for _ in range(count):
        made.append(frames.Written(frames.encode(draw_call(likes, rng, size=size))))
        await asyncio.sleep(0)
    return list(dict.fromkeys(made))


class _Cost(NamedTuple):
    """CPU seconds of the calls themselves; infinite, and no calls, where one alone takes too long."""

    seconds: float
    calls: list[frames.Written]


async def _lasting(
    bench: Bench,
    source: bytes,
    drawn: Callable[[], Awaitable[list[frames.Written]]],
    count: int,
    cases: Cases,
    *,
    dear: float,
    fair: bool,
) -> list[list[frames.Written]]:
    """``count`` lists of calls that give values and last: what takes no time cannot be timed.

    ``dear``: CPU seconds, beyond which a case is taken only where too few others last.
    ``fair``: none, where some calls take too long and too few others last, as most find something early.
    """
    found: list[_Cost] = []
    most: int | None = None  # calls of a case; where some cost far more than others, fewer fit than was thought
    drawing, before, dearest = 0.0, bench.cpu_seconds, False
    for number in range(MOST_ROUNDS):
        began = time.thread_time()
        lists = [(await drawn())[:most] for _ in range(count)]
        drawing += time.thread_time() - began
        costs = await asyncio.gather(*(_cost(bench, source, calls, most=LONGEST_DRAWN) for calls in lists))
        found += [cost for cost in costs if cost is not None and cost.calls]
        most = max((len(cost.calls) for cost in found), default=1)
        dearest = dearest or any(cost is not None and not cost.calls for cost in costs)
        chosen = _alike(found, count, dear=dear)
        alike = len(chosen) == count and chosen[-1].seconds <= ALIKE * chosen[0].seconds
        busier = sum(chosen[-1].seconds < cost.seconds <= dear for cost in found) if alike else 0
        alike = alike and busier <= BUSIER * count
        spent = drawing > LONGEST_ROUNDS or bench.cpu_seconds - before > DEAREST_ROUNDS
        lasting = sum(cost.seconds >= ENOUGH * TARGET_SECONDS for cost in found)
        enough = number + 1 >= ROUNDS and not 0 < lasting < FEWEST_LASTING * count
        if alike or enough or (chosen and spent):
            break
    if not alike:
        chosen = _alike(found, count, dear=dear, fewest=FEWEST_LASTING)
    if fair and dearest and chosen and chosen[0].seconds < ENOUGH * TARGET_SECONDS:
        return []
    cases.seconds = max([cases.seconds, *(cost.seconds for cost in chosen)])
    return [cost.calls for cost in chosen]


def _alike(
    costs: Sequence[_Cost], count: int, *, dear: float = DEAR * TARGET_SECONDS, fewest: float = 1.0
) -> list[_Cost]:
    """``count`` of those that last and are not ``dear``, cheapest first, and alike in cost: a gain that depends on size
    shows less clearly over cases of many sizes.

    Of several such groups the dearest: where some inputs keep the function busy and others do not, it is slow on those.
    Where there is none, one that has the share ``fewest`` of the cases will do: fewer rather than some of each kind.
    """
    ordered = sorted(costs, key=lambda one: one.seconds)
    lasting = [one for one in ordered if one.seconds >= ENOUGH * TARGET_SECONDS]
    if len(lasting) < FEWEST_LASTING * count:
        return ordered[-count:]
    least = math.ceil(fewest * count)
    count = min(count, len(lasting))  # the others, as those that find something early, would tell nothing
    short = [one for one in lasting if one.seconds <= dear]
    lasting = short if len(short) >= count else lasting[:count]
    for size in range(count, min(least, count) - 1, -1):
        if alike := [group for group in _groups(lasting, size) if group[-1].seconds <= ALIKE * group[0].seconds]:
            return alike[-1]
    return min(_groups(lasting, count), key=lambda group: group[-1].seconds / group[0].seconds)


def _groups(ordered: list[_Cost], size: int) -> list[list[_Cost]]:
    """All groups of so many that stand next to one another."""
    return [ordered[start : start + size] for start in range(len(ordered) - size + 1)]


async def _cost(
    bench: Bench, source: bytes, calls: Sequence[frames.Written], *, most: float = LONGEST_CASE
) -> _Cost | None:
    """What calls cost that give values, as many of them as take ``most`` CPU seconds; None where none gives one."""
    ran, base = await asyncio.gather(
        bench.told(source, calls, closely=False, seconds=most, answers=ANSWERS),
        bench.told(source, calls, closely=False, run=False),
    )
    if ran.calls is None:
        if len(calls) == 1:
            return _Cost(math.inf, [])
        return await _cost(bench, source, calls[: len(calls) // 2], most=most)
    good = [call for call, one in zip(calls, ran.calls, strict=True) if "value" in one]
    if len(good) < len(calls):
        return await _cost(bench, source, good, most=most) if good else None
    return _Cost(max(ran.exit.cpu_seconds - base.exit.cpu_seconds, 2e-5), list(calls))


async def _large_enough(bench: Bench, source: bytes, likes: CallLikes, rng: np.random.Generator) -> tuple[float, float]:
    """The least size of which some call takes `TARGET_SECONDS`, or the largest that works; and the dearest call of it.

    Where some calls of a size take too long, those that do not are no fair sample of it.
    """
    best, best_seconds, failed = 1.0, 2e-5, 0
    grows = any(map(has_length, likes.arguments.values()))
    lengths: dict[int, int] = {}
    place, ahead = 0, 1
    while place < len(SIZES):
        size = SIZES[place]
        several = [await _several(likes, rng, size, 1) for _ in range(TRIED)]
        lengths[place] = max(map(_bytes, several))
        too_long = lengths[place] > LARGEST_CALL and size > 1.0
        costs = [] if too_long else await _costs(bench, source, several)
        if costs and max(costs) < TARGET_SECONDS:
            more = [await _several(likes, rng, size, 1) for _ in range(MORE_TRIED)]
            costs += await _costs(bench, source, more)
        too_dear = bool(costs) and max(costs) > LARGEST_SECONDS and size > 1.0
        if ahead > 1 and (too_long or too_dear):
            place, ahead = place - ahead + 1, 1  # the sizes that were passed over
            continue
        if too_long or (grows and not _has_grown(lengths, place)):
            break
        if too_dear:
            return await _between(bench, source, likes, rng, best, best_seconds)
        ahead = 1
        if costs := [seconds for seconds in costs if seconds < math.inf]:
            best, best_seconds, failed = size, max(costs), 0
            if best_seconds >= TARGET_SECONDS:
                break
            ahead = AHEAD if best_seconds < CHEAP * TARGET_SECONDS and place + AHEAD < len(SIZES) else 1
        else:
            failed += 1
            if failed > 1:
                break
        place += ahead
    return best, best_seconds


def _has_grown(lengths: dict[int, int], place: int) -> bool:
    """Whether calls are longer than those of a quarter of the size, as far as that was tried and can be told."""
    before = max((one for one in lengths if one <= place - 2), default=None)
    return before is None or place < LEAST_SIZES or lengths[place] >= GROWN * lengths[before]


async def _costs(bench: Bench, source: bytes, several: Iterable[Sequence[frames.Written]]) -> list[float]:
    """The CPU seconds of each list of calls that gives values, infinite for one that takes too long."""
    tried = await asyncio.gather(*(_cost(bench, source, calls, most=LONGEST_DRAWN) for calls in several))
    return [one.seconds for one in tried if one is not None]


async def _between(
    bench: Bench, source: bytes, likes: CallLikes, rng: np.random.Generator, size: float, seconds: float
) -> tuple[float, float]:
    """As `_large_enough`, for sizes from one of which twice is too much on."""
    best, best_seconds = size, seconds
    for times in BETWEEN:
        costs = await _costs(bench, source, [await _several(likes, rng, size * times, 1) for _ in range(TRIED)])
        if not costs or max(costs) > LARGEST_SECONDS:
            break
        best, best_seconds = size * times, sum(costs) / len(costs)
        if best_seconds >= TARGET_SECONDS:
            break
    return best, best_seconds


async def _families(
    bench: Bench, source: bytes, likes: CallLikes, rng: np.random.Generator, size: float, repeats: int
) -> dict[int, float]:
    """The factors of `FAMILIES` by which cases can be made larger still, and the CPU seconds of the dearest of each."""
    found = {}
    for factor in FAMILIES:
        several = [await _several(likes, rng, size * factor, max(1, repeats // factor)) for _ in range(TRIED)]
        small = max(map(_bytes, several)) <= LARGEST_CASE
        dearest = max(await _costs(bench, source, several), default=math.inf) if small else math.inf
        if dearest > LARGEST_SECONDS:
            break
        found[factor] = dearest
    return found


async def _recorded(
    bench: Bench, source: bytes, kept: list[Any], cases: Cases, rng: np.random.Generator, *, name: str
) -> None:
    """Where nothing can be made up: all recorded calls, each once, in an order of their own for each case."""
    calls = list(dict.fromkeys(frames.Written(frames.encode(call)) for call in kept))
    cost = await _cost(bench, source, calls)
    if cost is None or not cost.calls:
        raise UserError(f"{name}: the recorded calls take too long to be timed; give --examples with smaller ones")
    if cost.seconds < LEAST_SECONDS:
        took, least = 1e3 * cost.seconds, 1e3 * LEAST_SECONDS
        raise UserError(
            f"{name}: it accepts no made-up inputs, and the {len(calls)} recorded calls take {took:.1f} ms together, "
            f"where {least:g} are the least to time; give more or larger ones with --examples"
        )
    cases.seconds = cost.seconds
    for label, count in TIMED.items():
        cases.timed[label] = [[cost.calls[k] for k in rng.permutation(len(cost.calls)).tolist()] for _ in range(count)]
        cases.sizes[label] = 1.0
