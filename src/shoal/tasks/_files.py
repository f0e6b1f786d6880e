"""The files of a task's folder: each read once, and hashed."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from shoal.tasks._task import TaskError

__all__ = ["LONGEST_TEXT", "check_unchanged", "manifest_of", "read_source"]

LONGEST_TEXT = 128 * 1024  # of task.toml and of each program, in bytes


def read_source(file: Path) -> bytes:
    """The bytes of a text that must be short. Raises `TaskError`."""
    try:
        with file.open("rb") as stream:
            data = stream.read(LONGEST_TEXT + 1)
    except OSError as error:
        raise TaskError(f"{file}: cannot be read: {error.strerror}") from None
    if len(data) > LONGEST_TEXT:
        raise TaskError(f"{file}: longer than {LONGEST_TEXT // 1024} KB: move tables into data/")
    return data


def manifest_of(folder: Path, *, without: re.Pattern[str] | None = None) -> Iterator[tuple[str, str]]:
    """Each file with its SHA-256; folders right below ``folder`` whose whole name fits ``without`` are left out."""
    for path in _files(folder, without):
        try:
            with path.open("rb") as stream:
                yield path.relative_to(folder).as_posix(), hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            raise TaskError(f"{path}: cannot be read: {error.strerror}") from None


def _files(folder: Path, without: re.Pattern[str] | None = None) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name == "__pycache__":
            continue
        # A link or a device may change without its folder changing: the hash would promise too much.
        if path.is_symlink() or not (path.is_dir() or path.is_file()):
            raise TaskError(f"{path}: only plain files and folders belong to a task: put a copy in its place")
        if not path.is_dir():
            yield path
        elif without is None or not without.fullmatch(path.name):
            yield from _files(path)


def check_unchanged(folder: Path, sources: Mapping[str, bytes], manifest: Mapping[str, str]) -> None:
    """Raise `TaskError` where a text that was read is not what was hashed."""
    for file, data in sources.items():
        if hashlib.sha256(data).hexdigest() != manifest[file]:
            raise TaskError(f"{folder / file} changed while it was read: save it and try again")
