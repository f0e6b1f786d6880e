"""Patterns of paths, with * for one part and ** for the rest."""


def fits(pattern: str, path: str) -> bool:
    """Tell whether a pattern fits a path."""
    parts = pattern.split("/")
    names = path.split("/")
    if parts[-1] == "**":
        parts.pop()
        names = names[: len(parts)]
    return len(parts) == len(names) and all(part in ("*", name) for part, name in zip(parts, names, strict=True))


def literal_parts(pattern: str) -> int:
    """Count the parts that fit only themselves."""
    return sum(part not in ("*", "**") for part in pattern.split("/"))
