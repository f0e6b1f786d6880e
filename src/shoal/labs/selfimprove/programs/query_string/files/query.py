"""Query strings of web addresses."""

import string

Pair = tuple[str, str]
PLAIN = string.ascii_letters + string.digits + "-_.~"


def _decode(text: str) -> str:
    head, *escapes = text.replace("+", " ").split("%")
    data = head.encode()
    for escape in escapes:
        code = escape[:2]
        if len(code) < 2 or not set(code) <= set(string.hexdigits):
            raise ValueError(f"%{code} is not a byte")
        data += bytes([int(code, 16)]) + escape[2:].encode()
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise ValueError(f"{text!r} is not UTF-8") from error


def _encode(text: str) -> str:
    parts = []
    for letter in text:
        if letter == " ":
            parts.append("+")
        elif letter in PLAIN:
            parts.append(letter)
        else:
            parts.extend(f"%{byte:02X}" for byte in letter.encode())
    return "".join(parts)


def parse_query(text: str) -> list[Pair]:
    """List the keys and values of a query."""
    pairs = []
    for part in text.removeprefix("?").split("&"):
        if part:
            key, _, value = part.partition("=")
            pairs.append((_decode(key), _decode(value)))
    return pairs


def build_query(pairs: list[Pair]) -> str:
    """Write keys and values as a query."""
    return "&".join(f"{_encode(key)}={_encode(value)}" for key, value in pairs)


def get(text: str, key: str, default: str = "") -> str:
    """Find the first value of a key."""
    return next((value for name, value in parse_query(text) if name == key), default)


def with_value(text: str, key: str, value: str) -> str:
    """Give a key one value and leave the other keys as they are."""
    pairs: list[Pair] = []
    placed = False
    for name, old in parse_query(text):
        if name != key:
            pairs.append((name, old))
        elif not placed:
            pairs.append((key, value))
            placed = True
    if not placed:
        pairs.append((key, value))
    return build_query(pairs)
