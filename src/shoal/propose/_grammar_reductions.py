"""Numbers and truth values out of arrays: reductions, entries, counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shoal.propose._grammar import draw
from shoal.propose._grammar_arrays import AXIS
from shoal.propose._grammar_prior import PRIOR
from shoal.propose._pieces import Piece

if TYPE_CHECKING:
    from shoal.propose._generate import Maker

_EARLY = 8
"""Constant indices below this are drawn, where an array's length is not told; small ones mostly."""


class Reductions:
    """The part of a `Maker` that makes numbers of arrays."""

    def __init__(self, maker: Maker) -> None:
        self._maker = maker
        self._draft = maker.draft
        self._scope = maker.scope
        self._arrays = maker.arrays

    def reduced(self, depth: int, role: str) -> Piece:
        """An array reduced to a number."""
        name = draw(self._draft.rng, "reductions", role, tuple(PRIOR["reductions"]))
        inner = self._arrays.array(self._draft.pick(self._arrays.lengths), depth - 1, "argument")
        if name == "median":
            if self._scope.numpy:
                return Piece(f"{self._scope.numpy}.median({inner.text})", True)
            name = "mean"
        return Piece(f"{inner.operand()}.{name}()", True)

    def entry(self, depth: int, role: str) -> Piece:
        """One number of an array or a matrix."""
        tables, indices = self._scope.larger(), self._scope.indices
        if tables and indices and self._draft.chance(0.3):
            row = f"{self._draft.pick(tables).name}[{self._draft.pick(indices)}]"
            return Piece(f"{row}.{self._draft.pick(AXIS)}()", True)
        named = [(n, length) for length, names in self._scope.vectors.items() for n in names]
        if not named:
            return self.reduced(0, role)
        name, length = self._draft.pick(named)
        return Piece(f"{name}[{self._index(length)}]", True)

    def whole_entry(self, depth: int, role: str) -> Piece:
        """One number of an array of whole numbers."""
        length = self._draft.pick(list(self._scope.whole))
        return Piece(f"{self._draft.pick(self._scope.whole[length])}[{self._index(length)}]", True)

    def _index(self, length: str) -> str:
        """A constant index: anywhere where the length is told in digits, else near one end.

        Arrays that are indices of others shrink and grow as cities are left and bins opened: of those, and of arrays of
        their length, an end only.
        """
        rng = self._draft.rng
        if length.isdigit():
            k = int(rng.integers(int(length))) if int(length) else 0
        else:
            whole = length in self._scope.whole and not self._scope.gathering(length)
            k = min(int(rng.geometric(0.4)) - 1, _EARLY - 1) if whole else 0
        form = draw(rng, "subscripts", "index", ("number", "negative"))
        return f"-{k + 1}" if form == "negative" else str(k)

    def counted(self, depth: int, role: str) -> Piece:
        """How often a whole number is in an array, how much two ends of it agree, and the like."""
        length = self._draft.pick(list(self._scope.whole))
        name = self._draft.pick(self._scope.whole[length])
        k, n = int(self._draft.rng.integers(3)), int(self._draft.rng.integers(2, 5))
        half = self._draft.pick(("[::2]", "[1::2]", "[::3]", "[1:]", "[:-1]", f"[:{n}]", f"[-{n}:]"))
        forms = (
            f"({name} == {k}).sum()",
            f"({name} != {k}).sum()",
            f"({name} == {name}[::-1]).sum()",
            f"({name}[1:] == {name}[:-1]).sum()",
            f"{name}{half}.sum()",
            f"({name}{half} == {k}).sum()",
            f"abs({name}[1:] - {name}[:-1]).sum()",
            f"{name}.sum() % {n}",
        )
        text = self._draft.pick(forms)
        return Piece(f"int({text})" if role == "index" else text, role == "index" or "%" not in text)

    def position(self, depth: int, role: str) -> Piece:
        """Where an array is highest or lowest."""
        inner = self._arrays.array(self._draft.pick(self._arrays.lengths), depth - 1, "argument")
        return Piece(f"{inner.operand()}.{self._draft.pick(('argmax', 'argmin'))}()", True)

    def chosen(self, depth: int, role: str) -> Piece:
        """The whole number of an array at the place where another array of its length is highest or lowest."""
        length = self._draft.pick(list(self._scope.whole))
        name = self._draft.pick(self._scope.whole[length])
        inner = self._arrays.array(length, depth - 1, "argument")
        return Piece(f"{name}[{self._scope.numpy}.{self._draft.pick(('argmax', 'argmin'))}({inner.text})]", True)

    def any_or_all(self, depth: int, role: str) -> Piece:
        """Whether a mask holds anywhere, or everywhere."""
        mask = self._arrays.mask(self._draft.pick(self._arrays.lengths), depth - 1, "any")
        return Piece(f"{mask.operand()}.{self._draft.pick(('any', 'all'))}()", True)

    def alike(self, depth: int, role: str) -> Piece:
        """A comparison of two entries of an array of whole numbers, or of one with a small number."""
        first = self.whole_entry(depth, role).text
        other = self.whole_entry(depth, role).text if self._draft.chance(0.6) else str(int(self._draft.rng.integers(3)))
        return Piece(f"{first} {self._draft.pick(('==', '!=', '<', '>'))} {other}", False)
