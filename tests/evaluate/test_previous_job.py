"""A program finds nothing of the one before it, nor of the judge: not in its memory, not among what it may read."""

from __future__ import annotations

import asyncio
import compileall
import contextlib
import os
from pathlib import Path
from typing import Any

import pytest

from shoal.core.values import Outcome, Split, Status, Trial
from shoal.evaluate import TaskEvaluator

from .benches import DOUBLE, HONEST, MAIN, TOKEN, Bench, Benches, failed, setting

LEFT = "left-behind-9f27"
LEAVES = f"kept = [{LEFT!r} + str(number) for number in range(10_000)]\n{DOUBLE}"
# The kernel is asked what can be read: it copies pages into a pipe, and refuses those that are not there. The pattern
# does not match its own text.
SCANS = """
import ctypes, gc, os, re
import numpy as np

NEEDLE = re.compile(rb"left-behin[d]-9f27|honey-toke[n]-5b1c")
PAGE, PIECE, LONGEST = 4096, 65536, 16
reader, writer = os.pipe()
write = ctypes.CDLL(None).write
write.argtypes, write.restype = (ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t), ctypes.c_ssize_t

def readable(address, most):
    done = write(writer, address, most)
    return os.read(reader, done) if done > 0 else b""

def search(page):
    while readable(page - PAGE, 1):
        page -= PAGE
    start, before, hits = page, b"", 0
    while piece := readable(page, PIECE):
        hits += NEEDLE.search(before + piece) is not None
        before = piece[1 - LONGEST:]
        page += len(piece)
    return start, page, hits

def f(x):
    local, seen, hits = ctypes.c_double(x), [], 0
    places = [ctypes.addressof(local), ctypes.cast(write, ctypes.c_void_p).value, *map(id, gc.get_objects())]
    for page in sorted({place & -PAGE for place in places}):
        if not any(start <= page < end for start, end in seen):
            start, end, found = search(page)
            seen.append((start, end))
            hits += found
    hits += NEEDLE.search(np.empty(50_000_000, dtype=np.uint8)) is not None
    raise RuntimeError(f"{hits} hits in {sum(end - start for start, end in seen) >> 20} MiB")
"""


@pytest.fixture
def roomy(benches: Benches) -> Bench:
    return benches(HONEST, workers=1, cpu_seconds=10.0)


def hits(bench: Bench, program: str) -> int:
    """What the search through its own memory came to; that it saw at least an interpreter and numpy is checked."""
    told = failed(bench.evaluate(program), Status.CRASH).removeprefix("RuntimeError: ").split()
    assert told[1:3] == ["hits", "in"] and int(told[3]) >= 16, told
    return int(told[0])


def test_nothing_of_the_program_before_or_of_the_judge_is_in_memory(roomy: Bench) -> None:
    assert roomy.evaluate(LEAVES, instances=2).score == 1.0
    assert hits(roomy, SCANS) == 0


@pytest.mark.parametrize("own", [LEFT, TOKEN])
def test_what_is_in_memory_is_found_there(roomy: Bench, own: str) -> None:
    assert hits(roomy, f"own = {own!r}\n{SCANS}") > 0


# -- the judge's own file ---------------------------------------------------------------------------------------------

SECRET = "the-answer-is-7731"
IN_FUNCTION = """
from shoal.judging import number
def instances(split, rng):
    yield None
def arguments(instance):
    return (1.0,)
def score(instance, output):
    return number(output)
"""
IN_COMMAND = """
def instances(split, rng):
    yield None
def score(instance, output):
    return float(output["stdout"])
"""
LOOKS = """
import os

def f(x=0.0):
    seen = []
    for folder, _, names in os.walk({folder!r}):
        for name in sorted(names):
            try:
                with open(folder + "/" + name, "rb") as file:
                    seen.append((name, {secret!r}.encode()[::-1] in file.read()))
            except OSError:
                pass
    found = {{name for name, there in seen if there}}
    return float("initial.py" in found) + 10.0 * len(found - {{"initial.py"}})
"""


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a task in a package that pip has installed, which leaves compiled files as well."""
    site = tmp_path / "site-packages"
    folder = site / "fleet" / "herring"
    folder.mkdir(parents=True)
    for parent in (tmp_path, *tmp_path.parents[:-2]):
        with contextlib.suppress(PermissionError):
            os.chmod(parent, 0o755)
    for name in ("initial.py", "judge.py"):
        (folder / name).write_text(f"ANSWER = {SECRET!r}\n")
    assert compileall.compile_dir(folder, quiet=1)
    monkeypatch.syspath_prepend(str(site))
    return folder


@pytest.mark.parametrize("level", [2, 3])
@pytest.mark.parametrize("kind", ["call", "command"])
def test_a_judge_in_an_installed_package_is_hidden_from_programs(
    runner: asyncio.Runner, installed: Path, kind: str, level: int
) -> None:
    program = LOOKS.format(folder=str(installed), secret=SECRET[::-1])
    given: dict[str, Any] = {"folder": installed, "fixed": True, "cpu_seconds": 5.0}
    if kind == "command":
        program += "\nprint(f())\n"
        given |= {"kind": "command", "entry": (), "command": ("python3", MAIN)}
    toy = setting(IN_COMMAND if kind == "command" else IN_FUNCTION, **given)

    async def measured() -> tuple[int, Outcome]:
        async with TaskEvaluator(toy, workers=1, level=level) as evaluator:
            outcome = await evaluator.evaluate(Trial(Split.SEARCH, (0,)), {MAIN: program.encode()}, seed=1)
            return evaluator.level, outcome

    reached, outcome = runner.run(measured())
    if reached < 2:
        pytest.skip(f"isolation level {reached} here: files can be read")
    assert outcome.score == 1.0, outcome  # the package is there to read; no file of the judge is
