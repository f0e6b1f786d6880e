"""How far bursts come on tables of points: with their walks over rows, and CMA-ES alone.

    python benchmarks/tables.py [--evaluations 4000] [--seeds 8] [--window 2]

No sandbox. Four landscapes, two of them of no task, so that a choice made on the circles shows elsewhere too: 26
circles in a square, 16 points with the largest ratio of their smallest distance to their largest, 11 points in a square
with the largest smallest triangle (Heilbronn), 20 points on a sphere with the largest smallest angle (Tammes; the score
is its negative cosine). Bursts follow each other from the best so far, as in a run of one line. Prints the mean best
score after so many evaluations, and a JSON line.
"""

from __future__ import annotations

import argparse
import itertools
import json
import runpy
import statistics
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from walks import PROGRAM, bursts

Floats = np.ndarray
TRIPLES = np.array(list(itertools.combinations(range(11), 3)))


@dataclass(frozen=True)
class Landscape:
    """Rows (m, w) to begin with, and what rows are worth; None where they are not allowed."""

    rows: Floats
    value: Callable[[Floats], float | None]


def circles() -> Landscape:
    """The task's first program, as it is: its layout, and the sum of the radii that it finds."""
    program = runpy.run_path(str(PROGRAM))

    def value(rows: Floats) -> float | None:
        return None if _outside(rows) else float(sum(program["radii"](rows.tolist())))

    return Landscape(np.array(program["layout"]()), value)


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
    """By name; the first layouts are the task's rings, a sheared grid, and random points."""
    grid = np.array([[x + 0.3 * (y % 2), y] for x in range(4) for y in range(4)], dtype=float)
    return {
        "circles": circles(),
        "ratio": Landscape(grid, ratio),
        "triangles": Landscape(np.random.default_rng(5).random((11, 2)), triangles),
        "sphere": Landscape(np.random.default_rng(6).normal(size=(20, 3)), sphere),
    }


def climbed(landscape: Landscape, *, seed: int, marks: list[int], window: int, rows: bool) -> list[float]:
    """The best score after each of ``marks`` samples."""
    m, w = landscape.rows.shape

    def value(y: Floats) -> float | None:
        return landscape.value(y.reshape(m, w))

    columns = list(range(w)) * m
    return bursts(landscape.rows.ravel(), value, columns, seed=seed, marks=marks, window=window, rows=rows)


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
        for how, rows in (("bursts", True), ("CMA-ES alone", False)):
            runs = [
                climbed(landscape, seed=seed, marks=marks, window=options.window, rows=rows)
                for seed in range(options.seeds)
            ]
            means = [statistics.mean(column) for column in zip(*runs, strict=True)]
            table[f"{name}, {how}"] = [round(mean, 5) for mean in means]
            print(f"{name}, {how}".ljust(24), *(f"{mean:9.4f}" for mean in means), flush=True)
    print(json.dumps({"marks": marks, "seeds": options.seeds, "window": options.window, "means": table}))


if __name__ == "__main__":
    main()
