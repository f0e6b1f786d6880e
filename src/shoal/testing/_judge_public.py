"""What a judge shows without being asked: its public functions, and its own text."""

from __future__ import annotations

import ast
import re

from shoal.testing._judge_bench import Bench
from shoal.testing._judge_findings import Finding, fault_of
from shoal.testing._judge_source import Source

__all__ = ["check_public", "check_source"]

_CALLS = """
import json
import public

def tried(function, answer, arguments):
    ways = [[answer], answer if isinstance(answer, (list, tuple)) else [answer], [*arguments, answer], list(arguments)]
    for way in ways:
        try:
            result = repr(function(*way))
            return result[:60], len(result)
        except RuntimeError as error:
            told = str(error)[:120]
    return told, -1

_inner = {entry}

def {entry}(*arguments):
    answer = _inner(*arguments)
    results = {{name: [tried(getattr(public, name), answer, arguments) for _ in range(2)] for name in {names}}}
    for junk in (None, [], {{}}, "x", float("nan"), [float("nan")], 10**400):
        for name in {names}:
            try:
                getattr(public, name)(junk)
            except RuntimeError:
                pass
    raise RuntimeError(json.dumps(results)[:560])
"""
_INSIDE = re.compile(r"\b(judge|sys\.modules|_getframe|gc\.get_objects|globals\(\)|open\()")
LONG_RESULT = 2_000  # characters: more than a score, perhaps an instance


async def check_public(bench: Bench) -> list[Finding]:
    """Functions that candidates may call: they work, repeat, and give nothing away."""
    if bench.task.public is None:
        return []
    names = re.findall(r"^def ([a-zA-Z]\w*)\(", bench.task.public.decode(), re.MULTILINE)[:4]
    found = [*_public_source(bench.task.public.decode())]
    entry = bench.task.program.entry[0]
    text = bench.task.initial.decode() + _CALLS.format(entry=entry, names=tuple(names))
    seen = await bench.run(bench.programs.text(text))
    if seen.fault:
        level, told = fault_of(seen)
        found.append(
            Finding("public", level, f"public functions: {told}", "let public functions refuse what is no answer")
        )
    for name in names:
        match = re.search(rf'"{name}": \[\["(.*?)", (-?\d+)\], \["(.*?)", (-?\d+)\]\]', seen.feedback)
        if match:
            found += _public_result(name, *match.groups())
    return found or [Finding("public", "ok", f"{', '.join(names)}: can be called, repeat, give nothing away")]


def _public_result(name: str, first: str, size: str, second: str, again: str) -> list[Finding]:
    mend = "a public function may say what a program could compute itself, no more"
    if (first, size) != (second, again):
        return [
            Finding("public", "weak", f"{name}() answers {first}, then {second}", "let it depend on its arguments only")
        ]
    if int(size) < 0:
        return [Finding("public", "note", f"{name}() refuses the first program's answer: {first}", mend)]
    if int(size) > LONG_RESULT:
        return [Finding("public", "note", f"{name}() returns {size} characters: is an instance in them?", mend)]
    return []


def _public_source(text: str) -> list[Finding]:
    tree = ast.parse(text)
    state = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Global | ast.Nonlocal)]
    inside = sorted({match[0].rstrip("(") for match in _INSIDE.finditer(_code(tree))})
    found = []
    if state:
        told = f"public.py keeps state (line {state[0]}): calls of one program change the answers to the next call"
        found.append(Finding("public", "weak", told, "let public functions depend on their arguments only"))
    if inside:
        told = f"public.py runs in the judge's process and uses {', '.join(inside)}"
        found.append(Finding("public", "weak", told, "write public.py as if candidates could read all it can reach"))
    return found


def _code(tree: ast.Module) -> str:
    """The source without its texts: a docstring may well speak of the judge."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.unparse(tree)


async def check_source(bench: Bench) -> list[Finding]:
    """What the text of the judge shows and no answer has to: code that is run, errors that are swallowed, open data."""
    source = Source.of(bench.task.judge)
    found = []
    if source.runs:
        text = f"the judge can run code that it is sent or finds: {'; '.join(source.runs[:4])}"
        found.append(Finding("source", "weak", text, "never run or unpickle what a program sends"))
    if source.swallowed:
        text = f"the judge goes on after any error ({'; '.join(source.swallowed[:3])}): what then is the score?"
        found.append(Finding("source", "note", text, "check the answer first; catch only what you expect"))
    if bench.setting.data:
        text = "programs can read data/ as the judge does"
        found.append(Finding("source", "note", text, "keep solutions and held-out instances out of data/"))
    return found or [Finding("source", "ok", "nothing in judge.py runs what it is sent or hides an error")]
