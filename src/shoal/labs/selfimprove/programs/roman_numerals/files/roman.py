"""Roman numerals in standard form."""

SMALLEST, LARGEST = 1, 3999
SYMBOLS = [
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
]
VALUES = {symbol: value for value, symbol in SYMBOLS if len(symbol) == 1}


def to_roman(number: int) -> str:
    """Write a number from 1 to 3999 as a Roman numeral."""
    if not SMALLEST <= number <= LARGEST:
        raise ValueError(f"{number} is not between {SMALLEST} and {LARGEST}")
    parts = []
    for value, symbol in SYMBOLS:
        count, number = divmod(number, value)
        parts.append(symbol * count)
    return "".join(parts)


def from_roman(text: str) -> int:
    """Read a Roman numeral; only the standard form is accepted."""
    letters = text.strip().upper()
    if not letters or any(letter not in VALUES for letter in letters):
        raise ValueError(f"{text!r} is not a Roman numeral")
    total = 0
    for letter, following in zip(letters, letters[1:] + "I", strict=True):
        value = VALUES[letter]
        total += -value if value < VALUES[following] else value
    if to_roman(total) != letters:
        raise ValueError(f"{text!r} is not in standard form")
    return total


def add_roman(numerals: list[str]) -> str:
    """Add numerals and write the sum as a numeral."""
    return to_roman(sum(from_roman(numeral) for numeral in numerals))
