"""Letting a held candidate go on, by a person's word."""

from __future__ import annotations

from shoal.core import by_hand
from shoal.core.errors import UserError
from shoal.core.values import CandidateId
from shoal.labs.evolve._about import same_task
from shoal.labs.evolve._config import recorded_config
from shoal.labs.evolve._first import load_for
from shoal.labs.evolve._parts import search_of
from shoal.report import RunView
from shoal.store import RunFolder

__all__ = ["release"]


def release(folder: RunFolder, candidate: CandidateId) -> tuple[str, ...]:
    """Release a candidate of a run that is not running; return what was noted. It counts from the next sitting on.

    Raises `UserError` when it is not held, was caught cheating, or the run is being written.
    """
    with folder.lock():
        store = folder.store()
        try:
            view = RunView.read(store, folder.id)
            if candidate not in view.held:
                held = ", ".join(sorted(view.held)[:5]) or "nothing"
                raise UserError(f"{candidate} is not held in run {folder.id}: {held} is")
            if candidate in view.frozen:
                raise UserError(f"{candidate} is frozen, not held: {view.held[candidate]}; start a new run without it")
            config = recorded_config(view.about["config"], out=folder.path.parent)
            task = load_for(config)
            same_task(task, view.about)
            notes = by_hand.release(search_of(config, task, firsts=1), store, folder.id, candidate)
        finally:
            store.close()
    return tuple(note.text for note in notes)
