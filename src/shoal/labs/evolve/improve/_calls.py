"""Where calls come from: a file of examples, the project's own tests while they run, docstrings, or declared types."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shoal.behaviour import flatten
from shoal.behaviour._record import FILE_VARIABLE
from shoal.core.errors import UserError
from shoal.labs.evolve.improve._bench import FRAME, SOURCES, Ran, run_in_project
from shoal.labs.evolve.improve._place import Place, mentions, python_files
from shoal.sandbox import FrameError, frames

__all__ = [
    "Noted",
    "Recorded",
    "examples",
    "from_docstrings",
    "from_types",
    "packages",
    "record",
    "run_tests",
    "test_files",
]

RECORD = "recorded_calls.frames"
MOST_EXAMPLES = 2_000


@dataclass(frozen=True, slots=True)
class Recorded:
    """One call, flat; what it did, where that was seen."""

    call: Any
    told: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """What a process noted: the calls, why there are not more of them ("" where all can be repeated), how it ended."""

    calls: list[Recorded]
    unflat: str
    ran: Ran


def examples(path: Path) -> list[Recorded]:
    """The calls of a JSON lines file: a list of arguments a line, or a table with "args" and "kwargs". `UserError`."""
    try:
        lines = path.read_text().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"cannot read the examples {path}: {error}") from None
    found = [
        Recorded(flatten(_example(line, f"{path}, line {number}")))
        for number, line in enumerate(lines, 1)
        if line.strip()
    ]
    if not found:
        raise UserError(f"{path} holds no example: write one JSON list of arguments a line")
    return found[:MOST_EXAMPLES]


def _example(line: str, where: str) -> tuple[tuple[Any, ...], dict[str, Any]]:
    try:
        given = json.loads(line)
    except json.JSONDecodeError as error:
        raise UserError(f"{where} is not JSON: {error}") from None
    if isinstance(given, list):
        return tuple(given), {}
    if isinstance(given, dict) and set(given) <= {"args", "kwargs"} and given:
        args, kwargs = given.get("args", []), given.get("kwargs", {})
        if isinstance(args, list) and isinstance(kwargs, dict):
            return tuple(args), kwargs
    raise UserError(f'{where}: write a list of arguments, or {{"args": [...], "kwargs": {{...}}}}')


# -- tests ------------------------------------------------------------------------------------------------------------


def test_files(place: Place, copy: Path) -> list[str]:
    """The test files of a copied project that mention the function, or else its module; paths in the project."""
    tests = [path for path in python_files(copy) if path.name.startswith("test_") or path.name.endswith("_test.py")]
    last = place.module.rpartition(".")[2]
    for words in ((place.function,), (last,)):
        found = [path.relative_to(copy).as_posix() for path in tests if mentions(path, words)]
        if found:
            return found
    return []


def packages(project: Path) -> list[str]:
    """Packages of the project's own environment, where it is of this Python's version."""
    import sys

    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    places = (project / name / "lib" / version / "site-packages" for name in (".venv", "venv", "env"))
    return [str(place) for place in places if place.is_dir()]


async def record(place: Place, copy: Path, tests: list[str], *, level: int | None) -> Noted:
    """The calls that the tests make of the function, and how the tests ended. `UserError` where they cannot run."""
    watched = {place.file: _watched(place, copy)}
    ran = await run_tests(place, copy, tests, files=watched, outputs=(RECORD,), level=level)
    return _noted(ran)


def _watched(place: Place, copy: Path) -> str:
    """The module's text, with the function in a wrapper that writes each call down."""
    name = place.function
    watch = f"\n\nfrom shoal.behaviour._record import recorded as _recorded\n\n{name} = _recorded({name})\n"
    return (copy / place.file).read_text() + watch


