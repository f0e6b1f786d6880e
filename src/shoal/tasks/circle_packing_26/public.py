"""A score that a candidate may call; each call is counted.

It works in float64, so it may differ from the judge's exact check by a rounding error.
"""

import numpy as np
from numpy.typing import ArrayLike


def score(centres: ArrayLike, radii: ArrayLike) -> float:
    """Return the sum of radii of a valid layout, or minus the depth of its worst violation.

    Args:
        centres: 26 pairs of numbers in [0, 1].
        radii: 26 numbers, 0 or more.
    """
    centres = np.asarray(centres, dtype=float).reshape(26, 2)
    radii = np.asarray(radii, dtype=float).reshape(26)
    if not (np.isfinite(centres).all() and np.isfinite(radii).all()):
        return float("-inf")
    first, second = np.triu_indices(26, 1)
    step = centres[first] - centres[second]
    room = [
        (np.hypot(step[:, 0], step[:, 1]) - radii[first] - radii[second]).min(),
        (np.minimum(centres, 1 - centres).min(axis=1) - radii).min(),
        radii.min(),
    ]
    return float(radii.sum()) if min(room) >= 0 else float(min(room))
