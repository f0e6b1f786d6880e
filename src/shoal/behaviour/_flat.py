"""Values of Python as plain trees, and back: what calls of a user's function are recorded, compared and repeated by.

A flat tree holds None, booleans, integers of 64 bits, floats, text, bytes, arrays of numbers and lists of flat trees;
all else is a dictionary with one key, a tag: ``{"tuple": [...]}``, ``{"object": [module, class, state]}``. So a tree
crosses the borders of jails, and no code travels in it. Types are kept exactly; that two names share one object is not.
"""

from __future__ import annotations

import collections
import datetime
import decimal
import enum
import fractions
import importlib
import itertools
import pathlib
import sys
import types
import uuid
from collections.abc import Callable, Iterator
from typing import Any

__all__ = ["UnflatError", "flatten", "flatten_result", "revive"]

DEEPEST = 60
MOST_ITEMS = 200_000  # that an iterator may give
MANY = 16  # tuples that are told by column
SMALL = 1 << 63
MADE_IN_PYTHON = 1 << 9  # Py_TPFLAGS_HEAPTYPE
_PLAIN = frozenset((type(None), bool, float, str, bytes))
_ARRAY_KINDS = "biufc"
_STANDARD: dict[type, Callable[[Any], list[Any]]] = {  # a value -> what its type makes it again from
    datetime.date: lambda v: [v.year, v.month, v.day],
    datetime.datetime: lambda v: [v.isoformat()],
    datetime.time: lambda v: [v.isoformat()],
    datetime.timedelta: lambda v: [v.days, v.seconds, v.microseconds],
    decimal.Decimal: lambda v: [str(v)],
    fractions.Fraction: lambda v: [str(v)],
    uuid.UUID: lambda v: [str(v)],
    pathlib.PosixPath: lambda v: [str(v)],
    complex: lambda v: [v.real, v.imag],
    range: lambda v: [v.start, v.stop, v.step],
    slice: lambda v: [v.start, v.stop, v.step],
}
_BY_NAME = {f"{kind.__module__}.{kind.__qualname__}": kind for kind in _STANDARD}
_FROM_TEXT = (datetime.datetime, datetime.time)


class UnflatError(Exception):
    """A value that cannot be written as a tree; the message names its type."""


def flatten(value: Any, *, depth: int = 0) -> Any:
    """The tree of a value. Raises `UnflatError` for what is no data: open files, locks, lambdas, cycles.

    Iterators and generators are used up, `MOST_ITEMS` at most. Sets are put into one order, whatever theirs was.
    """
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is int:
        return value if -SMALL <= value < SMALL else {"int": hex(value)}
    if depth > DEEPEST:
        raise UnflatError(f"it nests deeper than {DEEPEST}, or holds itself")
    if kind is list:
        return _several(value, depth)
    write = _WRITERS.get(kind)
    if write is not None:
        return write(value, depth + 1)
    if kind in _STANDARD:
        return {"standard": [f"{kind.__module__}.{kind.__qualname__}", _several(_STANDARD[kind](value), depth)]}
    return _flatten_other(value, depth + 1)


def flatten_result(value: Any) -> Any:
    """The tree of what a function returned. A long list of tuples is told by column: that is done in a process whose
    time counts, and must not take longer than what the function did.
    """
    if type(value) is list and len(value) >= MANY and set(map(type, value)) == {tuple}:
        widths = set(map(len, value))
        if len(widths) == 1 and widths != {0}:
            return {"tuples": [_several(column, 1) for column in zip(*value, strict=True)]}
    return flatten(value)


def _several(values: Any, depth: int) -> list[Any]:
    items = list(values)
    kinds = set(map(type, items))
    if kinds <= _PLAIN or (kinds == {int} and min(items) >= -SMALL and max(items) < SMALL):
        return items
    return [flatten(item, depth=depth + 1) for item in items]


def _mapping(value: Any, depth: int, kind: str = "dict", *more: Any) -> dict[str, Any]:
    return {kind: [_several(value.keys(), depth), _several(value.values(), depth), *more]}


def _defaults(value: collections.defaultdict[Any, Any], depth: int) -> dict[str, Any]:
    return _mapping(value, depth, "defaultdict", flatten(value.default_factory, depth=depth))


def _set(value: Any, depth: int) -> list[Any]:
    return sorted(_several(value, depth), key=repr)


_WRITERS: dict[type, Callable[[Any, int], Any]] = {
    tuple: lambda v, depth: {"tuple": _several(v, depth)},
    dict: _mapping,
    set: lambda v, depth: {"set": _set(v, depth)},
    frozenset: lambda v, depth: {"frozenset": _set(v, depth)},
    bytearray: lambda v, depth: {"bytearray": bytes(v)},
    collections.deque: lambda v, depth: {"deque": [_several(v, depth), v.maxlen]},
    collections.Counter: lambda v, depth: _mapping(v, depth, "Counter"),
    collections.OrderedDict: lambda v, depth: _mapping(v, depth, "OrderedDict"),
    collections.defaultdict: _defaults,
}


