"""Best of n and refinement over HTTP: what each call sees and costs; and comparisons of searches that ask models."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shoal.core.errors import UserError
from shoal.labs.evolve import Contest, RunConfig, contest_buys, contest_of, entries, run_all, start
from shoal.models import Member
from shoal.report import as_json, compare
from shoal.testing import Asked, ModelServer

from .models import nudge, pool, program_in
from .sittings import PROGRAM, events, run, sound, write_task
from .test_compare import Crowd

SETTINGS: dict[str, Any] = {"seed": 5, "workers": 4}


@pytest.fixture
def task(tmp_path: Path) -> Path:
    return write_task(tmp_path / "slopes")


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer(nudge) as server:
        yield server


def shown(server: ModelServer) -> list[str]:
    """The current program of each prompt, in order."""
    return [program_in(one).strip() for one in server.asked]


def test_a_sample_is_shown_the_first_program_and_no_other(task: Path, tmp_path: Path, server: ModelServer) -> None:
    done = run(task, tmp_path / "runs", evaluations=24, proposer="best-of-n", models=pool(server), usd=5.0, **SETTINGS)
    assert sound(done)
    outcomes = [one["result"].get("outcome") for one in events(done.folder, "result")]
    first, *rest = [one["score"] for one in outcomes if one is not None and one["trial"]["split"] == "search"]
    assert max(rest) > first
    assert {*shown(server)} == {PROGRAM.strip()}
    assert not any("Other program" in one.text or "What was wrong" in one.text for one in server.asked)


def test_a_refinement_is_shown_the_best_so_far_with_its_result(task: Path, tmp_path: Path, server: ModelServer) -> None:
    done = run(task, tmp_path / "runs", evaluations=20, proposer="refine", models=pool(server), usd=5.0, **SETTINGS)
    assert sound(done)
    best: tuple[float, str] | None = None
    at_work = 0
    issued = {one["k"]: one["work"] for one in events(done.folder, "issued")}
    for one in events(done.folder, "result"):
        work, outcome = issued[one["k"]], one["result"].get("outcome")
        if work["do"] != "propose":
            continue
        if work["proposer"] == "model":
            assert best is not None and work["parents"] == [best[1]], "each call knows what came of the one before it"
            at_work += 1
        score = outcome["score"] if outcome is not None else None
        if score is not None and (best is None or score > best[0]):
            best = (score, f"c{one['k']}")
    assert at_work > 5 and len({*shown(server)}) > 1
    assert all("Score: " in one.text for one in server.asked)


def test_an_answer_that_cannot_be_used_is_told_in_a_chain_only(task: Path, tmp_path: Path) -> None:
    def answer(asked: Asked) -> str:
        return nudge(asked) if "What was wrong" in asked.text else "I would rather not."

    for proposer, told in (("refine", True), ("best-of-n", False)):
        with ModelServer(answer) as server:
            settings = {**SETTINGS, "proposer": proposer, "models": pool(server), "proposals": 12, "usd": 5.0}
            run(task, tmp_path / "runs", **settings)
            assert any("What was wrong with your last answer" in one.text for one in server.asked) is told


def test_dollars_end_it_and_its_replies_replay_it(task: Path, tmp_path: Path, server: ModelServer) -> None:
    cap = 4.5 * RunConfig(task=str(task), models=pool(server)).models[0].most.usd
    for proposer in ("best-of-n", "refine"):
        settings = {**SETTINGS, "proposer": proposer, "models": pool(server), "usd": cap}
        done = run(task, tmp_path / "runs", **settings)
        assert done.reason.startswith("budget: usd") and 0 < done.usd <= cap
        asked = len(server.asked)
        again = RunConfig(task=str(task), out=tmp_path / "again", **settings)
        assert asyncio.run(start(again, replies=done.folder)).digest == done.digest
        assert len(server.asked) == asked


# -- compared ---------------------------------------------------------------------------------------------------------


def contest(task: Path, proposers: tuple[str, ...], models: Any, **more: Any) -> Contest:
    settings: dict[str, Any] = {"seeds": 2, "out": task.parent / "out", "models": models, **more}
    return contest_of([str(task)], proposers, **settings)


def members(server: ModelServer, **more: Any) -> tuple[Member, ...]:
    return tuple(Member.model_validate(one) for one in pool(server, **more))


def test_searches_with_and_without_models_at_equal_evaluations(task: Path, server: ModelServer) -> None:
    proposers = ("mixed", "best-of-n", "refine", "embedded")
    one = contest(task, proposers, members(server), evaluations=9, usd=5.0)
    assert "6 runs ask models, at most $30.00 in all; each: model tiny (scripted)" in contest_buys(one)
    cells, _ = asyncio.run(run_all(one, spectator=Crowd(), stop=Crowd().stop))
    assert all(cell.evaluations == 9 for cell in cells)
    by = {cell.proposer: cell for cell in cells}
    assert (by["embedded"].calls, by["embedded"].tokens, by["embedded"].usd) == (0, 0, 0.0)
    assert all(by[name].calls and by[name].tokens and by[name].usd for name in proposers[:-1])
    assert sum(cell.calls for cell in cells) == len(server.asked)
    found = compare(cells, proposers=proposers, unit="evaluations", budget=9)
    row = next(row for row in found.tasks[0].rows if row.proposer == "refine")
    mine = [cell for cell in cells if cell.proposer == "refine"]
    assert row.usd == pytest.approx(sum(cell.usd for cell in mine) / 2)
    told = as_json(found)
    assert {"calls", "tokens", "usd"} <= told["runs"][0].keys() & told["tasks"][0]["proposers"][0].keys()
    again, _ = asyncio.run(run_all(one, spectator=(crowd := Crowd()), stop=crowd.stop))
    assert (again, len(crowd.read)) == (cells, 8), "finished runs are read, and nobody is paid twice"


@pytest.mark.parametrize(("unit", "price"), [("usd", {"in": 1.0, "out": 2.0}), ("tokens", "free")])
def test_searches_of_models_alone_at_equal_cost(task: Path, server: ModelServer, unit: str, price: Any) -> None:
    models = members(server, price=price)
    budget = 3 * models[0].most.usd if unit == "usd" else 3 * models[0].most.tokens
    one = contest(task, ("best-of-n", "refine"), models, **{unit: budget})
    assert (one.unit, next(entries(one)).folder.id) == (unit, f"slopes-best-of-n-{budget:g}{unit}-seed0")
    cells, _ = asyncio.run(run_all(one, spectator=Crowd(), stop=Crowd().stop))
    assert all(0 < cell.climb.spent <= budget and cell.climb.spent == getattr(cell, unit) for cell in cells)
    for cell in cells:
        assert all(0 <= cost <= cell.climb.spent for cost, _ in cell.climb.steps)
    found = compare(cells, proposers=one.proposers, unit=unit, budget=budget)
    assert len(found.duels) == 1


def test_a_run_with_other_models_in_its_place_is_refused(task: Path, server: ModelServer) -> None:
    first = contest(task, ("refine", "best-of-n"), members(server), evaluations=2)
    asyncio.run(run_all(first, spectator=Crowd(), stop=Crowd().stop))
    other = contest(task, ("refine", "best-of-n"), members(server, name="huge"), evaluations=2)
    with pytest.raises(UserError, match=r"seed0 is a run with other models: choose another folder"):
        asyncio.run(run_all(other, spectator=Crowd(), stop=Crowd().stop))


def test_cells_of_runs_without_models_say_so(task: Path) -> None:
    one = contest(task, ("sequential", "independent"), (), evaluations=3)
    cells, _ = asyncio.run(run_all(one, spectator=Crowd(), stop=Crowd().stop))
    assert contest_buys(one) == ""
    assert {(cell.calls, cell.tokens, cell.usd) for cell in cells} == {(0, 0, 0.0)}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"models": False}, "proposer best-of-n asks models, and there are none: name them with --models FILE"),
        (
            {"proposers": ("sequential", "random")},
            "--models: none of the proposers asks models; those that do are mixed",
        ),
        ({"proposers": ("sequential", "random"), "models": False, "usd": 1.0}, "--usd: none of the proposers asks"),
        ({"evaluations": None, "usd": 1.0}, "embedded does not end when --usd is used up: give --evaluations too"),
        (
            {"proposers": ("mixed", "refine"), "evaluations": None, "tokens": 9_999},
            "mixed does not end when --tokens is used up: give --evaluations too",
        ),
        (
            {"proposers": ("refine", "model"), "evaluations": None, "tokens": 9_999, "usd": 1.0},
            "costs are told in one unit: give --tokens or --usd, or --evaluations beside both",
        ),
        (
            {"proposers": ("refine", "model"), "evaluations": None, "usd": 1.0, "price": "free"},
            "--usd ends no run where all models are free: give --tokens or --evaluations",
        ),
        ({"evaluations": None}, "either --evaluations or --cpu-seconds; or --usd or --tokens for models alone"),
        ({"usd": -1.0}, "usd = -1.0"),
    ],
)
def test_mistakes_are_told_before_anybody_is_asked(
    words: dict[str, Any], said: str, task: Path, server: ModelServer
) -> None:
    given: dict[str, Any] = {"proposers": ("best-of-n", "embedded"), "models": True, "evaluations": 5, **words}
    models = members(server, price=given.pop("price", {"in": 1.0, "out": 2.0})) if given.pop("models") else ()
    with pytest.raises(UserError, match=said):
        contest(task, given.pop("proposers"), models, **given)
    assert not (task.parent / "out").exists() and not server.asked
