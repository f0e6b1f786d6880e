"""The commands do what they say, as real processes."""

import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from shoal.cli import main

from .conftest import SOURCE, Said, call, environment

COMMANDS = re.findall(r"\w+", "demo run resume stop runs show evaluate replay verify new tasks doctor bench version")
HEAVY = ("rich", "pydantic", "sqlalchemy", "numpy", "matplotlib", "anyio")


def test_help_names_every_command_and_loads_next_to_nothing(tmp_path: Path) -> None:
    program = "import sys; from shoal.cli import main; main(['--help']); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True
    )
    for command in COMMANDS:
        assert re.search(rf"^  {command} ", done.stdout, re.MULTILINE)
    assert not {name for name in done.stderr.split() if name in HEAVY}


def test_a_run_prints_one_json_object_on_stdout(finished: tuple[Path, Said]) -> None:
    place, said = finished
    assert said.out.count("\n") == 1
    summary = said.json
    assert (summary["status"], summary["evaluations"], summary["task"]) == ("done", 40, "circle_packing_26")
    assert summary["best_score"] > summary["initial_score"] == pytest.approx(0.95976, abs=1e-5)
    assert summary["hack_gap"] is None and summary["sealed_score"] is None
    assert {path.name for path in (place / summary["folder"] / "report").iterdir()} >= {"best.py", "report.md"}


def test_progress_and_what_the_budget_buys_go_to_stderr(finished: tuple[Path, Said]) -> None:
    err = finished[1].err
    assert "your judge and program take" in err and "40 evaluations in about" in err
    assert "one fixed instance" in err and "shoal show circle_packing_26-" in err
    assert "\x1b" not in err and "Traceback" not in err


