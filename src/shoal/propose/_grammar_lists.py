"""Expressions over lists of numbers, in plain Python."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from shoal.propose._grammar import draw
from shoal.propose._grammar_prior import PRIOR
from shoal.propose._pieces import Piece

if TYPE_CHECKING:
    from shoal.propose._generate import Maker, Production

_LOOSE = ("x", "y", "a", "b", "u", "v")


class Lists:
    """The part of a `Maker` that knows lists."""

    def __init__(self, maker: Maker) -> None:
        self._maker = maker
        self._draft = maker.draft
        self._scope = maker.scope

    @cached_property
    def _free(self) -> list[str]:
        """Two names that nothing in scope has."""
        return [name for name in (*_LOOSE, "_x", "_y") if name not in self._maker.names][:2]

    def of(self, kind: str, depth: int, role: str) -> Piece | None:
        """A list made of one in scope; None where there is none."""
        numeric = bool(self._scope.numeric_lists) and kind == "numbers"
        if not self._scope.lists or (kind == "numbers" and not numeric):
            return None
        name = self._draft.pick(self._scope.numeric_lists if numeric else self._scope.lists)
        found: dict[str, Production] = {
            "list name": lambda depth, role: Piece(name, True),
            "reversed": lambda depth, role: Piece(f"{name}[::-1]", True),
            "sliced": lambda depth, role: Piece(f"{name}[{self._slice()}]", True),
        }
        if numeric:
            found["ordered"] = lambda depth, role: Piece(
                f"sorted({name}{self._draft.pick(('', ', reverse=True'))})", True
            )
            if depth > 0 and not self._maker.flat:
                found["mapped"] = lambda depth, role: self._mapped(name, depth)
                found["zipped"] = lambda depth, role: self._zipped(name, depth)
        return self._maker.drawn(found, depth, role)

    def _slice(self) -> str:
        form = draw(self._draft.rng, "slices", "index", tuple(PRIOR["slices"]))
        k = int(self._draft.rng.integers(1, 4))
        return {"a:": f"{k}:", ":b": f":-{k}", "::s": f"::{k + 1}"}[form]

    def _inside(self, **loose: str) -> Maker:
        """A maker for the inside of a comprehension that binds some names of some types."""
        return type(self._maker)(self._draft, {**self._maker.names, **loose}, scale=self._maker.scale, flat=True)

    def _mapped(self, name: str, depth: int) -> Piece:
        x = self._free[0]
        inside = self._inside(**{x: "number"})
        formula = inside.joined(Piece(x, True), "number") if self._draft.chance(0.5) else inside.applied(Piece(x, True))
        form = draw(self._draft.rng, "comprehensions", "return", ("ListComp", "ListComp if"))
        test = f" if {x} {self._draft.pick(('<', '>'))} {inside.number(0).operand()}" if form.endswith("if") else ""
        return Piece(f"[{formula.text} for {x} in {name}{test}]", True)

    def _zipped(self, name: str, depth: int) -> Piece:
        """Two lists side by side, or one beside its places."""
        x, y = self._free
        other = self._draft.pick(self._scope.numeric_lists)
        sides = f"enumerate({name})" if other == name else f"zip({other}, {name})"
        sign = draw(self._draft.rng, "operators", "element", tuple(PRIOR["operators"]))
        formula = self._maker.combined(Piece(y, True), sign, lambda: Piece(x, True))
        return Piece(f"[{formula.text} for {x}, {y} in {sides}]", True)

    def number(self, depth: int, role: str) -> Piece:
        """A number out of a list of numbers."""
        name = self._draft.pick(self._scope.numeric_lists)
        roll = float(self._draft.rng.random())
        if roll < 0.4:
            return self.entry(depth, role)
        if roll < 0.7 and depth > 0:
            return Piece(f"sum({self._summed(name)})", True)
        forms = (
            f"sum({name})",
            f"max({name})",
            f"min({name})",
            f"sum({name}) / len({name})",
            f"{name}.count({int(self._draft.rng.integers(3))})",
            f"sorted({name})[len({name}) // 2]",
        )
        text = self._draft.pick(forms)
        return Piece(text, " / " not in text)

    def entry(self, depth: int, role: str) -> Piece:
        """One number of a list."""
        name = self._draft.pick(self._scope.numeric_lists)
        form = draw(self._draft.rng, "subscripts", "index", ("number", "negative", "name"))
        if form == "name" and self._scope.indices:
            return Piece(f"{name}[{self._draft.pick(self._scope.indices)}]", True)
        told = self._scope.counts.get(name, 0)
        k = int(self._draft.rng.integers(told)) if told else int(self._draft.rng.geometric(0.6)) - 1
        return Piece(f"{name}[{-k - 1 if form == 'negative' else k}]", True)

    def alike(self, depth: int, role: str) -> Piece:
        """A comparison of two entries, or of one with a small number."""
        first, other = self.entry(depth, role).text, self.entry(depth, role).text
        if other == first or self._draft.chance(0.4):
            other = str(int(self._draft.rng.integers(3)))
        return Piece(f"{first} {self._draft.pick(('==', '==', '!=', '<', '>'))} {other}", False)

    def _summed(self, name: str) -> str:
        """What is summed over a list, or over two side by side: it and another, itself a step on, or backwards."""
        x, y = self._free
        if self._draft.chance(0.5):
            others = [n for n in self._scope.numeric_lists if n != name]
            other = self._draft.pick([*others, f"{name}[1:]", f"{name}[2:]", f"{name}[::-1]"])
            formula = self._draft.pick((f"abs({x} - {y})", f"{x} * {y}", f"min({x}, {y})", f"{x} == {y}", f"{x} < {y}"))
            return f"{formula} for {x}, {y} in zip({name}, {other})"
        inside = self._inside(**{x: "number"})
        if self._draft.chance(0.4):
            return f"{x} {self._draft.pick(('<', '>', '=='))} {inside.number(0).operand()} for {x} in {name}"
        return f"{inside.joined(Piece(x, True), 'number').text} for {x} in {name}"
