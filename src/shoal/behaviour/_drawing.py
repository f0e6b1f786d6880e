"""More inputs like those that were recorded, of any size, drawn from what they have in common (`_likes`)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from shoal.behaviour._chances import FEW, LONGEST
from shoal.behaviour._columns import alike_columns, is_map, placed_spans, spans, varied_columns
from shoal.behaviour._drawn_numbers import Numbers
from shoal.behaviour._drawn_texts import Texts
from shoal.behaviour._formats import numbers_in
from shoal.behaviour._growth import grown
from shoal.behaviour._likes import POOL, SEQUENCES, Likes, Tagged
from shoal.behaviour._trees import PLAIN_INSIDE, different_ones, is_plain, parts_of
from shoal.behaviour._wording import wording_of

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Drawing", "draw", "has_length"]

APART = 0.5  # share of longer lists of spans in which none overlap: what looks for one that does is slow then
DENSER = 2.0  # times as many ways from each node, in half of larger graphs: few lead far where there is about one
NOT_SHORT = 1.01  # times as long, so that none is empty: ways are long, and where they are, twice as many follow
ALONG = 1.5  # edges of each node, in larger graphs of long ways
FEWEST_FOLLOWED = 3  # of these
SURE = 5  # pairs of values one of which is the less each time, so that it is no chance
MOST_KEYS = 1000  # times as many as were seen in tables whose keys differ


def draw(likes: Likes, rng: np.random.Generator, *, size: float = 1.0, edgy: float = 0.0) -> Any:
    """A new flat tree like the samples.

    Args:
        likes: what they have in common.
        rng: the only source of chance.
        size: how many times as long the outermost lists, tables and texts are; without any, how many times as large
            the whole numbers.
        edgy: the chance, at each place, of something odd: an empty list, a zero, a value twice.

    Returns:
        The tree. Values that were all different are so again; sorted lists are sorted.
    """
    return Drawing(rng, size, edgy).whole(likes, grow=not has_length(likes))


def has_length(likes: Likes) -> bool:
    """Whether anything here has a length that can grow."""
    if likes.lists and likes.item is not None and max(likes.lengths) > 2:
        return True
    if any(len(text) > 8 for text in likes.texts) and not wording_of(tuple(likes.texts)).fixed:
        return True
    for tag, tagged in likes.tagged.items():
        if tag not in ("tuple", "object", "namedtuple") and not tagged.is_record:
            return True
        if any(has_length(one) for one in tagged.fields or ()):
            return True
    return bool(likes.item and has_length(likes.item))


class Drawing(Texts, Numbers):
    """One tree, or several that belong together, being drawn; see `draw`."""

    def __init__(self, rng: np.random.Generator, size: float, edgy: float) -> None:
        super().__init__(rng, size, edgy)
        self._kinds: dict[int, list[tuple[str, int]]] = {}  # by identity, of likes that outlive the drawing
        self._names: dict[int, list[Any]] = {}

    def whole(self, likes: Likes, *, grow: bool) -> Any:
        """All of an argument: trees with trees of their kind inside grow by some of these in half of the draws.

        They do in all draws where nothing else of them can grow.
        """
        if likes.growth is None or self.size <= 1.0 or not (self.deepens or not has_length(likes)):
            return self.any(likes, self.size, grow=grow)
        count = min(LONGEST // 8, round(self.size))
        return grown(likes.growth, lambda: self.any(likes, 1.0), count, self.one, near=self.near)

    def any(self, likes: Likes, size: float, *, grow: bool = False) -> Any:
        """One tree; ``size`` is spent by the first thing that has a length."""
        match self.kind(likes):
            case "null":
                return None
            case "boolean":
                return self.chance(0.5)
            case "integer":
                return self.integer(likes.integers, size, grow=grow)
            case "real":
                return self.real(likes.floats, size)
            case "text":
                return self.text(likes.texts, size, grow=grow)
            case "list":
                return self.listed(likes, size, grow=grow)
            case "other":
                return self.pick(likes.others)
            case kind:
                return self.tagged(kind, likes.tagged[kind], size, grow=grow)

    def kind(self, likes: Likes) -> str:
        """What a tree is at its root, each kind as often as it was seen."""
        kinds = self._kinds.get(id(likes))
        if kinds is None:
            weighed = [
                ("null", likes.nulls),
                ("boolean", likes.booleans),
                ("integer", len(likes.integers)),
                ("real", len(likes.floats)),
                ("text", len(likes.texts)),
                ("list", likes.lists),
                ("other", len(likes.others)),
                *((tag, tagged.count) for tag, tagged in likes.tagged.items()),
            ]
            kinds = self._kinds[id(likes)] = [(name, weight) for name, weight in weighed if weight]
        if len(kinds) == 1:
            return kinds[0][0]
        left = self.one.random() * sum(weight for _, weight in kinds)
        return next(name for name, weight in kinds if (left := left - weight) < 0.0)

    def listed(self, likes: Likes, size: float, *, grow: bool) -> list[Any]:
        """A list, of which each thing may name others."""
        made = self.unrelated(likes, size, grow=grow)
        if not made or self.chance(self.edgy):
            return made
        made = likes.shape.fit(made, self.one)
        if likes.references.tells_places and not likes.rectangular:
            made = likes.references.placed(made, self.one, near=self.near, tops=self.tops)
            return sorted(made) if likes.sorted and max(likes.lengths) > 1 and is_plain(made) else made
        if likes.references.relate(made, self.one, near=self.near, tops=self.tops, apart=self.apart(likes.item)):
            return self.in_order(likes, made)
        return made

    def apart(self, item: Likes | None) -> bool:
        """Whether more tuples or records differ in what differed; no ends of spans do, nor what else rises in them."""
        rising = [seen for tagged in (item.tagged.values() if item else ()) for seen in (tagged.rising or {}).values()]
        return self.distinct and not any(seen.holds(FEWEST_FOLLOWED) for seen in rising)

    def unrelated(self, likes: Likes, size: float, *, grow: bool) -> list[Any]:
        assert likes.item is not None
        if self.chance(self.edgy):
            length = int(self.pick((0, 1, 2)))
        else:
            length = min(LONGEST, round(likes.lengths[self.pick_long(likes.lengths, size)] * size))
        if likes.rectangular and likes.item.lists:
            return self.rectangle(likes, size, length)
        if likes.shape.is_triangle and not self.edgy and likes.item.item is not None:
            rows = max(1, round(length / math.sqrt(size)))
            return [self.items(likes.item.item, row + 1, size) for row in range(rows)]
        if not self.edgy and is_map(likes.item.texts, likes.rows if likes.level else []):
            wording = wording_of(tuple(likes.item.texts))
            if not (wording.fixed or wording.like):  # as dates are, which have one length and few letters too
                return self.grid(likes, size)
        if self.deep(likes.item, size):
            side = math.sqrt(size)
            return [self.any(likes.item, side) for _ in range(round(length / side))]
        inner = self.in_runs(likes, length, size) or self.items(likes.item, length, size, grow=grow)
        if likes.sorted and max(likes.lengths) > 1 and is_plain(inner):
            return sorted(inner)
        if self.trend and size > 1.0 and is_plain(inner) and type(inner[0]) is not str:
            return sorted(inner, reverse=self.trend < 0)
        return self.in_order(likes, inner)

    def in_order(self, likes: Likes, inner: list[Any]) -> list[Any]:
        """Tuples or records by the part by which they rose."""
        step = next((step for step, seen in (likes.ordered or {}).items() if seen >= SURE), None)
        if step is None or self.edgy or not is_plain([parts_of(one).get(step) for one in inner]):
            return inner
        return sorted(inner, key=lambda one: parts_of(one)[step])

    def deep(self, likes: Likes, size: float) -> bool:
        """Whether lists of such lists, or tables of them, grow both ways; they do in half of the draws."""
        ragged = likes.kinds == 1 and len(set(likes.lengths)) > 1
        return self.deepens and size > 1.0 and ragged and not (likes.item and likes.item.lists)

    def items(self, likes: Likes, length: int, size: float, *, grow: bool = False) -> list[Any]:
        """``length`` items: words and numbers that were mostly different stay so however many there are."""
        if not length or not likes.count:
            return []
        if likes.texts and len(likes.texts) == min(likes.count, POOL):
            return self.words(likes.texts, length, size)
        if likes.integers and len(likes.integers) == min(likes.count, POOL):
            return self.integers(likes.integers, length, size)
        if likes.floats and len(likes.floats) == min(likes.count, POOL) and not self.edgy:
            return self.reals(likes.floats, length)
        drawn = [self.any(likes, 1.0 if not _only_numbers(likes) else size) for _ in range(length)]
        return self.connected(likes, drawn, size) if size > 1.0 and self.renews else drawn

    def connected(self, likes: Likes, drawn: list[Any], size: float) -> list[Any]:
        """The tuples or records with more names: a graph grows by its nodes too, and a list of people by theirs.

        Places of a tuple that hold the same names share them; of texts alone, those that mostly differed. More spans
        are as long as they were, and cover more; in half of such draws none overlap. Ways are long in half of them, and
        go on in time.
        """
        tag = next(iter(likes.tagged)) if likes.kinds == 1 and likes.tagged else ""
        fields = likes.tagged[tag].fields if tag == "tuple" or (tag and likes.tagged[tag].is_record) else None
        if fields is None or tag not in ("tuple", "dict"):
            return drawn
        groups = list(alike_columns(fields)) if tag == "tuple" else []
        taken = {k for columns, _ in groups for k in columns}
        groups += [one for one in varied_columns(fields) if not taken.intersection(one[0])]
        rising = likes.tagged[tag].rising or {}
        for columns, pool in groups:
            along = self.near and len(columns) > 1
            wanted = min(LONGEST, round(len(set(pool)) * size), round(len(drawn) / ALONG) if along else LONGEST)
            names: Sequence[Any] = self.different(pool, wanted, size) if type(pool[0]) is str else ()
            names = names or range(min(pool), min(pool) + wanted + 1)
            window = math.ceil(math.sqrt(len(names))) if along else len(names)
            begins = sorted(self.one.randrange(len(names)) for _ in drawn) if along else [0] * len(drawn)
            for item, begin in zip(drawn, begins, strict=True):
                at = begin
                for values, k in _cells(likes.tagged[tag], item, columns):
                    values[k] = names[min(at, len(names) - 1)] if along else self.pick(names)
                    at += self.one.randint(1, window)
        for pair, order in rising.items():
            for item in drawn if order.holds(SURE) and not self.edgy else ():
                _put_in_order(_cells(likes.tagged[tag], item, pair))
        for ends, seen, written in spans(fields, rising):
            most = written.most if written is not None else None
            made = placed_spans(self.one, seen, len(drawn), size, apart=self.chance(APART), most=most)
            for item, span in zip(drawn, sorted(made) if self.near else made, strict=True):
                cells = _cells(likes.tagged[tag], item, ends)
                for (values, k), end in zip(cells, span, strict=False) if len(cells) == len(span) else ():
                    values[k] = written.write(max(written.least, min(end, written.most))) if written else end
        if self.near:
            self.one.shuffle(drawn)
        return drawn

    def in_runs(self, likes: Likes, length: int, size: float) -> list[Any]:
        """In some larger draws, where some numbers or dates followed one another: a list that is made of such runs."""
        if not self.runs or size <= 1.0 or likes.item is None or likes.item.kinds > 1:
            return []
        if likes.item.texts:
            written, pool = numbers_in(likes.item.texts)
            known = set(pool)
            if written is None or sum(number + 1 in known for number in known) < FEWEST_FOLLOWED:
                return []
            made = self.numbers_in_runs(pool, length)
            return list(map(written.write, made)) if max(made, default=0) <= written.most else []
        return self.numbers_in_runs(likes.item.integers, length) if likes.followed >= FEWEST_FOLLOWED else []

    def rectangle(self, likes: Likes, size: float, length: int) -> list[Any]:
        """Lists of one length: where it was not always the same they grow both ways, others only by rows."""
        assert likes.item is not None
        assert likes.item.item is not None
        side, widths = math.sqrt(size), likes.item.lengths
        both = likes.square or len(set(widths)) > 1
        if both:
            length = max(1, round(likes.lengths[self.pick_long(likes.lengths, size)] * side))
        width = length if likes.square else round(self.pick(widths) * side) if both else self.pick(widths)
        return [self.items(likes.item.item, width, size) for _ in range(length)]

    def grid(self, likes: Likes, size: float) -> list[str]:
        """Texts of one length, of letters as frequent as in the samples; larger both ways if widths differed."""
        assert likes.item is not None
        letters = "".join(likes.item.texts)
        both = len(set(likes.rows)) > 1
        length = likes.lengths[self.pick_long(likes.lengths, size)] * (math.sqrt(size) if both else size)
        width = self.pick(likes.rows) * (math.sqrt(size) if both else 1.0)
        cells = self.rng.integers(max(1, len(letters)), size=(min(LONGEST, round(length)), round(width))).tolist()
        return ["".join([letters[k] for k in row]) for row in cells]

    def tagged(self, tag: str, tagged: Tagged, size: float, *, grow: bool) -> Any:
        if tag in SEQUENCES:
            items = self.any(tagged.items or Likes(), size)
            return {tag: different_ones(items) if tag != "iterator" else items}
        if tag == "deque":
            return {tag: [self.any(tagged.items or Likes(), size), None]}
        if tag == "tuple":
            return {tag: self.fields(tagged, size, grow=grow)}
        if tag == "namedtuple":
            return {tag: [*tagged.head, self.fields(tagged, size, grow=grow)]}
        if tag == "object":
            return {tag: [*tagged.head, {"dict": self.table(tagged, size, grow=grow)}]}
        return {tag: [*self.table(tagged, size, grow=grow), *tagged.head]}

    def fields(self, tagged: Tagged, size: float, *, grow: bool) -> list[Any]:
        if tagged.fields is None:
            return list(self.any(tagged.items or Likes(), size))
        made = [self.any(one, size, grow=grow) for one in tagged.fields]
        for (first, second), seen in (tagged.rising or {}).items():
            if seen.holds(SURE) and type(made[first]) is type(made[second]) and not self.edgy:
                made[first], made[second] = sorted((made[first], made[second]))
        return made

    def table(self, tagged: Tagged, size: float, *, grow: bool) -> list[Any]:
        assert tagged.items is not None
        assert tagged.values is not None
        if tagged.is_record:
            return self.record(tagged, size, grow=grow)
        keys = self.names(tagged.items, size)
        if tagged.shape.is_complete and tagged.values.tagged and not self.edgy:
            inner = tagged.values.tagged["dict"].values or Likes()
            keys = keys[: math.ceil(len(keys) / math.sqrt(size))]
            return [keys, tagged.shape.drawn(keys, lambda: self.any(inner, 1.0))]
        holds = tagged.layers.hold and not (tagged.layers.may_lead_back and self.leads_back)
        if holds and not self.edgy and all(type(key) in (str, int) for key in keys):
            more = DENSER if tagged.values.tagged and self.deepens and size > DENSER else 1.0
            more = NOT_SHORT if self.near else more
            values = [self.any(tagged.values, more) for _ in keys]
            return [keys, tagged.layers.drawn(keys, values, self.one, near=self.near, tops=self.tops)]
        if tagged.inner and keys and tagged.values.kinds == 1:
            lengths = tagged.values.lengths
            return [keys, [[self.pick(keys) for _ in range(self.pick(lengths))] for _ in keys]]
        named = tagged.named and tagged.names
        side = math.sqrt(size) if self.deep(tagged.values, size) and not named else 1.0
        if named and tagged.values.tagged and self.deepens and size > DENSER:
            side = DENSER
        keys = keys[: math.ceil(len(keys) / side)]
        side = NOT_SHORT if self.near and side == 1.0 and tagged.references.chosen() else side
        values = [self.any(tagged.values, side) for _ in keys]
        if self.leads_back and any(tagged.references.parts[pair].may_lead_back for pair in tagged.references.chosen()):
            return [keys, self.renamed(values, keys) if named and keys else values]
        if named and keys and not tagged.references.chosen():
            values = self.renamed(values, keys)
        if values and not self.chance(self.edgy):
            tagged.references.relate(values, self.one, near=self.near, tops=self.tops, apart=False, keys=keys)
        return [keys, values]

    def record(self, tagged: Tagged, size: float, *, grow: bool) -> list[Any]:
        """Keys and values; what was not always there is as often here, and beside it, in half of larger draws, more."""
        keys, made = tagged.keys or [], self.fields(tagged, size, grow=grow)
        if not tagged.optional:
            return [list(keys), made]
        counts = [one.count for one in tagged.fields or ()]
        there = [self.chance(count / max(counts)) for count in counts]
        kept_keys, kept = ([part for part, kept in zip(parts, there, strict=True) if kept] for parts in (keys, made))
        more = [name for name in self.others(keys, len(keys)) if name not in keys]
        return [kept_keys + more, kept + [self.any(self.pick(tagged.fields or ()), 1.0) for _ in more]]

    def others(self, pool: list[Any], count: int) -> list[str]:
        """At most so many other keys for one of many tables, in half of larger draws: all tables together have more."""
        if self.size <= 1.0 or not self.renews or not pool or not all(type(key) is str for key in pool):
            return []
        names = self._names.get(id(pool))
        if names is None:
            wanted = round(len(set(pool)) * min(self.size, MOST_KEYS))
            names = self._names[id(pool)] = self.different(pool, wanted, self.size)
        return list(dict.fromkeys(self.pick(names) for _ in range(count)))

    def names(self, likes: Likes, size: float) -> list[Any]:
        """Keys of a table, all different. Where short names would not do for so many, they get longer.

        Of few names in tables that were not always as long there are more in half of larger draws.
        """
        pool = likes.item.texts if likes.item is not None else []
        if size <= 1.0 and not self.edgy and len(set(pool)) > FEW:
            own = different_ones(self.any(likes, size))
            return self.others(pool, len(own)) or own
        more = self.fresh(pool, size) or (
            self.renews and size > 1.0 and len(set(likes.lengths)) > 1 and len(set(pool)) > 2
        )
        if self.edgy or likes.kinds > 1 or not more or likes.item is None or likes.item.kinds > 1:
            return different_ones(self.any(likes, size))
        wanted = min(LONGEST, round(likes.lengths[self.pick_long(likes.lengths, size)] * size))
        return self.different(pool, wanted, size)

    def renamed(self, tree: Any, names: list[Any]) -> Any:
        """The tree with one of ``names`` in the place of each text."""
        if type(tree) is str:
            return self.pick(names)
        if type(tree) is list:
            return [self.renamed(one, names) for one in tree]
        if type(tree) is dict and (tag := next(iter(tree))) in PLAIN_INSIDE:
            return {tag: self.renamed(tree[tag], names)}
        if type(tree) is dict and tag == "dict":
            keys, values = tree[tag][:2]
            new = different_ones([self.renamed(key, names) for key in keys])
            return {tag: [new, self.renamed(values[: len(new)], names)]}
        return tree


def _only_numbers(likes: Likes) -> bool:
    return len(likes.integers) + len(likes.floats) == min(likes.count, POOL)


def _put_in_order(cells: Sequence[tuple[list[Any], int]]) -> None:
    """Exchange two texts of which the second is the less; names were drawn for both."""
    texts = [values[k] for values, k in cells]
    if len(texts) == 2 and all(type(one) is str for one in texts):
        for (values, k), one in zip(cells, sorted(texts), strict=True):
            values[k] = one


def _cells(tagged: Tagged, item: dict[str, Any], columns: Sequence[int]) -> list[tuple[list[Any], int]]:
    """Where the values of some places stand in a drawn tuple, or in a record, which may lack them."""
    ((tag, content),) = item.items()
    if tag == "tuple":
        return [(content, k) for k in columns]
    keys, values = content[:2]
    return [(values, keys.index(tagged.keys[k])) for k in columns if tagged.keys and tagged.keys[k] in keys]
