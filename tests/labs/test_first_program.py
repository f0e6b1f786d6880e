"""Tasks without a first program: a model writes it, as work of the run; what it is told, and what comes of failures."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from shoal.core.budget import Budget
from shoal.core.errors import UserError
from shoal.labs.evolve import RunConfig, contest_of, first_requests, run_all, start
from shoal.propose import summary
from shoal.report import RunView, compare, draw_comparison
from shoal.search import FIRST_TRIES
from shoal.store import RunFolder
from shoal.tasks import load
from shoal.testing import Asked, ModelServer

from .models import nudge, pool
from .sittings import JUDGE, PROGRAM, TASK, Watcher, events, go_on, run, sound, write_task
from .test_compare import Crowd

SETTINGS: dict[str, Any] = {"seed": 5, "workers": 4, "usd": 9.0}
CRASHES = "def slope(points):\n    return points[99] * 0.5\n"
NO_ENTRY = "def incline(points):\n    return 0.5\n"


def fence(program: str) -> str:
    return f"Here it is.\n```python\n{program.strip()}\n```\n"


class Author:
    """Answers questions for a first program with these texts, one after the other, the last for ever; then nudges."""

    def __init__(self, *texts: str) -> None:
        self.texts = list(texts)
        self.first: list[Asked] = []

    def __call__(self, asked: Asked) -> str:
        if "# The current program" in asked.text:
            return nudge(asked) if "```python" in asked.messages[-1][1] else "There is nothing to be done."
        self.first.append(asked)
        return self.texts[min(len(self.first), len(self.texts)) - 1]


@pytest.fixture
def task(tmp_path: Path) -> Path:
    folder = write_task(tmp_path / "slopes")
    (folder / "initial.py").unlink()
    return folder


def view_of(folder: RunFolder) -> RunView:
    store = folder.store(read_only=True)
    try:
        return RunView.read(store, folder.id)
    finally:
        store.close()


def proposals(folder: RunFolder) -> list[dict[str, Any]]:
    return [one["work"] for one in events(folder, "issued") if one["work"]["do"] == "propose"]


@pytest.mark.parametrize("proposer", ["mixed", "model", "best-of-n", "refine"])
def test_a_model_writes_the_first_program_and_the_run_goes_on_from_it(
    proposer: str, task: Path, tmp_path: Path
) -> None:
    with ModelServer(author := Author(fence(PROGRAM))) as server:
        done = run(task, tmp_path / "runs", evaluations=14, proposer=proposer, models=pool(server), **SETTINGS)
    assert sound(done)
    assert len(author.first) == 1
    view = view_of(done.folder)
    assert view.initial == "c0" and done.initial_score is not None and done.sealed_initial is not None
    first, *rest = proposals(done.folder)
    assert (first["proposer"], first["parents"]) == ("writer", [])
    assert rest and all(one["parents"] for one in rest), "then everything is made from something"
    row = view.operators["tiny/first"]
    assert (row.tried, row.failed) == (1, 0) and row.tokens > 0 and row.usd > 0
    page = (done.folder.report / "report.md").read_text()
    assert "tiny/first" in page


def test_the_model_is_told_what_the_task_says_to_those_who_solve_it(task: Path, tmp_path: Path) -> None:
    (task / "public.py").write_text('def error(guess, points):\n    """How far off a guess is."""\n    return 0.0\n')
    (task / "task.toml").write_text(
        (task / "task.toml").read_text() + '\n[[answer]]\nname = "tilt"\nshape = []\nlow = -2.0\nhigh = 2.0\n'
    )
    with ModelServer(author := Author(fence(PROGRAM))) as server:
        run(task, tmp_path / "runs", evaluations=2, models=pool(server), **SETTINGS)
        config = RunConfig(task=str(task), models=pool(server), **SETTINGS)
        dry = summary(first_requests(config)["tiny"]["messages"])
    system, user = (text for _, text in author.first[0].messages)
    assert "first version of a computer program" in system
    for part in (
        "Guess the slope behind a few noisy points.",
        "It must define the functions slope at its top level.",
        "The judge calls slope once for each instance",
        "slope returns tilt: one number (finite floats), none below -2, none above 2.",
        "public.error(guess, points): How far off a guess is.",
        "5 seconds of CPU time and 1,024 MiB",
    ):
        assert part in user, user
    assert "rng.uniform" not in user and "# The current program" not in user, "nothing of the judge is told"
    assert dry.split("# The task")[1].count("slope") == user.split("# The task")[1].count("slope")


def test_what_failed_is_told_until_a_program_gets_a_score(task: Path, tmp_path: Path) -> None:
    texts = ("I would rather not.", fence(NO_ENTRY), fence(CRASHES), fence(PROGRAM))
    with ModelServer(author := Author(*texts)) as server:
        done = run(task, tmp_path / "runs", evaluations=8, models=pool(server), **SETTINGS)
        texts_asked = [one.text for one in author.first]
        again = RunConfig(task=str(task), out=tmp_path / "again", evaluations=8, models=pool(server), **SETTINGS)
        asked = len(server.asked)
        assert asyncio.run(start(again, replies=done.folder)).digest == done.digest
        assert len(server.asked) == asked, "a replay asks nobody"
    assert sound(done)
    assert len(texts_asked) == 4 and "What was wrong" not in texts_asked[0]
    assert "there is no program between ``` lines" in texts_asked[1]
    assert "does not define slope" in texts_asked[2] and "# Your last program" not in texts_asked[2]
    assert "# Your last program" in texts_asked[3] and "points[99]" in texts_asked[3] and "IndexError" in texts_asked[3]
    view = view_of(done.folder)
    assert view.initial == "c3" and view.operators["tiny/first"].tried == 4
    assert view.candidates["c2"].score is None and done.evaluations == 8


def test_nothing_valid_ends_the_run_with_its_record(task: Path, tmp_path: Path) -> None:
    with ModelServer(author := Author(fence(CRASHES))) as server:
        done = run(task, tmp_path / "runs", evaluations=50, models=pool(server), **SETTINGS)
        assert len(author.first) == FIRST_TRIES
        assert done.status == "done" and done.champion is None and done.best_score is None
        assert "5 answers and no first program that gets a score; the last: crash: " in done.reason
        assert "IndexError" in done.reason
        assert all("# Your last program" in one.text and "IndexError" in one.text for one in author.first[1:])
        assert sound(done) and done.usd > 0
        assert (done.folder.report / "report.md").exists()
        author.texts = [fence(PROGRAM)]
        more = go_on(done.folder, budget=Budget(evaluations=60, usd=9.0))
    assert more.champion is not None and more.evaluations == 60
    assert sound(more)


def test_a_judge_that_fails_on_what_a_model_wrote_is_no_end(tmp_path: Path) -> None:
    judge = JUDGE.replace('return {"score"', 'assert output != 0.25\n    return {"score"')
    folder = write_task(tmp_path / "slopes", judge=judge)
    (folder / "initial.py").unlink()
    with ModelServer(Author(fence("def slope(points):\n    return 0.25\n"), fence(PROGRAM))) as server:
        done = run(folder, tmp_path / "runs", evaluations=6, models=pool(server), **SETTINGS)
    assert sound(done)
    assert view_of(done.folder).initial == "c1" and done.champion is not None


def test_dollars_that_do_not_buy_an_answer_end_the_run(task: Path, tmp_path: Path) -> None:
    with ModelServer(author := Author(fence(CRASHES))) as server:
        most = RunConfig(task=str(task), models=pool(server)).models[0].most.usd
        done = run(task, tmp_path / "runs", evaluations=50, models=pool(server), seed=5, usd=1.01 * most)
    assert done.reason.startswith("budget: usd") and done.champion is None
    assert len(author.first) == 1 and done.usd <= 1.01 * most


def test_a_run_that_was_stopped_goes_on_from_the_program_it_has(task: Path, tmp_path: Path) -> None:
    with ModelServer(author := Author(fence(CRASHES), fence(PROGRAM))) as server:
        settings = {**SETTINGS, "evaluations": 20, "proposer": "model", "models": pool(server)}
        whole = run(task, tmp_path / "whole", **settings)
        for moment in (1, 2, 5):
            author.first.clear()
            cut = run(task, tmp_path / f"cut{moment}", watch=(Watcher(after=moment)), **settings)
            assert cut.status == "interrupted"
            done = go_on(cut.folder)
            assert done.digest == whole.digest and sound(done)
            assert len(author.first) == 2, "nothing is asked twice"


KILLED = """
import asyncio, json
from pathlib import Path
from shoal.labs.evolve import RunConfig, start
asyncio.run(start(RunConfig(**json.loads({config!r}))))
"""


@pytest.mark.timeout(240)
def test_after_a_kill_before_the_first_program_the_run_goes_on(task: Path, tmp_path: Path) -> None:
    with ModelServer(Author(fence(PROGRAM)), latency=(1.0, 1.0)) as server:
        settings = {**SETTINGS, "evaluations": 6, "proposer": "model", "models": pool(server, price="free")}
        config = json.dumps({**settings, "task": str(task), "out": str(tmp_path / "runs")})
        path = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}
        process = subprocess.Popen([sys.executable, "-c", KILLED.format(config=config)], env=path)
        while not server.asked:
            assert process.poll() is None
        process.kill()
        process.wait()
        (found,) = (tmp_path / "runs").glob("*/run.db")
        done = go_on(RunFolder(found.parent))
    assert done.champion is not None and sound(done)


def test_a_run_can_start_from_the_champion_of_one_that_began_without(task: Path, tmp_path: Path) -> None:
    with ModelServer(Author(fence(PROGRAM))) as server:
        done = run(task, tmp_path / "runs", evaluations=6, models=pool(server), **SETTINGS)
    more = run(task, tmp_path / "runs", evaluations=6, seed=1, workers=4, start=done.run)
    assert sound(more) and more.initial_score is not None
    program = tmp_path / "other.py"
    program.write_text(NO_ENTRY)
    with pytest.raises(UserError, match="does not define slope"):
        run(task, tmp_path / "runs", evaluations=6, seed=1, workers=4, start=str(program))


COMMAND = """
name = "counting"
kind = "command"
description = "Print a number as near to 7 as you can."

