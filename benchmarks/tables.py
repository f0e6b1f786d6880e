"""How far bursts come on tables of points: with their walks over rows, and CMA-ES alone.

    python benchmarks/tables.py [--evaluations 4000] [--seeds 8] [--window 2]

No sandbox. Four landscapes, of no task but the first, so that a choice made on the circles shows elsewhere too: 26
circles in a square, 16 points with the largest ratio of their smallest distance to their largest, 11 points in a square
with the largest smallest triangle (Heilbronn), 20 points on a sphere with the largest smallest angle (Tammes; the score
is its negative cosine). Bursts follow each other from the best so far, as in a run of one line. Prints the mean best
score after so many evaluations, and a JSON line.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import statistics
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from shoal.search import _burst

Floats = np.ndarray
TRIPLES = np.array(list(itertools.combinations(range(11), 3)))


@dataclass(frozen=True)
class Landscape:
    """Rows (m, w) to begin with, and what rows are worth; None where they are not allowed."""

    rows: Floats
    value: Callable[[Floats], float | None]


def circles(rows: Floats) -> float | None:
    """The sum of radii that just fit, each pair shrunk in proportion."""
    if _outside(rows):
        return None
    sizes = np.minimum(rows, 1.0 - rows).min(axis=1).tolist()
    for i, (x, y) in enumerate(rows.tolist()):
        for j in range(i):
            gap, reach = math.hypot(x - rows[j, 0], y - rows[j, 1]), sizes[i] + sizes[j]
            if reach > gap:
                sizes[i] *= gap / reach
                sizes[j] *= gap / reach
    return float(sum(sizes))


def ratio(rows: Floats) -> float:
    distances = _pairs(np.linalg.norm(rows[:, None] - rows, axis=2))
    return float(distances.min() / distances.max())


def triangles(rows: Floats) -> float | None:
    if _outside(rows):
        return None
    a, b, c = (rows[TRIPLES[:, k]] for k in range(3))
    (bx, by), (cx, cy) = (b - a).T, (c - a).T
    return float(np.abs(bx * cy - cx * by).min() / 2.0)


def sphere(rows: Floats) -> float:
    places = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return -float(_pairs(places @ places.T).max())


def _outside(rows: Floats) -> bool:
    return bool(((rows < 0.0) | (rows > 1.0)).any())


def _pairs(square: Floats) -> Floats:
    return np.asarray(square[np.triu_indices(len(square), 1)])


def landscapes() -> dict[str, Landscape]:
    """By name; the first layouts are rings, a sheared grid, and random points."""
    angles = [2 * math.pi * k / 8 for k in range(8)], [2 * math.pi * k / 16 for k in range(16)]
    inner, outer = (
        [[0.5 + r * math.cos(a), 0.5 + r * math.sin(a)] for a in some]
        for r, some in zip((0.3, 0.7), angles, strict=True)
    )
    rings = np.clip(np.array([[0.5, 0.5], *inner, *outer, [0.0, 0.0]]), 0.01, 0.99)
    grid = np.array([[x + 0.3 * (y % 2), y] for x in range(4) for y in range(4)], dtype=float)
    return {
        "circles": Landscape(rings, circles),
        "ratio": Landscape(grid, ratio),
        "triangles": Landscape(np.random.default_rng(5).random((11, 2)), triangles),
        "sphere": Landscape(np.random.default_rng(6).normal(size=(20, 3)), sphere),
    }


def climbed(landscape: Landscape, *, seed: int, marks: list[int], window: int, walks: bool) -> list[float]:
    """The best score after each of ``marks`` samples, ``window`` of them under way at any time."""
    rng, (m, w) = np.random.default_rng(seed), landscape.rows.shape
    best, first = landscape.rows.ravel(), landscape.value(landscape.rows)
    assert first is not None
    score, found, burst, number = first, [], None, 0
    under_way: deque[Any] = deque()
    for k in range(1, marks[-1] + 1):
        while len(under_way) < window:
            if burst is None:
                numbers = {"values": best.tolist(), "kinds": ["float"] * (m * w), "columns": list(range(w)) * m}
                burst = _burst.begin(numbers, number=number, island=0, parent="0", score=score, shape="s")
                assert burst is not None
                burst = burst if walks else replace(burst, walk=None)
                number += 1
            burst, payload = _burst.sample(burst, rng)
            under_way.append(payload)
        payload = under_way.popleft()
        values = np.array(payload["values"])
        here = landscape.value(values.reshape(m, w))
        if here is not None and here > score:
            best, score = values, here
        if burst is not None and payload["burst"] == burst.number:
            burst = _burst.learn(burst, payload["index"], here, rejected=False)
        if k in marks:
            found.append(score)
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--evaluations", type=int, default=4000)
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--window", type=int, default=2)
    options = parser.parse_args()
    marks = [options.evaluations // k for k in (8, 4, 2, 1)]
    print("evaluations".ljust(24), *(f"{mark:>9,}" for mark in marks))
    table = {}
    for name, landscape in landscapes().items():
        for how, walks in (("bursts", True), ("CMA-ES alone", False)):
            runs = [
                climbed(landscape, seed=seed, marks=marks, window=options.window, walks=walks)
                for seed in range(options.seeds)
            ]
            means = [statistics.mean(column) for column in zip(*runs, strict=True)]
            table[f"{name}, {how}"] = [round(mean, 5) for mean in means]
            print(f"{name}, {how}".ljust(24), *(f"{mean:9.4f}" for mean in means), flush=True)
    print(json.dumps({"marks": marks, "seeds": options.seeds, "window": options.window, "means": table}))


if __name__ == "__main__":
    main()
