"""A score that a candidate may call; each call is counted."""

import numpy as np
from numpy.typing import ArrayLike


def score(heights: ArrayLike) -> float:
    """Return the largest overlap of the step heights scaled to mean 0.5 (lower is better); infinity when invalid.

    Args:
        heights: 1 to 2,000 numbers, 0 or more, not all zero, none above twice their mean.
    """
    steps = np.asarray(heights, dtype=float).ravel()
    valid = 1 <= steps.size <= 2000 and np.isfinite(steps).all() and steps.min() >= 0 and steps.max() > 0
    if not valid:
        return float("inf")
    steps = steps / steps.max()
    steps = steps * (steps.size / (2 * steps.sum()))
    if steps.max() > 1:
        return float("inf")
    return float(np.correlate(steps, 1 - steps, "full").max() * 2 / steps.size)
