"""The picture of a comparison: best score so far against the budget, one panel a task, a band for each proposer."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from shoal.core.untrusted import untrusted
from shoal.report._chart import INK, dress
from shoal.report._compare import UNITS, Comparison, TaskTable
from shoal.report._compare_costs import Climb
from shoal.report._words import SELF_SCORED

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_comparison"]

# Okabe and Ito's colours, which people see apart who see fewer; the first proposer's is the strongest.
COLOURS = ("#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#000000", "#56b4e9", "#7f7f7f")
DASHES = ("-", (0, (5, 1.5)), (0, (1.2, 1.2)), (0, (6, 1.5, 1.2, 1.5)))
PLACES = 240  # along the axis
BEGIN = 0.01  # of the budget: what comes before is the climb out of the initial program, and sets the scale for nobody
COLUMNS = 3


def draw_comparison(found: Comparison) -> bytes:
    """Return a PNG: medians over the seeds as lines, the middle half of the runs as bands."""
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    columns = min(COLUMNS, len(found.tasks))
    rows = math.ceil(len(found.tasks) / columns)
    layout = ConstrainedLayoutEngine(w_pad=0.1, h_pad=0.1, wspace=0.04, hspace=0.06)
    size = (max(6.4, 4.6 * columns), 3.7 * rows + 0.7)
    figure = Figure(figsize=size, dpi=130, layout=layout, facecolor="white")
    panels: list[Axes] = list(figure.subplots(rows, columns, squeeze=False).flat)
    for axes, table in zip(panels, found.tasks, strict=False):
        _panel(axes, table, found)
    for axes in panels[len(found.tasks) :]:
        axes.set_visible(False)
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper left", ncols=6, frameon=False, fontsize=10, labelcolor=INK)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()


def _panel(axes: Axes, table: TaskTable, found: Comparison) -> None:
    sign = 1 if table.direction == "max" else -1
    xs = np.geomspace(BEGIN * found.budget, found.longer * found.budget, PLACES)
    shown: list[float] = []
    for number, proposer in enumerate(found.proposers):
        spent = xs[xs <= found.budget] if number == 0 else xs
        low, middle, high = (sign * row for row in _quartiles(table.climbs[proposer], spent))
        colour, dash = COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]
        first = number == 0
        width, above, alpha = (2.6, 4, 0.2) if first else (1.7, 3, 0.1)
        axes.fill_between(spent, low, high, color=colour, alpha=alpha, linewidth=0, step="post")
        (line,) = axes.step(spent, middle, where="post", color=colour, linestyle=dash, label=proposer)
        line.set(linewidth=width, zorder=above)
        shown += [value for row in (low, middle, high) for value in row[[0, -1]].tolist() if math.isfinite(value)]
    dress(axes)
    _axes(axes, table, found, shown)


def _axes(axes: Axes, table: TaskTable, found: Comparison, shown: Sequence[float]) -> None:
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    axes.set_xscale("log")
    axes.set_xlim(BEGIN * found.budget, found.longer * found.budget)
    axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 3.0)))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:,.0f}" if x >= 1 else f"{x:g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    if shown:
        room = 0.04 * (max(shown) - min(shown)) or 0.05 * abs(shown[0]) or 1.0
        axes.set_ylim(min(shown) - room, max(shown) + room)
    label = f"   ({SELF_SCORED})" if table.judged_on == SELF_SCORED else ""
    axes.set_title(untrusted(table.task, limit=60) + label, fontsize=11, color=INK, loc="left", parse_math=False)
    axes.set_xlabel(UNITS[found.unit], color=INK)
    better = "higher" if table.direction == "max" else "lower"
    name = untrusted(table.score_name, limit=40)
    told = f"champion's {name}" if table.judged_on == "sealed" else f"best {name} so far"
    axes.set_ylabel(f"{told}\n({better} is better)", color=INK, fontsize=9, parse_math=False)


def _quartiles(climbs: Sequence[Climb], xs: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Lower quartile, median and upper quartile of the runs' best scores at ``xs``; nan before there are any."""
    best = np.array([[climb.best(float(x)) for x in xs] for climb in climbs])
    best[~np.isfinite(best)] = np.nan
    low, middle, high = np.quantile(best, (0.25, 0.5, 0.75), axis=0)
    return low, middle, high
