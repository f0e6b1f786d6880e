"""A formula for an unknown curve: to start with, a straight line that is flat."""

import numpy as np


def curve(x):
    """Return the height at each place x; both have shape (n,)."""
    level = 0.0
    slope = 0.0
    wave = 0.0
    return level + slope * x + wave * np.sin(1.0 * x)
