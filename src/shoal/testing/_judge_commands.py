"""Hostile output of commands: bytes in place of what the program should have written, whatever language it is in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

from shoal.core.values import Files
from shoal.testing._judge_bench import Bench
from shoal.testing._judge_exchange import command_output
from shoal.testing._judge_findings import Finding
from shoal.testing._judge_rules import FALSE_TYPE, INFINITE, JUNK, LOOSE, NAN, ORDER, SIZE, Hostile, Rule, check_hostile

__all__ = ["check_output"]

NUMBER = re.compile(rb"(?<![\w.])[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?(?![\w.])")
STDOUT = "standard output"
WORDS: tuple[tuple[bytes, str, Rule], ...] = (
    (b"nan", "not finite", NAN),
    (b"inf", "not finite", INFINITE),
    (b"-inf", "not finite", INFINITE),
    (b"1e400", "not finite", INFINITE),
    (b"1e300", "huge and tiny", SIZE),
    (b"-1e300", "huge and tiny", SIZE),
    (b"1e-320", "huge and tiny", SIZE),
    (b"9" * 400, "huge and tiny", SIZE),
    (b"9" * 5000, "huge and tiny", SIZE),
    (b"-1", "signs", SIZE),
    (b"", "types", LOOSE),
    (b"x", "types", FALSE_TYPE),
    (b"1_0", "types", LOOSE),
    (b"0x10", "types", LOOSE),
    ("١".encode(), "types", LOOSE),
    (b"1.5", "types", ORDER),
)
JUNKS: dict[str, bytes] = {
    "nothing": b"",
    "an empty line": b"\n",
    "bytes that are no text": b"\xff\xfe\x00\x80" * 8,
    "a null byte": b"\x00",
    "null": b"null\n",
    "{}": b"{}\n",
    "[]": b"[]\n",
    "the word nan": b"nan\n",
    "a megabyte without a line": b"7" * 1_000_000,
    "100,000 empty lines": b"\n" * 100_000,
    "a deep list": b"[" * 5000 + b"]" * 5000,
}


async def check_output(bench: Bench) -> list[Finding]:
    """Give the judge of a command hostile bytes: on standard output, and in each file that it is to leave."""
    if bench.task.kind != "command":
        return []
    output = command_output(await bench.kept(0))
    if output is None:
        return [
            Finding("output", "note", "hostile output was not tried: the honest one is too long, or cannot be kept")
        ]
    places = [(STDOUT, output["stdout"]), *output["files"].items()]
    hostile, found = [], []
    for place, honest in places:
        if honest and await _overlooked(bench, output, place):
            if place != STDOUT:
                text = f"{place} is one of program.outputs, but what is in it changes no score"
                found.append(Finding("output", "note", text, "leave it out of program.outputs, or look at it"))
            continue
        for check, name, data, rule in _hostile(bench, honest):
            hostile.append(Hostile(check, f"{place}: {name}", _with(bench, output, place, data), rule))
    hostile.sort(key=lambda one: one.check)
    for _, group in groupby(hostile, key=lambda one: one.check):
        found += await check_hostile(bench, list(group))
    return found


def _with(bench: Bench, output: Any, place: str, data: bytes) -> Files:
    """A program that writes what the honest one wrote, but ``data`` in one place."""
    stdout = data if place == STDOUT else output["stdout"]
    return bench.programs.writing(
        stdout, {one: data if one == place else kept for one, kept in output["files"].items()}
    )


async def _overlooked(bench: Bench, output: Any, place: str) -> bool:
    """Whether it does not matter what stands there: the answer may be elsewhere."""
    seen = await bench.run_all(_with(bench, output, place, data) for data in (b"", b"\xff\x00", b"7\n"))
    return all(one.score == bench.honest.score for one in seen)


def _hostile(bench: Bench, honest: bytes) -> Iterator[tuple[str, str, bytes, Rule]]:
    """Check, name, bytes and rule of everything that is written in place of ``honest``; nothing where that is empty."""
    if not honest:
        return
    best = repr(bench.natural(bench.best_end)).encode()
    for name, data in JUNKS.items():
        yield "junk", name, data, JUNK
    yield "claims", "a score, and nothing else", best + b"\n", JUNK
    yield "claims", "a dictionary with a score", b'{"score": ' + best + b', "value": ' + best + b"}\n", JUNK
    yield "claims", "a score before the rest", best + b"\n" + honest, LOOSE
    yield "claims", "a score after the rest", honest + b"score: " + best + b"\n", LOOSE
    for name, change in LINES.items():
        data = change(honest)
        if data != honest:
            yield "length", name, data, LOOSE
    numbers = list(NUMBER.finditer(honest))
    for word, check, rule in WORDS:
        shown = word.decode() if 0 < len(word) < 12 else f"{len(word)} digits" if word else "nothing"
        for which in dict.fromkeys((0, len(numbers) // 2, len(numbers) - 1)) if numbers else ():
            found = numbers[which]
            data = honest[: found.start()] + word + honest[found.end() :]
            yield check, f"{shown} in place of number {which + 1}", data, rule
        if numbers:
            yield check, f"{shown} in place of every number", NUMBER.sub(word, honest), rule


LINES: dict[str, Callable[[bytes], bytes]] = {
    "cut in the middle": lambda data: data[: len(data) // 2],
    "without its last line": lambda data: b"".join(data.splitlines(keepends=True)[:-1]),
    "with one line more": lambda data: data + data.splitlines(keepends=True)[-1],
    "twice over": lambda data: data + data,
    "a hundred times over": lambda data: data * 100,
    "its first line only": lambda data: data.splitlines(keepends=True)[0],
    "its first line, again and again": lambda data: data.splitlines(keepends=True)[0] * len(data.splitlines()),
    "with a stray word": lambda data: data.rstrip(b"\n") + b" x\n",
}
