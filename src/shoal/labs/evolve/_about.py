"""What event 0 says about a run: the task and the kernel by hash, versions, isolation, configuration."""

from __future__ import annotations

import json
from typing import Any

from shoal.core.errors import UserError
from shoal.core.events import Event
from shoal.core.journal import Journal
from shoal.guard import kernel_hash, versions
from shoal.labs.evolve._config import RunConfig
from shoal.report import RunView, changed_files, events_of, folded
from shoal.store import FILE_VERSION, SqlStore
from shoal.tasks import Task

__all__ = ["KERNEL_CHANGED", "about", "changed_since", "note_kernel", "same_task"]

KERNEL_CHANGED = "kernel_changed"  # kind of note


def about(task: Task, config: RunConfig, *, level: int) -> dict[str, Any]:
    """The ``about`` of event 0; no time, no host name, no secret."""
    return {
        "task": task.name,
        "kind": task.kind,
        "measured": task.measured,
        "direction": task.score.direction,
        "best_known": task.score.best_known,
        "score_name": task.score.name,
        "unit": task.score.unit,
        "fixed": task.instances.fixed,
        "manifest": folded(task.manifest),
        "kernel": kernel_hash(),
        "store": FILE_VERSION,
        "versions": versions(),
        "isolation": {"level": level},
        "config": json.loads(config.model_dump_json(exclude={"out", "workers"})),
    }


def note_kernel(store: SqlStore, view: RunView) -> None:
    """Put it on the record when a run goes on under other code than before.

    That is no reason to refuse: the log is folded by the code that goes on, which stops where they disagree.
    """
    now, before = kernel_hash(), view.about.get("kernel")
    if view.note_counts[KERNEL_CHANGED]:
        before = [event.data["data"]["kernel"] for event in events_of(store, view.run) if _tells_kernel(event)][-1]
    last = store.last(view.run) if before != now else None
    if last is None:
        return
    journal = Journal(store, view.run, seq=last.seq + 1, head=last.head)
    told = f"the run goes on with other code than before: {str(before)[:16]} then, {now[:16]} now"
    journal.add("note", kind=KERNEL_CHANGED, text=told, data={"kernel": now, "before": before})
    journal.flush()


def _tells_kernel(event: Event) -> bool:
    data = event.data
    return bool(data["type"] == "note" and data["kind"] == KERNEL_CHANGED)


def changed_since(task: Task, recorded: dict[str, Any]) -> list[str]:
    """The files of the task that were changed, added or removed since the run began."""
    return list(changed_files(dict(recorded["manifest"]), task.manifest))


def same_task(task: Task, recorded: dict[str, Any]) -> None:
    """Refuse to go on with a run whose judge or limits changed since it was started."""
    if changed := changed_since(task, recorded):
        raise UserError(
            f"{', '.join(changed)} of task {task.name} changed since the run was started: "
            "its scores would not compare; start a new run with --from this one"
        )
