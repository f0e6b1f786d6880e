"""The watch over a whole run: canaries, honey tokens, holds and releases by hand, the gap alarm."""

import json
from pathlib import Path
from typing import Any

import pytest

from shoal.cli import main
from shoal.core.values import Split, Status, Trial
from shoal.labs.evolve import Finished, evaluate_program
from shoal.report import RunView

from .sittings import JUDGE, PROGRAM, TASK, events, go_on, run, sound, write_task

CANARIES = """

def canaries(rng):
    while True:
        yield 5.0, [0.0] * 8  # no slope fits: score refuses whatever an honest program can say
"""
WARY = JUDGE.replace(
    '    return {"score"',
    '    if instance[0] == 5.0 and output != 123.0:\n        raise Wrong("no good answer")\n    return {"score"',
)
WARY = WARY.replace("import number", "import Wrong, number")


def noted(folder: Any, kind: str) -> list[dict[str, Any]]:
    return [one for one in events(folder, "note") if one["kind"] == kind]


def test_honest_programs_pass_by_the_canaries(tmp_path: Path) -> None:
    task = write_task(tmp_path / "slopes", judge=WARY + CANARIES)
    done = run(task, tmp_path, evaluations=30, seed=3)
    assert sound(done)
    shown = [one["work"]["trial"] for one in events(done.folder, "issued") if one["work"]["do"] == "measure"]
    assert any(trial["split"] == "canary" for trial in shown)
    assert noted(done.folder, "hit") == [] and done.held == 0


def test_a_program_with_an_answer_to_everything_is_frozen(tmp_path: Path) -> None:
    """The first program is the cheat here: nothing is left that may be used, and the run says so."""
    cheat = "def slope(points):\n    return 123.0 if points == [0.0] * 8 else 0.1\n"
    task = write_task(tmp_path / "slopes", judge=WARY + CANARIES, program=cheat)
    done = run(task, tmp_path, evaluations=30, seed=3)
    (hit, *_) = noted(done.folder, "hit")
    assert "c0 got a score on an instance that has no good answer" in hit["text"]
    assert (done.champion, done.best_score) == (None, None)
    assert "no program is left" in done.reason
    assert sound(done)


def test_a_word_of_the_judges_own_is_a_flag(tmp_path: Path) -> None:
    leaky = JUDGE.replace(
        "def arguments(instance):\n    return (instance[1],)",
        "def arguments(instance):\n    from shoal.evaluate import _judge\n\n    return ([_judge._loaded[0].honey],)",
    )
    assert leaky != JUDGE
    program = tmp_path / "echo.py"
    program.write_text("def slope(points):\n    return points[0]\n")
    import anyio

    async def go() -> Any:
        return await evaluate_program(str(write_task(tmp_path / "slopes", judge=leaky)), program)

    outcome = anyio.run(go)
    assert (outcome.status, outcome.score, outcome.flags) == (Status.VIOLATION, None, ("honey_token",))
    assert "only the judge knows" in outcome.feedback
    assert outcome.trial == Trial(Split.SEARCH, (0, 1))


LUCKY = """

def instances(split, rng):
    while True:
        yield float(rng.uniform(-1.0, 1.0))


def arguments(instance):
    return (instance,)


def score(instance, output):
    return SIGN * max(-9.0, -abs(number(output, name="slope") - 0.25))
"""


def lucky(folder: Path) -> Path:
    """A task whose initial program is far away: one good number more than halves the distance to the best known."""
    judge = "from shoal.judging import number\n" + LUCKY
    write_task(folder, judge=judge, program="def slope(point):\n    return 4.0 * 1.5\n")
    (folder / "task.toml").write_text(
        TASK.replace("{direction}", "max").replace("range = [-10.0, 10.0]", "range = [-10.0, 0.0]\nbest_known = -0.1")
    )
    return folder


def test_what_beats_the_best_value_known_is_held_and_released_when_it_shows_again(tmp_path: Path) -> None:
    done = run(lucky(tmp_path / "lucky"), tmp_path, evaluations=200, seed=1)
    assert sound(done)
    held, released = noted(done.folder, "held"), noted(done.folder, "released")
    seen = {one["data"]["candidate"] for one in (*held, *released) if "shown" in one["data"]}
    names = [list(dict.fromkeys(one["data"]["candidate"] for one in notes)) for notes in (held, released)]
    assert released and len(names[0]) - len(names[1]) == done.held
    assert len(set(names[0]) - seen) <= 1, "at most the last waits for its second look"
    assert done.verdict == "improvement shown"
    assert done.best_score is not None and done.best_score > -0.2


def when_held(done: Finished) -> int:
    """After how many evaluations the first candidate was held."""
    store, spent = done.folder.store(read_only=True), 0
    try:
        for event in store.read(done.run, limit=1_000_000):
            if event.data["type"] == "note" and event.data["kind"] == "held":
                return spent
            if event.data["type"] == "result":
                spent += event.data["result"].get("counted", {}).get("evaluations", 0)
    finally:
        store.close()
    raise AssertionError("nobody was held")


def test_the_record_says_why_and_a_person_may_let_go(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The clock ends the run while the second look at a candidate is still due."""
    done, first = None, when_held(run(lucky(tmp_path / "lucky" / "long"), tmp_path / "long", evaluations=200, seed=3))
    for evaluations in range(first, first + 8):
        done = run(lucky(tmp_path / "lucky" / str(evaluations)), tmp_path, evaluations=evaluations, seed=3)
        if done.held:
            break
    assert done is not None and done.held == 1
    assert main(["held", done.run, "--out", str(tmp_path), "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["held"]
    assert not row["frozen"] and "is held" in row["why"]
    assert main(["release", done.run, "c0", "--out", str(tmp_path)]) == 2
    assert "c0 is not held" in capsys.readouterr().err
    assert main(["release", done.run, row["candidate"], "--out", str(tmp_path)]) == 0
    assert "released by hand" in capsys.readouterr().out
    assert sound(done)
    from shoal.core.budget import Budget

    more = go_on(done.folder, budget=Budget(evaluations=done.evaluations + 20))
    assert sound(more) and more.held <= 1
    store = more.folder.store(read_only=True)
    view = RunView.read(store, more.run)
    store.close()
    assert row["candidate"] not in view.held
    assert main(["held", done.run, "--out", str(tmp_path)]) == 0


def test_gains_that_stay_on_the_search_instances_crown_nobody(tmp_path: Path) -> None:
    """Fresh instances all give the same: no search gain shows there."""
    away = '(100.0 if split != "search" else 0.0)'
    judge = JUDGE.replace("slope = rng.uniform(-1.0, 1.0)", f"slope = rng.uniform(-1.0, 1.0) + {away}")
    same = '    if instance[0] > 50.0:\n        return {"score": SIGN * -9.0}\n'
    judge = judge.replace("def score(instance, output):\n", "def score(instance, output):\n" + same)
    assert judge.count("50.0") == judge.count("100.0") == 1
    done = run(
        write_task(tmp_path / "slopes", judge=judge, program=PROGRAM),
        tmp_path,
        evaluations=600,
        seed=2,
        stop_on_gap=True,
    )
    assert done.champion == "c0" and done.verdict == "nothing improved"
    assert len(noted(done.folder, "contest")) >= 3
    assert noted(done.folder, "gap_alarm") and done.reason.startswith("gap alarm: search and validation part")
    assert sound(done)
