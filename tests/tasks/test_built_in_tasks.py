"""The page on tasks lists every built-in task, with the values that the tasks themselves give."""

import re
from pathlib import Path

import pytest

from shoal.tasks import load

ROOT = Path(__file__).parents[2]
HOME = ROOT / "src" / "shoal" / "tasks"
BUILT_IN = sorted(file.parent.name for file in HOME.glob("[a-z]*/task.toml"))


def rows():
    page = (ROOT / "docs" / "tasks.md").read_text(encoding="utf-8")
    section = page.split("## Built-in tasks")[1].split("\n## ")[0]
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:3] == "| `"
    ]
    return {row[0].strip("`"): row[1:] for row in cells}


def test_the_page_lists_every_built_in_task_in_order():
    assert list(rows()) == BUILT_IN


@pytest.mark.parametrize("name", BUILT_IN)
def test_the_page_gives_direction_and_best_known_value(name):
    score, (what, _, known) = load(name).score, rows()[name]
    assert what.endswith("lower is better" if score.direction == "min" else "higher is better")
    (shown,) = re.findall(r"[\d.]+", known)
    assert score.best_known is not None
    assert float(shown) == round(score.best_known, len(shown.partition(".")[2]))


@pytest.mark.parametrize("name", BUILT_IN)
def test_answers_are_declared_and_the_first_program_is_short(name):
    task = load(name)
    assert {answer.function for answer in task.answers} == set(task.program.entry)
    assert len(task.initial.splitlines()) <= 40
