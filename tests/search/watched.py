"""Runs of a search that is watched at each step: is it pure, is its state plain data, what does it come to?"""

import copy
import dataclasses
from collections.abc import Iterator
from enum import Enum
from typing import Any

import numpy as np

from shoal.core.budget import Budget
from shoal.core.course import Admitted, Course
from shoal.core.loop import Report
from shoal.core.protocols import Plan, Search
from shoal.core.values import Note, Result, Work
from shoal.store import SqlStore
from tests.core.toys import drive, events_of, of_type, same


def leaves(value: Any) -> Iterator[Any]:
    """Everything that ``value`` is made of; TypeError for what is no plain data."""
    if value is None or isinstance(value, bool | int | float | str | Enum):
        yield value
    elif isinstance(value, np.ndarray):
        if value.dtype.kind not in "fiub":
            raise TypeError(f"an array of {value.dtype}")
        yield from value.ravel().tolist()
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        if not type(value).__dataclass_params__.frozen:  # type: ignore[attr-defined]
            raise TypeError(f"{type(value).__name__} can be changed")
        for field in dataclasses.fields(value):
            yield from leaves(getattr(value, field.name))
    elif type(value) in (tuple, list, dict):
        for item in value.items() if isinstance(value, dict) else value:
            yield from leaves(item)
    else:
        raise TypeError(f"{type(value).__name__} is not plain data")


class Checked:
    """A search that looks over another's shoulder: its state stays plain data, and what it is given stays the same."""

    def __init__(self, search: Search[Any]) -> None:
        self.search = search
        self.most = 0

    def initial(self) -> Any:
        return self.search.initial()

    def next(self, state: Any, rng: np.random.Generator) -> tuple[Any, Work]:
        kept, again = copy.deepcopy(state), copy.deepcopy(rng)
        after, work = self.search.next(state, rng)
        assert same(state, kept)
        assert same((after, work), self.search.next(kept, again))
        self._look(after)
        return after, work

    def admit(self, state: Any, k: int, work: Work, result: Result) -> tuple[Any, tuple[Note, ...]]:
        kept = copy.deepcopy((state, work, result))
        after, notes = self.search.admit(state, k, work, result)
        assert same((state, work, result), kept)
        assert same((after, notes), self.search.admit(kept[0], k, kept[1], kept[2]))
        self._look(after)
        return after, notes

    def _look(self, state: Any) -> None:
        self.most = max(self.most, sum(1 for _ in leaves(state)))


def finished(
    plan: Plan[Any], store: SqlStore, *, evaluations: int, seed: int = 1, window: int = 6
) -> tuple[Report, list[Any], list[Admitted]]:
    """Run; return the report, the state after each admission, and the admissions."""
    states: list[Any] = []
    steps: list[Admitted] = []

    def watch(course: Course[Any], step: Admitted) -> None:
        states.append(course.state)
        steps.append(step)

    report = drive(plan, store, budget=Budget(evaluations=evaluations), window=window, seed=seed, watch=watch)
    return report, states, steps


def champions(store: SqlStore) -> list[dict[str, Any]]:
    return [note["data"] for note in of_type(events_of(store), "note") if note["kind"] == "champion"]
