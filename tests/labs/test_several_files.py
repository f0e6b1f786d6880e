"""Runs of a program of several files, from the first one to the champion's folder."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from shoal.cli import main
from shoal.core.values import Split, Status
from shoal.labs.evolve import evaluate_program
from shoal.report import RunView
from shoal.tasks import TaskError, load

from .sittings import TASK, Watcher, go_on, run, sound, write_task

MAIN = """
from guesses import guess
from weights import HELD


def slope(points):
    return guess(points) * HELD
"""
GUESSES = """
from weights import WEIGHT, HELD


def guess(points):
    first, last = 0, 2
    return WEIGHT * (points[last] - points[first])
"""
WEIGHTS = """
# shoal: begin
WEIGHT = 0.9
# shoal: end
HELD = 1.0
"""


@pytest.fixture
def task(tmp_path: Path) -> Path:
    return several(tmp_path / "slopes")


def several(folder: Path, *, program: str = "", **changed: str) -> Path:
    """The task with its program in three files."""
    write_task(folder, program=MAIN)
    (folder / "guesses.py").write_text(GUESSES)
    (folder / "weights.py").write_text(WEIGHTS)
    told = program or 'entry = ["slope"]\nmore = ["guesses.py", "weights.py"]'
    text = TASK.replace("{direction}", "max").replace('entry = ["slope"]', told)
    (folder / "task.toml").write_text(text)
    for name, source in changed.items():
        (folder / f"{name}.py").write_text(source)
    return folder


def test_a_run_changes_all_files_and_hands_in_all(task: Path, tmp_path: Path) -> None:
    done = run(task, tmp_path, evaluations=150, seed=3)
    assert sound(done) and done.initial_score is not None and done.best_score is not None
    assert done.best_score > done.initial_score
    store = done.folder.store(read_only=True)
    view = RunView.read(store, done.run)
    store.close()
    first = view.candidates[view.initial or ""].files
    changed = {name for one in view.candidates.values() for name in first if one.files[name] != first[name]}
    assert changed == {"initial.py", "guesses.py", "weights.py"}
    best = done.folder.path / "report" / "best"
    assert sorted(one.name for one in best.iterdir()) == ["guesses.py", "initial.py", "weights.py"]
    again = run(task, tmp_path, start=str(best), evaluations=8, seed=1)
    assert sound(again)


def test_it_repeats_and_goes_on_where_it_was_cut_off(task: Path, tmp_path: Path) -> None:
    whole = run(task, tmp_path / "whole", evaluations=60, seed=5)
    cut = run(task, tmp_path / "cut", watch=Watcher(after=25), evaluations=60, seed=5)
    assert cut.status == "interrupted"
    done = go_on(cut.folder)
    assert done.digest == whole.digest


def test_files_import_each_other_in_any_order_and_none_is_another_module(task: Path) -> None:
    outcome = asyncio.run(evaluate_program(str(task), task / "initial.py"))
    assert outcome.status is Status.OK and outcome.trial.split is Split.SEARCH
    whole = asyncio.run(evaluate_program(str(task), task))
    assert whole.score == outcome.score
    (task / "guesses.py").write_text(GUESSES.replace("WEIGHT, HELD", "WEIGHT, GONE"))
    broken = asyncio.run(evaluate_program(str(task), task / "initial.py"))
    assert broken.status is Status.CRASH and "ImportError" in broken.feedback and "GONE" in broken.feedback


def test_what_is_frozen_in_any_file_stays(tmp_path: Path) -> None:
    marked = 'entry = ["slope"]\nmore = ["guesses.py", "weights.py"]\nregion = "marked"'
    wrap = "# shoal: begin\n{}\n# shoal: end\n"
    task = several(tmp_path / "slopes", program=marked, initial=wrap.format(MAIN), guesses=wrap.format(GUESSES))
    done = run(task, tmp_path, evaluations=80, seed=2)
    store = done.folder.store(read_only=True)
    view = RunView.read(store, done.run)
    texts = {store.get(one.files["weights.py"]).decode() for one in view.candidates.values()}
    store.close()
    assert sound(done) and len(texts) > 3 and all("HELD = 1.0" in text for text in texts)


@pytest.mark.parametrize(
    ("program", "told"),
    [
        ('entry = ["slope"]\nmore = ["lost.py"]', "lost.py is missing: program.more names it"),
        ('entry = ["slope"]\nmore = ["random.py"]', "import random means another module"),
        ('entry = ["slope"]\nmore = ["numpy.py"]', "import numpy means another module"),
        ('entry = ["slope"]\nmore = ["judge.py"]', "'judge.py' is the name of another file"),
        ('entry = ["slope"]\nmore = ["guesses.py", "guesses.py"]', "'guesses.py' is the name of another file"),
        ('entry = ["slope"]\nmore = ["notes.txt"]', "'notes.txt' cannot be imported"),
        ('entry = ["slope"]\nmore = ["../x.py"]', "has characters that are not allowed here"),
        ('entry = ["slope"]\nmore = ["guesses.py"]\nregion = ["slope"]', "program.region names parts of one file"),
        ('entry = ["slope"]\nmore = ["guesses.py"]\nregion = "marked"', "has no line '# shoal: begin'"),
    ],
)
def test_mistakes_are_one_line(tmp_path: Path, program: str, told: str) -> None:
    with pytest.raises(TaskError) as error:
        load(several(tmp_path / "slopes", program=program))
    assert told in str(error.value) and "\n" not in str(error.value)


def test_a_command_has_files_of_any_language(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Numbers of a header are edited as those of the program are."""
    folder = tmp_path / "areas"
    folder.mkdir()
    settings: dict[str, Any] = {
        "task.toml": """
name = "areas"
kind = "command"
description = "Come near to 3."
[program]
file = "main.py"
more = ["sizes.h"]
command = ["python3", "main.py"]
[score]
direction = "max"
range = [-100.0, 0.0]
[instances]
fixed = true
""",
        "main.py": 'import re\nprint(0.5 * float(re.findall(r"= ([-0-9.e]+);", open("sizes.h").read())[0]))\n',
        "sizes.h": "const double width = 1.5;\n",
        "judge.py": """
def instances(split, rng):
    yield None


def score(instance, output):
    return max(-100.0, -abs(float(output["stdout"].split()[0]) - 3.0))
""",
    }
    for name, text in settings.items():
        (folder / name).write_text(text)
    done = run(folder, tmp_path, evaluations=40, seed=1)
    assert sound(done) and done.best_score is not None and done.initial_score is not None
    assert done.best_score > done.initial_score
    assert main(["show", done.run, "best", "--out", str(tmp_path), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert "sizes.h" in json.dumps(shown)
