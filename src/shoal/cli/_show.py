"""`shoal show`: what a run came to, and one candidate with its lineage and diff."""

from __future__ import annotations

import json as codec
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shoal.cli._read import Opened, opened, way_on
from shoal.cli._table import print_table
from shoal.core.canonical import plain
from shoal.core.untrusted import untrusted
from shoal.report import CostCard, Known, RunView, Stretch, _words, lesson_rows, stretches

__all__ = ["candidate", "overview"]

ROWS = 24
SOURCE_CHARACTERS, SOURCE_LINES = 200_000, 4_000


def overview(name: str, *, out: Path, json: bool) -> int:
    """Print a run's outcome, its champion's lineage, its operators and its cost."""
    with opened(name, out=out) as run:
        view = run.view()
        if json:
            print(codec.dumps(_overview_data(view)))
            return 0
        for line in _outcome(view, run):
            print(line)
        if view.champion is not None:
            print(f"\nlineage of {view.champion}")
            _print_lineage(view, view.champion)
        print("\nedits")
        _print_operators(view)
        if view.lessons:
            print("\nlessons that models are told")
        for sure, by, claim, evidence in lesson_rows(view):
            print(f"  {sure} {claim} ({by}: {evidence})")
        print(f"\nlook at a program: shoal show {view.run} {view.champion or 'ID'} (--source prints it)")
    return 0


def candidate(name: str, id: str, *, against: str | None, source: bool, out: Path, json: bool) -> int:
    """Print one candidate: where it comes from, its diff against its parent or ``against``, or its program."""
    with opened(name, out=out) as run:
        view = run.view()
        known = view.find(id)
        if source:
            _print_source(run, known)
            return 0
        other = view.find(against).id if against is not None else None
        diff = view.diff(run.store, known.id, against=other)
        if json:
            print(codec.dumps({**_candidate_data(view, known), "diff": diff}))
            return 0
        _print_candidate(view, known)
        title = other or (known.parents[0] if known.parents else "nothing")
        print(f"\ndiff against {title}")
        print(untrusted(diff, limit=SOURCE_CHARACTERS, lines=SOURCE_LINES) or "no difference")
    return 0


# -- a run --------------------------------------------------------------------------------------------------------


def _outcome(view: RunView, run: Opened) -> Iterator[str]:
    state = view.status
    if state == "open" or (state == "done" and not view.closed):
        what = "cut off" if state == "open" else "cut off in its last measurements"
        state = "running" if run.folder.busy else f"{what}; go on with: {way_on(view, run.folder)}"
    reason = f" ({untrusted(view.reason)})" if view.reason not in ("", state) else ""
    yield f"run {view.run}: {state}{reason}"
    name = untrusted(str(view.about.get("score_name") or "score"), limit=60)
    before, after = _words.score(view.initial_score), _words.score(view.best_score)
    yield (
        f"{view.task}: {name} {before} → {after}" if view.improved else f"{view.task}: {name} {after}, nothing improved"
    )
    if view.label is not None:
        yield view.label
    if view.about.get("best_known") is not None:
        yield f"best known: {_words.score(view.about['best_known'])}"
    sealed = view.looked(view.champion, "sealed")
    if sealed is not None:
        yield f"sealed: {_words.score(sealed)}; hack gap {_words.signed(view.hack_gap)} (positive is bad)"
    yield _cost(CostCard.of(view))
    if run.folder.report.exists():
        yield f"report: {run.folder.report / 'report.md'}"


def _cost(card: CostCard) -> str:
    return (
        f"cost: {_words.count(card.samples, 'sample')}, {_words.count(card.evaluations, 'evaluation')}, "
        f"{_words.duration(card.seconds)}, {_words.duration(card.cpu_seconds)} of CPU time, "
        f"{_words.count(card.tokens, 'token')}, {_words.dollars(card.usd)} at ${card.cpu_hour_usd:g} a CPU hour"
    )


def _print_lineage(view: RunView, id: str) -> None:
    rows = [_lineage_row(view, row) for row in stretches(view.lineage(id), most=ROWS)]
    print_table(("candidate", "by", "value", "gain", "edit"), rows, right="value gain")


def _lineage_row(view: RunView, row: Stretch) -> tuple[str, ...]:
    operator = row.operator + (f" × {row.steps}" if row.steps > 1 else "")
    note = untrusted(row.note, limit=60)
    return row.last.id, operator, _words.score(view.natural(row.last.score)), _words.signed(row.gain), note


def _print_operators(view: RunView) -> None:
    rows = sorted(view.operators.values(), key=lambda row: (-row.gain, -row.tried, row.operator))
    cells = []
    for row in rows:
        counts = (row.tried, row.rejected, row.failed, row.improved, row.new_bests)
        cells.append((row.operator, *(f"{number:,}" for number in counts), _words.signed(row.gain)))
    heads = ("by", "tried", "rejected", "failed", "improved", "bests", "gain")
    print_table(heads, cells, right="tried rejected failed improved bests gain")


def _overview_data(view: RunView) -> dict[str, Any]:
    return {
        "run": view.run,
        "task": view.task,
        "label": view.label,
        "status": view.status,
        "reason": view.reason,
        "initial_score": view.initial_score,
        "best_score": view.best_score,
        "champion": view.champion,
        "hack_gap": view.hack_gap,
        "digest": view.recorded_digest,
        "chain_head": view.chain_head,
        "candidates": len(view.candidates),
        "statuses": dict(view.statuses),
        "duplicates": view.duplicates,
        "operators": [plain(row) for row in view.operators.values()],
        "curve": [{**plain(point), "score": view.natural(point.score)} for point in view.curve],
        "lessons": view.lessons,
        "spent": plain(view.spent),
        "summary": view.summary,
    }


# -- a candidate --------------------------------------------------------------------------------------------------


def _print_candidate(view: RunView, known: Known) -> None:
    value = _words.score(view.natural(known.score))
    print(f"candidate {known.id} of run {view.run}: {known.status}, value {value}")
    if view.label is not None:
        print(view.label)
    if known.id in view.validation:
        print(f"on validation instances: {_words.score(view.natural(view.validation[known.id]))}")
    edit = f": {untrusted(known.note, limit=200)}" if known.note else ""
    print(f"made by {untrusted(known.operator, limit=60)} from {', '.join(known.parents) or 'nothing'}{edit}")
    print("\nlineage")
    _print_lineage(view, known.id)


def _print_source(run: Opened, known: Known) -> None:
    for name, digest in sorted(known.files.items()):
        if len(known.files) > 1:
            print(f"# {untrusted(name, limit=200)}")
        print(untrusted(run.store.get(digest).decode(errors="replace"), limit=SOURCE_CHARACTERS, lines=SOURCE_LINES))


def _candidate_data(view: RunView, known: Known) -> dict[str, Any]:
    return {
        "run": view.run,
        "label": view.label,
        "candidate": known.id,
        "parents": list(known.parents),
        "by": known.operator,
        "note": known.note,
        "status": known.status,
        "value": view.natural(known.score),
        "files": dict(known.files),
        "lineage": [step.candidate.id for step in view.lineage(known.id)],
    }
