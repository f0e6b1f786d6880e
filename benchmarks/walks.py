"""What gets furthest over many numbers: walks (only up, late acceptance, thresholds in cycles) or bursts of CMA-ES.

    python benchmarks/walks.py [--evaluations 8000] [--seeds 5] [--window 8]

No sandbox. The landscape is the first program of `circle_packing_26` with its 26 centres, and a cap on the radii, as
53 numbers: moves change one centre, by steps of all sizes, or the cap. As in a run, ``--window`` moves are always under
way, so most start from where the walk stood some moves ago. *cycles* and *bursts* are what `shoal.search` does, by its
own code: a walk in a line, and bursts one after the other, each from the best so far; *CMA-ES alone* is bursts that do
not walk over rows first. *late limit* is what a change of structure meets: bursts on the 52 coordinates without a cap
first, for half of the evaluations; then the cap is put in, which loses at once, and one burst of small steps goes on.
Prints the median best sum of radii after so many evaluations, and a JSON line.
"""

from __future__ import annotations

import argparse
import json
import math
import runpy
import statistics
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import shoal
from shoal.search import _burst
from shoal.search._archive import Line, Member, new_line, walked
from shoal.search._decisions import accept

Floats = np.ndarray
PROGRAM = Path(shoal.__file__).parent / "tasks" / "circle_packing_26" / "initial.py"
CIRCLES, CAP = 26, 0.12
SMALLEST, LARGEST = math.log(1e-3), math.log(0.3)
LATE = 100  # moves that late acceptance looks back
NEVER = 10**9


def landscape() -> tuple[Floats, Callable[[Floats], float]]:
    """Where the walk starts, shape (53,), and the sum of radii for such numbers."""
    program = runpy.run_path(str(PROGRAM))

    def value(x: Floats) -> float:
        centres = x[:-1].reshape(CIRCLES, 2).tolist()
        capped = program["radii"].__globals__ | {"min": lambda *sides: min(*sides, float(x[-1]))}
        radii = type(program["radii"])(program["radii"].__code__, capped)
        return float(sum(radii(centres)))

    return np.append(np.array(program["layout"]()).ravel(), CAP), value


def moved(x: Floats, rng: np.random.Generator) -> Floats:
    """One centre drawn anew or moved, or the cap scaled."""
    y, kind, at = x.copy(), rng.random(), 2 * int(rng.integers(CIRCLES))
    step = math.exp(rng.uniform(SMALLEST, LARGEST))
    if kind < 0.08:
        y[at : at + 2] = rng.random(2)
    elif kind < 0.12:
        y[-1] *= math.exp(step * rng.normal())
    else:
        y[at : at + 2] += step * rng.normal(size=2)
    y[:-1] = np.clip(y[:-1], 0.0, 1.0)
    return y


def only_up(line: Line, score: float, moves: int, past: list[float]) -> bool:
    return score >= line.current.score


def late(line: Line, score: float, moves: int, past: list[float]) -> bool:
    """Late acceptance (Burke and Bykov 2017): as good as what stood there some moves ago."""
    return score >= line.current.score or score >= past[-LATE]


def cycles(line: Line, score: float, moves: int, past: list[float]) -> bool:
    return accept(line.current.score - score, line.losses, line.turn / line.length)


RULES = {"only up": only_up, "late acceptance": late, "cycles": cycles}


def walk(rule: str, *, seed: int, marks: list[int], window: int) -> list[float]:
    """The best score after each of ``marks`` evaluations."""
    rng = np.random.default_rng(seed)
    x, value = landscape()
    line = new_line(Member("0", value(x), "s", "first", literals=len(x)))
    if rule != "cycles":
        line = replace(line, length=NEVER)
    places = {"0": x}
    past, found = [line.current.score] * LATE, []
    under_way: deque[Floats] = deque()
    for k in range(1, marks[-1] + 1):
        while len(under_way) < window:
            under_way.append(moved(places[line.current.id], rng))
        y = under_way.popleft()
        child = Member(str(k), value(y), "s", "move", literals=len(x))
        taken = RULES[rule](line, child.score, k, past)
        places[child.id] = y
        line = walked(line, child, taken=taken, pool=1)
        past = [*past[1:], line.current.score]
        places = {id: place for id, place in places.items() if id in (line.best.id, line.current.id)}
        if k in marks:
            found.append(line.best.score)
    return found


