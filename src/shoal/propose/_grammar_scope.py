"""The names at a place, sorted by what expressions can do with them."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from shoal.syntax._lengths import SAME
from shoal.syntax._types import ARRAYS, LISTS
from shoal.syntax._use import Lengths

_NUMBER_KINDS = ("int", "number", "unknown")


class Table(NamedTuple):
    """A matrix by name, with the symbols of its axes."""

    name: str
    rows: str
    columns: str


class Surroundings:
    """Names by type.

    Args:
        names: name -> type.
        lengths: name -> symbols of the axes of arrays; an array without one has a length of its own.
        indices: names that the program uses as an index.

    Attributes:
        indices: whole numbers that are an index somewhere.
        numbers, ints, bools, lists, numeric_lists: names.
        vectors: length -> names of arrays of one axis.
        whole: length -> names of those that hold whole numbers.
        masks: length -> names of those that hold truth values.
        matrices: arrays of two axes.
        counts: list -> how many entries it has, where that is told in digits.
        math, numpy: what these modules are called, or None.
    """

    def __init__(self, names: Mapping[str, str], lengths: Mapping[str, Lengths], indices: Collection[str] = ()) -> None:
        kinds = names.items()
        self.indices = [n for n, kind in kinds if kind in ("int", "unknown") and n in indices]
        self.numbers = [n for n, kind in kinds if kind in _NUMBER_KINDS]
        self.ints = [n for n, kind in kinds if kind == "int"]
        self.bools = [n for n, kind in kinds if kind == "bool"]
        self.lists = [n for n, kind in kinds if kind in LISTS]
        self.numeric_lists = [n for n, kind in kinds if kind == "numbers"]
        told = ((n, axes[0]) for n in self.numeric_lists if (axes := lengths.get(n)))
        self.counts = {name: int(symbol) for name, symbol in told if symbol.isdigit()}
        self.math = next((n for n, kind in kinds if kind == "module math"), None)
        self.numpy = next((n for n, kind in kinds if kind == "module numpy"), None)
        self.vectors: dict[str, list[str]] = {}
        self.whole: dict[str, list[str]] = {}
        self.masks: dict[str, list[str]] = {}
        self.matrices: list[Table] = []
        for name, kind in kinds:
            axes = lengths.get(name, ())
            if kind == "matrix":
                self.matrices.append(Table(name, *(axes if len(axes) == 2 else (f"{name}.rows", f"{name}.columns"))))
            elif kind in ARRAYS:
                self._sort_in(name, kind, axes[0] if len(axes) == 1 else SAME)

    def _sort_in(self, name: str, kind: str, length: str) -> None:
        group = {"int_array": self.whole, "mask": self.masks}.get(kind)
        if group is not None:
            group.setdefault(length, []).append(name)
        if kind != "mask":
            self.vectors.setdefault(length, []).append(name)

    def sized(self) -> list[str]:
        """Names of whatever has a length."""
        return [*self.lists, *(name for names in self.vectors.values() for name in names)]

    def larger(self) -> list[Table]:
        """Matrices that indices pick from: not those that are as long as an array of indices, having been picked."""
        return [t for t in self.matrices if t.rows not in self.whole and t.columns not in self.whole]

    def gathers(self, length: str) -> bool:
        """Whether an array of some length can be picked out of something larger."""
        return bool(self.gathering(length)) or any(length in (t.rows, t.columns) for t in self.matrices)

    def gathering(self, length: str) -> list[tuple[str, Table | str]]:
        """Arrays of indices of some length, each with a thing to pick from: a matrix, or an array by name."""
        held: list[Table | str] = [*self.larger()]
        held += [n for other, names in self.vectors.items() if other not in self.whole for n in names]
        return [(index, thing) for index in self.whole.get(length, ()) for thing in held]
