"""What molecules are made of."""

from collections import Counter

from elements import MASSES
from reading import read_formula


def atoms(formula: str) -> dict[str, int]:
    """How many atoms of each element there are."""
    return dict(read_formula(formula))


def mass(formula: str) -> int:
    """The mass of a molecule, in thousandths."""
    return sum(MASSES[symbol] * number for symbol, number in atoms(formula).items())


def hill(formula: str) -> str:
    """All atoms in Hill's order."""
    counted = atoms(formula)
    first = ["C", "H"] if "C" in counted else []
    symbols = [symbol for symbol in first if symbol in counted]
    symbols += sorted(symbol for symbol in counted if symbol not in first)
    return "".join(f"{symbol}{counted[symbol] if counted[symbol] > 1 else ''}" for symbol in symbols)


def side_atoms(side: list[tuple[int, str]]) -> Counter[str]:
    """Atoms of one side of an equation."""
    total: Counter[str] = Counter()
    for number, formula in side:
        if number < 1:
            raise ValueError(f"{number} molecules are not possible")
        for symbol, count in atoms(formula).items():
            total[symbol] += count * number
    return total


def balanced(left: list[tuple[int, str]], right: list[tuple[int, str]]) -> dict[str, int]:
    """What the right side has more than the left one."""
    difference = side_atoms(right)
    difference.subtract(side_atoms(left))
    return {symbol: count for symbol, count in sorted(difference.items()) if count != 0}
