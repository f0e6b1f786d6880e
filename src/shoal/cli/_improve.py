"""`shoal improve`: a function of the project one is in, made faster; a patch, its proof, and what it cost."""

from __future__ import annotations

import json as codec
import os
import re
import shlex
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shoal.cli._run import interrupts
from shoal.cli._trouble import DONE, INTERRUPTED
from shoal.core.errors import UserError
from shoal.core.untrusted import untrusted
from shoal.report import _words

if TYPE_CHECKING:
    from shoal.labs.evolve.improve import Improved

__all__ = ["improve"]

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "": 1.0}


def improve(spec: str, flags: Mapping[str, Any], *, apply: bool, pr: bool, json: bool) -> int:
    """Search, tell, and write the patch where that is wanted."""
    import anyio

    from shoal.cli._progress import Progress
    from shoal.cli._waiting import Waiting
    from shoal.core.budget import Budget
    from shoal.core.loop import Stop
    from shoal.labs.evolve.improve import Wishes
    from shoal.labs.evolve.improve import improve as begin

    project = Path.cwd()
    wishes = Wishes(
        spec=spec,
        project=project,
        out=flags["out"] or _out(project),
        tests=tuple(flags["tests"]),
        examples=flags["examples"],
        goal=flags["goal"],
        tolerance=flags["tolerance"],
        budget=Budget(seconds=_seconds(flags["time"]), evaluations=flags["evaluations"]),
        seed=flags["seed"],
        workers=flags["workers"],
    )
    stop, progress, waiting = Stop(), Progress(), Waiting()

    async def go() -> Improved:
        return await begin(wishes, pace=waiting, watch=progress, stop=stop)

    with interrupts(stop):
        try:
            improved = anyio.run(go)
        finally:
            progress.close()
            waiting.close()
    if apply and improved.patch:
        _apply(project, improved)
    for line in _closing(improved, wishes.out, applied=apply):
        print(line, file=sys.stderr if json else sys.stdout)
    if pr and improved.patch:
        print(_request(improved))
    if json:
        print(codec.dumps(improved.summary()))
    return INTERRUPTED if improved.verdict == "interrupted" else DONE


def _seconds(text: str) -> float:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smh]?)", text.strip())
    if not found or not float(found[1]):
        raise UserError(f"--time {text!r}: write a number above 0 and s, m or h, for instance 90s or 20m")
    return float(found[1]) * _UNITS[found[2]]


def _out(project: Path) -> Path:
    """Where runs go that must leave no trace in the project."""
    state = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(state) / "shoal" / (project.name or "root")


def _apply(project: Path, improved: Improved) -> None:
    """Write the new text, where the file is still what the patch was made for."""
    from shoal.labs.evolve.improve import apply_patch

    apply_patch(project, improved)


def _closing(improved: Improved, out: Path, *, applied: bool) -> Iterator[str]:
    from shoal.labs.evolve.improve import headline

    yield headline(improved)
    for step in improved.steps if improved.patch else ():
        yield f"  {untrusted(step, limit=160)}"
    if improved.patch and improved.memory is not None:
        yield improved.memory.said()
    if improved.tests:
        yield f"tests on the patched project: {untrusted(improved.tests, limit=160)}"
    spent = _words.count(improved.evaluations, "evaluation"), _words.duration(improved.cpu_seconds)
    ended = f"; ended by: {untrusted(improved.ended, limit=120)}" if improved.ended else ""
    yield f"{spent[0]}, {spent[1]} of CPU time, no model{ended}"
    if improved.verdict == "interrupted":
        yield "interrupted: nothing was changed; the same command begins anew"
        return
    report = Path(improved.folder) / "report"
    names = ", ".join(sorted(path.name for path in report.glob("*") if path.name in _SHOWN))
    yield f"report: {report} ({names})"
    if improved.patch and applied:
        yield f"written to {improved.file}"
    elif improved.patch:
        yield f"take it: git apply {shlex.quote(str(report / 'patch.diff'))}    or the same command with --apply"
    else:
        yield f"nothing was changed; look closer: shoal show {improved.run} --out {shlex.quote(str(out))}"


_SHOWN = ("patch.diff", "sizes.png", "improve.md")


def _request(improved: Improved) -> str:
    from shoal.labs.evolve.improve import pull_request

    return pull_request(improved)
