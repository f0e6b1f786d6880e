"""A recorded score is believed when a fresh sandbox gives it again; and which seed a run has."""

import asyncio
import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import shoal as package
from shoal.core.canonical import canonical
from shoal.core.events import GENESIS, link
from shoal.labs.evolve import Finished, RunConfig, kernel_hash, load_config, rescore
from shoal.report import Finding
from shoal.tasks import load

from .sittings import Watcher, events, go_on, run, write_task

shoal: Any = package  # its names are loaded when first asked for
FAR_OFF = "def slope(points):\n    guess = 5.0\n    return guess\n"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Finished]]:
    """A task and a finished run of it; each test gets a copy."""
    folder = tmp_path_factory.mktemp("rescored")
    task = write_task(folder / "slopes", direction="min", program=FAR_OFF)
    yield task, run(task, folder / "runs", evaluations=60, seed=2)  # with this one a champion is followed by another


@pytest.fixture
def copy(place: tuple[Path, Finished], tmp_path: Path) -> tuple[Path, Path, str]:
    """The task, a copy of the run's file, and the run's id."""
    task, done = place
    file = tmp_path / "run.db"
    with sqlite3.connect(done.folder.file) as source, sqlite3.connect(file) as target:
        source.backup(target)
    source.close()
    target.close()
    return task, file, done.run


def again(copied: tuple[Path, Path, str], *, task: Path | None = None, salt: bytes | None = None) -> Finding:
    from shoal.store import SqlStore

    store = SqlStore(copied[1], read_only=True)
    try:
        return asyncio.run(rescore(store, copied[2], task=load(str(task or copied[0])), salt=salt))
    finally:
        store.close()


def rewrite(file: Path, edit: Callable[[dict[str, Any]], None]) -> None:
    """Let ``edit`` change every event, and make chain and book fit again."""
    head = GENESIS
    with sqlite3.connect(file) as raw:
        for seq, body in raw.execute("SELECT seq, body FROM events ORDER BY seq").fetchall():
            data = json.loads(body)
            edit(data)
            written = canonical(data)
            head = link(head, written)
            raw.execute("UPDATE events SET body = ?, head = ? WHERE seq = ?", (written, head, seq))
        raw.execute("UPDATE heads SET head = ?", (head,))
    raw.close()


def forge(copied: tuple[Path, Path, str], edit: Callable[[dict[str, Any]], None]) -> None:
    """Let ``edit`` change the outcome of the first program's search trial."""

    def first(data: dict[str, Any]) -> None:
        if data["type"] == "result" and data["k"] == 0:
            edit(data["result"]["outcome"])

    rewrite(copied[1], first)


def test_the_record_of_an_honest_run_comes_out_again(
    copy: tuple[Path, Path, str], place: tuple[Path, Finished]
) -> None:
    found = again(copy)
    assert found.ok and found.check == "score" and place[1].champion != "c0"
    assert "initial c0 on search draw 0" in found.detail and f"champion {place[1].champion} on " in found.detail
    assert "validation draw" in found.detail and "in a fresh sandbox" in found.detail


def test_a_forged_score_is_found_with_both_numbers(copy: tuple[Path, Path, str]) -> None:
    def better(outcome: dict[str, Any]) -> None:
        outcome["score"] += 0.125

    forge(copy, better)
    found = again(copy)
    assert found.ok is False and "initial c0 on search draw 0: recorded " in found.detail
    assert ", measured " in found.detail


def test_a_forged_look_behind_the_seal_is_found_where_the_salt_is(
    copy: tuple[Path, Path, str], place: tuple[Path, Finished]
) -> None:
    salt = place[1].folder.salt()
    looks = [data["checkpoint"] for data in events(place[1].folder, "look")]
    assert {one.partition(",")[0] for one in looks} == {"initial", "champion", "once champion"}
    honest = again(copy, salt=salt)
    assert honest.ok and honest.detail.count("behind the seal") == len(looks)

    def better(data: dict[str, Any]) -> None:
        if data["type"] == "look" and (data["checkpoint"], data["split"]) == ("champion", "sealed"):
            data["outcome"]["score"] += 0.125

    rewrite(copy[1], better)
    found = again(copy, salt=salt)
    assert found.ok is False and f"champion {place[1].champion} on sealed behind the seal: recorded" in found.detail
    for other in (None, b"s" * 32):
        assert again(copy, salt=other).ok, "not compared: this folder has another salt, or none"


