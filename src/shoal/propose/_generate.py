"""Fresh expressions of a wanted type, from the names in scope, numbers and operators."""

from collections.abc import Mapping, Sequence

from shoal.propose._draft import Draft
from shoal.propose._numbers import COMMON
from shoal.propose._pieces import Piece

_MATH = ("sqrt", "exp", "log", "sin", "cos", "tanh", "floor", "atan")
_ARRAY = ("abs", "sqrt", "exp", "log1p", "sin", "cos", "tanh", "square", "sign")
# Right operands that undo nothing or break everything.
_ZERO, _ONE = ("0", "0.0"), ("1", "1.0")
_IDLE = {"+": _ZERO, "-": _ZERO, "*": _ONE, "/": _ZERO + _ONE, "**": _ONE}
_NUMBER_KINDS = ("int", "number", "unknown")
KINDS = ("int", "number", "bool", "array", "unknown")
"""The types that can be made."""


class Maker:
    """Makes expressions for one place in a program.

    Args:
        draft: the edit under way.
        names: name -> type at that place.
    """

    def __init__(self, draft: Draft, names: Mapping[str, str]) -> None:
        self._draft = draft
        self._numbers = [n for n, kind in names.items() if kind in _NUMBER_KINDS]
        self._ints = [n for n, kind in names.items() if kind == "int"]
        self._arrays = [n for n, kind in names.items() if kind == "array"]
        self._lists = [n for n, kind in names.items() if kind in ("list", "array")]
        self._bools = [n for n, kind in names.items() if kind == "bool"]
        self._math = next((n for n, kind in names.items() if kind == "module math"), None)
        self._numpy = next((n for n, kind in names.items() if kind == "module numpy"), None)

    def of(self, kind: str, depth: int = 1) -> Piece:
        """An expression of a type among `KINDS`."""
        if kind == "bool":
            return self.boolean(depth)
        if kind == "int":
            return self.whole(depth)
        if kind == "array" and self._arrays:
            return self.array(depth)
        return self.number(depth)

    def constant(self) -> Piece:
        """A number: one of the program's, a common one, or one of any size from 0.001 to 10."""
        draft = self._draft
        slots = draft.program.literals.slots
        roll = float(draft.rng.random())
        if roll < 0.3 and slots:
            value = draft.pick(slots).value
        elif roll < 0.5:
            value = draft.pick(COMMON)
        else:
            size = 10.0 ** (4.0 * float(draft.rng.random()) - 3.0)
            value = float(f"{size if draft.chance(0.85) else -size:.2g}")
        return Piece(repr(value), value >= 0)

    def number(self, depth: int = 1) -> Piece:
        """A number."""
        draft = self._draft
        roll = float(draft.rng.random())
        if depth <= 0 or roll < 0.4:
            return Piece(draft.pick(self._numbers), True) if self._numbers and draft.chance(0.65) else self.constant()
        if roll < 0.75:
            return self._binary(self.number(depth - 1), self.number(depth - 1))
        if roll < 0.87:
            return self.applied(self.number(depth - 1))
        if roll < 0.92:
            name = draft.pick(("min", "max"))
            return Piece(f"{name}({self.number(depth - 1).text}, {self.number(depth - 1).text})", True)
        if roll < 0.96 and self._lists:
            return Piece(f"len({draft.pick(self._lists)})", True)
        then, test, other = self.number(depth - 1), self.boolean(0), self.number(depth - 1)
        return Piece(f"{then.operand()} if {test.operand()} else {other.operand()}", False)

    def whole(self, depth: int = 1) -> Piece:
        """A whole number, as indices and counts need it."""
        draft = self._draft
        if self._ints and draft.chance(0.7):
            first = Piece(draft.pick(self._ints), True)
        elif self._lists and draft.chance(0.3):
            first = Piece(f"len({draft.pick(self._lists)})", True)
        else:
            first = Piece(str(int(draft.rng.integers(4))), True)
        return first if depth <= 0 or draft.chance(0.6) else self.stepped(first)

    def stepped(self, first: Piece) -> Piece:
        """A whole number from a whole number."""
        draft = self._draft
        sign, most = draft.pick((("+", 3), ("-", 3), ("*", 3), ("//", 4), ("%", 5)))
        other = Piece(str(int(draft.rng.integers(2 if sign in ("*", "//", "%") else 1, most + 1))), True)
        if self._ints and sign in ("+", "-") and draft.chance(0.4):
            other = Piece(draft.pick(self._ints), True)
        return Piece(f"{first.operand()} {sign} {other.text}", False)

    def applied(self, inner: Piece) -> Piece:
        """A function of a number."""
        draft = self._draft
        if self._math and draft.chance(0.6):
            return Piece(f"{self._math}.{draft.pick(_MATH)}({inner.text})", True)
        if self._numpy and draft.chance(0.6):
            return Piece(f"{self._numpy}.{draft.pick(_ARRAY)}({inner.text})", True)
        return Piece(f"abs({inner.text})", True) if draft.chance(0.5) else Piece(f"{inner.operand()} ** 2", False)

    def boolean(self, depth: int = 1) -> Piece:
        """A truth value: mostly a comparison of two numbers."""
        draft = self._draft
        if self._bools and draft.chance(0.2):
            return Piece(draft.pick(self._bools), True)
        sign = draft.pick(("<", ">", "<=", ">="))
        left = Piece(draft.pick(self._numbers), True) if self._numbers and draft.chance(0.9) else self.number(depth - 1)
        return Piece(f"{left.operand()} {sign} {self.number(depth - 1).operand()}", False)

    def array(self, depth: int = 1) -> Piece:
        """An array of the shape of one in scope, mostly."""
        draft = self._draft
        name = Piece(draft.pick(self._arrays), True)
        roll = float(draft.rng.random())
        if depth <= 0 or roll < 0.25:
            return name
        if roll < 0.6:
            return self._binary(name, self.number(depth - 1))
        if roll < 0.75:
            return self._binary(name, self.array(depth - 1))
        if self._numpy:
            return Piece(f"{self._numpy}.{draft.pick(_ARRAY)}({self.array(depth - 1).text})", True)
        return Piece(f"{name.text} ** 2", False)

    def joined(self, left: Piece, kind: str) -> Piece:
        """An expression and something new of its type with an operator between, either way round."""
        if kind == "int":
            return self.stepped(left)
        new = self.number(0) if kind != "array" or self._draft.chance(0.5) else self.of(kind, 1)
        return self._binary(left, new) if self._draft.chance(0.7) else self._binary(new, left)

    def _binary(self, left: Piece, right: Piece) -> Piece:
        sign = self._pick_weighted(("+", "-", "*", "/", "**"), (0.3, 0.27, 0.27, 0.14, 0.02))
        if right.text in _IDLE[sign]:
            right = Piece(repr(round(float(self._draft.rng.uniform(0.1, 3.0)), 2)), True)
        return Piece(f"{left.operand()} {sign} {right.operand()}", False)

    def _pick_weighted(self, options: Sequence[str], weights: Sequence[float]) -> str:
        roll = float(self._draft.rng.random())
        for option, weight in zip(options, weights, strict=True):
            roll -= weight
            if roll < 0:
                return option
        return options[-1]
