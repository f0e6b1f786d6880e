"""Answers where they do not belong: given for other instances, handed back from the arguments, changed on the way."""

from __future__ import annotations

import asyncio
import math
from typing import Any

from shoal.core.values import Files
from shoal.sandbox import frames
from shoal.testing._judge_bench import Bench, Seen
from shoal.testing._judge_findings import Finding, Remark, fault_of, gathered, standing

__all__ = ["answer_files", "check_arguments", "check_echoes", "check_transplants", "command_output"]

LONGEST_TEXT = 100_000
INSTANCES = 3
LIMITS = frames.FrameLimits(max_bytes=64 << 20, max_depth=64, max_elements=1 << 22)
PLACES = tuple([k] for k in range(3)) + tuple([k, j] for k in range(2) for j in range(4))


def answer_files(bench: Bench, kept: bytes) -> Files | None:
    """A program that gives the honest answer of a kept conversation, whatever it is asked; None where none can."""
    if bench.task.kind == "command":
        output = command_output(kept)
        return None if output is None else bench.programs.writing(output["stdout"], output["files"])
    text = answer_text(kept)
    return None if text is None else bench.programs.constant(text)


def command_output(kept: bytes) -> Any:
    """What a command wrote in a kept conversation: its stdout and its files, as bytes."""
    output = frames.decode(kept, limits=LIMITS)[1] if kept else None
    if output is None or sum(map(len, [output["stdout"], *output["files"].values()])) > LONGEST_TEXT:
        return None
    return output


def answer_text(kept: bytes) -> str | None:
    """The honest answer of a kept conversation as Python text; None where it is too long, or nothing was kept."""
    if not kept:
        return None
    _, answer = frames.decode(kept, limits=LIMITS)
    try:
        text = _text(answer)
    except TypeError:
        return None
    return text if len(text) <= LONGEST_TEXT else None


def _text(value: Any) -> str:
    if hasattr(value, "dtype"):
        return f"np.array({_text(value.tolist())}, dtype={value.dtype.name!r})"
    if isinstance(value, list):
        return f"[{', '.join(map(_text, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {_text(one)}" for key, one in value.items()) + "}"
    if isinstance(value, float) and not math.isfinite(value):
        return f"float({str(value)!r})"
    if value is None or isinstance(value, (bool, int, float, str, bytes, complex)):
        return repr(value)
    raise TypeError


async def check_transplants(bench: Bench) -> list[Finding]:
    """The answer to one instance, given for the others: a judge that looks at the instance must tell them apart."""
    if bench.task.instances.fixed or bench.task.kind == "session":
        return []
    programs = [answer_files(bench, await bench.kept(index)) for index in range(INSTANCES)]
    given = [files for files in programs if files is not None]
    if len(given) < INSTANCES:
        return [Finding("transplants", "note", "not tried: an instance or an answer cannot be kept as text")]
    honest = await _on_each(bench, bench.programs.honest)
    got = [await _on_each(bench, files) for files in given]
    scores = [[one.score for one in row] for row in got]
    plain = [bench.programs.twisted("filled", {"new": new}, look) for new in ("0", "1", "-1") for look in bench.looks]
    scores += [[one.score for one in await _on_each(bench, files)] for files in plain]
    if all(len(set(row)) == 1 for row in scores) and scores[0][0] is not None:
        text = f"one and the same answer scores {got[0][0].value!r} on each of {INSTANCES} instances"
        mend = "let score() look at its instance; if there is only one, say fixed = true"
        return [Finding("transplants", "weak", text, mend)]
    if any(files != given[0] for files in given) and _as_good(honest, got):
        text = "the answer to one instance scores as well on every other"
        mend = "make instances that need different answers, or a first program that uses its arguments"
        return [Finding("transplants", "note", text, mend)]
    fine = "an answer is worth something else, or nothing, on another instance"
    return [Finding("transplants", "ok", fine)]


async def _on_each(bench: Bench, files: Files) -> list[Seen]:
    return await asyncio.gather(*(bench.run(files, instances=(index,)) for index in range(INSTANCES)))


def _as_good(honest: list[Seen], got: list[list[Seen]]) -> bool:
    pairs = [(row[j].score, honest[j].score) for k, row in enumerate(got) for j in range(len(row)) if j != k]
    return all(one is not None and own is not None and one >= own for one, own in pairs)


async def check_arguments(bench: Bench) -> list[Finding]:
    """Returning an argument as it came: where the solution is among them, nothing has to be worked out."""
    if not bench.looks or bench.task.kind != "call":
        return []
    look = bench.looks[0]
    programs = [bench.programs.twisted("argument", {"place": place}, look) for place in PLACES]
    seen = await bench.run_all(programs)
    worth = ("best",) if look.flat else ("better", "best")
    remarks = [
        Remark(*_handed(bench, one, f"argument {'.'.join(map(str, place))}"))
        for place, one in zip(PLACES, seen, strict=True)
        if one.fault or (one.score is not None and standing(bench, one) in worth)
    ]
    tried = sum(not one.unfit for one in seen)
    mend = "write arguments(instance) so that the program gets the question, never the solution"
    fine = f"{tried} arguments given back as answers: none does better than the honest one"
    return gathered("arguments", remarks, tried=tried, mend=mend, fine=fine)


def _handed(bench: Bench, seen: Seen, name: str) -> tuple[Any, str, str]:
    if seen.fault:
        level, text = fault_of(seen)
        return level, name, text
    if standing(bench, seen) == "best":
        return "wrong", f"{name} ({seen.value:.6g})", "as the answer reaches the best there is: it holds the solution"
    return "note", f"{name} ({seen.value:.6g})", f"as the answer beats the first program ({bench.honest.value:.6g})"


async def check_echoes(bench: Bench) -> list[Finding]:
    """A judge must score against its own copy: not what the program did to its arguments, nor what it gives back."""
    if not bench.looks:
        return []
    remarks, tried = [], 0
    for look in bench.looks:
        spoiled = await bench.run(bench.programs.twisted("spoiled", {}, look))
        tried += not spoiled.unfit
        if not spoiled.unfit and bench.task.kind == "call" and _differs(bench, spoiled):
            remarks.append(Remark("weak", "arguments overwritten in place", f"score {spoiled.value!r}"))
        if look.echoes:
            programs: list[Files] = [bench.programs.twisted("edited", {"by": by}, look) for by in (0.0, 2.0**-10, 2.0)]
            seen = await bench.run_all(programs)
            tried += sum(not one.unfit for one in seen)
            remarks += [
                Remark(
                    "note" if standing(bench, one) == "worse" else "weak",
                    f"{look.entry} gives its argument back, changed ({one.value:.6g})",
                    f"the score changes with it (honest: {bench.honest.value:.6g})",
                )
                for one in seen
                if one.score is not None and _differs(bench, one)
            ]
    mend = "score against the instance that score() is given, never against a copy from the answer"
    fine = "what a program does to its arguments changes no score"
    return gathered("echoes", remarks, tried=tried, mend=mend, fine=fine)


def _differs(bench: Bench, seen: Seen) -> bool:
    return seen.score is not None and standing(bench, seen) != "equal"
