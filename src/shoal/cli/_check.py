"""`shoal verify` and `shoal replay`: whether a record holds together, and whether a run repeats."""

from __future__ import annotations

import json as codec
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shoal.cli._read import Opened, opened
from shoal.cli._trouble import DONE, FAILED
from shoal.core.errors import StoreError, UserError
from shoal.core.untrusted import untrusted
from shoal.report import Audit, Finding, RunView, audit, digest_of

if TYPE_CHECKING:
    from shoal.labs.evolve import RunConfig
    from shoal.store import RunFolder
    from shoal.tasks import Task

__all__ = ["replay", "rerun", "verify"]

DETAIL = 1_500  # characters of a finding that are shown


def verify(name: str, *, rescore: bool, out: Path, json: bool) -> int:
    """Print every check and what it found; exit code 1 when something is wrong."""
    with opened(name, out=out) as run:
        found = _audited(run, rescore=rescore)
    if json:
        rows = [{"check": one.check, "ok": one.ok, "detail": one.detail} for one in found.findings]
        print(codec.dumps({"run": found.run, "ok": found.ok, "checks": rows}))
        return DONE if found.ok else FAILED
    words = {True: "ok", False: "WRONG", None: "-"}
    for one in found.findings:
        print(f"{one.check:<8} {words[one.ok]:<6} {untrusted(one.detail, limit=DETAIL)}")
    wrong = ", ".join(one.check for one in found.findings if one.ok is False)
    holds = "the record holds together" if found.ok else f"the record does not hold together: {wrong}"
    print(f"\nrun {found.run}: {holds}")
    return DONE if found.ok else FAILED


def _audited(run: Opened, *, rescore: bool) -> Audit:
    import anyio

    from shoal.labs import evolve

    task = _task(_about(run))
    manifest = dict(task.manifest) if task is not None else None
    report, kernel = run.folder.report, evolve.kernel_hash()
    found = audit(run.store, run.folder.id, manifest=manifest, kernel=kernel, report=report)
    if not rescore:
        return found

    async def again() -> Finding:
        return await evolve.rescore(run.store, run.folder.id, task=task, salt=_salt(run))

    return found.plus(anyio.run(again))


def _salt(run: Opened) -> bytes | None:
    """The salt of the folder; None where it has none, or one that cannot be right."""
    try:
        return run.folder.salt() if run.folder.has_salt else None
    except (OSError, StoreError):
        return None


def _about(run: Opened) -> dict[str, Any]:
    """What event 0 says; empty where it cannot be read, which the audit will say better."""
    try:
        about: Any = next(iter(run.store.read(run.folder.id, limit=1))).data["about"]
    except (StopIteration, StoreError, KeyError, TypeError, ValueError):
        return {}
    return about if isinstance(about, dict) else {}


def _task(about: dict[str, Any]) -> Task | None:
    """The task as it is now; None where it cannot be loaded."""
    from shoal.tasks import load

    try:
        return load(str(about.get("config", {}).get("task", about.get("task", ""))), program=False)
    except (UserError, AttributeError):
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
        if view.about.get("lab") == "selfimprove":
            raise UserError(f"run {view.run} is part of a study; its study.json says what to begin again")
        if view.status != "done":
            raise UserError(f"run {view.run} has not finished; go on with: shoal resume {view.run}, then rerun it")
        again = _again(view, workers=workers, out=run.folder.path.parent)
        promised, why = _promise(view)
        print(f"running {view.run} again: {view.admitted:,} items{why}", file=sys.stderr)
        new = again_run(again, replies=run.folder if again.asked else None)
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
    if view.self_scored:
        return (
            False,
            "; its evaluator is the task's own, so the same digest can be expected only as far as that repeats",
        )
    if view.extensions:
        return False, "; its budget was extended on the way, so its items differ from where the old budget ended"
    return True, ""


def again_run(config: RunConfig, *, replies: RunFolder | None = None) -> str:
    """Run ``config`` with progress on stderr, models' replies from a run; return the new run's id."""
    import anyio

    from shoal.cli._progress import Progress
    from shoal.labs.evolve import start

    progress = Progress()

    async def go() -> str:
        return (await start(config, watch=progress, stop=None, replies=replies)).run

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
