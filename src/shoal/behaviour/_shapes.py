"""Shapes that lists of lists, tables of tables and lists of numbers have as a whole.

A triangle, whose rows get longer by one; a square that is its own mirror image, as distances are; a table that tells
something of each of its keys for each other one; numbers whose running sum is never below zero.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["ListShape", "TableShape"]

FEWEST_ROWS = 3  # in the longest list, so that it is no chance
FEWEST_NEGATIVE = 2  # numbers below zero, whose running sum is not
SURE = 5  # of these, below which that is kept in half of the lists


@dataclass(slots=True)
class ListShape:
    """What all lists at a place are as a whole; each of the numbers tells of how many rows or items that was seen."""

    stairs: int = 0  # rows of the longest triangle; -1 where any list is none
    mirrored: int = 0  # rows of the largest square that is its own mirror image; likewise
    diagonal: Any = None  # what its middle line always holds
    varied: bool = False  # whether that differs
    covered: int = 0  # numbers below zero in lists whose running sum is not; likewise

    @property
    def is_triangle(self) -> bool:
        return self.stairs >= FEWEST_ROWS

    def take(self, items: Sequence[Any]) -> None:
        """Learn from a list."""
        if not items:
            return
        rows = all(type(row) is list for row in items)
        steps = rows and all(len(row) == k + 1 for k, row in enumerate(items))
        self.stairs = max(self.stairs, len(items)) if steps and self.stairs >= 0 else -1
        same = rows and self.mirrored >= 0 and all(len(row) == len(items) for row in items) and _is_mirrored(items)
        self.mirrored = max(self.mirrored, len(items)) if same else -1
        if same:
            middle = [row[k] for k, row in enumerate(items)]
            self.diagonal = middle[0] if self.diagonal is None else self.diagonal
            self.varied = self.varied or any(one != self.diagonal for one in middle)
        numbers = self.covered >= 0 and all(type(item) in (int, float) for item in items)
        low = _lowest_sum(items) if numbers else -1.0
        self.covered = self.covered + sum(item < 0 for item in items) if low >= 0 else -1

    def fit(self, made: list[Any], chance: random.Random) -> list[Any]:
        """A drawn list as it is to be, as far as its lengths allow."""
        if self.mirrored >= FEWEST_ROWS and all(type(row) is list and len(row) == len(made) for row in made):
            for k, row in enumerate(made):
                row[:k] = [made[column][k] for column in range(k)]
                row[k] = row[k] if self.varied else self.diagonal
        sure = self.covered >= SURE or (self.covered >= FEWEST_NEGATIVE and chance.random() < 0.5)
        if sure and all(type(item) in (int, float) for item in made):
            return _covered(made)
        return made


@dataclass(slots=True)
class TableShape:
    """Whether tables tell something of each of their keys for each other one, or for all, itself too."""

    keys: int = 0  # of the largest such table; -1 where any is none
    own: bool = False  # whether itself too
    mirrored: bool = True  # whether from the one to the other it is as back

    @property
    def is_complete(self) -> bool:
        return self.keys >= FEWEST_ROWS

    def take(self, keys: Sequence[Any], values: Sequence[Any]) -> None:
        """Learn from a table."""
        if self.keys < 0 or not keys:
            return
        if any(type(value) is not dict or "dict" not in value for value in values):
            self.keys = -1
            return
        inner = [dict(zip(map(repr, value["dict"][0]), value["dict"][1], strict=True)) for value in values]
        names = {repr(key): one for key, one in zip(keys, inner, strict=True)}
        own = all(name in one for name, one in names.items())
        if any(
            names.keys() - one.keys() - (set() if own else {name}) or one.keys() - names.keys()
            for name, one in names.items()
        ):
            self.keys = -1
            return
        self.keys, self.own = max(self.keys, len(keys)), self.own or own
        self.mirrored = self.mirrored and all(
            names[two][one] == there for one in names for two, there in names[one].items()
        )

    def drawn(self, keys: Sequence[Any], draw: Callable[[], Any]) -> list[Any]:
        """What is told of each of the keys."""
        rows = [[draw() for _ in keys] for _ in keys]
        if self.mirrored:
            for k, row in enumerate(rows):
                row[:k] = [rows[column][k] for column in range(k)]
        told = [[column for column in range(len(keys)) if self.own or column != k] for k in range(len(keys))]
        return [
            {"dict": [[keys[column] for column in columns], [row[column] for column in columns]]}
            for row, columns in zip(rows, told, strict=True)
        ]


def _is_mirrored(rows: Sequence[list[Any]]) -> bool:
    return all(row[column] == rows[column][k] for k, row in enumerate(rows) for column in range(k))


def _lowest_sum(items: Sequence[float]) -> float:
    lowest = total = 0.0
    for item in items:
        total += item
        lowest = min(lowest, total)
    return lowest


def _covered(items: list[Any]) -> list[Any]:
    """The numbers, with those above zero that would take more than there is."""
    total, made = 0.0, []
    for item in items:
        made.append(-item if total + item < 0 else item)
        total += made[-1]
    return made
