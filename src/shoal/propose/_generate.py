"""Fresh expressions of a wanted type, from the names in scope, numbers and operators.

A tree is grown from its root: each node draws its production from those that the place allows (`_grammar`), leaves
among them, so that sizes are about geometric; `depth` bounds it. Most forms keep finite what is finite: divisors stay
away from zero, roots and logarithms are taken of sizes.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from shoal.propose._draft import Draft
from shoal.propose._grammar import counts, draw
from shoal.propose._grammar_arrays import Arrays
from shoal.propose._grammar_lists import Lists
from shoal.propose._grammar_prior import PRIOR
from shoal.propose._grammar_reductions import Reductions
from shoal.propose._grammar_scope import Surroundings
from shoal.propose._pieces import Piece
from shoal.syntax._types import ARRAYS, LISTS
from shoal.syntax._use import Lengths, index_names

KINDS = ("int", "number", "bool", "unknown", "matrix", *ARRAYS, *LISTS)
"""The types that can be made."""

GUARDED = 0.85
"""How often a divisor is kept from zero, and what a root or logarithm is taken of from being negative."""

# Right operands that undo nothing or break everything.
_ZERO, _ONE = ("0", "0.0"), ("1", "1.0")
_IDLE = {"+": _ZERO, "-": _ZERO, "*": _ONE, "/": _ZERO + _ONE, "%": _ZERO + _ONE}
_EXPONENTS = ("2", "2", "3", "0.5", "1.5")
_LEAVES = frozenset(("name", "constant", "length", "int name", "small", "int length", "bool name"))
# What a function's argument becomes where it must be kept in its domain; `exp` would overflow.
_DOMAIN = {"sqrt": "abs({})", "log1p": "abs({})", "exp": "-abs({})"}

# Functions that see their argument only where it is neither tiny nor huge.
_SCALED = frozenset(("atan", "cos", "exp", "sin", "tanh"))

Production = Callable[[int, str], Piece]


class Maker:
    """Makes expressions for one place in a program.

    Args:
        draft: the edit under way.
        names: name -> type at that place.
        lengths: name -> symbols of an array's axes; those that are equal fit together.
        scale: the range that the numbers given to the function have, where that is told.
        flat: whether the place is inside a comprehension already: no loop is put into a loop.
    """

    def __init__(
        self,
        draft: Draft,
        names: Mapping[str, str],
        lengths: Mapping[str, Lengths] | None = None,
        *,
        scale: tuple[float, float] | None = None,
        flat: bool = False,
    ) -> None:
        self.draft = draft
        self.names = names
        self.scope = Surroundings(names, lengths or {}, index_names(draft.program))
        self.scale = scale
        self.flat = flat

    @cached_property
    def arrays(self) -> Arrays:
        """The part that knows arrays."""
        return Arrays(self)

    @cached_property
    def reductions(self) -> Reductions:
        """The part that makes numbers of arrays."""
        return Reductions(self)

    @cached_property
    def lists(self) -> Lists:
        """The part that knows lists."""
        return Lists(self)

    def of(
        self, kind: str, depth: int = 1, *, axes: Lengths = (), role: str = "return", full: bool = False
    ) -> Piece | None:
        """An expression of a type among `KINDS`.

        Args:
            kind: the type.
            depth: how deep it may be nested; 0 is a name or a number.
            axes: the symbols of an array's axes.
            role: where it will stand, a role of the grammar.
            full: it must not be a mere name or number, where the depth allows more.

        Returns:
            None where nothing in scope can give that type.
        """
        if kind == "bool":
            return self.boolean(depth, role, full=full)
        if kind == "int":
            return self.whole(depth, role, full=full)
        if kind in (*ARRAYS, "matrix"):
            return self.arrays.of(kind, axes, depth, role, full=full)
        if kind in LISTS:
            return self.lists.of(kind, depth, role)
        return self.number(depth, role, full=full)

    def drawn(self, productions: Mapping[str, Production], depth: int, role: str, *, full: bool = False) -> Piece:
        """Draw one of some productions and carry it out."""
        options = tuple(productions)
        if full:
            options = tuple(o for o in options if o not in _LEAVES) or options
        return productions[draw(self.draft.rng, "productions", role, options)](depth, role)

    def constant(self, role: str = "+ right") -> Piece:
        """A number: one of the program's, one that code has there, a whole one to 100, or a real one of any size."""
        draft = self.draft
        slots = draft.program.literals.slots
        roll = float(draft.rng.random())
        if roll < 0.2 and slots:
            text = repr(draft.pick(slots).value)
        elif roll < 0.45:
            text = draw(draft.rng, "constants", role, _constants(role))
        elif roll < 0.65 and self.scale:
            text = f"{float(draft.rng.uniform(*self.scale)):.3g}"
        elif roll < 0.65:
            text = str(int(10.0 ** float(draft.rng.uniform(0.0, 2.0))))
        else:
            text = f"{'' if draft.chance(0.85) else '-'}{self.size(-2.5, 1.5).text}"
        return Piece(text, not text.startswith("-"))

    # Numbers.

    def number(self, depth: int = 1, role: str = "return", *, full: bool = False) -> Piece:
        """A number."""
        return self.drawn(self._deep_numbers if depth > 0 else self._flat_numbers, depth, role, full=full)

    @cached_property
    def _flat_numbers(self) -> dict[str, Production]:
        found: dict[str, Production] = {"constant": lambda depth, role: self.constant(role)}
        if self.scope.numbers:
            found["name"] = lambda depth, role: Piece(self.draft.pick(self.scope.numbers), True)
        if self.scope.sized():
            found["length"] = lambda depth, role: Piece(f"len({self.draft.pick(self.scope.sized())})", True)
        if self.arrays.any():
            found |= {"reduced": self.reductions.reduced, "entry": self.reductions.entry}
        if self.arrays.whole():
            found["counted"] = self.reductions.counted
        if self.scope.numeric_lists and not self.flat:
            found["listed"] = self.lists.number
        return found

    @cached_property
    def _deep_numbers(self) -> dict[str, Production]:
        found: dict[str, Production] = {
            **self._flat_numbers,
            "binary": self._sum_or_product,
            "negative": self._negative,
            "function": lambda depth, role: self.applied(self.number(depth - 1, "argument"), role=role),
            "extreme": self._extreme,
            "choice": self._choice,
            "indicator": self._indicator,
        }
        if self.scope.ints or self.arrays.whole() or self.scope.numeric_lists:
            found["remainder"] = self._remainder
        return found

    def _negative(self, depth: int, role: str) -> Piece:
        inner = self.number(depth - 1, "unary")
        if is_literal(inner):
            return self._sum_or_product(depth, role)
        return Piece(f"-{inner.operand()}", False)

    def _sum_or_product(self, depth: int, role: str) -> Piece:
        sign = draw(self.draft.rng, "operators", role, tuple(PRIOR["operators"]))
        left = self.number(depth - 1, f"{sign} left")
        return self.combined(left, sign, lambda: self.number(depth - 1, f"{sign} right"))

    def _extreme(self, depth: int, role: str) -> Piece:
        name = self.draft.pick(("min", "max"))
        parts = self.number(depth - 1, name).text, self.number(depth - 1, name).text
        return Piece(f"{name}({', '.join(parts)})", True)

    def _choice(self, depth: int, role: str) -> Piece:
        then, test, other = self.number(depth - 1, "choice"), self.boolean(0, "test"), self.number(depth - 1, "choice")
        return Piece(f"{then.operand()} if {test.operand()} else {other.operand()}", False)

    def _indicator(self, depth: int, role: str) -> Piece:
        return Piece(f"{self.constant('* left').operand()} * {self.boolean(depth - 1, '* right').operand()}", False)

    def _remainder(self, depth: int, role: str) -> Piece:
        most = int(self.draft.rng.integers(2, 6))
        listed = self.scope.numeric_lists and self.draft.chance(0.7)
        first = self.number(depth - 1, "% left") if listed else self.whole(depth - 1, "% left")
        return Piece(f"{first.operand()} % {most}", False)

    # Whole numbers.

    def whole(self, depth: int = 1, role: str = "index", *, full: bool = False) -> Piece:
        """A whole number, as indices and counts need it."""
        found: dict[str, Production] = {
            "small": lambda depth, role: Piece(str(int(self.draft.rng.integers(4))), True),
        }
        if self.scope.ints:
            found["int name"] = lambda depth, role: Piece(self.draft.pick(self.scope.ints), True)
        if self.scope.sized():
            found["int length"] = lambda depth, role: Piece(f"len({self.draft.pick(self.scope.sized())})", True)
        if self.arrays.whole():
            found |= {"int entry": self.reductions.whole_entry, "int counted": self.reductions.counted}
        if depth > 0:
            found["stepped"] = lambda depth, role: self.stepped(self.whole(depth - 1, role))
            if self.arrays.whole() and self.scope.numpy:
                if role == "return" and self.draft.chance(GUARDED):
                    return self.reductions.chosen(depth, role)  # an answer that is one of several
                found["chosen"] = self.reductions.chosen
            if self.arrays.any():
                found["position"] = self.reductions.position
        return self.drawn(found, depth, role, full=full)

    def stepped(self, first: Piece) -> Piece:
        """A whole number from a whole number."""
        draft = self.draft
        sign, most = draft.pick((("+", 3), ("-", 3), ("*", 3), ("//", 4), ("%", 5)))
        other = Piece(str(int(draft.rng.integers(2 if sign in ("*", "//", "%") else 1, most + 1))), True)
        if self.scope.ints and sign in ("+", "-") and draft.chance(0.4):
            other = Piece(draft.pick(self.scope.ints), True)
        return Piece(f"{first.operand()} {sign} {other.text}", False)

    # Functions, truth values, operators.

    def applied(self, inner: Piece, kind: str = "number", role: str = "return") -> Piece:
        """A function of a number or an array, kept in its domain mostly."""
        options = [] if kind == "matrix" or kind in ARRAYS else ["round"] if self.draft.chance(0.1) else []
        options += ["abs", "square"]
        if self.scope.math and kind in ("number", "int", "unknown"):
            options += [o for o in PRIOR["calls"] if o.startswith("math.")]
        if self.scope.numpy:
            options += [o for o in PRIOR["calls"] if o.startswith("numpy.")]
        module, _, name = draw(self.draft.rng, "calls", role, tuple(options)).rpartition(".")
        if name == "square" and not module:
            return Piece(f"{inner.operand()} ** 2", False)
        if name in _SCALED and self.draft.chance(0.6):
            inner = Piece(f"{self.size(-2.0, 0.5).text} * {inner.operand()}", False)
        text = inner.text
        if name in _DOMAIN and self.draft.chance(GUARDED if not text.isidentifier() else GUARDED / 2):
            text = _DOMAIN[name].format(text)
        alias = {"math": self.scope.math, "numpy": self.scope.numpy}.get(module)
        return Piece(f"{alias}.{name}({text})" if alias else f"{name}({text})", True)

    def boolean(self, depth: int = 1, role: str = "test", *, full: bool = False) -> Piece:
        """A truth value: mostly a comparison of two numbers."""
        found: dict[str, Production] = {"comparison": self._comparison}
        if self.scope.bools:
            found["bool name"] = lambda depth, role: Piece(self.draft.pick(self.scope.bools), True)
        if self.scope.ints:
            found["parity"] = self._parity
        if self.arrays.any():
            found["of mask"] = self.reductions.any_or_all
        if self.arrays.whole() or self.scope.numeric_lists:
            found["alike"] = self.reductions.alike if self.arrays.whole() else self.lists.alike
        if depth > 0:
            found["both"] = self._both
            found["not"] = lambda depth, role: Piece(f"not {self.boolean(depth - 1, 'unary').operand()}", False)
        return self.drawn(found, depth, role, full=full)

    def _comparison(self, depth: int, role: str) -> Piece:
        sign = draw(self.draft.rng, "comparisons", role, ("<", ">", "<=", ">="))
        names = self.scope.numbers
        named = names and self.draft.chance(0.7)
        left = Piece(self.draft.pick(names), True) if named else self.number(max(0, depth - 1), "compare left")
        right = self.number(depth - 1, "compare right")
        return Piece(f"{left.operand()} {sign} {right.operand()}", False)

    def _parity(self, depth: int, role: str) -> Piece:
        most = int(self.draft.rng.integers(2, 5))
        rest = int(self.draft.rng.integers(most))
        return Piece(f"{self.draft.pick(self.scope.ints)} % {most} == {rest}", False)

    def _both(self, depth: int, role: str) -> Piece:
        word = draw(self.draft.rng, "booleans", role, ("and", "or"))
        parts = self.boolean(depth - 1, "boolean").operand(), self.boolean(depth - 1, "boolean").operand()
        return Piece(f" {word} ".join(parts), False)

    def joined(self, left: Piece, kind: str, axes: Lengths = ()) -> Piece:
        """An expression and something new of its type with an operator between, either way round."""
        if kind == "int":
            return self.stepped(left)
        of_array = kind == "matrix" or kind in ARRAYS
        sign = draw(self.draft.rng, "operators", "return", tuple(PRIOR["operators"]))
        # A number added to all entries, or their multiple, rarely changes what is made of them.
        alike = sign in "+-*/" and self.draft.chance(0.85)
        new = self.of(kind, 1, axes=axes, role=f"{sign} right") if of_array and alike else None
        right = new or self.number(1 if of_array else 0, f"{sign} right")
        if sign == "**" or self.draft.chance(0.7):
            return self.combined(left, sign, lambda: right)
        return self.combined(right, sign, lambda: left)

    def combined(self, left: Piece, sign: str, right: Callable[[], Piece]) -> Piece:
        """Two operands with a sign between; an idle one is replaced, a divisor kept from zero, an exponent small."""
        draft = self.draft
        if sign == "**":
            power = draft.pick(_EXPONENTS)
            base = f"abs({left.text})" if "." in power and draft.chance(GUARDED) else left.operand()
            return Piece(f"{base} ** {power}", False)
        other = right()
        if other.text in _IDLE[sign]:
            other = Piece(repr(round(float(draft.rng.uniform(0.1, 3.0)), 2)), True)
        if sign in "/%":
            other = self.divisor(other)
        return Piece(f"{left.operand()} {sign} {other.operand()}", False)

    def divisor(self, by: Piece) -> Piece:
        """What to divide by: most of the time nothing that is zero."""
        if is_literal(by) or not self.draft.chance(GUARDED):
            return by
        if by.text.isidentifier():
            return Piece(f"{by.text} + {self.draft.pick(('1', '1', '0.1', '10'))}", False)
        return Piece(f"1 + abs({by.text})", False)

    def threshold(self) -> Piece:
        """What an array may be compared with: within the range that is told, else of any size."""
        if self.scale and self.draft.chance(0.5):
            return Piece(f"{float(self.draft.rng.uniform(*self.scale)):.2g}", self.scale[0] >= 0)
        return self.size() if self.draft.chance(0.7) else self.constant("compare right")

    def size(self, low: float = -0.5, high: float = 2.0) -> Piece:
        """A positive number of any size between two powers of ten, two digits of it."""
        return Piece(repr(float(f"{10.0 ** float(self.draft.rng.uniform(low, high)):.2g}")), True)


def is_literal(piece: Piece) -> bool:
    """Whether an expression is a number in digits."""
    return piece.text.lstrip("-").replace(".", "").replace("e-", "").isdigit()


def _constants(role: str) -> tuple[str, ...]:
    """Every constant that the prior or the table has for a role."""
    learned: Sequence[str] = tuple(counts()["constants"].get(role, ()))
    return tuple(dict.fromkeys((*PRIOR["constants"], *learned)))
