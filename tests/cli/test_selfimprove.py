"""`shoal selfimprove` as its users have it: a whole study, a killed one that goes on, and what it refuses."""

import json
import os
import pty
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shoal.cli._selfimprove import DEMO
from shoal.core.errors import StoreError
from shoal.store import RunFolder
from tests.labs.selfimprove.jails import LEARNER, write_agent, write_bench

from .conftest import Said, call, command, environment

CHECK = "import double\n\nassert double.double(7) == 14\n"


def study(place: Path, *more: str, text: str = LEARNER, out: str = "runs", evaluations: int = 60) -> list[str]:
    """The words of a small study, whose bench and agent lie in ``place``."""
    if not (place / "bench").exists():
        write_bench(place / "bench")
    write_agent(place / "agent", text)
    words = ["selfimprove", "--bench", "bench", "--agent", "agent", "--out", out, "--evaluations", str(evaluations)]
    return [*words, *more]


def folder_in(place: Path, out: str = "runs") -> Path:
    (found,) = (place / out).glob("selfimprove-*")
    return found


def log(folder: Path, run: str = "full-0") -> list[dict[str, Any]]:
    """All events of a run."""
    found = RunFolder(folder / run)
    store = found.store(read_only=True)
    try:
        return [event.data for event in store.read(found.id, limit=10_000)]
    finally:
        store.close()


def digest(folder: Path, run: str = "full-0") -> str:
    return next(one["digest"] for one in log(folder, run) if one["type"] == "finished")


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Said]]:
    """A finished study of an agent that learns. Only to be read."""
    place = tmp_path_factory.mktemp("study")
    yield place, call(*study(place, "--json"), cwd=place)


def test_the_report_holds_the_champions_source(done: tuple[Path, Said]) -> None:
    champion = folder_in(done[0]) / "report" / "champion"
    assert LEARNER.replace("SKILL = 0.0", "SKILL = 1.0") == (champion / "agent.py").read_text()


@pytest.mark.timeout(300)
def test_an_improver_of_ones_own_makes_all_children(tmp_path: Path) -> None:
    write_agent(tmp_path / "hand", LEARNER.replace('"SKILL = 1.0") for', '"SKILL = 1.0  # by hand") for'))
    next_study = call(*study(tmp_path, "--improver", "hand", "--json"), cwd=tmp_path)
    assert next_study.code == 0, next_study.err
    folder = folder_in(tmp_path)
    assert (folder / "improver" / "agent.py").read_bytes() == (tmp_path / "hand" / "agent.py").read_bytes()
    assert "SKILL = 1.0  # by hand\n" in (folder / "report" / "champion" / "agent.py").read_text()


