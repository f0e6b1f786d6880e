"""Trees that have trees of their kind inside: more of them are deeper, and not only wider where they begin.

A tree is of records, tuples or objects; its branches are fields that hold one, nothing, a list of some, or a table.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from shoal.behaviour._trees import parts_of

__all__ = ["Growth", "grown", "learn_growth"]

DEEPEST = 140  # lists and tags inside of one another: a frame has a limit
FEWEST = 2  # trees inside of trees that were seen
ROOMY = 2  # branches that a list may always have
TRIES = 8  # to find a branch that is not too deep, or a tree that has any

Kind = tuple[str, ...]


@dataclass(slots=True)
class Growth:
    """The kinds of trees that were seen inside of their own kind, where, and how many at most in one list."""

    branches: dict[Kind, set[str]] = field(default_factory=dict)
    most: int = ROOMY


class _Branch(NamedTuple):
    """Where a tree can be put: into a list, at a place or at its end; or into a table, if there are ``keys``."""

    values: list[Any]
    at: int | None
    depth: int
    keys: list[Any] | None = None


def _kind_of(tree: Any) -> Kind | None:
    if type(tree) is not dict:
        return None
    tag, content = next(iter(tree.items()))
    if tag == "tuple":
        return (tag, str(len(content)))
    if tag in ("object", "namedtuple"):
        return (tag, *content[:2])
    if tag == "dict" and content[0] and all(type(key) is str for key in content[0]):
        return (tag, *sorted(content[0]))
    return None


def _inside(value: Any) -> list[Any]:
    """The trees that a field may hold: itself, those of a list, or the values of a table."""
    if type(value) is list:
        return value
    kind = _kind_of(value)
    return [value, *value["dict"][1]] if kind is not None and kind[0] == "dict" else [value]


def _holds(value: Any) -> bool:
    """Whether a field may be a branch: it holds something, or nothing yet."""
    return value is None or type(value) in (list, dict)


def learn_growth(samples: Sequence[Any]) -> Growth | None:
    """How trees among the samples are inside of others of their kind; None where they are not."""
    growth, seen = Growth(), 0
    stack = list(samples)
    while stack:
        tree = stack.pop()
        if type(tree) is list:
            stack += tree
            continue
        kind, parts = _kind_of(tree), parts_of(tree)
        for step, value in parts.items() if kind is not None else ():
            inner = [one for one in _inside(value) if _kind_of(one) == kind and _holds(parts_of(one).get(step))]
            if inner and kind is not None:
                seen += len(inner)
                growth.branches.setdefault(kind, set()).add(step)
                growth.most = max(growth.most, len(inner))
        stack += parts.values() if parts else _contents(tree)
    return growth if seen >= FEWEST else None


def _contents(tree: Any) -> list[Any]:
    if type(tree) is not dict:
        return []
    return [one for one in next(iter(tree.values())) if type(one) in (list, dict)]


def grown(growth: Growth, draw: Callable[[], Any], count: int, chance: random.Random, *, near: bool) -> Any:
    """A tree of ``count`` drawn ones, each in a branch of another; ``near``: of one of the last ones, so it is deep."""
    made, branches = draw(), []
    for _ in range(TRIES):
        if branches := list(_branches(growth, made, 0)):
            break
        made = draw()
    for _ in range(count - 1):
        whole = draw()
        piece = next(_pieces(growth, whole), None)
        branch = _free(branches, chance, near=near) if piece is not None else None
        if branch is None:
            continue
        if branch.keys is not None:
            branch.keys.append(f"{chance.choice(branch.keys)}{len(branches)}")
        if branch.at is None:
            branch.values.append(piece)
        else:
            branch.values[branch.at] = piece
        branches += _branches(growth, piece, branch.depth)
    return made


def _free(branches: list[_Branch], chance: random.Random, *, near: bool) -> _Branch | None:
    """One that is not too deep; it is taken from the others, unless there is room for more."""
    for _ in range(TRIES if branches else 0):
        last = max(0, len(branches) - ROOMY) if near else 0
        k = chance.randrange(last, len(branches))
        branch = branches[k]
        if branch.depth > DEEPEST:
            near = False
            continue
        branches[k] = branches[-1]
        branches.pop()
        return branch
    return None


def _pieces(growth: Growth, tree: Any) -> Iterator[Any]:
    """The trees of a kind that has some inside, outermost first."""
    if _kind_of(tree) in growth.branches:
        yield tree
    for one in tree if type(tree) is list else [*parts_of(tree).values()] or _contents(tree):
        yield from _pieces(growth, one)


def _branches(growth: Growth, tree: Any, depth: int) -> Iterator[_Branch]:
    """Where trees can be put in a tree, and how deep that is."""
    if type(tree) not in (list, dict) or depth > DEEPEST:
        return
    if type(tree) is list:
        for one in tree:
            yield from _branches(growth, one, depth + 1)
        return
    tag, content = next(iter(tree.items()))
    steps = growth.branches.get(_kind_of(tree) or (), set())
    values, names = _values_of(tag, content)
    inner = depth + (2 if tag in ("tuple", "namedtuple") else 3)
    for k, (name, value) in enumerate(zip(names, values, strict=True)):
        if name in steps and value is None:
            yield _Branch(values, k, inner)
        elif name in steps and type(value) is list:
            yield from (_Branch(value, None, inner + 1) for _ in range(growth.most - len(value)))
        elif name in steps and type(value) is dict and value.get("dict", [[]])[0] and _kind_of(value) != _kind_of(tree):
            keys, several = value["dict"][:2]
            yield from (_Branch(several, None, inner + 3, keys) for _ in range(growth.most - len(keys)))
        yield from _branches(growth, value, inner)


def _values_of(tag: str, content: Any) -> tuple[list[Any], list[str]]:
    if tag in ("tuple", "namedtuple"):
        values = content if tag == "tuple" else content[2]
        return values, [str(k) for k in range(len(values))]
    if tag in ("dict", "object"):
        keys, values = (content if tag == "dict" else content[2]["dict"])[:2]
        return values, [str(key) for key in keys]
    return [], []
