"""Loads a task: reads each file once, checks everything that can be checked without running it."""

import os
import tomllib
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from shoal.tasks._discovery import find
from shoal.tasks._files import check_unchanged, manifest_of, read_source
from shoal.tasks._ported import form_of, load_ported
from shoal.tasks._source import check_initial, check_judge, check_public
from shoal.tasks._task import Task, TaskError

if TYPE_CHECKING:
    from shoal.tasks._settings import Settings

__all__ = ["load"]


def load(name_or_folder: str | os.PathLike[str], *, program: bool = True) -> Task:
    """Load a task by its name, or by the path of its folder, which may be one of ShinkaEvolve or OpenEvolve as it is.

    A text without a slash is a name first, and a folder of the working directory only when no task has that name.
    With ``program`` false, a task that lacks its first program is loaded too, where a program may be written anew.

    Raises:
        TaskError: no such task; a missing, oversized or unreadable file; a symbolic link; a setting out of its limits;
            a program without its entry function; a judge without the functions of its kind.
    """
    folder = _folder(name_or_folder)
    table = _table(folder / "task.toml")
    if table is None or table.get("kind") == "self_scored":
        return load_ported(folder, table or {})
    settings = _settings(table, folder / "task.toml")
    manifest = MappingProxyType(dict(manifest_of(folder)))
    sources = {
        file: read_source(folder / file)
        for file in (settings.program.file, *settings.program.more, "judge.py", "public.py")
        if file in manifest
    }
    check_unchanged(folder, sources, manifest)
    judge = _required(sources, "judge.py", folder)
    initial = _program(sources, settings, folder, needed=program)
    public = sources.get("public.py")
    more = {name: _beside(sources, name, settings, folder) for name in settings.program.more}
    if settings.program.file in sources:
        check_initial(initial, file=str(folder / settings.program.file), program=settings.program.value())
    for name, data in more.items():
        check_initial(data, file=str(folder / name), program=replace(settings.program.value(), file=name, entry=()))
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
        more=MappingProxyType(more),
    )


def _folder(name_or_folder: str | os.PathLike[str]) -> Path:
    text = os.fspath(name_or_folder)
    is_path = not isinstance(name_or_folder, str) or "/" in text or os.sep in text or text in ("", ".", "..", "~")
    if is_path:
        return _own_folder(Path(text).expanduser())
    try:
        return find(text)
    except TaskError:
        if _is_task(Path(text)):
            return Path(text).resolve()
        raise


def _own_folder(folder: Path) -> Path:
    if not folder.is_dir():
        raise TaskError(f"{folder} is not a folder: `shoal new {folder}` writes a task there")
    if not _is_task(folder):
        raise TaskError(f"{folder} has no task.toml: `shoal new DIR` writes a complete example to copy from")
    return folder.resolve()


def _is_task(folder: Path) -> bool:
    """Whether a folder is one of Shoal's, or is recognised as another project's."""
    return folder.is_dir() and ((folder / "task.toml").is_file() or form_of(folder) is not None)


def _table(file: Path) -> dict[str, Any] | None:
    """What task.toml says, unchecked; None where there is none."""
    if not file.is_file():
        return None
    try:
        return tomllib.loads(read_source(file).decode())
    except UnicodeDecodeError as error:
        raise TaskError(f"{file}: byte {error.start} is not UTF-8: save it as UTF-8") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise TaskError(f"{file}: not valid TOML: {error}") from None


def _settings(table: dict[str, Any], file: Path) -> "Settings":
    # Imported here: pydantic costs a tenth of a second, and most of this package is used without it.
    from shoal.tasks._settings import parse

    return parse(table, file=str(file))


def _program(sources: dict[str, bytes], settings: "Settings", folder: Path, *, needed: bool) -> bytes:
    """The first program; empty where there is none and none is needed."""
    file = settings.program.file
    if file in sources:
        return sources[file]
    if settings.program.more:
        raise TaskError(f"{folder / file} is missing: a model writes programs of one file alone; write it")
    if settings.kind == "timed":
        raise TaskError(f"{folder / file} is missing: candidates of a timed task are compared with it")
    if settings.program.region != "all":
        raise TaskError(
            f"{folder / file} is missing, and program.region says what of it may change: "
            'write it, or set region = "all" and let a model write it (--models FILE)'
        )
    if needed:
        raise TaskError(
            f"{folder / file} is missing: write it (`shoal new DIR` writes an example), "
            "or let a model write it from the description: shoal run ... --models FILE"
        )
    return b""


def _beside(sources: dict[str, bytes], name: str, settings: "Settings", folder: Path) -> bytes:
    if name not in sources:
        raise TaskError(f"{folder / name} is missing: program.more names it; write it, or drop the name")
    return sources[name]


def _required(sources: dict[str, bytes], file: str, folder: Path) -> bytes:
    if file not in sources:
        raise TaskError(f"{folder / file} is missing: every task has one; `shoal new DIR` writes an example")
    return sources[file]
