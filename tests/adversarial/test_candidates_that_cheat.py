"""Every attack of the catalogue that a program can try by itself, through the real evaluator with a real judge."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from shoal.core.values import Outcome, Status
from tests.evaluate.benches import HONEST, TOKEN, Bench, descriptors, setting

from .candidates import CALL, SESSION

HONEST_SESSION = f"""
from shoal.judging import number

TOKEN = {TOKEN!r}

def instances(split, rng):
    while True:
        yield rng.uniform(1.0, 2.0, 4).tolist()

def play(instance, ask):
    missed = [abs(number(ask("f", item), name="answer") - 2 * item) for item in instance]
    return 1.0 - max(missed)
"""
SEED = 5_577_006_791_947_779_410  # of the judge, as large as a run's; small ones can be guessed
DOUBLE = "def f(x):\n    return 2 * x\n"
OURS = {Status.OK, Status.WRONG, Status.CRASH, Status.TIMEOUT, Status.MEMORY, Status.VIOLATION}
# What the best honest program gets; these return 2 * x after their attack, so they may get it too.
HARMLESS = ("4 sends", "43 becomes")
FIRST_FRAME_BAD = ("5 a second", "5 a thread")


# What is plainly forbidden is called by its name; elsewhere several ends are right.
EXPECTED = {
    "1 exits early after printing a result": Status.CRASH,
    "12 an exception that carries a score": Status.CRASH,
    "12 leaves as if all were well": Status.CRASH,
    "12 a frame with a value and an error": Status.WRONG,
    "6 infinity": Status.WRONG,
    "6 a huge integer": Status.WRONG,
    "9 a frame that announces four gigabytes": Status.WRONG,
    "9 a long text": Status.WRONG,
    "11 an empty answer": Status.WRONG,
    "15 turns clocks back": Status.TIMEOUT,
    "32 an infinite loop": Status.TIMEOUT,
    "33 ignores every signal": Status.TIMEOUT,
    "34 a fork bomb": Status.VIOLATION,
    "36 touched memory": Status.MEMORY,
    "38 floods stderr": Status.TIMEOUT,
    "43 becomes a daemon": Status.VIOLATION,
    "44 traces its parent": Status.VIOLATION,
    "46 nests namespaces": Status.VIOLATION,
    "50 runs a program": Status.VIOLATION,
    "50 runs a shell": Status.VIOLATION,
}


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def call(runner: asyncio.Runner) -> Iterator[Bench]:
    os.environ["SHOAL_HONEY_KEY"] = TOKEN
    bench = Bench(runner, setting(HONEST, cpu_seconds=0.6, wall_seconds=4.0), workers=1)
    yield bench
    del os.environ["SHOAL_HONEY_KEY"]
    bench.close()


@pytest.fixture(scope="module")
def session(runner: asyncio.Runner) -> Iterator[Bench]:
    bench = Bench(runner, setting(HONEST_SESSION, kind="session", wall_seconds=4.0), workers=1)
    yield bench
    bench.close()


def writable_places() -> set[str]:
    """Names in the folders of this machine where anybody may write."""
    return {f"{folder}/{name}" for folder in ("/tmp", "/dev/shm", "/var/tmp") for name in _names(folder)}


def _names(folder: str) -> list[str]:
    notes = ("n", "fill", "link", "score", "seen", "evil.pyc", "results.json")
    return [name for name in notes if (Path(folder) / name).exists()]


def wait_for(bench: Bench, count: int) -> int:
    deadline = time.monotonic() + 20
    while len(bench.processes()) > count and time.monotonic() < deadline:
        bench.run(asyncio.sleep(0.01))
    return len(bench.processes())


def attack(bench: Bench, program: str) -> Outcome:
    """Run it on two instances; nothing may be left of it, and the next honest program scores as ever."""
    if bench.evaluator.level < 3:
        pytest.skip(f"this machine reaches isolation level {bench.evaluator.level}")
    processes, open_before, places = len(bench.processes()), descriptors(), writable_places()
    outcome = bench.evaluate(program, instances=2, seed=SEED)
    assert outcome.status in OURS, outcome
    assert (outcome.score is None) is (outcome.status is not Status.OK)
    assert TOKEN not in repr(outcome) and len(outcome.feedback) <= 1_500
    assert wait_for(bench, processes) == processes == 4
    assert (descriptors(), writable_places()) == (open_before, places)
    assert bench.evaluate(DOUBLE, instances=2).score == 1.0
    return outcome


@pytest.mark.parametrize("name", CALL)
def test_a_cheating_function_gets_at_most_what_its_answer_is_worth(call: Bench, name: str) -> None:
    outcome = attack(call, CALL[name])
    assert outcome.status is EXPECTED.get(name, outcome.status), outcome
    if outcome.status is Status.OK:
        worth = {1.0} if name.startswith(HARMLESS) else {1.0 - abs(0.0 - 2 * x) for x in _drawn(call)}
        assert all(one.value in worth for one in outcome.per_instance), outcome
    if name.startswith(FIRST_FRAME_BAD):
        assert outcome.score is None or outcome.score < 0.0


@pytest.mark.parametrize("name", SESSION)
def test_a_cheating_player_gets_at_most_what_its_answers_are_worth(session: Bench, name: str) -> None:
    outcome = attack(session, SESSION[name])
    assert outcome.score is None or outcome.score < 1.0


def _drawn(bench: Bench) -> list[float]:
    """The numbers that the two instances hand to the program."""
    outcome = bench.evaluate("def f(x):\n    return 1.0\n", instances=2, seed=SEED)
    # 1 - |1 - 2 x| for x in [1, 2] is 2 - 2 x
    return [(2.0 - (one.value or 0.0)) / 2.0 for one in outcome.per_instance]


def test_the_names_are_those_of_the_catalogue() -> None:
    assert set(EXPECTED) <= set(CALL)


def test_a_table_of_known_instances_fails_on_fresh_ones(call: Bench) -> None:
    """24: what is hard-coded for one draw is worth nothing on the next."""
    table = {x: 2 * x for x in (_argument(call, seed=1, index=k) for k in range(2))}
    program = f"TABLE = {table!r}\n\ndef f(x):\n    return TABLE.get(x, 0.0)\n"
    assert call.evaluate(program, instances=2, seed=1).score == 1.0
    assert (call.evaluate(program, instances=2, seed=2).score or 0.0) < -1.0


def _argument(bench: Bench, *, seed: int, index: int) -> float:
    from shoal.core.values import Split, Trial
    from shoal.sandbox import frames

    trial = Trial(Split.SEARCH, (index,))
    shown = bench.run(bench.evaluator.show(trial, {"initial.py": DOUBLE.encode()}, seed=seed, keep=True))
    return float(frames.decode(shown.kept)[0][0])
