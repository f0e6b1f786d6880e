"""Runs beside a task's first program, inside the candidate's jail: twists its honest answers into hostile ones.

A check of a judge ships this file as text. It stands alone, knows no task, and works on any answer made of numbers in
lists, dictionaries and numpy arrays. Where a twist has nothing to work on it raises `Unfit`, and the check moves on.
"""

from __future__ import annotations

import json
import math
import os
import sys
import time
from collections.abc import Callable
from typing import Any

__all__ = ["UNFIT", "wrap"]

UNFIT = "this twist has nothing to work on"
LONG = 100_000  # rows of an answer that no judge should have to work through
VALUES: dict[str, Any] = {
    "nan": math.nan,
    "inf": math.inf,
    "-inf": -math.inf,
    "1e300": 1e300,
    "-1e300": -1e300,
    "10**400": 10**400,
    "2**60": 2**60,
    "-1": -1,
    "5e-324": 5e-324,
    "0": 0,
    "1": 1,
    "-0.0": -0.0,
    "None": None,
    "'1'": "1",
    "True": True,
    "{}": {},
    "[]": [],
    "1j": 1j,
}


calls_before: list[int] = [0]  # how many calls came before the one that is being twisted


class Unfit(Exception):
    """The answer has no such part."""

    def __init__(self) -> None:
        super().__init__(UNFIT)


def wrap(function: Callable[..., Any], twist: str, options: dict[str, Any], *, start: int, every: bool) -> Any:
    """Return ``function`` with its answers twisted: from call ``start`` on, or only that one."""
    calls = 0

    def twisted(*arguments: Any) -> Any:
        nonlocal calls
        answer = function(*arguments)
        calls += 1
        if calls - 1 < start or (calls - 1 > start and not every):
            return answer
        calls_before[0] = calls - 1
        return TWISTS[twist](plain(answer), arguments, **options)

    return twisted


# -- looking at an answer ---------------------------------------------------------------------------------------------


def is_array(value: Any) -> bool:
    """A numpy array with an axis; without numpy in the process there is none."""
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(value, numpy.ndarray) and value.ndim > 0


def is_number(value: Any) -> bool:
    return type(value) in (int, float)


def plain(value: Any) -> Any:
    """The answer with lists for tuples and Python's numbers for numpy's; arrays of numbers stay."""
    if is_array(value):
        return value.copy() if value.dtype.kind in "iuf" else value.tolist()
    if hasattr(value, "dtype"):
        return value.item()
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return {key: plain(one) for key, one in value.items()} if isinstance(value, dict) else value


