"""Judge of `cap_set_8`: the size of the cap set that a greedy construction builds by the candidate's priorities.

A cap set is a set of vectors over {0, 1, 2} of which no three different ones sum to zero modulo 3: no three on a line.
All 3^8 vectors are gone through once, the highest priority first and in lexicographic order where priorities are equal;
each is taken unless it completes a line with two that were taken before (the construction of FunSearch).

The vector with the digits d has the number sum of d[k] 3^(7 - k), so that ascending numbers are lexicographic order.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoal.judging import Ask, array

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

LENGTH = 8
HALF = 3 ** (LENGTH // 2)


def digits_of(length: int) -> Integers:
    """Return all vectors of this length in lexicographic order, shape (3^length, length)."""
    return np.indices((3,) * length).reshape(length, -1).T


def completing(length: int) -> Integers:
    """Return a table of the number of the vector on the line through two others, shape (3^length, 3^length)."""
    digits = digits_of(length)
    third = -(digits[:, None] + digits) % 3
    numbers: Integers = third @ 3 ** np.arange(length - 1, -1, -1)
    return numbers


VECTORS = digits_of(LENGTH)
QUESTIONS = [(vector,) for vector in VECTORS.tolist()]
THIRD = completing(LENGTH // 2)  # of half a vector: the whole table would have 43 million entries


def instances(split: str, rng: np.random.Generator) -> Iterator[None]:
    """Yield the one instance: there is nothing to vary."""
    yield None


def play(instance: None, ask: Ask) -> dict[str, Any]:
    """Ask for all priorities, build the set and check it; return its size."""
    priorities = array(ask.many("priority", QUESTIONS), shape=(len(VECTORS),), name="priorities")
    chosen = construct(np.argsort(-priorities, kind="stable"))
    check(VECTORS[chosen])
    counts = np.array([(VECTORS[chosen] == digit).sum(axis=1) for digit in range(3)])
    levels = len(np.unique(priorities))
    spread = float(np.std(counts[0]))
    return {
        "score": len(chosen),
        "metrics": {"different_priorities": float(levels), "mean_zeros": float(counts[0].mean())},
        "descriptor": [float(counts[0].mean()), spread],
        "feedback": f"{len(chosen)} vectors; {levels} different priorities among {len(VECTORS)}; the set has "
        f"{counts[0].mean():.2f} zeros, {counts[1].mean():.2f} ones and {counts[2].mean():.2f} twos in the mean vector",
        "trace": chosen,
    }


def construct(order: Integers) -> Integers:
    """Return the numbers of the vectors taken, in the order of taking, shape (size,)."""
    barred = np.zeros(len(VECTORS), dtype=bool)
    high, low = np.divmod(order, HALF)
    taken = np.zeros(len(VECTORS), dtype=np.int64)
    size = 0
    for place, number in enumerate(order.tolist()):
        if not barred[number]:
            before = taken[:size]
            barred[HALF * THIRD[high[place], high[before]] + THIRD[low[place], low[before]]] = True
            taken[size] = place
            size += 1
    return order[taken[:size]]


def check(vectors: Integers) -> None:
    """Raise unless the vectors differ and no three of them sum to zero modulo 3; knows nothing of the construction."""
    weights = 3 ** np.arange(LENGTH)
    member = np.zeros(3**LENGTH, dtype=bool)
    member[vectors @ weights] = True
    first, second = np.triu_indices(len(vectors), 1)
    missing = np.zeros(len(first), dtype=np.int64)
    for digit, weight in zip(vectors.T.astype(np.int8), weights, strict=True):
        missing += weight * ((6 - digit[first] - digit[second]) % 3)
    if member.sum() != len(vectors) or member[missing].any():
        raise RuntimeError("the construction went wrong: three vectors on a line")


def picture(instance: None, trace: Any) -> bytes:
    """Return a PNG: the 81 by 81 vectors, the first four digits downwards and the last four to the right."""
    import io

    from matplotlib.colors import ListedColormap
    from matplotlib.figure import Figure

    chosen = array(trace, shape=(None,), dtype=np.int64, name="chosen")
    board = np.zeros((HALF, HALF))
    board[np.divmod(chosen, HALF)] = 1
    figure = Figure(figsize=(6.4, 6.7), dpi=120, layout="constrained")
    axes = figure.add_subplot(aspect="equal")
    axes.imshow(board, cmap=ListedColormap(["#f4f8f9", "#12303f"]), interpolation="nearest")
    for width, step in ((0.4, 9), (1.2, 27)):
        for line in np.arange(0, HALF + 1, step) - 0.5:
            axes.axhline(line, color="#7fc4c9", linewidth=width)
            axes.axvline(line, color="#7fc4c9", linewidth=width)
    axes.set(xlim=(-0.5, HALF - 0.5), ylim=(HALF - 0.5, -0.5), xticks=[], yticks=[])
    axes.set_xlabel("last four digits", fontsize=9)
    axes.set_ylabel("first four digits", fontsize=9)
    title = f"{len(chosen)} of 6,561 vectors, no three on a line"
    axes.set_title(title, fontsize=12, color="#12303f")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()
