"""Records calls of a function while a project's own tests run: arguments before, and what each call did."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

from shoal.behaviour._flat import UnflatError, flatten, flatten_result
from shoal.sandbox import frames

__all__ = ["FILE_VARIABLE", "recorded"]

FILE_VARIABLE = "SHOAL_RECORDED_CALLS"
MOST_CALLS = 400
MOST_BYTES = 256 << 10  # of one call
MOST_TOTAL = 12 << 20


def recorded(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, but each new call of it from outside is appended, framed, to the file that the environment names.

    A frame holds ``call`` and ``told`` (see `observe`), or ``unflat``: why the arguments cannot be repeated.
    """
    path = os.environ.get(FILE_VARIABLE)
    if path is None:
        return function
    book = _Book(path)
    inside = threading.local()

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        if getattr(inside, "now", False) or book.full:
            return function(*args, **kwargs)
        inside.now = True
        try:
            with _standing_for(call, function):
                return book.note(function, args, kwargs)
        finally:
            inside.now = False

    return call


@contextlib.contextmanager
def _standing_for(call: Callable[..., Any], function: Callable[..., Any]) -> Iterator[None]:
    """Give the function its name back, so that it calls itself as deep as at home, with no frame of ours between."""
    home = vars(sys.modules[function.__module__])
    name = function.__name__
    stood = home.get(name) is call
    if stood:
        home[name] = function
    try:
        yield
    finally:
        if stood and home.get(name) is function:
            home[name] = call


class _Book:
    def __init__(self, path: str) -> None:
        self.path, self.seen, self.total = path, set[bytes](), 0

    @property
    def full(self) -> bool:
        return len(self.seen) >= MOST_CALLS or self.total >= MOST_TOTAL

    def note(self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Make the call and write it down, unless the same was written before."""
        try:
            if any(hasattr(one, "__next__") for one in (*args, *kwargs.values())):
                raise UnflatError("an iterator, which can be read once only")
            before = flatten((args, kwargs))
            key = hashlib.sha256(frames.encode(before)).digest()
        except (UnflatError, frames.FrameError) as error:
            self._write({"unflat": str(error)})
            return function(*args, **kwargs)
        try:
            value = function(*args, **kwargs)
        except Exception as error:
            kind = type(error)
            self._once(
                key, {"call": before, "told": {"raised": [f"{kind.__module__}.{kind.__qualname__}", str(error)]}}
            )
            raise
        told = _told(value)
        self._once(key, {"call": before, "told": told} if told else {"call": before})
        return value

    def _once(self, key: bytes, entry: dict[str, Any]) -> None:
        if key not in self.seen:
            self.seen.add(key)
            self._write(entry)

    def _write(self, entry: dict[str, Any]) -> None:
        try:
            data = frames.framed(entry)
        except frames.FrameError:
            return
        if len(data) <= MOST_BYTES:
            self.total += len(data)
            with open(self.path, "ab") as file:
                file.write(data)


def _told(value: Any) -> dict[str, Any] | None:
    """What a value is, where looking at it does not use it up."""
    if hasattr(value, "__next__"):
        return None
    try:
        return {"value": flatten_result(value)}
    except UnflatError as error:
        return {"unflat": str(error)}
