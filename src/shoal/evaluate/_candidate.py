"""Inside the candidate's jail: load the program, answer questions one at a time, exit.

Runs in a child forked per instance. Nothing here is trusted by anyone: the judge on the other side of the channel
checks every byte, and the supervisor measures the process from outside.
"""

from __future__ import annotations

import builtins
import importlib
import importlib.machinery
import json
import random
import socket
import sys
import traceback
import types
from collections.abc import Callable
from typing import Any

from shoal.sandbox import frames

__all__ = ["at_home", "main", "setup"]

MESSAGE_CHARACTERS = 600
QUESTION = frames.FrameLimits(max_bytes=1 << 28, max_depth=64, max_elements=1 << 26)


_REHEARSED = "import math\n\n\ndef f(x, more):\n    return more if math.sqrt(x) > 2 else [x] * 3\n"


def setup(data: bytes) -> None:
    """Rehearse in the server: the interpreter specialises what runs a few times, and children inherit it."""
    job = {"files": {"program.py": _REHEARSED}, "main": "program.py", "public": [], "seed": 1}
    vector = sys.modules["numpy"].zeros(3) if "numpy" in sys.modules else [0.5]
    questions = b"".join(frames.framed({"ask": "f", "args": [x, vector]}) for x in (1.0, 9.0))
    for _ in range(8):
        main(json.dumps(job).encode(), (frames.Rehearsal(questions),))
    del sys.modules["program"]


def main(job: bytes, channels: tuple[socket.socket, ...]) -> None:
    """Answer frames with ``{"value": ...}`` or ``{"error": {...}}`` until EOF.

    ``{"ask": name, "args": [...]}`` is one question, ``{"ask": name, "many": [[...], ...]}`` are several of the same
    function, whose answers go back as a list.
    """
    spec = json.loads(job)
    channel = channels[0]
    stream = frames.Stream(channel)
    _seed(spec)
    program: dict[str, Any] | None = None
    while True:
        question = stream.receive(limits=QUESTION)
        if question is None:
            return
        try:
            if program is None:
                program = _load(spec, stream)
            function = _function(program, question["ask"])
            if "many" in question:
                stream.send({"value": [_kept(function(*arguments)) for arguments in question["many"]]})
            else:
                stream.send({"value": function(*question["args"])})
        except BaseException as error:  # SystemExit and KeyboardInterrupt are failures like any other
            stream.send({"error": _describe(error, spec["main"])})
            return


def _kept(answer: Any) -> Any:
    """An answer as it is now: a program may fill the same array for each of its answers."""
    return answer if type(answer) in (float, int) else frames.Written(frames.encode(answer))


def _seed(spec: dict[str, Any]) -> None:
    """Global generators start from the job's seed. Loading `numpy.random` takes 15 ms: only for who may use it."""
    random.seed(spec["seed"])
    loaded = "numpy.random" in sys.modules
    if loaded or ("numpy" in sys.modules and any("random" in text for text in spec["files"].values())):
        sys.modules["numpy"].random.seed(spec["seed"] & 0xFFFFFFFF)


def _load(spec: dict[str, Any], stream: frames.Stream) -> dict[str, Any]:
    beside = {name[:-3]: text for name, text in spec["files"].items() if name.endswith(".py") and name != spec["main"]}
    if beside:
        sys.meta_path.insert(0, _Beside(beside))
    if spec["public"]:
        sys.modules["public"] = _public(spec["public"], stream)
    return at_home(spec) if spec.get("path") else _module("program", spec["files"][spec["main"]], spec["main"]).__dict__


class _Beside:
    """Finds the other files of a program when it imports them, in whatever order that is."""

    def __init__(self, texts: dict[str, str]) -> None:
        self.texts = texts

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        return importlib.machinery.ModuleSpec(name, self) if name in self.texts else None  # type: ignore[arg-type]

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> None:
        """The usual module."""

    def exec_module(self, module: types.ModuleType) -> None:
        name = module.__name__
        module.__file__ = f"{name}.py"
        exec(compile(self.texts[name], module.__file__, "exec", dont_inherit=True), module.__dict__)


def at_home(spec: dict[str, Any]) -> dict[str, Any]:
    """Run the program as the module that it is in its project, so that what it imports from there finds it."""
    sys.path[:0] = spec["path"]
    name = spec["module"]
    package, _, last = name.rpartition(".")
    module = types.ModuleType(name)
    module.__file__, module.__package__ = spec["main"], package
    if package:
        setattr(importlib.import_module(package), last, module)
    sys.modules[name] = module
    exec(compile(spec["files"][spec["main"]], spec["main"], "exec", dont_inherit=True), module.__dict__)
    return module.__dict__


def _module(name: str, text: str, file: str) -> types.ModuleType:
    module = types.ModuleType(name)
    module.__file__ = file
    sys.modules[name] = module
    exec(compile(text, file, "exec", dont_inherit=True), module.__dict__)
    return module


def _public(names: list[str], stream: frames.Stream) -> types.ModuleType:
    """The task's public functions, answered (and counted) by the judge's side."""

    def remote(name: str) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            stream.send({"public": name, "args": list(args)})
            reply = stream.receive(limits=QUESTION)
            if reply is None or "refused" in reply:
                raise RuntimeError(f"public.{name}: {reply['refused'] if reply else 'the judge has gone'}")
            return reply["value"]

        call.__name__ = name
        return call

    module = types.ModuleType("public")
    for name in names:
        setattr(module, name, remote(name))
    return module


def _function(program: dict[str, Any], name: str) -> Callable[..., Any]:
    function = program.get(name)
    if not callable(function):
        raise NameError(f"the program defines no function {name!r}")
    return function  # type: ignore[no-any-return]


def _describe(error: BaseException, main: str) -> dict[str, Any]:
    """Kind, message and the last line of the program that was running."""
    kind = type(error).__name__
    try:
        told = error.msg if isinstance(error, SyntaxError) else error  # its line is told below
        message = builtins.str(told)[:MESSAGE_CHARACTERS].encode(errors="replace").decode()
    except BaseException:  # a hostile __str__
        message = ""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == main]
    if isinstance(error, SyntaxError):
        lines.append(error.lineno)
    return {
        "kind": kind[:100],
        "message": message,
        "line": lines[-1] if lines else None,
        "memory": isinstance(error, MemoryError),
    }
