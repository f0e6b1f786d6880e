"""Patterns that choose paths."""


def split_class(part: str, start: int) -> tuple[str, int]:
    """The inside of the brackets that open at `start`, and the place after them."""
    first = start + 1
    if part[first : first + 1] == "!":
        first += 1
    end = part.find("]", first + 1)
    if end < 0:
        raise ValueError(f"[ is not closed in {part!r}")
    return part[start + 1 : end], end + 1


def in_class(inside: str, character: str) -> bool:
    """Whether brackets stand for a character."""
    wanted = not inside.startswith("!")
    listed = inside if wanted else inside[1:]
    index = 0
    found = False
    while index < len(listed):
        low = high = listed[index]
        if listed[index + 1 : index + 2] == "-" and index + 2 < len(listed):
            high = listed[index + 2]
            index += 2
        found = found or low <= character <= high
        index += 1
    return found == wanted


def tokens(part: str) -> list[str]:
    """The pieces of a part: single characters, and brackets as a whole."""
    pieces = []
    index = 0
    while index < len(part):
        if part[index] == "[":
            inside, index = split_class(part, index)
            pieces.append("[" + inside)
        else:
            pieces.append(part[index])
            index += 1
    return pieces


def fits_name(part: str, name: str) -> bool:
    """Whether a part stands for a name: the places that the pieces may have reached, step by step."""
    reached = {0}
    for piece in tokens(part):
        if piece == "*":
            reached = set(range(min(reached, default=len(name) + 1), len(name) + 1))
        elif len(piece) > 1:
            reached = {at + 1 for at in reached if at < len(name) and in_class(piece[1:], name[at])}
        else:
            reached = {at + 1 for at in reached if at < len(name) and piece in ("?", name[at])}
    return len(name) in reached


def matches(pattern: str, path: str) -> bool:
    """Whether a pattern fits a whole path."""
    parts, names = pattern.split("/"), path.split("/")
    reached = {0}
    for index, part in enumerate(parts):
        if part != "**":
            reached = {at + 1 for at in range(len(names)) if fits_name(part, names[at]) and at in reached}
            continue
        passed = set() if index == len(parts) - 1 else set(reached)
        for at in range(len(names)):
            if names[at] and (at in reached or at in passed):
                passed.add(at + 1)
        reached = passed
    return len(names) in reached


def select(rules: list[str], paths: list[str]) -> list[str]:
    """Paths that the rules leave over."""
    chosen = []
    for path in paths:
        kept = True
        for rule in rules:
            if matches(rule.removeprefix("+"), path):
                kept = rule.startswith("+")
        if kept:
            chosen.append(path)
    return chosen
