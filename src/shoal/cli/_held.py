"""`shoal held` and `shoal release`: what a run holds back, why, and letting it go on."""

from __future__ import annotations

import json as codec
from pathlib import Path

from shoal.cli._read import opened
from shoal.cli._table import print_table
from shoal.core.untrusted import untrusted
from shoal.report import _words
from shoal.store import find_run

__all__ = ["listing", "release"]


def listing(name: str, *, out: Path, json: bool) -> int:
    """Print the candidates that may not be used, each with its value and the reason."""
    with opened(name, out=out) as run:
        view = run.view()
    values = {id: view.natural(view.candidates[id].score) if id in view.candidates else None for id in view.held}
    if json:
        rows = [
            {"candidate": id, "value": values[id], "frozen": id in view.frozen, "why": why}
            for id, why in view.held.items()
        ]
        print(codec.dumps({"run": view.run, "label": view.label, "held": rows}))
        return 0
    if not view.held:
        print(f"run {view.run} holds nothing back")
        return 0
    cells = [
        (id, _words.score(values[id]), "frozen" if id in view.frozen else "held", untrusted(why, limit=200))
        for id, why in view.held.items()
    ]
    print_table(("candidate", "value", "", "why"), cells)
    if view.label is not None:
        print(view.label)
    if any(id not in view.frozen for id in view.held):
        print(f"\nlook at one: shoal show {view.run} ID    let one go on: shoal release {view.run} ID")
    return 0


def release(name: str, candidate: str, *, out: Path) -> int:
    """Let a held candidate go on, on the record."""
    from shoal.labs.evolve import release as let_go

    folder = find_run(name, out=out)
    for text in let_go(folder, candidate):
        print(untrusted(text, limit=300))
    print(f"on the record; go on with: shoal resume {folder.id} --evaluations N")
    return 0
