"""Comparisons are made of ordinary runs: each is done once, whatever happens, and like is compared with like."""

import asyncio
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from shoal.core.errors import UserError
from shoal.core.loop import Stop
from shoal.labs.evolve import Contest, Entry, Finished, contest_of, entries, fresh_code, load_config, run_all, start
from shoal.report import Cell, compare

from .sittings import Watcher, events, sound, write_task

PROPOSERS = ("sequential", "independent")


@dataclass
class Crowd:
    """Watches a contest; throws the switch after ``after`` admissions of the run number ``number``."""

    number: int = 0
    after: int = 0
    stop: Stop = field(default_factory=Stop)
    begun: list[Entry] = field(default_factory=list)
    read: list[Entry] = field(default_factory=list)

    def watch(self, entry: Entry, *, number: int, of: int) -> Watcher:
        self.begun.append(entry)
        return Watcher(stop=self.stop, after=self.after if number == self.number else None)

    def done(self, entry: Entry, cell: Cell, *, number: int, of: int, read: bool) -> None:
        if read:
            self.read.append(entry)


def contest(place: Path, **more: Any) -> Contest:
    task = place / "slopes"
    if not task.exists():
        write_task(task, direction="min")
    settings: dict[str, Any] = {"seeds": 2, "evaluations": 14, "out": place / "out", **more}
    return contest_of([str(task)], PROPOSERS, **settings)


def seen(one: Contest, crowd: Crowd) -> tuple[list[Cell], Finished | None]:
    return asyncio.run(run_all(one, spectator=crowd, stop=crowd.stop))


def test_every_run_is_done_once_and_can_be_put_side_by_side(tmp_path: Path) -> None:
    one = contest(tmp_path)
    cells, interrupted = seen(one, crowd := Crowd())
    assert interrupted is None
    assert [(cell.proposer, cell.seed) for cell in cells] == [(p, s) for s in (0, 1) for p in PROPOSERS]
    assert [cell.run for cell in cells] == [entry.folder.id for entry in crowd.begun]
    assert cells[0].run == "slopes-sequential-14e-seed0"
    assert all(cell.evaluations == 14 and cell.sealed and cell.score is not None and cell.sign == -1 for cell in cells)
    found = compare(cells, proposers=PROPOSERS, unit="evaluations", budget=14)
    assert found.tasks[0].judged_on == "sealed"
    sealed = [events(entry.folder, "look") for entry in crowd.begun]
    instances = {str(look["outcome"]["trial"]) for looks in sealed for look in looks if look["split"] == "sealed"}
    assert len(instances) <= 2 * len(cells), "all meet the sealed instances of one folder"
    again, _ = seen(one, readers := Crowd())
    assert (again, readers.begun, len(readers.read)) == (cells, [], 4)


def test_baselines_may_have_longer_runs_besides(tmp_path: Path) -> None:
    one = contest(tmp_path, longer=3)
    cells, _ = seen(one, Crowd())
    assert [(cell.proposer, cell.longer, cell.evaluations) for cell in cells[:3]] == [
        ("sequential", 1, 14),
        ("independent", 1, 14),
        ("independent", 3, 42),
    ]
    assert cells[2].run == "slopes-independent-42e-seed0"
    found = compare(cells, proposers=PROPOSERS, unit="evaluations", budget=14, longer=3)
    assert {len(many) for many in found.tasks[0].climbs.values()} == {2}


def test_a_comparison_that_was_stopped_goes_on_and_pays_nothing_twice(tmp_path: Path) -> None:
    whole, one = contest(tmp_path / "whole"), contest(tmp_path / "cut")
    seen(whole, Crowd())
    cells, interrupted = seen(one, Crowd(number=2, after=5))
    assert interrupted is not None and interrupted.status == "interrupted" and len(cells) == 1
    unbegun = list(entries(one))[2]
    unbegun.folder.path.mkdir()  # cut off before its first event
    cells, interrupted = seen(one, crowd := Crowd())
    assert interrupted is None
    assert len(crowd.read) == 1 and len(crowd.begun) == 3
    digests = [[events(entry.folder, "finished")[-1]["digest"] for entry in entries(each)] for each in (whole, one)]
    assert digests[0] == digests[1]
    assert [cell.evaluations for cell in cells] == [14] * 4
    assert len(events(crowd.begun[0].folder, "resumed")) == 1


