"""Answers as a task declares them: checked and converted in the judge's process, before the judge sees them.

The declaration is the ``[[answer]]`` tables of ``task.toml``: one table, and it describes the answer itself; several,
and the answer is a sequence of that many. What a judge then gets is an array of exactly float64 or int64 (a float or
an int where the shape is empty), with every promise of the table kept. Anything else has ended as a wrong answer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from shoal.judging import Wrong, array, integer, number, permutation, sequence

__all__ = ["Form", "readers"]

Reader = Callable[[object], Any]
_LARGEST = float(np.finfo(np.float64).max)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One declared array. In ``shape`` -1 is any length; an empty shape is one number.

    ``function`` is whose answer it is part of. ``low`` and ``high`` bound every entry, ends included. ``finite=False``
    lets infinities pass; NaN never does. ``distinct``: no two entries (rows, with more axes) are equal.
    ``permutation``: each of 0 .. n - 1 exactly once.
    """

    name: str
    function: str
    shape: tuple[int, ...]
    dtype: str = "float"
    low: float | None = None
    high: float | None = None
    finite: bool = True
    distinct: bool = False
    permutation: bool = False

    @property
    def plain_floats(self) -> bool:
        """Whether it is floats along one axis, of which nothing is asked but how large they may be."""
        return len(self.shape) == 1 and self.dtype == "float" and not (self.distinct or self.permutation)

    def read(self, value: object) -> Any:
        """Return ``value`` as declared. Raises `Wrong`."""
        if not self.shape:
            return self._number(value)
        result = self._array(value)
        if self.permutation:
            return permutation(result, length=len(result), name=self.name)
        self._check_entries(result)
        return result

    def _number(self, value: object) -> float | int:
        low = -math.inf if self.low is None else self.low
        high = math.inf if self.high is None else self.high
        if self.dtype == "int":
            found = integer(value, name=self.name)
            number(found, low=low, high=high, name=self.name)
            return found
        result = number(value, low=low, high=high, finite=self.finite, name=self.name)
        if math.isnan(result):
            raise Wrong(f"{self.name}: must not be NaN")
        return result

    def _array(self, value: object) -> Any:
        return array(
            value,
            shape=tuple(None if length < 0 else length for length in self.shape),
            dtype=np.int64 if self.dtype == "int" else np.float64,
            finite=self.finite,
            name=self.name,
        )

    def _check_entries(self, result: Any) -> None:
        if not self.finite and np.isnan(result).any():
            raise Wrong(f"{self.name}: must not hold NaN")
        if result.size and self.low is not None and result.min() < self.low:
            raise Wrong(f"{self.name}: no entry may be below {self.low:g}, got {result.min():g}")
        if result.size and self.high is not None and result.max() > self.high:
            raise Wrong(f"{self.name}: no entry may be above {self.high:g}, got {result.max():g}")
        if self.distinct and len(np.unique(result, axis=0)) < len(result):
            raise Wrong(f"{self.name}: no two entries may be equal")


def readers(tables: Sequence[Mapping[str, Any]]) -> dict[str, Reader]:
    """Return, for each function whose answers are declared, what checks and converts one; each raises `Wrong`."""
    forms: dict[str, list[Form]] = {}
    for table in tables:
        form = Form(**{**table, "shape": tuple(table["shape"])})
        forms.setdefault(form.function, []).append(form)
    return {function: _reader(tuple(parts)) for function, parts in forms.items()}


def _reader(parts: tuple[Form, ...]) -> Reader:
    if len(parts) == 1:
        return _quick(parts[0]) if parts[0].plain_floats else parts[0].read
    name = f"answer ({', '.join(part.name for part in parts)})"

    def read(value: object) -> list[Any]:
        entries = sequence(value, length=len(parts), name=name)
        return [part.read(entry) for part, entry in zip(parts, entries, strict=True)]

    return read


def _quick(form: Form) -> Reader:
    """`Form.read` for `plain_floats`, with a short way for an array of float64: what a session mostly answers.

    To `argmin` and `argmax` NaN is the end of all numbers, and they raise no flag of the floating-point unit. What
    lies between the bounds passes as it is; whatever else comes, `read` decides.
    """
    (length,) = form.shape
    float64, ndarray = np.dtype(np.float64), np.ndarray
    most = _LARGEST if form.finite else math.inf
    low = -most if form.low is None else max(form.low, -most)
    high = most if form.high is None else min(form.high, most)

    def read(value: Any) -> Any:
        plain = type(value) is ndarray and value.dtype is float64 and value.ndim == 1
        if plain and len(value) > 0 and length in (-1, len(value)):
            least, largest = value.item(value.argmin()), value.item(value.argmax())
            if low <= least and largest <= high:
                return value
        return form.read(value)

    return read
