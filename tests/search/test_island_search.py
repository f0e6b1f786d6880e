"""The island search through the real loop: pure, bounded, replayable, and better than sampling."""

import copy
import dataclasses
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shoal.core.budget import Budget
from shoal.core.course import Admitted, Course
from shoal.core.loop import Report
from shoal.core.protocols import Plan, Search
from shoal.core.values import Measure, Note, Propose, Result, Split, Work
from shoal.search import DEFAULT_ARMS, IslandSearch, IslandState, SamplingSearch, Settings
from shoal.search._archive import best_of, rank
from shoal.search._baselines import MEMORY
from shoal.store import SqlStore
from tests.core.toys import drive, events_of, of_type, replayed, same
from tests.search import toys
from tests.search.toys import plan_of

SMALL = Settings(islands=2, capacity=6, per_shape=2, migrate_every=20)
VALIDATING = dataclasses.replace(SMALL, validation_instances=3)
SEARCHES: dict[str, Search[Any]] = {
    "default": IslandSearch(),
    "small": IslandSearch(SMALL),
    "validating": IslandSearch(VALIDATING),
    "one island": IslandSearch(dataclasses.replace(SMALL, islands=1)),
    "independent": SamplingSearch("independent"),
    "random": SamplingSearch("random", validation_instances=2),
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = SqlStore(tmp_path / "run.db")
    yield store
    store.close()


@pytest.fixture(params=SEARCHES)
def search(request: pytest.FixtureRequest) -> Search[Any]:
    return SEARCHES[request.param]


def leaves(value: Any) -> Iterator[Any]:
    """Everything that ``value`` is made of; TypeError for what is no plain data."""
    if value is None or isinstance(value, bool | int | float | str | Enum):
        yield value
    elif isinstance(value, np.ndarray):
        if value.dtype.kind not in "fiub":
            raise TypeError(f"an array of {value.dtype}")
        yield from value.ravel().tolist()
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        if not type(value).__dataclass_params__.frozen:  # type: ignore[attr-defined]
            raise TypeError(f"{type(value).__name__} can be changed")
        for field in dataclasses.fields(value):
            yield from leaves(getattr(value, field.name))
    elif type(value) in (tuple, list, dict):
        for item in value.items() if isinstance(value, dict) else value:
            yield from leaves(item)
    else:
        raise TypeError(f"{type(value).__name__} is not plain data")


class Checked:
    """A search that looks over another's shoulder: its state stays plain data, and what it is given stays the same."""

    def __init__(self, search: Search[Any]) -> None:
        self.search = search
        self.most = 0

    def initial(self) -> Any:
        return self.search.initial()

    def next(self, state: Any, rng: np.random.Generator) -> tuple[Any, Work]:
        kept, again = copy.deepcopy(state), copy.deepcopy(rng)
        after, work = self.search.next(state, rng)
        assert same(state, kept)
        assert same((after, work), self.search.next(kept, again))
        self._look(after)
        return after, work

    def admit(self, state: Any, k: int, work: Work, result: Result) -> tuple[Any, tuple[Note, ...]]:
        kept = copy.deepcopy((state, work, result))
        after, notes = self.search.admit(state, k, work, result)
        assert same((state, work, result), kept)
        assert same((after, notes), self.search.admit(kept[0], k, kept[1], kept[2]))
        self._look(after)
        return after, notes

    def _look(self, state: Any) -> None:
        self.most = max(self.most, sum(1 for _ in leaves(state)))


def finished(
    plan: Plan[Any], store: SqlStore, *, evaluations: int, seed: int = 1
) -> tuple[Report, list[Any], list[Admitted]]:
    """Run; return the report, the state after each admission, and the admissions."""
    states: list[Any] = []
    steps: list[Admitted] = []

    def watch(course: Course[Any], step: Admitted) -> None:
        states.append(course.state)
        steps.append(step)

    report = drive(plan, store, budget=Budget(evaluations=evaluations), window=6, seed=seed, watch=watch)
    return report, states, steps


def test_folding_the_log_gives_the_live_state(search: Search[Any], store: SqlStore) -> None:
    report, states, _ = finished(plan_of(search), store, evaluations=100)
    course = replayed(search, events_of(store))
    assert same(course.state, states[-1])
    assert course.digest() == report.digest


def test_a_search_is_pure_and_its_state_plain(search: Search[Any], store: SqlStore) -> None:
    report, _, _ = finished(plan_of(Checked(search)), store, evaluations=40)
    assert report.spent.counted.evaluations == 40


@pytest.mark.parametrize("name", ["small", "validating"])
def test_the_state_does_not_grow_with_the_run(name: str, store: SqlStore) -> None:
    _, states, _ = finished(plan_of(SEARCHES[name]), store, evaluations=500)
    sizes = [sum(1 for _ in leaves(state)) for state in states[::20]]
    assert max(sizes) < 1.5 * max(sizes[: len(sizes) // 2])
    assert max(sizes) < 1500


@pytest.mark.parametrize("settings", [SMALL, VALIDATING])
def test_islands_stay_sorted_small_and_keep_their_best(settings: Settings, store: SqlStore) -> None:
    _, states, steps = finished(plan_of(IslandSearch(settings)), store, evaluations=300)
    best = -np.inf
    for state, step in zip(states, steps, strict=True):
        for island in state.islands:
            assert list(island.members) == sorted(island.members, key=rank)
            assert len(island.members) <= settings.capacity
            assert len({member.id for member in island.members}) == len(island.members)
        outcome = step.result.outcome
        if isinstance(step.work, Propose) and outcome is not None and outcome.score is not None:
            best = max(best, outcome.score)
        head = best_of(state.islands)
        assert (head.score if head is not None else -np.inf) == best


def champions(store: SqlStore) -> list[dict[str, Any]]:
    return [note["data"] for note in of_type(events_of(store), "note") if note["kind"] == "champion"]


def test_a_champion_is_a_new_best_each_time(store: SqlStore) -> None:
    _, states, steps = finished(plan_of(IslandSearch(SMALL)), store, evaluations=200)
    scores = [one["score"] for one in champions(store)]
    assert len(scores) > 5
    assert scores == sorted(set(scores))
    champion = states[-1].promotion.champion
    assert (champion.id, champion.score) == (champions(store)[-1]["candidate"], scores[-1])
    assert scores[-1] == max(s.result.outcome.score or -np.inf for s in steps if s.result.outcome is not None)


def test_only_fresh_validation_instances_make_champions_where_there_are_any(store: SqlStore) -> None:
    _, _, steps = finished(plan_of(IslandSearch(VALIDATING)), store, evaluations=200)
    crowned = {one["candidate"]: one["score"] for one in champions(store)}
    validated: dict[Any, float | None] = {}
    draws: dict[int, list[Any]] = {}
    for step in steps:
        if isinstance(step.work, Measure):
            trial = step.work.trial
            assert trial.split is Split.VALIDATION
            assert trial.instances == (0, 1, 2)
            assert step.result.outcome is not None
            validated[trial.candidate] = step.result.outcome.score
            draws.setdefault(trial.draw, []).append(trial.candidate)
        else:
            assert not step.notes
    assert len(crowned) > 3
    assert all(validated[id] == score for id, score in crowned.items())
    assert list(draws) == sorted(draws)
    first, *contests = draws.values()
    assert len(first) == 1
    assert all(len(pair) == len(set(pair)) == 2 for pair in contests[:-1]), "a draw is met by both, and by nobody else"


def test_bursts_come_and_go(store: SqlStore) -> None:
    settings = dataclasses.replace(SMALL, arms=(("cma", 1.0), ("jitter", 1.0)))
    _, states, steps = finished(plan_of(IslandSearch(settings)), store, evaluations=600)
    numbers = [s.work.payload["burst"] for s in steps if isinstance(s.work, Propose) and "burst" in s.work.payload]
    assert numbers
    assert numbers == sorted(numbers), "one burst at a time"
    lives = [state.burst.number if state.burst is not None else None for state in states]
    assert None in lives[lives.index(0) :], "a burst ends"
    assert states[-1].bursts >= len(set(numbers))


def test_materialising_edits_follow_a_trace(store: SqlStore) -> None:
    _, states, steps = finished(plan_of(IslandSearch(SMALL)), store, evaluations=300)
    edits = [s.work for s in steps if isinstance(s.work, Propose) and s.work.payload.get("operator") == "materialise"]
    assert edits
    assert len(states[-1].traced) <= 200
    assert all(len(state.planned) <= 36 for state in states)


def test_arms_are_credited_for_what_they_did(store: SqlStore) -> None:
    _, states, steps = finished(plan_of(IslandSearch(SMALL)), store, evaluations=200)
    state: IslandState = states[-1]
    assert [arm.name for arm in state.arms] == [name for name, _ in DEFAULT_ARMS]
    edits: dict[str, int] = {}
    for step in steps:
        if isinstance(step.work, Propose) and step.work.proposer == "embedded":
            payload = step.work.payload
            arm = "cma" if "burst" in payload else payload["operator"]
            edits[arm] = edits.get(arm, 0) + 1
    assert {arm.name: arm.tried for arm in state.arms if arm.tried} == edits


def test_children_of_a_parent_that_left_are_no_improvement_by_themselves(store: SqlStore) -> None:
    _, states, steps = finished(plan_of(IslandSearch(dataclasses.replace(SMALL, capacity=1))), store, evaluations=150)
    scores: dict[str, float] = {}
    better = 0
    for step in steps:
        outcome, candidate = step.result.outcome, step.result.candidate
        if not isinstance(step.work, Propose) or outcome is None or candidate is None or outcome.score is None:
            continue
        scores[candidate.id] = outcome.score
        better += any(outcome.score > scores[parent] for parent in step.work.parents)
    assert sum(arm.improved for arm in states[-1].arms) <= better


def test_islands_exchange_their_best(store: SqlStore) -> None:
    settings = dataclasses.replace(SMALL, migrate_every=5)
    _, states, _ = finished(plan_of(IslandSearch(settings)), store, evaluations=200)
    shared = [{m.id for m in s.islands[0].members} & {m.id for m in s.islands[1].members} for s in states]
    assert len(set().union(*shared)) > 3


def test_a_search_without_new_ideas_ends(store: SqlStore) -> None:
    plan = dataclasses.replace(
        plan_of(IslandSearch(SMALL)), proposers={"initial": toys.First(), "embedded": toys.Stubborn()}
    )
    enough = (lambda step: "it would go on for ever" if step.k == 2500 else None,)
    report = drive(plan, store, budget=Budget(evaluations=50), stops=enough)
    assert "in a row" in report.reason


def test_independent_samples_all_start_from_the_first_program(store: SqlStore) -> None:
    _, states, steps = finished(plan_of(SamplingSearch("independent")), store, evaluations=60)
    works = [step.work for step in steps[1:]]
    assert all(isinstance(work, Propose) and work.parents == ("c0",) for work in works)
    assert states[-1].initial == ("c0",)


def test_a_random_walk_goes_on_from_anywhere(store: SqlStore) -> None:
    _, states, steps = finished(plan_of(SamplingSearch("random")), store, evaluations=600)
    parents = {step.work.parents[0] for step in steps[1:] if isinstance(step.work, Propose)}
    assert len(parents) > 100
    assert len(states[-1].scored) == MEMORY


def test_a_sampling_search_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="'independent' or 'random', not 'clever'"):
        SamplingSearch("clever")


def test_selection_beats_sampling(tmp_path: Path) -> None:
    best: dict[str, float] = {}
    for name in ("default", "independent", "random"):
        store = SqlStore(tmp_path / f"{name}.db")
        finished(plan_of(SEARCHES[name]), store, evaluations=200)
        best[name] = max(one["score"] for one in champions(store))
        store.close()
    assert best["default"] > max(best["independent"], best["random"])


def test_another_seed_takes_another_course(tmp_path: Path) -> None:
    digests = set()
    for seed in (1, 2):
        store = SqlStore(tmp_path / f"{seed}.db")
        digests.add(finished(plan_of(IslandSearch()), store, evaluations=30, seed=seed)[0].digest)
        store.close()
    assert len(digests) == 2


def test_the_golden_run(store: SqlStore) -> None:
    """Sixty evaluations of an island search. Another digest means that it decides otherwise: say why."""
    names = ("jitter", "row_jitter", "again", "crossover", "cma", "materialise", "grow", "delete")
    settings = dataclasses.replace(SMALL, arms=tuple((name, 1.0) for name in names))
    report, _, _ = finished(plan_of(IslandSearch(settings)), store, evaluations=60)
    assert report.digest == "ed84352a00e9143fdf4612712ac5ce362467087e3287b6044728714309b0c21e"