def test_more_seeds_keep_what_there_is(tmp_path: Path) -> None:
    seen(contest(tmp_path), Crowd())
    cells, _ = seen(contest(tmp_path, seeds=3), crowd := Crowd())
    assert (len(cells), len(crowd.read), len(crowd.begun)) == (6, 4, 2)


def test_a_run_of_something_else_in_its_place_is_refused(tmp_path: Path) -> None:
    one = contest(tmp_path)
    first = next(entries(one))
    first.folder.path.mkdir(parents=True)
    config = load_config(None, {"task": first.named, "proposer": "random", "evaluations": 3, "seed": 0, "out": one.out})
    asyncio.run(start(config, folder=first.folder))
    with pytest.raises(UserError, match=r"seed0 is a run with evaluations = 3, not 14: choose another folder"):
        seen(one, Crowd())


def test_a_folder_that_was_cut_off_before_anything_was_written_is_used(tmp_path: Path) -> None:
    one = contest(tmp_path)
    first, second, *_ = entries(one)
    for entry in (first, second):
        entry.folder.path.mkdir(parents=True)
    first.folder.file.write_bytes(b"")
    second.folder.store().close()
    cells, _ = seen(one, Crowd())
    assert len(cells) == 4


def test_a_task_that_changed_is_refused(tmp_path: Path) -> None:
    seen(contest(tmp_path), Crowd())
    judge = tmp_path / "slopes" / "judge.py"
    judge.write_text(judge.read_text() + "\n# changed\n")
    with pytest.raises(UserError, match=r"judge\.py of task slopes changed since"):
        seen(contest(tmp_path), Crowd())


def test_runs_of_other_code_are_told(tmp_path: Path) -> None:
    one = contest(tmp_path)
    seen(one, Crowd())
    folders = [entry.folder for entry in entries(one)]
    assert fresh_code(folders)
    (folders[0].path / "code").write_text("of last year\n")
    assert not fresh_code(folders)


def test_cells_are_sound_runs(tmp_path: Path) -> None:
    one = replace(contest(tmp_path), seeds=1)
    dones: list[Finished] = []

    class Keeping(Crowd):
        def watch(self, entry: Entry, *, number: int, of: int) -> Watcher:
            return Watcher(done=dones)

    seen(one, Keeping())
    assert len(dones) == 2 and all(sound(done) for done in dones)


def test_cpu_seconds_are_a_budget_too(tmp_path: Path) -> None:
    one = replace(contest(tmp_path, evaluations=None, cpu_seconds=0.4), seeds=1)
    cells, _ = seen(one, Crowd())
    assert all(cell.climb.spent == cell.cpu_seconds >= 0.4 for cell in cells)
    assert cells[0].run == "slopes-sequential-0.4cpu-seed0"
    assert all(cost <= cell.cpu_seconds for cell in cells for cost, _ in cell.climb.steps)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"tasks": ["nope"]}, "unknown task 'nope'"),
        ({"tasks": []}, "say which tasks"),
        ({"proposers": ["embedded", "magic"]}, "unknown proposer 'magic': choose from embedded, "),
        ({"proposers": ["embedded"]}, "two proposers or more"),
        ({"proposers": ["random", "random"]}, "named twice"),
        ({"seeds": 1}, "seeds = 1"),
        ({"evaluations": None}, "either --evaluations or --cpu-seconds"),
        ({"cpu_seconds": 3.0}, "either --evaluations or --cpu-seconds"),
        ({"evaluations": 0}, "evaluations = 0"),
        ({"longer": 0}, "--longer 0: give how many times"),
        ({"longer": 3, "proposers": ["embedded", "best-of-n"]}, "best-of-n asks models, and runs that cost money"),
        ({"tasks": ["circle_packing_26", "circle_packing_26"]}, "the same name"),
    ],
)
def test_mistakes_are_told_before_anything_runs(words: dict[str, Any], said: str, tmp_path: Path) -> None:
    given = {
        "tasks": ["circle_packing_26"],
        "proposers": ["random", "independent"],
        "seeds": 2,
        "evaluations": 5,
        **words,
    }
    tasks, proposers = given.pop("tasks"), given.pop("proposers")
    with pytest.raises(UserError, match=said):
        contest_of(tasks, proposers, out=tmp_path / "out", **given)
    assert not (tmp_path / "out").exists()
