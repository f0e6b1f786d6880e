"""Where a user's function is: its project, its file, the name of its module, and a copy of the project to work with."""

from __future__ import annotations

import importlib.util
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shoal.core.errors import UserError

__all__ = ["Place", "copy_project", "find_place", "mentions", "python_files"]

ROOTS = ("", "src", "lib", "python")
LEFT_OUT = {"node_modules", "__pycache__", "build", "dist", "venv", "env", "site-packages", "runs", "htmlcov"}
MOST_BYTES = 64 << 20
MOST_FILE_BYTES = 8 << 20
_SPEC = re.compile(r"^[\w./-]+:[A-Za-z_][\w.]*$")


@dataclass(frozen=True, slots=True)
class Place:
    """A function in a project: the project's folder, the module's file in it, both with forward slashes.

    ``root`` is the folder of the project that the module is imported from, "" for the project's own.
    """

    project: Path
    file: str
    root: str
    module: str
    function: str

    @property
    def path(self) -> Path:
        """The module's file."""
        return self.project / self.file

    @property
    def imported_from(self) -> str:
        """The folder that the module is imported from, in the ``data/`` of a task that holds a copy of the project."""
        return f"project/{self.root}" if self.root else "project"

    @property
    def spec(self) -> str:
        """As people write it."""
        return f"{self.module}:{self.function}"


def find_place(spec: str, *, project: Path) -> Place:
    """The place that ``PKG.MODULE:FUNCTION`` or ``path/to/file.py:FUNCTION`` names. Raises `UserError`."""
    if not _SPEC.match(spec):
        raise UserError(
            f"{spec!r}: write MODULE:FUNCTION, for instance shop.pricing:best_offer or shop/pricing.py:best_offer"
        )
    name, _, function = spec.rpartition(":")
    project = project.resolve()
    if name.endswith(".py"):
        return _of_file(project, Path(name), function)
    if not all(part.isidentifier() for part in name.split(".")):
        raise UserError(
            f"{spec!r}: {name} is no module's name; a file ends in .py, for instance shop/pricing.py:best_offer"
        )
    relative = name.replace(".", "/")
    tried = []
    for root in ROOTS:
        for file in (f"{relative}.py", f"{relative}/__init__.py"):
            path = f"{root}/{file}" if root else file
            if (project / path).is_file():
                return _refuse_interpreter(Place(project, path, root, name, function))
            tried.append(path)
    _refuse_pythons_own(spec, name, function)
    raise UserError(
        f"{spec}: none of {', '.join(tried[:3])} is a file in {project}: start in the project's folder, or give a path"
    )


def _refuse_pythons_own(spec: str, module: str, function: str) -> None:
    """`UserError` for a module of Python itself: what to copy, under a name that hides the original from nobody."""
    if module.partition(".")[0] not in sys.stdlib_module_names:
        return
    try:
        found = importlib.util.find_spec(module)
    except (ImportError, ValueError):
        found = None
    if found is None:
        raise UserError(f"{spec}: Python has no module {module}")
    if not found.has_location or not str(found.origin).endswith(".py"):
        raise UserError(f"{spec}: {module} is a part of Python written in C: there is no Python text of it to improve")
    copy = f"own_{module.rpartition('.')[2]}.py"
    raise UserError(
        f"{spec}: {module} is a part of Python, whose own files are never changed: copy it and name the copy: "
        f"cp {shlex.quote(str(found.origin))} {copy} && shoal improve {copy}:{function}"
    )


def _refuse_interpreter(place: Place) -> Place:
    """The place, unless it is among the files of an interpreter: a patch of those would change all programs."""
    for folder in place.path.parents:
        if (folder / "os.py").is_file() and (folder / "site.py").is_file():
            raise UserError(
                f"{place.spec}: {place.path} belongs to Python's own folder {folder}, where nothing is ever changed: "
                "copy the module into a folder of its own and start there"
            )
    return place


def _of_file(project: Path, given: Path, function: str) -> Place:
    path = (project / given).resolve()
    if not path.is_file():
        raise UserError(f"{given}: there is no such file in {project}")
    if not path.is_relative_to(project):
        raise UserError(f"{given} lies outside {project}: start in the folder of its project")
    root = path.parent
    while root != project and (root / "__init__.py").is_file():
        root = root.parent
    parts = path.relative_to(root).with_suffix("").parts
    module = ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)
    inside = root.relative_to(project).as_posix()
    file = path.relative_to(project).as_posix()
    return _refuse_interpreter(Place(project, file, "" if inside == "." else inside, module, function))


def copy_project(place: Place, target: Path, *, without: Path) -> None:
    """A copy of the project's files, without hidden ones, environments, caches, links and ``without``. `UserError`."""
    total = 0
    for path in _files(place.project, without={without.resolve(), target.resolve()}):
        size = path.stat().st_size
        if size > MOST_FILE_BYTES:
            continue
        total += size
        if total > MOST_BYTES:
            raise UserError(
                f"{place.project} holds more than {MOST_BYTES >> 20} MB besides environments and caches: "
                "start in the folder of the package itself"
            )
        copy = target / path.relative_to(place.project)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    if not (target / place.file).is_file():
        raise UserError(
            f"{place.file} is not copied: hidden files, links, environments, and folders of what was built are left out"
        )


def _files(folder: Path, *, without: set[Path]) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.is_symlink() or path in without:
            continue
        if path.is_dir():
            if not _left_out(path):
                yield from _files(path, without=without)
        elif path.is_file():
            yield path


def _left_out(folder: Path) -> bool:
    """Whether a folder holds what others made; a package may have any name."""
    made = folder.name in LEFT_OUT and not (folder / "__init__.py").exists()
    return made or folder.name.endswith(".egg-info") or (folder / "pyvenv.cfg").exists()


def python_files(folder: Path) -> Iterator[Path]:
    """All Python files of a copied project, in order."""
    return iter(sorted(folder.rglob("*.py")))


def mentions(path: Path, words: tuple[str, ...]) -> bool:
    """Whether a text has any of these words."""
    text = path.read_text(errors="replace")
    return any(re.search(rf"\b{re.escape(word)}\b", text) for word in words)
