"""Judge of `erdos_overlap`: max(correlate(h, 1 - h)) 2 / n for n step heights 0 <= h <= 1 of sum n / 2.

With f the step function on [0, 2] this is the largest integral of f(x) (1 - f(x + k)) over all shifts k: between whole
steps the overlap is linear in the shift, so its peak lies at one of the shifts that are looked at. Every valid answer
bounds the constant of Erdős's minimum overlap problem from above (Haugland 2016).
"""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoal.judging import Wrong

Floats = NDArray[np.float64]

LONGEST = 2000


def instances(split: str, rng: np.random.Generator) -> Iterator[None]:
    """Yield the one instance: there is nothing to vary."""
    yield None


def score(instance: None, output: Floats) -> dict[str, Any]:
    """Return the largest overlap, with where it lies and how the heights are spread."""
    heights = checked(output)
    curve = overlap(heights)
    level = float((curve > 0.999 * curve.max()).mean())
    shift = 4 * (int(curve.argmax()) + 1) / (len(curve) + 1) - 2
    full = float((heights > 0.99).mean())
    return {
        "score": float(curve.max()),
        "metrics": {
            "steps": float(len(heights)),
            "share_at_peak": level,
            "shift_of_peak": shift,
            "share_full": full,
        },
        "descriptor": [full, level],
        "feedback": f"{len(heights)} steps, highest {heights.max():.3f} of 1; largest overlap at shift {shift:+.3f} of "
        f"[-2, 2]; {100 * level:.1f} % of the shifts are within 0.1 % of it (the more, the better)",
    }


def checked(heights: Floats) -> Floats:
    """Return the heights scaled to mean 0.5, shape (n,), or raise `Wrong`; `task.toml` says that none is negative."""
    if not 1 <= len(heights) <= LONGEST:
        raise Wrong(f"heights: need 1 to {LONGEST} steps, got {len(heights)}")
    if heights.max() == 0:
        raise Wrong("heights: all steps are zero")
    # By the maximum first: the sum of huge heights would overflow. What is 1 then decides alone whether all fit.
    heights = heights / heights.max()
    factor = len(heights) / (2 * math.fsum(heights.tolist()))
    if factor > 1:
        raise Wrong(f"heights: the highest is {2 * factor:.6g} times the mean, so scaled to mean 0.5 it would exceed 1")
    scaled: Floats = heights * factor
    return scaled


def overlap(heights: Floats) -> Floats:
    """Return the overlap at the 2 n - 1 whole shifts, shape (2 n - 1,); the score is their maximum."""
    return np.correlate(heights, 1 - heights, "full") * (2 / len(heights))


def picture(instance: None, output: Floats) -> bytes:
    """Return a PNG: the step function above its overlap at each shift."""
    import io

    from matplotlib.figure import Figure

    heights = checked(output)
    figure = Figure(figsize=(7.2, 6.0), dpi=120, layout="constrained")
    above, below = figure.subplots(2, 1)
    draw_steps(above, heights)
    draw_overlap(below, overlap(heights))
    for axes in (above, below):
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(labelsize=9, colors="#12303f")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()


def draw_steps(axes: Any, heights: Floats) -> None:
    """Draw the step function, scaled to integral 1."""
    edges = np.linspace(0, 2, len(heights) + 1)
    axes.stairs(heights, edges, fill=True, color="#7fc4c9")
    axes.stairs(heights, edges, color="#12303f", linewidth=1.1)
    axes.set(xlim=(0, 2), ylim=(0, 1.08))
    axes.set_title(f"step function, {len(heights)} steps of integral 1", fontsize=12, color="#12303f", loc="left")


def draw_overlap(axes: Any, curve: Floats) -> None:
    """Draw the overlap, piecewise linear between whole shifts, and the level of its peak."""
    places = np.linspace(-2, 2, len(curve) + 2)
    values = np.concatenate([[0.0], curve, [0.0]])
    axes.fill_between(places, values, color="#d5ecee")
    axes.plot(places, values, color="#12303f", linewidth=1.3)
    axes.axhline(curve.max(), color="#e4572e", linewidth=1.3, linestyle=(0, (5, 3)))
    axes.set(xlim=(-2, 2), ylim=(0, 1.12 * curve.max()), xlabel="shift")
    axes.set_title(f"overlap with the complement   peak {curve.max():.6f}", fontsize=12, color="#12303f", loc="left")
