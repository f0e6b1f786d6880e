"""Calls made up from a function's declared types, by `hypothesis`, where the function is at home.

    python -m shoal.behaviour._typed MODULE FUNCTION     (in the project's copy, with `FILE_VARIABLE` set)

Types of the project's own (dataclasses, enumerations, typed dictionaries) are built as well. Numbers and texts are of
the size that programs mostly meet: what a function does with 2 ** 64 items is rarely what somebody waits for.
"""

from __future__ import annotations

import collections.abc
import importlib
import inspect
import os
import string
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from shoal.behaviour._flat import UnflatError, flatten
from shoal.behaviour._record import FILE_VARIABLE
from shoal.sandbox import frames

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = ["made_up"]

CALLS = 120
LARGEST = 100
LONGEST = 40  # items of a list that says nothing of its items
WORDS = ("a", "the", "Zebra", "apple", "mango", "hello", "world", "quick", "brown", "x1", "42", "abcabc")
_LEFT_OUT = object()
_EMPTY = inspect.Parameter.empty
_PLACED = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
_ANY_NUMBER = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


def made_up(function: Callable[..., Any], *, count: int = CALLS) -> Iterator[dict[str, Any]]:
    """Up to ``count`` entries of a record (see `recorded`): {"call": flat call}, the same ones each time.

    One {"unflat": reason} where a parameter that must be given declares no type, or one that nothing is known of.
    """
    import hypothesis
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis.errors import HypothesisException
    from hypothesis.strategies import DataObject, data, tuples

    found: dict[bytes, Any] = {}
    refused = ""
    try:
        parameters = _parameters(function)
        bare = _registered()
        strategies = tuples(*(_strategy(one, hint, bare) for one, hint in parameters))

        @hypothesis.seed(0)
        @settings(
            max_examples=count,
            database=None,
            deadline=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        )
        @given(data())
        def note(chosen: DataObject) -> None:
            nonlocal refused
            try:
                values = chosen.draw(strategies)
            except HypothesisException:
                raise
            except Exception as error:  # a class of the project's that does not take all values of its fields' types
                refused = refused or f"{type(error).__name__}: {error}"
                hypothesis.reject()
            call = _flat_call([one for one, _ in parameters], values)
            found.setdefault(frames.encode(call), call)

        note()
    except (HypothesisException, UnflatError, frames.FrameError, NameError, TypeError, ValueError) as error:
        refused = refused or str(error) or type(error).__name__
        found.clear()
    if not found or not parameters:
        yield {"unflat": refused.partition("\n")[0][:200] or "it takes no arguments"}
        return
    yield from ({"call": call} for call in found.values())


def _parameters(function: Callable[..., Any]) -> list[tuple[inspect.Parameter, Any]]:
    """The parameters that a call gives, each with its type; those with a default only where they declare one."""
    hints = get_type_hints(function, include_extras=True)
    found = []
    for one in inspect.signature(function).parameters.values():
        if one.kind in _ANY_NUMBER or (one.name not in hints and one.default is not _EMPTY):
            continue
        if one.name not in hints:
            raise TypeError(f"its parameter {one.name} declares no type")
        found.append((one, hints[one.name]))
    return found


def _strategy(parameter: inspect.Parameter, hint: Any, bare: dict[Any, SearchStrategy[Any]]) -> SearchStrategy[Any]:
    from hypothesis.strategies import from_type, just, one_of

    values = bare[hint] if isinstance(hint, type) and hint in bare else from_type(hint)
    return values if parameter.default is _EMPTY else one_of(just(_LEFT_OUT), values)


def _registered() -> dict[Any, SearchStrategy[Any]]:
    """Have `hypothesis` make numbers and texts of common sizes, from now on and in this whole process.

    Returns what makes the containers that say nothing of their items: those cannot be registered.
    """
    from hypothesis import strategies as st

    small = st.one_of(st.integers(0, LARGEST), st.integers(0, 5), st.integers(-LARGEST, LARGEST))
    reals = st.floats(-LARGEST, LARGEST, allow_nan=False).map(lambda value: round(value, 3) + 0.0)  # no -0.0
    words = st.one_of(st.sampled_from(WORDS), st.text(string.ascii_letters + string.digits, max_size=10))
    texts = st.one_of(words, st.lists(words, max_size=12).map(" ".join))
    made: dict[Any, Any] = {int: small, float: reals, str: texts, bytes: st.binary(max_size=20)}
    for kind in (collections.abc.Iterable, collections.abc.Collection, collections.abc.Sequence):
        made[kind] = lambda alias: st.lists(_inner(alias, small)[0], max_size=LONGEST)
    for kind in (collections.abc.Mapping, collections.abc.MutableMapping):
        made[kind] = lambda alias: st.dictionaries(*_inner(alias, words, small), max_size=LONGEST)
    for kind, strategy in made.items():
        st.register_type_strategy(kind, strategy)
    return {
        list: st.lists(small, max_size=LONGEST),
        tuple: st.lists(small, max_size=LONGEST).map(tuple),
        set: st.sets(small, max_size=LONGEST),
        frozenset: st.frozensets(small, max_size=LONGEST),
        dict: st.dictionaries(words, small, max_size=LONGEST),
    }


def _inner(alias: Any, *otherwise: SearchStrategy[Any]) -> tuple[SearchStrategy[Any], ...]:
    """What is inside of a generic type, or ``otherwise`` where it does not say."""
    from hypothesis.strategies import from_type

    return tuple(map(from_type, get_args(alias))) or otherwise


def _flat_call(parameters: list[inspect.Parameter], values: tuple[Any, ...]) -> Any:
    """One call; after the first parameter that is left out, the others go by name."""
    args: list[Any] = []
    kwargs: dict[str, Any] = {}
    by_place = True
    for one, value in zip(parameters, values, strict=True):
        if value is _LEFT_OUT:
            by_place = False
        elif one.kind in _PLACED and by_place:
            args.append(value)
        elif one.kind is not inspect.Parameter.POSITIONAL_ONLY:
            kwargs[one.name] = value
    return flatten((tuple(args), kwargs))


def main() -> None:
    """Write the record of the function that the command line names."""
    module, name = sys.argv[1:]
    function = getattr(importlib.import_module(module), name)
    with open(os.environ[FILE_VARIABLE], "wb") as file:
        for entry in made_up(function):
            file.write(frames.framed(entry))


if __name__ == "__main__":
    main()
