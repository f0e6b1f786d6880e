"""The three settings of a `config.yaml` that matter to a ported task, read without a parser of YAML.

What is read: top-level keys, plain `key: value` lines one level below them, and lists of numbers, in brackets on one
line or as `- number` lines. Everything else (anchors, texts over several lines, deeper levels) is passed over.
"""

from collections.abc import Iterator

__all__ = ["values_below"]


def values_below(text: str, section: str) -> dict[str, str | list[float]]:
    """The plain values and lists of numbers below the top-level key ``section``; unreadable ones are left out.

    Values are texts as they stand, without quotes.
    """
    found: dict[str, str | list[float]] = {}
    key, indent = "", 0
    for depth, line in _lines_below(text, section):
        indent = indent or depth
        name, colon, rest = line.partition(":")
        if line.startswith("- "):  # of the last key, whatever its depth
            _add(found, key, line[2:])
        elif depth == indent and colon and (not rest or rest[0] == " "):
            key = name.strip()
            _keep(found, key, rest.strip())
        elif depth > indent:
            key = ""
    return found


def _lines_below(text: str, section: str) -> Iterator[tuple[int, str]]:
    """Indentation and text of each line that belongs to the section, comments left out."""
    inside = False
    for raw in text.splitlines():
        line = raw.partition(" #")[0].rstrip()
        stripped = line.lstrip(" ")
        if not stripped or stripped.startswith("#"):
            continue
        depth = len(line) - len(stripped)
        if depth == 0 and not stripped.startswith("- "):
            inside = stripped.partition(":")[0].strip() == section
        elif inside:
            yield depth, stripped


def _keep(found: dict[str, str | list[float]], key: str, value: str) -> None:
    if value.startswith("[") and value.endswith("]"):
        numbers = [_number(one) for one in value[1:-1].split(",") if one.strip()]
        if None not in numbers:
            found[key] = [one for one in numbers if one is not None]
    elif value and value[0] not in "|>&*{[":
        found[key] = value.strip("\"'")


def _add(found: dict[str, str | list[float]], key: str, value: str) -> None:
    number, numbers = _number(value), found.setdefault(key, []) if key else None
    if number is not None and isinstance(numbers, list):
        numbers.append(number)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
