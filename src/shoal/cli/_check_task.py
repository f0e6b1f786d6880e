"""`shoal check`: a task's own judge under the scrutiny of the built-in ones."""

from __future__ import annotations

import json as codec
import sys
import textwrap
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from shoal.cli._line import Line
from shoal.cli._trouble import DONE, FAILED
from shoal.core.errors import UserError
from shoal.core.untrusted import untrusted
from shoal.report import _words

if TYPE_CHECKING:
    from shoal.testing import CheckProgress, Finding

__all__ = ["check"]

BAD = ("weak", "wrong")
WIDTH = 116
LONGEST = 900  # characters of one finding


def check(name: str, *, seed: int, seconds: float, every: bool, json: bool) -> int:
    """Try to fool a task's judge and print what it did not withstand; exit code 1 when something wants mending."""
    from shoal.tasks import load
    from shoal.testing import check_task

    if not seconds > 0:
        raise UserError(f"--seconds {seconds:g}: a check needs some time, 180 unless set")
    task = load(name)
    if task.kind == "self_scored":
        raise UserError(
            f"{task.name} is {_words.SELF_SCORED}, so there is no separate judge to check; where one can be made, "
            f"`shoal convert {name}` makes it"
        )
    began, line = time.monotonic(), Line(sys.stderr)
    try:
        findings = check_task(task, seed=seed, seconds=seconds, watch=lambda at: line.show(_so_far(at)))
    finally:
        line.clear()
    took = time.monotonic() - began
    sound = not any(one.status in BAD for one in findings)
    if json:
        told = {"findings": [asdict(one) for one in findings], "seconds": round(took, 1)}
        print(codec.dumps({"task": task.name, "ok": sound, "seed": seed, **told}))
        return DONE if sound else FAILED
    for one in findings:
        if every or one.status != "ok":
            print(_paragraph(one))
    print(f"{_counts(findings)}, in {_words.duration(took)}")
    print(_verdict(task.name, name, sound=sound))
    return DONE if sound else FAILED


def _so_far(at: CheckProgress) -> str:
    """How far the check is, and about how long it will take."""
    left = at.seconds / max(at.number - 1, 1) * (at.total - at.number + 1)
    rest = f", about {_words.duration(left)} left" if at.number > 3 else ""
    return f"checking {at.number} of {at.total}: {at.check} ({_words.count(at.programs, 'program')} tried{rest})"


def _paragraph(finding: Finding) -> str:
    """The finding, wrapped, and how to mend it."""
    status = finding.status.upper() if finding.status in BAD else finding.status
    text = untrusted(f"{finding.check}: {finding.detail}", limit=LONGEST)
    lines = textwrap.wrap(text, WIDTH, initial_indent=f"{status:6}", subsequent_indent=" " * 6)
    if finding.status in BAD:
        lines += textwrap.wrap(
            f"-> {untrusted(finding.mend)}", WIDTH, initial_indent=" " * 6, subsequent_indent=" " * 9
        )
    return "\n".join(lines)


def _counts(findings: Sequence[Finding]) -> str:
    counts: Counter[str] = Counter(one.status for one in findings)
    words = {"ok": "ok", "note": "worth a look", "weak": "weak", "wrong": "wrong"}
    told = ", ".join(f"{counts[status]} {word}" for status, word in words.items() if counts[status])
    return f"{_words.count(len(findings), 'finding')}: {told}"


def _verdict(task: str, name: str, *, sound: bool) -> str:
    if sound:
        return f"{task}: its judge holds against all that was tried; next: shoal run {name}"
    return f"{task}: its judge does not hold; mend judge.py or task.toml as said above, then: shoal check {name}"
