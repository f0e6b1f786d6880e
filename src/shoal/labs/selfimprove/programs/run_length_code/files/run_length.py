"""A run-length code for text, with an escape for digits."""

DIGITS = "0123456789"
ESCAPE = "\\"
LONGEST = 99


def encode(text: str) -> str:
    """Write each run of equal characters as its length and the character."""
    parts = []
    start = 0
    while start < len(text):
        symbol = text[start]
        end = start + 1
        while end < len(text) and text[end] == symbol and end - start < LONGEST:
            end += 1
        length = end - start
        written = ESCAPE + symbol if symbol in DIGITS or symbol == ESCAPE else symbol
        parts.append(written if length == 1 else f"{length}{written}")
        start = end
    return "".join(parts)


def _count(digits: str) -> int:
    count = int(digits or "1")
    if not 1 <= count <= LONGEST:
        raise ValueError(f"a count of {digits} is not between 1 and {LONGEST}")
    return count


def decode(code: str) -> str:
    """Give the text that a code stands for."""
    parts = []
    digits = ""
    escaped = False
    for symbol in code:
        if symbol in DIGITS and not escaped:
            digits += symbol
        elif symbol == ESCAPE and not escaped:
            escaped = True
        else:
            parts.append(symbol * _count(digits))
            digits = ""
            escaped = False
    if digits or escaped:
        raise ValueError("the code ends before its last character")
    return "".join(parts)
