"""Inside the jail of programs under test: make the calls of each test, say what came of it and which lines ran.

A test's expected value never comes in here. What goes out may be forged by the program, which gains nothing by it:
it does not know what would be right.
"""

from __future__ import annotations

import copy
import importlib
import json
import socket
import sys
import traceback
from types import FrameType
from typing import Any

from shoal.labs.selfimprove.inside._modules import Texts
from shoal.sandbox import frames

__all__ = ["REPLY", "main", "setup"]

REPLY = frames.FrameLimits(max_bytes=1 << 20, max_depth=48, max_elements=1 << 17)
SMALL = 1 << 14  # bytes of a frame that is within all limits
MESSAGE_CHARACTERS = 200
DEEPEST = 40
# Members of enumerations are texts or numbers too.
_KINDS: dict[type, Any] = {str: str.__str__, int: int.__int__, float: float.__float__}


class _TooLongError(BaseException):
    """A test took more steps than it may; not an Exception, so that few programs catch it."""


class _NoValueError(Exception):
    """What was returned is nothing that JSON has."""


def main(job: bytes, channels: tuple[socket.socket, ...]) -> None:
    """Run the tests of the job on a program, on freshly imported modules each; a frame for each.

    The job: "files", "tests" (of each "call", "arguments" and perhaps "before"), "steps", the most lines that a test
    may run; after one that runs more, the later ones fail too. A frame: "value", or "refused" (why what was returned
    is no value), or "raised" with "message" and "at", or "steps"; and "lines", those that ran, by file.
    """
    spec = json.loads(job)
    stream = frames.Stream(channels[0])
    texts = Texts(spec["files"])
    endless = False
    for test in spec["tests"]:
        texts.forget()
        came = {"steps": 0, "lines": {}} if endless else _one(spec["files"], test, spec["steps"])
        endless = endless or "steps" in came
        stream.send_framed(_framed(came))
    texts.leave()


def setup(data: bytes) -> None:
    """Rehearse in the server: children inherit what the interpreter specialises and imports."""
    files = {
        "first.py": "from second import g\n\n\ndef f(x):\n    return [g(y) for y in x]\n",
        "second.py": "def g(x):\n    return x\n",
    }
    tests = [{"call": "first:f", "arguments": [[1, 2]]}]
    for _ in range(8):
        main(json.dumps({"files": files, "tests": tests, "steps": 100}).encode(), (frames.Rehearsal(b""),))


def _framed(came: dict[str, Any]) -> bytes:
    """A frame that the host takes, so that a value which is none ends nothing but its own test."""
    try:
        data = frames.encode(came)
        if len(data) > SMALL:
            frames.decode(data, limits=REPLY)
        return frames.framed(came)
    except frames.FrameError as error:
        return frames.framed({"refused": str(error), "lines": came["lines"]})


def _one(files: dict[str, str], test: dict[str, Any], steps: int) -> dict[str, Any]:
    lines: dict[str, set[int]] = {name: set() for name in files}
    try:
        sys.settrace(_tracer(lines, steps))
        for call, arguments in test.get("before", ()):
            _call(call, copy.deepcopy(arguments))
        came: dict[str, Any] = {"value": _plain(_call(test["call"], copy.deepcopy(test["arguments"])), 0)}
    except _TooLongError:
        came = {"steps": steps}
    except _NoValueError as error:
        came = {"refused": str(error)}
    except BaseException as error:  # SystemExit and KeyboardInterrupt are answers like any other
        sys.settrace(None)
        came = {"raised": type(error).__name__[:100], "message": _message(error), "at": _where(error, files)}
    finally:
        sys.settrace(None)
    return came | {"lines": {name: sorted(ran) for name, ran in lines.items() if ran}}


def _tracer(lines: dict[str, set[int]], steps: int) -> Any:
    """A trace function that notes lines of the program's files, and ends what takes too many steps."""
    left = steps

    def local(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal left
        if event == "line":
            left -= 1
            if left < 0:
                raise _TooLongError
            lines[frame.f_code.co_filename].add(frame.f_lineno)
        return local

    return lambda frame, event, arg: local if frame.f_code.co_filename in lines else None


def _call(name: str, arguments: list[Any]) -> Any:
    module, _, function = name.partition(":")
    return getattr(importlib.import_module(module), function)(*arguments)


def _plain(value: Any, depth: int) -> Any:
    """A value as JSON would have it, a named tuple as a list too; raises _NoValueError for what is none."""
    if depth > DEEPEST:
        raise _NoValueError("the value is nested too deeply")
    if value is None or type(value) in (bool, int, float, str):
        return value
    if isinstance(value, list | tuple):
        return [_plain(one, depth + 1) for one in value]
    if isinstance(value, dict) and all(type(key) is str for key in value):
        return {key: _plain(one, depth + 1) for key, one in value.items()}
    for kind, read in _KINDS.items():
        if isinstance(value, kind):
            return read(value)
    raise _NoValueError(f"a value of type {type(value).__name__} was returned")


def _where(error: BaseException, files: dict[str, str]) -> str:
    """The last line of the program that was running."""
    ran = [one for one in traceback.extract_tb(error.__traceback__) if one.filename in files]
    return f"{ran[-1].filename}:{ran[-1].lineno}" if ran else ""


def _message(error: BaseException) -> str:
    try:
        return str(error)[:MESSAGE_CHARACTERS].encode(errors="replace").decode()
    except BaseException:  # a hostile __str__
        return ""
