"""The folders that `benchmarks/duel.py` writes for other frameworks: each is a task here, and scores the same."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest

from shoal.labs.evolve import RunConfig, start

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
FIRST = {
    "circle_packing_26": 0.959765 / 2.635983,
    "autocorrelation_c1": 1.50287 / 2.0,
    "min_max_distance_2d_16": 12.889230 / 18.0,
}


@pytest.fixture
def duel_tasks(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    yield __import__("duel_tasks")
    del sys.modules["duel_tasks"]


@pytest.mark.parametrize("form", ["shinka", "openevolve"])
@pytest.mark.parametrize("task", sorted(FIRST))
def test_a_built_in_task_is_written_in_both_shapes(duel_tasks: Any, tmp_path: Path, task: str, form: str) -> None:
    folder: Path = duel_tasks.write_folder(task, tmp_path / task, form=form)
    assert len(list(folder.iterdir())) == 2  # ShinkaEvolve takes the evaluator elsewhere, without its folder
    done = asyncio.run(start(RunConfig(task=str(folder), out=tmp_path / "runs", evaluations=6, seed=1)))
    assert done.initial_score == pytest.approx(FIRST[task], rel=1e-4)
    assert done.evaluations == 6 and done.best_score is not None


def test_tasks_of_other_kinds_are_refused(duel_tasks: Any, tmp_path: Path) -> None:
    for task in ("cap_set_8", "bin_packing_weibull"):
        with pytest.raises(ValueError, match="only tasks that call one function once"):
            duel_tasks.write_folder(task, tmp_path / task, form="shinka")