[program]
file = "main.sh"
command = ["sh", "main.sh"]

[score]
direction = "max"
range = [-100.0, 0.0]

[instances]
fixed = true
"""
COUNTS = """
def instances(split, rng):
    while True:
        yield b""

def score(instance, output):
    return -abs(float(output["stdout"]) - 7.0)
"""


def test_a_program_of_another_language_is_written_too(tmp_path: Path) -> None:
    folder = tmp_path / "counting"
    folder.mkdir()
    (folder / "task.toml").write_text(COMMAND)
    (folder / "judge.py").write_text(COUNTS)
    with ModelServer(author := Author("```sh\nexit 3\n```", "```sh\nA=2\necho 2\n```")) as server:
        done = run(folder, tmp_path / "runs", evaluations=20, models=pool(server), search={"staged": False}, **SETTINGS)
    assert sound(done) and view_of(done.folder).initial == "c1"
    assert done.best_score is not None and done.initial_score == -5.0
    assert "It is one file, main.sh." in author.first[0].text and "by: sh main.sh" in author.first[0].text
    assert "exit 3" in author.first[1].text


def test_a_comparison_of_models_may_begin_without(task: Path, tmp_path: Path) -> None:
    with ModelServer(Author(fence(CRASHES))) as server:
        models = RunConfig(task=str(task), models=pool(server)).models
        given: dict[str, Any] = {"seeds": 2, "evaluations": 9, "models": models, "usd": 9.0, "out": tmp_path / "out"}
        one = contest_of([str(task)], ("refine", "best-of-n"), **given)
        cells, _ = asyncio.run(run_all(one, spectator=Crowd(), stop=Crowd().stop))
        assert [cell.score for cell in cells] == [None] * 4, "a run without a program is worse than any with one"
        found = compare(cells, proposers=one.proposers, unit="evaluations", budget=9)
        assert found.duels[0].superiority == 0.5 and draw_comparison(found).startswith(b"\x89PNG")
        with pytest.raises(UserError, match=r"initial\.py is missing"):
            contest_of([str(task)], ("refine", "embedded"), **given)


# -- who may begin without --------------------------------------------------------------------------------------------


def test_without_a_model_the_mistake_says_what_to_do(task: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"initial\.py is missing: write it .*or let a model write it .*--models FILE"):
        run(task, tmp_path / "runs", evaluations=6)
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('entry = ["slope"]', 'entry = ["slope"]\nregion = "marked"', "program.region says what of it may change"),
        ('entry = ["slope"]', 'entry = ["slope"]\nregion = ["slope"]', "program.region says what of it may change"),
        ('kind = "call"', 'kind = "timed"\nmeasured = true', "candidates of a timed task are compared with it"),
    ],
)
def test_tasks_that_need_their_program_say_why(old: str, new: str, said: str, task: Path) -> None:
    table = TASK.replace("{direction}", "min" if "timed" in new else "max").replace(old, new)
    table = table.replace("[-10.0", "[0.0") if "timed" in new else table
    (task / "task.toml").write_text(table)
    with pytest.raises(UserError, match=said):
        load(task, program=False)