def test_an_improver_is_a_folder_with_an_agent_and_no_control_arm(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    missing = call(*study(tmp_path, "--improver", "empty"), cwd=tmp_path)
    assert missing.code == 2 and "no agent.py in it" in missing.err
    both = call(*study(tmp_path, "--improver", "agent", "--arms"), cwd=tmp_path)
    assert both.code == 2 and "leave --arms out" in both.err
    assert not (tmp_path / "runs").exists()


def test_a_study_ends_with_a_verdict_and_a_report(done: tuple[Path, Said]) -> None:
    place, said = done
    assert said.code == 0, said.err
    told = said.json
    assert told["verdict"] == "better than its seed, no control arm"
    assert (told["seed_rate"], told["champion_rate"], told["imp_at_k"]) == (0.0, 1.0, 1.0)
    assert 0 < told["evaluations"] <= 60
    report = folder_in(place) / "report"
    assert {one.name for one in report.iterdir()} == {
        *("index.html", "report.json", "tree.png", "curve.png", "champion")
    }
    nodes = json.loads((report / "report.json").read_text())["nodes"]
    assert nodes[0]["sealed"] == 0.0 and max(one["sealed"] or 0.0 for one in nodes) == 1.0
    assert all(one["evaluations"] > 0 for one in nodes)
    assert "+SKILL = 1.0" in next(one["diff"] for one in nodes if one["sealed"] == 1.0)


def test_looks_come_after_the_end_once_each_and_were_named_before(done: tuple[Path, Said]) -> None:
    events = log(folder_in(done[0]))
    types = [one["type"] for one in events]
    assert types[-1] == "closed" and types.index("finished") < types.index("look")
    (named,) = (one for one in events if one["type"] == "note" and one["kind"] == "checkpoints")
    looks = [one for one in events if one["type"] == "look"]
    assert events.index(named) < types.index("look")
    assert {one["checkpoint"]: one["candidate"] for one in looks} == named["data"]
    each = [(one["checkpoint"], one["split"]) for one in looks]
    assert sorted(each) == sorted((one, split) for one in named["data"] for split in ("canary", "sealed"))
    splits = {one["work"]["trial"]["split"] for one in events if one["type"] == "issued" and "trial" in one["work"]}
    assert splits <= {"search", "validation", "canary"}


def test_a_run_of_a_study_is_read_and_checked_like_any_other(done: tuple[Path, Said]) -> None:
    place = str(folder_in(done[0]).relative_to(done[0]))
    assert "done" in call("runs", "--out", place, cwd=done[0]).out
    assert "lineage of c" in call("show", "full-0", "--out", place, cwd=done[0]).out
    assert "they are the same" in call("replay", "full-0", "--out", place, cwd=done[0]).out
    checked = call("verify", "full-0", "--out", place, cwd=done[0])
    assert checked.code == 0 and "the record holds together" in checked.out
    refused = call("resume", "full-0", "--out", place, cwd=done[0])
    assert refused.code == 2 and "shoal selfimprove --resume" in refused.err


def test_a_finished_study_that_is_resumed_measures_nothing_again(done: tuple[Path, Said]) -> None:
    folder = folder_in(done[0])
    before, report = log(folder), (folder / "report" / "report.json").read_text()
    again = call("selfimprove", "--resume", str(folder), "--json", cwd=done[0])
    assert again.code == 0 and {**again.json, "folder": 0} == {**done[1].json, "folder": 0}
    assert log(folder) == before
    assert (folder / "report" / "report.json").read_text() == report


def test_agents_that_cannot_change_give_no_evidence(tmp_path: Path) -> None:
    still = "def work(task, tools):\n    if task['goal'] != 'repair':\n"
    still += "        tools.score(task['files'], 0, task['instances'])\n    return task['files']\n"
    said = call(*study(tmp_path, text=still), cwd=tmp_path)
    assert said.code == 0
    assert "no evidence of self-improvement: +0.0 points of the sealed tasks" in said.out


def test_a_self_scored_bench_earns_no_verdict(tmp_path: Path) -> None:
    write_bench(
        tmp_path / "bench",
        files__check_py=CHECK,
        task_toml='command = ["python3", "check.py"]\n',
        visible_json=None,
        hidden_json=None,
    )
    said = call(*study(tmp_path, "--json"), cwd=tmp_path)
    assert said.code == 0, said.err
    assert said.json["verdict"] == "self-scored, no verdict" and "nothing is proved" in said.json["sentence"]
    assert said.json["champion_rate"] == 1.0


def begin(place: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command(*words), cwd=place, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def in_the_middle(place: Path, process: subprocess.Popen[str], *, after: int) -> None:
    """Wait for a self-modification that has begun and not ended."""
    while process.poll() is None:
        try:
            events = log(next((place / "runs").glob("selfimprove-*")))
        except (StopIteration, StoreError):  # not there yet
            events = []
        made = [one["k"] for one in events if one["type"] == "issued" and one["work"]["do"] == "propose"]
        if len(made) > 1 + after and made[-1] not in [one["k"] for one in events if one["type"] == "result"]:
            return
        time.sleep(0.02)
    raise AssertionError(process.communicate()[1])


def test_a_killed_study_goes_on_and_ends_as_if_nothing_had_happened(tmp_path: Path, done: tuple[Path, Said]) -> None:
    process = begin(tmp_path, *study(tmp_path))
    in_the_middle(tmp_path, process, after=1)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    folder = folder_in(tmp_path)
    assert "finished" not in [one["type"] for one in log(folder)]
    assert (
        "cut off; go on with: shoal selfimprove --resume"
        in call("show", "full-0", "--out", str(folder), cwd=tmp_path).out
    )
    (tmp_path / "agent" / "agent.py").unlink()  # the study has its own
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    said = call("selfimprove", "--resume", str(folder), "--json", cwd=elsewhere)
    assert said.code == 0, said.err
    assert said.json["champion_rate"] == 1.0
    assert digest(folder) == digest(folder_in(done[0]))


def test_ctrl_c_saves_the_study_and_says_how_to_go_on(tmp_path: Path) -> None:
    process = begin(tmp_path, *study(tmp_path))
    in_the_middle(tmp_path, process, after=0)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130 and not out and "Traceback" not in err
    folder = folder_in(tmp_path)
    assert f"nothing is lost; go on with: shoal selfimprove --resume runs/{folder.name}" in err
    assert log(folder)[-1]["type"] == "closed"


class Typist:
    """A command at a terminal of its own."""

    def __init__(self, place: Path, *words: str) -> None:
        self.ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            command(*words), cwd=place, env=environment(), stdin=theirs, stdout=theirs, stderr=theirs
        )
        os.close(theirs)
        self.shown = b""  # and not asked for yet

    def until(self, *texts: str) -> str:
        """What is on the terminal up to the first of ``texts``; an AssertionError where none ever comes."""
        while not (ends := [self.shown.index(one) + len(one) for one in map(str.encode, texts) if one in self.shown]):
            try:
                self.shown += os.read(self.ours, 1 << 16)
            except OSError:  # the other end is closed
                raise AssertionError(self.shown.decode()) from None
        told, self.shown = self.shown[: min(ends)], self.shown[min(ends) :]
        return told.decode()

    def types(self, text: str) -> None:
        os.write(self.ours, text.encode())

    def close(self) -> int:
        """How it ended."""
        code = self.process.wait(timeout=60)
        os.close(self.ours)
        return code


def test_a_person_at_the_terminal_is_asked_again_after_a_kill_and_answers(tmp_path: Path) -> None:
    one = Typist(tmp_path, *study(tmp_path), "--approve", "ask")
    shown = one.until("promote it? (yes/no)")
    assert "+SKILL = 1.0" in shown and "would be the new leader, after c0" in shown
    one.process.kill()
    one.close()
    folder = folder_in(tmp_path)
    assert "finished" not in [event["type"] for event in log(folder)]
    nobody = call("selfimprove", "--resume", str(folder), cwd=tmp_path)
    assert nobody.code == 2 and "--approve ask needs a person at a terminal" in nobody.err
    two = Typist(tmp_path, "selfimprove", "--resume", str(folder))
    two.until("promote it? (yes/no)")
    two.types("what?\n")
    two.until("promote it? (yes/no)")
    two.types("no\n")
    while two.until("promote it? (yes/no)", "report").endswith("(yes/no)"):  # others that would lead
        two.types("no\n")
    assert two.close() == 0
    assert "refused" in [event["kind"] for event in log(folder) if event["type"] == "note"]


def test_ctrl_c_leaves_a_question_open(tmp_path: Path) -> None:
    one = Typist(tmp_path, *study(tmp_path), "--approve", "ask")
    one.until("promote it? (yes/no)")
    one.process.send_signal(signal.SIGINT)
    one.until("nothing is lost; go on with: shoal selfimprove --resume")
    assert one.close() == 130


def test_a_stop_file_ends_a_study_and_forbids_another(tmp_path: Path) -> None:
    process = begin(tmp_path, *study(tmp_path))
    in_the_middle(tmp_path, process, after=0)
    (tmp_path / "runs" / "STOP").touch()
    process.communicate(timeout=60)
    assert process.returncode == 130
    refused = call(*study(tmp_path), cwd=tmp_path)
    assert refused.code == 2 and "STOP exists: nothing runs here" in refused.err
    assert call("selfimprove", "--resume", f"runs/{folder_in(tmp_path).name}", cwd=tmp_path).code == 2


@pytest.mark.slow
def test_changed_tasks_end_a_study(tmp_path: Path) -> None:
    process = begin(tmp_path, *study(tmp_path))
    in_the_middle(tmp_path, process, after=0)
    process.kill()
    process.communicate()
    (tmp_path / "bench" / "search" / "search0" / "statement.md").write_text("Halves a number.\n")
    said = call("selfimprove", "--resume", f"runs/{folder_in(tmp_path).name}", cwd=tmp_path)
    assert said.code == 2 and "are not those it began with; begin a new study" in said.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--agent", "nowhere"], "nowhere: no agent.py in it"),
        (["--rule", "best"], "rule is 'best': Input should be 'dgm', 'hgm', 'sica', 'greedy' or 'random'"),
        (["--seeds", "0"], "--seeds"),
        (["--bench", "nowhere"], "nowhere is not a folder"),
        (["--bench", "agent"], "none of 0 tasks is for search"),
        (["--agent", "broken"], "agent.py: '(' was never closed (line 1)"),
        pytest.param(["--agent", "idle"], "the seed agent repairs nothing it can be", marks=pytest.mark.slow),
        (["--evaluations", "3"], "evaluations is 3: measuring the seed agent alone takes 4; give more"),
        (["--sealed", "0"], "sealed is 0"),
        (["--resume", "agent"], "agent is no study of self-improvement: no study.json in it"),
        (["--approve", "ask"], "--approve ask needs a person at a terminal, and here is none: run it at one"),
        (["--approve", "maybe"], "approve is 'maybe': Input should be 'auto' or 'ask'"),
        (["--asks", "3"], "asks is for models, and there are none: name them with --models FILE"),
        (
            ["--resume", "agent", "--models", "x.toml"],
            "--models cannot be set with --resume: agent goes on with what",
        ),
        (["--resume", "agent", "--step-asks", "3"], "leave it out, or begin a new study without --resume"),
    ],
)
def test_a_mistake_is_one_line(tmp_path: Path, words: list[str], said: str) -> None:
    write_agent(tmp_path / "broken", "def work(\n")
    write_agent(tmp_path / "idle", "def work(task, tools):\n    raise ValueError('no')\n")
    told = call(*study(tmp_path), *words, cwd=tmp_path)
    assert told.code == 2, told.err
    assert said in told.err and len(told.err.strip().splitlines()) == 1 and not told.out


def test_a_mistake_leaves_no_study_behind(tmp_path: Path) -> None:
    call(*study(tmp_path), "--agent", "nowhere", cwd=tmp_path)
    assert not (tmp_path / "runs").exists()


@pytest.mark.slow
def test_all_arms_with_two_seeds_end_in_a_verdict_against_each(tmp_path: Path) -> None:
    said = call(*study(tmp_path, "--arms", "--seeds", "2", "--json", evaluations=40), cwd=tmp_path)
    assert said.code == 0, said.err
    report = json.loads((folder_in(tmp_path) / "report" / "report.json").read_text())
    assert [one["name"] for one in report["arms"]] == [
        "fixed-improver",
        "random-edits",
        "no-archive",
        "operator-bandit",
    ]
    assert report["seeds"] == [0, 1] and len(report["verdict"]["arms"]) == 4


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_demo_ends_with_a_verdict(tmp_path: Path) -> None:
    process = begin(tmp_path, "demo", "selfimprove", "--json")
    out, err = process.communicate(timeout=580)
    assert process.returncode == 0, err
    assert 0 < json.loads(out.splitlines()[-1])["evaluations"] <= DEMO["evaluations"]
