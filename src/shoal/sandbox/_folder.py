"""Folders that a hostile program has filled: measured, read and removed without following anything it made."""

from __future__ import annotations

import contextlib
import itertools
import os
import stat
from collections.abc import Iterator

__all__ = ["FolderError", "emptied", "files_in", "read_file", "size_of", "write_file"]

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
BLOCK = 512  # what st_blocks counts in


class FolderError(Exception):
    """A file that is not there, not a plain file or too large; the message is one line without its path."""


def read_file(root: str, name: str, *, most_bytes: int) -> bytes:
    """The content of a plain file; ``name`` may have folders, none of which may be a link. Raises FolderError."""
    *folders, last = name.split("/")
    with contextlib.ExitStack() as stack:
        at = _opened(stack, root, None)
        for folder in folders:
            at = _opened(stack, folder, at)
        try:
            file = os.open(last, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=at)
        except FileNotFoundError:
            raise FolderError(f"no file {name}") from None
        except OSError:  # a link, a socket, or one it may not read itself
            raise FolderError(f"{name} is not a plain file") from None
        stack.callback(os.close, file)
        return _content(file, name, most_bytes)


def _opened(stack: contextlib.ExitStack, folder: str, at: int | None) -> int:
    try:
        descriptor = os.open(folder, FOLDER, dir_fd=at)
    except OSError:
        raise FolderError(f"no folder {folder}") from None
    stack.callback(os.close, descriptor)
    return descriptor


def _content(file: int, name: str, most_bytes: int) -> bytes:
    about = os.fstat(file)
    if not stat.S_ISREG(about.st_mode):
        raise FolderError(f"{name} is not a plain file")
    if about.st_size > most_bytes:
        raise FolderError(f"{name} has {about.st_size} bytes; at most {most_bytes} are read")
    data = b""
    while piece := os.read(file, most_bytes + 1 - len(data)):
        data += piece
    return data


def write_file(root: str, name: str, data: bytes, *, executable: bool = False) -> None:
    """Make a new file, and the folders it lies in. Raises OSError."""
    path = os.path.join(root, name)
    if "/" in name:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    file = os.open(path, flags, 0o700 if executable else 0o600)
    with os.fdopen(file, "wb", buffering=0) as stream:
        view = memoryview(data)
        while view:
            view = view[stream.write(view) :]


def files_in(root: str, *, most_files: int, without: str) -> list[str]:
    """Names of all plain files below a folder, sorted, but those below the folder ``without``. Raises FolderError."""
    found = []
    for name, about in _walk(root, most_files=most_files, without=without):
        if about is None:
            raise FolderError(f"more than {most_files} files and folders")
        if stat.S_ISREG(about.st_mode) and name.isprintable():  # a name that is no text can go nowhere
            found.append(name)
    return sorted(found)


def size_of(root: str, *, most_files: int) -> int:
    """Bytes that the files below a folder take up; a number beyond all limits where there are too many."""
    total = 0
    for _, about in _walk(root, most_files=most_files, without=""):
        if about is None:
            return 1 << 62
        total += about.st_blocks * BLOCK
    return total


def _walk(root: str, *, most_files: int, without: str) -> Iterator[tuple[str, os.stat_result | None]]:
    """Names and facts of what lies below, links not followed; last a fact of None where there is more than that."""
    waiting, count = [""], 0
    while waiting:
        inside = waiting.pop()
        try:
            entries = list(os.scandir(os.path.join(root, inside)))
        except OSError:  # gone meanwhile, closed to us, or a path too long to name
            continue
        for entry in entries:
            name = os.path.join(inside, entry.name)
            count += 1
            if count > most_files:
                yield name, None
                return
            with contextlib.suppress(OSError):
                yield name, entry.stat(follow_symlinks=False)
                if entry.is_dir(follow_symlinks=False) and name != without:
                    waiting.append(name)


def emptied(root: str) -> None:
    """Remove all below a folder, however deep it goes: inner folders are brought up first, so no path grows long."""
    top = os.open(root, FOLDER)
    fresh = (f".{os.urandom(8).hex()}-{number}" for number in itertools.count())
    try:
        while names := os.listdir(top):
            for name in names:
                if _removed(top, name):
                    continue
                inner = os.open(name, FOLDER, dir_fd=top)
                try:
                    for deeper in os.listdir(inner):
                        if not _removed(inner, deeper):
                            os.rename(deeper, next(fresh), src_dir_fd=inner, dst_dir_fd=top)
                finally:
                    os.close(inner)
    finally:
        os.close(top)


def _removed(folder: int, name: str) -> bool:
    """Whether a file or an empty folder could be removed; a folder that stays can be entered and changed."""
    try:
        if not stat.S_ISDIR(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
            os.unlink(name, dir_fd=folder)
            return True
        os.chmod(name, 0o700, dir_fd=folder)
        os.rmdir(name, dir_fd=folder)
    except OSError:
        return False
    return True
