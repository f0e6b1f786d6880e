"""The simple searches through the real loop: pure, plain, never stuck, and strong enough to be worth beating."""

import dataclasses
import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shoal.core.budget import Budget
from shoal.core.course import Admitted, Course
from shoal.core.protocols import Search
from shoal.core.values import Ask, Brief, Files, Measure, Outcome, Proposal, Propose, Split, Status, Trial
from shoal.guard import JumpSettings, WatchedSearch
from shoal.search import GeneticSearch, ModelArm, ModelBaseline, MultistartSearch, SamplingSearch, SequentialSearch
from shoal.search._genetic import POPULATION
from shoal.search._multistart import DRAWS
from shoal.search._sequential import PATIENCE
from shoal.store import SqlStore
from tests.core.toys import drive, events_of, of_type, replayed, same
from tests.search import toys
from tests.search.toys import plan_of
from tests.search.watched import Checked, champions, finished, leaves

MODELS = (ModelArm("large", 3.0), ModelArm("small"))
SEARCHES: dict[str, Search[Any]] = {
    "sequential": SequentialSearch(),
    "sequential validating": SequentialSearch(validation_instances=3),
    "sequential untraced": SequentialSearch(trace=False),
    "multistart": MultistartSearch(),
    "multistart validating": MultistartSearch(validation_instances=3),
    "multistart untraced": MultistartSearch(trace=False),
    "genetic": GeneticSearch(),
    "genetic validating": GeneticSearch(validation_instances=3),
    "genetic without trees": GeneticSearch(trees=False),
    "independent": SamplingSearch("independent"),
    "random": SamplingSearch("random"),
    "best-of-n": ModelBaseline("best-of-n", models=MODELS),
    "best-of-n validating": ModelBaseline("best-of-n", models=MODELS, validation_instances=3),
    "refine": ModelBaseline("refine", models=MODELS),
    "refine validating": ModelBaseline("refine", models=MODELS, validation_instances=3),
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = SqlStore(tmp_path / "run.db")
    yield store
    store.close()


@pytest.fixture(params=SEARCHES)
def search(request: pytest.FixtureRequest) -> Search[Any]:
    return SEARCHES[request.param]


def run_watched(search: Search[Any], store: SqlStore, **plan: Any) -> tuple[Any, list[Admitted]]:
    """With a window of 8, under watch as in a lab; the report, and what was admitted."""
    steps: list[Admitted] = []

    def watch(course: Course[Any], step: Admitted) -> None:
        steps.append(step)

    watched: Search[Any] = WatchedSearch(search, jumps=JumpSettings(history=1, deviations=0.0, spread=0.0))  # type: ignore[arg-type]
    used = dataclasses.replace(plan_of(watched), **plan)
    enough = (lambda step: "it would go on for ever" if step.k == 2_500 else None,)
    report = drive(used, store, budget=Budget(evaluations=150), window=8, watch=watch, stops=enough)
    return report, steps


# -- what holds for all -----------------------------------------------------------------------------------------------


def test_folding_the_log_gives_the_live_state(search: Search[Any], store: SqlStore) -> None:
    report, states, _ = finished(plan_of(search), store, evaluations=100)
    course = replayed(search, events_of(store))
    assert same(course.state, states[-1])
    assert course.digest() == report.digest


def test_a_search_is_pure_and_its_state_plain(search: Search[Any], store: SqlStore) -> None:
    checked = Checked(search)
    report, _, _ = finished(plan_of(checked), store, evaluations=70)
    assert report.spent.counted.evaluations == 70
    assert checked.most < 3_000


@pytest.mark.parametrize("name", ["sequential", "multistart", "genetic", "best-of-n", "refine"])
def test_the_state_does_not_grow_with_the_run(name: str, store: SqlStore) -> None:
    _, states, _ = finished(plan_of(SEARCHES[name]), store, evaluations=600)
    sizes = [sum(1 for _ in leaves(state)) for state in states[::20]]
    assert max(sizes) < 1.5 * max(sizes[: len(sizes) // 2])


def test_results_that_are_held_back_hold_nothing_up(search: Search[Any], store: SqlStore) -> None:
    """Every larger gain is a jump here, so many results come late or never; no search may wait for them."""
    report, steps = run_watched(search, store)
    assert report.reason == "budget: evaluations 150"
    assert any(note.kind == "held" for step in steps for note in step.notes)


class Failing(toys.Judge):
    """Every program but the first crashes."""

    async def evaluate(self, trial: Trial, files: Files, *, seed: int, opponents: tuple[Files, ...] = ()) -> Outcome:
        if json.loads(files["program.json"]) == toys.FIRST:
            return await super().evaluate(trial, files, seed=seed)
        counted = toys.outcome_of(toys.FIRST, trial).counted
        return Outcome(trial, Status.CRASH, None, counted=counted)


def test_a_world_in_which_all_children_fail_is_lived_through(search: Search[Any], store: SqlStore) -> None:
    report, _ = run_watched(search, store, evaluator=Failing())
    assert report.reason == "budget: evaluations 150"


def test_a_search_without_new_ideas_ends(search: Search[Any], store: SqlStore) -> None:
    report, _ = run_watched(
        search, store, proposers={"initial": toys.First(), "embedded": toys.Stubborn(), "model": toys.Stubborn()}
    )
    assert "in a row" in report.reason


class Cheat(toys.Judge):
    """Programs whose first number is below 1.8 are caught cheating, with a wonderful score."""

    async def evaluate(self, trial: Trial, files: Files, *, seed: int, opponents: tuple[Files, ...] = ()) -> Outcome:
        outcome = await super().evaluate(trial, files, seed=seed)
        caught = json.loads(files["program.json"])["numbers"][0] < 1.8
        return dataclasses.replace(outcome, score=99.0, status=Status.OK, flags=("honey_token",)) if caught else outcome


def test_cheats_and_their_descendants_are_forgotten(search: Search[Any], store: SqlStore) -> None:
    report, steps = run_watched(search, store, evaluator=Cheat())
    hits = {note.data["candidate"] for step in steps for note in step.notes if note.kind == "hit"}
    assert hits or "nothing to tune" in report.reason
    last = max((step.k for step in steps if any(note.kind == "hit" for note in step.notes)), default=0)
    for step in steps:
        if step.k > last + 8 and isinstance(step.work, Propose):
            assert hits.isdisjoint(step.work.parents)
    assert not hits & {
        note["data"]["candidate"] for note in of_type(events_of(store), "note") if note["kind"] == "champion"
    }


def test_an_evicted_best_is_no_longer_the_one_to_beat() -> None:
    search = SequentialSearch()
    rng = np.random.default_rng(0)
    state, first = search.next(search.initial(), rng)
    state, _ = search.admit(state, 0, first, _result("c0", 1.0))
    state, work = search.next(state, rng)
    state, _ = search.admit(state, 1, work, _result("c1", 99.0))
    assert (state.current, state.best) == (state.peak, 99.0)
    state, notes = search.evict(state, {"c1"})
    assert state.current is not None and state.current.id == "c0" and state.best == 1.0
    assert [note.data["candidate"] for note in notes] == ["c0"]
    state, work = search.next(state, rng)
    state, notes = search.admit(state, 2, work, _result("c2", 2.0))
    assert [note.kind for note in notes] == ["champion"]


def test_a_search_whose_first_program_was_a_cheat_ends(search: Search[Any]) -> None:
    rng = np.random.default_rng(0)
    state, first = search.next(search.initial(), rng)
    state, _ = search.admit(state, 0, first, _result("c0", 1.0))
    state, _ = search.evict(state, {"c0"})  # type: ignore[attr-defined]
    assert type(search.next(state, rng)[1]).__name__ == "Done"


def _result(id: str, score: float) -> Any:
    from shoal.core.values import Candidate, Result

    trial = Trial(Split.SEARCH, (0,))
    candidate = Candidate(id, (), {}, id, "x")
    return Result(Status.OK, candidate=candidate, outcome=Outcome(trial, Status.OK, score))


def test_contests_decide_about_champions(store: SqlStore) -> None:
    _, _, steps = finished(plan_of(GeneticSearch(validation_instances=3)), store, evaluations=200)
    measured = [step.work.trial for step in steps if isinstance(step.work, Measure)]
    assert len(measured) > 3
    assert all(trial.split is Split.VALIDATION and len(trial.instances) == 3 for trial in measured)
    assert len(champions(store)) > 1


@pytest.mark.parametrize("name", ["sequential", "multistart", "genetic"])
def test_a_baseline_beats_sampling(name: str, tmp_path: Path) -> None:
    best: dict[str, float] = {}
    for one in (name, "independent"):
        store = SqlStore(tmp_path / f"{one}.db")
        finished(plan_of(SEARCHES[one]), store, evaluations=300)
        best[one] = max(note["score"] for note in champions(store))
        store.close()
    assert best[name] > best["independent"]


# -- sequential -------------------------------------------------------------------------------------------------------


def test_a_climb_keeps_what_is_no_worse(store: SqlStore) -> None:
    _, states, _ = finished(plan_of(SequentialSearch()), store, evaluations=200)
    for before, after in itertools.pairwise(states):
        if before.climb == after.climb and before.current is not None:
            assert after.current.score >= before.current.score
        assert after.peak.score == after.best


def test_a_climb_that_stands_still_begins_anew(store: SqlStore) -> None:
    _, states, steps = finished(
        dataclasses.replace(plan_of(SequentialSearch(trace=False)), evaluator=Failing()),
        store,
        evaluations=2 * PATIENCE,
    )
    assert states[-1].climb == 1
    assert max(state.stale for state in states) >= PATIENCE
    assert {
        step.work.payload["climb"] for step in steps if step.k > PATIENCE + 20 and isinstance(step.work, Propose)
    } == {1}


def test_late_children_of_an_earlier_climb_do_not_pull_back_the_present_one() -> None:
    search, rng = SequentialSearch(trace=False), np.random.default_rng(1)
    state, first = search.next(search.initial(), rng)
    state, _ = search.admit(state, 0, first, _result("c0", 1.0))
    state, late = search.next(state, rng)
    state = dataclasses.replace(state, stale=PATIENCE)
    state, _ = search.next(state, rng)
    assert state.climb == 1
    state, _ = search.admit(state, 1, late, _result("c1", 5.0))
    assert state.current is not None and state.current.id == "c0"
    assert state.peak is not None and state.peak.id == "c1"


# -- models alone -----------------------------------------------------------------------------------------------------


def asked(steps: list[Admitted]) -> list[Propose]:
    return [step.work for step in steps if isinstance(step.work, Propose) and step.work.proposer == "model"]


def test_models_and_requests_have_their_shares(store: SqlStore) -> None:
    _, _, steps = finished(plan_of(SEARCHES["best-of-n"]), store, evaluations=600)
    arms = [work.payload["operator"] for work in asked(steps)]
    assert {*arms} == {"large/diff", "large/full", "small/diff", "small/full"}, "a cross needs a second program"
    share = sum(arm.startswith("large") for arm in arms) / len(arms)
    assert share == pytest.approx(0.75, abs=0.06)
    assert sum(arm.endswith("diff") for arm in arms) / len(arms) == pytest.approx(2 / 3, abs=0.06)


def test_samples_know_the_first_program_only(store: SqlStore) -> None:
    _, _, steps = finished(plan_of(SEARCHES["best-of-n"]), store, evaluations=60)
    assert {(work.parents, work.inspirations) for work in asked(steps)} == {(("c0",), ())}


def test_a_chain_goes_on_from_the_best_so_far(store: SqlStore) -> None:
    _, states, steps = finished(plan_of(SEARCHES["refine"]), store, evaluations=60, window=1)
    parents = [work.parents for work in asked(steps)]
    assert len({*parents}) > 5
    for before, step in zip(states, steps[1:], strict=False):
        if isinstance(step.work, Propose) and "feedback" not in step.work.payload:
            assert step.work.parents == (before.top.id,), "with a window of 1 each call knows what came before"


def test_what_failed_is_told_in_a_chain_and_to_no_sample(tmp_path: Path) -> None:
    for name, told in (("refine", True), ("best-of-n", False)):
        store = SqlStore(tmp_path / f"{name}.db")
        plan = dataclasses.replace(plan_of(SEARCHES[name]), evaluator=Failing())
        _, _, steps = finished(plan, store, evaluations=20)
        repairs = [work for work in asked(steps) if work.payload["task"] == "repair"]
        assert bool(repairs) is told
        assert all(work.parents != ("c0",) for work in repairs)
        store.close()


# -- genetic ----------------------------------------------------------------------------------------------------------


def test_generations_have_their_size_and_their_elite(store: SqlStore) -> None:
    _, states, _ = finished(plan_of(GeneticSearch()), store, evaluations=4 * POPULATION)
    best = -np.inf
    generations: dict[int, Any] = {}
    for state in states:
        generations.setdefault(state.generation, state)
    assert max(generations) >= 3
    for number, state in sorted(generations.items()):
        assert len(state.parents) <= POPULATION
        top = max(one.score for one in state.parents)
        assert top >= best, f"generation {number} lost its elite"
        best = top


def test_operators_have_their_shares(store: SqlStore) -> None:
    _, _, steps = finished(plan_of(GeneticSearch()), store, evaluations=500)
    made = [step.work.payload.get("operator") for step in steps if isinstance(step.work, Propose)][1:]
    later = [name for name in made if name != "independent"]
    assert later.count("crossover") / len(later) == pytest.approx(0.7, abs=0.08)
    assert later.count("jitter") / len(later) == pytest.approx(0.1, abs=0.05)


# -- multi-start ------------------------------------------------------------------------------------------------------


class Rows(toys.Editor):
    """Refuses structural edits: a multi-start search asks for none."""

    async def propose(self, brief: Brief, rng: np.random.Generator) -> Proposal:
        assert brief.payload["operator"] in ("values", "materialise")
        return await super().propose(brief, rng)


def test_only_numbers_change_and_starts_follow_one_another(store: SqlStore) -> None:
    plan = dataclasses.replace(plan_of(MultistartSearch()), proposers={"initial": toys.First(), "embedded": Rows()})
    _, states, steps = finished(plan, store, evaluations=1_500)
    assert states[-1].number >= 1, "a start converges and another begins"
    assert sum(isinstance(step.work, Ask) for step in steps) < 30
    assert all(state.draws <= DRAWS for state in states)
    best = max(note["score"] for note in champions(store))
    assert best > -1e-3, "the bottom of a bowl is found"


def test_a_program_without_numbers_has_nothing_to_tune(store: SqlStore) -> None:
    class Blank:
        async def answer(self, payload: Any, sources: Any, rng: np.random.Generator, *, k: int) -> Any:
            from shoal.core.values import Answer

            return Answer({"values": [1, 2], "kinds": ["int", "index"]})

    plan = dataclasses.replace(plan_of(MultistartSearch(trace=False)), services={"inspect": Blank()})
    report, _, _ = finished(plan, store, evaluations=50)
    assert "nothing to tune" in report.reason
    assert report.spent.counted.evaluations == 1
