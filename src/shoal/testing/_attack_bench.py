"""The tasks that attacks are made on: tiny honest judges of each kind, and evaluators over them with small limits."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shoal.core.values import Files, InstanceResult, Outcome, Split, Status, Trial
from shoal.evaluate import Setting, TaskEvaluator
from shoal.testing.attacks import BREACH, HOME, PREFIX, Attack
from shoal.testing.attacks._command import COMMAND

__all__ = ["HONEST_SCORE", "SECRET", "SEED", "AttackBench", "program_of"]

SECRET = "honey-token-5b1c"  # in the judge's instances and in files outside, and nowhere a program may look
SEED = 5_577_006_791_947_779_410  # of the judge, as large as a run's: small ones can be guessed
HONEST_SCORE = 1.0
MAIN = "initial.py"
INSTANCES = (0, 1)

_CALL = """
from shoal.judging import number

def instances(split, rng):
    while True:
        yield float(rng.uniform(1.0, 2.0)), SECRET

def arguments(instance):
    return (instance[0],)

def score(instance, output):
    return worth(number(output, name="answer") - 2 * instance[0])
"""
_SESSION = """
from shoal.judging import number

def instances(split, rng):
    while True:
        yield rng.uniform(1.0, 2.0, 4).tolist()

def play(instance, ask):
    return worth(max(abs(number(ask("f", item), name="answer") - 2 * item) for item in instance))
"""
_COMMAND = """
from shoal.judging import Wrong, number

def instances(split, rng):
    while True:
        yield float(rng.uniform(1.0, 2.0)), SECRET

def arguments(instance):
    return f"{instance[0]!r}\\n"

def read(data):
    try:
        return number(float(data.decode()), name="answer")
    except ValueError:
        raise Wrong("the answer is no number") from None

def score(instance, output):
    said = [read(output["stdout"]), read(output["files"]["out"])]
    return worth(max(abs(one - 2 * instance[0]) for one in said))
"""
# Every outcome of an honest program carries a fingerprint of the judge's own code: it would show a patched one.
_WORTH = """
import types, zlib

SECRET = {secret!r}

def worth(missed):
    code = [one.__code__ for _, one in sorted(globals().items()) if isinstance(one, types.FunctionType)]
    print_ = float(zlib.crc32(repr([(one.co_name, one.co_code, one.co_names) for one in code]).encode()))
    return {{"score": 1.0 - abs(missed), "metrics": {{"fingerprint": print_}}, "feedback": "as asked"}}
"""
_JUDGES = {"call": _CALL, "session": _SESSION, "command": _COMMAND}
_HONEST = {"call": "return 2 * x", "session": "return 2 * x", "command": "answer(2 * x)"}
_NOTHING = {"call": "return 0.0", "session": "return 0.0", "command": "answer(0.0)"}


@dataclass(frozen=True, slots=True)
class Seen:
    """What repeats of an outcome: all but what was measured."""

    status: str
    score: float | None
    per_instance: tuple[InstanceResult, ...]
    metrics: tuple[tuple[str, float], ...]
    feedback: str


class AttackBench:
    """An evaluator for attacks of one profile. Use as an async context manager, see `TaskEvaluator`."""

    def __init__(self, profile: str, *, folder: Path, level: int | None = None, workers: int = 1) -> None:
        self.profile = profile
        self.folder, self.prefix = folder, f"{folder.name}-"
        self.evaluator = TaskEvaluator(_setting(profile, folder), workers=workers, level=level)
        self.honest: Seen
        self.nothing: Seen

    async def __aenter__(self) -> AttackBench:
        await self.evaluator.__aenter__()
        try:
            self.honest = seen(await self.measure(self._simple(_HONEST)))
            self.nothing = seen(await self.measure(self._simple(_NOTHING)))
            if self.honest.score != HONEST_SCORE or self.nothing.score is None:
                raise RuntimeError(f"the honest program does not get its score here: {self.honest}")
        except BaseException:
            await self.evaluator.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.evaluator.__aexit__()

    async def measure(self, files: Files) -> Outcome:
        """One trial of two instances, the same for everyone."""
        return await self.evaluator.evaluate(Trial(Split.SEARCH, INSTANCES), files, seed=SEED)

    async def still_the_same(self) -> bool:
        """Whether the honest program gets what it got, from the same judge; a busy machine gets a second chance."""
        for _ in range(3):
            now = seen(await self.measure(self._simple(_HONEST)))
            if now.status != Status.TIMEOUT:
                break
        return now == self.honest

    async def attack(self, attack: Attack) -> tuple[Outcome, float]:
        """Run one; its outcome and wall seconds."""
        began = time.monotonic()
        outcome = await self.measure({MAIN: program_of(attack, self.folder)})
        return outcome, time.monotonic() - began

    def _simple(self, bodies: dict[str, str]) -> Files:
        body = bodies[self.profile]
        text = f"{COMMAND}\n{body}\n" if self.profile == "command" else f"def f(x):\n    {body}\n"
        return {MAIN: text.encode()}


def program_of(attack: Attack, folder: Path) -> bytes:
    """The text of an attack with what it may call; it looks for ``folder``, and for files whose names begin so."""
    head = COMMAND if attack.profile == "command" else BREACH
    text = attack.program.replace(HOME, str(folder)).replace(PREFIX, f"{folder.name}-")
    return (head + text).encode(errors="surrogatepass")


def seen(outcome: Outcome) -> Seen:
    """An outcome without its measurements."""
    metrics = tuple(sorted(outcome.metrics.items()))
    return Seen(str(outcome.status), outcome.score, outcome.per_instance, metrics, outcome.feedback)


def _setting(profile: str, folder: Path) -> Setting:
    given: dict[str, Any] = {
        "name": "attacked",
        "kind": profile,
        "folder": folder,
        "main": MAIN,
        "entry": () if profile == "command" else ("f",),
        "fixed": False,
        "judge": _WORTH.format(secret=SECRET) + _JUDGES[profile],
        "public": None,
        "sign": 1.0,
        "range": (-1e6, 1e6),
        "cpu_seconds": 0.6,
        "wall_seconds": 3.0,
        "memory_bytes": 256 << 20,
        "judge_cpu_seconds": 10.0,
    }
    if profile == "command":
        given |= {"command": ("python3", MAIN), "outputs": ("out",)}
    return Setting(**given)
