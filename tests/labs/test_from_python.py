"""`shoal.evolve` from plain code and from inside an event loop, and what it says to a mistake."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

import shoal as package
from shoal.core.errors import UserError
from shoal.labs.evolve import Evolved

shoal: Any = package  # its names are loaded when first asked for


def root():
    return 1.3


def near_the_root_of_two(output):
    return -abs(number(output, low=-1e6, high=1e6) ** 2 - 2)  # type: ignore[name-defined]  # noqa: F821


def scaled(x):
    return 1.5 * x


def numbers(split, rng):
    while True:
        yield (float(rng.uniform(1, 2)),)


def doubled(instance, output):
    if not isinstance(output, float):
        raise Wrong("a float is wanted")  # type: ignore[name-defined]  # noqa: F821
    return min(abs(output - 2 * instance[0]), 100.0)


def test_functions_as_program_and_judge(tmp_path: Path) -> None:
    best = shoal.evolve(root, near_the_root_of_two, budget=30, out=tmp_path, seed=1)
    assert best.initial_score == pytest.approx(-abs(1.3**2 - 2))
    assert best.best_score is not None and best.best_score > best.initial_score
    assert "def root():" in best.source and (best.report / "best.py").read_text() == best.source
    space: dict[str, Any] = {}
    exec(best.source, space)
    assert -abs(space["root"]() ** 2 - 2) == best.best_score


def test_instances_lower_is_better_and_a_running_event_loop(tmp_path: Path) -> None:
    async def inside() -> Evolved:
        return shoal.evolve(
            scaled, doubled, budget=shoal.Budget(evaluations=25), instances=numbers, direction="min", out=tmp_path
        )

    best = asyncio.run(inside())
    assert best.best_score is not None and best.initial_score is not None
    assert best.best_score <= best.initial_score and best.finished.evaluations == 25
    assert best.finished.sealed_score is not None


def test_text_and_files_and_equal_results(tmp_path: Path) -> None:
    text = "def root():\n    guess = 1.3\n    return guess\n"
    file = tmp_path / "program.py"
    file.write_text(text)
    results = [shoal.evolve(one, near_the_root_of_two, budget=8, out=tmp_path, seed=1) for one in (text, str(file))]
    assert len({one.finished.digest for one in results}) == 1


needs_outside = 3.0


def leaning():
    return needs_outside


JUDGE = "def instances(split, rng):\n    yield None\n\ndef score(instance, output):\n    return 1.0\n"
PROGRAM = "def f():\n    return 1.0\n"


@pytest.mark.parametrize(
    ("program", "judge", "more", "told"),
    [
        (lambda: 1.0, JUDGE, {}, "must be a plain `def` function"),
        (PROGRAM, lambda output: 1.0, {}, "plain `def`|cannot be found"),
        ("x = 1\n", JUDGE, {}, "defines no function"),
        ("def f(:\n    pass\n", JUDGE, {}, "syntax error in line 1"),
        ("def f():\n    return '\0'\n", JUDGE, {}, "null bytes"),
        ("no/such/file.py", JUDGE, {}, "cannot read the program no/such/file.py"),
        (PROGRAM, Path("no/judge.py"), {}, "cannot read the judge"),
        (3, JUDGE, {}, "must be a function, source text or the path"),
        (PROGRAM, None, {}, "must be a function, source text or the path"),
        (PROGRAM, JUDGE, {"budget": 0}, "must be above 0"),
        (PROGRAM, JUDGE, {"budget": "60"}, "hand in a number of evaluations"),
        (PROGRAM, JUDGE, {"budget": True}, "hand in a number of evaluations"),
        (PROGRAM, JUDGE, {"direction": "up"}, "direction"),
        (PROGRAM, JUDGE, {"score_range": (1.0, 0.0)}, "range"),
        (PROGRAM, JUDGE, {"score_range": 5}, "write \\(lowest, highest\\)"),
        (PROGRAM, JUDGE, {"score_range": (0.0, float("inf"))}, "range"),
        (PROGRAM, JUDGE, {"windw": 4}, "did you mean window"),
        (PROGRAM, JUDGE, {"search": {"island": 4}}, "did you mean islands"),
        (PROGRAM, JUDGE, {"name": "Not A Name"}, "name"),
        (PROGRAM, doubled, {}, "judge\\(output\\)"),
        (PROGRAM, near_the_root_of_two, {"instances": numbers}, "together with instances="),
        (PROGRAM, "def score(i, o):\n    return 1\n", {}, "instances"),
        (leaning, near_the_root_of_two, {}, "NameError: name 'needs_outside' is not defined"),
        (PROGRAM, "import nowhere\n" + JUDGE, {}, "nowhere"),
        (PROGRAM, JUDGE.replace("1.0", "'much'"), {}, "score must be a number, not str"),
    ],
)
def test_mistakes_are_told_in_one_line(
    program: Any, judge: Any, more: dict[str, Any], told: str, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match=told) as caught:
        shoal.evolve(program, judge, **{"budget": 4, "out": tmp_path, **more})
    assert "\n" not in str(caught.value).strip()


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot write the task to"):
        shoal.evolve(PROGRAM, JUDGE, budget=4, out=tmp_path / "file")