@pytest.mark.parametrize("part", ["per_instance", "metrics"])
def test_a_forged_part_of_an_outcome_is_found(copy: tuple[Path, Path, str], part: str) -> None:
    def other(outcome: dict[str, Any]) -> None:
        if part == "metrics":
            outcome["metrics"]["made_up"] = 1.0
        else:
            outcome["per_instance"][1]["value"] += 0.5

    forge(copy, other)
    found = again(copy)
    assert (
        found.ok is False and ("instance 1: recorded" if part == "per_instance" else "metric made_up") in found.detail
    )


def test_a_changed_task_is_not_measured_under(copy: tuple[Path, Path, str], tmp_path: Path) -> None:
    other = write_task(tmp_path / "slopes", direction="max", program=FAR_OFF)
    found = again(copy, task=other)
    assert found.ok is None and "judge.py, task.toml of the task changed since the run" in found.detail


def test_a_score_that_is_a_measurement_is_told_and_not_compared(tmp_path: Path) -> None:
    task = write_task(tmp_path / "slopes")
    text = (task / "task.toml").read_text()
    (task / "task.toml").write_text(text.replace("[program]", "measured = true\n\n[program]", 1))
    done = run(task, tmp_path / "runs", evaluations=6, seed=4)
    found = again((task, done.folder.file, done.run))
    assert found.ok is None and "(recorded " in found.detail


def test_a_missing_program_is_told(copy: tuple[Path, Path, str]) -> None:
    with sqlite3.connect(copy[1]) as file:
        file.execute("DELETE FROM blobs")
    file.close()
    found = again(copy)
    assert found.ok is None and "is not in" in found.detail


# -- seeds, and code that changed on the way ---------------------------------------------------------------------------


def test_without_a_seed_each_run_draws_one_that_is_recorded(tmp_path: Path) -> None:
    seeds = {RunConfig(task="x").seed for _ in range(20)} | {load_config(None, {"task": "x"}).seed}
    assert len(seeds) == 21 and all(0 <= seed < 1 << 52 for seed in seeds) and max(seeds) > 1 << 40
    task = write_task(tmp_path / "slopes")
    done = run(task, tmp_path / "runs", evaluations=4)
    started = events(done.folder, "started")[0]
    assert started["seed"] == started["about"]["config"]["seed"] > 1 << 20
    same = run(task, tmp_path / "runs", evaluations=4, seed=started["seed"])
    assert same.digest == done.digest


def test_evolve_without_a_seed_draws_one_too(tmp_path: Path) -> None:
    program = "def root():\n    guess = 1.3\n    return guess\n"
    judge = (
        "def instances(split, rng):\n    yield None\n\n\ndef score(instance, output):\n    return -abs(output - 2)\n"
    )
    judged = tmp_path / "judge.py"
    judged.write_text(judge)
    done = [shoal.evolve(program, judged, budget=2, out=tmp_path).finished for _ in range(2)]
    assert len({events(one.folder, "started")[0]["seed"] for one in done}) == 2


def test_going_on_with_other_code_is_on_the_record_once(tmp_path: Path) -> None:
    task = write_task(tmp_path / "slopes")
    left = run(task, tmp_path / "runs", evaluations=20, seed=3, watch=Watcher(after=5))

    def older(data: dict[str, Any]) -> None:
        if data["type"] == "started":
            data["about"]["kernel"] = "5" * 64

    rewrite(left.folder.file, older)
    left = go_on(left.folder, watch=Watcher(after=3))
    done = go_on(left.folder)
    notes = [one["data"] for one in events(done.folder, "note") if one["kind"] == "kernel_changed"]
    assert notes == [{"before": "5" * 64, "kernel": kernel_hash()}]
    assert done.status == "done" and done.digest == run(task, tmp_path / "whole", evaluations=20, seed=3).digest
