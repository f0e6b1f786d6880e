"""What a judge needs to look at an answer it does not trust: strict checkers, and `Wrong`; and what `Ask` is.

A judge gets decoded data: None, booleans, numbers, text, lists, dictionaries, numpy arrays. Each checker
returns the value in one known form or raises `Wrong`, whose message goes back to whoever wrote the candidate:

    from shoal.judging import Wrong, array, sequence

    def score(instance, output):
        centres, radii = sequence(output, length=2, name="answer")
        centres = array(centres, shape=(26, 2), name="centres")

No checker rounds: a value that the asked type cannot hold exactly is refused. Only numpy is imported, so a judge
process starts fast.
"""

import math
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["Ask", "Wrong", "array", "integer", "number", "permutation", "sequence"]

LONG = 10_000  # entries of a list, from which on its length is looked at first
_EXACT = 2**53  # beyond it float64 skips integers
_INTEGERS: frozenset[type] = frozenset({int, *(np.dtype(code).type for code in "bhilqBHILQ")})
_FLOATS: frozenset[type] = frozenset({float, np.float16, np.float32, np.float64})


class Wrong(Exception):
    """The answer is invalid: it gets no score, and the message is the feedback."""


class Ask(Protocol):
    """What `play(instance, ask)` is given: each question is a call of one of the program's functions.

    Answers have passed what `task.toml` declares of that function. Where the program fails, or an answer does not fit,
    no call returns: the instance ends there, and `except Exception` does not see it.
    """

    def __call__(self, name: str, *args: Any) -> Any:
        """Return what the function `name` answers to these arguments."""

    def many(self, name: str, arguments: Iterable[Sequence[Any]]) -> list[Any]:
        """Return what the function `name` answers to each tuple of arguments, in their order.

        Much cheaper than one question after another. The program gets the questions together: only for those of which
        it may know the later ones before it answers the earlier ones. All answers together may have the bytes of one.
        """


def array(
    value: object,
    *,
    shape: tuple[int | None, ...],
    dtype: type[np.float64] | type[np.int64] = np.float64,
    finite: bool = True,
    name: str = "array",
) -> NDArray[Any]:
    """Check an array and return it as `dtype`.

    Args:
        value: a numpy array of numbers, or nested lists of numbers.
        shape: the expected shape; None stands for any length along that axis.
        dtype: `numpy.float64` or `numpy.int64`. Integers are taken as floats when exact, floats never as integers.
        finite: refuse NaN and the infinities.
        name: what the message calls the value.

    Returns:
        An array of exactly that dtype; it may share memory with `value`.

    Raises:
        Wrong: another type (booleans, complex numbers, text, objects), another shape, ragged rows,
            a number that `dtype` cannot hold exactly, or (with `finite`) one that is not finite.
    """
    if type(value) is not np.ndarray:
        _check_length(value, shape, name)
        value = _from_lists(value, depth=len(shape), name=name)
    _check_shape(value.shape, shape, name)
    result = _convert(value, dtype, name)
    if finite and not np.isfinite(result).all():
        raise Wrong(f"{name}: every number must be finite")
    return result


def number(
    value: object, *, low: float = -math.inf, high: float = math.inf, finite: bool = True, name: str = "number"
) -> float:
    """Return one number as a float, `low <= value <= high`; NaN passes only with `finite=False`. Raises `Wrong`."""
    _check_scalar(value, _FLOATS | _INTEGERS, "a number", name)
    result = float(value)  # type: ignore[arg-type]
    if finite and not math.isfinite(result):
        raise Wrong(f"{name}: must be finite, got {result}")
    if result < low or result > high:
        raise Wrong(f"{name}: must lie in [{low}, {high}], got {result}")
    return result


def integer(value: object, *, low: int | None = None, high: int | None = None, name: str = "integer") -> int:
    """Return one integer, `low <= value <= high`; a float is refused even when it is whole. Raises `Wrong`."""
    _check_scalar(value, _INTEGERS, "an integer", name)
    result = int(value)  # type: ignore[call-overload]
    if (low is not None and result < low) or (high is not None and result > high):
        raise Wrong(f"{name}: must lie in [{low}, {high}], got {result}")
    return int(result)


