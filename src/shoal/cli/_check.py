"""`shoal verify` and `shoal replay`: whether a record holds together, and whether a run repeats."""

from __future__ import annotations

import json as codec
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shoal.cli._read import Opened, opened
from shoal.cli._table import print_table
from shoal.cli._trouble import DONE, FAILED
from shoal.core.errors import UserError
from shoal.report import RunView, audit, digest_of

if TYPE_CHECKING:
    from shoal.labs.evolve import RunConfig

__all__ = ["replay", "rerun", "verify"]


def verify(name: str, *, out: Path, json: bool) -> int:
    """Print every check and what it found; exit code 1 when something is wrong."""
    with opened(name, out=out) as run:
        first = next(iter(run.store.read(run.folder.id, limit=1)), None)
        about = first.data.get("about", {}) if first is not None else {}
        found = audit(run.store, run.folder.id, manifest=_manifest(about))
    if json:
        rows = [{"check": one.check, "ok": one.ok, "detail": one.detail} for one in found.findings]
        print(codec.dumps({"run": found.run, "ok": found.ok, "checks": rows}))
    else:
        words = {True: "ok", False: "WRONG", None: "-"}
        print_table(("check", "", "what was found"), [(one.check, words[one.ok], one.detail) for one in found.findings])
        print(
            f"\nrun {found.run}: " + ("the record holds together" if found.ok else "the record does not hold together")
        )
    return DONE if found.ok else FAILED


def _manifest(about: dict[str, Any]) -> dict[str, str] | None:
    """The hashes of the task's files as they are now; None where the task cannot be loaded."""
    from shoal.tasks import load

    try:
        return dict(load(about.get("config", {}).get("task", about.get("task", ""))).manifest)
    except UserError:
        return None


def replay(name: str, *, out: Path, json: bool) -> int:
    """Fold the log, which draws and measures nothing, and compare digests."""
    with opened(name, out=out) as run:
        view = run.view(hashed=True)
    same = view.recorded_digest is None or view.recorded_digest == view.digest
    if json:
        recorded = {"recorded": view.recorded_digest, "computed": view.digest, "same": same}
        print(codec.dumps({"run": view.run, "items": view.admitted, **recorded}))
        return DONE if same else FAILED
    print(f"run {view.run}: {view.admitted:,} items folded from {view.events:,} events; nothing was measured")
    print(f"digest computed: {view.digest}")
    print(f"digest recorded: {view.recorded_digest or 'none, the run has not finished'}")
    if view.recorded_digest is not None:
        print("they are the same" if same else "THEY DIFFER: the log was changed, or the rules of the digest were")
    return DONE if same else FAILED


def rerun(name: str, *, workers: int | None, out: Path, json: bool) -> int:
    """Draw and measure everything again in a new run, and compare the digests of the recorded items."""
    with opened(name, out=out) as run:
        view = run.view(hashed=True)
        if view.status != "done":
            raise UserError(f"run {view.run} has not finished; go on with: shoal resume {view.run}, then rerun it")
        again = _again(view, workers=workers, out=run.folder.path.parent)
        promised, why = _promise(view)
        print(f"running {view.run} again: {view.admitted:,} items{why}", file=sys.stderr)
        new = again_run(again)
        return _compare(run, view, new, out=run.folder.path.parent, promised=promised, json=json)


def _again(view: RunView, *, workers: int | None, out: Path) -> RunConfig:
    """The configuration of the new run: the same, but by a count where a clock ended the old one.

    Decisions depend on the results up to one window before, and the end of a budget holds back work; so the new run's
    budget ends a window later than the last recorded item, and the digests are compared over the recorded items.
    """
    from shoal.labs.evolve import load_config

    config = {key: value for key, value in view.about["config"].items() if value is not None}
    config |= {unit: limit for unit, limit in view.budget.items() if limit is not None and unit in config}
    if view.halted_by.startswith("budget:"):
        for unit in ("seconds", "cpu_seconds"):
            config.pop(unit, None)
        config["evaluations"] = view.spent.counted.evaluations + view.started["window"]
    return load_config(None, {**config, "workers": workers, "out": out})


def _promise(view: RunView) -> tuple[bool, str]:
    """Whether the digest must come out the same, and what to say if not."""
    if not view.ordered:
        return False, "; it was unordered, so the same digest is not to be expected"
    if view.about.get("measured"):
        return False, "; its score is a measurement, so the same digest is not to be expected"
    if view.extensions:
        return False, "; its budget was extended on the way, so its items differ from where the old budget ended"
    return True, ""


def again_run(config: RunConfig) -> str:
    """Run ``config`` with progress on stderr; return the new run's id."""
    import anyio

    from shoal.cli._progress import Progress
    from shoal.labs.evolve import start

    progress = Progress()

    async def go() -> str:
        return (await start(config, watch=progress, stop=None)).run

    try:
        return anyio.run(go)
    finally:
        progress.close()


def _compare(run: Opened, view: RunView, new: str, *, out: Path, promised: bool, json: bool) -> int:
    with opened(new, out=out) as other:
        computed, items = digest_of(other.store, new, upto=view.admitted)
    same = computed == view.digest and items == view.admitted
    if json:
        digests = {"recorded": view.digest, "rerun_digest": computed, "same": same, "promised": promised}
        print(codec.dumps({"run": view.run, "rerun": new, "items": items, **digests}))
        return DONE if same or not promised else FAILED
    print(f"recorded, {view.admitted:,} items: {view.digest}")
    print(f"again, {items:,} items: {computed} (run {new})")
    if same:
        print("they are the same")
        return DONE
    print(_difference(run, view, new, out=out))
    return FAILED if promised else DONE


def _difference(run: Opened, view: RunView, new: str, *, out: Path) -> str:
    """Where the two part, by halving; and what of the versions is different."""
    with opened(new, out=out) as other:
        low, high = 0, view.admitted
        while low < high:
            middle = (low + high + 1) // 2
            if digest_of(run.store, view.run, upto=middle) == digest_of(other.store, new, upto=middle):
                low = middle
            else:
                high = middle - 1
        then, now = view.about.get("versions", {}), other.view().about.get("versions", {})
    changed = [
        f"{name} {then.get(name)} → {now.get(name)}"
        for name in sorted({*then, *now})
        if then.get(name) != now.get(name)
    ]
    versions = f"; versions differ: {', '.join(changed)}" if changed else ""
    return f"THEY DIFFER from item {low} on{versions}"
