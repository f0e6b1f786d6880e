"""What was told about a run, compared with its log: the closing event, what is held, the program in the report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from shoal.core.errors import StoreError
from shoal.report._finding import Finding, listed
from shoal.report._results import results
from shoal.report._view import RunView

__all__ = ["best_program", "closing", "held"]


def closing(
    view: RunView, summary: Mapping[str, Any] | None, finished: Mapping[str, Any] | None, *, same_code: bool
) -> Finding:
    """The closing event's own words; ``summary`` is None where the log does not end with one.

    ``finished`` is the run's finished event, None while it is not done.

    Facts of the log must agree. What is worked out from them by rules that another version of the code may have
    (``same_code`` is False) is only named.
    """
    if summary is None:
        return Finding("closing", None, "the log does not end with a closing event")
    log = _facts(view, finished)
    worked_out = {name: value for name, value in results(view).items() if name not in log}
    facts, rules = list(_differences(summary, log)), list(_differences(summary, worked_out))
    if facts or (rules and same_code):
        return Finding("closing", False, listed([*facts, *rules]))
    if rules:
        return Finding("closing", None, f"another version of the code works it out otherwise: {listed(rules)}")
    return Finding("closing", True, "the closing event says what the log says")


def _facts(view: RunView, finished: Mapping[str, Any] | None) -> dict[str, Any]:
    facts = {
        "run": view.run,
        "task": view.task,
        "status": "interrupted" if finished is None else "done",
        "champion": view.champion,
        "search_score": view.search_score,
        "looks": len(view.looks),
    }
    if finished is not None:
        # Not of an interrupted sitting: its totals have results that had arrived and were not learnt from yet.
        spent = {name: finished["spent"][name] for name in ("seconds", "cpu_seconds")}
        facts |= {"reason": view.reason, "digest": view.recorded_digest, **spent}
        facts["evaluations"] = view.spent.counted.evaluations
    return facts


def _differences(summary: Mapping[str, Any], log: Mapping[str, Any]) -> Iterator[str]:
    for name, value in log.items():
        if name in summary and summary[name] != value:
            yield f"it says {name} {summary[name]!s:.40}, the log says {value!s:.40}"


def held(view: RunView) -> Finding:
    """What the run holds back; nothing is wrong about that."""
    frozen = len(view.frozen)
    return Finding("held", True, f"{len(view.held) - frozen} candidates held back, {frozen} frozen")


def best_program(view: RunView, report: Path | None, files: Mapping[str, bytes] | None, *, closed: bool) -> Finding:
    """Whether the report's program is the champion's, as stored (``files``)."""
    if report is None or not report.is_dir():
        return Finding("report", None, "there is no report")
    if not closed or view.champion is None or files is None:
        return Finding("report", None, "not compared: the report is of another moment, or there is no champion to read")
    try:
        shown = dict(_shown(report, files))
    except (OSError, StoreError) as error:
        return Finding("report", False, f"the champion's program cannot be read: {error}")
    wrong = [name for name, data in files.items() if shown.get(name) != data]
    if wrong:
        return Finding("report", False, f"the program in {report.name}/ is not the champion's: {', '.join(wrong)}")
    return Finding("report", True, f"the program in {report.name}/ is {view.champion}'s, byte by byte")


def _shown(report: Path, files: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """The champion's files as they lie in the report."""
    from shoal.report._write import place_of

    for name in files:
        yield name, place_of(report, name, of=len(files)).read_bytes()
