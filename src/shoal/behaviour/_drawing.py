"""More inputs like those that were recorded, of any size, drawn from what they have in common (`_likes`)."""

from __future__ import annotations

import math
import random
import string
from collections import Counter
from collections.abc import Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from shoal.behaviour._columns import alike_columns, is_map, placed_spans, spans, varied_columns
from shoal.behaviour._growth import grown
from shoal.behaviour._likes import POOL, SEQUENCES, Likes, Tagged
from shoal.behaviour._trees import PLAIN_INSIDE, different_ones, is_plain, parts_of

if TYPE_CHECKING:
    import numpy as np

__all__ = ["FEW", "Drawing", "draw", "has_length"]

VARIED = 0.5  # share of different values from which on new ones are drawn with new values
FEW = 4  # different values in a list's samples, up to which they are kinds of something, and no more are made up
LONGEST = 400_000  # items or characters
LONGER = 4  # times that new names are drawn, each with a letter more, until there are enough
PIECE = 8  # letters, of which a longer text's pieces may be
TRENDS = (0, 1, 0, -1, 0, 0)  # of longer lists of numbers, in turn: what looks for the next larger one is slow then
SHORT = 50  # items, up to which a list is drawn one by one: numpy takes longer to begin
APART = 0.5  # share of longer lists of spans in which none overlap: what looks for one that does is slow then
DENSER = 2.0  # times as many ways from each node, in half of larger graphs: few lead far where there is about one
NOT_SHORT = 1.01  # times as long, so that none is empty: ways are long, and where they are, twice as many follow
ALONG = 1.5  # edges of each node, in larger graphs of long ways
RUNS = 0.25  # share of longer lists of numbers that are made of runs, where some numbers followed each other
MARK = 0.1  # share of the values from which on one value is a mark among others that differ, as -1 for "none"
FEWEST_FOLLOWED = 3  # of these
SURE = 5  # pairs of values one of which is the less each time, so that it is no chance
MOST_KEYS = 1000  # times as many as were seen in tables whose keys differ
EDGES = (-1, 0, 1, 2)  # the first only where something below zero was seen: a length or a price has none
EDGE_FLOATS = (-1.0, 0.0, 1.0, 0.5)
_LETTERS = {one: kind for kind in (string.digits, string.ascii_lowercase, string.ascii_uppercase) for one in kind}


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
    if any(len(text) > 8 for text in likes.texts):
        return True
    for tag, tagged in likes.tagged.items():
        if tag not in ("tuple", "object", "namedtuple") and not tagged.is_record:
            return True
        if any(has_length(one) for one in tagged.fields or ()):
            return True
    return bool(likes.item and has_length(likes.item))


