"""Inside the judge's jail: the task's judge talks to candidates over frames and decides the score.

The server loads the task's ``judge.py`` once; each trial is a forked child. Its first channel leads to the
supervisor (it asks there for a fresh candidate process per instance, and reports there); the candidate's end of
each conversation is a channel of its own, from which every byte is distrusted.
"""

from __future__ import annotations

import json
import math
import socket
import subprocess
import sys
import tempfile
import traceback
import types
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import islice
from typing import Any

import numpy as np

from shoal.evaluate._answers import Reader, readers
from shoal.evaluate._judge_timed import compare, is_told
from shoal.evaluate._judge_wire import NEXT, RESULT, ROLES, UNLOADABLE
from shoal.evaluate._program_input import program_input
from shoal.evaluate._stir import stir
from shoal.evaluate._talk import Failed, Talk, Terms
from shoal.judging import Wrong
from shoal.sandbox import frames

__all__ = ["main", "setup"]


FEEDBACK_CHARACTERS = 1_500
JUDGES = {"session": "play", "timed": "same"}  # what the judge of a kind defines; "score" elsewhere
CANARY = "canary"  # the split whose instances have no good answer


@dataclass
class _Task:
    judge: types.ModuleType
    public: types.ModuleType | None
    kind: str
    entry: str
    fixed: bool
    low: float
    high: float
    frame: frames.FrameLimits
    public_seconds: float  # CPU seconds of this process that a trial's calls of public functions may use
    honey: str  # a word that is nowhere but in this process: whoever sends it got at our memory
    answers: dict[str, Reader]  # what checks the answers of a function, where task.toml declares them


_loaded: list[_Task] = []


def setup(data: bytes) -> None:
    """Load the task, once per server. Raises `ImportError` with one line for whatever is wrong with it."""
    try:
        _load(json.loads(data))
    except Exception as error:
        raise ImportError(UNLOADABLE + _explain(error)) from None


def _load(spec: dict[str, Any]) -> None:
    if spec["stir"]:
        stir()
    judge = _module("judge", spec["judge"], spec["path"])
    public = _module("public", spec["public"], "public.py") if spec["public"] else None
    for name in ("instances", JUDGES.get(spec["kind"], "score")):
        if not callable(getattr(judge, name, None)):
            raise AttributeError(f"a {spec['kind']} task must define the function {name}()")
    honey = spec["honey"]
    limits = frames.FrameLimits(
        max_bytes=spec["answer_bytes"], max_depth=32, max_elements=1 << 22, forbidden=honey.encode()
    )
    low, high = spec["range"]
    seconds = spec["public_seconds"]
    answers = readers(spec["answers"])
    kind, entry, fixed = spec["kind"], spec["entry"], spec["fixed"]
    _loaded.append(_Task(judge, public, kind, entry, fixed, low, high, limits, seconds, honey, answers))
    _rehearse(judge)


def _rehearse(judge: types.ModuleType) -> None:
    """Draw one instance of the search split: an empty stream is told before a run starts, and forks start warm."""
    if not list(islice(iter(judge.instances("search", _generator(0))), 1)):
        raise ValueError("instances('search', rng) gives no instance: a trial needs at least one")
    for _ in range(8):  # the interpreter specialises what runs a few times; children inherit it
        _rehearse_a_talk()
        json.loads(json.dumps({"per_instance": [asdict(_One(0))], "score": 0.5}))


def _rehearse_a_talk() -> None:
    answers = np.zeros(3), [[0.5, 1], "text", None, True]
    terms = Terms(frame=_loaded[0].frame, answers={}, public=None, public_seconds=0.0)
    said = b"".join(frames.framed({"value": answer}) for answer in answers)
    talk = Talk(frames.Rehearsal(said), terms=terms, seconds=60.0)
    for _ in answers:
        talk("f", 0.5, np.zeros(3))


def _generator(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(np.random.SeedSequence(seed)))


_unused = _generator(0)


def _module(name: str, text: str, file: str) -> types.ModuleType:
    module = types.ModuleType(name)
    module.__file__ = file
    sys.modules[name] = module
    exec(compile(text, file, "exec", dont_inherit=True), module.__dict__)
    return module


