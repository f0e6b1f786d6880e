"""Ascii85: four bytes in five printable characters."""

FIRST = ord("!")
FILL = "u"


def spread(number: int, base: int, count: int) -> list[int]:
    """The `count` digits of a number, most significant first."""
    digits = []
    for _ in range(count):
        number, digit = divmod(number, base)
        digits.append(digit)
    return digits[::-1]


def gather(digits: list[int], base: int) -> int:
    """The number that has these digits."""
    number = 0
    for digit in digits:
        number = number * base + digit
    return number


def encode(data: list[int], width: int = 0) -> str:
    """Bytes as text, in lines if a width is given."""
    if width < 0 or any(not 0 <= byte <= 255 for byte in data):
        raise ValueError("bytes are 0 to 255, and a width is not negative")
    text = ""
    for start in range(0, len(data), 4):
        group = data[start : start + 4]
        if group == [0, 0, 0, 0]:
            text += "z"
            continue
        number = gather(group + [0] * (4 - len(group)), 256)
        characters = [chr(FIRST + digit) for digit in spread(number, 85, 5)]
        text += "".join(characters[: len(group) + 1])
    if width:
        return "\n".join(text[start : start + width] for start in range(0, len(text), width))
    return text


def decode(text: str) -> list[int]:
    """The bytes that a text stands for."""
    data: list[int] = []
    group = ""
    for character in text + FILL * 4:
        if character in " \n":
            continue
        if character == "z" and not group:
            data += [0, 0, 0, 0]
            continue
        if not "!" <= character <= "u":
            raise ValueError(f"{character!r} is not expected here")
        group += character
        if len(group) == 5:
            data += decode_group(group)
            group = ""
    if len(group) == 0:
        raise ValueError("a single digit at the end")
    return data[: len(data) - (4 - len(group))]


def decode_group(group: str) -> list[int]:
    """Four bytes from five digits."""
    number = gather([ord(character) - FIRST for character in group], 85)
    if number >= 1 << 32:
        raise ValueError(f"{group} exceeds four bytes")
    return spread(number, 256, 4)