def _flatten_other(value: Any, depth: int) -> Any:
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, (numpy.ndarray, numpy.generic)):
        return _flatten_array(value, numpy)
    if isinstance(value, enum.Enum):
        return {"enum": [*_place_of(type(value)), value.name]}
    if isinstance(value, (type, types.FunctionType, types.BuiltinFunctionType)):
        return {"named": _place_of(value)}
    if isinstance(value, Iterator) and type(value).__module__ in ("builtins", "itertools"):
        items = list(itertools.islice(value, MOST_ITEMS + 1))
        if len(items) > MOST_ITEMS:
            raise UnflatError(f"an iterator of more than {MOST_ITEMS:,} items")
        return {"iterator": _several(items, depth)}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return {"namedtuple": [*_place_of(type(value)), _several(value, depth)]}
    return {"object": [*_place_of(type(value)), _several_by_name(_state(value), depth)]}


def _flatten_array(value: Any, numpy: Any) -> Any:
    if value.dtype.kind not in _ARRAY_KINDS or value.dtype.itemsize > 16 or value.dtype.names:
        raise UnflatError(f"an array of {value.dtype}")
    if isinstance(value, numpy.generic):
        return {"scalar": numpy.array([value])}
    return {"array": numpy.ascontiguousarray(value)}


def _several_by_name(state: dict[str, Any], depth: int) -> dict[str, Any]:
    return {"dict": [list(state), _several(state.values(), depth)]}


def _state(value: Any) -> dict[str, Any]:
    """The attributes of an object of a class written in Python."""
    kind = type(value)
    own = kind.__dict__.get("__module__") is not None and kind.__flags__ & MADE_IN_PYTHON
    if not own or getattr(kind, "__new__") is not object.__new__ or isinstance(value, (BaseException, type(sys))):  # noqa: B009
        raise UnflatError(f"an object of type {kind.__module__}.{kind.__qualname__}")
    slots = [name for each in kind.__mro__ for name in _names(each.__dict__.get("__slots__", ()))]
    state = {
        name: getattr(value, name) for name in slots if name not in ("__dict__", "__weakref__") and hasattr(value, name)
    }
    return state | dict(getattr(value, "__dict__", {}))


def _names(slots: Any) -> tuple[str, ...]:
    return (slots,) if isinstance(slots, str) else tuple(slots)


def _place_of(thing: Any) -> list[str]:
    """Module and name by which a thing is found again."""
    module, name = thing.__module__ or "builtins", thing.__qualname__
    try:
        if _found(module, name) is thing:
            return [module, name]
    except (ImportError, AttributeError):
        pass
    raise UnflatError(f"{module}.{name}, which cannot be imported by its name")


def _found(module: str, name: str) -> Any:
    found: Any = sys.modules.get(module) or importlib.import_module(module)
    for part in name.split("."):
        found = getattr(found, part)
    return found


# -- back -------------------------------------------------------------------------------------------------------------


def revive(tree: Any) -> Any:
    """A fresh value from its tree; classes are imported by name. Raises ValueError for what is no tree."""
    if type(tree) is list:
        return [revive(item) for item in tree]
    if type(tree) is not dict:
        return tree
    if len(tree) != 1 or next(iter(tree)) not in _READERS:
        raise ValueError(f"{str(tree)[:60]!r} is no flat tree")
    ((tag, content),) = tree.items()
    return _READERS[tag](content)


def _dict(content: list[Any]) -> dict[Any, Any]:
    keys, values = content[:2]
    return dict(zip(revive(keys), revive(values), strict=True))


def _standard(content: list[Any]) -> Any:
    kind = _BY_NAME[content[0]]
    given = revive(content[1])
    return kind.fromisoformat(given[0]) if kind in _FROM_TEXT else kind(*given)


def _object(content: list[Any]) -> Any:
    kind = _found(*content[:2])
    made = object.__new__(kind)
    for name, value in revive(content[2]).items():
        object.__setattr__(made, name, value)
    return made


_READERS: dict[str, Callable[[Any], Any]] = {
    "int": lambda content: int(content, 16),
    "tuple": lambda content: tuple(revive(content)),
    "tuples": lambda content: list(zip(*map(revive, content), strict=True)),
    "set": lambda content: set(revive(content)),
    "frozenset": lambda content: frozenset(revive(content)),
    "bytearray": bytearray,
    "dict": _dict,
    "Counter": lambda content: collections.Counter(_dict(content)),
    "OrderedDict": lambda content: collections.OrderedDict(_dict(content)),
    "defaultdict": lambda content: collections.defaultdict(revive(content[2]), _dict(content)),
    "deque": lambda content: collections.deque(revive(content[0]), content[1]),
    "standard": _standard,
    "enum": lambda content: _found(*content[:2])[content[2]],
    "named": lambda content: _found(*content),
    "namedtuple": lambda content: _found(*content[:2])(*revive(content[2])),
    "object": _object,
    "iterator": lambda content: iter(revive(content)),
    "array": lambda content: content.copy(),
    "scalar": lambda content: content[0],
}
