"""Where tasks come from: folders of this package, and folders that installed packages announce.

A package announces a task with an entry point of the group `shoal.tasks`, whose value is the dotted name of the folder:

    [project.entry-points."shoal.tasks"]
    knapsack = "my_package.knapsack"        # my_package/knapsack/task.toml
"""

import difflib
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path

from shoal.tasks._task import TaskError

__all__ = ["find", "names"]

GROUP = "shoal.tasks"
_HOME = Path(__file__).parent


def names() -> tuple[str, ...]:
    """Return the names of all built-in and announced tasks, sorted; nothing is loaded."""
    return tuple(sorted(_built_in() | _announced().keys()))


def find(name: str) -> Path:
    """Return the folder of a named task; a built-in name cannot be taken over. Raises `TaskError`."""
    if name in _built_in():
        return _HOME / name
    point = _announced().get(name)
    if point is None:
        raise TaskError(_unknown(name))
    return _announced_folder(point)


def _built_in() -> set[str]:
    return {path.parent.name for path in _HOME.glob("[a-z]*/task.toml")}


def _announced() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP)}


def _announced_folder(point: EntryPoint) -> Path:
    try:
        spec = find_spec(point.value)
    except Exception as error:  # someone else's package may fail in any way while its parents are imported
        raise TaskError(f"task {point.name!r}: {point.value}: {type(error).__name__}: {error}") from None
    places = [Path(place) for place in (spec.submodule_search_locations or [])] if spec else []
    for place in places:
        if (place / "task.toml").is_file():
            return place
    raise TaskError(f"task {point.name!r}: {point.value} is not a folder with a task.toml; reinstall its package")


def _unknown(name: str) -> str:
    shown = name if len(name) <= 60 else name[:57] + "..."
    close = difflib.get_close_matches(name, names(), n=3) or [known for known in names() if name and name in known][:3]
    hint = f"did you mean {' or '.join(close)}? " if close else ""
    return f"unknown task {shown!r}: {hint}`shoal tasks` lists all; for a folder of your own write its path, ./{{name}}"
