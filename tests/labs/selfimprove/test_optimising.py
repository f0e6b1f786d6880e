"""Tasks of optimisation in real jails: how they are made, what an agent is shown of them, and what solves one."""

from collections.abc import Iterator

import pytest

from shoal.core.values import Files, Split, Trial
from shoal.labs.selfimprove._evaluator import Attempt
from shoal.labs.selfimprove._lab import _mixed
from shoal.labs.selfimprove._memory import Kept
from shoal.labs.selfimprove._optimising import FAILED, FAMILIES, OptimiseTask, shown

from .jails import SEED, Jails, agent
from .test_agents import EASY

CIRCLES = "circle_packing_26"


@pytest.fixture(scope="module")
def jails() -> Iterator[Jails]:
    with Jails() as opened:
        yield opened


@pytest.fixture(scope="module")
def tasks(jails: Jails) -> tuple[OptimiseTask, ...]:
    return grown(jails, Split.SEARCH)


def grown(jails: Jails, split: Split, *, each: int = 3, seed: int = 5) -> tuple[OptimiseTask, ...]:
    made: tuple[OptimiseTask, ...] = jails.run(jails.optimising.grow(split, each=each, seed=seed, editor=jails.editor))
    return made


def attempt(jails: Jails, who: Files, task: OptimiseTask, *, seed: int = 1) -> Attempt:
    evaluator = jails.evaluator([task])
    found: Attempt = jails.run(evaluator.attempt(who, task, index=0, seed=seed))
    return found


# -- how they are made ----------------------------------------------------------------------------------------------


def test_tasks_of_a_family_differ_and_come_again(jails: Jails, tasks: tuple[OptimiseTask, ...]) -> None:
    assert {task.program for task in tasks} == {name for name, one in FAMILIES.items() if one.split == Split.SEARCH}
    assert len({task.digest for task in tasks}) == len(tasks) == 6
    assert [task.digest for task in grown(jails, Split.SEARCH)] == [task.digest for task in tasks]
    assert not {task.digest for task in grown(jails, Split.SEARCH, seed=6)} & {task.digest for task in tasks}
    assert grown(jails, Split.SEARCH, each=0) == ()


def test_every_stream_has_families_of_its_own() -> None:
    assert {one.split for one in FAMILIES.values()} == {Split.SEARCH, Split.VALIDATION, Split.SEALED}


def test_programs_of_sessions_are_measured_too(jails: Jails) -> None:
    (task,) = (one for one in grown(jails, Split.SEALED, each=1) if one.program == "job_shop_rule")
    assert len(task.before) == 2 and len(task.fresh) == 6 and task.budget == 48
    assert jails.run(jails.optimising.scores(task, task.files, range(2))) == [0.0, 0.0]


def test_a_stream_has_its_share_of_either_anywhere(tasks: tuple[OptimiseTask, ...]) -> None:
    stream = _mixed([EASY] * 60, tasks)
    assert sorted(map(id, stream)) == sorted(map(id, [*[EASY] * 60, *tasks]))
    third = [sum(task is not EASY for task in stream[start : start + 22]) for start in (0, 22, 44)]
    assert third == [2, 2, 2]
    assert len({task.program for task in stream[:22] if task is not EASY}) == 2
    assert _mixed([EASY], ()) == (EASY,) and _mixed([], tasks[:2]) == tasks[:2]


# -- what an agent sees, and what it comes to -----------------------------------------------------------------------


def test_an_agent_is_shown_what_to_do_and_no_bound(jails: Jails, tasks: tuple[OptimiseTask, ...]) -> None:
    told = shown(tasks[0])
    assert set(told) == {"statement", "files", "entry", "instances"}
    assert tasks[0].name not in str(told)


def test_the_first_program_is_worth_nothing_and_a_broken_one_less(
    jails: Jails, tasks: tuple[OptimiseTask, ...]
) -> None:
    for task in tasks:
        (file,) = task.files
        broken = {file: "raise ValueError\n"}
        assert jails.run(jails.optimising.scores(task, task.files, range(1))) == [0.0]
        assert jails.run(jails.optimising.scores(task, broken, range(1))) == [FAILED]
        assert jails.run(jails.optimising.gain(task, broken)) == FAILED


