"""Judge of `bin_packing_weibull`: asks for one placement after another and counts the bins.

What the candidate sees follows FunSearch: the free space of every bin in which the item fits, oldest first, untouched
bins at the end. All untouched bins are equal, so one stands for all of them; a rule that rates each bin by itself
decides as it would with the full list. Sizes are floats with whole values: integer powers would overflow or raise.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoal.judging import Wrong, array

Floats = NDArray[np.float64]
Ask = Callable[..., Floats]

CAPACITY = 100.0
ITEMS = {"search": 1000, "validation": 1000, "sealed": 5000}
FAMILIES = {"items_1k": 1000, "items_10k": 10_000}
SHAPE, SCALE = 3.0, 45.0
UNIFORM = (13, 67)  # OR-Library's u500 has items of 20 to 100 and bins of 150: the same shares of a bin
POINTS = 400  # of the course kept for the picture


def instances(split: str, rng: np.random.Generator) -> Iterator[Floats]:
    """Yield item sizes, shape (n,), without end."""
    while True:
        yield weibull(ITEMS[split], rng)


def transfer(family: str, rng: np.random.Generator) -> Iterator[Floats]:
    """Yield items as ever, 1,000 ("items_1k") or 10,000 ("items_10k") of them, or 1,000 of other sizes ("uniform")."""
    while True:
        if family == "uniform":
            yield rng.integers(UNIFORM[0], UNIFORM[1] + 1, ITEMS["validation"]).astype(np.float64)
        else:
            yield weibull(FAMILIES[family], rng)


def weibull(count: int, rng: np.random.Generator) -> Floats:
    """Return so many sizes."""
    return np.clip(np.rint(SCALE * rng.weibull(SHAPE, count)), 1, CAPACITY)


def play(instance: Floats, ask: Ask) -> dict[str, Any]:
    """Place each item where the candidate wants it; return the excess over the lower bound in per cent."""
    bins, opened = place_all(instance, ask)
    used = int(opened[-1])
    free = bins[:used]
    bound = int(lower_bound(instance.sum()))
    shown = np.unique(np.linspace(0, len(instance) - 1, POINTS).astype(int))
    return {
        "score": 100.0 * (used / bound - 1.0),
        "metrics": {"bins": float(used), "full_bins": float((free == 0).mean()), "mean_free": float(free.mean())},
        "descriptor": [float((free == 0).mean()), float((free > 10).mean())],
        "feedback": f"{used} bins for {len(instance)} items where {bound} is the lower bound; "
        f"{100 * (free == 0).mean():.0f} % are exactly full, {100 * (free > 10).mean():.0f} % have more than 10 left",
        "trace": {"fill": CAPACITY - free, "item": shown + 1, "opened": opened[shown]},
    }


def place_all(items: Floats, ask: Ask) -> tuple[Floats, NDArray[np.int64]]:
    """Return the free space of all bins and the number of bins in use after each item, both in order."""
    bins = np.full(len(items) + 1, CAPACITY)
    opened = []
    used = 0
    for item in items.tolist():
        fitting = (bins[: used + 1] >= item).nonzero()[0]
        choice = int(fitting[best(ask("priority", item, bins[fitting]), len(fitting))])
        bins[choice] -= item
        used = max(used, choice + 1)
        opened.append(used)
    return bins, np.array(opened, dtype=np.int64)


def best(priorities: Floats, count: int) -> int:
    """Return the index of the highest of `count` priorities, the first on a tie; `task.toml` says that none is NaN."""
    if len(priorities) != count:
        raise Wrong(f"priority: need one number for each of {count} bins, got {len(priorities)}")
    return int(priorities.argmax())


def lower_bound(total: float | Floats) -> Any:
    """Return the least number of bins that could hold items of this total size."""
    return np.ceil(total / CAPACITY)


def picture(instance: Floats, trace: dict[str, Any]) -> bytes:
    """Return a PNG: how full the bins ended, and the excess as the items arrived."""
    import io

    from matplotlib.figure import Figure

    figure = Figure(figsize=(9.6, 4.2), dpi=120, layout="constrained")
    left, right = figure.subplots(1, 2)
    draw_fill(left, array(trace["fill"], shape=(None,), name="fill"))
    draw_course(right, instance, trace)
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(labelsize=9, colors="#12303f")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()


def draw_fill(axes: Any, fill: Floats) -> None:
    """Draw how many bins ended at each level; the exactly full ones stand out."""
    levels = np.arange(0, int(CAPACITY) + 1)
    counts = np.bincount(fill.astype(int), minlength=len(levels))
    low = max(int(fill.min()) - 2, 0)
    axes.bar(levels, counts, width=0.9, color=["#7fc4c9"] * int(CAPACITY) + ["#12303f"])
    axes.set(xlim=(low, CAPACITY + 1), ylabel="bins")
    axes.set_xlabel("final fill (100 is full)")
    full = 100 * counts[-1] / len(fill)
    axes.set_title(f"{len(fill)} bins, {full:.0f} % exactly full", fontsize=12, color="#12303f", loc="left")


def draw_course(axes: Any, instance: Floats, trace: dict[str, Any]) -> None:
    """Draw the excess over the lower bound of the items so far."""
    item = array(trace["item"], shape=(None,), dtype=np.int64, name="item")
    opened = array(trace["opened"], shape=(None,), dtype=np.int64, name="opened")
    excess = 100 * (opened / lower_bound(np.cumsum(instance)[item - 1]) - 1)
    axes.plot(item, excess, color="#12303f", linewidth=1.4)
    axes.axhline(excess[-1], color="#e4572e", linewidth=1.2, linestyle=(0, (5, 3)))
    settled = excess[len(excess) // 20 :]
    axes.set(xlim=(0, item[-1]), ylim=(0, max(1.15 * float(settled.max()), 1.0)))
    axes.set_xlabel("items placed")
    axes.set_title(f"excess over the lower bound   {excess[-1]:.2f} %", fontsize=12, color="#12303f", loc="left")
