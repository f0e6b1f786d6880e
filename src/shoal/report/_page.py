"""report.md: what improved, by which edits, whether the number can be trusted, what it cost, how to run it again."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shoal.core.untrusted import markdown
from shoal.report import _words
from shoal.report._cost import EVERYTHING, CostCard
from shoal.report._lessons import lessons
from shoal.report._lineage import stretches
from shoal.report._trust import trust
from shoal.report._view import RunView
from shoal.search import FAMILY_OF

__all__ = ["Shown", "page"]

ROWS = 40
MODELS = "models"  # as a family of edits
_FOUND_BY = {
    "idioms": "a template that was put into the program, with its own loop",
    "polish": "a library call, or an optimiser, in a template that was put into the program",
    MODELS: "a language model",
}
# Options of `shoal run` by key of the configuration.
_FLAGS = {
    "evaluations": "--evaluations",
    "seconds": "--seconds",
    "cpu_seconds": "--cpu-seconds",
    "target": "--target",
    "proposer": "--proposer",
    "without": "--without",
    "start": "--from",
    "tokens": "--tokens",
    "usd": "--usd",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What lies beside the page: the program's name, and whether there are pictures."""

    program: str | None
    picture: bool
    progress: bool


def page(view: RunView, shown: Shown) -> str:
    """The whole page as Markdown. Text of candidates and tasks passes `markdown` on its way in."""
    parts = (
        _head(view, shown),
        _lineage(view),
        _operators(view),
        *((lessons(view),) if view.lessons else ()),
        trust(view),
        _cost(view),
        _again(view),
    )
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _head(view: RunView, shown: Shown) -> Iterator[str]:
    name = markdown(str(view.about.get("score_name") or "score"))
    yield f"# {markdown(view.task)}: {_headline(view)}"
    yield ""
    if view.label is not None:
        yield f"**{view.label[:1].upper()}{view.label[1:]}.**"
        yield ""
    yield _outcome(view, name)
    if shown.program is not None:
        yield ""
        yield f"The best program is [{shown.program}]({shown.program})."
    pictures = ((shown.picture, "The best answer", "picture.png"), (shown.progress, "Progress", "progress.png"))
    for ok, label, file in pictures:
        if ok:
            yield ""
            yield f"![{label}]({file})"


def _headline(view: RunView) -> str:
    if view.best_score is None:
        return "no program got a score"
    if not view.improved:
        return "nothing improved"
    return f"{_words.score(view.initial_score)} → {_words.score(view.best_score)}"


def _outcome(view: RunView, name: str) -> str:
    cost = f"{_words.count(view.spent.counted.evaluations, 'evaluation')} in {_words.duration(view.spent.seconds)}"
    ending = {"done": f"It ended by: {markdown(view.reason)}.", "interrupted": "It was interrupted and can go on."}
    end = ending.get(view.status, "It has no end on the record yet.")
    if view.best_score is None:
        return f"After {cost}, no program has a score. {end}"
    unit = markdown(str(view.about.get("unit") or ""))
    if not view.improved:
        value = _words.score(view.best_score, unit=unit)
        return f"After {cost}, nothing is better than the program the run started from ({name} {value}). {end}"
    before, after = (_words.score(value, unit=unit) for value in (view.initial_score, view.best_score))
    return f"The {name} went from {before} to **{after}** with {cost}.{_known(view)} {end}"


def _known(view: RunView) -> str:
    known, best = view.about.get("best_known"), view.best_score
    if known is None or best is None:
        return ""
    short = view.sign * (known - best)
    if short < 0:
        return f" That is {-short:.3g} better than the best value the task knows of, {_words.score(known)}."
    if short == 0:
        return f" That is the best value the task knows of, {_words.score(known)}."
    return f" The best value the task knows of is {_words.score(known)}, {short:.3g} better."


def _lineage(view: RunView) -> Iterator[str]:
    yield "## What improved"
    yield ""
    if view.champion is None or not view.improved:
        yield "Nothing did. The champion is the program the run started from, or as good as it."
        return
    steps = view.lineage(view.champion)
    away = _words.count(len(steps) - 1, "step")
    yield f"The champion, {view.champion}, is {away} from the program the run started from."
    yield "Gain is positive where the value got better."
    if view.redraws:
        times = _words.count(view.redraws, "time")
        yield f"Search instances were drawn anew {times}: values are on those of their time, gains on the same ones."
    yield ""
    yield "| candidate | by | value after it | gain | edit |"
    yield "|---|---|---:|---:|---|"
    for row in stretches(steps, most=ROWS):
        operator = markdown(row.operator) + (f" × {row.steps}" if row.steps > 1 else "")
        value = _words.score(view.natural(row.last.score))
        yield f"| {row.last.id} | {operator} | {value} | {_words.signed(row.gain)} | {markdown(row.note, limit=120)} |"


