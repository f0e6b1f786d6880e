"""Loads repair tasks: the built-in programs, and folders of a user's own."""

import ast
import os
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from shoal.core.errors import UserError
from shoal.core.values import Split
from shoal.labs.selfimprove._tasks import Program, RepairTask, Test, split_of

__all__ = ["PROGRAMS", "load_bench", "load_program", "load_programs", "load_task"]

PROGRAMS = Path(__file__).parent / "programs"
LONGEST_TEXT = 128 * 1024  # bytes of each file
MOST_FILES = 40
SPLITS = (Split.SEARCH, Split.VALIDATION, Split.SEALED)


def load_programs(folder: Path = PROGRAMS) -> tuple[Program, ...]:
    """The programs of a folder, by name. Raises `UserError`."""
    return tuple(load_program(one) for one in _folders(folder))


def load_program(folder: Path) -> Program:
    """One program of the benchmark: `statement.md`, `files/`, `tests.json`, `bugs.json`. Raises `UserError`."""
    from shoal.labs.selfimprove._format import BugList, ProgramTests, parse_json

    files = _files(folder / "files")
    place = folder / "tests.json"
    tests = parse_json(ProgramTests, _read(place), file=str(place))
    visible, hidden = tests.visible.value(), tests.hidden.value()
    _check_tests(visible, files, place)
    _check_tests(hidden, files, place)
    _check_apart(visible, hidden, place)
    place = folder / "bugs.json"
    bugs = parse_json(BugList, _read(place), file=str(place)).value()
    for bug in bugs:
        found = files.get(bug.file, "").count(bug.find)
        if found != 1 or bug.find == bug.replace:
            raise UserError(f"{place}: the text to find of {bug.name} occurs {found} times in {bug.file}: make it one")
    return Program(folder.name, _read(folder / "statement.md").strip(), files, visible, hidden, bugs)


def load_bench(folder: str | os.PathLike[str]) -> dict[Split, tuple[RepairTask, ...]]:
    """A user's tasks by stream, each in the order of names.

    A folder below `search/`, `validation/` and `sealed/` is a task of that stream; where none of these three is there,
    every folder is a task, and the name of its program decides (see `split_of`).

    Raises:
        UserError: a mistake in a folder; two tasks of one name; a program in two streams; a stream without tasks.
    """
    place = Path(folder).expanduser()
    given = [split for split in SPLITS if (place / split).is_dir()]
    if given:
        pairs = [(split, load_task(one)) for split in given for one in _folders(place / split)]
    else:
        pairs = [(split_of(task.program), task) for task in map(load_task, _folders(place))]
    _check_streams(pairs, place)
    return {split: tuple(task for where, task in pairs if where == split) for split in SPLITS}


def _check_streams(pairs: Iterable[tuple[Split, RepairTask]], place: Path) -> None:
    home: dict[str, Split] = {}
    names: set[str] = set()
    for split, task in pairs:
        if task.name in names:
            raise UserError(f"{place}: two tasks are called {task.name}: rename one")
        names.add(task.name)
        if home.setdefault(task.program, split) != split:
            told = f"program {task.program} is in {home[task.program]}/ and in {split}/"
            raise UserError(f"{place}: {told}: what an agent learned there would count here; move one")
    missing = next((split for split in SPLITS if split not in home.values()), None)
    if missing:
        told = f"none of {len(names)} tasks is for {missing}"
        raise UserError(f"{place}: {told}: add tasks, or sort them into search/, validation/ and sealed/")


