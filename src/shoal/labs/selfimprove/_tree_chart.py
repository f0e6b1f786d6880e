"""The picture of the tree of agents: who came from whom, what each solves, and what its clade is worth."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from shoal.core.untrusted import untrusted
from shoal.labs.selfimprove._improvement import Node, SelfImprovement
from shoal.report._chart import DOT, INK, PALE, START

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw_tree", "rows_of"]

NAMED = 40  # agents up to which each has its name beside it; beyond, the champion's lineage alone
NEAR, FAR = 0.17, 0.42  # inches from row to row, of trees with many agents and with few
WIDE, HIGH = (7.0, 16.0), (3.4, 15.0)  # inches
Packed = tuple[dict[str, float], dict[int, tuple[float, float]]]  # rows by id; lowest and highest by generation
STEPS = np.linspace(0.0, 1.0, 24)


def draw_tree(told: SelfImprovement) -> bytes:
    """Return a PNG: generations to the right, colour for tasks solved, size for the credit of the clade."""
    from matplotlib.figure import Figure

    rows = rows_of(told.nodes)
    columns = {node.generation for node in told.nodes}
    few = len(told.nodes) <= NAMED
    step = FAR if few else NEAR
    height = float(np.clip(step * (max(rows.values()) + 1) + 1.5, *HIGH))
    width = float(np.clip((1.25 if few else 0.95) * (max(columns) - min(columns)) + 3.4, *WIDE))
    figure = Figure(figsize=(width, height), dpi=130, layout="constrained", facecolor="white")
    axes = figure.add_subplot()
    room = 72.0 * (height - 1.5) / (max(rows.values()) + 1)  # points from row to row
    sizes = _sizes(told, largest=min(15.0, 0.95 * room))
    _edges(axes, told, rows)
    _agents(figure, axes, told, rows, sizes)
    _names(axes, told, rows, sizes, few=few)
    _frame(axes, rows, columns)
    figure.suptitle(_title(told), fontsize=12, color=INK, x=0.01, ha="left", parse_math=False)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()


def rows_of(nodes: Sequence[Node]) -> dict[str, float]:
    """A row for each agent, from 0: a parent stands amid its children, and no two are less than one apart.

    Subtrees are packed as near as their outlines allow (Reingold and Tilford 1981), with the generations between a
    parent and a child kept free for the line that joins them.
    """
    generations = {node.id: node.generation for node in nodes}
    children: dict[str | None, list[str]] = {}
    for node in nodes:
        children.setdefault(node.parent, []).append(node.id)
    placed: dict[str, Packed] = {}
    for node in reversed(nodes):  # children before parents
        own = children.get(node.id, [])
        rows, outline = _packed([placed.pop(child) for child in own])
        rows[node.id] = row = (rows[own[0]] + rows[own[-1]]) / 2 if own else 0.0
        begin = node.generation if node.parent is None else generations[node.parent] + 1
        outline |= dict.fromkeys(range(min(begin, node.generation), node.generation + 1), (row, row))
        placed[node.id] = (rows, outline)
    rows, _ = _packed([placed[root] for root in children[None]])
    lowest = min(rows.values())
    return {id: row - lowest for id, row in rows.items()}


def _packed(subtrees: Sequence[Packed]) -> Packed:
    """Subtrees above one another."""
    rows: dict[str, float] = {}
    outline: dict[int, tuple[float, float]] = {}
    for theirs, edge in subtrees:
        up = max((outline[g][1] + 1.0 - low for g, (low, _) in edge.items() if g in outline), default=0.0)
        rows |= {id: row + up for id, row in theirs.items()}
        for g, (low, high) in edge.items():
            outline[g] = (outline[g][0] if g in outline else low + up, high + up)
    return rows, outline


def _sizes(told: SelfImprovement, *, largest: float) -> dict[str, float]:
    """Diameters in points: from a third of the largest to the largest, by the credit of the clade."""
    credits = {id: clade.credit for id, clade in told.clades.items()}
    known = [credit for credit in credits.values() if credit is not None]
    low, high = (min(known), max(known)) if known else (0.0, 0.0)
    share = {id: 0.0 if c is None or high == low else (c - low) / (high - low) for id, c in credits.items()}
    return {id: largest * (0.36 + 0.64 * one) for id, one in share.items()}


def _edges(axes: Axes, told: SelfImprovement, rows: Mapping[str, float]) -> None:
    kept = {node.id for node in told.lineage}
    bend = STEPS**2 * (3 - 2 * STEPS)
    for node in told.nodes:
        if node.parent is None:
            continue
        parent, thick = told.by_id[node.parent], node.id in kept
        xs = parent.generation + STEPS * (node.generation - parent.generation)
        ys = rows[parent.id] + bend * (rows[node.id] - rows[parent.id])
        colour, width = (DOT, 3.2) if thick else (PALE, 1.0)
        axes.plot(xs, ys, color=colour, linewidth=width, zorder=2 if thick else 1, solid_capstyle="round")


def _agents(
    figure: Figure, axes: Axes, told: SelfImprovement, rows: Mapping[str, float], sizes: Mapping[str, float]
) -> None:
    kept = {node.id for node in told.lineage}
    tried = [node for node in told.nodes if node.rate is not None]
    for node in told.nodes:
        if node.rate is None:
            size = sizes[node.id] ** 2
            axes.scatter(node.generation, rows[node.id], s=size, c="white", edgecolors=START, linewidths=0.8, zorder=3)
    if not tried:
        return
    drawn = axes.scatter(
        [node.generation for node in tried],
        [rows[node.id] for node in tried],
        s=[sizes[node.id] ** 2 for node in tried],
        c=[100.0 * (node.rate or 0.0) for node in tried],
        cmap="viridis",
        edgecolors=[DOT if node.id in kept else "white" for node in tried],
        linewidths=[1.6 if node.id in kept else 0.5 for node in tried],
        zorder=3,
    )
    bar = figure.colorbar(drawn, ax=axes, shrink=0.8, aspect=30, pad=0.02)
    bar.set_label("search tasks solved (%)", color=INK, fontsize=9)
    bar.ax.tick_params(colors=INK, labelsize=8)
    bar.outline.set_visible(False)


def _names(
    axes: Axes, told: SelfImprovement, rows: Mapping[str, float], sizes: Mapping[str, float], *, few: bool
) -> None:
    for node in told.nodes if few else told.lineage:
        champion = node.id == told.champion
        rate = "" if node.rate is None else f" {100 * node.rate:.0f} %"
        axes.annotate(
            untrusted(node.id, limit=14) + (rate if few or champion else ""),
            (node.generation, rows[node.id]),
            xytext=(0, sizes[node.id] / 2 + 1.5),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=9 if champion else 7.5,
            fontweight="bold" if champion else "normal",
            color=DOT if champion else INK,
            bbox={"boxstyle": "round,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.75},
            zorder=5,
            parse_math=False,
        )


def _frame(axes: Axes, rows: Mapping[str, float], columns: set[int]) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color(PALE)
    axes.set_yticks([])
    axes.set_xlim(min(columns) - 0.5, max(columns) + 0.6)
    axes.set_ylim(-0.7, max(rows.values()) + 0.9)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.tick_params(colors=INK, labelsize=9)
    axes.set_xlabel("generation; the larger an agent, the more its clade solves", color=INK)


def _title(told: SelfImprovement) -> str:
    agents, steps = len(told.nodes), len(told.lineage) - 1
    return f"{agents} agents; the champion is {steps} self-modification{'s' * (steps != 1)} from the seed"
