"""Near-copies that models propose: refused before they are measured, told so, and what models may say about it."""

import asyncio
import random
import re
from pathlib import Path
from typing import Any

import pytest

from shoal.core.errors import UserError
from shoal.labs.evolve import Finished, RunConfig, load_config, start
from shoal.testing import Asked, ModelServer

from .models import nudge, pool, program_in
from .sittings import events, run, sound, write_task

SETTINGS: dict[str, Any] = {"seed": 5, "workers": 4, "usd": 9.0}
TERMS = (
    "min(points)",
    "max(points)",
    "sum(points)",
    "points[first]",
    "points[last]",
    "abs(points[first])",
    "len(points)",
)
AGAIN = "What was wrong with your last answer"
JUDGED = "Is the new program meaningfully different"


@pytest.fixture
def task(tmp_path: Path) -> Path:
    return write_task(tmp_path / "slopes")


def whole(program: str) -> str:
    return f"```python\n{program}\n```"


def copied(asked: Asked) -> str:
    """The current program under other names."""
    fresh = f"v{random.Random(asked.text).randrange(10**6)}"
    return whole(re.sub(r"\bweight\b|\bv\d+\b", fresh, program_in(asked)))


def varied(asked: Asked) -> str:
    """Another term in what it returns."""
    chance = random.Random(asked.text)
    terms = " + ".join(f"0.1 * {chance.choice(TERMS)} * {chance.choice(TERMS)}" for _ in range(chance.randint(1, 4)))
    return whole(
        re.sub(r"return .*", f"return 0.4 * (points[last] - points[first]) + 0.01 * ({terms})", program_in(asked))
    )


def copied_at_first(asked: Asked) -> str:
    return varied(asked) if AGAIN in asked.text else copied(asked)


def proposals(done: Finished) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """What models were asked for and what came of it, in order."""
    works = {one["k"]: one["work"] for one in events(done.folder, "issued")}
    results = [
        (works[one["k"]], one["result"]) for one in sorted(events(done.folder, "result"), key=lambda one: one["k"])
    ]
    return [(work, result) for work, result in results if work.get("proposer") == "model"]


def refused(done: Finished) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return [(work, one) for work, one in proposals(done) if one["reason"].startswith("nearly the same as")]


@pytest.mark.parametrize("proposer", ["model", "mixed"])
def test_near_copies_cost_no_evaluation_and_the_model_is_told(task: Path, tmp_path: Path, proposer: str) -> None:
    with ModelServer(copied_at_first) as server:
        done = run(task, tmp_path / "runs", evaluations=40, proposer=proposer, models=pool(server), **SETTINGS)
        seconds = [one.text for one in server.asked if AGAIN in one.text]
    assert sound(done)
    found = refused(done)
    first = [one for work, one in proposals(done) if not work["payload"].get("again")]
    assert len(found) >= len(first) > 0
    for work, result in found:
        assert result["status"] == "rejected"
        assert result["outcome"] is None
        assert result["counted"]["evaluations"] == 0
        assert result["counted"]["tokens"] > 0
        assert result["details"]["like"] in work["unlike"]
    assert seconds
    assert all("nearly the same as the current program (likeness 1.0000" in one for one in seconds)
    accepted = [one for work, one in proposals(done) if one["outcome"] is not None]
    assert accepted, "what was really new was measured"


def test_other_numbers_are_another_program_only_where_nothing_else_tunes_them(task: Path, tmp_path: Path) -> None:
    with ModelServer(nudge) as server:
        alone = run(task, tmp_path / "a", evaluations=30, proposer="model", models=pool(server), **SETTINGS)
        mixed = run(task, tmp_path / "m", evaluations=30, models=pool(server), **SETTINGS)
        untuned = run(
            task,
            tmp_path / "u",
            evaluations=30,
            models=pool(server),
            without=("numbers", "cma", "recombine"),
            **SETTINGS,
        )
        told = [one.text for one in server.asked if AGAIN in one.text]
    assert not refused(alone)
    assert not refused(untuned)
    assert len(refused(mixed)) == len(proposals(mixed)) > 0
    assert told
    assert all("numbers are tuned between answers" in one for one in told)


def test_one_switches_it_off(task: Path, tmp_path: Path) -> None:
    with ModelServer(copied) as server:
        done = run(
            task,
            tmp_path / "runs",
            evaluations=20,
            models=pool(server),
            search={"novelty": 1.0},
            proposals=60,
            **SETTINGS,
        )
    assert proposals(done)
    assert not refused(done)
    assert all("unlike" not in work and "novelty" not in work["payload"] for work, _ in proposals(done))


def test_a_program_that_was_not_shown_is_shown_with_the_second_try(task: Path, tmp_path: Path) -> None:
    """The model forgets what it sees and writes down one of its own programs again."""
    written: list[str] = []

    def answer(asked: Asked) -> str:
        if len(written) < 8:
            written.append(varied(asked))
            return written[-1]
        return random.Random(asked.text).choice(written)

    with ModelServer(answer) as server:
        done = run(
            task,
            tmp_path / "runs",
            evaluations=60,
            proposals=150,
            proposer="model",
            models=pool(server),
            window=1,
            **SETTINGS,
        )
        texts = [one.text for one in server.asked if "the one with the score" in one.text]
    assert sound(done)
    assert texts
    for text in texts:
        score = re.search(r"the one with the score (\S+) \(likeness", text)
        assert score is not None
        assert f"Score: {score[1]}\n" in text.partition("# The current program")[0]