def permutation(value: object, *, length: int, name: str = "order") -> NDArray[np.int64]:
    """Return an order of `0 .. length - 1`, each exactly once, as int64, shape (length,). Raises `Wrong`."""
    order = array(value, shape=(length,), dtype=np.int64, name=name)
    if not np.array_equal(np.sort(order), np.arange(length)):
        raise Wrong(f"{name}: must hold each of 0 .. {length - 1} exactly once")
    return order


def sequence(value: object, *, length: int, name: str = "answer") -> Sequence[Any]:
    """Return a list or tuple of exactly `length` entries (arrays are not lists). Raises `Wrong`."""
    if type(value) not in (list, tuple):
        raise Wrong(f"{name}: must be a list or tuple of {length}, got {_kind(value)}")
    if len(value) != length:  # type: ignore[arg-type]
        raise Wrong(f"{name}: must have {length} entries, got {len(value)}")  # type: ignore[arg-type]
    return value  # type: ignore[return-value]


def _kind(value: object) -> str:
    return "nothing" if value is None else f"a value of type {type(value).__name__}"


def _check_scalar(value: object, allowed: frozenset[type], wanted: str, name: str) -> None:
    # Exact types: bool is an int to isinstance, and a subclass may answer each comparison as it likes.
    if type(value) not in allowed:
        raise Wrong(f"{name}: must be {wanted}, got {_kind(value)}")
    if type(value) in _INTEGERS and not -_EXACT <= value <= _EXACT:  # type: ignore[operator]
        raise Wrong(f"{name}: integers beyond 2**53 are refused")


def _from_lists(value: object, *, depth: int, name: str) -> NDArray[Any]:
    """Turn nested lists (rows may be arrays) into one array, without numpy's guesses about types."""
    if type(value) is np.ndarray:
        return value
    if depth == 0:
        _check_scalar(value, _FLOATS | _INTEGERS, "a number", name)
        return np.asarray(value)
    if type(value) not in (list, tuple):
        raise Wrong(f"{name}: must be an array or a list, got {_kind(value)}")
    if depth == 1:
        for item in value:  # type: ignore[attr-defined]
            _check_scalar(item, _FLOATS | _INTEGERS, "made of numbers", name)
        return np.array(value) if value else np.zeros(0, np.int64)
    rows = [_from_lists(row, depth=depth - 1, name=name) for row in value]  # type: ignore[attr-defined]
    if len({row.shape for row in rows}) > 1:
        raise Wrong(f"{name}: its rows differ in length")
    for row in rows:
        _check_dtype(row.dtype, name)
    return np.stack(rows) if rows else np.zeros((0,) * depth, np.int64)


def _check_length(value: object, shape: tuple[int | None, ...], name: str) -> None:
    """Refuse a long list of the wrong length before anything is made of its entries."""
    if type(value) in (list, tuple) and shape and shape[0] is not None and len(value) > max(LONG, shape[0]):  # type: ignore[arg-type]
        raise Wrong(f"{name}: must have {shape[0]} rows, got {len(value)}")  # type: ignore[arg-type]


def _check_shape(got: tuple[int, ...], wanted: tuple[int | None, ...], name: str) -> None:
    if len(got) != len(wanted) or any(want not in (None, have) for have, want in zip(got, wanted, strict=True)):
        wish = ", ".join("any" if want is None else str(want) for want in wanted)
        raise Wrong(f"{name}: must have shape ({wish}), got {got}")


def _check_dtype(dtype: np.dtype[Any], name: str) -> None:
    if dtype.type not in _FLOATS and dtype.type not in _INTEGERS:
        raise Wrong(f"{name}: must hold plain numbers, got dtype {dtype.name}")


def _convert(value: NDArray[Any], dtype: type[np.float64] | type[np.int64], name: str) -> NDArray[Any]:
    _check_dtype(value.dtype, name)
    if value.dtype == dtype and dtype is np.float64:
        return value
    if value.dtype.kind in "iu":
        if value.size and not (value.min() >= -_EXACT and value.max() <= _EXACT):
            raise Wrong(f"{name}: integers beyond 2**53 are refused")
    elif dtype is np.int64:
        raise Wrong(f"{name}: must hold integers, got dtype {value.dtype.name}")
    return value.astype(dtype)
