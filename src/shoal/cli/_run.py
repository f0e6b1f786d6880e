"""`shoal demo`, `shoal run`, `shoal resume`: begin or go on, watch, stop cleanly, say what came out."""

from __future__ import annotations

import json as codec
import os
import shlex
import signal
import sys
import tomllib
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from shoal.cli._options import UNITS, parse_settings, with_default_budget
from shoal.cli._trouble import DONE, INTERRUPTED
from shoal.core.errors import UserError
from shoal.core.untrusted import untrusted
from shoal.report import _words

if TYPE_CHECKING:
    from shoal.cli._progress import Progress
    from shoal.core.budget import Budget
    from shoal.core.loop import Stop
    from shoal.labs.evolve import Finished, StartInfo
    from shoal.report import RunView
    from shoal.store import RunFolder

__all__ = ["Asked", "demo", "interrupts", "resume", "run"]


def demo(flags: Mapping[str, Any], *, json: bool) -> int:
    """Pack circles for a minute, or as long as said."""
    overrides, _ = with_default_budget(flags, configured={})
    return _begin(overrides, None, json=json, then=f"shoal new {_fresh_folder()}")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which models are asked: a file of them, a run to take their replies from; or nobody, only what would be asked."""

    models: Path | None = None
    replay: str | None = None
    dry: bool = False


def run(
    flags: Mapping[str, Any], *, config: Path | None, settings: list[str], json: bool, asked: Asked | None = None
) -> int:
    """A run from flags, over ``--set`` pairs, over a configuration file."""
    asked = asked or Asked()
    if flags["task"] is None and config is None:
        raise UserError("say which task: shoal run TASK (`shoal tasks` lists them; `shoal new DIR` writes your own)")
    given = {key: value for key, value in flags.items() if value is not None}
    if asked.models is not None:
        from shoal.models import load_pool

        given["models"] = [one.model_dump() for one in load_pool(asked.models)]
    overrides, said = with_default_budget(parse_settings(settings) | given, configured=_table(config))
    if asked.dry:
        from shoal.cli import _dry

        return _dry.run(overrides, config=config, json=json)
    return _begin(overrides, config, json=json, said=said, replay=asked.replay)


def resume(name: str, totals: Mapping[str, Any], *, workers: int | None, out: Path, json: bool) -> int:
    """Go on with a run; a run that is done to its last look needs a larger total."""
    from shoal.cli._read import opened, way_on
    from shoal.core.budget import Budget

    with opened(name, out=out) as found:
        folder, view = found.folder, found.view()
    if view.about.get("lab") == "selfimprove":
        raise UserError(f"run {view.run} is part of a study; go on with: {way_on(view, folder)}")
    larger = {unit: total for unit, total in totals.items() if total is not None}
    if view.status == "done" and view.closed and not larger:
        return _already_done(folder, view, json=json)
    budget = replace(Budget(**view.budget), **larger) if larger else None
    if budget is not None:
        _check_room(budget, view)

    async def go(watch: Progress, stop: Stop) -> Finished:
        from shoal.labs import evolve

        return await evolve.resume(folder, budget=budget, watch=watch, stop=stop, workers=workers)

    return _see_through(go, json=json)


def _begin(
    overrides: Mapping[str, Any],
    config: Path | None,
    *,
    json: bool,
    then: str = "",
    said: str = "",
    replay: str | None = None,
) -> int:
    from shoal.labs import evolve
    from shoal.store import find_run

    settings = evolve.load_config(config, dict(overrides))
    replies = None if replay is None else find_run(replay, out=settings.out)
    said = "; ".join(part for part in (said, evolve.buys(settings)) if part)

    async def go(watch: Progress, stop: Stop) -> Finished:
        return await evolve.start(settings, watch=watch, stop=stop, replies=replies)

    return _see_through(go, json=json, then=then, said=said)


def _table(config: Path | None) -> dict[str, Any]:
    """The top level of a configuration file; empty where it cannot be read, which loading it will say better."""
    try:
        return tomllib.loads(config.read_text()) if config is not None else {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return {}


def _check_room(budget: Budget, view: RunView) -> None:
    """Refuse a total that is used up already: the run would end at once."""
    spent = view.spent
    for unit in UNITS:
        limit = getattr(budget, unit)
        used = getattr(spent if hasattr(spent, unit) else spent.counted, unit)
        if limit is not None and used >= limit:
            flag = "--" + unit.replace("_", "-")
            raise UserError(
                f"run {view.run} has used {used:g} {unit} of {limit:g} already; give a larger total: {flag}"
            )


def _already_done(folder: RunFolder, view: RunView, *, json: bool) -> int:
    print(
        f"run {view.run} is done ({untrusted(view.reason)}); to go on, give a larger total, "
        f"for instance: shoal resume {view.run} --evaluations {2 * view.spent.counted.evaluations}",
        file=sys.stderr,
    )
    if json:
        print(codec.dumps(view.summary))
    return DONE


# -- one sitting --------------------------------------------------------------------------------------------------


def _see_through(
    go: Callable[[Progress, Stop], Awaitable[Finished]], *, json: bool, then: str = "", said: str = ""
) -> int:
    """Run ``go`` with progress and a clean Ctrl-C; print the closing lines, and the summary where it is asked for."""
    import anyio

    from shoal.cli._progress import Progress
    from shoal.core.loop import Stop

    stop = Stop()
    progress = Progress(said=said)
    with interrupts(stop):
        try:
            done = anyio.run(go, progress, stop)
        finally:
            progress.close()
    assert progress.info is not None
    if done.status == "done" and not progress.info.task.has_program and done.champion is None:
        raise UserError(_no_program(done))
    for line in _closing(done, progress.info, then=then):
        print(line, file=sys.stderr if json else sys.stdout)
    if json:
        print(codec.dumps(done.summary()))
    return INTERRUPTED if done.status == "interrupted" else DONE


@contextmanager
def interrupts(stop: Stop) -> Iterator[None]:
    """The first Ctrl-C asks the loop to stop and keeps everything; the second leaves at once."""

    def on_signal(number: int, frame: FrameType | None) -> None:
        if stop.now:
            os._exit(INTERRUPTED)
        stop.now, stop.reason = True, "interrupted"
        os.write(2, b"\nstopping: the run is being saved (Ctrl-C again to leave at once)\n")

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


# -- what came out ------------------------------------------------------------------------------------------------


def _closing(done: Finished, info: StartInfo, *, then: str) -> Iterator[str]:
    score, folder = info.task.score, done.folder
    yield _gain(done, info)
    if done.label is not None:
        yield done.label
    yield _held_out(done, info)
    if done.held:
        yield f"{_words.count(done.held, 'candidate')} held back; why: shoal held {done.run}"
    yield (
        f"{_words.count(done.evaluations, 'evaluation')}, {_words.duration(done.seconds)}, "
        f"{_words.duration(done.cpu_seconds)} of CPU time{_paid(done)}; ended by: {untrusted(done.reason)}"
    )
    if score.best_known is not None and done.best_score is not None:
        yield f"best known: {_words.score(score.best_known)}"
    yield f"report: {_relative(folder.report)} ({', '.join(sorted(path.name for path in folder.report.glob('*')))})"
    out = "" if folder.path.parent == Path("runs") else f" --out {shlex.quote(str(folder.path.parent))}"
    if done.status == "interrupted":
        yield f"nothing is lost; go on with: shoal resume {done.run}{out}"
    yield f"look closer: shoal show {done.run}{out}"
    if then:
        yield f"your own problem: {then}"


def _no_program(done: Finished) -> str:
    """Where a run that was to begin with a model's program got none."""
    return (
        f"run {done.run} has no first program: {done.reason}{_paid(done)}; its answers are in the record "
        f"(shoal show {done.run}). Write the program, say more in the description, or ask again with a larger total: "
        f"shoal resume {done.run} with --usd, --tokens or --evaluations"
    )


