"""Judge of `tsp_constructive`: asks for one city after another and measures the round trip.

The candidate sees distances only, never the places, as in the published versions of this task. The last leg but one
leaves no choice, so nothing is asked for it.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoal.judging import Ask, Wrong, permutation

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

CITIES = 100
FAMILIES = {"n50": 50, "n200": 200}


def instances(split: str, rng: np.random.Generator) -> Iterator[Floats]:
    """Yield the places of 100 cities in the unit square, shape (100, 2), without end; every split has this recipe."""
    while True:
        yield rng.random((CITIES, 2))


def transfer(family: str, rng: np.random.Generator) -> Iterator[Floats]:
    """Yield the places of as many cities as the family says."""
    while True:
        yield rng.random((FAMILIES[family], 2))


def play(instance: Floats, ask: Ask) -> dict[str, Any]:
    """Go where the candidate wants to; return the length of the round trip."""
    distances = between(instance)
    trip = travelled(distances, ask)
    legs = distances[trip, np.roll(trip, -1)]
    length = float(legs.sum())
    last = float(legs[-len(legs) // 10 :].sum() / length)
    nearest = float((legs[:-1] <= shortest_open(distances, trip)).mean())
    return {
        "score": length,
        "metrics": {"longest_leg": float(legs.max()), "last_tenth": last, "nearest_taken": nearest},
        "descriptor": [nearest, last],
        "feedback": f"length {length:.3f}; the longest leg is {legs.max():.3f}, the way home {legs[-1]:.3f}; the last "
        f"tenth of the legs makes {100 * last:.0f} % of the length; {100 * nearest:.0f} % went to the nearest city",
        "trace": trip,
    }


def between(places: Floats) -> Floats:
    """Return the distance of each two places, shape (n, n)."""
    step = places[:, None] - places
    distances: Floats = np.hypot(step[..., 0], step[..., 1])
    return distances


def travelled(distances: Floats, ask: Ask) -> Integers:
    """Return the cities in the order of the trip, shape (n,), each exactly once."""
    unvisited = np.arange(1, len(distances))
    trip = [0]
    while len(unvisited) > 1:
        city = ask("next_city", trip[-1], unvisited, distances)
        place = int(np.searchsorted(unvisited, city))
        if place == len(unvisited) or unvisited[place] != city:
            raise Wrong(f"next_city: {city} is not one of the {len(unvisited)} unvisited cities")
        trip.append(city)
        unvisited = np.delete(unvisited, place)
    return np.array([*trip, *unvisited.tolist()])


def shortest_open(distances: Floats, trip: Integers) -> Floats:
    """Return for each leg but the last how far the nearest city was that had not been visited, shape (n - 1,)."""
    ordered = distances[np.ix_(trip, trip)]
    open_ = np.where(np.triu(np.ones_like(ordered, dtype=bool), 1), ordered, np.inf)
    nearest: Floats = open_[:-1].min(axis=1)
    return nearest


def picture(instance: Floats, trace: Any) -> bytes:
    """Return a PNG: the round trip, its start, and the leg that leads home."""
    import io

    from matplotlib.figure import Figure

    trip = permutation(trace, length=len(instance), name="trip")
    way = instance[np.append(trip, trip[0])]
    length = float(between(instance)[trip, np.roll(trip, -1)].sum())
    figure = Figure(figsize=(6.4, 6.7), dpi=120, layout="constrained")
    axes = figure.add_subplot(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), aspect="equal")
    axes.plot(way[:-1, 0], way[:-1, 1], color="#12303f", linewidth=1.3)
    axes.plot(way[-2:, 0], way[-2:, 1], color="#e4572e", linewidth=1.3, linestyle=(0, (5, 3)))
    axes.plot(instance[:, 0], instance[:, 1], "o", markersize=4.5, color="#7fc4c9", markeredgecolor="#12303f")
    axes.plot(*way[0], "s", markersize=8, color="#e4572e")
    axes.set_axis_off()
    axes.set_title(f"{len(instance)} cities   length of the trip {length:.4f}", fontsize=12, color="#12303f")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()
