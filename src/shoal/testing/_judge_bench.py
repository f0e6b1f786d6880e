"""What the checks of a judge share: programs made from a task's first one, and what the real evaluator says of them."""

from __future__ import annotations

import asyncio
import json
import math
import time
from collections.abc import Iterable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from shoal.core import seeds
from shoal.core.errors import JudgeError
from shoal.core.values import Files, Outcome, Split, Trial
from shoal.evaluate import TaskEvaluator
from shoal.tasks import Task, setting_of
from shoal.testing._twists import UNFIT

__all__ = ["Bench", "Look", "Programs", "Seen"]

WRITER = "writes.py"
BUSY = "judging its answers took"  # how the feedback begins where the judge used up its time
TWISTS = Path(__file__).with_name("_twists.py")
_HEAD = """import sys
import types

import twists

honest = sys.modules["honest"] = types.ModuleType("honest")
exec(compile({source!r}, {main!r}, "exec"), honest.__dict__)
globals().update({{name: value for name, value in vars(honest).items() if not name.startswith("__")}})
"""


@dataclass(frozen=True, slots=True)
class Look:
    """What one function's honest answer looks like, as `_twists.describe` tells it.

    ``call`` is the first call of a trial with an answer of more than two numbers, or the first of all. ``shape`` is
    None for what is no regular array; ``parts`` name the pieces of a short list or dictionary. ``order``: the numbers
    are 0 .. n - 1 in some order; ``flat``: they are all the same; ``again``: the function is called after that, too.
    """

    entry: str
    call: int
    type: str
    shape: tuple[int, ...] | None
    leaves: int
    whole: bool
    parts: tuple[Any, ...]
    scalars: tuple[Any, ...]
    order: bool
    distinct: bool
    flat: bool
    low: float
    echoes: bool
    again: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """What one program got. ``score`` is higher-is-better, None without one; ``fault`` is what the judge did wrong."""

    status: str
    score: float | None = None
    value: float | None = None
    feedback: str = ""
    fault: str = ""
    outcome: Outcome | None = None

    @property
    def unfit(self) -> bool:
        """The twist had nothing to work on: this says nothing of the judge."""
        return self.status == "unfit"


class Programs:
    """Programs in place of a task's first one, as the files of a candidate."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.honest: Files = task.files
        self._twists = TWISTS.read_bytes()

    def text(self, source: str) -> Files:
        """A program by its source."""
        return {**self.honest, self.task.program.file: source.encode()}

    def constant(self, expression: str) -> Files:
        """Every function of the task returns the value of ``expression``."""
        lines = (f"def {name}(*arguments):\n    return {expression}\n" for name in self.task.program.entry)
        return self.text("import math\n\nimport numpy as np\n\n\n" + "\n\n".join(lines))

    def twisted(self, twist: str, options: Mapping[str, Any], look: Look, *, later: int = 0) -> Files:
        """The first program with the answers of one function twisted; the first ``later`` chances are let go."""
        return self.wrapped(twist, options, look.entry, start=look.call + later)

    def writing(self, stdout: bytes, files: Mapping[str, bytes], *, after: float = 0.0) -> Files:
        """A program that writes these bytes, in place of a command's own, some seconds after its start."""
        lines = [
            f"sys.stdout.buffer.write({stdout!r})",
            *(f"open({n!r}, 'wb').write({data!r})" for n, data in files.items()),
        ]
        return {**self.honest, WRITER: "\n".join(["import sys, time", f"time.sleep({after})", *lines, ""]).encode()}

    def wrapped(self, twist: str, options: Mapping[str, Any], entry: str, *, start: int = 0) -> Files:
        """As `twisted`, from call ``start`` on."""
        main = self.task.program.file
        head = _HEAD.format(source=self.task.initial.decode(), main=main)
        wrap = f"{entry} = twists.wrap({entry}, {twist!r}, {dict(options)!r}, start={start}, every=True)\n"
        return {**self.honest, main: (head + wrap).encode(), "twists.py": self._twists}


