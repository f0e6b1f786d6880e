"""Runs candidates in one jail and the task's judge in another, and turns what happens into outcomes.

Per trial: one judge process, and one candidate process per instance, each forked from a warm server. Judge and
candidate talk over a socket of their own; the supervisor passes the ends out, waits, measures, and reads a report
of capped size. What a candidate says never reaches the supervisor as anything but bytes.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from shoal.core import seeds
from shoal.core.errors import JudgeError, UserError
from shoal.core.values import Counted, Files, InstanceResult, Measured, Outcome, Status, Trial
from shoal.evaluate._judge_wire import BASE, CHECKS, NEXT, RESULT, ROLES, THEIRS, UNLOADABLE
from shoal.evaluate._setting import Setting
from shoal.evaluate._shares import exits_of, value_shares
from shoal.sandbox import Child, Exit, Limits, SandboxError, Server, frames

__all__ = ["TaskEvaluator"]

REPORT_BYTES = 1 << 20
KEPT_BYTES = 64 << 20
FEEDBACK_CHARACTERS = 1_500
BORDER = 1.5  # a limit is enforced here times over, so that a near miss can be told from a runaway
JUDGE_GRACE_SECONDS = 30.0
PROGRAM_FILES = 256  # that one process of a command may have open
COMPILER_BYTES = 2 << 30  # that a compile step may use at least, whatever the program may
_GONE = {"cpu": Status.TIMEOUT, "wall": Status.TIMEOUT, "violation": Status.VIOLATION, "lost": Status.LOST}
FLAGS = ("honey_token",)  # what the judge says of an instance when no honest program would have done it
_CODES = {71: Status.MEMORY, 72: Status.LOST}  # see `Exit`: no memory left to say so; never confined, never run


@dataclass(slots=True)
class _Trial:
    """One trial in motion."""

    jobs: tuple[bytes, bytes]  # the candidate's, the initial program's
    judge: Child
    control: socket.socket
    candidates: list[Child] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)  # by which the judge asked for each


@dataclass(frozen=True, slots=True)
class Shown:
    """A trial's outcome and what was kept of it: frame bytes (instance and answer, or a trace)."""

    outcome: Outcome
    kept: bytes


