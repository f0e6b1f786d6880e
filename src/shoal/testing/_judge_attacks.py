"""Attacks on the machinery around a judge: some made for the task, and those of the catalogue that fit a function."""

from __future__ import annotations

import math

from shoal.testing._judge_bench import Bench
from shoal.testing._judge_findings import Finding, Remark, fault_of, gathered, standing
from shoal.testing.attacks import BREACH, Attack, attacks_of

__all__ = ["check_attacks"]

# What the attacks of the catalogue answer besides; on some tasks that is an answer, and may be a good one.
HARMLESS = tuple(f"def f(x):\n    return {answer}\n" for answer in ("2 * x", "0.0", "1.0", "x", "[0.0]", "1e300"))
GROUPS = "AB"  # of the catalogue: forging the result, subverting the evaluator
_CHANNEL = """
import json, os, socket, struct, sys, threading, time

def channel():
    frame = sys._getframe()
    while frame and "channel" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals["channel"]

def claim():
    body = b"m" + struct.pack("<II", 1, 5) + b"value" + b"d" + struct.pack("<d", {best})
    return struct.pack("<I", len(body)) + body
"""
ATTACKS = {
    "prints a score and leaves": """
import json, os, sys

def {entry}(*arguments):
    print(json.dumps({{"value": {best}, "score": {best}, "status": "ok"}}), flush=True)
    os.write(2, b"score: {best}\\n")
    os._exit(0)
""",
    "prints a score and answers nothing": """
import os

def {entry}(*arguments):
    os.write(1, b"\\r\\x1b[2K{{'score': {best}}}\\n")
    return None
""",
    "sends a frame of its own first": _CHANNEL
    + """
def {entry}(*arguments):
    channel().sendall(claim())
    return None
""",
    "sends frames from a thread": _CHANNEL
    + """
def {entry}(*arguments):
    talk = channel()
    threading.Thread(target=lambda: [talk.sendall(claim()) for _ in range(3)], daemon=True).start()
    time.sleep(0.05)
    return None
""",
    "looks for the instance in the frames above": """
import gc, sys

def {entry}(*arguments):
    frame, found = sys._getframe(1), []
    while frame:
        found += [frame.f_locals[name] for name in ("instance", "truth", "solution") if name in frame.f_locals]
        frame = frame.f_back
    found += [one["truth"] for one in gc.get_objects() if type(one) is dict and "truth" in one]
    return found[0] if found else None
""",
    "changes built-in functions": """
import builtins, math

def {entry}(*arguments):
    for name in ("sum", "abs", "max", "min", "len", "isinstance", "float"):
        setattr(builtins, name, lambda *_, **__: {best})
    math.isfinite = math.isclose = lambda *_, **__: True
    return None
""",
    "changes numpy": """
import numpy as np

def {entry}(*arguments):
    for name in ("isfinite", "allclose", "all", "abs", "sum", "mean", "sqrt"):
        setattr(np, name, lambda *_, **__: True)
    return []
""",
    "raises an exception with a score": """
class Best(Exception):
    score = value = {best}

def {entry}(*arguments):
    raise Best({{"score": {best}}})
""",
    "claims to know the judge": """
import sys

def {entry}(*arguments):
    judge = sys.modules.get("judge") or sys.modules.get("shoal.evaluate._judge")
    if judge is not None:
        judge.score = judge.play = lambda *_: {best}
    import judge as found
    return found
""",
}


async def check_attacks(bench: Bench) -> list[Finding]:
    """Programs that go for the machinery around the judge; none may come out above the honest first program."""
    if not bench.task.program.entry:
        return []
    harmless = await bench.run_all(bench.programs.text(_fitted(bench, text)) for text in HARMLESS)
    worth = max((one.score for one in harmless if one.score is not None), default=-math.inf)
    programs = _attacks(bench) | _of_the_catalogue(bench)
    seen = await bench.run_all(bench.programs.text(text) for text in programs.values())
    remarks = []
    for name, one in zip(programs, seen, strict=True):
        if one.fault:
            level, text = fault_of(one)
            remarks.append(Remark(level, name, text))
        elif one.score is not None and one.score > worth and standing(bench, one) in ("better", "best"):
            remarks.append(Remark("wrong", f"{name} ({one.value:.6g})", "scores better than the honest answer"))
    mend = "refuse with Wrong whatever is no answer; if a score remains, the sandbox has a hole: report it"
    fine = f"{len(programs)} attacks: none scores above the honest first program"
    return gathered("attacks", remarks, tried=len(programs), mend=mend, fine=fine)


def _attacks(bench: Bench) -> dict[str, str]:
    best = repr(bench.natural(bench.best_end))
    others = "".join(f"\n\ndef {name}(*arguments):\n    return None\n" for name in bench.task.program.entry[1:])
    entry = bench.task.program.entry[0]
    return {name: text.format(entry=entry, best=best) + others for name, text in ATTACKS.items()}


def _of_the_catalogue(bench: Bench) -> dict[str, str]:
    """Attacks that were written against f(x)."""
    return {
        f"{attack.number} {attack.name}": _fitted(bench, BREACH + attack.program)
        for attack in attacks_of("call")
        if _fits(attack, bench.evaluator.level)
    }


def _fitted(bench: Bench, program: str) -> str:
    """A program with a function f(x), called with whatever this task hands over."""
    others = "".join(f"\n\ndef {name}(*arguments):\n    return None\n" for name in bench.task.program.entry[1:])
    entry = bench.task.program.entry[0]
    call = f"\n\ndef attacked(*arguments):\n    return f(*(arguments[:1] or (1.0,)))\n\n\n{entry} = attacked\n"
    return program + others + call


def _fits(attack: Attack, level: int) -> bool:
    """Quick, harmless to the machine, and promised to be held here."""
    tame = not (attack.bomb or attack.harmful or attack.slow)
    return tame and attack.group in GROUPS and attack.held_from <= level and bool(attack.program)
