"""Text templates with named fields and filters."""

from collections.abc import Callable

Value = str | int | float
FILTERS: dict[str, Callable[[str], str]] = {
    "upper": str.upper,
    "lower": str.lower,
    "title": lambda text: " ".join(word[:1].upper() + word[1:].lower() for word in text.split(" ")),
    "trim": lambda text: text.strip(" "),
    "quote": lambda text: f'"{text}"',
}


def _split(template: str) -> list[tuple[bool, str]]:
    """Cut a template into pieces: (is it a field, its text)."""
    pieces = []
    position = 0
    while position < len(template):
        letter = template[position]
        if letter in "{}" and template[position : position + 2] == letter * 2:
            pieces.append((False, letter))
            position += 2
        elif letter == "{":
            end = template.find("}", position)
            inside = template[position + 1 : end]
            if end < 0 or "{" in inside:
                raise ValueError(f"the field at {position} is not closed")
            pieces.append((True, inside))
            position = end + 1
        elif letter == "}":
            raise ValueError(f"a lone brace at {position}")
        else:
            pieces.append((False, letter))
            position += 1
    return pieces


def _parse(field: str) -> tuple[str, list[str]]:
    name, *filters = [part.strip(" ") for part in field.split("|")]
    unknown = [word for word in filters if word not in FILTERS]
    if not name or unknown:
        raise ValueError(f"field {field!r} has no name or an unknown filter")
    return name, filters


def fill(template: str, values: dict[str, Value], missing: str = "error") -> str:
    """Replace the fields of a template by values."""
    if missing not in ("error", "empty", "keep"):
        raise ValueError(f"missing is {missing!r}; it can be error, empty or keep")
    parts = []
    for is_field, text in _split(template):
        if not is_field:
            parts.append(text)
            continue
        name, filters = _parse(text)
        if name not in values and missing == "keep":
            parts.append("{" + text + "}")
            continue
        value = str(values[name] if missing == "error" else values.get(name, ""))
        for word in filters:
            value = FILTERS[word](value)
        parts.append(value)
    return "".join(parts)


def names(template: str) -> list[str]:
    """List the names that a template asks for."""
    return list(dict.fromkeys(_parse(text)[0] for is_field, text in _split(template) if is_field))
