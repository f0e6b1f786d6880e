"""Judge of `job_shop_rule`: builds schedules by the candidate's rule and compares their length with a lower bound.

Schedules are non-delay: no machine stands idle while an operation waits for it. Active schedules (Giffler and Thompson
1960), where a machine may wait for an operation that is about to come, hold an optimal one for sure, but simple rules
lose by that freedom: on the published instances most work remaining is 15.3 % above the optimum in non-delay schedules
(benchmarks/job_shop_rules.py) and was 22.0 % in active ones when this was decided, shortest first 22 % and 57 %.

An instance is the machine and the time of each operation, both of shape (jobs, machines), and a lower bound.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoal.judging import Ask, Wrong, array

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Instance = tuple[Integers, Floats, float]

SHOPS = ((10, 10), (15, 10), (20, 5))  # jobs and machines, in turn
LONG = (30, 10)
TIMES = (1, 99)
PUBLISHED = Path(__file__).parent / "judge_data" / "published.txt"


def instances(split: str, rng: np.random.Generator) -> Iterator[Instance]:
    """Yield random shops without end; of the sealed split the published ones, in one order, over and over."""
    while split == "sealed":
        yield from (renumbered(*shop, rng) for shop in published())
    while True:
        yield from (random_shop(jobs, machines, rng) for jobs, machines in SHOPS)


def transfer(family: str, rng: np.random.Generator) -> Iterator[Instance]:
    """Yield random shops of the family "long": more jobs than any shop of the search has."""
    while True:
        yield random_shop(*LONG, rng)


def random_shop(jobs: int, machines: int, rng: np.random.Generator) -> Instance:
    """Return a shop after Taillard (1993): even times, each job's machines in an order drawn at random."""
    order = rng.permuted(np.tile(np.arange(machines), (jobs, 1)), axis=1)
    times = rng.integers(TIMES[0], TIMES[1] + 1, order.shape).astype(np.float64)
    return order, times, lower_bound(order, times)


def published() -> Iterator[Instance]:
    """Yield the published shops, each with its optimum in place of a bound."""
    for line in PUBLISHED.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            _, optimum, *jobs = line.split()
            pairs = np.array([[word.split(":") for word in job.split(",")] for job in jobs], dtype=np.int64)
            yield pairs[..., 0], pairs[..., 1].astype(np.float64), float(optimum)


def renumbered(order: Integers, times: Floats, bound: float, rng: np.random.Generator) -> Instance:
    """Return the same shop with jobs and machines numbered anew: nothing but ties depends on the numbers."""
    jobs = rng.permutation(len(order))
    return rng.permutation(order.shape[1])[order[jobs]], times[jobs], bound


def lower_bound(order: Integers, times: Floats) -> float:
    """Return the longest of: a job's work; a machine's load, with the least there must be before and after it."""
    ends = np.cumsum(times, axis=1)
    bounds = [ends[:, -1].max()]
    for machine in range(order.shape[1]):
        here = order == machine
        before, after = (ends - times)[here], (ends[:, -1:] - ends)[here]
        bounds.append(before.min() + times[here].sum() + after.min())
    return float(max(bounds))


def play(instance: Instance, ask: Ask) -> dict[str, Any]:
    """Build a schedule by the candidate's rule; return how much longer than the bound it is, in per cent."""
    order, times, bound = instance
    shop = Shop(order, times)
    asked = 0
    while len(waiting := shop.waiting()):
        choice = 0
        if len(waiting) > 1:
            choice = best(ask("priority", *shop.features(waiting)), len(waiting))
            asked += 1
        shop.start(int(waiting[choice]))
    length = float((shop.starts + times).max())
    busy = float(times.sum() / (length * order.shape[1]))
    delay = float((shop.starts[:, -1] + times[:, -1]).mean() / length)
    return {
        "score": 100.0 * (length / bound - 1.0),
        "metrics": {"busy": busy, "mean_end": delay, "choices": float(asked)},
        "descriptor": [busy, delay],
        "feedback": f"{len(order)} jobs on {order.shape[1]} machines end after {length:.0f}, the bound is {bound:.0f}; "
        f"machines are busy for {100 * busy:.0f} % of that, the mean job ends at {100 * delay:.0f} % of it",
        "trace": shop.starts,
    }


