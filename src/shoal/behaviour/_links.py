"""What parts of an argument name parts of another one: the ends of edges are nodes, orders are of known items.

A path says where in an argument a value stands: ``*`` is each item of a list, ``keys`` and ``values`` those of a table,
a number a tuple's place, None any place of a tuple, and ``.name`` a record's field. A whole argument has an empty one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import permutations
from typing import Any, NamedTuple

from shoal.behaviour._drawing import Drawing
from shoal.behaviour._extents import FEWEST, Place
from shoal.behaviour._likes import SEQUENCES, Likes
from shoal.behaviour._positions import Position, bound_of, learn_positions
from shoal.behaviour._trees import different_ones

__all__ = ["Link", "learn_links", "learn_places", "link", "put_in_place", "values_by_path"]

MOSTLY = 0.5  # share of the values found in the other argument, from which on that is no chance
FEWEST_TEXTS = 2  # calls, each with a text that is found in another argument
ENOUGH = 4  # names, all of which stand in another argument too
MANY = 6  # values, of which a part may tell that
DEEPEST = 3  # steps into a container whose values others may name

TABLES = ("dict", "OrderedDict", "defaultdict", "Counter")
_NOTHING = Likes()
_STEPS: tuple[tuple[str, ...], ...] = ((), ("*",))  # before the last one to numbers in a list, or in lists in it

Path = tuple[Any, ...]
Values = dict[Path, list[Any]]
Home = tuple[Place, Path]


class Link(NamedTuple):
    """The values at a ``path`` of the argument at ``place`` are found at ``within`` of the one at ``home``.

    ``share`` of them are, beside those that are found at one of ``besides``. ``every``: each list or table of them
    names all that is there, once.
    """

    place: Place
    path: Path
    home: Place
    within: Path
    share: float
    besides: tuple[Home, ...] = ()
    every: bool = False


def values_by_path(given: Sequence[dict[Place, Any]], arguments: dict[Place, Likes]) -> list[dict[Place, Values]]:
    """The texts and whole numbers of each call's arguments."""
    return [{place: _values(arguments[place], value) for place, value in call.items()} for call in given]


def learn_links(
    given: Sequence[dict[Place, Any]], calls: Sequence[dict[Place, Values]], arguments: dict[Place, Likes]
) -> list[Link]:
    """The links that hold in all calls, at most one of each path, and a second one for what is not named by that.

    ``calls`` are the values of those that are ``given``.
    """
    paths = {place: list(dict.fromkeys(path for call in calls for path in call.get(place, ()))) for place in arguments}
    own = {(place, path): _own_home(arguments[place], path) for place in arguments for path in paths[place]}
    besides = {subject: ((subject[0], within),) for subject, within in own.items() if within is not None}
    linked = []
    for home, place in permutations(arguments, 2):
        for path in paths[place]:
            for within in paths[home]:
                if _names_others(calls, path, home, within):
                    one = Link(place, path, home, within, 0.0, besides.get((place, path), ()))
                    few = FEWEST if path or _whole(calls, one) else FEWEST_TEXTS
                    linked.append(one._replace(share=_share(calls, one, few)))
    homes: set[Home] = {home for several in besides.values() for home in several}
    found: dict[Home, Link] = {}
    for one in sorted(linked, key=lambda one: -one.share):
        subject, names = (one.place, one.path), (one.home, one.within)
        if one.share >= MOSTLY and subject not in found and subject not in homes and names not in found:
            found[subject] = one._replace(every=one.share == 1.0 and _names_all(given, calls, one))
            homes.add(names)
    for subject, pair in _pairs(calls, linked).items():
        if subject not in homes and not any((one.home, one.within) in found for one in pair):
            found[subject] = pair[0]
    seconds = [two for one in found.values() for two in _second(calls, one, linked, found)]
    for one in (*found.values(), *seconds):
        if (
            len(one.within) == 2
            and one.within[0] == "*"
            and one.within[1] != "*"
            and _apart(calls, one.home, one.within)
        ):
            arguments[one.home].references.keys.add(str(one.within[1]).lstrip("."))
    return [*found.values(), *seconds]


def learn_places(
    given: Sequence[dict[Place, Any]],
    calls: Sequence[dict[Place, Values]],
    arguments: dict[Place, Likes],
    links: Sequence[Link],
) -> list[Position]:
    """The numbers that say where something stands, at most one of each path, which names nothing else."""
    taken = {(one.place, one.path) for one in links}
    taken |= {
        (place, (*step, "*")) for place, one in arguments.items() if one.references.tells_places for step in _STEPS
    }
    found: dict[Home, Position] = {}
    for one in learn_positions(given, calls):
        if (one.place, one.path) not in taken:
            found.setdefault((one.place, one.path), one)
    return list(found.values())


