"""A score that a candidate may call; each call is counted."""

import numpy as np
from numpy.typing import ArrayLike


def score(heights: ArrayLike) -> float:
    """Return 2 n max(conv(h, h)) of the step heights scaled to sum 1 (lower is better); infinity when invalid.

    Args:
        heights: 1 to 2,000 numbers, 0 or more, not all zero.
    """
    steps = np.asarray(heights, dtype=float).ravel()
    valid = 1 <= steps.size <= 2000 and np.isfinite(steps).all() and steps.min() >= 0 and steps.max() > 0
    if not valid:
        return float("inf")
    steps = steps / steps.max()
    steps = steps / steps.sum()
    return float(2 * steps.size * np.convolve(steps, steps).max())
