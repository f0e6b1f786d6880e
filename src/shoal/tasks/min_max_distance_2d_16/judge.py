"""Judge of `min_max_distance_2d_16`: (largest distance / smallest distance)^2 of 16 points in the plane.

Every float64 is a fraction whose denominator is a power of two, so all coordinates become integers on one common grid,
squared distances are integers of any length, and the one division at the end is the only step that rounds: points that
are far from the origin or very close together gain nothing by it.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoal.judging import Wrong

Floats = NDArray[np.float64]

CLOSE = 1e-6  # what metrics and the picture call equally far; the score knows no tolerance
WORST = 10**6  # the upper end of the range in `task.toml`
PAIRS = tuple(combinations(range(16), 2))


def instances(split: str, rng: np.random.Generator) -> Iterator[None]:
    """Yield the one instance: there is nothing to vary."""
    yield None


def score(instance: None, output: Floats) -> dict[str, Any]:
    """Return the squared ratio, with how many pairs attain the largest and the smallest distance."""
    squares = squared_distances(output)
    ratios = np.array([square / min(squares) for square in squares])
    worst = float(ratios.max())
    shortest = int((ratios < 1 + CLOSE).sum())
    longest = int((ratios > worst * (1 - CLOSE)).sum())
    near, far = PAIRS[int(ratios.argmin())], PAIRS[int(ratios.argmax())]
    return {
        "score": worst,
        "metrics": {
            "shortest_pairs": float(shortest),
            "longest_pairs": float(longest),
            "mean_ratio": float(ratios.mean()),
        },
        "descriptor": [float(np.sqrt(ratios / worst).mean()), float(np.sqrt(ratios / worst).std())],
        "feedback": f"{shortest} pairs at the smallest distance (such as points {near[0]} and {near[1]}), "
        f"{longest} at the largest (such as {far[0]} and {far[1]})",
    }


def squared_distances(points: Floats) -> list[int]:
    """Return the squared distance of each pair in `PAIRS`, exactly, in one common unit; raise `Wrong` for close points.

    `task.toml` has seen to the shape, to float64 and to finite coordinates within a million of the origin.
    """
    values = on_common_grid(points.ravel().tolist())
    places = list(zip(values[::2], values[1::2], strict=True))
    squares = [(places[i][0] - places[j][0]) ** 2 + (places[i][1] - places[j][1]) ** 2 for i, j in PAIRS]
    if max(squares) >= WORST * min(squares):
        i, j = PAIRS[squares.index(min(squares))]
        raise Wrong(f"points {i} and {j} are less than a thousandth of the largest distance apart")
    return squares


def on_common_grid(values: list[float]) -> list[int]:
    """Return the floats as exact integers in the coarsest unit that holds all of them."""
    ratios = [value.as_integer_ratio() for value in values]
    one = max(bottom for _, bottom in ratios)
    return [top * (one // bottom) for top, bottom in ratios]


def picture(instance: None, output: Floats) -> bytes:
    """Return a PNG: the points, and the pairs at the smallest and at the largest distance."""
    import io

    from matplotlib.figure import Figure

    squares = squared_distances(output)
    ratios = np.array([square / min(squares) for square in squares])
    figure = Figure(figsize=(6.4, 6.9), dpi=120, layout="constrained")
    axes = figure.add_subplot(aspect="equal")
    draw_pairs(axes, output, ratios < 1 + CLOSE, "#12303f", "smallest")
    draw_pairs(axes, output, ratios > ratios.max() * (1 - CLOSE), "#e4572e", "largest")
    axes.plot(output[:, 0], output[:, 1], "o", markersize=9, color="#7fc4c9", markeredgecolor="#12303f")
    axes.margins(0.06)
    axes.set_axis_off()
    axes.legend(frameon=False, fontsize=9, loc="upper center", bbox_to_anchor=(0.5, 0.0), ncols=2)
    title = f"16 points   (largest / smallest distance)² = {ratios.max():.9f}"
    axes.set_title(title, fontsize=12, color="#12303f")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()


def draw_pairs(axes: Any, points: Floats, chosen: NDArray[np.bool_], colour: str, name: str) -> None:
    """Draw a line between the points of each chosen pair."""
    pairs = points[np.array(PAIRS)[chosen]]
    gaps = np.concatenate([pairs, np.full((len(pairs), 1, 2), np.nan)], axis=1).reshape(-1, 2)
    width = 1.6 if name == "smallest" else 0.9
    axes.plot(gaps[:, 0], gaps[:, 1], color=colour, linewidth=width, label=f"{len(pairs)} at the {name} distance")
