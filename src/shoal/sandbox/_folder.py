"""Folders that a hostile program has filled: measured, read and removed without following anything it made."""

from __future__ import annotations

import contextlib
import itertools
import os
import stat
import sys
from collections.abc import Iterator, Sequence

__all__ = ["FolderError", "files_in", "read_file", "removed", "size_of", "write_file"]

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
BLOCK = 512  # what st_blocks counts in
LONGEST = 4096  # bytes of a path, its end included
OPEN, SEARCHED = 0o700, 0o500  # modes of a folder
MOST_LOST = 16  # times that one walk loses its way


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
    """Paths of all plain files below a folder, sorted, but those below the folder ``without``. Raises FolderError.

    Left out are names that are no text, and paths too long to open anything by.
    """
    found = []
    for folders, name, about in _walk(root, most_files=most_files, without=without):
        if about is None:
            raise FolderError(f"more than {most_files} files and folders")
        if stat.S_ISREG(about.st_mode) and len(folders) < LONGEST:
            path = "/".join((*folders, name))
            if path.isprintable() and len(path.encode()) < LONGEST:
                found.append(path)
    return sorted(found)


def size_of(root: str, *, most_files: int) -> int:
    """Bytes that the files below a folder take up; a number beyond all limits where there are too many."""
    total = 0
    for _, _, about in _walk(root, most_files=most_files, without=""):
        if about is None:
            return 1 << 62
        total += about.st_blocks * BLOCK
    return total


def _walk(root: str, *, most_files: int, without: str) -> Iterator[tuple[Sequence[str], str, os.stat_result | None]]:
    """Folders, name and facts of what lies below, links not followed; last a fact of None where there is too much.

    Nobody can make a walk longer than that: who moves folders away from under it all the time has too many.
    """
    count = 0
    with contextlib.suppress(OSError), contextlib.closing(_Way(root)) as way:
        while way.waiting and way.lost <= MOST_LOST:
            for entry in way.entries():
                count += 1
                if count > most_files:
                    yield way.folders, entry.name, None
                    return
                with contextlib.suppress(OSError):  # gone meanwhile
                    yield way.folders, entry.name, entry.stat(follow_symlinks=False)
                    if entry.is_dir(follow_symlinks=False) and (way.folders or entry.name != without):
                        way.waiting[-1].append(entry.name)
            way.step()
        if way.waiting:
            yield way.folders, "", None


class _Way:
    """A folder below a root, reached step by step: a few descriptors however deep it lies, and no path grows long.

    Who works there may move it meanwhile, so it is checked where a step up leads; a way that was lost is found again
    from the root, as far as it is there. ``folders`` are the names on the way; ``waiting`` are those not yet entered in
    the root and in each folder on the way, and no list at all once everything was seen.
    """

    def __init__(self, root: str) -> None:
        self.root, self.at = root, _looked_into(root, None)
        self.folders: list[str] = []
        self.waiting: list[list[str]] = [[]]
        self.lost = 0
        self._fresh = True  # this folder was not entered before
        self._outer: list[tuple[int, int]] = []  # what each of the folders lies in

    def entries(self) -> Iterator[os.DirEntry[str]]:
        """What lies here; nothing the second time that one comes here."""
        if self._fresh:
            with os.scandir(self.at) as found:
                yield from found

    def step(self) -> None:
        """Into a folder that waits in this one, else back to the one around."""
        self._fresh = False
        if self.waiting[-1]:
            name = self.waiting[-1].pop()
            with contextlib.suppress(OSError):  # gone meanwhile, or not ours
                self._enter(name)
                self.waiting.append([])
                self._fresh = True
        elif self.folders:
            self._leave()
        else:
            self.waiting.clear()

    def close(self) -> None:
        """Give the descriptor back."""
        os.close(self.at)

    def _enter(self, name: str) -> None:
        outer = _identity(self.at)
        self._stand(_looked_into(name, self.at))
        self._outer.append(outer)
        self.folders.append(name)

    def _leave(self) -> None:
        names = self.folders[:-1]
        with contextlib.suppress(OSError):
            self._stand(os.open("..", FOLDER, dir_fd=self.at))
            if _identity(self.at) == self._outer[-1]:
                del self.folders[-1], self.waiting[-1], self._outer[-1]
                return
        self.lost += 1
        self._stand(_looked_into(self.root, None))
        self.folders, self._outer = [], []
        with contextlib.suppress(OSError):
            for name in names:
                self._enter(name)
        del self.waiting[len(self.folders) + 1 :]

    def _stand(self, descriptor: int) -> None:
        os.close(self.at)
        self.at = descriptor


def _identity(folder: int) -> tuple[int, int]:
    about = os.fstat(folder)
    return about.st_dev, about.st_ino


def _looked_into(name: str, at: int | None) -> int:
    """A descriptor of a folder; one that its owner, who is us, has closed is opened up. Raises OSError."""
    try:
        descriptor = os.open(name, FOLDER, dir_fd=at)
    except PermissionError:
        if sys.platform != "linux":
            raise
        place = os.open(name, os.O_PATH | FOLDER, dir_fd=at)
        try:
            os.chmod(f"/proc/self/fd/{place}", OPEN)  # by its name it might be a link by now
        finally:
            os.close(place)
        return os.open(name, FOLDER, dir_fd=at)
    if os.fstat(descriptor).st_mode & SEARCHED != SEARCHED:
        with contextlib.suppress(OSError):
            os.fchmod(descriptor, OPEN)
    return descriptor


def removed(root: str) -> None:
    """Remove a folder and all below it, however deep it goes; whoever worked there must have ended. Raises OSError."""
    os.chmod(root, OPEN)
    top = os.open(root, FOLDER)
    try:
        _empty(top)
    finally:
        os.close(top)
    os.rmdir(root)


def _empty(top: int) -> None:
    """Remove all below a folder: those inside another are brought up first, so no path grows long."""
    fresh, numbers = os.urandom(8).hex(), itertools.count()
    waiting = _kept(top)
    while waiting:
        name = waiting.pop()
        inner = os.open(name, FOLDER, dir_fd=top)
        try:
            for deeper in _kept(inner):
                waiting.append(f".{fresh}-{next(numbers)}")
                os.rename(deeper, waiting[-1], src_dir_fd=inner, dst_dir_fd=top)
        finally:
            os.close(inner)
        os.rmdir(name, dir_fd=top)


def _kept(folder: int) -> list[str]:
    """Remove the files and the empty folders of a folder; the names of others, which can be entered and moved then."""
    with os.scandir(folder) as found:
        entries = list(found)
    kept = []
    for entry in entries:
        if not entry.is_dir(follow_symlinks=False):
            os.unlink(entry.name, dir_fd=folder)
            continue
        try:
            os.rmdir(entry.name, dir_fd=folder)
        except OSError:
            os.chmod(entry.name, OPEN, dir_fd=folder)
            kept.append(entry.name)
    return kept
