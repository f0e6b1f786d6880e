"""The picture of the climb: sealed solve rate against generations and against evaluations, control arms beside it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from shoal.core.untrusted import untrusted
from shoal.labs.selfimprove._curve import CurvePoint
from shoal.labs.selfimprove._improvement import SelfImprovement
from shoal.report._chart import INK, START, dress
from shoal.report._compare_chart import COLOURS, DASHES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_curve"]

OWN = "self-improvement"


def draw_curve(told: SelfImprovement) -> bytes | None:
    """Return a PNG of two panels; None where no sealed task was looked at."""
    if not told.curve:
        return None
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    layout = ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.1, wspace=0.04)
    figure = Figure(figsize=(11.4, 4.9), dpi=130, layout=layout, facecolor="white")
    panels: list[Axes] = list(figure.subplots(1, 2, sharey=True))
    curves = [(OWN, told.curve), *((arm.name, arm.curve) for arm in told.arms if arm.curve)]
    for axes, evaluations in zip(panels, (False, True), strict=True):
        for number, (name, curve) in enumerate(curves):
            _line(axes, name, curve, number=number, evaluations=evaluations)
        seed = 100 * told.curve[0].rate
        axes.axhline(seed, color=START, linestyle=":", linewidth=1.3, zorder=2, label="seed agent")
        dress(axes)
        axes.set_xlabel("evaluations" if evaluations else "generations of self-modification", color=INK)
    _ticks(panels)
    panels[0].set_ylabel("sealed tasks solved (%)", color=INK)
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper left", ncols=5, frameon=False, fontsize=9.5, labelcolor=INK)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()


def _line(axes: Axes, name: str, curve: Sequence[CurvePoint], *, number: int, evaluations: bool) -> None:
    """The rate with bars for its interval; arms stand a little aside of their place, so that no bar hides another."""
    at = [float(point.evaluations if evaluations else point.generation) for point in curve]
    aside = 0.008 * ((max(at) - min(at)) or 1.0) * ((number + 1) // 2) * (-1) ** number
    xs, rates = [one + aside for one in at], [100 * point.rate for point in curve]
    below = [100 * max(0.0, point.rate - point.low) for point in curve]
    above = [100 * max(0.0, point.high - point.rate) for point in curve]
    own, colour = number == 0, COLOURS[number % len(COLOURS)]
    axes.errorbar(
        xs,
        rates,
        yerr=(below, above),
        color=colour,
        linestyle=DASHES[number % len(DASHES)],
        linewidth=2.6 if own else 1.5,
        marker="o",
        markersize=5 if own else 3.5,
        elinewidth=1.4 if own else 0.9,
        capsize=2.5 if own else 0,
        alpha=1.0 if own else 0.85,
        zorder=4 if own else 3,
        label=untrusted(name, limit=40).lstrip("_"),
    )


def _ticks(panels: Sequence[Axes]) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    panels[0].xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    panels[1].xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True, min_n_ticks=1))
    panels[1].xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:,.0f}"))
