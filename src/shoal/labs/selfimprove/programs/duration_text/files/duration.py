"""Durations such as 1h 30m, as text and as seconds."""

UNITS = {"d": 86400, "h": 3600, "m": 60, "s": 1}


def parse_duration(text: str) -> int:
    """Read a duration in seconds."""
    rest = text.strip(" ")
    sign = -1 if rest.startswith("-") else 1
    seconds = 0
    digits = ""
    allowed = "dhms"
    for letter in rest.removeprefix("-"):
        if letter in "0123456789":
            digits += letter
        elif letter in allowed and digits:
            seconds += int(digits) * UNITS[letter]
            digits = ""
            allowed = allowed[allowed.index(letter) + 1 :]
        elif letter != " " or digits:
            raise ValueError(f"{text!r} is not a duration such as 1d 2h 30m 5s")
    if digits or allowed == "dhms":
        raise ValueError(f"{text!r} lacks a number or a unit")
    return sign * seconds


def format_duration(seconds: int, parts: int = 2) -> str:
    """Write a duration with its largest units."""
    if parts < 1:
        raise ValueError(f"parts is {parts}; it must be at least 1")
    rest = abs(seconds)
    counts: list[tuple[int, str]] = []
    for unit, size in UNITS.items():
        count, rest = divmod(rest, size)
        if count or counts:
            counts.append((count, unit))
    shown = [f"{count}{unit}" for count, unit in counts[:parts] if count]
    sign = "-" if seconds < 0 else ""
    return sign + " ".join(shown) if shown else "0s"


def total(texts: list[str]) -> int:
    """Add up durations, in seconds."""
    return sum(parse_duration(text) for text in texts)
