"""What a judge's process says to a candidate's and hears from it: questions, answers, calls of public functions.

Every byte that comes back is distrusted. A candidate that fails raises `Failed`, which no judge catches by accident.
"""

from __future__ import annotations

import signal
import socket
import time
import types
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shoal.evaluate._answers import Reader
from shoal.judging import Wrong
from shoal.sandbox import frames

__all__ = ["HONEY", "Failed", "Talk", "Terms"]

HONEY = "honey_token"
GONE = "the program ended without an answer"
BATCH_BYTES = 1 << 20  # of questions that are put together; a single larger one travels alone


class Failed(BaseException):
    """The candidate failed; not an Exception, so that a judge cannot swallow it by accident."""

    def __init__(self, status: str, feedback: str) -> None:
        super().__init__(feedback)
        self.status, self.feedback = status, feedback


@dataclass(slots=True, kw_only=True)
class Terms:
    """What holds for all conversations of one trial.

    ``answers`` are the checks of functions whose answers are declared. ``public_seconds`` are the CPU seconds of this
    process that calls of ``public`` may still use.
    """

    frame: frames.FrameLimits
    answers: dict[str, Reader]
    public: types.ModuleType | None
    public_seconds: float


class Talk:
    """One conversation with one candidate process: the ``ask`` of a judge's ``play``, see `shoal.judging.Ask`.

    It may take ``seconds`` of wall time from now on. ``public_calls`` counts the calls of public functions.
    """

    def __init__(self, channel: socket.socket, *, terms: Terms, seconds: float) -> None:
        self.stream, self.terms, self.seconds = frames.Stream(channel), terms, seconds
        self.deadline = time.monotonic() + seconds
        self.public_calls = 0

    def __call__(self, name: str, *args: Any) -> Any:
        """Call a function of the candidate. Ends the trial when the candidate fails."""
        answer = self._answer(_framed(name, {"ask": name, "args": args}), self.terms.frame)
        return self._declared(name, answer)

    def put(self, question: dict[str, Any]) -> Any:
        """Ask a question that is no call of one function; the answer as it came. Ends the trial as a call does."""
        return self._answer(_framed("the program", question), self.terms.frame)

    def many(self, name: str, arguments: Iterable[Sequence[Any]]) -> list[Any]:
        """Call a function of the candidate once for each tuple of arguments; the answers in the same order.

        All answers together may have the bytes of one frame. Ends the trial when the candidate fails.
        """
        answers: list[Any] = []
        limits = replace(self.terms.frame, max_depth=self.terms.frame.max_depth + 1)
        for count, question in _batches(name, _tuples(name, arguments)):
            batch = self._answer(question, limits)
            if type(batch) is not list or len(batch) != count:
                raise Failed("wrong", f"the answer is not a frame of the protocol: {count} answers were asked for")
            limits = replace(limits, max_bytes=limits.max_bytes - self.stream.size)
            answers += [self._declared(name, answer) for answer in batch]
        return answers

    def _answer(self, question: bytes, limits: frames.FrameLimits) -> Any:
        """What the candidate answers to a frame, after the calls of public functions that it makes meanwhile."""
        try:
            self.stream.send_framed(question, deadline=self.deadline)
            reply = self.stream.receive(limits=limits, deadline=self.deadline)
            if isinstance(reply, dict) and "public" in reply:
                reply = self._serve(reply, limits)
            return _value(reply)
        except frames.ForbiddenError as error:
            raise Failed(HONEY, str(error)) from None
        except frames.FrameError as error:
            raise Failed("wrong", f"the answer cannot be read: {error}") from None
        except TimeoutError:
            raise Failed("timeout", f"no answer within {self.seconds:g} s") from None
        except OSError:
            raise Failed("gone", GONE) from None

    def _declared(self, name: str, value: Any) -> Any:
        """The answer in the form that the task declares; a judge cannot catch the refusal by accident."""
        reader = self.terms.answers.get(name)
        try:
            return reader(value) if reader else value
        except Wrong as wrong:
            raise Failed("wrong", str(wrong)) from None

    def _serve(self, reply: Any, limits: frames.FrameLimits) -> Any:
        """Answer calls of public functions until the answer comes; they may not use up the time for judging."""
        signal.signal(signal.SIGPROF, _overspent)
        signal.setitimer(signal.ITIMER_PROF, max(self.terms.public_seconds, 1e-3))
        try:
            while isinstance(reply, dict) and "public" in reply:
                self.stream.send(self._public(reply), deadline=self.deadline)
                reply = self.stream.receive(limits=limits, deadline=self.deadline)
            return reply
        finally:
            self.terms.public_seconds = signal.setitimer(signal.ITIMER_PROF, 0.0)[0]

    def _public(self, request: dict[str, Any]) -> dict[str, Any]:
        """Answer and count one call; only what public.py itself defines can be called, not what it imports."""
        self.public_calls += 1
        name = request["public"]
        function = vars(self.terms.public).get(name) if type(name) is str and self.terms.public else None
        try:
            if not isinstance(function, types.FunctionType) or function.__module__ != "public" or name.startswith("_"):
                raise NameError(f"public.py has no such function: {name!r}"[:200])
            answer = {"value": function(*request.get("args", ()))}
            frames.encode(answer)
            return answer
        except Exception as error:  # a candidate may ask nonsense
            return {"refused": f"{type(error).__name__}: {error}"[:300]}


def _framed(name: str, question: dict[str, Any]) -> bytes:
    try:
        return frames.framed(question)
    except frames.FrameError as error:  # the judge's mistake, never the candidate's
        raise TypeError(f"what the judge hands to {name}() cannot be sent: {error}") from None


def _tuples(name: str, arguments: Iterable[Sequence[Any]]) -> list[Sequence[Any]]:
    """The arguments of each question. Raises TypeError where they are not tuples, which a judge's author mends."""
    questions = list(arguments)
    for one in questions:
        if not isinstance(one, (tuple, list)):
            raise TypeError(f"many() takes a tuple of arguments for each call of {name}(), not {type(one).__name__}")
    return questions


def _batches(name: str, questions: list[Sequence[Any]]) -> Iterator[tuple[int, bytes]]:
    """As few frames as `BATCH_BYTES` allow, each with the number of its questions."""
    if not questions:
        return
    frame = _framed(name, {"ask": name, "many": questions})
    if len(frame) <= BATCH_BYTES or len(questions) == 1:
        yield len(questions), frame
        return
    step = max(1, min(len(questions) // 2, BATCH_BYTES * len(questions) // len(frame)))
    for start in range(0, len(questions), step):
        yield from _batches(name, questions[start : start + step])


def _value(reply: Any) -> Any:
    if reply is None:
        raise Failed("gone", GONE)
    if isinstance(reply, dict) and len(reply) == 1 and "value" in reply:
        return reply["value"]
    error = reply.get("error") if isinstance(reply, dict) else None
    if not isinstance(error, dict):
        raise Failed("wrong", "the answer is not a frame of the protocol")
    status = "memory" if error.get("memory") is True else "crash"
    line = error.get("line")
    where = f" (line {line})" if isinstance(line, int) else ""
    kind, said = (text if type(text) is str else "" for text in (error.get("kind"), error.get("message")))
    message = f": {said}" if said else ""
    raise Failed(status, f"{kind or 'an error without a name'}{message}{where}")


def _overspent(*_: object) -> None:
    raise Failed("timeout", "its calls of public functions take too much CPU time")
