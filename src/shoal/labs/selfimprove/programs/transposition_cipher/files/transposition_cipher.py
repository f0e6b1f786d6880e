"""Texts whose columns are read in another order."""

import string

KEPT = string.ascii_letters + string.digits


def clean(text: str) -> str:
    """Large letters and digits alone."""
    return "".join(character for character in text if character in KEPT).upper()


def order(key: str) -> list[int]:
    """Columns in the order in which they are read."""
    if not key or any(letter not in string.ascii_letters for letter in key):
        raise ValueError(f"{key!r} is no key")
    letters = key.upper()
    return sorted(range(len(letters)), key=lambda column: (letters[column], column))


def mix(text: str, key: str) -> str:
    """Write in rows, read in columns."""
    return "".join(text[column :: len(key)] for column in order(key))


def unmix(text: str, key: str) -> str:
    """Write in columns, read in rows."""
    full, longer = divmod(len(text), len(key))
    columns = [""] * len(key)
    start = 0
    for column in order(key):
        height = full + (column < longer)
        columns[column] = text[start : start + height]
        start += height
    rows = ["".join(column[row : row + 1] for column in columns) for row in range(full + 1)]
    return "".join(rows)


def encrypt(text: str, keys: list[str], group: int = 5) -> str:
    """The mixed text, in groups."""
    if group < 0:
        raise ValueError("a group is not negative")
    mixed = clean(text)
    for key in keys:
        mixed = mix(mixed, key)
    if group == 0:
        return mixed
    return " ".join(mixed[start : start + group] for start in range(0, len(mixed), group))


def decrypt(text: str, keys: list[str]) -> str:
    """The text that was mixed."""
    plain = clean(text)
    for key in reversed(keys):
        plain = unmix(plain, key)
    return plain