def children(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []


def leaves(value: Any) -> list[Any]:
    """All numbers, in order."""
    if is_array(value):
        return list(value.ravel().tolist())
    return [value] if is_number(value) else [leaf for child in children(value) for leaf in leaves(child)]


def shape_of(value: Any) -> list[int] | None:
    """The lengths of the axes; None where rows differ or something is no number."""
    if is_array(value):
        return list(value.shape)
    if is_number(value):
        return []
    if not isinstance(value, list):
        return None
    inner = [shape_of(one) for one in value]
    same = all(one == inner[0] for one in inner)
    return None if not same or (inner and inner[0] is None) else [len(value), *((inner[0] or []) if inner else [])]


def parts_of(value: Any) -> list[Any]:
    """Names of the few parts that an answer falls into: keys, or places in a short list."""
    if isinstance(value, dict):
        return [key for key in value if len(key) <= 30][:6]
    return list(range(len(value))) if isinstance(value, list) and len(value) <= 4 else []


def describe(answer: Any, arguments: Any, least: int) -> Any:
    """Tell what the answer looks like; the only way out of the jail is an error's message."""
    numbers = leaves(answer)
    if len(numbers) < least:
        return answer
    parts = parts_of(answer)
    told = {
        "call": calls_before[0],
        "type": "array" if is_array(answer) else type(answer).__name__,
        "shape": shape_of(answer),
        "leaves": len(numbers),
        "whole": all(type(one) is int for one in numbers),
        "parts": parts,
        "scalars": [part for part in parts if is_number(answer[part])],
        "order": 1 < len(numbers) <= LONG and sorted(numbers) == list(range(len(numbers))),
        "distinct": 1 < len(numbers) <= LONG and len(set(numbers)) == len(numbers),
        "flat": len(set(numbers)) < 2,
        "low": min(numbers, default=0.0),
        "echoes": any(True for _ in echoes(answer, arguments)),
    }
    raise RuntimeError(json.dumps(told))


# -- changing a part --------------------------------------------------------------------------------------------------


def rebuilt(value: Any, change: Callable[[Any], Any]) -> Any:
    """The answer with every number changed."""
    if is_array(value):
        flat = [change(one) for one in value.ravel().tolist()]
        return sys.modules["numpy"].array(flat).reshape(value.shape)
    if is_number(value):
        return change(value)
    if isinstance(value, dict):
        return {key: rebuilt(one, change) for key, one in value.items()}
    return [rebuilt(one, change) for one in value] if isinstance(value, list) else value


def replaced(value: Any, index: int, new: Any) -> Any:
    """The answer with number ``index`` exchanged; an array stays one where it can hold the new entry."""
    if is_array(value):
        if type(new) is float or (type(new) is int and abs(new) < 1 << 63):
            kept = value.astype(float) if type(new) is float else value.copy()
            kept.flat[index] = new
            return kept
        return replaced(value.tolist(), index, new)
    if is_number(value):
        return new
    places = list(value) if isinstance(value, dict) else range(len(value))
    changed = dict(value) if isinstance(value, dict) else list(value)
    for place in places:
        count = len(leaves(value[place]))
        if index < count:
            changed[place] = replaced(value[place], index, new)
            return changed
        index -= count
    raise Unfit


def part_changed(answer: Any, part: Any, change: Callable[[Any], Any]) -> Any:
    """Change the whole answer (``part`` None), or one of its parts."""
    if part is None:
        return change(answer)
    if part not in parts_of(answer):
        raise Unfit
    copy = dict(answer) if isinstance(answer, dict) else list(answer)
    copy[part] = change(copy[part])
    return copy


def rows_of(value: Any, least: int = 1) -> Any:
    if not (is_array(value) or isinstance(value, list)) or len(value) < least:
        raise Unfit
    return value


def joined(first: Any, second: Any) -> Any:
    return sys.modules["numpy"].concatenate([first, second]) if is_array(first) else [*first, *second]


# -- twists -----------------------------------------------------------------------------------------------------------


def entry(answer: Any, arguments: Any, at: float, new: str) -> Any:
    """One number exchanged, ``at`` from 0 (the first) to 1 (the last)."""
    numbers = leaves(answer)
    if not numbers:
        raise Unfit
    return replaced(answer, round(at * (len(numbers) - 1)), VALUES[new])


def filled(answer: Any, arguments: Any, new: str) -> Any:
    """Every number exchanged for the same one."""
    if not leaves(answer):
        raise Unfit
    value = VALUES[new]
    return rebuilt(answer, lambda one: int(value) if type(one) is int and value == value // 1 else value)


def scaled(answer: Any, arguments: Any, by: float, part: Any = None) -> Any:
    """Every number of a part multiplied; whole numbers stay whole where they can."""

    def times(number: Any) -> Any:
        return number * by if type(number) is float else int(number * by)

    def change(value: Any) -> Any:
        numbers = leaves(value)
        if not any(numbers) or (by != int(by) and all(type(one) is int for one in numbers)):
            raise Unfit
        return rebuilt(value, times)

    return part_changed(answer, part, change)


def negated(answer: Any, arguments: Any, at: float | None, by: float = 1.0, part: Any = None) -> Any:
    """The sign of one number, or of all of a part, turned."""

    def change(value: Any) -> Any:
        numbers = leaves(value)
        if not any(numbers):
            raise Unfit
        if at is None:
            return rebuilt(value, lambda one: -one * (int(by) if type(one) is int else by))
        index = round(at * (len(numbers) - 1))
        size = max(map(abs, numbers)) * by
        return replaced(value, index, -int(size) if type(numbers[index]) is int else -float(size))

    return part_changed(answer, part, change)


def rows(answer: Any, arguments: Any, how: str, part: Any = None) -> Any:
    """The rows of a part in another number or order."""
    return part_changed(answer, part, lambda value: ROWS[how](rows_of(value, 1 if how in ("more", "long") else 2)))


ROWS: dict[str, Callable[[Any], Any]] = {
    "none": lambda value: value[:0],
    "fewer": lambda value: value[:-1],
    "first": lambda value: value[:1],
    "more": lambda value: joined(value, value[-1:]),
    "twice": lambda value: joined(value, value),
    "long": lambda value: (
        sys.modules["numpy"].resize(value, (LONG, *value.shape[1:]))
        if is_array(value)
        else (value * (LONG // len(value) + 1))[:LONG]
    ),
    "one first": lambda value: same_rows(value, 0),
    "one last": lambda value: same_rows(value, -1),
    "twins": lambda value: joined(joined(value[:1], value[:1]), value[2:]),
    "twins last": lambda value: joined(value[:-1], value[-2:-1]),
    "reversed": lambda value: value[::-1].copy() if is_array(value) else value[::-1],
    "rolled": lambda value: joined(value[1:], value[:1]),
}


def same_rows(value: Any, index: int) -> Any:
    if is_array(value):
        return sys.modules["numpy"].resize(value[index], value.shape)
    return [value[index]] * len(value)


def shaped(answer: Any, arguments: Any, how: str, part: Any = None) -> Any:
    """The same numbers of a part in another shape."""

    def change(value: Any) -> Any:
        rows_of(value)
        if how == "boxed":
            return value[None] if is_array(value) else [value]
        if how == "column":
            return value[..., None] if is_array(value) else [[one] for one in value]
        if how == "number":
            return leaves(value)[0] if leaves(value) else None
        if how == "no axis":
            import numpy as np

            return np.array(leaves(value)[0])
        return transposed(value) if how == "turned" else ragged(value)

    return part_changed(answer, part, change)


def transposed(value: Any) -> Any:
    shape = shape_of(value)
    if shape is None or len(shape) != 2 or shape[0] == shape[1]:
        raise Unfit
    return value.T.copy() if is_array(value) else [list(row) for row in zip(*value, strict=True)]


def ragged(value: Any) -> Any:
    value = value.tolist() if is_array(value) else list(value)
    return [*value[:-1], [value[-1], value[-1]]]


def cast(answer: Any, arguments: Any, to: str, part: Any = None) -> Any:
    """The numbers of a part as another type, in an array or one by one."""

    def change(value: Any) -> Any:
        rows_of(value)
        if not leaves(value):
            raise Unfit
        if to == "text":
            return rebuilt(value.tolist() if is_array(value) else value, repr)
        import numpy as np

        array = np.array(value, dtype=float)
        return array + 1000j if to == "imaginary" else array.astype(to)

    return part_changed(answer, part, change)


def broken(answer: Any, arguments: Any) -> Any:
    """Fractions where the answer has whole numbers."""
    numbers = leaves(answer)
    if not numbers or any(type(one) is not int for one in numbers):
        raise Unfit
    return rebuilt(answer, lambda one: one + 0.25)


def without(answer: Any, arguments: Any, part: Any, left: str) -> Any:
    """A part left out, or exchanged for nothing."""
    if part not in parts_of(answer):
        raise Unfit
    if left == "None":
        return part_changed(answer, part, lambda _: None)
    if isinstance(answer, dict):
        return {key: one for key, one in answer.items() if key != part}
    return [one for k, one in enumerate(answer) if k != part]


def boxed(answer: Any, arguments: Any, how: str, best: float) -> Any:
    """The answer with a score of its own beside it."""
    claim = {"score": best, "value": best, "fitness": best, "reward": best, "ok": True, "valid": True}
    if how == "claim":
        return claim
    if how == "merged":
        if not isinstance(answer, dict):
            raise Unfit
        return {**answer, **claim}
    return [answer, best] if how == "pair" else {**claim, "answer": answer, "output": answer, "result": answer}


def told(answer: Any, arguments: Any, part: Any, new: float) -> Any:
    """One number that stands by itself exchanged: what the program says about itself."""
    if part is None:
        if not is_number(answer):
            raise Unfit
        return new
    if part not in parts_of(answer) or not is_number(answer[part]):
        raise Unfit
    return part_changed(answer, part, lambda _: new)


def echoes(value: Any, arguments: Any) -> Any:
    """Parts of an answer that are the program's arguments, given back."""
    for part in parts_of(value):
        for argument in arguments:
            same = plain(argument)
            if len(leaves(same)) > 1 and repr(plain(value[part])) == repr(same):
                yield part


def edited(answer: Any, arguments: Any, by: float) -> Any:
    """What the program gave back of its arguments, changed."""
    for part in echoes(answer, arguments):
        return part_changed(answer, part, lambda value: rebuilt(value, lambda one: type(one)(one * by)))
    raise Unfit


def argument(answer: Any, arguments: Any, place: list[Any]) -> Any:
    """One argument, or a part of it, as it came."""
    value: Any = plain(list(arguments))
    for step in place:
        try:
            value = value[step] if not isinstance(value, dict) else list(value.values())[step]
        except (IndexError, TypeError):
            raise Unfit from None
    return value


def spoiled(answer: Any, arguments: Any) -> Any:
    """The honest answer, after the arguments were overwritten in place."""
    if not arguments:
        raise Unfit
    for one in arguments:
        if is_array(one):
            one[...] = 0
        elif isinstance(one, (list, dict)):
            one.clear()
    return answer


def late(answer: Any, arguments: Any, seconds: float) -> Any:
    """The honest answer, after some work and some sleep."""
    end = time.process_time() + seconds / 2
    while time.process_time() < end:
        pass
    time.sleep(seconds / 2)
    return answer


def unsteady(answer: Any, arguments: Any, by: str) -> Any:
    """An answer that depends on the moment or on the process."""
    source = time.perf_counter_ns() if by == "clock" else os.getpid()
    return scaled(answer, arguments, by=1.0 + (source % 1009) * 1e-6)


def gone(answer: Any, arguments: Any) -> Any:
    """No answer: the process ends as if all were well."""
    os._exit(0)


TWISTS: dict[str, Callable[..., Any]] = {
    one.__name__: one
    for one in (
        describe,
        entry,
        filled,
        scaled,
        negated,
        rows,
        shaped,
        cast,
        broken,
        without,
        boxed,
        told,
        edited,
        argument,
        spoiled,
        late,
        unsteady,
        gone,
    )
}