def _paid(done: Finished) -> str:
    return f", {done.tokens:,} tokens of models for ${done.usd:.4f}" if done.tokens else ""


def _gain(done: Finished, info: StartInfo) -> str:
    name = untrusted(info.task.score.name, limit=60)
    unit = untrusted(info.task.score.unit, limit=30)
    if done.best_score is None:
        return f"{info.task.name}: no program got a score"
    if done.initial_score is None or done.best_score == done.initial_score:
        return f"{info.task.name}: nothing improved; {name} {_words.score(done.best_score, unit=unit)}"
    before, after = _words.score(done.initial_score), _words.score(done.best_score, unit=unit)
    better = "higher" if info.task.score.direction == "max" else "lower"
    return f"{info.task.name}: {name} {before} → {after} ({better} is better)"


def _held_out(done: Finished, info: StartInfo) -> str:
    if done.label is not None:
        return "nothing is proved: no instances of this task are held out, and its evaluator is its own judge"
    if info.task.instances.fixed:
        again = f"; run once more in a fresh process: {done.verdict}" if done.looks else ""
        return f"no hack gap: the task has one fixed instance, nothing can be held out{again}"
    if done.status == "interrupted":
        return "no sealed score: the seal is opened when the run is done"
    if done.sealed_score is None:
        return "no sealed score: the champion got none there"
    start = f" (it began at {_words.score(done.sealed_initial)})" if done.sealed_initial is not None else ""
    gap = f"; hack gap {_words.signed(done.hack_gap)} (positive is bad)" if done.hack_gap is not None else ""
    return f"sealed: {_words.score(done.sealed_score)}{start}{gap}{_proved(done)}"


def _proved(done: Finished) -> str:
    """What may be claimed, and the interval it rests on."""
    if done.sealed_gain_low is None:
        return f"; {done.verdict}"
    span = f"{_words.signed(done.sealed_gain_low)} to {_words.signed(done.sealed_gain_high)}"
    return f"; {done.verdict} (gain {_words.signed(done.sealed_gain)}, 95 % {span})"


def _relative(path: Path) -> str:
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _fresh_folder() -> str:
    """A name for `shoal new` that is free here."""
    name = "my_task"
    number = 2
    while Path(name).exists():
        name, number = f"my_task_{number}", number + 1
    return name
