"""Calls of a function, and what they did, as data: value or exception, printed text, changed arguments."""

from __future__ import annotations

import contextlib
import io
import math
from collections.abc import Callable, Sequence
from typing import Any

from shoal.behaviour._flat import UnflatError, flatten, flatten_result, revive

__all__ = ["called", "difference", "observe", "observe_all"]

LONGEST_MESSAGE = 2_000
NO_BEHAVIOUR = ("RecursionError", "MemoryError")  # what a machine could not do is no promise of the function


def called(name: str, call: Any, *, longest: int = 120) -> str:
    """A flat call as Python would write it, in ``longest`` characters."""
    try:
        args, kwargs = revive(call)
        text = ", ".join([*map(repr, args), *(f"{key}={value!r}" for key, value in kwargs.items())])
    except Exception:  # a class that is not here
        text = repr(call)
    return f"{name}({text if len(text) <= longest else text[: longest - 3] + '...'})"


def observe_all(function: Callable[..., Any], calls: Sequence[Any], *, closely: bool) -> list[dict[str, Any]]:
    """What each of the ``calls`` did: flat ``(arguments, keyword arguments)``, revived one by one.

    Args:
        function: what is called.
        calls: flat trees, each of a tuple of two: arguments, and keyword arguments by name.
        closely: whether to tell changed arguments and printed text too, which takes longer.
    """
    return [observe(function, *revive(call), closely=closely) for call in calls]


def observe(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], *, closely: bool
) -> dict[str, Any]:
    """What one call did.

    Returns:
        ``value``, its flat tree; or ``raised``, class and message; or ``unflat``, why the value cannot be told. With
        ``closely`` also ``changed``, the flat arguments afterwards where they are not what they were, and ``printed``.
    """
    before = flatten((args, kwargs)) if closely else None
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        told = _outcome(function, args, kwargs)
    if closely:
        after = _flat_or_none((args, kwargs))
        if difference(before, after) is not None:
            told["changed"] = after
        if printed.tell():
            told["printed"] = printed.getvalue()[:LONGEST_MESSAGE]
    return told


def _outcome(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"value": flatten_result(function(*args, **kwargs))}
    except UnflatError as error:
        return {"unflat": str(error)}
    except Exception as error:  # whatever it raises is what it does
        kind = type(error)
        return {"raised": [f"{kind.__module__}.{kind.__qualname__}", str(error)[:LONGEST_MESSAGE]]}


def _flat_or_none(value: Any) -> Any:
    try:
        return flatten(value)
    except UnflatError:
        return None


def difference(mine: Any, right: Any, *, tolerance: float = 0.0, at: str = "") -> str | None:
    """Where and how one flat tree is not the other, in a few words; None where they are alike.

    Args:
        mine: the tree in question.
        right: what it should be.
        tolerance: that floats may differ by, relative to the larger; NaN is like NaN, and types must be the same.
        at: where the two trees stand, for the words.
    """
    if type(mine) is not type(right):
        return f"{at or 'it'} is {_shown(mine)} where {_shown(right)} is right"
    if type(mine) is float:
        near = mine == right or (math.isnan(mine) and math.isnan(right))
        near = near or abs(mine - right) <= tolerance * max(abs(mine), abs(right))
        return None if near else f"{at or 'it'} is {mine!r} where {right!r} is right"
    if type(mine) is list:
        return _difference_of_lists(mine, right, tolerance, at)
    if type(mine) is dict:
        if mine.keys() != right.keys():
            return f"{at or 'it'} is {_shown(mine)} where {_shown(right)} is right"
        if "tuples" in mine:
            return _difference_of_lists(_rows(mine), _rows(right), tolerance, at)
        places = ((key, f"{at}{'' if key in _SILENT else '.' + key if at else key}") for key in mine)
        found = (difference(mine[key], right[key], tolerance=tolerance, at=place) for key, place in places)
        return next((one for one in found if one is not None), None)
    if hasattr(mine, "dtype"):
        return _difference_of_arrays(mine, right, tolerance, at)
    return None if mine == right else f"{at or 'it'} is {_shown(mine)} where {_shown(right)} is right"


_SILENT = ("value", "tuple", "dict", "set", "array", "scalar", "frozenset", "iterator")


def _rows(tree: Any) -> list[Any]:
    """Tuples that are told by column, one by one."""
    return [{"tuple": list(row)} for row in zip(*tree["tuples"], strict=True)]


def _difference_of_lists(mine: list[Any], right: list[Any], tolerance: float, at: str) -> str | None:
    if len(mine) != len(right):
        return f"{at or 'it'} has {len(mine)} items where {len(right)} are right: {_shown(mine)} for {_shown(right)}"
    for index, (one, other) in enumerate(zip(mine, right, strict=True)):
        found = difference(one, other, tolerance=tolerance, at=f"{at}[{index}]")
        if found is not None:
            return found
    return None


def _difference_of_arrays(mine: Any, right: Any, tolerance: float, at: str) -> str | None:
    if mine.dtype != right.dtype or mine.shape != right.shape:
        kinds = f"{mine.dtype} {mine.shape}", f"{right.dtype} {right.shape}"
        return f"{at or 'it'} is an array of {kinds[0]} where {kinds[1]} is right"
    same = mine == right
    near = same | ((mine != mine) & (right != right)) if mine.dtype.kind in "fc" else same  # noqa: PLR0124
    if tolerance:
        near = near | (abs(mine - right) <= tolerance * abs(right))
    if near.all():
        return None
    place = int((~near).ravel().argmax())
    return f"{at or 'it'} has {mine.ravel()[place]} at {place} where {right.ravel()[place]} is right"


def _shown(tree: Any) -> str:
    """A tree as Python would write the value, as far as a line has room."""
    try:
        text = repr(revive(tree))
    except Exception:  # a class that is not here
        text = repr(tree)
    return text if len(text) <= 60 else f"{text[:57]}..."
