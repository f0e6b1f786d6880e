"""The picture of the tree of agents: who came from whom, what each solves, and what its clade is worth."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np

from shoal.core.untrusted import untrusted
from shoal.labs.selfimprove._improvement import Node, SelfImprovement
from shoal.report import _words
from shoal.report._chart import DOT, INK, PALE, START

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw_tree", "rows_of"]

NAMED = 40  # agents up to which each has its name beside it; beyond, the champion's lineage alone
NEAR, FAR = 0.17, 0.42  # inches from row to row, of trees with many agents and with few
WIDE, HIGH = (7.0, 16.0), (3.4, 15.0)  # inches
Packed = tuple[dict[str, float], dict[int, tuple[float, float]]]  # rows by id; lowest and highest by generation
Box = tuple[float, float, float, float]  # left, right, bottom, top
Side = tuple[Literal["center", "left"], Literal["bottom", "top", "center"]]  # how a name is set against its agent
STEPS = np.linspace(0.0, 1.0, 24)


def draw_tree(told: SelfImprovement) -> bytes:
    """Return a PNG: generations to the right, colour for worth on search tasks, size for the credit of the clade."""
    from matplotlib.figure import Figure

    rows = rows_of(told.nodes)
    columns = {node.generation for node in told.nodes}
    few = len(told.nodes) <= NAMED
    step = FAR if few else NEAR
    height = float(np.clip(step * (max(rows.values()) + 1) + 1.5, *HIGH))
    width = float(np.clip((1.25 if few else 0.95) * (max(columns) - min(columns)) + 3.4, *WIDE))
    figure = Figure(figsize=(width, height), dpi=130, layout="constrained", facecolor="white")
    axes = figure.add_subplot()
    # Inches from generation to generation and from row to row, as near as can be said before anything is laid out.
    across = (width - 1.9) / (max(columns) - min(columns) + 1.1)
    up = (height - 1.2) / (max(rows.values()) + 1.6)
    sizes = _sizes(told, largest=min(15.0, 65.0 * up, 65.0 * across))
    _edges(axes, told, rows)
    _agents(figure, axes, told, rows, sizes)
    _names(axes, told, {node.id: (across * node.generation, up * rows[node.id]) for node in told.nodes}, rows, sizes)
    _frame(axes, told, rows, columns)
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
    bar = figure.colorbar(drawn, ax=axes, shrink=0.8, aspect=5 * figure.get_figheight(), pad=0.02)
    bar.set_label("mean worth on search tasks (%)", color=INK, fontsize=9)
    bar.ax.tick_params(colors=INK, labelsize=8)
    bar.outline.set_visible(False)


def _names(
    axes: Axes,
    told: SelfImprovement,
    places: Mapping[str, tuple[float, float]],
    rows: Mapping[str, float],
    sizes: Mapping[str, float],
) -> None:
    """Names above, below or beside agents, the champion's first, where they cover neither a name nor an agent.

    ``places`` are in inches, as are the boxes that are kept free of one another.
    """
    radii = {id: size / 144 for id, size in sizes.items()}
    taken = [(x - radii[id], x + radii[id], y - radii[id], y + radii[id]) for id, (x, y) in places.items()]
    kept, parents = told.lineage[::-1], {node.parent for node in told.nodes}
    for node in (*kept, *(node for node in told.nodes if node not in kept and len(told.nodes) <= NAMED)):
        champion = node.id == told.champion
        text = untrusted(node.id, limit=14) + ("" if node.rate is None else f": {100 * node.rate:.0f} %")
        (x, y), away = places[node.id], radii[node.id] + 0.02
        size, half = (9.0, 0.045 * len(text)) if champion else (7.5, 0.034 * len(text))
        high = size / 60
        spots: dict[Side, Box] = {
            ("center", "bottom"): (x - half, x + half, y + away, y + away + high),
            ("center", "top"): (x - half, x + half, y - away - high, y - away),
            ("left", "center"): (x + away, x + away + 2 * half, y - high / 2, y + high / 2),
        }
        if node.id in parents:  # beside it are its children's lines
            del spots["left", "center"]
        free = [side for side, box in spots.items() if not any(_overlap(box, other) for other in taken)]
        if not free and not champion:
            continue
        side = free[0] if free else ("center", "bottom")
        taken.append(spots[side])
        axes.annotate(
            text,
            (node.generation, rows[node.id]),
            xytext=(72 * away * (side[0] == "left"), 72 * away * {"bottom": 1, "top": -1, "center": 0}[side[1]]),
            textcoords="offset points",
            ha=side[0],
            va=side[1],
            fontsize=size,
            fontweight="bold" if champion else "normal",
            color=DOT if champion else INK,
            bbox={"boxstyle": "round,pad=0.05", "facecolor": "white", "edgecolor": "none", "alpha": 0.75},
            zorder=5,
            parse_math=False,
        )


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]


def _frame(axes: Axes, told: SelfImprovement, rows: Mapping[str, float], columns: set[int]) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color(PALE)
    axes.set_yticks([])
    axes.set_xlim(min(columns) - 0.5, max(columns) + 0.6)
    axes.set_ylim(-0.7, max(rows.values()) + 0.9)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.tick_params(colors=INK, labelsize=9)
    credits = [100 * clade.credit for clade in told.clades.values() if clade.credit is not None]
    size = f"; size: what an agent's clade solves, {min(credits):.0f} to {max(credits):.0f} %" if credits else ""
    white = "; white: not tried" * any(node.rate is None for node in told.nodes)
    axes.set_xlabel(f"generation{size}{white}", color=INK)


def _title(told: SelfImprovement) -> str:
    steps = len(told.lineage) - 1
    away = f"is {_words.count(steps, 'self-modification')} from the seed" if steps else "is the seed agent"
    return f"{_words.count(len(told.nodes), 'agent')}; the champion {away}"
