"""One run with all that models can do: a first program, novelty, a judge, lessons; and plain ones with none of it."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from shoal.labs.evolve import RunConfig, first_requests, start
from shoal.testing import Asked, ModelServer

from .sittings import PROGRAM, events, run, sound, write_task
from .test_lessons_runs import LEARNT, is_question, writer
from .test_novelty_runs import JUDGED, copied_at_first, refused, whole, with_vectors

SETTINGS: dict[str, Any] = {"seed": 5, "workers": 4, "window": 8, "usd": 9.0}
SEARCH: Any = {"novelty_judge": "tiny", "lessons_by": "tiny", "lessons_every": 10}


@pytest.fixture
def task(tmp_path: Path) -> Path:
    return write_task(tmp_path / "slopes")


def answer(asked: Asked) -> str:
    if JUDGED in asked.text:
        return "No."
    if is_question(asked):
        return writer(asked)
    return copied_at_first(asked) if "# The current program" in asked.text else whole(PROGRAM.strip())


@pytest.mark.parametrize("proposer", ["mixed", "model"])
def test_a_run_from_nothing_with_vectors_a_judge_and_lessons(task: Path, tmp_path: Path, proposer: str) -> None:
    (task / "initial.py").unlink()
    with ModelServer(answer) as server:
        settings = {**SETTINGS, "evaluations": 100, "proposer": proposer, "models": with_vectors(server)}
        config = RunConfig(task=str(task), out=tmp_path / "again", search=SEARCH, **settings)
        assert set(first_requests(config)) == {"tiny"}
        done = run(task, tmp_path / "runs", search=SEARCH, **settings)
        asked, bodies = list(server.asked), len(server.bodies)
        again = asyncio.run(start(config, replies=done.folder))
        assert len(server.bodies) == bodies, "all replies are on the record"
    assert sound(done) and again.digest == done.digest
    assert refused(done)
    assert any(JUDGED in one.text for one in asked) and any(is_question(one) for one in asked)
    assert any(LEARNT in one.text for one in asked)
    claims = [one["claim"] for note in events(done.folder, "note") if note["kind"] == "lessons" for one in said(note)]
    assert any("were nearly the same as a program that was there" in one for one in claims)


def said(note: dict[str, Any]) -> list[dict[str, Any]]:
    lessons: list[dict[str, Any]] = note["data"]["lessons"]
    return lessons


@pytest.mark.parametrize("proposer", ["best-of-n", "refine"])
def test_plain_uses_learn_nothing_and_ask_no_vectors(task: Path, tmp_path: Path, proposer: str) -> None:
    with ModelServer(answer) as server:
        settings = {**SETTINGS, "evaluations": 20, "proposals": 60, "proposer": proposer, "search": SEARCH}
        models = with_vectors(server)
        config = RunConfig(task=str(task), models=models, **settings)
        (tiny,) = config.asked
        assert config.most(tiny) == tiny.most and config.reached == (tiny,)
        done = run(task, tmp_path / "runs", models=models, **settings)
        assert not any(JUDGED in one.text or LEARNT in one.text or is_question(one) for one in server.asked)
    assert sound(done)
    assert {one["to"] for one in events(done.folder, "asked")} == {"tiny"}
    works = [one["work"] for one in events(done.folder, "issued")]
    assert not any(one["do"] == "ask" or "unlike" in one or "lessons" in one.get("payload", {}) for one in works)
    assert not [one for one in events(done.folder, "note") if one["kind"] == "lessons"]
