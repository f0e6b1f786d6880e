"""Every arm of a study, run in real jails: within its budget, and the same again with the same seed."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shoal.core.loop import Stop
from shoal.core.values import Files
from shoal.labs.selfimprove import ARMS
from shoal.labs.selfimprove._config import Arm, StudyConfig
from shoal.labs.selfimprove._lab import Lab, laboratory
from shoal.labs.selfimprove._run import run_arm
from shoal.report import RunView
from shoal.store import RunFolder

from .jails import LEARNER, SEED, agent, write_bench

BUDGET = 40
SMALL: dict[str, Any] = {
    "runs": 12,
    "steps": 2,
    "score_tasks": 2,
    "stages": (2, 2),
    "sealed": 4,
    "evaluations": BUDGET,
}


class Labs:
    """A laboratory that stays open for several runs."""

    def __init__(self, runner: asyncio.Runner, lab: Lab, place: Path) -> None:
        self._runner, self.lab, self.place = runner, lab, place
        self._count = 0

    def run(self, arm: Arm, *, seed: int = 0, first: Any = SEED, **settings: Any) -> RunView:
        """One run, read with its digest."""
        self._count += 1
        folder = RunFolder(self.place / str(self._count) / f"{arm}-{seed}")
        lab = replace(self.lab, config=self.lab.config.model_copy(update=settings))
        self._runner.run(run_arm(lab, arm, seed, folder, first, stop=Stop()))
        store = folder.store(read_only=True)
        try:
            return RunView.read(store, folder.id, hashed=True)
        finally:
            store.close()


@pytest.fixture(scope="module")
def labs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Labs]:
    place = tmp_path_factory.mktemp("arms")
    config = StudyConfig(bench=write_bench(place / "bench"), **SMALL)
    with asyncio.Runner() as runner:
        opened = laboratory(config)
        enter: Callable[[], Awaitable[Lab]] = opened.__aenter__
        yield Labs(runner, runner.run(_of(enter)), place)
        runner.run(_of(lambda: opened.__aexit__(None, None, None)))


async def _of(work: Callable[[], Awaitable[Any]]) -> Any:
    return await work()


def repeats(labs: Labs, arm: Arm, first: Files, *, window: int) -> None:
    view, again = (labs.run(arm, seed=3, first=first, window=window) for _ in range(2))
    assert view.status == "done" and view.reason.startswith("budget: evaluations")
    assert BUDGET - 10 < view.spent.counted.evaluations <= BUDGET
    assert view.digest == view.recorded_digest == again.digest
    assert view.spent.counted == again.spent.counted


@pytest.mark.parametrize(
    ("arm", "window"),
    [("full", 1), *((arm, 2) for arm in ARMS), *(pytest.param(arm, 1, marks=pytest.mark.slow) for arm in [*ARMS][1:])],
)
def test_an_arm_ends_within_its_budget_and_repeats(labs: Labs, arm: Arm, window: int) -> None:
    repeats(labs, arm, agent(LEARNER), window=window)


@pytest.mark.parametrize(
    ("arm", "window"),
    [("full", 2), *(pytest.param(arm, 1, marks=pytest.mark.slow) for arm in ARMS), ("operator-bandit", 2)],
)
def test_the_seed_agent_repeats_in_every_arm(labs: Labs, arm: Arm, window: int) -> None:
    repeats(labs, arm, SEED, window=window)


def test_other_seeds_are_other_runs(labs: Labs) -> None:
    assert len({labs.run("full", seed=seed, first=agent(LEARNER)).digest for seed in range(3)}) == 3


@pytest.mark.parametrize(
    "rule", ["hgm", "dgm", "sica", *(pytest.param(rule, marks=pytest.mark.slow) for rule in ("greedy", "random"))]
)
def test_a_learner_becomes_champion_under_every_rule(labs: Labs, rule: str) -> None:
    view = labs.run("full", first=agent(LEARNER), rule=rule, evaluations=60)
    assert view.champion is not None and view.initial is not None and view.champion != view.initial
    assert view.candidates[view.initial].score == 0.0


@pytest.mark.parametrize("arm", ["fixed-improver", "no-archive"])
def test_arms_that_measure_find_the_learner_too(labs: Labs, arm: Arm) -> None:
    view = labs.run(arm, first=agent(LEARNER), evaluations=60)
    assert view.champion != view.initial and set(view.operators) == {"initial", "self"}


def test_random_edits_measure_nothing_on_their_way(labs: Labs) -> None:
    view = labs.run("random-edits", first=agent(LEARNER), evaluations=60)
    assert set(view.operators) == {"initial", "random"}
    assert sum(row.tried for row in view.operators.values()) > 8  # a child costs what its own measuring costs


def test_a_finished_run_is_only_read(labs: Labs) -> None:
    view = labs.run("full", evaluations=10)
    folder = RunFolder(labs.place / str(labs._count) / "full-0")
    before = folder.file.read_bytes()
    labs._count -= 1
    again = labs.run("full", evaluations=10)
    assert again.chain_head == view.chain_head and folder.file.read_bytes() == before
