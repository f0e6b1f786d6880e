"""What loops change in the things of a list without touching the parts that are asked for: `xs[i]["sum"] += 1`."""

import ast
from collections import Counter
from collections.abc import Callable, Iterator

from shoal.propose._lines import Place, bound
from shoal.propose._rewrites_parts import LOOPS, parent
from shoal.propose._rewrites_pure import mutations
from shoal.syntax._program import Program

__all__ = ["in_other_parts"]

_Part = str | int | None


def in_other_parts(
    program: Program, key: ast.expr, iterated: ast.expr, target: ast.expr
) -> Callable[[Place], set[str]]:
    """Of a statement, the lists that it changes only in parts of their things that a key is not made of.

    ``key``: of each thing of a list, with the name that a loop gives to it, or to its place.
    """
    given = {n.id for n in ast.walk(target) if isinstance(n, ast.Name)}

    def of(place: Place) -> set[str]:
        if not isinstance(place.statement, LOOPS):
            return set()
        stores: dict[str, list[_Part]] = {}
        for name, part in _stores(place.statement):
            stores.setdefault(name, []).append(part)
        whole = Counter(mutations(program, place.statement))
        told = {name for name, parts in stores.items() if len(parts) == whole[name] and None not in parts}
        told -= bound(place.statement)
        return {name for name in told if _is_apart(program, key, iterated, name, given, stores[name])}

    return of


def _stores(node: ast.AST) -> Iterator[tuple[str, _Part]]:
    """What is put into things of a list: name of the list, and which part of its thing; None for an unknown one."""
    for one in ast.walk(node):
        if isinstance(one, ast.Subscript | ast.Attribute) and isinstance(one.ctx, ast.Store):
            chain = _chain(one)
            if chain is not None:
                name, parts = chain
                yield name, parts[1] if len(parts) > 1 else None


def _chain(node: ast.expr) -> tuple[str, list[_Part]] | None:
    """Of `xs[i]["a"].b`: xs, and [None, "a", ".b"]."""
    parts: list[_Part] = []
    while isinstance(node, ast.Subscript | ast.Attribute):
        parts.insert(0, _part(node))
        node = node.value
    return (node.id, parts) if isinstance(node, ast.Name) else None


def _part(node: ast.Subscript | ast.Attribute) -> _Part:
    match node:
        case ast.Attribute(attr=name):
            return f".{name}"
        case ast.Subscript(slice=ast.Constant(value=str(word))):
            return word
        case ast.Subscript(slice=ast.Constant(value=int(number))) if number >= 0:
            return number
    return None


def _is_apart(
    program: Program, key: ast.expr, iterated: ast.expr, name: str, given: set[str], stored: list[_Part]
) -> bool:
    """Whether a key is made of other parts of a list's things, and the list is gone through as it is."""
    for use in (n for n in ast.walk(iterated) if isinstance(n, ast.Name) and n.id == name):
        above = parent(program, use)
        plain = use is iterated or (isinstance(above, ast.Call) and ast.unparse(above.func) in ("len", "enumerate"))
        if not plain:
            return False
    for use in (n for n in ast.walk(key) if isinstance(n, ast.Name) and n.id in given | {name}):
        above = parent(program, use)
        if isinstance(above, ast.Subscript) and above.slice is use:
            continue  # the place of a thing
        level = 1 if use.id == name else 0
        asked = _asked(program, use, level)
        if asked is None or any(asked == part or _kind(asked) != _kind(part) for part in stored):
            return False
    return True


def _kind(part: _Part) -> str:
    """How a part is asked for: by a place, by a key, as an attribute."""
    return type(part).__name__ + str(part)[:1] * (str(part)[:1] == ".")


def _asked(program: Program, use: ast.Name, level: int) -> _Part:
    """Which part of a thing is asked for, where only that is."""
    node: ast.AST = use
    for _ in range(level + 1):
        above = parent(program, node)
        if not isinstance(above, ast.Subscript | ast.Attribute) or above.value is not node:
            return None
        node = above
    called = parent(program, node)
    if isinstance(node, ast.Attribute) and isinstance(called, ast.Call) and called.func is node:
        return None
    assert isinstance(node, ast.Subscript | ast.Attribute)
    return _part(node)
