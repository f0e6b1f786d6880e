"""`shoal stop` and the STOP file, and what `shoal verify` says to a file that somebody worked on by hand."""

import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Said, call
from .test_interrupts import begin, finish


def test_stop_ends_the_running_run_and_takes_its_file_away(tmp_path: Path) -> None:
    process = begin(tmp_path)
    process.send_signal(signal.SIGSTOP)  # so that it cannot be done before it is told
    (folder,) = (file.parent for file in tmp_path.glob("runs/*/run.db"))
    (folder / "STOP").touch()
    process.send_signal(signal.SIGCONT)
    said = call("stop", folder.name, cwd=tmp_path)
    code, out, err = finish(process)
    assert code == 130 and "ended by: STOP file at runs/" in out and "Traceback" not in err
    assert said.code == 0 and (folder / "STOP").exists(), "not its own file: somebody else wants it to stay"
    refused = call("resume", "last", cwd=tmp_path)
    assert refused.code == 2 and f"runs/{folder.name}/STOP exists" in refused.err and "stop --clear" in refused.err
    cleared = call("stop", "--clear", cwd=tmp_path)
    assert cleared.code == 0 and f"took away runs/{folder.name}/STOP" in cleared.out
    assert call("resume", "last", cwd=tmp_path).code == 0


def test_stop_waits_for_the_one_run_that_is_running(tmp_path: Path) -> None:
    nothing = call("stop", cwd=tmp_path)
    assert nothing.code == 2 and "no run is running in runs" in nothing.err
    process = begin(tmp_path, evaluations=5000)
    said = call("stop", cwd=tmp_path)
    code, out, _ = finish(process)
    assert said.code == 0 and "is stopped and saved; go on with: shoal resume" in said.out
    assert code == 130 and "ended by: STOP file at " in out and not list(tmp_path.glob("runs/*/STOP"))


def test_a_stopped_folder_begins_nothing(tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    assert call("stop", "--all", cwd=tmp_path).code == 0
    for words in (("demo", "--evaluations", "3"), ("run", "circle_packing_26", "--evaluations", "3")):
        said = call(*words, cwd=tmp_path)
        assert said.code == 2 and "runs/STOP exists: nothing runs here" in said.err
    assert call("stop", "--clear", cwd=tmp_path).code == 0
    assert "no STOP file in runs" in call("stop", "--clear", cwd=tmp_path).out


def test_a_run_that_is_not_running_is_kept_from_going_on(copy: Callable[..., Path], tmp_path: Path) -> None:
    folder = copy()
    said = call("stop", "last", cwd=tmp_path)
    assert said.code == 0 and "is not running" in said.out and (folder / "STOP").exists()
    refused = call("resume", "last", "--evaluations", "50", cwd=tmp_path)
    assert refused.code == 2 and "STOP exists" in refused.err
    both = call("stop", "last", "--all", cwd=tmp_path)
    assert both.code == 2 and "name one run, or all of them" in both.err


def test_a_run_says_the_seed_it_drew_and_the_demo_has_its_own(tmp_path: Path) -> None:
    said = [call("run", "circle_packing_26", "--evaluations", "2", cwd=tmp_path) for _ in range(2)]
    seeds = {one.err.partition("seed ")[2].partition(")")[0] for one in said}
    assert len(seeds) == 2 and all(int(seed) > 1 << 20 for seed in seeds)
    assert ", seed 0)" in call("demo", "--evaluations", "2", cwd=tmp_path).err


@pytest.mark.parametrize(
    ("check", "statements", "told"),
    [
        (
            "chain",
            ["UPDATE events SET body = replace(body, '\"seconds\":', '\"seconds\":1') WHERE seq = 9"],
            "event 9 ",
        ),
        ("chain", ["DELETE FROM events WHERE seq = 9"], "event 9 is missing: removed"),
        ("end", ["DELETE FROM events WHERE seq > (SELECT max(seq) - 2 FROM events)"], "2 events cut off"),
        ("files", ["UPDATE blobs SET data = x'00' WHERE rowid = 3"], "does not match its digest"),
        ("files", ["DELETE FROM blobs WHERE rowid = 3"], "is not in"),
        (
            "chain",
            ["UPDATE events SET body = replace(body, '\"evaluations\":40', '\"evaluations\":9') WHERE seq = 0"],
            "event 0",
        ),
        (
            "totals",
            ["UPDATE events SET body = replace(body, '\"evaluations\":40', '\"evaluations\":9') WHERE seq = 0"],
            "over the budget of evaluations 9",
        ),
    ],
)
def test_each_way_of_tampering_is_named(
    copy: Callable[..., Path], tmp_path: Path, check: str, statements: list[str], told: str
) -> None:
    with sqlite3.connect(copy() / "run.db") as file:
        for statement in statements:
            file.execute(statement)
    file.close()
    said = call("verify", "last", "--no-rescore", "--json", cwd=tmp_path)
    found = {one["check"]: one for one in said.json["checks"]}
    assert said.code == 1 and found[check]["ok"] is False and told in found[check]["detail"]


def test_a_program_that_was_put_into_the_report_is_found(copy: Callable[..., Path], tmp_path: Path) -> None:
    (copy() / "report" / "best.py").write_text("def pack():\n    return []\n")
    said = call("verify", "last", cwd=tmp_path)
    assert said.code == 1 and "does not hold together: report" in said.out
    assert "measured again, the same to the last digit" in said.out


def test_verify_can_leave_out_measuring(finished: tuple[Path, Said]) -> None:
    said = call("verify", "last", "--no-rescore", cwd=finished[0])
    assert said.code == 0 and "measured again" not in said.out and "behind the seal" in said.out
