"""What a command's program is given for one instance: checked where the judge runs, whose mistake it would be."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["program_input"]

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}")
_KEYS = {"stdin", "files", "arguments"}


def program_input(chosen: Any) -> dict[str, Any]:
    """``{"stdin": bytes, "files": {name: bytes}, "arguments": [str, ...]}`` of what a judge hands over.

    That is such a dictionary, with any of the keys and text in place of bytes, or standard input alone, or None.
    Raises TypeError for anything else.
    """
    if chosen is None or isinstance(chosen, str | bytes):
        chosen = {"stdin": chosen or b""}
    if not isinstance(chosen, dict) or not set(chosen) <= _KEYS:
        raise TypeError(
            "a program is given a text, bytes, or a dictionary with 'stdin', 'files' and 'arguments': "
            f"define arguments(instance) to return one of them, not {type(chosen).__name__}"
        )
    files, arguments = chosen.get("files", {}), chosen.get("arguments", [])
    if not isinstance(files, dict) or not all(isinstance(name, str) and _NAME.fullmatch(name) for name in files):
        raise TypeError("'files' must be a dictionary from plain file names (letters, digits, . _ -) to contents")
    if not isinstance(arguments, list | tuple) or not all(
        isinstance(one, str) and "\0" not in one for one in arguments
    ):
        raise TypeError("'arguments' must be a list of texts")
    return {
        "stdin": _bytes(chosen.get("stdin", b""), "stdin"),
        "files": {name: _bytes(data, f"the file {name}") for name, data in files.items()},
        "arguments": list(arguments),
    }


def _bytes(value: Any, what: str) -> bytes:
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, bytes):
        return value
    raise TypeError(f"{what} must be text or bytes, not {type(value).__name__}")
