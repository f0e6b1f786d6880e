"""The sealed solve rate as self-modification goes on: what k steps bring, what shape the climb has, where it ends."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

__all__ = ["LEAST", "CurvePoint", "Fit", "ImpAtK", "fit", "imp_at_k"]

LEAST = 6  # points: AICc of the curves, with four estimated numbers, is defined from six on
# AICc by which a shape must be behind the best to be refuted (Burnham and Anderson, Model selection and multimodel
# inference, 2002, section 2.6).
_REFUTED = 4.0
_BENDS = np.geomspace(0.05, 30.0, 400)  # b times the span of generations: almost a line, to done in a tenth of it
_NAMED = {
    "level": "a level",
    "line": "a line",
    "saturating": "a saturating curve",
    "exponential": "an exponential curve",
}
_KNOWN = 1e-6  # solve rates that differ by less are equal


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The champion after ``generation`` metered self-modifications (0: the seed agent), on sealed tasks.

    ``rate`` is its solve rate (0 to 1) and ``low`` to ``high`` the 95 % interval; ``evaluations`` is what the search
    had spent by then.
    """

    generation: int
    evaluations: int
    rate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ImpAtK:
    """imp@k: the gain in sealed solve rate after ``k`` metered self-modifications, everything else frozen."""

    k: int
    gain: float


@dataclass(frozen=True, slots=True)
class Fit:
    """Which shape the points have, by least squares and AICc (lower is better).

    ``shape`` is the simplest of "level", "line", "saturating" and "exponential" that is within 4 of the lowest AICc;
    None where it cannot be told. ``parameters`` are its own in units of the curve: ``start``, and ``slope``, or
    ``height`` and ``bend`` per generation.
    ``flat_from`` is the first generation after which no later champion is better beyond its interval; None where the
    last one still is.
    """

    shape: str | None
    sentence: str
    aicc: Mapping[str, float] = field(default_factory=dict)
    parameters: Mapping[str, float] = field(default_factory=dict)
    flat_from: int | None = None


def imp_at_k(curve: Sequence[CurvePoint], k: int | None = None) -> ImpAtK | None:
    """The gain of the champion that stood after ``k`` self-modifications over the seed agent; k: the last by default.

    None for a curve that does not begin at the seed agent. Raises ValueError for a k below 1 or beyond the curve.
    """
    points = sorted(curve, key=lambda one: one.generation)
    if len(points) < 2 or points[0].generation != 0:
        return None
    last = points[-1].generation
    k = last if k is None else k
    if not 1 <= k <= last:
        raise ValueError(f"k = {k}: the curve tells of 1 to {last} self-modifications")
    standing = [one for one in points if one.generation <= k][-1]
    return ImpAtK(k, standing.rate - points[0].rate)


def fit(curve: Sequence[CurvePoint]) -> Fit:
    """Fit a level, a line, start + a (1 - exp(-b g)) and start + a (exp(b g) - 1), b > 0, to the rate by generation g.

    Below six generations nothing is told of the shape. Points are weighed alike.
    """
    points = sorted(curve, key=lambda one: one.generation)
    flat = _flat_from(points)
    if len({one.generation for one in points}) < LEAST:
        told = f"{len(points)} point{'s' * (len(points) != 1)} cannot tell the shape of the curve; {LEAST} or more can"
        return Fit(None, told + _flat_words(points, flat), flat_from=flat)
    x = np.array([one.generation for one in points], dtype=float)
    y = np.array([one.rate for one in points])
    fitted = _fits(x, y)
    aicc = {shape: _aicc(rss, len(y), parameters=len(found)) for shape, (rss, found) in fitted.items()}
    lowest = min(aicc.values())
    left = [shape for shape in aicc if aicc[shape] - lowest < _REFUTED]
    shape = left[0] if left[0] in ("level", "line") or len(left) == 1 else None
    if shape is None:
        told = f"the {len(y)} points are neither a level nor a line, and cannot tell saturating from exponential"
    else:
        told = f"{_NAMED[shape]} is the simplest shape that fits the {len(y)} points"
    return Fit(shape, told + _flat_words(points, flat), aicc, fitted[shape][1] if shape else {}, flat)


Fitted = tuple[float, dict[str, float]]  # sum of squared residuals, parameters


def _fits(x: np.ndarray, y: np.ndarray) -> dict[str, Fitted]:
    """All four: the bend is searched on a grid, for each bend the rest is a linear fit in closed form."""
    span = float(x[-1] - x[0])
    total = float(((y - y.mean()) ** 2).sum())
    fitted: dict[str, Fitted] = {"level": (total, {"start": float(y.mean())})}
    rss, slope, start = (float(one[0]) for one in _linear(x[None], y))
    fitted["line"] = (rss, {"start": start, "slope": slope})
    for shape, sign in (("saturating", -1.0), ("exponential", 1.0)):
        bends = _BENDS / span
        errors, heights, starts = _linear(sign * np.expm1(sign * bends[:, None] * x), y)
        place = int(errors.argmin())
        found = {"start": float(starts[place]), "height": float(heights[place]), "bend": float(bends[place])}
        fitted[shape] = (float(errors[place]), found)
    return fitted


def _linear(basis: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Squared error, factor and offset of y by each row of ``basis``, (rows, points)."""
    centred = basis - basis.mean(axis=1, keepdims=True)
    squares = (centred**2).sum(axis=1)
    factors = centred @ y / squares
    offsets = y.mean() - factors * basis.mean(axis=1)
    errors = ((y - offsets[:, None] - factors[:, None] * basis) ** 2).sum(axis=1)
    return errors, factors, offsets


def _aicc(rss: float, n: int, *, parameters: int) -> float:
    """Akaike's criterion with the small-sample correction (Hurvich and Tsai 1989); the variance is estimated too."""
    k = parameters + 1
    return n * math.log(rss / n + _KNOWN**2) + 2 * k + 2 * k * (k + 1) / (n - k - 1)


def _flat_from(points: Sequence[CurvePoint]) -> int | None:
    """The first generation after which no later interval lies above its rate; None where that is the last one."""
    for place, one in enumerate(points[:-1]):
        if all(later.low <= one.rate for later in points[place + 1 :]):
            return one.generation
    return None


def _flat_words(points: Sequence[CurvePoint], flat: int | None) -> str:
    if len(points) < 2:
        return ""
    if flat is None:
        return "; it still rises at the end"
    if flat == points[0].generation:
        return "; no generation is better than the first beyond its interval"
    return f"; after generation {flat} none is better beyond its interval"
