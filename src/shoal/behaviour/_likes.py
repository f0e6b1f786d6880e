"""What recorded calls have in common, from which more are drawn (`_drawing`).

Works on flat trees (`_flat`), so that it needs none of the user's classes. What is learnt of the samples at each place:
kinds and how often, the range of numbers, lengths, whether lists are sorted, rectangular or square, whether values are
all different, whether what a table's values name are its own keys. Where the samples say nothing, they are repeated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from shoal.behaviour._columns import Rising, seen_rising
from shoal.behaviour._growth import Growth, learn_growth
from shoal.behaviour._layers import Layers
from shoal.behaviour._references import References
from shoal.behaviour._shapes import ListShape, TableShape
from shoal.behaviour._trees import is_sorted, parts_of, texts_of

__all__ = ["POOL", "SEQUENCES", "Likes", "Tagged", "learn"]

POOL = 200  # samples kept of each place
FIXED_KEYS = 16  # keys of a table, up to which the same ones in every sample are fields of a record


@dataclass(slots=True)
class Likes:
    """What the samples at one place have in common."""

    count: int = 0
    nulls: int = 0
    booleans: int = 0
    integers: list[int] = field(default_factory=list)
    floats: list[float] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)  # of the lists
    lists: int = 0
    item: Likes | None = None
    sorted: bool = True
    ordered: dict[str, int] | None = None  # parts by which the items of all lists rise; how many pairs of them do
    followed: int = 0  # whole numbers of lists with the next one in the same list
    rectangular: bool = True
    square: bool = True
    level: bool = True  # whether the texts of each list were of one length, as the rows of a map are
    rows: list[int] = field(default_factory=list)  # the length of each text that followed another
    tagged: dict[str, Tagged] = field(default_factory=dict)
    others: list[Any] = field(default_factory=list)  # trees that are only ever repeated
    references: References = field(default_factory=References)  # of a list's things to one another
    growth: Growth | None = None  # of a whole tree
    shape: ListShape = field(default_factory=ListShape)

    @property
    def kinds(self) -> int:
        """How many kinds of values there were."""
        pools = (self.nulls, self.booleans, self.integers, self.floats, self.texts, self.lists, self.others)
        return sum(map(bool, pools)) + len(self.tagged)


@dataclass(slots=True)
class Tagged:
    """What the contents under one tag have in common: of tuples and records, place by place."""

    count: int = 0
    fields: list[Likes] | None = None
    keys: list[Any] | None = None
    optional: bool = False  # of a record: whether some of its keys were not always there
    items: Likes | None = None
    values: Likes | None = None
    head: list[Any] = field(default_factory=list)  # module and name of a class
    first: Any = None  # a table's content, as it was first seen
    varied: bool = False  # whether there was another
    inner: bool = True  # of a table: whether all that its values list are its own keys
    named: bool = True  # whether all texts in its values are
    names: int = 0  # how many there were
    layers: Layers = field(default_factory=Layers)  # whether its lists name its own keys, and never lead back
    references: References = field(default_factory=References)  # of a table's records to its keys
    shape: TableShape = field(default_factory=TableShape)
    rising: dict[tuple[int, int], Rising] | None = None  # how often one of two places held less

    @property
    def is_record(self) -> bool:
        """Whether its keys are fields; one table, or such that lack some, tell that by values that are unlike."""
        if self.keys is None or self.fields is None:
            return False
        return (self.varied and not self.optional) or not self.keys or self.values is None or self.values.kinds > 1


SEQUENCES = ("set", "frozenset", "iterator")
_TABLES = ("dict", "Counter", "OrderedDict", "defaultdict")
_LEARNT = (*SEQUENCES, *_TABLES, "tuple", "deque", "object", "namedtuple")


def learn(samples: Sequence[Any]) -> Likes:
    """What the flat trees ``samples`` have in common."""
    likes = Likes()
    for sample in samples:
        _take(likes, sample)
    likes.growth = learn_growth(samples)
    return likes


def _take(likes: Likes, tree: Any) -> None:
    likes.count += 1
    kind = type(tree)
    if tree is None:
        likes.nulls += 1
    elif kind is bool:
        likes.booleans += 1
    elif kind is int:
        _keep(likes.integers, tree, likes.count)
    elif kind is float:
        _keep(likes.floats, tree, likes.count)
    elif kind is str:
        _keep(likes.texts, tree, likes.count)
    elif kind is list:
        _take_list(likes, tree)
    elif kind is dict and (tag := next(iter(tree))) in _LEARNT:
        _take_tagged(likes.tagged.setdefault(tag, Tagged()), tag, tree[tag])
    else:
        _keep(likes.others, tree, likes.count)


def _keep(pool: list[Any], value: Any, count: int) -> None:
    """Into the pool; a full one keeps every so many."""
    if len(pool) < POOL:
        pool.append(value)
    elif count % 7 == 0:
        pool[count % POOL] = value


def _take_list(likes: Likes, items: list[Any]) -> None:
    likes.lists += 1
    _keep(likes.lengths, len(items), likes.count)
    if len(items) > 1:
        likes.sorted = likes.sorted and is_sorted(items)
        _take_order(likes, items)
        numbers = {item for item in items if type(item) is int}
        likes.followed += sum(number + 1 in numbers for number in numbers)
    likes.references.take(items[:POOL])
    likes.shape.take(items[:POOL])
    inner = [len(item) for item in items if type(item) is list]
    if items:
        likes.rectangular = likes.rectangular and len(inner) == len(items) and len(set(inner)) == 1
        likes.square = likes.square and likes.rectangular and inner[:1] == [len(items)]
    texts = [len(item) for item in items[:POOL] if type(item) is str]
    likes.level = likes.level and len(set(texts)) < 2 and len(texts) == len(items[:POOL])
    likes.rows += texts[1:] if likes.level else []
    likes.item = likes.item or Likes()
    for item in items[:POOL]:
        _take(likes.item, item)


def _take_order(likes: Likes, items: list[Any]) -> None:
    """By which parts of its tuples or records a list is sorted, as all lists before it were."""
    parts = [parts_of(item) for item in items]
    likes.ordered = {
        step: (likes.ordered or {}).get(step, 0) + len(items) - 1
        for step in (parts[0] if likes.ordered is None else likes.ordered)
        if all(step in one for one in parts) and is_sorted([one[step] for one in parts])
    }


def _take_tagged(tagged: Tagged, tag: str, content: Any) -> None:
    tagged.count += 1
    if tag in SEQUENCES or tag == "deque":
        tagged.items = tagged.items or Likes()
        _take(tagged.items, content[0] if tag == "deque" else content)
    elif tag == "tuple":
        _take_fields(tagged, content)
    elif tag in _TABLES:
        _take_table(tagged, content)
    else:  # object, namedtuple
        tagged.head = content[:2]
        if tag == "namedtuple":
            _take_fields(tagged, content[2])
        else:
            _take_table(tagged, content[2]["dict"])
            tagged.varied = True  # fields, whatever they hold


def _take_fields(tagged: Tagged, items: list[Any]) -> None:
    """A tuple: place by place while all have one length, else like a list."""
    if tagged.count == 1:
        tagged.fields = [Likes() for _ in items]
    if tagged.fields is not None and len(tagged.fields) != len(items):
        tagged.fields = None
    tagged.items = tagged.items or Likes()
    _take(tagged.items, items)
    for likes, item in zip(tagged.fields or (), items, strict=False):
        _take(likes, item)
    tagged.rising = seen_rising(tagged.rising, items)


def _take_table(tagged: Tagged, content: list[Any]) -> None:
    """A table: a record while all have the same few keys, most of them at least; else keys and values."""
    keys, values = content[:2]
    tagged.head = tagged.head or content[2:]
    if tagged.count > 1 and content == tagged.first:
        return  # the same one again tells nothing
    tagged.varied = tagged.varied or tagged.count > 1
    if tagged.count == 1:
        tagged.first = content
        tagged.keys, tagged.fields = keys, [Likes() for _ in keys]
    elif tagged.keys is not None and tagged.keys != keys:
        _take_keys(tagged, tagged.keys, keys)
    if tagged.keys is not None and (len(tagged.keys) > FIXED_KEYS or any(type(key) is not str for key in keys)):
        tagged.keys = tagged.fields = None
    tagged.items, tagged.values = tagged.items or Likes(), tagged.values or Likes()
    _take(tagged.items, keys)
    listed = [item for value in values if type(value) is list for item in value]
    tagged.inner = tagged.inner and bool(listed) and all(item in keys for item in listed)
    names = list(texts_of(values))
    tagged.named, tagged.names = tagged.named and all(name in keys for name in names), tagged.names + len(names)
    tagged.layers.take(keys, values)
    tagged.shape.take(keys[:POOL], values[:POOL])
    tagged.references.take(values[:POOL], keys[:POOL])
    for value in values[:POOL]:
        _take(tagged.values, value)
    if tagged.fields is not None and tagged.keys is not None:
        by_key = dict(zip(keys, values, strict=True))
        for key, likes in zip(tagged.keys, tagged.fields, strict=True):
            if key in by_key:
                _take(likes, by_key[key])
        tagged.rising = seen_rising(tagged.rising, [by_key.get(key) for key in tagged.keys])


def _take_keys(tagged: Tagged, known: list[Any], keys: list[Any]) -> None:
    """Other keys than before: a record that lacks some fields, or has more, if most are the same."""
    shared = [key for key in keys if key in known]
    new = [key for key in keys if key not in known]
    if 2 * len(shared) < len(known) + len(new) or tagged.fields is None:
        tagged.keys = tagged.fields = None
        return
    tagged.optional = True
    tagged.keys, tagged.fields = [*known, *new], [*tagged.fields, *(Likes() for _ in new)]
