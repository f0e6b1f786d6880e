"""Step heights whose overlap with their complement should have a low peak: to start with, a flat function."""

import math

STEPS = 40


def heights():
    """Return the step heights from left to right; the judge scales their mean to 0.5, and none may then exceed 1."""
    steps = []
    for k in range(STEPS):
        x = (2 * k + 1) / STEPS - 1
        steps.append(min(max(profile(x), 0.0), 1.0))
    return steps


def profile(x):
    """Return the height at x in (-1, 1)."""
    return 0.5 + 0.0 * x + 0.0 * math.cos(3.0 * x)
