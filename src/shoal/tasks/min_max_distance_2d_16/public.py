"""A score that a candidate may call; each call is counted.

It works in float64, so it may differ from the judge's exact check by a rounding error.
"""

import numpy as np
from numpy.typing import ArrayLike


def score(points: ArrayLike) -> float:
    """Return (largest distance / smallest distance)^2 of 16 points (lower is better); infinity when invalid.

    Args:
        points: 16 pairs of numbers.
    """
    places = np.asarray(points, dtype=float).reshape(16, 2)
    if not np.isfinite(places).all():
        return float("inf")
    first, second = np.triu_indices(16, 1)
    squares = ((places[first] - places[second]) ** 2).sum(axis=1)
    return float(squares.max() / squares.min()) if squares.min() > 0 else float("inf")
