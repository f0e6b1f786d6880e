"""Loads a task: reads each file once, checks everything that can be checked without running it."""

import hashlib
import os
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from shoal.tasks._discovery import find
from shoal.tasks._source import check_initial, check_judge, check_public
from shoal.tasks._task import Task, TaskError

if TYPE_CHECKING:
    from shoal.tasks._settings import Settings

__all__ = ["load"]

_LONGEST_TEXT = 128 * 1024  # of task.toml and of each program, in bytes


def load(name_or_folder: str | os.PathLike[str]) -> Task:
    """Load a task by its name, or by the path of its folder.

    A text without a slash is a name first, and a folder of the working directory only when no task has that name.

    Raises:
        TaskError: no such task; a missing, oversized or unreadable file; a symbolic link; a setting out of its limits;
            a program without its entry function; a judge without the functions of its kind.
    """
    folder = _folder(name_or_folder)
    settings = _settings(folder / "task.toml")
    manifest = MappingProxyType(dict(_manifest(folder)))
    sources = {
        file: _read(folder / file) for file in (settings.program.file, "judge.py", "public.py") if file in manifest
    }
    _check_unchanged(folder, sources, manifest)
    judge = _required(sources, "judge.py", folder)
    initial = _required(sources, settings.program.file, folder)
    public = sources.get("public.py")
    check_initial(initial, file=str(folder / settings.program.file), program=settings.program.value())
    check_judge(judge, file=str(folder / "judge.py"), kind=settings.kind, transfer=bool(settings.instances.transfer))
    check_public(public, file=str(folder / "public.py"), kind=settings.kind)
    return Task(
        name=settings.name,
        kind=settings.kind,
        description=" ".join(settings.description.split()),
        folder=folder,
        program=settings.program.value(),
        score=settings.score.value(),
        instances=settings.instances.value(),
        limits=settings.limits.value(),
        measured=settings.measured,
        answers=settings.answers(),
        judge=judge,
        initial=initial,
        public=public,
        manifest=manifest,
    )


def _folder(name_or_folder: str | os.PathLike[str]) -> Path:
    text = os.fspath(name_or_folder)
    is_path = not isinstance(name_or_folder, str) or "/" in text or os.sep in text or text in ("", ".", "..", "~")
    if is_path:
        return _own_folder(Path(text).expanduser())
    try:
        return find(text)
    except TaskError:
        if (Path(text) / "task.toml").is_file():
            return Path(text).resolve()
        raise


def _own_folder(folder: Path) -> Path:
    if not folder.is_dir():
        raise TaskError(f"{folder} is not a folder: `shoal new {folder}` writes a task there")
    if not (folder / "task.toml").is_file():
        raise TaskError(f"{folder} has no task.toml: `shoal new DIR` writes a complete example to copy from")
    return folder.resolve()


def _settings(file: Path) -> "Settings":
    # Imported here: pydantic costs a tenth of a second, and most of this package is used without it.
    from shoal.tasks._settings import parse

    try:
        table: dict[str, Any] = tomllib.loads(_read(file).decode())
    except UnicodeDecodeError as error:
        raise TaskError(f"{file}: byte {error.start} is not UTF-8: save it as UTF-8") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise TaskError(f"{file}: not valid TOML: {error}") from None
    return parse(table, file=str(file))


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            data = stream.read(_LONGEST_TEXT + 1)
    except OSError as error:
        raise TaskError(f"{file}: cannot be read: {error.strerror}") from None
    if len(data) > _LONGEST_TEXT:
        raise TaskError(f"{file}: longer than {_LONGEST_TEXT // 1024} KB: move tables into data/")
    return data


def _required(sources: dict[str, bytes], file: str, folder: Path) -> bytes:
    if file not in sources:
        raise TaskError(f"{folder / file} is missing: every task has one; `shoal new DIR` writes an example")
    return sources[file]


def _manifest(folder: Path) -> Iterator[tuple[str, str]]:
    for path in _files(folder):
        try:
            with path.open("rb") as stream:
                yield path.relative_to(folder).as_posix(), hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            raise TaskError(f"{path}: cannot be read: {error.strerror}") from None


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name == "__pycache__":
            continue
        # A link or a device may change without its folder changing: the hash would promise too much.
        if path.is_symlink() or not (path.is_dir() or path.is_file()):
            raise TaskError(f"{path}: only plain files and folders belong to a task: put a copy in its place")
        if path.is_dir():
            yield from _files(path)
        else:
            yield path


def _check_unchanged(folder: Path, sources: dict[str, bytes], manifest: MappingProxyType[str, str]) -> None:
    for file, data in sources.items():
        if hashlib.sha256(data).hexdigest() != manifest[file]:
            raise TaskError(f"{folder / file} changed while it was read: save it and try again")
