"""The part of the report that says how far its number can be trusted: proofs, gaps, holds, walls, evidence."""

from __future__ import annotations

import math
from collections.abc import Iterator

from shoal.core.untrusted import markdown
from shoal.report import _words
from shoal.report._proof import TRANSFER, Proof, Verdict
from shoal.report._sealed import looks_told
from shoal.report._view import RunView

__all__ = ["LEVELS", "trust"]

LEVELS = {
    3: "each candidate ran without a network, with its own view of files and processes, seccomp, Landlock, limits",
    2: "each candidate ran with limits behind some of the kernel's walls, not all of them; `shoal doctor` says which",
    1: "each candidate ran in a process of its own with limits, and no other wall",
    0: "candidates ran without walls",
}
SAID = {
    Verdict.SHOWN: "**Improvement shown.**",
    Verdict.NOT_SHOWN: "**No improvement shown**: what the search found better is not, as far as these instances tell.",
    Verdict.NONE: "**Nothing improved.**",
    Verdict.OPEN: "Not yet re-proved: that is done when the run ends.",
    Verdict.SELF_SCORED: "**Self-scored: program and judge share a process.** A program could have written its own "
    "score, so nothing is proved; `shoal convert` makes a judge of its own where it can.",
}
HELD_SHOWN = 5
INTENTS_SHOWN = 8


def trust(view: RunView) -> Iterator[str]:
    """The section, line by line."""
    yield "## How far the number can be trusted"
    yield ""
    yield f"- {SAID[view.verdict]}"
    if view.self_scored:
        yield from _self_scored(view)
    else:
        yield from _fixed(view) if view.about.get("fixed") else _held_out(view)
    yield from _contests(view)
    yield from _held(view)
    yield from _intents(view)
    level = view.about.get("isolation", {}).get("level")
    if level is not None:
        yield f"- Isolation level {level}: {LEVELS.get(level, 'of a kind this version does not know')}."
    if view.about.get("measured"):
        yield "- The score is itself a measurement: another run gives other values."
    for kind, number in sorted(view.note_counts.items()):
        yield f"- On the record: {_words.count(number, 'note')} of kind {markdown(kind)}."
    for text in view.notes[:5]:
        yield f"  - {markdown(text, limit=200)}"


def _self_scored(view: RunView) -> Iterator[str]:
    yield "- The evaluator is the task's own: nothing is held out, so there is no sealed score and no hack gap."
    yield from _once_more(view)


def _fixed(view: RunView) -> Iterator[str]:
    yield "- The task has one fixed instance: nothing can be held out, so there is no sealed score and no hack gap."
    yield from _once_more(view)


def _once_more(view: RunView) -> Iterator[str]:
    again = view.looked(view.champion, "search")
    if again is not None:
        same = "the same" if again == view.search_score else f"{_words.score(again)}, **another value**"
        yield f"- The champion was run once more in a fresh process, with another seed for its own chance: {same}."


def _held_out(view: RunView) -> Iterator[str]:
    if view.champion in view.validation and view.search_score is not None:
        value = view.natural(view.validation[view.champion])
        yield f"- Champion: {_words.score(view.search_score)} on search instances, {_words.score(value)} on validation."
    sealed, before = (view.looked(one, "sealed") for one in (view.champion, view.initial))
    if sealed is None:
        why = "the run has not finished" if view.status != "done" else "the champion got no score there"
        yield f"- No sealed score: {why}."
    else:
        yield f"- Sealed: {_words.score(sealed)}; the program the run started from has {_words.score(before)} there."
    families = sorted({look["split"] for look in view.looks if look["split"].startswith(TRANSFER)})
    kinds = {"sealed": "sealed instances", "validation": "fresh validation instances"}
    kinds |= {name: f"another family, {markdown(name.removeprefix(TRANSFER))}" for name in families}
    for split, told in kinds.items():
        if (proof := view.proof(split)) is not None and proof.gain is not None:
            yield f"- Gain on {told}: {_gain(proof)}."
    if (gap := view.hack_gap) is not None:
        yield f"- Hack gap {_words.signed(gap)}: {_gap_in_words(view, gap)}."
    if view.looks:
        yield f"- Looked at held-out instances {_words.count(len(view.looks), 'time')}: {_looks(view)}."


def _gain(proof: Proof) -> str:
    gain = proof.gain
    assert gain is not None
    told = f"{_words.signed(gain.mean)} over {_words.count(gain.pairs, 'pair')}"
    if math.isfinite(gain.low):
        return f"{told}, 95 % interval {_words.signed(gain.low)} to {_words.signed(gain.high)} (positive is better)"
    return f"{told}; one pair has no interval (raise `instances.{proof.split}` in task.toml)"


def _looks(view: RunView) -> str:
    looks = ((str(look["checkpoint"]), str(look["candidate"]), str(look["split"])) for look in view.looks)
    return looks_told(looks, escaped=markdown)


def _gap_in_words(view: RunView, gap: float) -> str:
    whole = view.improvement or 0.0
    if gap <= 0:
        return "fresh instances think no less of the champion than those the search saw"
    if whole > 0 and gap < 0.1 * whole:
        return "a small part of the gain is owed to the instances the search saw"
    return "a good part of the gain is owed to the instances the search saw, and should not be counted on"


def _contests(view: RunView) -> Iterator[str]:
    """How often a new best held on fresh instances."""
    if view.contests:
        won = sum(bool(one["promoted"]) for one in view.contests)
        count = _words.count(len(view.contests), "new best", "new bests")
        yield f"- {count} had to beat the champion of the day on fresh validation instances; {won} did."


def _held(view: RunView) -> Iterator[str]:
    if not view.held:
        return
    yield f"- Held back: {_words.count(len(view.held), 'candidate')} (`shoal held {markdown(view.run)}` lists all)."
    for id, why in list(view.held.items())[:HELD_SHOWN]:
        yield f"  - {markdown(id)}: {markdown(why, limit=240)}"


def _intents(view: RunView) -> Iterator[str]:
    """What the champion's text does that the initial program's does not, where a judge may mind. Evidence only."""
    if not view.intents:
        return
    yield "- The champion's text does what the first program's does not (evidence to look at, no verdict):"
    for one in view.intents[:INTENTS_SHOWN]:
        yield f"  - line {int(one['line'])}: {markdown(str(one['what']), limit=160)}"
