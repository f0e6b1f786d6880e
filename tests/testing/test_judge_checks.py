"""`check_task` names the weakness of every weak judge, and lets sound ones pass."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from shoal.cli import main
from shoal.core.errors import UserError
from shoal.tasks import Task, load, names, scaffold
from shoal.testing import CheckProgress, Finding, check_task
from shoal.testing._judge_checks import CHECKS
from shoal.testing._judge_findings import Remark, gathered
from shoal.testing._judge_source import Source

from .command_judges import COMMANDS, written_command
from .sound_judges import SOUND
from .toys import Toy, written
from .weak_judges import WEAK

BAD = ("weak", "wrong")


def bad(findings: Sequence[Finding]) -> list[Finding]:
    return [one for one in findings if one.status in BAD]


def some_quick(table: Mapping[str, object], *quick: str) -> list[Any]:
    """The names of a table; all but the quick ones are left to the long test run."""
    return [name if name in quick else pytest.param(name, marks=pytest.mark.slow) for name in table]


def named(findings: Sequence[Finding], toy: Toy) -> bool:
    """Whether each weakness is told under its name, and the words are there."""
    found = bad(findings)
    return set(toy.named) <= {one.check for one in found} and any(toy.words in one.detail for one in found)


@pytest.mark.parametrize("name", WEAK)
def test_a_weak_judge_is_told_its_weakness(name: str, tmp_path: Path) -> None:
    toy = WEAK[name]
    findings = check_task(written(toy, tmp_path / "task"), only=toy.named)
    assert named(findings, toy), findings
    assert all(one.mend for one in bad(findings))
    assert {one.check for one in findings} <= {*toy.named, "score"}


@pytest.mark.slow
@pytest.mark.parametrize("name", WEAK)
def test_all_checks_together_tell_it_too(name: str, tmp_path: Path) -> None:
    findings = check_task(written(WEAK[name], tmp_path / "task"))
    assert named(findings, WEAK[name]), findings
    assert {one.check for one in findings} <= set(CHECKS)


@pytest.mark.parametrize("name", some_quick(SOUND))
def test_a_sound_judge_passes(name: str, tmp_path: Path) -> None:
    findings = check_task(written(SOUND[name], tmp_path / "task"))
    assert bad(findings) == []
    assert sum(one.status == "ok" for one in findings) > len(findings) / 2


@pytest.mark.slow
@pytest.mark.parametrize("name", names())
def test_every_built_in_task_passes(name: str) -> None:
    assert bad(check_task(load(name))) == []


def test_the_task_that_new_writes_passes_without_a_note(tmp_path: Path) -> None:
    scaffold(tmp_path / "mine")
    told: list[CheckProgress] = []
    findings = check_task(load(tmp_path / "mine"), watch=told.append)
    assert {one.status for one in findings} == {"ok"}, findings
    assert [one.number for one in told] == list(range(1, told[-1].total + 1))
    assert told[-1].programs > 150


@pytest.mark.parametrize("name", some_quick(COMMANDS, "believes its file"))
def test_the_output_of_commands_is_tried_as_well(name: str, tmp_path: Path) -> None:
    command = COMMANDS[name]
    findings = check_task(written_command(command, tmp_path / "task"), only={"output"})
    found = {one.check for one in bad(findings)}
    assert set(command.named) <= found if command.named else not found, findings


# -- limits and mistakes ----------------------------------------------------------------------------------------------


def broken(tmp_path: Path, change: Callable[[str], str]) -> Task:
    """The template with another first program or judge."""
    scaffold(tmp_path / "task")
    for file in ("initial.py", "judge.py"):
        path = tmp_path / "task" / file
        path.write_text(change(path.read_text()))
    return load(tmp_path / "task")


def test_a_first_program_without_a_score_ends_the_check(tmp_path: Path) -> None:
    task = broken(tmp_path, lambda text: text.replace("return level + slope", "return 'x', level + slope"))
    (finding,) = check_task(task)
    assert (finding.check, finding.status) == ("score", "wrong")
    assert "no score: wrong (curve: must be made of numbers" in finding.detail


def test_a_judge_that_fails_on_the_first_program_is_a_finding(tmp_path: Path) -> None:
    task = broken(tmp_path, lambda text: text.replace("np.clip(output", "np.no_such(output"))
    (finding,) = check_task(task)
    assert finding.status == "wrong"
    assert "raises AttributeError (judge.py, line" in finding.detail


def test_a_judge_that_cannot_be_loaded_is_a_mistake_in_one_line(tmp_path: Path) -> None:
    task = broken(tmp_path, lambda text: text.replace("PLACES = 64", "PLACES = 64 // 0"))
    with pytest.raises(UserError, match=r"judge.py cannot be loaded: ZeroDivisionError.*line"):
        check_task(task)


def test_what_there_was_no_time_for_is_said(tmp_path: Path) -> None:
    scaffold(tmp_path / "task")
    task = load(tmp_path / "task")
    *_, last = check_task(task, seconds=1.0, only={"types", "growth", "shape", "length", "not finite"})
    assert (last.check, last.status) == ("time", "note")
    assert "programs were not tried: 1 s were over" in last.detail
    with pytest.raises(UserError, match="seconds = 0"):
        check_task(task, seconds=0)


def test_a_seed_draws_other_instances_and_the_same_again(tmp_path: Path) -> None:
    scaffold(tmp_path / "task")
    task = load(tmp_path / "task")
    first, again, other = (check_task(task, seed=seed, only=()) for seed in (1, 1, 2))
    assert first == again != other


# -- the pieces -------------------------------------------------------------------------------------------------------


def test_many_remarks_become_a_line_for_each_level() -> None:
    remarks = [Remark("weak", f"answer {k}", "gets a score") for k in range(7)] + [Remark("note", "x", "is odd")]
    weak, note = gathered("junk", remarks, tried=8, mend="mend it", fine="fine")
    assert weak == Finding("junk", "weak", "answer 0, answer 1 and 5 more: gets a score", "mend it")
    assert note.detail == "x: is odd"
    assert gathered("junk", [], tried=3, mend="", fine="fine") == [Finding("junk", "ok", "fine")]
    assert gathered("junk", [], tried=0, mend="", fine="fine") == []


def test_the_source_of_a_judge_is_read_where_it_scores() -> None:
    source = Source.of(
        b"import time, random\nfrom time import perf_counter as now\nimport numpy as np\n"
        b"TOLERANCE = 1e-9\nAPART = 1e-9\n"
        b"def score(i, o):\n    return helper(o)\n"
        b"def helper(o):\n    t = now()\n    rng = np.random.default_rng(3)\n    random.shuffle(o)\n"
        b"    return o[0] < TOLERANCE\n"
        b"def picture(i, o):\n    return time.time() + eval(o) + np.random.rand()\n"
        b"def instances(split, rng):\n    yield rng.random()\n"
    )
    assert source.clocks == ("now, line 9",)
    assert source.chance == ("random.shuffle, line 11",)
    assert source.tolerances == ("TOLERANCE, line 12",)
    assert source.runs == source.swallowed == source.places == ()


# -- the command ------------------------------------------------------------------------------------------------------


def test_the_command_says_what_is_weak_and_how_to_mend_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(WEAK["accepts NaN"], tmp_path / "task")
    assert main(["check", str(tmp_path / "task"), "--seconds", "60"]) == 1
    said = capsys.readouterr()
    assert "WEAK  not finite: NaN as the first number" in said.out
    assert "-> refuse NaN and infinities" in said.out
    assert said.out.splitlines()[-1].endswith(f"then: shoal check {tmp_path / 'task'}")
    assert "\nok " not in said.out


@pytest.mark.slow
def test_the_command_is_content_with_the_template(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", str(tmp_path / "task")]) == 0
    assert f"shoal check {tmp_path / 'task'}" in capsys.readouterr().out
    assert main(["check", str(tmp_path / "task"), "--json", "--seed", "4"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["task"], told["ok"], told["seed"]) == ("task", True, 4)
    assert {one["status"] for one in told["findings"]} == {"ok"}


def test_a_mistake_at_the_command_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "circle_packing_26", "--seconds", "0"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert main(["check", "circle_packing_27"]) == 2
    assert "did you mean circle_packing_26?" in capsys.readouterr().err
