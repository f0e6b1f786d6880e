"""Array expressions: element by element, picked by index, masked."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from shoal.propose._grammar import draw
from shoal.propose._grammar_prior import PRIOR
from shoal.propose._grammar_scope import Table
from shoal.propose._pieces import Piece
from shoal.syntax._use import Lengths

if TYPE_CHECKING:
    from shoal.propose._generate import Maker, Production

_LEAVES = ("array name", "gathered")
AXIS = ("mean", "min", "max", "sum")
"""What an axis is reduced by."""


class Arrays:
    """The part of a `Maker` that knows arrays.

    An array of some length is made of names of that length, numbers, and what can be picked by an index array of that
    length; so it fits where the length is known rightly.
    """

    def __init__(self, maker: Maker) -> None:
        self._maker = maker
        self._draft = maker.draft
        self._scope = maker.scope
        self._flats: dict[str, dict[str, Production]] = {}

    @cached_property
    def lengths(self) -> list[str]:
        """Every length an array can be made of."""
        lengths = dict.fromkeys((*self._scope.vectors, *self._scope.masks))
        return [*lengths, *(s for t in self._scope.matrices for s in (t.rows, t.columns) if s not in lengths)]

    def any(self) -> bool:
        """Whether there is any array to start from."""
        return bool(self.lengths)

    def whole(self) -> bool:
        """Whether there is an array of whole numbers."""
        return bool(self._scope.whole)

    def of(self, kind: str, axes: Lengths, depth: int, role: str, *, full: bool = False) -> Piece | None:
        """An array of a type with the symbols of its axes; None where nothing in scope fits."""
        if kind == "matrix":
            return self._matrix(axes, depth, role)
        if not self.lengths or (axes and axes[0] not in self.lengths):
            return None
        length = axes[0] if axes else self._draft.pick(self.lengths)
        if kind == "mask":
            return self.mask(length, depth, role)
        if kind == "int_array" and length in self._scope.whole:
            return self._indices(length, depth)
        return self.array(length, depth, role, full=full)

    def array(self, length: str, depth: int, role: str, *, full: bool = False) -> Piece:
        """An array of numbers of some length."""
        if depth <= 0:
            return self._maker.drawn(self._leaves(length), depth, role)
        found = self._productions(length)
        if full:
            found = {name: make for name, make in found.items() if name not in _LEAVES}
        return self._maker.drawn(found, depth, role)

    def _leaves(self, length: str) -> dict[str, Production]:
        if length not in self._flats:
            found: dict[str, Production] = {}
            if length in self._scope.vectors:
                found["array name"] = lambda depth, role: Piece(self._draft.pick(self._scope.vectors[length]), True)
            if self._scope.gathers(length):
                found["gathered"] = lambda depth, role: self._gathered(length)
            if not found:
                found["mask name"] = lambda depth, role: Piece(self._draft.pick(self._scope.masks[length]), True)
            self._flats[length] = found
        return self._flats[length]

    def _productions(self, length: str) -> dict[str, Production]:
        def below(depth: int, role: str) -> Piece:
            return self.array(length, depth - 1, role)

        found: dict[str, Production] = {
            **self._leaves(length),
            "array binary": lambda depth, role: self._binary(length, depth, role),
            "array function": lambda depth, role: self._maker.applied(below(depth, "argument"), "array", role),
            "array negative": lambda depth, role: Piece(f"-{below(depth, 'unary').operand()}", False),
            "masked": lambda depth, role: self._masked(length, depth),
            "power": lambda depth, role: self._maker.combined(below(depth, "** left"), "**", lambda: Piece("2", True)),
            "centred": lambda depth, role: self._centred(length),
        }
        if self._scope.numpy:
            found["array extreme"] = lambda depth, role: self._extreme(length, depth)
            found["where"] = lambda depth, role: self._where(length, depth)
            found["ranked"] = lambda depth, role: self._ranked(length)
        return found

    def _binary(self, length: str, depth: int, role: str) -> Piece:
        sign = draw(self._draft.rng, "operators", role, tuple(PRIOR["operators"]))
        left = self.array(length, depth - 1, f"{sign} left")
        if self._draft.chance(0.25) and sign != "**":
            first = self._maker.number(depth - 1, f"{sign} left")
            return self._maker.combined(first, sign, lambda: left)
        return self._maker.combined(left, sign, lambda: self._operand(length, depth, f"{sign} right"))

    def _operand(self, length: str, depth: int, role: str) -> Piece:
        """A number or an array of the length: they go together."""
        if self._draft.chance(0.5):
            return self.array(length, depth - 1, role)
        return self._maker.number(depth - 1, role)

    def _masked(self, length: str, depth: int) -> Piece:
        mask = self.mask(length, depth - 1, "* right")
        factor = self.weight(length) if self._draft.chance(0.6) else self.array(length, depth - 1, "* left")
        return Piece(f"{factor.operand()} * {mask.operand()}", False)

    def weight(self, length: str) -> Piece:
        """A positive factor: of any size, or as large as an array gets."""
        if length not in self.lengths or self._draft.chance(0.7):
            return self._maker.size(-1.5, 2.3)
        return Piece(
            f"{self.array(length, 0, 'argument').operand()}.{self._draft.pick(('max', 'max', 'mean'))}()", True
        )

    def _where(self, length: str, depth: int) -> Piece:
        mask = self.mask(length, depth - 1, "test")
        then, other = (self._operand(length, depth, "choice") for _ in range(2))
        return Piece(f"{self._scope.numpy}.where({mask.text}, {then.text}, {other.text})", True)

    def _extreme(self, length: str, depth: int) -> Piece:
        name = self._draft.pick(("minimum", "maximum"))
        left, right = self.array(length, depth - 1, "max"), self._operand(length, depth, "max")
        return Piece(f"{self._scope.numpy}.{name}({left.text}, {right.text})", True)

    def _centred(self, length: str) -> Piece:
        """An array against its own mean, extreme or spread."""
        inner = self.array(length, 0, "- left")
        name, sign = self._draft.pick((("mean", "-"), ("min", "-"), ("max", "-"), ("max", "/"), ("mean", "/")))
        return self._maker.combined(inner, sign, lambda: Piece(f"{inner.operand()}.{name}()", True))

    def _ranked(self, length: str) -> Piece:
        """Ranks, running sums, places and neighbours of an array."""
        module, inner = self._scope.numpy, self.array(length, 0, "argument").text
        forms = (
            f"{module}.argsort({module}.argsort({inner}))",
            f"{module}.cumsum({inner})",
            f"{module}.arange(len({inner}))",
            f"{module}.roll({inner}, {self._draft.pick(('1', '-1'))})",
            f"{module}.sort({inner})",
        )
        return Piece(self._draft.pick(forms), True)

    def _gathered(self, length: str) -> Piece:
        """An array of some length out of something larger: by an index array, or a row, column or mean of a matrix."""
        options: list[Callable[[], str]] = []
        for index, thing in self._scope.gathering(length):
            if isinstance(thing, Table):
                options.append(lambda i=index, t=thing: self._picked(i, t))  # type: ignore[misc]
            else:
                options.append(lambda i=index, t=thing: f"{t}[{i}]")  # type: ignore[misc]
        for table in self._scope.matrices:
            if length in (table.rows, table.columns):
                options.append(lambda t=table: self._along(t, length))  # type: ignore[misc]
        return Piece(self._draft.pick(options)(), True)

    def _picked(self, index: str, table: Table) -> str:
        """One entry of a matrix for each index of an index array."""
        name, roll = table.name, float(self._draft.rng.random())
        reduction = self._draft.pick(AXIS)
        if roll < 0.4:
            at = self._draft.pick(self._scope.indices) if self._scope.indices and self._draft.chance(0.8) else "0"
            return f"{name}[{at}, {index}]" if self._draft.chance(0.8) else f"{name}[{index}, {at}]"
        if roll < 0.6:
            return f"{name}[{index}].{reduction}(axis=1)"
        if roll < 0.9:
            others = self._draft.pick([i for indices in self._scope.whole.values() for i in indices])
            return f"{name}[{index}][:, {others}].{reduction}(axis=1)"
        return f"{name}.{reduction}(axis=1)[{index}]"

    def _along(self, table: Table, length: str) -> str:
        """A row, a column, or what an axis of a matrix is reduced to."""
        axes = [axis for axis, symbol in ((1, table.rows), (0, table.columns)) if symbol == length]
        axis = self._draft.pick(axes)
        if table in self._scope.larger() and self._scope.indices and self._draft.chance(0.5):
            at = self._draft.pick(self._scope.indices)
            return f"{table.name}[:, {at}]" if axis == 1 else f"{table.name}[{at}]"
        return f"{table.name}.{self._draft.pick(AXIS)}(axis={axis})"

    def _indices(self, length: str, depth: int) -> Piece:
        """Whole numbers, each a valid index where those in scope are."""
        name = self._draft.pick(self._scope.whole[length])
        if depth <= 0 or self._draft.chance(0.5) or not self._scope.numpy:
            return Piece(name if self._draft.chance(0.7) else f"{name}[::-1]", True)
        if self._draft.chance(0.3):
            return Piece(f"{self._scope.numpy}.sort({name})", True)
        order = self.array(length, depth - 1, "argument")
        return Piece(f"{name}[{self._scope.numpy}.argsort({order.text})]", True)

    def _matrix(self, axes: Lengths, depth: int, role: str) -> Piece | None:
        forms = [t.name for t in self._scope.matrices if (t.rows, t.columns) == axes or len(axes) != 2]
        if len(axes) == 2:
            forms += self._tables_of(*axes)
        if not forms:
            return None
        table = Piece(self._draft.pick(forms), True)
        roll = float(self._draft.rng.random())
        if depth <= 0 or roll < 0.3:
            return table
        if roll < 0.7:
            sign = draw(self._draft.rng, "operators", role, tuple(PRIOR["operators"]))
            return self._maker.combined(table, sign, lambda: self._maker.number(depth - 1, f"{sign} right"))
        return self._maker.applied(table, "matrix", role)

    def _tables_of(self, rows: str, columns: str) -> list[str]:
        """Matrices picked out of larger ones, and the differences of two arrays, each entry with each."""
        scope, forms = self._scope, []
        for first in scope.whole.get(rows, ()) if scope.numpy else ():
            forms += [
                f"{t.name}[{scope.numpy}.ix_({first}, {second})]"
                for second in scope.whole.get(columns, ())
                for t in scope.larger()
            ]
        if not forms:
            forms += [
                f"({a}[:, None] - {b})" for a in scope.vectors.get(rows, ()) for b in scope.vectors.get(columns, ())
            ]
        return forms

    # Masks.

    def mask(self, length: str, depth: int, role: str) -> Piece:
        """Truth values of some length."""
        found: dict[str, Production] = {
            "mask comparison": lambda depth, role: self._compared(length, depth),
            "to its best": lambda depth, role: self._best(length),
            "between": lambda depth, role: self._between(length),
        }
        if length in self._scope.masks:
            found["mask name"] = lambda depth, role: Piece(self._draft.pick(self._scope.masks[length]), True)
        if depth > 0:
            found["mask both"] = lambda depth, role: self._both(length, depth)
            found["mask not"] = lambda depth, role: Piece(f"~{self.mask(length, depth - 1, 'unary').operand()}", False)
        return self._maker.drawn(found, depth, role)

    def _compared(self, length: str, depth: int) -> Piece:
        options = ("<", ">", "<=", ">=", *(("==", "!=") if length in self._scope.whole else ()))
        sign = draw(self._draft.rng, "comparisons", "test", options)
        left = self.array(length, max(0, depth - 1), "compare left")
        other = self._limit(length, depth, left)
        if other.text == left.text:
            other = self._maker.constant("compare right")
        return Piece(f"{left.operand()} {sign} {other.operand()}", False)

    def _limit(self, length: str, depth: int, of: Piece) -> Piece:
        """What an array is compared with: a number of any size, a share of its own, or anything that fits."""
        roll = float(self._draft.rng.random())
        if roll < 0.4:
            return self._maker.threshold()
        return self.share(of) if roll < 0.65 else self._operand(length, depth, "compare right")

    def share(self, of: Piece) -> Piece:
        """A number on an array's own scale: a part of its maximum, or about its mean."""
        name, most = self._draft.pick((("max", 1.0), ("mean", 2.0)))
        part = round(float(self._draft.rng.uniform(0.02, most)), 2)
        return Piece(f"{part} * {of.operand()}.{name}()", False)

    def _best(self, length: str) -> Piece:
        """The entries where an array is at its lowest, highest, or past its mean."""
        inner = self.array(length, 0, "compare left").operand()
        sign, name = self._draft.pick((("==", "min"), ("==", "max"), ("<", "mean"), (">", "mean")))
        return Piece(f"{inner} {sign} {inner}.{name}()", False)

    def _between(self, length: str) -> Piece:
        """The entries in a band: between two numbers, or near one."""
        inner = self.array(length, 0, "compare left")
        text, roll = inner.operand(), float(self._draft.rng.random())
        if roll < 0.5:
            low, high = sorted(float(self._maker.threshold().text) for _ in range(2))
            return Piece(f"({text} > {low:g}) & ({text} < {high if high > low else low + 1.0:g})", False)
        first, width = self._limit(length, 0, inner), self._maker.threshold() if roll < 0.8 else self.share(inner)
        return Piece(f"abs({text} - {first.operand()}) < {width.operand()}", False)

    def _both(self, length: str, depth: int) -> Piece:
        parts = (self.mask(length, depth - 1, "boolean").operand() for _ in range(2))
        return Piece(self._draft.pick((" & ", " | ")).join(parts), False)
