"""Families of edits are switched off by name; what cannot work is refused before anything is run."""

from pathlib import Path

import pytest

from shoal.core.errors import UserError
from shoal.labs.evolve import load_config
from shoal.labs.evolve._config import recorded_config
from shoal.labs.evolve._parts import search_of
from shoal.search import FAMILIES
from shoal.tasks import load

from .sittings import run, write_task


def test_a_family_that_there_is_not_is_named_with_those_that_are() -> None:
    with pytest.raises(UserError, match=r"no family of edits is called 'idoms'; there are numbers, .*polish"):
        load_config(None, {"task": "x", "without": ["idoms"]})


def test_a_run_that_nothing_is_left_to_edit_with_is_refused(tmp_path: Path) -> None:
    task = load(str(write_task(tmp_path / "slopes")))
    config = load_config(None, {"task": task.name, "without": list(FAMILIES)})
    with pytest.raises(UserError, match='nothing is left to edit slopes with; keep "numbers" or "tree"'):
        search_of(config, task, firsts=1)


def test_numbers_alone_end_on_a_program_without_any(tmp_path: Path) -> None:
    task = write_task(tmp_path / "slopes", program="def slope(points):\n    return points[-1] - points[-2]\n")
    left = [family for family in FAMILIES if family != "numbers"]
    done = run(task, tmp_path, evaluations=50, seed=1, without=left)
    assert done.champion == "c0" and "rejects in a row" in done.reason


def test_a_run_of_another_version_says_which_setting_is_gone(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"begun by another version .* unknown key search.greedy"):
        recorded_config({"task": "x", "search": {"greedy": 0.8}}, out=tmp_path)
