"""A timed instance, from the judge's side: the same calls of candidate and initial program, side by side, and compared.

Each answers in a process of its own, by turns first, so that a machine which slows down slows both. The judge never
sees a time: what the processes used is the supervisor's to count.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from shoal.behaviour import called
from shoal.evaluate._judge_wire import BASE, CHECKED, CHECKS, MINE, THEIRS
from shoal.evaluate._talk import Failed
from shoal.judging import Wrong
from shoal.sandbox import FrameError, FrameLimits, frames

__all__ = ["Tell", "compare", "is_told"]

LONGEST = 400  # characters of a call that feedback shows
CALL = FrameLimits(max_bytes=1 << 28, max_depth=200, max_elements=1 << 26)


class Tell(Protocol):
    """Has a fresh process of the role make calls; what each did, parts as bytes by name. Raises `Failed`."""

    def __call__(self, role: int, calls: Sequence[Any], *, closely: bool = False, run: bool = True) -> list[Any]: ...


def is_told(one: Any) -> bool:
    """Whether it has the form in which a call's doing is told."""
    return type(one) is dict and all(type(part) is bytes for part in one.values())


def compare(
    instance: dict[str, Any], same: Callable[..., None], tell: Tell, *, place: int, limits: FrameLimits
) -> None:
    """Raise `Wrong` where the candidate does anything else than the initial program, with the smallest such call.

    Args:
        instance: ``calls``, those that are timed; ``check``, perhaps, others that are only compared, but closely.
        same: the judge's ``same(mine, right)``, which raises `Wrong`; what is told alike to the byte is the same.
        tell: makes calls.
        place: of the instance in its trial; the order of turns follows it.
        limits: of a part that is told.
    """
    looked, calls = instance.get("check", ()), instance["calls"]
    if looked:
        mine, right = tell(CHECKED, looked, closely=True), _right(tell, CHECKS, looked, closely=True)
        _alike(looked, mine, right, same, limits)
    _right(tell, BASE, calls, run=False)
    first = _right(tell, THEIRS, calls) if place % 2 else None
    mine = tell(MINE, calls)
    _alike(calls, mine, _right(tell, THEIRS, calls) if first is None else first, same, limits)


def _right(tell: Tell, role: int, calls: Sequence[Any], **how: bool) -> list[Any]:
    """What the initial program did; that it fails is the task's mistake, not the candidate's."""
    try:
        return tell(role, calls, **how)
    except Failed as failure:
        raise RuntimeError(f"the initial program fails on calls of this task: {failure.feedback}") from None


def _alike(
    calls: Sequence[Any], mine: list[Any], right: list[Any], same: Callable[..., None], limits: FrameLimits
) -> None:
    """The smallest call that was answered otherwise becomes the feedback."""
    found: list[tuple[int, str]] = []
    for call, one, other in zip(calls, mine, right, strict=True):
        if one == other:
            continue
        try:
            same(_read(one, limits), _read(other, limits))
        except Wrong as wrong:
            tree = frames.decode(call.data, limits=CALL) if isinstance(call, frames.Written) else call
            found.append((len(repr(tree)), f"{wrong}, for {called('', tree, longest=LONGEST)}"))
    if found:
        raise Wrong(min(found)[1])


def _read(told: dict[str, bytes], limits: FrameLimits) -> dict[str, Any]:
    try:
        return {name: frames.decode(part, limits=limits) for name, part in told.items()}
    except FrameError as error:
        raise Wrong(f"the answer cannot be read: {error}") from None
