"""Trees with parts taken out: what is frozen around a region inside a statement."""

import ast
import copy
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

__all__ = ["HOLE", "is_hole", "without"]

HOLE = "<region>"
"""Name that stands for a region's statements; no program can spell it."""

T = TypeVar("T", bound=ast.AST)


def without(body: Iterable[ast.stmt], regions: Mapping[int, int]) -> tuple[ast.stmt, ...]:
    """Top-level statements without those of regions; the others are copied where a hole comes into them.

    Args:
        body: the statements, which are not changed.
        regions: `id` of a statement that goes -> number of its region.
    """
    around: set[int] = set()
    kept = [one for one in body if id(one) not in regions]
    for one in kept:
        _find(one, regions, around)
    return tuple(_copied(one, regions, around) for one in kept)


def is_hole(node: ast.AST) -> bool:
    """Whether a statement stands for a region's."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Name) and node.value.id == HOLE


def _find(node: ast.AST, regions: Mapping[int, int], around: set[int]) -> bool:
    """Note the nodes that have a region inside; tells whether this one has."""
    if id(node) in regions:
        return True
    found = [_find(child, regions, around) for child in ast.iter_child_nodes(node) if not isinstance(child, ast.expr)]
    if any(found):
        around.add(id(node))
    return any(found)


def _copied(node: T, regions: Mapping[int, int], around: set[int]) -> T:
    if id(node) not in around:
        return node
    made = copy.copy(node)
    for field, value in ast.iter_fields(node):
        if isinstance(value, list):
            setattr(made, field, list(_with_holes(value, regions, around)))
    return made


def _with_holes(nodes: Iterable[ast.AST], regions: Mapping[int, int], around: set[int]) -> Iterator[ast.AST]:
    last: int | None = None
    for node in nodes:
        number = regions.get(id(node))
        if number is None:
            yield _copied(node, regions, around)
        elif number != last:
            yield ast.copy_location(ast.Expr(ast.copy_location(ast.Name(HOLE, ast.Load()), node)), node)
        last = number