def test_handing_in_what_was_given_solves_nothing(jails: Jails, tasks: tuple[OptimiseTask, ...]) -> None:
    idle = agent("def work(task, tools):\n    return task['files']\n")
    found = attempt(jails, idle, tasks[0])
    assert not found.solved and found.worth == 0.0 and found.told() == "task 0: not solved with nothing measured"


def test_an_agent_without_files_is_worth_nothing(jails: Jails, tasks: tuple[OptimiseTask, ...]) -> None:
    found = attempt(jails, agent("def work(task, tools):\n    return {}\n"), tasks[0])
    assert not found.solved and found.worth == 0.0 and found.worked.files is None


def test_a_good_program_solves_the_task(jails: Jails) -> None:
    (task,) = (one for one in grown(jails, Split.SEALED, each=1) if one.program == CIRCLES)
    (file,) = task.files
    grid = """
def pack():
    centres = [[(2 * (k % 6) + 1) / 12, (2 * (k // 6) + 1) / 12] for k in range(26)]
    return centres, [0.083] * 26
"""
    good = agent(f"def work(task, tools):\n    return {{{file!r}: {grid!r}}}\n")
    found = attempt(jails, good, task)
    assert found.solved and 0.5 < found.worth <= 1.0


def test_the_seed_agent_works_within_its_budget_and_repeats(jails: Jails, tasks: tuple[OptimiseTask, ...]) -> None:
    first, again = (attempt(jails, SEED, tasks[-1]) for _ in range(2))
    assert first.worked.calls == again.worked.calls and first.worked.files == again.worked.files
    assert first.worked.used("score") == tasks[-1].budget
    assert first.solved is (first.worth >= 0.5)


def test_measurements_are_counted_by_the_host(jails: Jails, tasks: tuple[OptimiseTask, ...]) -> None:
    greedy = agent(
        "def work(task, tools):\n    while True:\n        try:\n            tools.score(task['files'], 0, 1)\n"
        "        except Exception:\n            return task['files']\n"
    )
    found = attempt(jails, greedy, tasks[0])
    assert found.worked.used("score") == tasks[0].budget
    tests = agent("def work(task, tools):\n    tools.run_tests([task['files']])\n")
    assert "run_tests" in attempt(jails, tests, tasks[0]).worked.why


def test_an_instance_that_is_not_there_is_worth_nothing(jails: Jails, tasks: tuple[OptimiseTask, ...]) -> None:
    far = agent(
        "def work(task, tools):\n    assert tools.score(task['files'], 7, 9) == []\n"
        "    assert tools.score(task['files'], 0, 9) == [0.0]\n    return task['files']\n"
    )
    found = attempt(jails, far, tasks[0])
    assert found.worked.files is not None, found.worked.why
    assert found.worked.used("score") == 11  # what was asked for is paid


def test_agents_find_neither_tasks_nor_judges_on_the_machine(jails: Jails, tasks: tuple[OptimiseTask, ...]) -> None:
    spy = agent("import shoal.tasks._load\n\n\ndef work(task, tools):\n    return task['files']\n")
    assert "ModuleNotFoundError" in attempt(jails, spy, tasks[0]).worked.why


def test_both_kinds_of_task_count_alike_in_an_outcome(jails: Jails, tasks: tuple[OptimiseTask, ...]) -> None:
    evaluator = jails.evaluator([EASY, tasks[0]])
    outcome = jails.run(evaluator.evaluate(Trial(Split.SEARCH, (0, 1)), SEED, seed=3))
    assert outcome.counted.evaluations == 2 and outcome.metrics["tried"] == 2
    assert 0.5 <= (outcome.per_instance[0].value or 0.0) < 1.0


def test_what_is_kept_is_given_back_until_there_is_too_much() -> None:
    kept = Kept(most=2)
    for key in "abc":
        kept.keep(key, [key, None])
    assert kept.recall("a") is None and "a" not in kept
    assert kept.recall("c") == ["c", None] and "b" in kept
