"""Records of delimiter-separated fields, with quotes."""


def _quoted(text: str, start: int) -> tuple[str, int]:
    """Read a quoted field whose text begins at start; return it and the position after the closing quote."""
    parts = []
    while True:
        end = text.find('"', start)
        if end < 0:
            raise ValueError("a quote is never closed")
        parts.append(text[start:end])
        if text[end + 1 : end + 2] != '"':
            return "".join(parts), end + 1
        parts.append('"')
        start = end + 2


def _plain(text: str, start: int, delimiter: str) -> tuple[str, int]:
    """Read a field without quotes; return it and the position of what ends it."""
    end = start
    while end < len(text) and text[end] not in (delimiter, "\n"):
        end += 1
    if text[end - 1 : end + 1] == "\r\n" and end > start:
        return text[start : end - 1], end - 1
    return text[start:end], end


def parse(text: str, delimiter: str = ",") -> list[list[str]]:
    """Split a text into rows of fields."""
    rows: list[list[str]] = []
    row: list[str] = []
    position = 0
    while position < len(text) or row:
        if text[position : position + 1] == '"':
            field, position = _quoted(text, position + 1)
        else:
            field, position = _plain(text, position, delimiter)
        row.append(field)
        if text[position : position + 1] == delimiter:
            position += 1
            continue
        if text[position : position + 2] == "\r\n":
            position += 1
        elif position < len(text) and text[position] != "\n":
            raise ValueError(f"{text[position]!r} follows a closing quote")
        position += 1
        rows.append(row)
        row = []
    return rows


def render(rows: list[list[str]], delimiter: str = ",") -> str:
    """Write rows of fields, quoting only where it is needed."""
    lines = []
    for row in rows:
        fields = []
        for field in row:
            special = any(mark in field for mark in (delimiter, '"', "\n", "\r"))
            fields.append('"' + field.replace('"', '""') + '"' if special else field)
        lines.append(delimiter.join(fields) + "\n")
    return "".join(lines)