def link(made: dict[Place, Any], links: Sequence[Link], arguments: dict[Place, Likes], drawing: Drawing) -> None:
    """Make the links hold, in place."""
    for one in links:
        if one.place not in made or one.home not in made:
            continue
        inside = _values(arguments[one.home], made[one.home]).get(one.within, [])
        if not inside:
            continue
        if one.every and not drawing.chance(drawing.edgy):
            made[one.place] = _each_once(made[one.place], one.path, inside, arguments[one.place], drawing)
            continue
        known = {
            name
            for place, path in one.besides
            if place in made
            for name in _values(arguments[place], made[place]).get(path, ())
        }

        def renamed(value: Any, inside: Sequence[Any] = inside, one: Link = one, known: set[Any] = known) -> Any:
            share = one.share if one.path or not drawing.tops.intersection(inside) else math.sqrt(one.share)
            keep = value in known or drawing.chance(drawing.edgy) or not drawing.chance(share)
            name = value if keep else drawing.pick(inside) if one.path else drawing.pick_name(inside)
            return name if type(name) is type(value) else value

        made[one.place] = _exchanged(arguments[one.place], made[one.place], one.path, renamed)


def put_in_place(
    made: dict[Place, Any], places: Sequence[Position], arguments: dict[Place, Likes], drawing: Drawing
) -> None:
    """Make numbers say where something stands, in place; what rises in tuples of such goes on doing so."""
    for one in places:
        bound = bound_of(made.get(one.home), one.axis)
        if one.place not in made or bound is None or bound + one.more <= one.first:
            continue
        inside = range(one.first, bound + one.more)

        def moved(
            value: Any, inside: range = inside, pick: Any = drawing.pick if one.path else drawing.pick_name
        ) -> Any:
            return value if type(value) is not int or drawing.chance(drawing.edgy) else pick(inside)

        made[one.place] = _exchanged(arguments[one.place], made[one.place], one.path, moved)
    for argument in {one.place for one in places if one.path[:1] == ("*",) and type(one.path[-1]) is int}:
        if argument in made and not drawing.edgy:
            _rise(made[argument], arguments[argument])


def _rise(items: Any, likes: Likes) -> None:
    tagged = likes.item.tagged.get("tuple") if likes.item is not None else None
    pairs = [pair for pair, seen in (tagged.rising or {}).items() if seen.holds(FEWEST)] if tagged is not None else []
    for item in items if type(items) is list else ():
        parts = item["tuple"] if type(item) is dict and "tuple" in item else []
        for first, last in pairs:
            if last < len(parts) and type(parts[first]) is type(parts[last]) is int and parts[first] > parts[last]:
                parts[first], parts[last] = parts[last], parts[first]


def _own_home(likes: Likes, path: Path) -> Path | None:
    """Where in the same argument the things stand that the values at a path name."""
    if path[:1] == ("values",):
        for tagged in likes.tagged.values():
            if path[1:2] and any(pair == ("", str(path[1]).lstrip(".")) for pair in tagged.references.chosen()):
                return ("keys",)
            if (tagged.layers.hold or tagged.layers.closed) and not any(
                type(step) is str and step[:1] == "." for step in path
            ):
                return ("keys",)
    if path[:1] == ("*",) and len(path) > 1 and path[1] != "*" and not likes.references.tuples:
        for head, step in likes.references.chosen():
            if step == str(path[1]).lstrip("."):
                return ("*", int(head) if type(path[1]) is int else f".{head}")
    return None


def _names_others(calls: Sequence[dict[Place, Values]], path: Path, home: Place, within: Path) -> bool:
    """Whether what is at ``within`` may be the names of things, which something at ``path`` is one of.

    Such are a table's keys, and texts of a list, or of its tuples or records, that are all different, and numbers of
    those; texts that differ or not may be for a text alone.
    """
    if None in path or not 0 < len(within) <= DEEPEST or within[-1] == "values":
        return False
    lists = [call[home][within] for call in calls if within in call.get(home, ())]
    apart = _apart(calls, home, within)
    if within[-1] != "keys" and not all(type(name) is str for names in lists for name in names):
        return apart and len(within) > 1 and within[-1] != "*" and sum(map(len, lists)) >= FEWEST
    return not path or apart


def _apart(calls: Sequence[dict[Place, Values]], home: Place, within: Path) -> bool:
    """Whether the values there are all different in each call."""
    lists = [call[home][within] for call in calls if within in call.get(home, ())]
    return None not in within and all(len(set(names)) == len(names) for names in lists)


