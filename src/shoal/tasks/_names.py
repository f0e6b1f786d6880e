"""What a task is called after its folder."""

import re
from pathlib import Path

__all__ = ["NAME", "name_of"]

NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")


def name_of(folder: Path) -> str:
    """A name that a task may have, as near to the folder's as can be."""
    plain = re.sub(r"[^a-z0-9]+", "_", folder.resolve().name.lower()).strip("_")
    return plain[:64] if plain[:1].isalpha() else f"task_{plain}"[:64].rstrip("_")