def _operators(view: RunView) -> Iterator[str]:
    yield "## Which edits paid"
    yield ""
    heads = (
        "edit",
        "tried",
        "turned away",
        "failed",
        "beat its parent",
        "new bests",
        "steps to the champion",
        "their gain",
    )
    yield f"| {' | '.join(heads)} |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|"
    for row in sorted(view.operators.values(), key=lambda row: (-row.gain, -row.tried, row.operator)):
        counts = (row.tried, row.rejected, row.failed, row.improved, row.new_bests, row.steps)
        numbers = " | ".join(f"{number:,}" for number in counts)
        yield f"| {markdown(row.operator)} | {numbers} | {_words.signed(row.gain)} |"
    yield ""
    yield from _families(view)
    yield from _models(view)
    statuses = ", ".join(f"{number:,} {markdown(status)}" for status, number in view.statuses.most_common())
    yield f"How the work ended: {statuses or 'none was done'}; {view.duplicates:,} of the rejected were duplicates."


def _families(view: RunView) -> Iterator[str]:
    """What each family of edits gained on the champion's lineage, and who found it: the program, or a template."""
    totals: dict[str, list[float]] = {}
    for row in view.operators.values():
        family = MODELS if row.asks else FAMILY_OF.get(row.operator)
        if family is not None:
            total = totals.setdefault(family, [0, 0.0])
            total[0] += row.tried
            total[1] += row.gain
    if not totals:
        return
    yield "| family of edits | tried | gain on the way to the champion | found by |"
    yield "|---|---:|---:|---|"
    for family, (tried, gain) in sorted(totals.items(), key=lambda one: (-one[1][1], -one[1][0])):
        found = _FOUND_BY.get(family, "an edit of the program")
        yield f"| {family} | {int(tried):,} | {_words.signed(gain)} | {found} |"
    yield ""


def _models(view: RunView) -> Iterator[str]:
    """What each model was paid for each kind of request, and what came of it."""
    asked = [row for row in view.operators.values() if row.asks] + [*view.asked.values()]
    rows = sorted(asked, key=lambda row: (-row.gain, row.operator))
    if not rows:
        return
    yield "| model and request | calls | could not be used | tokens | dollars | gain | dollars per point gained |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for row in rows:
        each = f"{row.usd / row.gain:.4g}" if row.gain > 0 else ""
        counts = f"{row.tried:,} | {row.rejected:,} | {row.tokens:,} | {row.usd:.4f}"
        yield f"| {markdown(row.operator)} | {counts} | {_words.signed(row.gain)} | {each} |"
    yield ""


def _cost(view: RunView) -> Iterator[str]:
    yield "## What it cost"
    yield ""
    yield "| | |"
    yield "|---|---:|"
    for what, amount in CostCard.of(view).rows():
        yield f"| {what} | {amount} |"
    yield ""
    yield EVERYTHING


def _again(view: RunView) -> Iterator[str]:
    yield "## How to run it again"
    yield ""
    yield "```"
    yield f"shoal replay {shlex.quote(view.run)} --rerun"
    yield _command(view)
    yield "```"
    yield ""
    yield _repeats(view)
    versions = ", ".join(f"{markdown(str(name))} {markdown(str(value))}" for name, value in _versions(view).items())
    yield ""
    yield f"Seed {view.started['seed']}, window {view.started['window']}; {versions}."
    yield f"Digest `{view.recorded_digest or 'none before the end'}`; chain head `{view.chain_head}`."


def _versions(view: RunView) -> dict[str, Any]:
    versions: dict[str, Any] = view.about.get("versions", {})
    return versions


def _command(view: RunView) -> str:
    config = {**view.about.get("config", {}), **view.budget}
    words = ["shoal", "run", str(config.get("task", view.task))]
    words += ["--seed", str(view.started["seed"]), "--window", str(view.started["window"])]
    words += [] if view.ordered else ["--unordered"]
    for key, flag in _FLAGS.items():
        value = ",".join(config[key]) or None if key == "without" and key in config else config.get(key)
        if value is not None and not (key == "proposer" and value == "embedded"):
            words += [flag, f"{value:g}" if isinstance(value, float) else str(value)]
    for key in ("proposals", "instance_runs"):
        if config.get(key) is not None:
            words += ["--set", f"{key}={config[key]}"]
    for key, value in config.get("search", {}).items():
        if value is not None:
            words += ["--set", f"search.{key}={value}"]
    if config.get("proposer") in ("mixed", "model"):
        words += ["--models", "FILE", "--replay-models", view.run]
    return " ".join(shlex.quote(word) for word in words)


def _repeats(view: RunView) -> str:
    if not view.ordered:
        return (
            "Results were taken as they arrived (unordered), so another run decides otherwise; the log still replays."
        )
    if view.about.get("measured"):
        return "The score is a measurement, so another run decides differently; the log still replays."
    if view.self_scored:
        return "With the same versions, both give the same digest, as far as the task's own evaluator repeats itself."
    if view.halted_by.startswith("budget:"):
        return (
            "The clock ended this run, so the second command ends elsewhere; the first goes through the same decisions "
            "and compares all of them."
        )
    return "With the same versions, both give the same digest."
