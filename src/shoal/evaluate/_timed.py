"""Inside the jail of a timed task: load the program under the name it has at home, make calls, tell what they did.

One child answers one question and ends, so that nothing it remembers outlives a case. What it used is the kernel's
account of the whole process; a child that only prepares the calls tells how much of that is not the program's.
"""

from __future__ import annotations

import json
import socket
import sys
from typing import Any

from shoal.behaviour import flatten, observe_all, revive
from shoal.evaluate._candidate import QUESTION, _describe, _function, _seed, at_home
from shoal.sandbox import frames

__all__ = ["main", "setup"]

REHEARSED = "def f(x, k=1):\n    return sorted(x)[:k]\n"


def setup(data: bytes) -> None:
    """Rehearse in the server: the interpreter specialises what runs a few times, and children inherit it."""
    spec = {"files": {"f.py": REHEARSED}, "main": "f.py", "module": "f", "entry": "f", "path": [], "seed": 1}
    calls = [flatten((([3.0, 1.0], 2), {"k": 1}))] * 4
    for closely in (True, False) * 4:
        said = frames.framed({"calls": calls, "closely": closely, "run": True})
        main(json.dumps(spec).encode(), (frames.Rehearsal(said),))
    del sys.modules["f"]


def main(job: bytes, channels: tuple[socket.socket, ...]) -> None:
    """Answer ``{"calls": [...], "closely": ..., "run": ...}`` with ``{"value": [...]}`` or ``{"error": {...}}``.

    A call is a flat tree, see `shoal.behaviour`; what each did is told as `observe` does, each part as bytes of the
    codec, so that most need only be compared and not read; None where ``run`` is false.
    """
    spec = json.loads(job)
    stream = frames.Stream(channels[0])
    question = stream.receive(limits=QUESTION)
    if question is None:
        return
    _seed(spec)
    try:
        function = _function(at_home(spec), spec["entry"])
        if question["run"]:
            did = observe_all(function, question["calls"], closely=question["closely"])
            told: Any = [{name: frames.encode(part) for name, part in one.items()} for one in did]
        else:
            told = [None for call in question["calls"] if revive(call)]
        stream.send({"value": told})
    except BaseException as error:  # SystemExit and KeyboardInterrupt are failures like any other
        stream.send({"error": _describe(error, spec["main"])})