class Drawing:
    """One tree, or several that belong together, being drawn; see `draw`."""

    def __init__(self, rng: np.random.Generator, size: float, edgy: float) -> None:
        self.rng, self.size, self.edgy = rng, size, edgy
        self.one = random.Random(int(rng.integers(1 << 62)))  # ten times as fast where single numbers are wanted
        chance = self.one.random()
        self.renews, self.deepens = chance < 0.5, int(4 * chance) % 2 == 1
        self.trend = TRENDS[int(4 * len(TRENDS) * chance) % len(TRENDS)]
        self.widens = int(8 * len(TRENDS) * chance) % 2 == 1
        self.runs = self.one.random() < RUNS
        self.leads_back = int(16 * len(TRENDS) * chance) % 2 == 1
        self.near = size > 1.0 and int(32 * len(TRENDS) * chance) % 2 == 1
        self.distinct = size > 1.0 and int(64 * len(TRENDS) * chance) % 2 == 1
        self.tops: set[Any] = set()  # names of what is at the beginning or at the end of what leads on to others
        self._kinds: dict[int, list[tuple[str, int]]] = {}  # by identity, of likes that outlive the drawing
        self._spans: dict[int, tuple[int, int, int]] = {}
        self._letters: dict[int, list[str]] = {}
        self._names: dict[int, list[Any]] = {}

    def chance(self, probability: float) -> bool:
        return self.one.random() < probability

    def pick(self, pool: Sequence[Any]) -> Any:
        return pool[int(self.one.random() * len(pool))]

    def pick_name(self, names: Sequence[Any]) -> Any:
        """One of the names of things; in half of larger draws one from where ways to others begin or end."""
        if self.size > 1.0 and self.tops and self.chance(0.5):
            names = [name for name in names if name in self.tops] or names
        return self.pick(names)

    def pick_long(self, lengths: Sequence[int], size: float) -> int:
        """The place of one of these lengths; a short one, as of an empty list, would stay short when made larger."""
        if size <= 1.0:
            return int(self.one.random() * len(lengths))
        longest = max(lengths)
        return int(self.pick([place for place, length in enumerate(lengths) if 2 * length >= longest]))

    def fresh(self, pool: Sequence[Any], size: float) -> bool:
        """Whether a larger list has new values besides those of the samples.

        It has where the samples mostly differed. Where they did not, nobody knows: so it has in half of the draws, and
        what only pays because a long list repeats a few values does not pay in the others.
        """
        if size <= 1.0:
            return False
        different = len(set(pool))
        return different > VARIED * len(pool) or (different > FEW and self.renews)

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
                return self.text(likes.texts, size)
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

    def integer(self, pool: list[int], size: float, *, grow: bool) -> int:
        low, high, different = self.span(pool)
        if self.chance(self.edgy):
            return int(self.pick(EDGES[low >= 0 :]))
        if grow:
            return int(max(low, round(pool[self.pick_long(list(map(abs, pool)), size)] * size)))
        if size > 1.0 and different > max(FEW, VARIED * len(pool)):
            return self.one.randint(low, low + math.ceil((high - low + 1) * size))
        return self.one.randint(low, high) if self.chance(0.5) else int(self.pick(pool))

    def span(self, pool: list[int]) -> tuple[int, int, int]:
        """The least, the largest, and how many different ones."""
        span = self._spans.get(id(pool))
        if span is None:
            span = self._spans[id(pool)] = min(pool), max(pool), len(set(pool))
        return span

    def real(self, pool: list[float], size: float) -> float:
        finite = [value for value in pool if math.isfinite(value)]
        if self.chance(self.edgy) or not finite:
            return float(self.pick(EDGE_FLOATS[min(finite) >= 0 :] if finite else pool))
        if len(set(pool)) <= max(2, VARIED * len(pool)):
            return float(self.pick(pool))
        digits = max(len(repr(value).partition(".")[2]) for value in finite)
        return round(float(self.rng.uniform(min(finite), max(finite))), min(digits, 15))

    def text(self, pool: list[str], size: float) -> str:
        if self.chance(self.edgy):
            return str(self.pick(("", " ", "a", self.pick(pool).upper(), "é" + self.pick(pool))))
        one = str(self.pick(pool) if size <= 1.0 else pool[self.pick_long(list(map(len, pool)), size)])
        for between in ("\n", " ", ","):
            if between in one:
                pieces = [piece for text in pool[:POOL] for piece in text.split(between)]
                count = min(LONGEST // 8, max(1, round(len(one.split(between)) * size)))
                fresh = self.fresh(pieces, size)
                drawn = (self.pick(pieces) for _ in range(count))
                return between.join(self.altered(piece) if fresh and self.chance(VARIED) else piece for piece in drawn)
        if size <= 1.0 and self.chance(0.5):
            return one
        letters = self._letters.get(id(pool))
        if letters is None:
            letters = self._letters[id(pool)] = list("".join(pool[:POOL])[:LONGEST]) or list(string.ascii_lowercase)
        length = min(LONGEST, round(len(one) * size))
        if length < SHORT:
            return "".join([str(self.pick(letters)) for _ in range(length)])
        if self.renews:
            return "".join(letters[int(k)] for k in self.rng.integers(len(letters), size=length))
        starts = self.rng.integers(len(letters), size=length)  # pieces keep what stands beside one another, as runs
        ends = starts + self.rng.integers(1, PIECE + 1, size=length)
        runs = (letters[int(start) : int(end)] for start, end in zip(starts, ends, strict=True))
        return "".join(islice(chain.from_iterable(runs), length))

    def altered(self, word: str) -> str:
        """A word that is likely to be new: letters for letters, digits for digits."""
        made = list(word)
        for _ in range(min(len(made), 3)):
            place = int(self.one.random() * len(made))
            letters = _LETTERS.get(made[place])
            if letters is not None:
                made[place] = self.pick(letters)
        return "".join(made)

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
            return self.grid(likes, size)
        if self.deep(likes.item, size):
            side = math.sqrt(size)
            return [self.any(likes.item, side) for _ in range(round(length / side))]
        if self.runs and size > 1.0 and likes.followed >= FEWEST_FOLLOWED and likes.item.kinds == 1:
            inner: list[Any] = list(self.in_runs(likes.item.integers, length))
        else:
            inner = self.items(likes.item, length, size, grow=grow)
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
        for ends, pool in spans(fields, likes.tagged[tag].rising or {}):
            made = placed_spans(self.one, pool, len(drawn), size, apart=self.chance(APART))
            for item, span in zip(drawn, sorted(made) if self.near else made, strict=True):
                cells = _cells(likes.tagged[tag], item, ends)
                for (values, k), end in zip(cells, span, strict=False) if len(cells) == len(span) else ():
                    values[k] = end
        if self.near:
            self.one.shuffle(drawn)
        return drawn

    def integers(self, pool: list[int], length: int, size: float) -> list[int]:
        """As so many calls of `integer`, but fast."""
        low, high, _ = self.span(pool)
        if self.edgy or high - low >= 1 << 60 or (size <= 1.0 and length < SHORT):
            return [self.integer(pool, size, grow=False) for _ in range(length)]
        if len(set(pool)) > FEW and self.fresh(pool, size):
            high = low + math.ceil((high - low + 1) * min(size, 1 << 20))
            made = list(map(int, self.rng.integers(low, high + 1, size=length).tolist()))
            return self.marked(made, pool)
        even = self.rng.integers(low, high + 1, size=length).tolist()
        seen = self.rng.integers(len(pool), size=length).tolist()
        first = (self.rng.random(length) < VARIED).tolist()
        return [int(new) if one else pool[old] for new, old, one in zip(even, seen, first, strict=True)]

    def marked(self, made: list[int], pool: list[int]) -> list[int]:
        """The numbers with those among them that stood out in the pool, as often as there."""
        marks = [value for value, count in Counter(pool).items() if count >= max(SURE, MARK * len(pool))]
        if not marks or len({*pool} - {*marks}) <= VARIED * sum(value not in marks for value in pool):
            return made
        seen = self.rng.integers(len(pool), size=len(made)).tolist()
        return [pool[k] if pool[k] in marks else new for new, k in zip(made, seen, strict=True)]

    def in_runs(self, pool: list[int], length: int) -> list[int]:
        """Numbers all different, in no order, many of which follow another one: days in a row, and gaps between."""
        longest, low = max(2, round(math.sqrt(length))), min(pool)
        made: list[int] = []
        while len(made) < length:
            count = self.one.randint(1, 2 * longest)
            made += range(low, low + count)
            low += count + self.one.randint(1, longest)
        self.one.shuffle(made)
        return self.marked(made[:length], pool)

    def reals(self, pool: list[float], length: int) -> list[float]:
        """As so many calls of `real`, but fast."""
        finite = [value for value in pool if math.isfinite(value)]
        if len(finite) < len(pool) or len(set(pool)) <= max(2, VARIED * len(pool)):
            return [self.real(pool, 1.0) for _ in range(length)]
        digits = min(15, max(len(repr(value).partition(".")[2]) for value in finite))
        return [round(value, digits) for value in self.rng.uniform(min(finite), max(finite), length).tolist()]

    def words(self, pool: list[str], length: int, size: float, *, fresh: bool = False) -> list[str]:
        fresh = fresh or self.fresh(pool, size)
        if length < SHORT:
            made = [self.pick(pool) for _ in range(length)]
        else:
            made = [pool[k] for k in self.rng.integers(len(pool), size=length).tolist()]
        return [self.altered(word) if fresh and self.chance(VARIED) else word for word in made]

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

    def different(self, pool: list[str], wanted: int, size: float) -> list[Any]:
        """Words like those of the pool, all different: so many, where longer ones give as many."""
        made: dict[str, None] = {}
        for more in range(LONGER):
            words = self.words(pool, wanted - len(made), size, fresh=True)
            made.update(dict.fromkeys(word + self.altered(word[-1:] * more) for word in words))
        return list(made)

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


def _cells(tagged: Tagged, item: dict[str, Any], columns: Sequence[int]) -> list[tuple[list[Any], int]]:
    """Where the values of some places stand in a drawn tuple, or in a record, which may lack them."""
    ((tag, content),) = item.items()
    if tag == "tuple":
        return [(content, k) for k in columns]
    keys, values = content[:2]
    return [(values, keys.index(tagged.keys[k])) for k in columns if tagged.keys and tagged.keys[k] in keys]