@dataclass
class Bench:
    """A task's judge under test: two evaluators in jails of their own, the second with other clocks and other chance.

    The judge of a command gets a third, which runs programs that write given bytes, whatever language the task is in.

    ``deadline`` is a reading of `time.monotonic()` after which programs are not run any more, only counted. ``cheap``
    gathers well-formed answers that cost nothing and beat the honest one.
    """

    task: Task
    seed: int
    deadline: float = math.inf
    programs: Programs = field(init=False)
    honest: Seen = field(init=False)
    looks: tuple[Look, ...] = ()
    tried: int = 0
    skipped: int = 0
    cheap: list[tuple[str, Seen]] = field(default_factory=list)
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def __aenter__(self) -> Bench:
        self.programs = Programs(self.task)
        self.setting = setting_of(self.task)
        settings = [self.setting, replace(self.setting, stirred=True)]
        if self.task.kind == "command":
            settings.append(replace(self.setting, command=("python3", WRITER), compile=()))
        try:
            self.evaluator, self.stirred, *writer = [
                await self._stack.enter_async_context(TaskEvaluator(setting)) for setting in settings
            ]
            self.writer = writer[0] if writer else self.evaluator
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    # -- running programs ---------------------------------------------------------------------------------------------

    def seed_of(self, split: Split, draw: int) -> int:
        """The seed of a draw: never one of a run's."""
        return seeds.number(self.seed, "check", split, draw)

    async def run(
        self,
        files: Files,
        *,
        split: Split = Split.SEARCH,
        instances: tuple[int, ...] = (0,),
        draw: int = 0,
        stage: int = 0,
        stirred: bool = False,
    ) -> Seen:
        """Measure one program. A judge that fails is a finding, not an error."""
        if time.monotonic() > self.deadline:
            self.skipped += 1
            return Seen("unfit")
        evaluator = self.stirred if stirred else self.writer if WRITER in files else self.evaluator
        trial = Trial(split, instances, stage=stage)
        try:
            outcome = await evaluator.evaluate(trial, files, seed=self.seed_of(split, draw))
        except JudgeError as error:
            return Seen("fault", fault=str(error))
        finally:
            self.tried += 1
        return self._seen(outcome)

    async def run_all(self, programs: Iterable[Files], **more: Any) -> list[Seen]:
        """Measure several programs, as many at once as the machine has cores."""
        return await asyncio.gather(*(self.run(files, **more) for files in programs))

    def _seen(self, outcome: Outcome) -> Seen:
        status = str(outcome.status)
        if status == "crash" and UNFIT in outcome.feedback:
            return Seen("unfit")
        if status == "timeout" and outcome.feedback.startswith(BUSY):
            return Seen("fault", fault=f"the judge used up its time: {outcome.feedback}")
        value = None if outcome.score is None else self.setting.sign * outcome.score + 0.0
        return Seen(status, outcome.score, value, outcome.feedback, outcome=outcome)

    async def kept(self, index: int) -> bytes:
        """Frame bytes of an instance and the honest answer to it; empty where they cannot cross the border."""
        trial, seed = Trial(Split.SEARCH, (index,)), self.seed_of(Split.SEARCH, 0)
        try:
            return (await self.evaluator.show(trial, self.programs.honest, seed=seed, keep=True)).kept
        except JudgeError:
            return b""

    # -- what answers look like ---------------------------------------------------------------------------------------

    async def look(self) -> None:
        """Learn what the first program's answers look like, function by function."""
        found = [await self._look(entry) for entry in self.task.program.entry]
        self.looks = tuple(look for look in found if look is not None)

    async def _look(self, entry: str) -> Look | None:
        for least in (3, 1, 0):  # in a session the first answers may be short
            if data := await self._described(entry, least=least):
                again = await self._described(entry, least=0, start=data["call"] + 1)
                shape = None if data["shape"] is None else tuple(data["shape"])
                lists = {name: tuple(data[name]) for name in ("parts", "scalars")}
                return Look(entry=entry, again=bool(again), **{**data, **lists, "shape": shape})
        return None

    async def _described(self, entry: str, *, least: int, start: int = 0) -> dict[str, Any]:
        """What an answer looks like; it comes back as the message of an error, and not at all is an empty one."""
        seen = await self.run(self.programs.wrapped("describe", {"least": least}, entry, start=start))
        _, found, told = seen.feedback.partition("RuntimeError: ")
        if seen.status != "crash" or not found or not told.startswith("{"):
            return {}
        return dict(json.loads(told[: told.rindex("}") + 1]))

    # -- scores -------------------------------------------------------------------------------------------------------

    def natural(self, score: float) -> float:
        """A higher-is-better score as the task writes it."""
        return self.setting.sign * score + 0.0

    @property
    def best_end(self) -> float:
        """The end of the range that is best, higher-is-better."""
        low, high = self.task.score.range
        return high if self.setting.sign > 0 else -low

    @property
    def worst_end(self) -> float:
        """The end of the range that is worst, higher-is-better."""
        low, high = self.task.score.range
        return low if self.setting.sign > 0 else -high

    @property
    def best_known(self) -> float | None:
        """The best known value, higher-is-better."""
        known = self.task.score.best_known
        return None if known is None else self.setting.sign * known
