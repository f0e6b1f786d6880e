"""The lessons of a run, as its log last had them: in the report and in `shoal show`."""

from __future__ import annotations

from collections.abc import Iterator

from shoal.core.untrusted import markdown, untrusted
from shoal.report._view import RunView

__all__ = ["lesson_rows", "lessons"]

CHARACTERS = 320


def lessons(view: RunView) -> Iterator[str]:
    """The section, line by line."""
    yield "## What models were told"
    yield ""
    yield "The last lessons of the run, surest first. Counted ones are sentences about what the search counted; others"
    yield "were written by a model, and are no more than its word."
    yield ""
    yield "| confidence | by | lesson | evidence |"
    yield "|---:|---|---|---|"
    for sure, by, claim, evidence in lesson_rows(view):
        yield f"| {sure} | {markdown(by)} | {markdown(claim, limit=CHARACTERS)} | {markdown(evidence)} |"


def lesson_rows(view: RunView) -> Iterator[tuple[str, str, str, str]]:
    """Confidence, author, claim and evidence of each, safe for a terminal."""
    for one in view.lessons:
        evidence = untrusted(", ".join(one["evidence"]), limit=80)
        claim = untrusted(one["claim"], limit=CHARACTERS)
        yield f"{one['confidence']:.2f}", untrusted(one["by"], limit=40), claim, evidence
