"""What a person may do to a run that is not running: let a held candidate go on, on the record."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, TypeVar

from shoal.core.budget import Budget
from shoal.core.course import Course
from shoal.core.errors import UserError
from shoal.core.journal import Journal
from shoal.core.loop import chained, restore
from shoal.core.protocols import Search, Store
from shoal.core.values import CandidateId, Note

__all__ = ["release"]

S = TypeVar("S")


def release(search: Search[S], store: Store, run: str, candidate: CandidateId) -> tuple[Note, ...]:
    """Release ``candidate`` and write it down; return what the search says to it. The caller holds the run's lock.

    The log is folded first, so the decision enters where the run stands now; a resumed run takes it again there.
    Raises `UserError` when the candidate is not held, `MachineryError` where log and search disagree.
    """
    events = chained(store, run)
    first = next(events, None)
    if first is None:
        raise UserError(f"run {run} has not begun: nothing is held")
    started: dict[str, Any] = first.data
    course = Course(
        search,
        seed=started["seed"],
        window=started["window"],
        ordered=started["ordered"],
        budget=Budget(**started["budget"]),
    )
    last, _, _ = restore(course, events, last=first)
    notes = course.release(candidate)
    journal = Journal(store, run, seq=last.seq + 1, head=last.head)
    journal.add("released", candidate=candidate)
    for note in notes:
        journal.add("note", **asdict(note))
    journal.flush()
    return notes
