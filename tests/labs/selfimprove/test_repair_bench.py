"""Streams of tasks: each bug is noticed, none comes twice, programs are of one stream, and the seed decides."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence

import pytest

from shoal.core.values import Split
from shoal.labs.selfimprove._bench import MIXES, Mix, bench
from shoal.labs.selfimprove._tasks import KINDS, RepairTask, Test, split_of

from .examples import FILES, HIDDEN, VISIBLE, program
from .runner import Runner

PROGRAMS = [program(f"shelf{number}") for number in range(8)]


@pytest.fixture(scope="module")
def run() -> Iterator[Runner]:
    with Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def streams(run: Runner) -> dict[Split, tuple[RepairTask, ...]]:
    return {split: made(split, run, seed=1) for split in MIXES}


def made(split: Split, run: Runner, *, seed: int, mix: Mix | None = None) -> tuple[RepairTask, ...]:
    return asyncio.run(bench(PROGRAMS, split, seed=seed, run=run, mix=mix))


def test_the_example_passes(run: Runner) -> None:
    assert set(run.results(FILES, VISIBLE + HIDDEN)) == {True}


def test_every_bug_is_noticed_and_leaves_something_right(
    run: Runner, streams: dict[Split, tuple[RepairTask, ...]]
) -> None:
    for task in streams[Split.SEALED]:
        shown, hidden = run.results(task.files, task.visible), run.results(task.files, task.hidden)
        assert False in shown and True in shown
        assert False in hidden and None not in hidden


def test_programs_are_of_one_stream(streams: dict[Split, tuple[RepairTask, ...]]) -> None:
    for split, tasks in streams.items():
        names = {task.program for task in tasks}
        assert names == {one.name for one in PROGRAMS if split_of(one.name) == split}
        assert len({task.name for task in tasks}) == len(tasks)
        for name in names:
            mine = [task for task in tasks if task.program == name]
            assert len(mine) == MIXES[split].total
            assert sum(task.origin == "written" for task in mine) == min(2, MIXES[split].written)
            assert len({str(task.files) for task in mine}) == len(mine)


def test_kinds_take_turns(streams: dict[Split, tuple[RepairTask, ...]]) -> None:
    for name in {task.program for task in streams[Split.SEALED]}:
        mine = [task.kind for task in streams[Split.SEALED] if task.program == name]
        assert len(set(mine)) >= len(KINDS) - 1


def test_names_say_nothing_about_bugs(streams: dict[Split, tuple[RepairTask, ...]]) -> None:
    for task in streams[Split.SEARCH]:
        assert task.name.removeprefix(f"{task.program}-").isalnum()


def test_the_seed_decides(run: Runner, streams: dict[Split, tuple[RepairTask, ...]]) -> None:
    assert made(Split.SEALED, run, seed=1) == streams[Split.SEALED]
    other = made(Split.SEALED, run, seed=2)
    planted = [{task.digest for task in tasks if task.origin == "planted"} for tasks in (other, streams[Split.SEALED])]
    assert len(planted[0] & planted[1]) < len(planted[0]) / 2


def test_bugs_that_nothing_notices_are_given_up(run: Runner) -> None:
    async def satisfied(files: Mapping[str, str], tests: Sequence[Test]) -> list[bool]:
        return [True] * len(tests)

    tasks = asyncio.run(bench(PROGRAMS, Split.SEARCH, seed=1, run=satisfied, mix=Mix(written=1, total=9, tries=3)))
    assert {task.origin for task in tasks} == {"written"}