def bursts(
    start: Floats,
    value: Callable[[Floats], float | None],
    columns: list[int],
    *,
    seed: int,
    marks: list[int],
    window: int,
    rows: bool,
) -> list[float]:
    """The best score after each of ``marks`` samples of one burst after another, with their walks or without.

    ``start`` (n,) are the numbers to begin with and ``columns`` says which are alike; a value is None where numbers are
    not allowed. ``window`` samples are under way at any time.
    """
    rng, best, first = np.random.default_rng(seed), start, value(start)
    assert first is not None
    score, found, burst, number = first, [], None, 0
    under_way: deque[Any] = deque()
    for k in range(1, marks[-1] + 1):
        while len(under_way) < window:
            if burst is None:
                numbers = {"values": best.tolist(), "kinds": ["float"] * len(best), "columns": columns}
                burst = _burst.begin(numbers, number=number, island=0, parent="0", score=score, shape="s")
                assert burst is not None
                burst = burst if rows else replace(burst, walk=None)
                number += 1
            burst, payload = _burst.sample(burst, rng)
            under_way.append(payload)
        payload = under_way.popleft()
        y = np.array(payload["values"])
        here = value(y)
        if here is not None and here > score:
            best, score = y, here
        if burst is not None and payload["burst"] == burst.number:
            burst = _burst.learn(burst, payload["index"], here, rejected=False)
        if k in marks:
            found.append(score)
    return found


def capped(*, seed: int, marks: list[int], window: int, rows: bool) -> list[float]:
    """Bursts on the centres and the cap."""
    start, value = landscape()

    def allowed(y: Floats) -> float | None:
        inside = bool(((y[:-1] >= 0) & (y[:-1] <= 1)).all()) and y[-1] > 0
        return value(y) if inside else None

    return bursts(start, allowed, [0, 1] * CIRCLES + [-1], seed=seed, marks=marks, window=window, rows=rows)


def late_limit(*, seed: int, marks: list[int], window: int) -> list[float]:
    """The best score so far after each of ``marks`` samples, one by one; at the half, what the cap leaves at once."""
    rng = np.random.default_rng(seed)
    start, value = landscape()
    start[-1] = 0.5  # no limit
    half = marks[-1] // 2
    tuned, before = climbed(start, value, len(start) - 1, samples=half, sigma=_burst.SIGMAS[0], rng=rng)
    tuned[-1] = CAP
    _, after = climbed(tuned, value, len(start), samples=marks[-1] - half, sigma=_burst.SIGMAS[-1], rng=rng)
    scores = np.maximum.accumulate([*before, value(tuned), *after])
    return [float(scores[mark]) if mark != half else value(tuned) for mark in marks]


def climbed(
    x: Floats, value: Callable[[Floats], float], free: int, *, samples: int, sigma: float, rng: np.random.Generator
) -> tuple[Floats, list[float]]:
    """The best of so many samples of one burst on the first ``free`` numbers, and the score of each, 0 for none."""
    numbers = {"values": x[:free].tolist(), "kinds": ["float"] * free, "columns": ([0, 1] * CIRCLES + [-1])[:free]}
    burst = _burst.begin(numbers, number=0, island=0, parent="0", score=value(x), shape="s", sigma=sigma)
    scores: list[float] = []
    best = x.copy()
    while burst is not None and len(scores) < samples:
        burst, payload = _burst.sample(burst, rng)
        y = np.append(payload["values"], x[free:])
        inside = bool(((y[:-1] >= 0) & (y[:-1] <= 1)).all()) and y[-1] > 0
        scores.append(value(y) if inside else 0.0)
        if scores[-1] >= max(scores):
            best = y
        burst = _burst.learn(burst, payload["index"], scores[-1] if inside else None, rejected=False)
    return best, scores + [0.0] * (samples - len(scores))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--evaluations", type=int, default=8000)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--window", type=int, default=8)
    parser.add_argument("--only", action="append", metavar="NAME", help="a line of the table; may be repeated")
    options = parser.parse_args()
    marks = [options.evaluations // 8, options.evaluations // 4, options.evaluations // 2, options.evaluations]
    print("evaluations".ljust(18), *(f"{mark:>9,}" for mark in marks))
    table = {}
    searches: dict[str, Callable[..., list[float]]] = {rule: partial(walk, rule) for rule in RULES}
    searches |= {"bursts": partial(capped, rows=True), "CMA-ES alone": partial(capped, rows=False)}
    searches["late limit"] = late_limit
    if options.only:
        searches = {name: searches[name] for name in options.only}
    for rule, search in searches.items():
        runs = [search(seed=seed, marks=marks, window=options.window) for seed in range(options.seeds)]
        table[rule] = [round(statistics.median(column), 4) for column in zip(*runs, strict=True)]
        print(rule.ljust(18), *(f"{one:9.4f}" for one in table[rule]), flush=True)
    print(json.dumps({"marks": marks, "seeds": options.seeds, "window": options.window, "medians": table}))


if __name__ == "__main__":
    main()