def _whole(calls: Sequence[dict[Place, Values]], one: Link) -> bool:
    """Whether an argument is a number: one is found somewhere by chance."""
    return any(type(value) is int for call in calls for value in call.get(one.place, {}).get(one.path, ()))


def _share(calls: Sequence[dict[Place, Values]], one: Link, few: int = FEWEST) -> float:
    """How many of the values at a path are found in the other one; 0.0 where few calls or values tell."""
    named = number = 0
    for call in calls:
        values, inside = call.get(one.place, {}).get(one.path, []), call.get(one.home, {}).get(one.within, [])
        known = {name for place, path in one.besides for name in call.get(place, {}).get(path, ())}
        values = [value for value in values if value not in known] if known else values
        if not values or not inside:
            continue
        names = set(inside)
        number += len(values)
        named += sum(type(value) is type(inside[0]) and value in names for value in values)
    some = named == number or (not one.path and named >= FEWEST)  # a call has but one whole argument
    return named / number if number >= (few if some else MANY) else 0.0


def _pairs(calls: Sequence[dict[Place, Values]], linked: Sequence[Link]) -> dict[Home, tuple[Link, Link]]:
    """Of whole arguments that are in one of two homes each time, in neither always: the links to both."""
    found: dict[Home, tuple[Link, Link]] = {}
    for first, other in permutations([one for one in linked if not one.path], 2):
        if first.place != other.place or first.home == other.home or _whole(calls, first):
            continue
        told = [
            [value in call.get(one.home, {}).get(one.within, ()) for one in (first, other)]
            for call in calls
            for value in call.get(first.place, {}).get((), ())
        ]
        share = sum(one for one, _ in told) / (len(told) or 1)
        if len(told) >= FEWEST and all(map(any, told)) and MOSTLY <= share < 1.0:
            found.setdefault((first.place, ()), (first._replace(share=share), other))
    return found


def _second(
    calls: Sequence[dict[Place, Values]], first: Link, linked: Sequence[Link], found: dict[Home, Link]
) -> Iterator[Link]:
    """A link of what the first one does not name: a part is a thing to buy, or one to be made of others."""
    if first.share == 1.0:
        return
    besides = (*first.besides, (first.home, first.within))
    others = [
        one._replace(besides=besides)
        for one in linked
        if (one.place, one.path) == (first.place, first.path)
        and (one.home, one.within) != (first.home, first.within)
        and (one.home, one.within) not in found
    ]
    shares = [(_share(calls, one, few=FEWEST if one.path else 1), -k) for k, one in enumerate(others)]
    share, k = max(shares, default=(0.0, 0))
    if share == 1.0:
        yield others[-k]._replace(share=share)


def _names_all(given: Sequence[dict[Place, Any]], calls: Sequence[dict[Place, Values]], one: Link) -> bool:
    """Whether each table, or each list, names all that there is in the home, and once."""
    names = seen = 0
    for call, values in zip(given, calls, strict=True):
        inside = values.get(one.home, {}).get(one.within, [])
        for keys in _named_together(call.get(one.place), values.get(one.place, {}), one.path):
            if sorted(map(repr, keys)) != sorted(map(repr, inside)):
                return False
            names, seen = names + len(keys), seen + 1
    return seen > 1 and names >= ENOUGH


def _named_together(tree: Any, values: Values, path: Path) -> list[list[Any]]:
    """The keys of a table, the items of a list, or those of each of its lists."""
    if path == ("keys",):
        return [values.get(path, [])]
    if path == ("*",) and type(tree) is list:
        return [tree]
    return tree if path == ("*", "*") and type(tree) is list and all(type(row) is list for row in tree) else [[None]]


def _each_once(tree: Any, path: Path, names: list[Any], likes: Likes, drawing: Drawing) -> Any:
    """A table, a list, or a list of lists, with each of the names once."""
    names = different_ones(names)
    if type(tree) is list and path == ("*",):
        return drawing.one.sample(names, len(names))
    if type(tree) is list and path == ("*", "*"):
        return [drawing.one.sample(names, len(names)) for _ in tree]
    tag, content = next(iter(tree.items())) if type(tree) is dict else ("", [])
    if path != ("keys",) or tag not in TABLES:
        return tree
    values = content[1][: len(names)]
    values += [drawing.any(likes.tagged[tag].values or _NOTHING, 1.0) for _ in range(len(names) - len(values))]
    return {tag: [names, values, *content[2:]]}


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