# -- models that embed and judge ----------------------------------------------------------------------------------


def with_vectors(server: ModelServer, **more: Any) -> Any:
    vectors = {"name": "vectors", "model": "v", "embeds": True, "price": {"in": 0.5, "out": 0.0}, **more}
    return [*pool(server), *pool(server, **vectors)]


def spelled_otherwise(asked: Asked) -> str:
    """Nearly the same characters, and other syntax."""
    program = program_in(asked)
    if AGAIN in asked.text or "weight * (points[last] - points[first])" not in program:
        return varied(asked)
    other = "points[last] * weight - weight * points[first]"
    return whole(program.replace("weight * (points[last] - points[first])", other))


def test_a_model_that_embeds_sees_what_syntax_does_not(task: Path, tmp_path: Path) -> None:
    settings = {**SETTINGS, "evaluations": 30, "proposer": "model", "search": {"novelty": 0.9}}
    with ModelServer(spelled_otherwise) as server:
        without = run(task, tmp_path / "w", models=pool(server), **settings)
        bodies = len(server.bodies)
        done = run(task, tmp_path / "runs", models=with_vectors(server), **settings)
        asked = [one for one in server.bodies[bodies:] if b'"input"' in one]
        config = RunConfig(task=str(task), out=tmp_path / "again", models=with_vectors(server), **settings)
        before = len(server.bodies)
        again = asyncio.run(start(config, replies=done.folder))
        assert len(server.bodies) == before
    assert proposals(without)[0][1]["outcome"] is not None
    assert proposals(done)[0][1]["reason"].startswith("nearly the same as c0")
    assert asked
    assert again.digest == done.digest
    assert sound(done) and sound(again)
    to_vectors = [one for one in events(done.folder, "asked") if one["to"] == "vectors"]
    assert len(to_vectors) == len([one for one in events(done.folder, "replied") if one["n"] == to_vectors[0]["n"]])


def test_vectors_are_paid_for_and_held_of_the_budget(task: Path, tmp_path: Path) -> None:
    with ModelServer(varied) as server:
        models = with_vectors(server, price={"in": 1_000.0, "out": 0.0}, prompt_bytes=2_000)
        config = RunConfig(task=str(task), models=models)
        tiny, vectors = config.models
        assert config.asked == (tiny,)
        assert config.most(tiny).usd == pytest.approx(tiny.most.usd + vectors.most.usd)
        cap = 6 * config.most(tiny).usd
        done = run(task, tmp_path / "r", evaluations=300, proposer="model", models=models, **{**SETTINGS, "usd": cap})
    assert done.reason.startswith("budget: usd")
    assert 0.5 * cap < done.usd <= cap
    assert sound(done)


def test_without_an_answer_of_the_model_that_embeds_syntax_alone_decides(task: Path, tmp_path: Path) -> None:
    with ModelServer(copied_at_first) as server:
        models = with_vectors(server, prompt_bytes=2_000, context=1_024, body={"input": 7})
        done = run(task, tmp_path / "runs", evaluations=12, proposer="model", models=models, **SETTINGS)
    assert sound(done)
    assert refused(done)
    assert [one for _, one in proposals(done) if one["outcome"] is not None]


@pytest.mark.parametrize("word", ["Yes, it is.", "No."])
def test_a_judge_may_overrule(task: Path, tmp_path: Path, word: str) -> None:
    def answer(asked: Asked) -> str:
        return word if JUDGED in asked.text else copied(asked)

    settings = {
        **SETTINGS,
        "evaluations": 15,
        "proposals": 45,
        "search": {"novelty_judge": "tiny"},
        "proposer": "model",
    }
    with ModelServer(answer) as server:
        done = run(task, tmp_path / "runs", models=pool(server), **settings)
        judged = [one for one in server.asked if JUDGED in one.text]
        config = RunConfig(task=str(task), out=tmp_path / "again", models=pool(server), **settings)
        again = asyncio.run(start(config, replies=done.folder))
    assert sound(done)
    assert again.digest == done.digest
    assert judged
    assert bool(refused(done)) == (word == "No.")
    system, user = judged[0].messages[0][1], judged[0].messages[1][1]
    mark = system.split("<<<")[1].split(" ")[0]
    assert user.count(f"<<<{mark}\n") == 3
    assert "weight" not in re.sub(rf"<<<{mark}\n.*?\n{mark}>>>", "", user, flags=re.DOTALL)


def test_a_pool_that_cannot_be_asked_so_is_refused(task: Path, tmp_path: Path) -> None:
    with ModelServer(copied) as server:
        vectors = with_vectors(server)
    more = pool(server, name="more", embeds=True)
    for models, search, told in (
        ([*vectors, *more], {}, "vectors and more embed; one model of a pool may"),
        (more, {}, "there are none: name them with --models FILE"),
        (
            vectors,
            {"novelty_judge": "vectors"},
            "^the command line: search.novelty_judge = 'vectors' is no model that the run asks; those are tiny",
        ),
        (vectors, {"novelty": 1.5}, "less than or equal to 1"),
    ):
        with pytest.raises(UserError, match=told):
            load_config(None, {"task": str(task), "models": models, "search": search, "proposer": "mixed"})
