"""What can be said about a task's Python files without running them: the functions and names they define."""

import ast
import re
import warnings
from collections.abc import Iterator

from shoal.tasks._task import Program, TaskError

__all__ = ["MARKED_LINE", "check_initial", "check_judge", "check_public"]

_MARKER = re.compile(r"^\s*#\s*(shoal:\s*begin|EVOLVE-BLOCK-START)\b", re.MULTILINE)
MARKED_LINE = re.compile(r"\b(shoal:\s*begin|EVOLVE-BLOCK-START)\b")  # in a comment of any language
_SCORES = {"call": "score", "session": "play", "command": "score", "timed": "same"}
_FORMS = {
    "instances": "instances(split, rng)",
    "score": "score(instance, output)",
    "play": "play(instance, ask)",
    "same": "same(mine, right)",
}


def check_initial(source: bytes, *, file: str, program: Program) -> None:
    """Require the entry functions, and the names or markers of the region. Raises `TaskError`."""
    if program.file.endswith(".py"):
        _check_python(source, file=file, program=program)
    elif program.region == "marked" and not MARKED_LINE.search(_text(source, file)):
        raise TaskError(f"{file}: has no comment 'shoal: begin': mark what may change, or set region = \"all\"")


def _check_python(source: bytes, *, file: str, program: Program) -> None:
    tree = _parse(source, file)
    functions = _functions(tree)
    for name in program.entry:
        if name not in functions:
            raise TaskError(f"{file}: has no function {name}: define it, or correct program.entry in task.toml")
    if isinstance(program.region, tuple):
        missing = sorted(set(program.region) - set(_names(tree)))
        if missing:
            raise TaskError(f"{file}: defines no {missing[0]} at top level: correct program.region in task.toml")
    elif program.region == "marked" and not _MARKER.search(source.decode()):
        raise TaskError(f"{file}: has no line '# shoal: begin': mark what may change, or set region = \"all\"")


def check_judge(source: bytes, *, file: str, kind: str, transfer: bool = False) -> None:
    """Require `instances`, the scoring function of the kind, and `transfer` where families are named.

    Raises `TaskError`.
    """
    functions = _functions(_parse(source, file))
    wanted = _SCORES[kind]
    if wanted not in functions:
        other = next((k for k, name in _SCORES.items() if name in functions), None)
        hint = f', or set kind = "{other}" in task.toml' if other else ""
        raise TaskError(f"{file}: a task of kind {kind} needs a function {_FORMS[wanted]}: define it{hint}")
    if "instances" not in functions:
        raise TaskError(f"{file}: needs a function {_FORMS['instances']} that yields instances: define it")
    if transfer and "transfer" not in functions:
        raise TaskError(
            f"{file}: task.toml names families, and no function transfer(family, rng) yields them: define it"
        )


def check_public(source: bytes | None, *, file: str, kind: str) -> None:
    """Require that `public.py`, where there is one, defines a function without a leading `_`. Raises `TaskError`."""
    if source is None:
        return
    if kind in ("command", "timed"):
        raise TaskError(f"{file}: a {kind} program has no way to call it: remove the file, or make the task a call")
    if all(name.startswith("_") for name in _functions(_parse(source, file))):
        raise TaskError(f"{file}: defines no function that a candidate could call: add one, or remove the file")


def _text(source: bytes, file: str) -> str:
    try:
        return source.decode()
    except UnicodeDecodeError as error:
        raise TaskError(f"{file}: byte {error.start} is not UTF-8: save it as UTF-8") from None


def _parse(source: bytes, file: str) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source.decode())
    except SyntaxError as error:
        place = f"line {error.lineno}: " if error.lineno else ""
        raise TaskError(f"{file}: {place}{error.msg}") from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise TaskError(f"{file}: is not Python source in UTF-8: {error}") from None


def _functions(tree: ast.Module) -> set[str]:
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def _names(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name))