@pytest.fixture
def say(
    finished: tuple[Path, Said], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    """Runs a reading command in this process, in the folder of the finished run; returns its stdout."""
    monkeypatch.chdir(finished[0])

    def run(*words: str) -> str:
        assert main(words) == 0
        return capsys.readouterr().out

    return run


def test_runs_lists_it(finished: tuple[Path, Said], say: Callable[..., str]) -> None:
    assert re.search(rf"{finished[1].json['run']} +done +[0-9.]+ +40 ", say("runs"))
    (row,) = json.loads(say("runs", "--json"))
    assert (row["status"], row["evaluations"]) == ("done", 40)


def test_show_tells_outcome_lineage_and_cost(finished: tuple[Path, Said], say: Callable[..., str]) -> None:
    summary = finished[1].json
    shown = say("show", "last")
    assert f"lineage of {summary['champion']}" in shown and "40 evaluations" in shown
    data = json.loads(say("show", "last", "--json"))
    assert (data["digest"], data["best_score"]) == (summary["digest"], summary["best_score"])
    assert [point["score"] for point in data["curve"]] == sorted(point["score"] for point in data["curve"])


def test_show_of_a_candidate_has_its_diff_and_its_source(finished: tuple[Path, Said], say: Callable[..., str]) -> None:
    place, said = finished
    champion = said.json["champion"]
    shown = say("show", "last", "best")
    assert f"candidate {champion} of run" in shown and f"\n+++ {champion}/initial.py" in shown
    best = (place / said.json["folder"] / "report" / "best.py").read_text()
    assert say("show", "last", champion, "--source").strip() == best.strip()
    against = json.loads(say("show", "last", "best", "--against", "initial", "--json"))
    assert against["diff"].startswith("--- c0/initial.py") and against["lineage"][0] == "c0"


def test_verify_and_replay_agree_with_the_record(finished: tuple[Path, Said], say: Callable[..., str]) -> None:
    checks = json.loads(say("verify", "last", "--json"))
    assert checks["ok"] and all(one["ok"] for one in checks["checks"])
    replayed = json.loads(say("replay", "last", "--json"))
    assert replayed["same"] and replayed["computed"] == finished[1].json["digest"]


def test_a_rerun_gives_the_same_digest(copy: Callable[..., Path], tmp_path: Path) -> None:
    name = copy().name
    said = call("replay", name, "--rerun", "--workers", "1", "--json", cwd=tmp_path)
    assert said.code == 0 and said.json["same"] and said.json["rerun"] != name


def test_a_run_that_a_clock_ended_can_be_rerun(tmp_path: Path) -> None:
    said = call("run", "circle_packing_26", "--seconds", "0.7", "--json", cwd=tmp_path)
    assert said.code == 0 and said.json["reason"] == "budget: seconds 0.7"
    again = call("replay", said.json["run"], "--rerun", cwd=tmp_path)
    assert again.code == 0 and "they are the same" in again.out


def test_a_touched_record_fails_verification(copy: Callable[..., Path], tmp_path: Path) -> None:
    with sqlite3.connect(copy() / "run.db") as file:
        file.execute("UPDATE events SET body = replace(body, 'ok', 'OK') WHERE seq = 5")
    file.close()
    said = call("verify", "last", cwd=tmp_path)
    assert said.code == 1 and "event 5 was changed" in said.out and "does not hold together" in said.out


def test_runs_rm_deletes(copy: Callable[..., Path], tmp_path: Path) -> None:
    folder = copy()
    said = call("runs", "rm", folder.name, cwd=tmp_path)
    assert said.code == 0 and not folder.exists()
    assert "no runs in runs; begin with: shoal demo" in call("runs", cwd=tmp_path).out


def test_no_budget_means_a_minute_and_says_so(tmp_path: Path) -> None:
    said = call("run", "circle_packing_26", "--target", "0.9", cwd=tmp_path)
    assert said.code == 0 and "no budget given: 60 s" in said.err and "60 s buys about" in said.err
    assert "ended by: target 0.9 reached" in said.out


def test_a_configuration_file_and_flags_over_it(tmp_path: Path) -> None:
    (tmp_path / "run.toml").write_text(
        'task = "circle_packing_26"\nevaluations = 500\nseed = 7\n[search]\nislands = 2\n'
    )
    words = ("--config", "run.toml", "--evaluations", "5", "--set", "search.capacity=5", "--json")
    said = call("run", *words, cwd=tmp_path)
    assert said.code == 0 and said.json["evaluations"] == 5 and "seed 7" in said.err
    with sqlite3.connect(tmp_path / said.json["folder"] / "run.db") as file:
        about = json.loads(file.execute("SELECT body FROM events WHERE seq = 0").fetchone()[0])["about"]
    file.close()
    assert (about["config"]["search"]["islands"], about["config"]["search"]["capacity"]) == (2, 5)


def test_evaluate_measures_one_program(tmp_path: Path) -> None:
    from shoal.tasks import load

    (tmp_path / "mine.py").write_bytes(load("circle_packing_26").initial)
    said = call("evaluate", "circle_packing_26", "mine.py", cwd=tmp_path)
    assert said.code == 0 and "sum of radii 0.95976422" in said.out
    (tmp_path / "bad.py").write_text("def pack():\n    raise ValueError('\x1b[31mred')\n")
    said = call("evaluate", "circle_packing_26", "bad.py", "--json", cwd=tmp_path)
    assert said.code == 1 and said.json["value"] is None and said.json["outcome"]["status"] == "crash"
    said = call("evaluate", "circle_packing_26", "bad.py", cwd=tmp_path)
    assert said.code == 1 and "no score (crash)" in said.out and "\x1b" not in said.out


def test_a_new_task_runs_at_once(tmp_path: Path) -> None:
    said = call("new", "my_task", cwd=tmp_path)
    assert said.code == 0 and "shoal run ./my_task" in said.out
    said = call("run", "./my_task", "--evaluations", "12", "--json", cwd=tmp_path)
    assert said.code == 0 and said.json["task"] == "my_task" and said.json["evaluations"] == 12


def test_tasks_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tasks", "--json"]) == 0
    tasks = json.loads(capsys.readouterr().out)
    assert {"circle_packing_26", "bin_packing_weibull"} <= {task["task"] for task in tasks}
    assert main(["version"]) == 0
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", capsys.readouterr().out)


def test_doctor_says_the_level_and_how_to_get_more(tmp_path: Path) -> None:
    said = call("doctor", "--json", cwd=tmp_path)
    found = said.json
    assert said.code == (0 if found["level"] else 1) and 0 <= found["level"] <= 3
    assert all(one["how_to_get_it"] for one in found["properties"] if not one["ok"])
    shown = call("doctor", cwd=tmp_path).out
    assert f"isolation level {found['level']} of 3" in shown and shown.count("\n") < 40


def test_the_demo_ends_with_the_way_to_ones_own_problem(tmp_path: Path) -> None:
    said = call("demo", "--evaluations", "5", cwd=tmp_path)
    assert said.code == 0 and "your own problem: shoal new my_task" in said.out
    assert "5 evaluations in about" in said.err


def test_bench_runs_the_script_or_says_where_it_would_be(capsys: pytest.CaptureFixture[str]) -> None:
    script = SOURCE.parent / "benchmarks" / "overhead.py"
    if script.is_file():
        pytest.skip("running it takes longer than a test may")
    assert main(["bench"]) == 2
    assert str(script) in capsys.readouterr().err
