"""Writes a first task for a user to change: small, complete, and improving at once."""

import os
from pathlib import Path

from shoal.tasks._names import NAME, name_of
from shoal.tasks._task import TaskError

__all__ = ["scaffold"]

_TEMPLATE = Path(__file__).parent / "_template"
_FILES = ("task.toml", "initial.py", "judge.py")


def scaffold(folder: str | os.PathLike[str], *, name: str | None = None) -> tuple[Path, ...]:
    """Write a commented task into a new or empty folder and return the files written.

    Args:
        folder: where; its parents are made as needed.
        name: the task's name, lower case, digits and _; made from the folder's name when absent.

    Raises:
        TaskError: the folder holds something already, is a file, or cannot be written; the name is not one.
    """
    folder = Path(folder)
    name = name_of(folder) if name is None else name
    if not NAME.fullmatch(name):
        raise TaskError(f"task name {name[:80]!r}: needs a lower-case letter, then letters, digits or _ (64 at most)")
    try:
        return _write(folder, name)
    except FileExistsError:
        raise TaskError(f"{folder} is a file: name a folder that is new or empty") from None
    except OSError as error:
        raise TaskError(f"{folder} cannot be written: {error.strerror}") from None


def _write(folder: Path, name: str) -> tuple[Path, ...]:
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise TaskError(f"{folder} is not empty: name a folder that is new or empty, nothing was written")
    written = []
    for file in _FILES:
        text = (_TEMPLATE / file).read_text(encoding="utf-8")
        if file == "task.toml":
            text = text.replace('name = "curve_fit"', f'name = "{name}"', 1)
        (folder / file).write_text(text, encoding="utf-8")
        written.append(folder / file)
    return tuple(written)
