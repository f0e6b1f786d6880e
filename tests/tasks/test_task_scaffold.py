"""`scaffold` writes a task that loads, scores and improves."""

from itertools import islice
from types import ModuleType

import numpy as np
import pytest

from shoal.judging import Wrong
from shoal.tasks import TaskError, load, scaffold
from tests.tasks.conftest import declared


def run(source):
    module = ModuleType("scaffolded")
    exec(compile(source, "scaffolded.py", "exec"), module.__dict__)
    return module


def test_it_writes_a_task_that_loads(tmp_path):
    written = scaffold(tmp_path / "a" / "b", name="my_task")
    task = load(tmp_path / "a" / "b")
    assert task.name == "my_task"
    assert {path.name for path in written} == set(task.manifest)


def test_its_program_scores_and_better_numbers_score_better(tmp_path):
    scaffold(tmp_path / "t", name="t")
    task = load(tmp_path / "t")
    judge = run(task.judge)
    better = task.initial.replace(b"level = 0.0", b"level = 1.0").replace(b"slope = 0.0", b"slope = 0.5")
    assert better != task.initial
    for split in ("search", "validation", "sealed"):
        for instance in islice(judge.instances(split, np.random.default_rng(1)), 3):
            arguments = judge.arguments(instance)
            first = judge.score(instance, run(task.initial).curve(*arguments))["score"]
            second = judge.score(instance, run(better).curve(*arguments))["score"]
            assert task.score.range[0] <= second < first <= task.score.range[1]
            assert type(first) is float


def test_its_judge_refuses_what_is_no_curve_and_draws_what_is(tmp_path):
    scaffold(tmp_path / "t", name="t")
    task = load(tmp_path / "t")
    judge = declared(task, run(task.judge))
    instance = next(judge.instances("search", np.random.default_rng(1)))
    for output in (None, 1.0, [1.0], [float("nan")] * 64, [True] * 64):
        with pytest.raises(Wrong):
            judge.score(instance, output)
    assert judge.score(instance, [1e308] * 64)["score"] == 10.0
    assert judge.picture(instance, [1.0] * 64).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("folder", "name"), [("my-task", "my_task"), ("Über 9", "ber_9"), ("9 lives", "task_9_lives"), ("x" * 99, "x" * 64)]
)
def test_a_name_is_made_from_the_folder(tmp_path, folder, name):
    scaffold(tmp_path / folder)
    assert load(tmp_path / folder).name == name


@pytest.mark.parametrize("name", ["", "Big", "9", "a-b", 'a"\nkind = "x', "x" * 65])
def test_a_bad_name_writes_nothing(tmp_path, name):
    with pytest.raises(TaskError, match="task name"):
        scaffold(tmp_path / "t", name=name)
    assert not (tmp_path / "t").exists()


def test_a_folder_in_use_is_left_alone(tmp_path):
    (tmp_path / "keep").write_text("mine")
    with pytest.raises(TaskError, match="not empty"):
        scaffold(tmp_path, name="t")
    assert [path.name for path in tmp_path.iterdir()] == ["keep"]
    with pytest.raises(TaskError, match="is a file"):
        scaffold(tmp_path / "keep", name="t")
    with pytest.raises(TaskError, match="cannot be written"):
        scaffold(tmp_path / "keep" / "below", name="t")
