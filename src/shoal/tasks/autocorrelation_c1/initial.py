"""Step heights whose autoconvolution should have a low peak: to start with, a flat function."""

import math

STEPS = 30


def heights():
    """Return the step heights from left to right; only their proportions count."""
    steps = []
    for k in range(STEPS):
        x = (2 * k + 1) / STEPS - 1
        steps.append(max(profile(x), 0.0))
    return steps


def profile(x):
    """Return the height at x in (-1, 1)."""
    return 1.0 + 0.0 * x + 0.0 * math.cos(3.0 * x)