def best(priorities: Floats, count: int) -> int:
    """Return the index of the highest of `count` priorities, the first on a tie; `task.toml` says that none is NaN."""
    if len(priorities) != count:
        raise Wrong(f"priority: need one number for each of {count} operations, got {len(priorities)}")
    return int(priorities.argmax())


class Shop:
    """A shop at work: what has started when, and what waits. Jobs that are done wait for a machine that is none."""

    def __init__(self, order: Integers, times: Floats) -> None:
        jobs, machines = order.shape
        self.jobs, self.machines = np.arange(jobs), machines
        self.order = np.column_stack([order, np.full(jobs, machines)])
        self.times = np.column_stack([times, np.zeros(jobs)])
        self.step = np.zeros(jobs, dtype=np.int64)  # the next operation of each job
        self.ready = np.zeros(jobs)  # when it can start as far as its job is concerned
        self.left = times.sum(axis=1)
        self.free = np.append(np.zeros(machines), np.inf)
        self.load = np.bincount(order.ravel(), weights=times.ravel(), minlength=machines)
        self.starts = np.zeros(times.shape)

    def waiting(self) -> Integers:
        """Return the jobs whose next operations wait for the machine that is free first, ascending; none at the end."""
        self.machine, self.work = self.order[self.jobs, self.step], self.times[self.jobs, self.step]
        start = np.maximum(self.ready, self.free[self.machine])
        first = int(start.argmin())
        self.now = float(start[first])
        here = (self.machine == self.machine[first]) & (start == self.now)
        return self.jobs[:0] if self.now == np.inf else self.jobs[here]

    def features(self, waiting: Integers) -> tuple[Floats | float, ...]:
        """Return what the candidate is told, in the order of its parameters (see `initial.py`)."""
        step = self.step[waiting]
        following = self.order[waiting, step + 1]
        queued = np.bincount(self.machine, weights=self.work * (self.ready <= self.now), minlength=self.machines + 1)
        queue = queued + np.maximum(self.free - self.now, 0)
        queue[self.machines] = 0
        return (
            self.work[waiting],
            self.left[waiting],
            (self.machines - step).astype(np.float64),
            self.now - self.ready[waiting],
            self.times[waiting, step + 1],
            queue[following],
            float(self.load[self.machine[waiting[0]]]),
            self.now,
        )

    def start(self, job: int) -> None:
        """Start the next operation of a waiting job."""
        machine, work = self.machine[job], self.work[job]
        self.starts[job, self.step[job]] = self.now
        self.ready[job] = self.free[machine] = self.now + work
        self.left[job] -= work
        self.load[machine] -= work
        self.step[job] += 1


def picture(instance: Instance, trace: Any) -> bytes:
    """Return a PNG: when each machine works on which job."""
    import io

    from matplotlib import colormaps
    from matplotlib.figure import Figure

    order, times, bound = instance
    starts = array(trace, shape=np.shape(times), name="starts")
    figure = Figure(figsize=(9.6, 0.36 * order.shape[1] + 1.5), dpi=120, layout="constrained")
    axes = figure.add_subplot(xlabel="time", ylabel="machine")
    for job, (machines, begins, lasts) in enumerate(zip(order, starts, times, strict=True)):
        colour = colormaps["YlGnBu"](0.1 + 0.75 * job / len(order))
        axes.barh(machines, lasts, left=begins, height=0.8, color=colour, edgecolor="white", linewidth=0.5)
    axes.axvline(bound, color="#e4572e", linewidth=1.3, linestyle=(0, (5, 3)))
    length = float((starts + times).max())
    axes.set(xlim=(0, 1.01 * max(length, bound)), ylim=(order.shape[1] - 0.4, -0.6))
    axes.set_title(
        f"{len(order)} jobs end after {length:.0f}   bound {bound:.0f}", fontsize=12, color="#12303f", loc="left"
    )
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=9, colors="#12303f")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()
