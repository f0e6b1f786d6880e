"""Paths of addresses: their normal form, and ways from one to another."""

import re

PLAIN = re.compile(r"[A-Za-z0-9._~-]")
ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})?")


def unescape(text: str) -> str:
    """Escapes that are not needed as characters, the others in large letters."""

    def read(match: re.Match[str]) -> str:
        if match[1] is None:
            raise ValueError(f"an escape is not complete in {text!r}")
        character = chr(int(match[1], 16))
        return character if PLAIN.fullmatch(character) else match[0].upper()

    return ESCAPE.sub(read, text)


def normalise(path: str) -> str:
    """The path without dots."""
    text = unescape(path)
    absolute = text.startswith("/")
    segments = text.removeprefix("/").split("/")
    kept: list[str] = []
    gone = False
    for segment in segments:
        gone = segment == "."
        if segment != "..":
            kept += [] if gone else [segment]
        elif kept and kept[-1] != "..":
            kept.pop()
            gone = True
        elif absolute:
            gone = True
        else:
            kept.append(segment)
    if gone and kept:
        kept.append("")
    return "/" * absolute + "/".join(kept)


def resolve(base: str, reference: str) -> str:
    """Where a reference leads."""
    if reference.startswith("/"):
        return normalise(reference)
    if not reference:
        return normalise(base)
    folder = base[: base.rfind("/") + 1]
    return normalise(folder + reference)


def relative(base: str, target: str) -> str:
    """The shortest reference to a target."""
    if not (base.startswith("/") and target.startswith("/")):
        raise ValueError("a path is not absolute")
    base, target = normalise(base), normalise(target)
    if base == target:
        return ""
    common = 0
    for index, (one, other) in enumerate(zip(base, target, strict=False)):
        if one != other:
            break
        if one == "/":
            common = index + 1
    steps = base[common:].count("/")
    return "../" * steps + target[common:] or "./"
