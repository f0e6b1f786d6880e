"""What parts of an argument name parts of another one: the ends of edges are nodes, orders are of known items.

A path says where in an argument a value stands: ``*`` is each item of a list, ``keys`` and ``values`` those of a table,
a number a tuple's place, None any place of a tuple, and ``.name`` a record's field. A whole argument has an empty one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import permutations
from typing import Any, NamedTuple

from shoal.behaviour._drawing import Drawing
from shoal.behaviour._extents import FEWEST, Place
from shoal.behaviour._likes import SEQUENCES, Likes
from shoal.behaviour._trees import different_ones

__all__ = ["Link", "learn_links", "link"]

MOSTLY = 0.5  # share of the values found in the other argument, from which on that is no chance
MANY = 6  # values, of which a part may tell that
DEEPEST = 3  # steps into a container whose values others may name

_NOTHING = Likes()

Path = tuple[Any, ...]
Values = dict[Path, list[Any]]


class Link(NamedTuple):
    """The values at a ``path`` of the argument at ``place`` are found at ``within`` of the one at ``home``.

    ``share`` of them are. Where ``below``, they are numbers less than what the home is, or than how long it is.
    """

    place: Place
    path: Path
    home: Place
    within: Path
    share: float
    below: bool = False


def learn_links(given: Sequence[dict[Place, Any]], arguments: dict[Place, Likes]) -> list[Link]:
    """The links that hold in all calls, at most one of each path."""
    calls = [{place: _values(arguments[place], value) for place, value in call.items()} for call in given]
    paths = {place: list(dict.fromkeys(path for call in calls for path in call.get(place, ()))) for place in arguments}
    linked = [
        Link(place, path, home, within, share)
        for home, place in permutations(arguments, 2)
        for path in paths[place]
        for within in paths[home]
        if _names_others(calls, path, home, within) and (share := _share(calls, place, path, home, within)) >= MOSTLY
    ]
    found: dict[tuple[Place, Path], Link] = {}
    homes: set[tuple[Place, Path]] = set()
    for one in sorted(linked, key=lambda one: -one.share):
        subject, home = (one.place, one.path), (one.home, one.within)
        if subject not in found and subject not in homes and home not in found:
            found[subject] = one
            homes.add(home)
    for place in arguments:
        for path in paths[place]:
            index = next(_indices(given, calls, place, path, arguments), None)
            if index is not None and None not in path:
                found.setdefault((place, path), index)
    return list(found.values())


def link(made: dict[Place, Any], links: Sequence[Link], arguments: dict[Place, Likes], drawing: Drawing) -> None:
    """Make the links hold, in place."""
    for one in links:
        if one.place not in made or one.home not in made:
            continue
        inside: Sequence[Any]
        if one.below:
            home = made[one.home]
            inside = range(home if type(home) is int else len(home) if type(home) is list else 0)
        else:
            inside = _values(arguments[one.home], made[one.home]).get(one.within, [])
        if not inside:
            continue

        def renamed(value: Any, inside: Sequence[Any] = inside, share: float = one.share) -> Any:
            keep = drawing.chance(drawing.edgy) or not drawing.chance(share)
            name = value if keep else drawing.pick(inside)
            return name if type(name) is type(value) else value

        made[one.place] = _exchanged(arguments[one.place], made[one.place], one.path, renamed)


def _names_others(calls: Sequence[dict[Place, Values]], path: Path, home: Place, within: Path) -> bool:
    """Whether what is at ``within`` may be the names of things, which something at ``path`` is one of.

    Such are a table's keys, and texts of a list, or of its tuples or records, that are all different; those that
    differ or not may be for a text alone.
    """
    if None in path or not 0 < len(within) <= DEEPEST or within[-1] == "values":
        return False
    lists = [call[home][within] for call in calls if within in call.get(home, ())]
    return not path or (None not in within and all(len(set(names)) == len(names) for names in lists))


def _share(calls: Sequence[dict[Place, Values]], place: Place, path: Path, home: Place, within: Path) -> float:
    """How many of the values at a path are found in the other one; 0.0 where few calls or values tell."""
    named = number = 0
    for call in calls:
        values, inside = call.get(place, {}).get(path, []), call.get(home, {}).get(within, [])
        fitting = type(inside[0]) is str or within[-1] == "keys" if inside else False
        if not values or not fitting:
            continue
        names = set(inside)
        number += len(values)
        named += sum(type(value) is type(inside[0]) and value in names for value in values)
    few = FEWEST if named == number or (not path and named >= FEWEST) else MANY  # a call has but one whole argument
    return named / number if number >= few else 0.0


def _indices(
    given: Sequence[dict[Place, Any]],
    calls: Sequence[dict[Place, Values]],
    place: Place,
    path: Path,
    arguments: dict[Place, Likes],
) -> Iterator[Link]:
    """Numbers from 0 up to one less than a number, or than the length of a list: often the last one, so no chance."""
    for home in arguments if path else ():
        tight = seen = 0
        for call, values in zip(given, calls, strict=True):
            numbers = values.get(place, {}).get(path, [])
            value = call.get(home)
            bound = value if type(value) is int else len(value) if type(value) is list else None
            if not numbers or bound is None or home == place:
                continue
            if any(type(one) is not int or not 0 <= one < bound for one in numbers):
                break
            beside = values[place].get((*path[:-1], None), numbers)  # the other end of an edge may be the last one
            seen += 1
            tight += bound - 1 in (max(numbers), max([one for one in beside if type(one) is int], default=0))
        else:
            if seen >= FEWEST and 2 * tight >= seen:
                yield Link(place, path, home, (), 1.0, below=True)


def _values(likes: Likes, tree: Any) -> Values:
    """The texts and whole numbers of an argument, by path."""
    found: Values = {}
    stack: list[tuple[Likes, Any, Path]] = [(likes, tree, ())]
    while stack:
        here, one, path = stack.pop()
        if type(one) in (str, int):
            found.setdefault(path, []).append(one)
            if path and type(path[-1]) is int:
                found.setdefault((*path[:-1], None), []).append(one)
        else:
            stack += [(inner, part, (*path, step)) for step, inner, part in reversed(_opened(here, one))]
    return found


def _opened(likes: Likes, tree: Any) -> list[tuple[Any, Likes, Any]]:
    """The parts of a tree, each with the step that leads to it (see above) and what its samples have in common.

    Of a table all keys come first, and then all values. Nothing is told of what was never taken apart.
    """
    if type(tree) is list:
        return [("*", likes.item, one) for one in tree] if likes.item is not None else []
    if type(tree) is not dict:
        return []
    tag, content = next(iter(tree.items()))
    tagged = likes.tagged.get(tag)
    if tagged is None:
        return []
    if tag in SEQUENCES or tag == "deque":
        inner = tagged.items.item if tagged.items is not None else None
        items = content[0] if tag == "deque" else content
        return [("*", inner or _NOTHING, one) for one in items]
    if tag in ("tuple", "namedtuple"):
        items = content[2] if tag == "namedtuple" else content
        fields = tagged.fields
        inner = (tagged.items.item if tagged.items is not None else None) or _NOTHING
        same = fields is not None and len(fields) == len(items)
        return [(k, fields[k], one) if same and fields else ("*", inner, one) for k, one in enumerate(items)]
    keys, values = (content[2]["dict"] if tag == "object" else content)[:2]
    if tagged.is_record and tagged.fields is not None and set(keys) <= set(tagged.keys or ()):
        by_key = dict(zip(tagged.keys or (), tagged.fields, strict=True))
        named = ((key, by_key[key], value) for key, value in zip(keys, values, strict=True))
        return [*((None, _NOTHING, key) for key in keys), *((f".{key}", one, value) for key, one, value in named)]
    key_likes = (tagged.items.item if tagged.items is not None else None) or _NOTHING
    value_likes = tagged.values or _NOTHING
    return [*(("keys", key_likes, key) for key in keys), *(("values", value_likes, value) for value in values)]


def _exchanged(likes: Likes, tree: Any, path: Path, renamed: Callable[[Any], Any]) -> Any:
    """The tree with each value at a path exchanged; a table's keys stay different."""
    if not path:
        return renamed(tree) if type(tree) in (str, int) else tree
    if type(tree) is list:
        return [_exchanged(likes.item or _NOTHING, one, path[1:], renamed) for one in tree] if path[0] == "*" else tree
    if type(tree) is not dict:
        return tree
    parts = (
        _exchanged(inner, part, path[1:], renamed) if step == path[0] else part
        for step, inner, part in _opened(likes, tree)
    )
    return _closed(tree, parts)


def _closed(tree: Any, parts: Iterator[Any]) -> Any:
    """A tagged tree with its parts, in the order of `_opened`, exchanged."""
    tag, content = next(iter(tree.items()))
    if tag in ("tuple", "iterator"):
        return {tag: list(parts)}
    if tag in ("set", "frozenset"):
        return {tag: different_ones(list(parts))}
    if tag == "deque":
        return {tag: [list(parts), *content[1:]]}
    if tag == "namedtuple":
        return {tag: [*content[:2], list(parts)]}
    table = content[2]["dict"] if tag == "object" else content
    keys, values = [next(parts) for _ in table[0]], list(parts)
    pairs = {repr(key): (key, value) for key, value in zip(keys, values, strict=True)}.values()
    made = [[key for key, _ in pairs], [value for _, value in pairs], *table[2:]]
    return {tag: [*content[:2], {"dict": made}]} if tag == "object" else {tag: made}
