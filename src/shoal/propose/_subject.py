"""One function of a user's module as a subject: what belongs to it, and what stands in the way of improving it."""

import ast
import importlib
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from shoal.propose._draft import ImpossibleError
from shoal.syntax._program import Program

__all__ = ["subject"]

Function = ast.FunctionDef | ast.AsyncFunctionDef


def subject(program: Program, payload: Mapping[str, Any]) -> dict[str, Any]:
    """What there is to know of payload "function" before it is called.

    "details" holds "helpers": functions and classes of the module that it uses, directly or not, and nobody else there;
    "shared": those that others use too; "imports": names of top-level packages that the module imports, those of Python
    left out; "places": its parameters that go by place; "lines", first and last; and "refused": one line on why it
    cannot be improved, or "".
    """
    name = payload.get("function")
    functions = {one.name: one for one in program.tree.body if isinstance(one, Function)}
    if not isinstance(name, str) or name not in functions:
        raise ImpossibleError(_missing(program.tree, str(name), sorted(functions)))
    reached = _reached({one.name: one for one in program.tree.body if isinstance(one, Function | ast.ClassDef)}, name)
    shared = {one for one in reached - {name} if _used_elsewhere(program.tree, one, reached)}
    details = {
        "helpers": sorted(reached - shared - {name}),
        "shared": sorted(shared),
        "imports": sorted(set(_imports(program.tree)) - set(sys.stdlib_module_names)),
        "places": [one.arg for one in (*functions[name].args.posonlyargs, *functions[name].args.args)],
        "lines": [functions[name].lineno, functions[name].end_lineno],
        "refused": _refusal(functions[name]) or _replaced(program.tree, functions[name]),
    }
    return {"source": program.source, "normal": program.normal_hash, "note": name, "details": details}


def _missing(tree: ast.Module, name: str, functions: list[str]) -> str:
    held = {
        one.name: owner.name
        for owner in tree.body
        if isinstance(owner, ast.ClassDef)
        for one in owner.body
        if isinstance(one, Function)
    }
    outer, _, inner = name.partition(".")
    if (inner and held.get(inner) == outer) or name in held:
        return f"{name} is a method: only functions at a module's top level can be improved; move its work into one"
    known = ", ".join(functions[:12]) or "none"
    return f"no function {name!r} at its top level; there are: {known}"


def _reached(functions: Mapping[str, Function | ast.ClassDef], name: str) -> set[str]:
    """The function, and those and the classes of the module that it mentions, directly or not."""
    reached, fresh = {name}, [name]
    while fresh:
        mentioned = {node.id for node in ast.walk(functions[fresh.pop()]) if isinstance(node, ast.Name)}
        more = (mentioned & set(functions)) - reached
        reached |= more
        fresh += more
    return reached


def _used_elsewhere(tree: ast.Module, name: str, reached: set[str]) -> bool:
    """Whether anything at the module's top level, besides what is ``reached``, mentions it."""
    others = (one for one in tree.body if not (isinstance(one, Function | ast.ClassDef) and one.name in reached))
    return any(
        (isinstance(node, ast.Name) and node.id == name) or (isinstance(node, ast.Constant) and node.value == name)
        for one in others
        for node in ast.walk(one)
    )


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def _refusal(function: Function) -> str:
    if isinstance(function, ast.AsyncFunctionDef):
        return "it is a coroutine (async def): what it waits for is not its own work"
    for node in ast.walk(function):
        if isinstance(node, ast.Global | ast.Nonlocal) and isinstance(node, ast.Global):
            return f"it changes what other calls see (global {', '.join(node.names)}, line {node.lineno})"
    return ""


def _replaced(tree: ast.Module, function: Function) -> str:
    """Why the module's name is not the function that is written, as where a version in C takes its place; or ""."""
    later = (node for one in tree.body if one.lineno > function.lineno for node in _at_top_level(one))
    for node in later:
        if _binds(node, function.name):
            return (
                f"line {node.lineno} puts another in its place ({ast.unparse(node)[:60]}), so that what is written "
                "here is never called: take that line out of a copy"
            )
    return ""


def _at_top_level(statement: ast.stmt) -> Iterator[ast.stmt]:
    """The statement and those inside that are done while the module is loaded."""
    if isinstance(statement, Function | ast.ClassDef):
        return
    yield statement
    for inner in ast.iter_child_nodes(statement):
        if isinstance(inner, ast.stmt):
            yield from _at_top_level(inner)
        elif isinstance(inner, ast.ExceptHandler):
            for one in inner.body:
                yield from _at_top_level(one)


def _binds(node: ast.stmt, name: str) -> bool:
    """Whether a statement gives the name to something that is not made of what it stood for."""
    if isinstance(node, ast.ImportFrom):
        names = {alias.asname or alias.name for alias in node.names}
        return name in names or ("*" in names and _exports(node, name))
    if isinstance(node, ast.Assign):
        mentioned = {one.id for one in ast.walk(node.value) if isinstance(one, ast.Name)}
        bound = {one.id for target in node.targets for one in ast.walk(target) if isinstance(one, ast.Name)}
        return name in bound and name not in mentioned
    return False


def _exports(node: ast.ImportFrom, name: str) -> bool:
    """Whether all names of a module of Python itself include this one; nothing else is loaded to find out."""
    if node.level or node.module is None or node.module.partition(".")[0] not in sys.stdlib_module_names:
        return False
    try:
        module = importlib.import_module(node.module)
    except ImportError:
        return False
    return name in getattr(module, "__all__", [one for one in vars(module) if not one.startswith("_")])