class TaskEvaluator:
    """An `Evaluator` for one task. Use as an async context manager; it owns two fork servers.

    ``workers`` trials run at once. Outcomes are natural values in ``per_instance`` and higher-is-better in ``score``.
    """

    def __init__(self, setting: Setting, *, workers: int | None = None, level: int | None = None) -> None:
        self.setting = setting
        self.workers = workers or os.cpu_count() or 1
        self._slots = asyncio.Semaphore(self.workers)
        self._alone = asyncio.Lock()
        self._candidates = Server(setting.candidate_profile(), level=level)
        self._judges = Server(setting.judge_profile(), level=level)

    async def __aenter__(self) -> TaskEvaluator:
        started = await asyncio.gather(self._candidates.start(), self._judges.start(), return_exceptions=True)
        for error in started:
            if isinstance(error, BaseException):
                await self.__aexit__()
                raise self._start_error(error) from None
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.gather(self._candidates.close(), self._judges.close())

    def _start_error(self, error: BaseException) -> BaseException:
        """A judge that cannot even be loaded is its author's mistake, told in one line."""
        _, unloadable, told = str(error).partition(UNLOADABLE)
        if unloadable and isinstance(error, SandboxError):
            return UserError(f"task {self.setting.name}: {unloadable}{told.strip()}")
        return error

    @property
    def level(self) -> int:
        """The isolation level both servers reached."""
        return min(self._candidates.level, self._judges.level)

    def cpu_seconds(self) -> float:
        """CPU seconds used by the two servers and all their children."""
        return self._candidates.cpu_seconds() + self._judges.cpu_seconds()

    # -- trials --------------------------------------------------------------------------------------------------

    async def evaluate(self, trial: Trial, files: Files, *, seed: int, opponents: tuple[Files, ...] = ()) -> Outcome:
        """See `Evaluator.evaluate`; call and session tasks have no opponents.

        A time-out near its limit is run once more, alone, and marked borderline.
        """
        return (await self.show(trial, files, seed=seed)).outcome

    async def show(self, trial: Trial, files: Files, *, seed: int, keep: bool = False, trace: str = "") -> Shown:
        """Evaluate and keep the first instance with its answer, or what the program's function ``trace`` returns."""
        async with self._slots:
            shown = await self._once(trial, files, seed=seed, keep=keep, trace=trace)
        if shown.outcome.status is Status.TIMEOUT and shown.outcome.measured.borderline:
            async with self._by_itself():
                shown = await self._once(trial, files, seed=seed, keep=keep, trace=trace)
            measured = replace(shown.outcome.measured, borderline=True)
            return replace(shown, outcome=replace(shown.outcome, measured=measured))
        return shown

    @asynccontextmanager
    async def _by_itself(self) -> AsyncIterator[None]:
        """Hold every slot."""
        async with self._alone, AsyncExitStack() as held:
            for _ in range(self.workers):
                await held.enter_async_context(self._slots)
            yield

    async def _once(self, trial: Trial, files: Files, *, seed: int, keep: bool, trace: str) -> Shown:
        running = self._begin(trial, files, seed=seed, keep=keep, trace=trace)
        try:
            kind, data, kept = await self._converse(running)
            report = json.loads(data) if kind == b"R" else {}
            if not report or report["per_instance"][-1]["status"] == "timeout":
                running.candidates[-1].kill()  # what it still does changes nothing, and others wait for the slot
            exits = [await child.exited() for child in running.candidates]
            judge = await running.judge.exited()
        finally:
            running.control.close()
            for child in (running.judge, *running.candidates):
                child.kill()
        if kind == b"E":
            raise JudgeError(data.decode(errors="replace"))
        if kind != b"R":
            return Shown(self._without_report(trial, judge, exits), b"")
        if self.setting.kind == "timed":
            value_shares(report, exits, running.numbers)
        return Shown(self._outcome(trial, report, exits, judge, numbers=running.numbers), kept)

    def _begin(self, trial: Trial, files: Files, *, seed: int, keep: bool, trace: str) -> _Trial:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        ask, answer = _conversation()
        wall = self.setting.wall_seconds
        judge_job = {
            "split": str(trial.split),
            "family": self.setting.transfer[trial.stage - 1] if trial.stage else "",
            "indices": list(trial.instances),
            "seed": seed,
            "wall_seconds": wall,
            "compile_wall_seconds": self.setting.compile_wall_seconds,
            "floors": list(trial.floors),
            "sign": self.setting.sign,
            "keep": keep,
            "trace": trace,
        }
        limits = Limits(
            cpu_seconds=self.setting.judge_cpu_seconds,
            wall_seconds=self.setting.compile_wall_seconds
            + len(trial.instances) * wall
            + self.setting.judge_cpu_seconds
            + JUDGE_GRACE_SECONDS,
            memory_bytes=self.setting.judge_memory_bytes,
        )
        # Not the judge's seed: a candidate could draw its own instances, hidden answers included.
        job_seed = seeds.number(seed, "candidate")
        mine, first = self.setting.candidate_job(files, seed=job_seed), self.setting.initial
        jobs = mine, mine if first is None else self.setting.candidate_job(first, seed=job_seed)
        with ExitStack() as undo:
            undo.callback(ours.close)
            undo.callback(answer.close)
            judge = self._judges.spawn(json.dumps(judge_job).encode(), (theirs, ask), limits=limits)
            running = _Trial(jobs=jobs, judge=judge, control=ours)
            self._spawn_candidate(running, answer, number=0)
            undo.pop_all()
        return running

    def _spawn_candidate(self, running: _Trial, channel: socket.socket, *, number: int) -> None:
        if self.setting.compile and not running.candidates:
            limits = self._compile_limits()
        else:
            limits = self._limits()
        theirs = self.setting.kind == "timed" and number % ROLES in (THEIRS, BASE, CHECKS)
        running.candidates.append(self._candidates.spawn(running.jobs[theirs], (channel,), limits=limits))
        running.numbers.append(number)

    def _compile_limits(self) -> Limits:
        """Of the compile step, which is the first child of a trial; nobody runs it again for a near miss."""
        return Limits(
            cpu_seconds=self.setting.compile_cpu_seconds,
            wall_seconds=self.setting.compile_wall_seconds + 1.0,
            memory_bytes=max(self.setting.memory_bytes, COMPILER_BYTES),
            open_files=PROGRAM_FILES,
        )

    def _limits(self) -> Limits:
        return Limits(
            cpu_seconds=BORDER * self.setting.cpu_seconds,
            wall_seconds=BORDER * self.setting.wall_seconds + 1.0,
            memory_bytes=self.setting.memory_bytes,
            open_files=PROGRAM_FILES if self.setting.kind == "command" else Limits().open_files,
        )

    async def _converse(self, running: _Trial) -> tuple[bytes, bytes, bytes]:
        """Serve the judge's requests for candidates until its report; (b"", b"", b"") when it dies without one."""
        while True:
            kind = await _receive(running.control, 1)
            if kind == b"N":
                _, number = NEXT.unpack(kind + await _receive(running.control, NEXT.size - 1))
                ask, answer = _conversation()
                self._spawn_candidate(running, answer, number=number)
                socket.send_fds(running.control, [b"c"], [ask.fileno()])
                ask.close()
                continue
            if kind == b"":
                return b"", b"", b""
            header = kind + await _receive(running.control, RESULT.size - 1)
            if len(header) < RESULT.size:
                return b"", b"", b""
            _, size, kept = RESULT.unpack(header)
            if size > REPORT_BYTES or kept > KEPT_BYTES:
                raise JudgeError(f"the judge's report has {size + kept} bytes; the limit is {REPORT_BYTES}")
            return kind, await _receive(running.control, size), await _receive(running.control, kept)

    # -- outcomes ------------------------------------------------------------------------------------------------

    def _without_report(self, trial: Trial, judge: Exit, exits: Sequence[Exit]) -> Outcome:
        """The judge ended without a report: lost machinery, an answer made to keep it busy, or a judge at fault.

        An honest judge can be kept busy (a valid answer as long as the caps allow, at every question), so its CPU time
        is the candidate's risk: a run cannot be stopped that way.
        """
        if judge.cause in ("lost", "killed"):
            return self._made(trial, Status.LOST, "the worker was lost", exits, judge)
        if judge.cause == "cpu":
            told = f"judging its answers took more than {self.setting.judge_cpu_seconds:g} CPU s (judge_cpu_seconds)"
            outcome = self._made(trial, Status.TIMEOUT, told, exits, judge)
            return replace(outcome, counted=Counted(evaluations=1, instance_runs=len(trial.instances)))
        ways = {
            "wall": "did not end in time",
            "exit": f"left with exit code {judge.code}",
            "violation": "tried what the sandbox forbids",
        }
        way = ways.get(judge.cause, f"died of signal {judge.signal}")
        limits = f"{self.setting.judge_cpu_seconds:g} CPU s, {self.setting.judge_memory_bytes >> 20} MiB"
        raise JudgeError(f"the judge {way} without giving a score (limits: {limits})")

    def _made(self, trial: Trial, status: Status, feedback: str, exits: Sequence[Exit], judge: Exit) -> Outcome:
        measured = self._measured(exits, judge)
        return Outcome(trial=trial, status=status, score=None, feedback=feedback, measured=measured)

    def _outcome(
        self, trial: Trial, report: dict[str, Any], exits: Sequence[Exit], judge: Exit, *, numbers: Sequence[int]
    ) -> Outcome:
        ones = report["per_instance"]
        # before them the compile step's, unless that was the end
        deciding = exits_of(ones, exits, numbers) if self.setting.kind == "timed" else exits[-len(ones) :]
        results = tuple(self._instance(one, exit) for one, exit in zip(ones, deciding, strict=True))
        flags = tuple(one["status"] for one in ones if one["status"] in FLAGS)
        failed = next((i for i, one in enumerate(results) if one.status is not Status.OK), None)
        status = Status.OK if failed is None else results[failed].status
        feedback = ""
        if failed is not None:
            compiling = bool(self.setting.compile) and len(exits) == len(ones)
            feedback = self._feedback(ones[failed], results[failed], deciding[failed], compiling=compiling)
        score = None if failed is not None else self.setting.sign * report["score"]
        return Outcome(
            trial=trial,
            status=status,
            score=score,
            per_instance=results,
            metrics=_mean([one["metrics"] for one in ones]),
            private=_mean([one["private"] for one in ones]),
            feedback=(feedback or " ".join(dict.fromkeys(filter(None, (one["feedback"] for one in ones)))))[
                :FEEDBACK_CHARACTERS
            ],
            counted=Counted(evaluations=1, instance_runs=len(ones), public_calls=report["public_calls"]),
            measured=self._measured(exits, judge),
            flags=flags,
        )

    def _instance(self, one: dict[str, Any], exit: Exit) -> InstanceResult:
        status = self._status(one["status"], exit)
        value = one["value"] if status in (Status.OK, Status.STOPPED) else None
        return InstanceResult(one["index"], status, value, tuple(one["descriptor"]))

    def _status(self, word: str, exit: Exit) -> Status:
        """The judge says what came over the channel; how the process ended says the rest."""
        if exit.cause in ("violation", "lost"):
            return _GONE[exit.cause]
        if self.setting.ported is not None and word == "wrong" and exit.cpu_seconds > self.setting.cpu_seconds:
            return Status.TIMEOUT  # the kernel ended one of its processes, which the evaluator took for a failure
        if word in ("ok", "stopped"):
            in_time = exit.cpu_seconds <= self.setting.cpu_seconds and exit.cause not in ("cpu", "wall")
            return Status(word) if in_time else Status.TIMEOUT
        if word == "gone":
            return _GONE.get(exit.cause) or _CODES.get(exit.code or 0, Status.CRASH)
        return Status.VIOLATION if word in FLAGS else Status(word)

    def _feedback(self, one: dict[str, Any], result: InstanceResult, exit: Exit, *, compiling: bool = False) -> str:
        if result.status is Status.TIMEOUT:
            # No measured time: feedback reaches proposers, and what they make must repeat.
            if compiling:
                return f"too slow to compile: {self.setting.compile_cpu_seconds:g} CPU s are allowed"
            allowed = f"{self.setting.cpu_seconds:g} CPU s and {self.setting.wall_seconds:g} s"
            return f"too slow: {allowed} are allowed for each instance" + (
                f" ({one['feedback']})" if one["status"] == "timeout" else ""
            )
        if result.status is Status.LOST:
            return "the worker was lost"
        if one["status"] in FLAGS:
            return "the program answered with a word that only the judge knows: it looked where it must not"
        if result.status is Status.VIOLATION:
            return "the program tried what the sandbox forbids (processes, files, network or other system calls)"
        if one["status"] == "gone" and exit.signal is not None:
            return f"the program died of signal {exit.signal} without an answer"
        return str(one["feedback"])

    def _measured(self, exits: Sequence[Exit], judge: Exit) -> Measured:
        return Measured(
            cpu_seconds=round(sum(exit.cpu_seconds for exit in exits) + judge.cpu_seconds, 6),
            wall_seconds=round(max(judge.wall_seconds, *(exit.wall_seconds for exit in exits)), 6),
            peak_bytes=max((exit.peak_bytes for exit in exits), default=0),
            isolation_level=self.level,
            borderline=any(map(self._near_miss, exits[1:] if self.setting.compile else exits)),
        )

    def _near_miss(self, exit: Exit) -> bool:
        """It ended by itself a little late; or it was ended with CPU seconds left, which a crowded machine can do."""
        limit = self.setting.cpu_seconds
        if exit.cause in ("cpu", "wall", "killed"):
            return limit / 2 < exit.cpu_seconds <= limit
        return limit < exit.cpu_seconds <= BORDER * limit

    # -- pictures ------------------------------------------------------------------------------------------------

    async def draws(self, draws: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Describe what the judge's streams give for each of ``draws``, by digests; see `_draws.report`.

        Each comes back as ``instances`` and ``arguments``, a digest per instance, and ``chance``, whether the judge
        used a global random generator. Raises `JudgeError`.
        """
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        seconds = self.setting.judge_cpu_seconds
        limits = Limits(
            cpu_seconds=seconds,
            wall_seconds=2 * seconds + JUDGE_GRACE_SECONDS,
            memory_bytes=self.setting.judge_memory_bytes,
        )
        child = self._judges.spawn(
            json.dumps({"draws": [dict(one) for one in draws]}).encode(), (theirs,), limits=limits
        )
        try:
            header = await _receive(ours, RESULT.size)
            if len(header) < RESULT.size:
                raise JudgeError("the judge ended while it made instances")
            kind, size, _ = RESULT.unpack(header)
            if size > REPORT_BYTES:
                raise JudgeError(f"the judge's report has {size} bytes; the limit is {REPORT_BYTES}")
            told = await _receive(ours, size)
        finally:
            ours.close()
            child.kill()
        if kind != b"R":
            raise JudgeError(told.decode(errors="replace"))
        return list(json.loads(told))

    async def picture(self, kept: bytes) -> bytes | None:
        """PNG bytes of `picture(instance, output)` in the judge's jail, or None when the judge draws none or fails."""
        if not self.setting.has_picture or not kept:
            return None
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        limits = Limits(cpu_seconds=60.0, wall_seconds=120.0, memory_bytes=2 << 30, threads=16)
        child = self._judges.spawn(b'{"picture": true}', (theirs,), limits=limits)
        try:
            loop = asyncio.get_running_loop()
            await loop.sock_sendall(ours, len(kept).to_bytes(4, "little") + kept)
            header = await _receive(ours, RESULT.size)
            if len(header) < RESULT.size or header[:1] != b"P":
                return None
            png = await _receive(ours, min(RESULT.unpack(header)[2], KEPT_BYTES))
            return png if png.startswith(b"\x89PNG") else None
        except OSError:
            return None
        finally:
            ours.close()
            child.kill()


def _conversation() -> tuple[socket.socket, socket.socket]:
    """The judge's end of a conversation and the candidate's."""
    ask, answer = socket.socketpair()
    frames.wake_now_and_then(ask)
    return ask, answer


async def _receive(control: socket.socket, count: int) -> bytes:
    """Exactly ``count`` bytes, fewer when the other side is gone."""
    loop, data = asyncio.get_running_loop(), b""
    while len(data) < count:
        try:
            more = await loop.sock_recv(control, min(count - len(data), 1 << 18))
        except ConnectionError:
            return data
        if not more:
            return data
        data += more
    return data


def _mean(rows: list[dict[str, float]]) -> dict[str, float]:
    """The mean of each metric over the instances that report it."""
    names = sorted({name for row in rows for name in row})
    return {name: sum(row[name] for row in rows if name in row) / sum(name in row for row in rows) for name in names}