def main(job: bytes, channels: tuple[socket.socket, ...]) -> None:
    """Run one trial, or draw one picture, and report on the first channel."""
    spec, control = json.loads(job), channels[0]
    try:
        if "picture" in spec:
            _picture(control)
        elif "draws" in spec:
            _tell_draws(spec["draws"], control)
        else:
            _Conversation(_loaded[0], spec, control, list(channels[1:])).run()
    except Exception as error:
        text = _explain(error).encode()
        control.sendall(RESULT.pack(b"E", len(text), 0) + text)


def _explain(error: Exception) -> str:
    """One line: what the judge raised, and where in its file."""
    lines = [
        frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith("/judge.py")
    ]
    where = f" (judge.py, line {lines[-1]})" if lines else ""
    return " ".join(f"{type(error).__name__}: {str(error)[:FEEDBACK_CHARACTERS]}{where}".split())


@dataclass
class _One:
    """What one instance came to."""

    index: int
    status: str = "ok"
    value: float | None = None
    descriptor: list[float] = field(default_factory=list)
    feedback: str = ""
    metrics: dict[str, float] = field(default_factory=dict)
    private: dict[str, float] = field(default_factory=dict)


class _Conversation:
    def __init__(self, task: _Task, spec: dict[str, Any], control: socket.socket, ready: list[socket.socket]) -> None:
        self.task, self.spec, self.control, self.ready = task, spec, control, ready
        self.terms = Terms(
            frame=task.frame, answers=task.answers, public=task.public, public_seconds=task.public_seconds
        )
        self.public_calls = 0
        self.kept: Any = None
        self.built: Any = None  # of a command task: what its compile step left, handed on to each instance

    def run(self) -> None:
        results = self._compile() if self.spec["compile_wall_seconds"] else []
        for number, (index, instance) in enumerate(() if results else self._instances()):
            results.append(self._one(number, index, instance))
            if results[-1].status != "ok":  # one failed instance fails the candidate: the rest need not be run
                break
            if self._fell_behind(results):
                results[-1].status = "stopped"
                break
        score = self._aggregate(results) if results[-1].status == "ok" else None
        report = {
            "per_instance": [asdict(one) for one in results],
            "score": score,
            "public_calls": self.public_calls,
        }
        data = json.dumps(report).encode()
        kept = frames.encode(self.kept) if (self.spec["keep"] or self.spec["trace"]) and self.kept is not None else b""
        self.control.sendall(RESULT.pack(b"R", len(data), len(kept)) + data + kept)

    def _fell_behind(self, results: list[_One]) -> bool:
        """Whether the mean so far is below the trial's floor; a judge with a mean of its own has no floors."""
        floors = self.spec["floors"]
        if len(results) > len(floors) or hasattr(self.task.judge, "aggregate"):
            return False
        mean = math.fsum(one.value for one in results if one.value is not None) / len(results)
        return bool(self.spec["sign"] * mean < floors[len(results) - 1])

    def _compile(self) -> list[_One]:
        """Have the program compiled in a box of its own; the first instance, failed, where that cannot be done."""
        channel = self._candidate(0)
        talk = Talk(channel, terms=self.terms, seconds=self.spec["compile_wall_seconds"])
        try:
            with channel:
                self.built = talk("compile")
        except Failed as failure:
            one = _One(self.spec["indices"][0], failure.status)
            one.feedback = f"compiling: {failure.feedback}"[:FEEDBACK_CHARACTERS]
            return [one]
        return []

    def _instances(self) -> Iterable[tuple[int, Any]]:
        stream, called = self._stream()
        wanted = self.spec["indices"]
        drawn = dict(enumerate(islice(stream, max(wanted) + 1)))
        if missing := [index for index in wanted if index not in drawn]:
            raise ValueError(f"{called} gave {len(drawn)} instances, but number {missing[0]} is asked for")
        return [(index, drawn[index]) for index in wanted]

    def _stream(self) -> tuple[Iterator[Any], str]:
        """The stream of instances that the trial draws from, and what makes it."""
        judge, split, family = self.task.judge, self.spec["split"], self.spec["family"]
        rng = _unused if self.task.fixed else _generator(self.spec["seed"])  # making one costs a fork 0.4 ms
        if split == CANARY:
            return iter(judge.canaries(rng)), "canaries(rng)"
        if family:
            return iter(judge.transfer(family, rng)), f"transfer({family!r}, rng)"
        return iter(judge.instances(split, rng)), f"instances({split!r}, rng)"

    def _one(self, number: int, index: int, instance: Any) -> _One:
        one = _One(index)
        before = self.public_calls
        try:
            if self.task.kind == "timed":
                told = partial(self._told, number)
                compare(instance, self._same, told, place=number, limits=self.task.frame)
                one.value = 0.0  # what it is worth the supervisor finds, which sees what the processes used
            else:
                with self._talk(number) as talk:
                    judged = self._judge(instance, talk)
                self._read(one, judged)
        except Failed as failure:
            one.status, one.feedback = failure.status, failure.feedback
        except Wrong as wrong:
            one.status, one.feedback = "wrong", str(wrong)
        one.feedback = one.feedback[:FEEDBACK_CHARACTERS]
        if one.status in ("timeout", "gone"):  # where a clock ends a program, its calls do not repeat
            self.public_calls = before
        return one

    def _same(self, mine: Any, right: Any) -> None:
        self.task.judge.same(mine, right)

    @contextmanager
    def _talk(self, number: int) -> Iterator[Talk]:
        """A conversation with a fresh process; the calls of public functions in it are counted."""
        with self._candidate(number) as channel:
            talk = Talk(channel, terms=self.terms, seconds=self.spec["wall_seconds"])
            try:
                yield talk
            finally:
                self.public_calls += talk.public_calls

    def _told(
        self, place: int, role: int, calls: Sequence[Any], *, closely: bool = False, run: bool = True
    ) -> list[Any]:
        """See `Tell`."""
        with self._talk(place * ROLES + role) as talk:
            told = talk.put({"calls": list(calls), "closely": closely, "run": run})
        if type(told) is not list or len(told) != len(calls) or (run and not all(map(is_told, told))):
            raise Failed("wrong", f"the answer is not a frame of the protocol: {len(calls)} calls were asked for")
        return told

    def _candidate(self, number: int) -> socket.socket:
        """A channel to a fresh process of the candidate; the first comes with the job."""
        if self.ready and number == 0:
            return self.ready.pop()
        self.control.sendall(NEXT.pack(b"N", number))
        _, descriptors, _, _ = socket.recv_fds(self.control, 1, 1)
        return socket.socket(fileno=descriptors[0])

    def _judge(self, instance: Any, talk: Talk) -> Any:
        judge = self.task.judge
        if self.task.kind == "session":
            judged = judge.play(instance, talk)
            if self.kept is None:
                self.kept = talk(self.spec["trace"]) if self.spec["trace"] else [instance, _trace_of(judged)]
            return judged
        output = self._output(instance, talk)
        if self.spec["trace"] and self.kept is None:
            self.kept = talk(self.spec["trace"])
        elif self.spec["keep"] and self.kept is None:
            self.kept = [instance, output]
        return judge.score(instance, output)

    def _output(self, instance: Any, talk: Talk) -> Any:
        judge = self.task.judge
        if self.task.kind != "command":
            return talk(self.task.entry, *_arguments(judge, instance))
        chosen = getattr(judge, "arguments", None)
        return talk("run", program_input(chosen(instance) if chosen else instance), self.built)

    def _read(self, one: _One, judged: Any) -> None:
        """Take a judge's word apart: a number, or a dictionary with a number under ``score``."""
        extras = judged if isinstance(judged, dict) else {"score": judged}
        if "score" not in extras:
            raise TypeError(f"the judge's dictionary has no 'score', only {', '.join(map(str, extras)) or 'nothing'}")
        one.value = self._score(extras["score"])
        one.descriptor = [float(number) for number in extras.get("descriptor", ())]
        one.feedback = str(extras.get("feedback", ""))
        if not all(map(math.isfinite, one.descriptor)):
            raise Failed("wrong", f"the descriptor {one.descriptor} is not made of finite numbers")
        one.metrics = _finite(extras.get("metrics", {}))
        one.private = _finite(extras.get("private", {}))

    def _score(self, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
            raise TypeError(f"the judge's score must be a number, not {type(value).__name__}")
        score = float(value)
        if not math.isfinite(score):
            raise Failed("wrong", f"the score is {score}, not a finite number")
        if not self.task.low <= score <= self.task.high:
            raise Failed("wrong", f"the score {score} is outside the task's range [{self.task.low}, {self.task.high}]")
        return score

    def _aggregate(self, results: list[_One]) -> float | None:
        """The candidate's value: the judge's `aggregate`, else the mean."""
        values = [one.value for one in results if one.value is not None]
        aggregate = getattr(self.task.judge, "aggregate", None)
        try:
            return self._score(aggregate(values) if aggregate else math.fsum(values) / len(values))
        except Failed as failure:
            results[-1].status, results[-1].feedback = failure.status, failure.feedback
            return None


def _finite(numbers: dict[str, Any]) -> dict[str, float]:
    """Numbers by name, without those that are not finite: a log holds none, and no metric is worth a trial."""
    found = {str(name): float(number) for name, number in numbers.items()}
    return {name: number for name, number in found.items() if math.isfinite(number)}


def _trace_of(judged: Any) -> Any:
    """What `play` wants drawn: the entry ``trace`` of its dictionary."""
    return judged.get("trace") if isinstance(judged, dict) else None


def _arguments(judge: types.ModuleType, instance: Any) -> tuple[Any, ...]:
    """What the entry function is called with."""
    chosen = getattr(judge, "arguments", None)
    if chosen is not None:
        return tuple(chosen(instance))
    if isinstance(instance, tuple):
        return instance
    return () if instance is None else (instance,)


def _tell_matplotlib_where_it_is() -> None:
    """It wants a folder for its font cache and asks `fc-list` for fonts: here nothing is writable and nothing forks.

    A folder that does not exist it can live with, and a program that cannot be started too; a killed process it
    cannot.
    """

    def refuse(*_: object, **__: object) -> Any:
        raise FileNotFoundError("no process can be started here")

    setattr(tempfile, "mkdtemp", lambda *_, **__: "/nowhere")  # noqa: B010
    setattr(subprocess, "Popen", refuse)  # noqa: B010


def _tell_draws(draws: list[dict[str, Any]], control: socket.socket) -> None:
    """Describe instances by digests, for a check of the judge; no candidate takes part."""
    from shoal.evaluate import _draws

    task, judge = _loaded[0], _loaded[0].judge

    def stream(draw: dict[str, Any]) -> Iterable[Any]:
        rng, family = _generator(draw["seed"]), draw.get("family", "")
        yield from judge.transfer(family, rng) if family else judge.instances(draw["split"], rng)

    def given(instance: Any) -> Any:
        if task.kind == "timed":
            return [instance]
        if task.kind != "command":
            return list(_arguments(judge, instance))
        chosen = getattr(judge, "arguments", None)
        return program_input(chosen(instance) if chosen else instance)

    told = json.dumps(_draws.report(draws, stream=stream, arguments=given)).encode()
    control.sendall(RESULT.pack(b"R", len(told), 0) + told)


def _picture(control: socket.socket) -> None:
    """Draw ``picture(instance, output)``; one frame in, PNG bytes out, framed as a result."""
    _tell_matplotlib_where_it_is()
    instance, output = frames.receive(control, limits=frames.FrameLimits(1 << 28, 64, 1 << 26), deadline=None)
    png = _loaded[0].judge.picture(instance, output)
    if type(png) is not bytes:
        raise TypeError(f"picture() must return the bytes of a PNG, not {type(png).__name__}")
    control.sendall(RESULT.pack(b"P", 0, len(png)) + png)
