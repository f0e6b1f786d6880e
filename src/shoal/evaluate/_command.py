"""Inside the box of a command task: put the candidate's files there, compile or run it, hand back what it wrote.

The first process of a fresh box per instance, and one more per trial for the compile step. What the program writes
is bytes that nothing here looks into; the judge on the other side of the channel distrusts them.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Mapping
from typing import Any

from shoal.sandbox import commands, frames

__all__ = ["argv_of", "check", "environment_of", "main", "serve"]

QUESTION = frames.FrameLimits(max_bytes=1 << 28, max_depth=64, max_elements=1 << 22)
ANSWER_BYTES = 30 << 20  # standard output and files together; a frame of the judge holds a little more
MESSAGE_CHARACTERS = 600
COMPILER_CHARACTERS = 1_200
NO_MEMORY = ("MemoryError", "std::bad_alloc")  # how programs say so themselves
PATH = "/usr/local/bin:/usr/bin:/bin"


class _Failed(Exception):
    """The program failed: what kind of failure, and what it said."""

    def __init__(self, kind: str, message: str = "") -> None:
        super().__init__(kind)
        self.kind, self.message = kind, message


def main(job: bytes, channels: tuple[socket.socket, ...]) -> None:
    """Answer one frame, ``{"ask": "compile", "args": []}`` or ``{"ask": "run", "args": [input, built]}``.

    The answer is ``{"value": ...}`` or ``{"error": {...}}`` as candidates of other kinds give them. The value of a
    compile step is what lies in the folder after it, ``[[name, bytes], ...]``, and is ``built`` later on.
    """
    serve(job, channels, _ANSWERS)


def serve(job: bytes, channels: tuple[socket.socket, ...], answers: Mapping[str, Callable[..., Any]]) -> None:
    """Answer one frame by the function that it names; see `main`."""
    spec, channel = json.loads(job), channels[0]
    question = frames.receive(channel, limits=QUESTION, deadline=None)
    if question is None:
        return
    try:
        answer = {"value": answers[question["ask"]](spec, *question["args"])}
    except (_Failed, commands.FolderError) as failure:
        kind, message = (failure.kind, failure.message) if isinstance(failure, _Failed) else (str(failure), "")
        memory = any(word in message for word in NO_MEMORY)
        answer = {"error": {"kind": kind, "message": message, "line": None, "memory": memory}}
    frames.send(channel, answer)


def _compile(spec: dict[str, Any]) -> list[list[Any]]:
    _put_program(spec)
    ran = commands.run(commands.Command(argv_of(spec, spec["compile"]), environment=environment_of(spec)))
    check(ran, "the compile step", COMPILER_CHARACTERS, said=ran.stderr or ran.stdout)
    left, built = ANSWER_BYTES, []
    for name in commands.files():
        data = commands.read(name, most_bytes=left)
        left -= len(data)
        built.append([name, data])
    return built


def _run(spec: dict[str, Any], given: dict[str, Any], built: list[list[Any]] | None) -> dict[str, Any]:
    _put_program(spec)
    for name, data in [*(built or ()), *given["files"].items()]:
        commands.put(name, data, executable=built is not None)
    argv = argv_of(spec, [*spec["command"], *given["arguments"]])
    command = commands.Command(argv, stdin=given["stdin"], environment=environment_of(spec), most_stdout=ANSWER_BYTES)
    ran = commands.run(command)
    check(ran, "the program", MESSAGE_CHARACTERS, said=ran.stderr)
    left, files = ANSWER_BYTES - len(ran.stdout), {}
    for name in spec["outputs"]:
        files[name] = commands.read(name, most_bytes=left)
        left -= len(files[name])
    return {"stdout": ran.stdout, "files": files}


_ANSWERS: dict[str, Callable[..., Any]] = {"compile": _compile, "run": _run}


def _put_program(spec: dict[str, Any]) -> None:
    for name, text in spec["files"].items():
        commands.put(name, text.encode(), executable=True)


def argv_of(spec: dict[str, Any], argv: list[str]) -> tuple[str, ...]:
    """``python3`` and ``python`` are the interpreter that Shoal itself runs on, with its packages."""
    first = spec["python"] if argv[0] in ("python", "python3") else argv[0]
    return (first, *argv[1:])


def environment_of(spec: dict[str, Any]) -> dict[str, str]:
    """The whole environment of a program."""
    folder = commands.folder()
    return {
        **spec["environment"],
        "PATH": PATH,
        "HOME": folder,
        "TMPDIR": commands.scratch(),
        "SEED": str(spec["seed"]),
    }


def check(ran: commands.Ran, who: str, characters: int, *, said: bytes) -> None:
    """Raise what ended the program, if it was not the end of its work."""
    message = said.decode(errors="replace").strip()[-characters:]
    if ran.failure:
        raise _Failed(ran.failure, message)
    if ran.signal is not None:
        raise _Failed(f"{who} died of signal {ran.signal}", message)
    if ran.code:
        raise _Failed(f"{who} left with exit code {ran.code}", message)
