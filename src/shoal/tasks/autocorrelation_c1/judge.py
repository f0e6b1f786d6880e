"""Judge of `autocorrelation_c1`: 2 n max(conv(h, h)) for n step heights h >= 0 of sum 1.

With f the step function on [-1/4, 1/4] this is max f*f divided by (integral of f) squared, the constant C1 that the
first autocorrelation inequality bounds from below.
"""

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
    """Return the constant that the heights prove, with where the peak lies and how the mass is spread."""
    heights = checked(output)
    curve = autoconvolution(heights)
    level = float((curve > 0.999 * curve.max()).mean())
    peak = 2 * int(curve.argmax()) / max(len(curve) - 1, 1) - 1
    filled = float((heights > 0.01 * heights.max()).mean())
    return {
        "score": float(curve.max()),
        "metrics": {
            "steps": float(len(heights)),
            "share_at_peak": level,
            "peak_position": peak,
            "share_filled": filled,
        },
        "descriptor": [filled, level],
        "feedback": f"{len(heights)} steps; peak at {0.5 * peak:+.3f} of [-0.5, 0.5]; "
        f"{100 * level:.1f} % of the autoconvolution is within 0.1 % of its peak (the flatter, the better)",
    }


def checked(heights: Floats) -> Floats:
    """Return the heights scaled to sum 1, shape (n,), or raise `Wrong`; `task.toml` says that none is negative."""
    if not 1 <= len(heights) <= LONGEST:
        raise Wrong(f"heights: need 1 to {LONGEST} steps, got {len(heights)}")
    if heights.max() == 0:
        raise Wrong("heights: all steps are zero")
    # By the maximum first: the sum of huge heights would overflow, products of tiny ones underflow.
    heights = heights / heights.max()
    scaled: Floats = heights / heights.sum()
    return scaled


def autoconvolution(heights: Floats) -> Floats:
    """Return the values of the scaled autoconvolution at its 2 n - 1 corners; the score is their maximum."""
    return 2 * len(heights) * np.convolve(heights, heights)


def picture(instance: None, output: Floats) -> bytes:
    """Return a PNG: the step function above its autoconvolution."""
    import io

    from matplotlib.figure import Figure

    heights = checked(output)
    figure = Figure(figsize=(7.2, 6.0), dpi=120, layout="constrained")
    above, below = figure.subplots(2, 1)
    draw_steps(above, heights)
    draw_autoconvolution(below, autoconvolution(heights))
    for axes in (above, below):
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(labelsize=9, colors="#12303f")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()


def draw_steps(axes: Any, heights: Floats) -> None:
    """Draw the step function, scaled to integral 1."""
    edges = np.linspace(-0.25, 0.25, len(heights) + 1)
    axes.stairs(2 * len(heights) * heights, edges, fill=True, color="#7fc4c9")
    axes.stairs(2 * len(heights) * heights, edges, color="#12303f", linewidth=1.1)
    axes.set(xlim=(-0.25, 0.25), ylim=(0, 1.12 * 2 * len(heights) * heights.max()))
    axes.set_title(f"step function, {len(heights)} steps of integral 1", fontsize=12, color="#12303f", loc="left")


def draw_autoconvolution(axes: Any, curve: Floats) -> None:
    """Draw the autoconvolution, piecewise linear between its corners, and the level of its peak."""
    places = np.linspace(-0.5, 0.5, len(curve) + 2)
    values = np.concatenate([[0.0], curve, [0.0]])
    axes.fill_between(places, values, color="#d5ecee")
    axes.plot(places, values, color="#12303f", linewidth=1.3)
    axes.axhline(curve.max(), color="#e4572e", linewidth=1.3, linestyle=(0, (5, 3)))
    axes.set(xlim=(-0.5, 0.5), ylim=(0, 1.12 * curve.max()))
    axes.set_title(f"its autoconvolution   peak {curve.max():.6f}", fontsize=12, color="#12303f", loc="left")
