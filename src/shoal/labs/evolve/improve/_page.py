"""The page about one improvement: what is claimed, what it rests on, what it cost, what was tried."""

from __future__ import annotations

from shoal.core.untrusted import untrusted
from shoal.labs.evolve.improve._result import Improved
from shoal.report import RunView

__all__ = ["headline", "page", "pull_request"]


def headline(improved: Improved) -> str:
    """One line that says what came out."""
    speedup = improved.speedup
    if improved.gain is not None and improved.verdict in ("improvement shown", "no improvement shown"):
        return _gained(improved)
    if improved.patch and speedup is not None:
        size = f"{speedup.size:.4g} times as large as recorded" if speedup.size > 1.0 else "of the recorded size"
        return (
            f"{improved.spec} is {speedup.mean:.1f} times as fast on inputs {size} (95 %: {speedup.low:.1f} to "
            f"{speedup.high:.1f}, {speedup.cases} sealed cases), and did the same in every call that was compared"
        )
    if improved.verdict == "no improvement shown" and speedup is not None:
        return (
            f"{improved.spec}: no improvement shown; the best version takes {100 / speedup.mean:.0f} % of the CPU time "
            f"(95 %: {100 / speedup.high:.0f} to {100 / speedup.low:.0f} %), which may be chance"
        )
    if improved.verdict == "no improvement shown":
        return f"{improved.spec}: no improvement shown; {_none_won(improved)}"
    told = f": {untrusted(improved.tests, limit=200)}" if improved.tests else ""
    return f"{improved.spec}: {improved.verdict}{told}"


def _none_won(improved: Improved) -> str:
    """Why the function stays as it was."""
    if improved.evaluations <= 1:
        return "no rewrite that is known fits it"
    return f"of {improved.evaluations - 1:,} other versions none was right and surely better"


def _gained(improved: Improved) -> str:
    gain = improved.gain
    assert gain is not None
    size = abs(gain.before) or 1.0
    share, low, high = (100.0 * value / size for value in (gain.mean, gain.low, gain.high))
    told = f"{gain.before:,.6g} before, {gain.after:,.6g} after on unseen data"
    if improved.patch:
        return f"{improved.spec}: {share:.2g} % better (95 %: {low:.2g} to {high:.2g} %; {told})"
    return f"{improved.spec}: no improvement shown ({share:+.2g} %, 95 %: {low:.2g} to {high:.2g} %; {told})"


def page(improved: Improved, view: RunView) -> str:
    """Markdown."""
    parts = [f"# {untrusted(improved.spec)}", headline(improved) + ".", *_patch(improved), *_sizes(improved)]
    parts += ["## What it rests on", _basis(improved, view), "## What it cost", _cost(improved, view)]
    parts += ["## What was tried", _tried(improved, view)]
    return "\n\n".join(parts) + "\n"


def _patch(improved: Improved) -> list[str]:
    if not improved.patch:
        return ["Nothing was kept, and nothing in the project was changed."]
    steps = "\n".join(f"- {untrusted(step, limit=200)}" for step in improved.steps)
    return ["## The patch", f"```diff\n{improved.patch}```", "Edit by edit:", steps]


def _sizes(improved: Improved) -> list[str]:
    if not improved.sizes:
        return []
    rows = "\n".join(
        f"| {one.factor:g}x | {1e3 * one.before:,.1f} | {1e3 * one.after:,.1f} | {one.before / one.after:.1f} | "
        f"{one.memory_before:,.0f} | {one.memory_after:,.0f} |"
        for one in improved.sizes
    )
    told = improved.memory.said() if improved.memory is not None else ""
    memory = [f"{told[0].upper()}{told[1:]}."] if told else []
    head = "| size | ms before | ms after | times as fast | MB before | MB after |\n|---:|---:|---:|---:|---:|---:|\n"
    return ["## As inputs grow", "![CPU time against size](sizes.png)", head + rows, *memory]


def _basis(improved: Improved, view: RunView) -> str:
    tests = (
        f"- The project's tests on the patched project: {untrusted(improved.tests, limit=200)}.\n"
        if improved.tests
        else ""
    )
    notes = "".join(f"- {untrusted(note, limit=300)}.\n" for note in improved.notes)
    level = view.about["isolation"]["level"]
    if improved.gain is not None:
        return (
            f"{tests}{notes}- {untrusted(improved.gain.name)} was called with what each version returned, behind walls "
            f"(isolation level {level}), on calls that the search never saw.\n"
            "- Only that number was compared: what the function returns is another thing than before."
        )
    return (
        f"{tests}{notes}- Both versions ran the same calls side by side, each case in fresh processes behind walls "
        f"(isolation level {level}); times are CPU times of whole processes, less what preparing the calls takes.\n"
        "- Values, exceptions, printed text and changed arguments were compared, types included. What was compared is "
        "in the record; what was not is not promised."
    )


def _cost(improved: Improved, view: RunView) -> str:
    return f"{improved.evaluations:,} evaluations, {improved.cpu_seconds:,.0f} CPU seconds, no model."


def _tried(improved: Improved, view: RunView) -> str:
    rows = sorted(view.operators.items(), key=lambda item: -item[1].tried)[:20]
    lines = [f"| {name} | {row.tried} | {row.steps} |" for name, row in rows]
    wrong = view.statuses.get("wrong", 0)
    why = "did something else than the function" if improved.gain is None else f"gave {improved.gain.name} no number"
    table = "| edit | tried | in the result |\n|---|---:|---:|\n" + "\n".join(lines)
    return f"{table}\n\n{wrong} candidates {untrusted(why)} and were refused."


def pull_request(improved: Improved) -> str:
    """A description that can stand above the patch, in Markdown."""
    steps = "\n".join(f"- {untrusted(step, limit=200)}" for step in improved.steps)
    function = improved.spec.rpartition(":")[2]
    what = f"Make {function} faster" if improved.gain is None else f"Better {improved.gain.name} by {function}"
    parts = [what, headline(improved) + ".", "What changed:", steps, *_sizes(improved)]
    if improved.tests:
        parts.append(f"The tests: {untrusted(improved.tests, limit=200)}.")
    parts.append("Found by `shoal improve`; the record of the search can be replayed.")
    return "\n\n".join(parts) + "\n"
