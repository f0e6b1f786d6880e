"""What a judge's streams give, as digests: told by the judge's own process, so that no instance ever leaves it."""

from __future__ import annotations

import hashlib
import random
import re
import sys
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from shoal.sandbox import frames

__all__ = ["report"]

Arguments = Callable[[Any], Any]
Streams = Callable[[dict[str, Any]], Iterable[Any]]
LONGEST = 10_000


def report(draws: list[dict[str, Any]], *, stream: Streams, arguments: Arguments) -> list[dict[str, Any]]:
    """Draw each of ``draws`` (keys split, seed, count; a family of ``transfer``, where one is meant) and describe it.

    Returns for each: ``instances`` and ``arguments`` (a digest per instance; the second of what the program would be
    called with) and ``chance`` (whether a global random generator was used on the way).
    """
    return [_draw(draw, stream=stream, arguments=arguments) for draw in draws]


def _draw(draw: dict[str, Any], *, stream: Streams, arguments: Arguments) -> dict[str, Any]:
    before = _chance()
    # One at a time: a stream may yield one object that it changes as it goes on.
    digests = [
        (_digest(instance), _digest(arguments(instance)))
        for instance in islice(stream(draw), min(draw["count"], LONGEST))
    ]
    return {
        "instances": [one for one, _ in digests],
        "arguments": [one for _, one in digests],
        "chance": _chance() != before,
    }


def _chance() -> str:
    """The state of the global generators of `random` and `numpy.random`, as text."""
    loaded = sys.modules.get("numpy.random")
    return repr((random.getstate(), repr(loaded.get_state(legacy=False)) if loaded else None))


def _digest(value: Any) -> str:
    try:
        data = frames.encode(value)
    except frames.FrameError:
        data = _text(value, 0).encode(errors="replace")
    return hashlib.sha256(data).hexdigest()


def _text(value: Any, depth: int) -> str:
    """What an object that cannot cross the border holds; addresses in memory are no part of it."""
    if depth > 20:
        return "..."
    if isinstance(value, dict):
        return "{" + ",".join(f"{_text(key, depth + 1)}:{_text(one, depth + 1)}" for key, one in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(_text(one, depth + 1) for one in value) + "]"
    if isinstance(value, (set, frozenset)):
        return "{" + ",".join(sorted(_text(one, depth + 1) for one in value)) + "}"
    try:
        return frames.encode(value).hex()
    except frames.FrameError:
        pass
    if not hasattr(value, "__dict__") and hasattr(value, "__slots__"):
        return type(value).__name__ + _text({name: getattr(value, name, None) for name in value.__slots__}, depth + 1)
    if getattr(value, "__dict__", None):
        return type(value).__name__ + _text(vars(value), depth + 1)
    return re.sub(r"0x[0-9a-f]+", "0x", repr(value))