def load_task(folder: str | os.PathLike[str]) -> RepairTask:
    """One task of a user: `statement.md`, `files/`, `visible.json`, `hidden.json`, and `task.toml` where there is one.

    With `command` in `task.toml` it scores itself, and has no `hidden.json`.

    Raises:
        UserError: a file that is missing, too long or unreadable; a key or value that the format does not know; a
            test of a function that is not there; a hidden test that is a visible one, too.
    """
    from shoal.labs.selfimprove._format import Settings, TestList, parse_json, parse_toml

    folder = Path(folder)
    place = folder / "task.toml"
    settings = parse_toml(Settings, _read(place), file=str(place)) if place.exists() else Settings()
    files = _files(folder / "files")
    tests: dict[str, tuple[Test, ...]] = {}
    for name in ("visible.json", "hidden.json"):
        place = folder / name
        if settings.command and name == "hidden.json":
            if place.exists():
                raise UserError(f"{place}: task.toml has a command, which scores the task: remove one of the two")
            tests[name] = ()
        elif settings.command and not place.exists():
            tests[name] = ()
        else:
            tests[name] = parse_json(TestList, _read(place), file=str(place)).value()
            _check_tests(tests[name], files, place)
    _check_apart(tests["visible.json"], tests["hidden.json"], folder / "hidden.json")
    return RepairTask(
        name=folder.name,
        program=settings.program or folder.name,
        statement=_read(folder / "statement.md").strip(),
        files=files,
        visible=tests["visible.json"],
        hidden=tests["hidden.json"],
        kind=settings.kind,
        command=tuple(settings.command),
        limits=settings.limits.value(),
    )


def _folders(place: Path) -> list[Path]:
    """The folders in a folder, by name; what starts with a dot or an underscore is none of them."""
    if not place.is_dir():
        raise UserError(f"{place} is not a folder: give one that holds a folder for each task")
    return sorted(one for one in place.iterdir() if one.is_dir() and one.name[0] not in "._")


def _files(place: Path) -> Mapping[str, str]:
    """All texts below `files/`, checked: Python parses."""
    if not place.is_dir():
        raise UserError(f"{place} is missing: put the program there")
    files: dict[str, str] = {}
    for path in sorted(place.rglob("*")):
        name = path.relative_to(place).as_posix()
        if path.is_dir() or any(part[0] == "." or part == "__pycache__" for part in name.split("/")):
            continue
        if path.is_symlink() or not path.is_file():
            raise UserError(f"{path}: only plain files belong to a task: put a copy in its place")
        files[name] = _read(path)
        if path.suffix == ".py":
            _tree(files[name], path)
    if not 0 < len(files) <= MOST_FILES:
        raise UserError(f"{place} holds {len(files)} files: a task has 1 to {MOST_FILES}")
    return MappingProxyType(files)


def _read(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            data = stream.read(LONGEST_TEXT + 1)
        text = data.decode()
    except FileNotFoundError:
        raise UserError(f"{path} is missing: every task has one; docs/repair.md shows what it holds") from None
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: byte {error.start} is not UTF-8: save it as UTF-8") from None
    if len(data) > LONGEST_TEXT:
        raise UserError(f"{path}: longer than {LONGEST_TEXT // 1024} KB: make it shorter")
    if not text.strip():
        raise UserError(f"{path} is empty: docs/repair.md shows what it holds")
    return text


def _tree(text: str, place: object) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        raise UserError(f"{place}: line {error.lineno}: {error.msg}: a bug must leave Python source") from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise UserError(f"{place}: is no Python source: {error}") from None


def _check_tests(tests: Iterable[Test], files: Mapping[str, str], place: Path) -> None:
    """Every function that is called is there."""
    known: dict[str, set[str]] = {}
    for index, test in enumerate(tests):
        for call in (test.call, *(call for call, _ in test.before)):
            module, _, function = call.partition(":")
            file = module.replace(".", "/")
            text = files.get(f"{file}.py", files.get(f"{file}/__init__.py"))
            if text is None:
                raise UserError(
                    f"{place}: [{index}] calls {call!r}: files/ has no {file}.py; add it, or correct the call"
                )
            if module not in known:
                known[module] = set(_names(_tree(text, file)))
            if function not in known[module]:
                raise UserError(f"{place}: [{index}] calls {call!r}: {file}.py defines no {function}; correct the call")


def _names(tree: ast.Module) -> Iterable[str]:
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                yield from (alias.asname or alias.name for alias in aliases)
            case ast.Assign(targets=targets):
                yield from (target.id for target in targets if isinstance(target, ast.Name))


def _check_apart(visible: Iterable[Test], hidden: Iterable[Test], place: Path) -> None:
    shown = {test.question for test in visible}
    for index, test in enumerate(hidden):
        if test.question in shown:
            raise UserError(
                f"{place}: [{index}] ({test.call}) is a visible test, too: a hidden test asks something else"
            )
