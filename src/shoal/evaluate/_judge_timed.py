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

__all__ = ["Tell", "compare"]

LONGEST = 400  # characters of a call that feedback shows


class Tell(Protocol):
    """Has a fresh process of the role make calls; what each did, flat. Raises `Failed`."""

    def __call__(self, role: int, calls: Sequence[Any], *, closely: bool = False, run: bool = True) -> list[Any]: ...


def compare(instance: dict[str, Any], same: Callable[..., None], tell: Tell, *, place: int) -> None:
    """Raise `Wrong` where the candidate does anything else than the initial program, with the smallest such call.

    Args:
        instance: ``calls``, those that are timed; ``check``, perhaps, others that are only compared, but closely.
        same: the judge's ``same(mine, right)``, which raises `Wrong`.
        tell: makes calls.
        place: of the instance in its trial; the order of turns follows it.
    """
    looked, calls = instance.get("check", ()), instance["calls"]
    if looked:
        _alike(looked, tell(CHECKED, looked, closely=True), _right(tell, CHECKS, looked, closely=True), same)
    _right(tell, BASE, calls, run=False)
    right = _right(tell, THEIRS, calls) if place % 2 else None
    mine = tell(MINE, calls)
    _alike(calls, mine, _right(tell, THEIRS, calls) if right is None else right, same)


def _right(tell: Tell, role: int, calls: Sequence[Any], **how: bool) -> list[Any]:
    """What the initial program did; that it fails is the task's mistake, not the candidate's."""
    try:
        return tell(role, calls, **how)
    except Failed as failure:
        raise RuntimeError(f"the initial program fails on calls of this task: {failure.feedback}") from None


def _alike(calls: Sequence[Any], mine: list[Any], right: list[Any], same: Callable[..., None]) -> None:
    """The smallest call that was answered otherwise becomes the feedback."""
    found: list[tuple[int, str]] = []
    for call, one, other in zip(calls, mine, right, strict=True):
        try:
            same(one, other)
        except Wrong as wrong:
            found.append((len(repr(call)), f"{wrong}, for {called('', call, longest=LONGEST)}"))
    if found:
        raise Wrong(min(found)[1])
