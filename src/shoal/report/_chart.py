"""The progress picture: the best value so far against evaluations and against CPU seconds, side by side."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from shoal.core.untrusted import untrusted
from shoal.report import _words
from shoal.report._view import RunView

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["INK", "draw_progress", "dress"]

INK, PALE, LINE, DOT, KNOWN, START = "#12303f", "#d5dfe4", "#1f7a8c", "#e4572e", "#7a5ea8", "#6b7f89"
ROOM = 0.1  # of the value range, left free above and below
FACTOR = 1_000  # the most that CPU seconds span: a clock read at once would stretch the axis to nothing
LOG_ABOVE = 200  # an axis that spans more than this factor is logarithmic, or its beginning would not be seen


def draw_progress(view: RunView) -> bytes | None:
    """Return a PNG of 1596 x 658 pixels, or None for a run in which nothing got a score."""
    if not view.curve:
        return None
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    layout = ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.1, wspace=0.04)
    figure = Figure(figsize=(11.4, 4.7), dpi=140, layout=layout, facecolor="white")
    left, right = figure.subplots(1, 2, sharey=True)
    values = [view.sign * point.score for point in view.curve]
    spent, known = view.spent, view.about.get("best_known")
    evaluations = [float(point.evaluations) for point in view.curve]
    cpu = [max(point.cpu_seconds, spent.cpu_seconds / FACTOR) for point in view.curve]
    _panel(left, evaluations, values, end=spent.counted.evaluations, known=known)
    _panel(right, cpu, values, end=spent.cpu_seconds, known=known)
    left.set_xlabel("evaluations", color=INK)
    right.set_xlabel("CPU seconds", color=INK)
    name, unit = (untrusted(str(view.about.get(key) or ""), limit=60) for key in ("score_name", "unit"))
    told = f"champion's {name or 'score'}, fresh instances" if view.champions else f"best {name or 'score'} so far"
    left.set_ylabel(told + (f" ({unit})" if unit else ""), color=INK, parse_math=False)
    figure.suptitle(_title(view), fontsize=13, color=INK, x=0.01, ha="left", parse_math=False)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()


def _title(view: RunView) -> str:
    before, after = _words.score(view.initial_score), _words.score(view.best_score)
    words = f"{before} → {after}" if view.improved else f"{after}, no gain"
    return f"{untrusted(view.task, limit=80)}   {words}" + (f"   ({view.label})" if view.label else "")


def _panel(axes: Axes, xs: Sequence[float], values: Sequence[float], *, end: float, known: float | None) -> None:
    """The best value so far as steps, a dot for each new best, lines for where it began and what is known."""
    end = max(end, *xs)
    axes.step([*xs, end], [*values, values[-1]], where="post", color=LINE, linewidth=2.0, zorder=3)
    axes.plot(xs, values, "o", color=DOT, markersize=4.2, markeredgecolor="white", markeredgewidth=0.5, zorder=4)
    dress(axes)
    if end > LOG_ABOVE * xs[0] > 0:
        _logarithmic(axes, xs[0], end)
    _limits(axes, [*values] if known is None else [*values, known])
    up = values[-1] >= values[0]
    _line(axes, "start", values[0], START, ":", left=False, above=not up)
    if known is not None:
        _line(axes, "best known", known, KNOWN, "--", left=True, above=up)
    axes.annotate(
        _words.score(values[-1]),
        (end, values[-1]),
        xytext=(0, 7 if up else -7),
        textcoords="offset points",
        ha="right",
        va="bottom" if up else "top",
        fontsize=10,
        fontweight="bold",
        color=LINE,
        zorder=5,
    )


def dress(axes: Axes) -> None:
    """The look that all charts share."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(PALE)
    axes.tick_params(colors=INK, labelsize=9)
    axes.grid(True, color=PALE, linewidth=0.6, alpha=0.7)
    axes.set_axisbelow(True)


def _logarithmic(axes: Axes, begin: float, end: float) -> None:
    from matplotlib.ticker import FuncFormatter, NullFormatter

    axes.set_xscale("log")
    axes.set_xlim(max(begin, end * 1e-5) * 0.8, end * 1.15)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:,.0f}" if x >= 1 else f"{x:g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())


def _limits(axes: Axes, values: Sequence[float]) -> None:
    low, high = min(values), max(values)
    room = ROOM * (high - low) or 0.05 * abs(high) or 1.0
    axes.set_ylim(low - room, high + room)


def _line(axes: Axes, name: str, value: float, colour: str, style: str, *, left: bool, above: bool) -> None:
    """A level across the panel with its name where the curve is not."""
    axes.axhline(value, color=colour, linestyle=style, linewidth=1.3, zorder=2)
    axes.annotate(
        f"{name} {_words.score(value)}",
        (0.01 if left else 0.99, value),
        xycoords=("axes fraction", "data"),
        xytext=(0, 3 if above else -4),
        textcoords="offset points",
        ha="left" if left else "right",
        va="bottom" if above else "top",
        fontsize=9,
        color=colour,
        zorder=5,
    )