def _noted(ran: Ran) -> Noted:
    entries = list(_read(ran.outputs.get(RECORD, b"")))
    calls = [Recorded(one["call"], one.get("told")) for one in entries if "call" in one]
    return Noted(calls, next((str(one["unflat"]) for one in entries if "unflat" in one), ""), ran)


async def run_tests(
    place: Place,
    copy: Path,
    tests: list[str],
    *,
    files: dict[str, str],
    outputs: tuple[str, ...] = (),
    level: int | None,
) -> Ran:
    """Run test files in a private copy of the project, by pytest where it is there, else by unittest."""
    import importlib.util

    own = packages(place.project)
    with_pytest = importlib.util.find_spec("pytest") is not None or any((Path(p) / "pytest").is_dir() for p in own)
    if not with_pytest and _needs_pytest(copy, tests):
        raise UserError(
            f"{tests[0]} is written for pytest, which is neither in Shoal's environment nor in the project's .venv: "
            "install it there, or give --examples"
        )
    runner = ["-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"] if with_pytest else ["-m", "unittest", "-f"]
    argv = [*runner, *tests]
    return await run_in_project(
        copy, argv, files=files, environment=_environment(place, own), outputs=outputs, path=own, level=level
    )


def _needs_pytest(copy: Path, tests: list[str]) -> bool:
    """Whether one of the tests is no unittest."""
    files = (
        path for name in tests for path in ([copy / name] if name.endswith(".py") else (copy / name).rglob("*.py"))
    )
    return any("unittest" not in path.read_text(errors="replace") for path in files)


def _read(data: bytes) -> Iterator[dict[str, Any]]:
    """The entries of a record; it was written where the tests ran, and is distrusted like an answer."""
    at = 0
    while at + 4 <= len(data):
        size = int.from_bytes(data[at : at + 4], "little")
        try:
            entry = frames.decode(data[at + 4 : at + 4 + size], limits=FRAME)
        except FrameError:
            return
        at += 4 + size
        if isinstance(entry, dict):
            yield entry


# -- docstrings --------------------------------------------------------------------------------------------------------


async def from_docstrings(place: Place, copy: Path, *, level: int | None) -> Noted:
    """The calls that examples in the module's docstrings make of the function; none where it has no such example."""
    if ">>>" not in (copy / place.file).read_text():
        return Noted([], "", Ran(0, "", "", {}))
    argv = ["-m", "shoal.behaviour._documented", place.module, place.function]
    own = packages(place.project)
    ran = await run_in_project(
        copy,
        argv,
        files={place.file: _watched(place, copy)},
        environment=_environment(place, own),
        outputs=(RECORD,),
        path=own,
        level=level,
    )
    return _noted(ran)


# -- types ------------------------------------------------------------------------------------------------------------


async def from_types(place: Place, copy: Path, *, level: int | None) -> Noted:
    """Calls made up from the types that the function declares, in the project's copy, for its types may be its own."""
    argv = ["-m", "shoal.behaviour._typed", place.module, place.function]
    own = packages(place.project)
    ran = await run_in_project(
        copy, argv, files={}, environment=_environment(place, own), outputs=(RECORD,), path=own, level=level
    )
    entries = list(_read(ran.outputs.get(RECORD, b"")))
    last = next((line for line in reversed(ran.said.splitlines()) if line.strip()), "")
    refused = next((str(one["unflat"]) for one in entries if "unflat" in one), "" if entries else last[:200])
    return Noted([Recorded(one["call"]) for one in entries if "call" in one], refused, ran)


def _environment(place: Place, packages: list[str]) -> dict[str, str]:
    """Where a command in the copied project finds its modules, and writes a record."""
    roots = [f"{{folder}}/project/{root}".rstrip("/") for root in dict.fromkeys((place.root, ""))]
    return {
        "PYTHONPATH": ":".join([*roots, SOURCES, *packages]),
        "PYTHONDONTWRITEBYTECODE": "1",
        FILE_VARIABLE: f"{{folder}}/{RECORD}",
    }
