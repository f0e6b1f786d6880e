"""The picture of an improvement: what a case costs as it grows, before and after."""

from __future__ import annotations

import io
from collections.abc import Sequence

from shoal.labs.evolve.improve._result import SizePoint, Speedup

__all__ = ["draw_sizes"]

INK, BEFORE, AFTER = "#12303f", "#e4572e", "#1b7f8c"


def draw_sizes(points: Sequence[SizePoint], speedup: Speedup | None, *, title: str) -> bytes:
    """A PNG with CPU time against size, both axes logarithmic; growth as a slope is in the labels."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.2, 4.4), dpi=120, layout="constrained")
    axes = figure.add_subplot()
    factors = [point.factor for point in points]
    for name, colour, seconds in (
        ("before", BEFORE, [point.before for point in points]),
        ("after", AFTER, [point.after for point in points]),
    ):
        slope = _slope(factors, seconds)
        told = f"{name}, grows as size^{slope:.1f}" if slope is not None else name
        axes.plot(factors, [1e3 * one for one in seconds], "o-", color=colour, linewidth=2, label=told)
    axes.set(xscale="log", yscale="log")
    axes.set_xticks(factors, [f"{factor:g}x" for factor in factors])
    axes.minorticks_off()
    axes.set_xlabel("size of a case, of the recorded calls", color=INK)
    axes.set_ylabel("CPU time of a case, ms", color=INK)
    axes.grid(True, which="major", color="#dce6e8", linewidth=0.8)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=9, colors=INK)
    told = f": {speedup.mean:.1f} times as fast on sealed cases" if speedup is not None else ""
    axes.set_title(f"{title}{told}", fontsize=12, color=INK, loc="left")
    axes.legend(frameon=False)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()


def _slope(factors: Sequence[float], seconds: Sequence[float]) -> float | None:
    """How cost grows: the slope of its logarithm over that of the size."""
    import math

    if len(factors) < 2 or factors[-1] <= factors[0]:
        return None
    return math.log(seconds[-1] / seconds[0]) / math.log(factors[-1] / factors[0])
