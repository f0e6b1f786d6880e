"""What can be said of flat trees without knowing others like them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

__all__ = ["PLAIN_INSIDE", "cell_of", "different_ones", "is_plain", "is_sorted", "parts_of", "texts_of"]

PLAIN_INSIDE = ("tuple", "set", "frozenset")  # tags of nothing but items


def is_sorted(items: list[Any]) -> bool:
    kinds = {type(item) for item in items}
    return len(kinds) == 1 and kinds <= {int, float, str} and all(a <= b for a, b in pairwise(items))


def parts_of(item: Any) -> dict[str, Any]:
    """The plain parts of a tuple or a record, by number or by name."""
    if type(item) is not dict:
        return {}
    tag, content = next(iter(item.items()))
    if tag in ("tuple", "namedtuple"):
        return {str(k): one for k, one in enumerate(content if tag == "tuple" else content[2])}
    if tag in ("dict", "object"):
        keys, values = (content if tag == "dict" else content[2]["dict"])[:2]
        return {key: value for key, value in zip(keys, values, strict=True) if type(key) is str}
    return {}


def cell_of(item: Any, step: str) -> tuple[list[Any], int] | None:
    """The list in a drawn tuple or record that holds a plain part of it, and where; None where it lacks the part."""
    names = list(parts_of(item))
    if step not in names:
        return None
    tag, content = next(iter(item.items()))
    if tag in ("tuple", "namedtuple"):
        return (content if tag == "tuple" else content[2]), names.index(step)
    keys, values = (content if tag == "dict" else content[2]["dict"])[:2]
    return values, keys.index(step)


def texts_of(tree: Any) -> Iterator[Any]:
    """The texts in a tree, as `Drawing.renamed` would exchange them; None for what it would not look into."""
    if type(tree) is str:
        yield tree
    elif type(tree) is list:
        for one in tree:
            yield from texts_of(one)
    elif type(tree) is dict:
        tag = next(iter(tree))
        if tag == "dict":  # as the ways from a node, with what each of them costs
            for part in tree[tag]:
                yield from texts_of(part)
            return
        yield from texts_of(tree[tag]) if tag in PLAIN_INSIDE else (None,)


def is_plain(items: list[Any]) -> bool:
    return bool(items) and len({type(item) for item in items}) == 1 and type(items[0]) in (int, float, str)


def different_ones(items: list[Any]) -> list[Any]:
    """The items without repetitions, in order."""
    seen: dict[str, Any] = {}
    for item in items:
        seen.setdefault(repr(item), item)
    return list(seen.values())
