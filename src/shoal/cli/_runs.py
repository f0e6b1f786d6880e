"""`shoal runs` and `shoal runs rm`."""

from __future__ import annotations

import json as codec
import time
from pathlib import Path
from typing import Any

from shoal.cli._table import print_table
from shoal.report import _words
from shoal.store import RunInfo, find_run, list_runs, remove_run

__all__ = ["listing", "remove"]


def listing(out: Path, *, json: bool) -> int:
    """Print the runs in ``out``."""
    rows = [_row(info) for info in list_runs(out)]
    if json:
        print(codec.dumps(rows))
        return 0
    if not rows:
        print(f"no runs in {out}; begin with: shoal demo")
        return 0
    cells = [(row["run"], row["status"], _score(row), str(row["evaluations"] or "-"), row["started"]) for row in rows]
    print_table(("run", "status", "best", "evaluations", "started"), cells, right="best evaluations")
    return 0


def _score(row: dict[str, Any]) -> str:
    told = _words.score(row["best_score"])
    return f"{told} ({row['label'].partition(':')[0]})" if row["label"] else told


def _row(info: RunInfo) -> dict[str, Any]:
    """What event 0 and the last event say; a run without a closing event was cut off, or is being written."""
    summary = info.last.get("summary", {}) if info.last["type"] == "closed" else {}
    status = summary.get("status") or ("running" if info.folder.busy else "cut off")
    return {
        "run": info.folder.id,
        "task": info.started["about"].get("task"),
        "status": status,
        "label": _words.SELF_SCORED if info.started["about"].get("kind") == "self_scored" else None,
        "best_score": summary.get("best_score"),
        "evaluations": summary.get("evaluations"),
        "events": info.events,
        "started": time.strftime("%Y-%m-%d %H:%M", time.gmtime(info.started["at"])) + " UTC",
    }


def remove(name: str, *, out: Path) -> int:
    """Delete a run."""
    folder = find_run(name, out=out)
    remove_run(folder)
    print(f"deleted {folder.path}")
    return 0
