"""`shoal compare` as a process: killed and gone on with, its words and files; and its mistakes."""

import contextlib
import json
import os
import re
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

from shoal.cli import main

from .conftest import Said, call, command, environment

WORDS = (
    *("compare", "circle_packing_26", "autocorrelation_c1", "--proposer", "sequential", "--proposer", "independent"),
    *("--seeds", "2", "--evaluations", "12", "--longer", "2", "--json"),
)


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Said]:
    """A comparison that was killed in the middle, and gone on with."""
    place = tmp_path_factory.mktemp("compared")
    process = subprocess.Popen(
        command(*WORDS), cwd=place, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    runs = place / "compare"
    end = time.monotonic() + 80
    while process.poll() is None and len(list(runs.glob("*/report"))) < 2 and time.monotonic() < end:
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    return place, call(*WORDS, cwd=place)


def test_it_goes_on_where_it_was_killed(compared: tuple[Path, Said]) -> None:
    _, said = compared
    assert said.code == 0, said.err
    assert len(said.json["runs"]) == 12
    assert all(run["evaluations"] == 12 * run["longer"] for run in said.json["runs"])
    assert "runs read, " in said.err or "12 runs read" in said.err


def test_it_writes_the_numbers_and_the_picture(compared: tuple[Path, Said]) -> None:
    place, said = compared
    written = json.loads((place / "compare" / "compare.json").read_text())
    assert written == said.json
    assert (place / "compare" / "compare.png").read_bytes().startswith(b"\x89PNG")
    assert [one["task"] for one in written["tasks"]] == ["circle_packing_26", "autocorrelation_c1"]
    assert written["same_code"] is True


def test_the_page_names_every_key(compared: tuple[Path, Said]) -> None:
    page = (Path(__file__).parents[2] / "docs" / "compare.md").read_text(encoding="utf-8")
    rows = page.partition("| key | what it holds |")[2]
    named = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", rows, re.MULTILINE))
    assert list(named) == list(compared[1].json)
    for name in ("duels", "tasks"):
        told = compared[1].json[name][0]
        assert set(told) - {"task", "baseline"} <= set(re.findall(r"`(\w+)`", named[name])), name


def test_it_says_what_may_be_said_and_what_comes_next(compared: tuple[Path, Said]) -> None:
    err = compared[1].err
    assert "sequential against each baseline on all tasks" in err
    assert "exchange rate: how many times more evaluations" in err and "it had 2 times as many here" in err
    assert "which encloses the median with only 50 %" in err
    last = err.strip().splitlines()[-1]
    assert "shoal show circle_packing_26-sequential-12e-seed0 --out compare" in last and "--seeds 4" in last


def test_its_runs_are_ordinary_runs(
    compared: tuple[Path, Said], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(compared[0])
    assert main(["verify", "circle_packing_26-sequential-12e-seed1", "--out", "compare"]) == 0
    assert "WRONG" not in capsys.readouterr().out


def test_a_search_is_compared_with_itself_set_otherwise(tmp_path: Path) -> None:
    variant = "embedded,search.islands=3,search.novelty=0.5"
    words = ("compare", "circle_packing_26", "--proposer", "embedded", "--proposer", variant, "--seeds", "2")
    said = call(*words, "--evaluations", "8", "--json", cwd=tmp_path)
    assert said.code == 0, said.err
    assert said.json["proposers"] == ["embedded", variant]
    set_to = []
    for run in ("embedded", "embedded-search.islands-3-search.novelty-0.5"):
        log = tmp_path / "compare" / f"circle_packing_26-{run}-8e-seed1" / "run.db"
        with contextlib.closing(sqlite3.connect(log)) as file:
            (first,) = file.execute("SELECT body FROM events WHERE seq = 0").fetchone()
        set_to.append(json.loads(first)["about"]["config"]["search"])
    assert [(one["islands"], one["novelty"]) for one in set_to] == [(1, 0.99), (3, 0.5)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "Missing argument"),
        ("circle_packing_26 --proposer random --proposer random,seed=3 --evaluations 5", "seed is the same for all"),
        ("circle_packing_26 --proposer random --proposer embedded,islands --evaluations 5", "write KEY=VALUE"),
        ("circle_packing_26 --proposer random --proposer embedded,search.x=1 --evaluations 5", "search.x"),
        ("nope --proposer random --proposer independent --evaluations 5", "unknown task 'nope'"),
        ("circle_packing_26 --proposer random --proposer magic --evaluations 5", "unknown proposer 'magic'"),
        ("circle_packing_26 --proposer random --evaluations 5", "two proposers or more"),
        ("circle_packing_26 --evaluations 5", "two proposers or more"),
        ("circle_packing_26 --proposer random --proposer genetic --evaluations 5 --seeds 1", "seeds = 1"),
        ("circle_packing_26 --proposer random --proposer genetic", "either --evaluations or --cpu-seconds"),
        (
            "circle_packing_26 --proposer random --proposer genetic --evaluations 5 --cpu-seconds 5",
            "either --evaluations or --cpu-seconds",
        ),
        ("circle_packing_26 --proposer random --proposer genetic --evaluations 5 --out file/x", "--out"),
    ],
)
def test_a_mistake_is_one_line(
    words: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("not a folder")
    assert main(["compare", *words.split()]) == 2
    streams = capsys.readouterr()
    assert streams.out == "" and streams.err.count("\n") == 1 and said in streams.err
    assert not (tmp_path / "compare").exists()
