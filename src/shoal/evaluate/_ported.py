"""Inside the box of a ported task: the folder as it is, the program, an empty results folder; run the evaluator.

Program and evaluator share this box and one process of it. What comes back is the bytes of the two files that the
evaluator leaves; they are looked into by the judge, in its own jail.
"""

from __future__ import annotations

import os
import shutil
import socket
from pathlib import PurePath
from typing import Any

from shoal.evaluate._command import argv_of, check, environment_of, serve
from shoal.sandbox import commands

__all__ = ["main"]

TASK, PROGRAM, RESULTS, STAND_INS = "task", "program", "results", "imports"
FILES = "metrics.json", "correct.json"
MOST_BYTES = 1 << 20  # of each file that is read
MESSAGE_CHARACTERS = 1_200
SILENTLY = ("/bin/sh", "-c", f'cd {TASK} && exec "$@" >/dev/null', "sh")  # an evaluator may print what it likes


def main(job: bytes, channels: tuple[socket.socket, ...]) -> None:
    """Answer one frame, ``{"ask": "run", "args": [input, built]}``, both of which say nothing here.

    The value of the answer is ``{"files": {name: bytes}, "end": text}``; ``end`` says how the evaluator ended, empty
    where it did by itself with exit code 0.
    """
    serve(job, channels, {"run": _run})


def _run(spec: dict[str, Any], given: Any, built: Any) -> dict[str, Any]:
    _lay_out(spec)
    folder = commands.folder()
    places = {name: os.path.join(folder, name) for name in (PROGRAM, RESULTS, STAND_INS, TASK)}
    words = [word.format(**places) for word in argv_of(spec, spec["command"])]
    environment = environment_of(spec) | {"PYTHONPATH": places[STAND_INS]}
    ran = commands.run(commands.Command((*SILENTLY, *words), environment=environment))
    files = {}
    for name in FILES:
        if os.path.lexists(os.path.join(folder, RESULTS, name)):
            files[name] = commands.read(f"{RESULTS}/{name}", most_bytes=MOST_BYTES)
    if ran.failure or "correct.json" not in files:
        check(ran, "the evaluator", MESSAGE_CHARACTERS, said=ran.stderr)
    end = f"left with exit code {ran.code}" if ran.code else ""
    return {"files": files, "end": end if ran.signal is None else f"died of signal {ran.signal}"}


def _lay_out(spec: dict[str, Any]) -> None:
    """The task's folder, in which other files can be written: its scripts as copies, all else as links.

    A script finds its folder by where its own file lies, links resolved, and may list that folder. What lies outside of
    the box can be opened by name, and not be listed.
    """
    for name, text in spec["stand_ins"].items():
        commands.put(f"{STAND_INS}/{name}", text.encode())
    for name, text in spec["files"].items():
        commands.put(f"{PROGRAM}/{name}", text.encode(), executable=True)
    for name in (TASK, RESULTS):
        os.mkdir(os.path.join(commands.folder(), name), 0o700)
    for path in spec["entries"]:
        place = os.path.join(commands.folder(), TASK, PurePath(path).name)
        if path.endswith(".py") and os.path.isfile(path):
            shutil.copyfile(path, place)
        else:
            os.symlink(path, place)
