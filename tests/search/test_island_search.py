"""The island search through the real loop: pure, bounded, replayable, and better than sampling."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shoal.core.budget import Budget
from shoal.core.protocols import Search
from shoal.core.values import Ask, Candidate, Counted, Measure, Outcome, Propose, Result, Split, Status
from shoal.search import (
    ARMS,
    FAMILIES,
    IslandSearch,
    IslandState,
    SamplingSearch,
    Settings,
    _burst,
    _turns,
    arms_without,
)
from shoal.search._archive import Island, Member, best_of, new_line, rank
from shoal.search._baselines import MEMORY
from shoal.store import SqlStore
from tests.core.toys import drive, events_of, replayed, same
from tests.search import toys
from tests.search.toys import plan_of
from tests.search.watched import Checked, champions, finished, leaves

SMALL = Settings(islands=2, capacity=6, per_shape=3, migrate_every=20)
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
    assert max(sizes) < 4000


@pytest.mark.parametrize("settings", [SMALL, VALIDATING])
def test_islands_stay_sorted_small_and_keep_their_best(settings: Settings, store: SqlStore) -> None:
    _, states, steps = finished(plan_of(IslandSearch(settings)), store, evaluations=300)
    best = -np.inf
    for state, step in zip(states, steps, strict=True):
        for island in state.islands:
            assert list(island.lines) == sorted(island.lines, key=rank)
            assert len(island.lines) <= settings.capacity
            assert len({line.shape for line in island.lines}) == len(island.lines)
            assert all(len(line.pool) <= settings.per_shape for line in island.lines)
        outcome = step.result.outcome
        if isinstance(step.work, Propose) and outcome is not None and outcome.score is not None:
            best = max(best, outcome.score)
        head = best_of(state.islands)
        assert (head.score if head is not None else -np.inf) == best


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


def test_one_burst_a_shape_and_a_few_an_island(store: SqlStore) -> None:
    settings = dataclasses.replace(SMALL, arms=(("cma", 1.0), ("jitter", 1.0)))
    _, states, steps = finished(plan_of(IslandSearch(settings)), store, evaluations=600)
    numbers = {s.work.payload["burst"] for s in steps if isinstance(s.work, Propose) and "burst" in s.work.payload}
    assert numbers
    for state in states:
        for island in range(SMALL.islands):
            shapes = [one.shape for one in state.bursts if one.island == island]
            assert len(shapes) == len(set(shapes)) <= _burst.MOST
    assert states[-1].begun >= len(states[-1].bursts) > 0


def test_materialising_edits_follow_a_trace(store: SqlStore) -> None:
    _, states, steps = finished(plan_of(IslandSearch(SMALL)), store, evaluations=300)
    edits = [s.work for s in steps if isinstance(s.work, Propose) and s.work.payload.get("operator") == "materialise"]
    assert edits
    assert len(states[-1].traced) <= 400
    assert all(len(state.planned) <= 36 for state in states)


def test_arms_are_credited_for_what_they_did(store: SqlStore) -> None:
    _, states, steps = finished(plan_of(IslandSearch(SMALL)), store, evaluations=200)
    state: IslandState = states[-1]
    assert [arm.name for arm in state.arms] == [name for name, _ in ARMS]
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
    kept = [[{line.best.id for line in island.lines} for island in state.islands] for state in states]
    shared = [first & second for first, second in kept]
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
    names = ("jitter", "row_jitter", "crossover", "cma", "materialise", "grow", "delete")
    settings = dataclasses.replace(SMALL, arms=tuple((name, 1.0) for name in names))
    report, _, _ = finished(plan_of(IslandSearch(settings)), store, evaluations=60)
    assert report.digest == "18b472f0fa8415f5ba16dfee45b62abbcae23c161c18bbe8c68bd954325c6787"


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_that_is_switched_off_is_not_drawn(family: str, store: SqlStore) -> None:
    search = IslandSearch(dataclasses.replace(SMALL, arms=arms_without({family})))
    _, _, steps = finished(plan_of(search), store, evaluations=80)
    left = {name for name, _ in ARMS} - {name for name, _ in arms_without({family})}
    drawn = {s.work.payload.get("operator") for s in steps if isinstance(s.work, Propose)}
    assert left and not left & drawn


def test_a_family_that_there_is_not_is_an_error() -> None:
    with pytest.raises(KeyError, match="magic"):
        arms_without({"magic"})


def test_a_child_of_several_instances_must_keep_up_with_its_parent() -> None:
    """Floors come from the parent's own values; a trial that was stopped is no score and no broken program."""
    search = IslandSearch(dataclasses.replace(SMALL, search_instances=3, arms=(("jitter", 1.0),)))
    state, first = search.next(search.initial(), np.random.default_rng(0))
    assert isinstance(first, Propose) and first.then is not None and not first.then.floors
    ones = tuple(toys.instance(k, value) for k, value in enumerate((1.0, 2.0, 3.0)))
    outcome = Outcome(first.then, Status.OK, 2.0, ones, counted=Counted(1, 3))
    candidate = Candidate("c0", (), {}, "n", "initial")
    details = {"shape": "a", "size": 3, "literals": 4}
    state, _ = search.admit(
        state, 0, first, Result(Status.OK, candidate, outcome, details=details, counted=Counted(1, 3))
    )
    state, child = search.next(state, np.random.default_rng(0))
    assert isinstance(child, Propose) and child.then is not None
    floors = child.then.floors
    assert len(floors) == 2 and floors[0] < 1.0 and floors[1] < 1.5
    stopped = Outcome(child.then, Status.STOPPED, None, ones[:1], counted=Counted(1, 1))
    after, _ = search.admit(state, 1, child, Result(Status.STOPPED, candidate, stopped, counted=Counted(1, 1)))
    assert [line.best.id for line in after.islands[0].lines] == ["c0"]
    assert after.islands[0].lines[0].broken == 0.0
    assert next(arm for arm in after.arms if arm.name == "jitter").gain < state.arms[0].gain


def test_samples_of_a_burst_are_measured_to_the_end() -> None:
    """What CMA-ES learns from is their ranks. The line that is drawn meanwhile may be another one."""
    search = IslandSearch(dataclasses.replace(SMALL, islands=1, search_instances=2))
    leader = new_line(Member("c1", 9.0, "a", "grow", literals=3, values=(9.0, 9.0)))
    moved = new_line(Member("c2", 1.5, "b", "grow", literals=3, values=(1.0, 2.0)))
    answer = {"values": [1.0, 2.0, 3.0], "kinds": ["float"] * 3}
    burst = _burst.begin(answer, number=0, island=0, parent="c2", score=1.5, shape="b")
    assert burst is not None
    state = dataclasses.replace(search.initial(), islands=(Island(lines=(leader, moved)),), bursts=(burst,))
    found = search._burst(state, 0, moved, np.random.default_rng(0))
    assert found is not None
    _, work = found
    assert isinstance(work, Propose) and work.parents == ("c2",) and work.then is not None
    assert not work.then.floors


def shown(id: str, work: Propose, *, score: float, shape: str, literals: int = 4) -> Result:
    """What comes back of ``work``: a candidate with this score."""
    assert work.then is not None
    outcome = Outcome(work.then, Status.OK, score, (toys.instance(0, score),), counted=Counted(1, 1))
    details = {"shape": shape, "size": 3, "literals": literals}
    return Result(Status.OK, Candidate(id, (), {}, id, "x"), outcome, details=details, counted=Counted(1, 1))


def begun() -> tuple[IslandSearch, IslandState]:
    """A search that knows its first program, of shape a and score 1."""
    search = IslandSearch(dataclasses.replace(SMALL, islands=1))
    state, first = search.next(search.initial(), np.random.default_rng(0))
    assert isinstance(first, Propose)
    state, _ = search.admit(state, 0, first, shown("c0", first, score=1.0, shape="a"))
    return search, dataclasses.replace(state, looks=())


def gain_of(state: IslandState, name: str) -> float:
    return next(arm.gain / arm.cost for arm in state.arms if arm.name == name)


def test_a_walk_that_recovers_what_it_gave_away_earns_nothing() -> None:
    search, state = begun()
    edit = search._edit(search.initial(), {"operator": "jitter", "island": 0}, "c0", floors=None)
    state, _ = search.admit(state, 1, edit, shown("c1", edit, score=3.0, shape="a"))
    best = gain_of(state, "jitter")
    line = dataclasses.replace(state.islands[0].lines[0], current=state.islands[0].find("c0") or state.islands[0].best)
    state = dataclasses.replace(state, islands=(Island(lines=(line,)),))
    after, _ = search.admit(state, 2, edit, shown("c2", edit, score=2.0, shape="a"))
    assert gain_of(after, "jitter") < best, "better than its parent, not than its line"


def test_a_new_number_that_changes_nothing_is_tried_in_other_sizes() -> None:
    search, state = begun()
    edit = search._edit(search.initial(), {"operator": "bonus", "island": 0}, "c0", floors=None)
    idle, _ = search.admit(state, 1, edit, shown("c1", edit, score=1.0, shape="b", literals=5))
    assert [(one.parents, one.payload["operator"]) for one in idle.planned] == [(("c1",), "retune")] * 2
    plain, _ = search.admit(state, 1, edit, shown("c1", edit, score=1.0, shape="b", literals=4))
    assert not plain.planned


def test_a_limit_that_changes_nothing_is_made_tighter_until_it_bites_then_let_out() -> None:
    search, state = begun()
    edit = search._edit(search.initial(), {"operator": "bound", "island": 0}, "c0", floors=None)
    state, _ = search.admit(state, 1, edit, shown("c1", edit, score=1.0, shape="b", literals=5))
    tried = []
    for k, score in enumerate((1.0, None, 0.9, 1.1), start=2):
        (work,), state = state.planned, dataclasses.replace(state, planned=())
        assert work.parents == ("c1",) and work.then is not None
        tried.append(work.payload["factor"])
        failed = Result(Status.OK, outcome=Outcome(work.then, Status.WRONG, None))
        shows = failed if score is None else shown(f"c{k}", work, score=score, shape="b", literals=5)
        state, _ = search.admit(state, k, work, shows)
    assert tried == [0.3, 0.09, 0.1643, 0.222]
    (work,) = state.planned
    assert work.payload["factor"] < 0.222 and work.payload["strides"], "it helps: on from there"


def test_a_new_number_in_another_size_pays_who_brought_it_and_inherits_what_was_tuned() -> None:
    search, state = begun()
    line = dataclasses.replace(state.islands[0].lines[0], spent=90)
    state = dataclasses.replace(state, islands=(Island(lines=(line,)),))
    edit = search._edit(search.initial(), {"operator": "bound", "island": 0}, "c0", floors=None)
    state, _ = search.admit(state, 1, edit, shown("c1", edit, score=1.0, shape="b", literals=5))
    before, retune = gain_of(state, "bound"), state.planned[0]
    after, _ = search.admit(state, 2, retune, shown("c2", retune, score=2.0, shape="b", literals=5))
    assert gain_of(after, "bound") > before
    found = next(line for line in after.islands[0].lines if line.shape == "b")
    assert found.tuned == 90 and found.inherited
    assert after.planned[-1].payload["best"] == retune.payload["factor"], "the next size is one from there"


def test_numbers_that_were_tuned_for_another_shape_get_a_burst_of_small_steps() -> None:
    search, state = begun()
    home = dataclasses.replace(state.islands[0].lines[0], spent=90, bursts=1)
    state = dataclasses.replace(state, islands=(Island(lines=(home,)),), begun=1)
    edit = search._edit(search.initial(), {"operator": "bound", "island": 0}, "c0", floors=None)
    state, _ = search.admit(state, 1, edit, shown("c1", edit, score=0.5, shape="b", literals=5))
    found = search._burst(state, 0, state.islands[0].lines[0], np.random.default_rng(0))
    assert found is not None and isinstance(found[1], Ask) and found[1].payload["candidate"] == "c1"
    answer = {"values": [1.0, 2.0, 3.0], "kinds": ["float"] * 3, "columns": [-1] * 3}
    state, _ = search.admit(state, 2, found[1], Result(Status.OK, answer=answer))
    assert [burst.polish.cma.sigma for burst in state.bursts] == [_burst.SIGMAS[-1]]
    assert not any(line.inherited for line in state.islands[0].lines), "once"


def test_structure_is_not_edited_where_numbers_are_results_of_others() -> None:
    search, state = begun()
    firm = state.islands[0].lines[0]
    other = dataclasses.replace(firm.best, id="c1", shape="b", score=9.0)
    brittle = dataclasses.replace(firm, best=other, current=other, cost=10.0, broken=9.0)
    island = Island(lines=(brittle, firm))
    rng = np.random.default_rng(0)
    for tuning in (True, False):
        assert {search._line(island, rng, tuning=tuning).shape for _ in range(30)} == {"a"}
    alone = Island(lines=(brittle,))
    assert search._line(alone, rng, tuning=False).shape == "b"


def test_a_program_without_real_numbers_is_asked_about_once() -> None:
    search, state = begun()
    line = state.islands[0].lines[0]
    found = search._burst(state, 0, line, np.random.default_rng(0))
    assert found is not None
    _, ask = found
    assert isinstance(ask, Ask) and ask.service == "inspect"
    answer = {"values": [1, 2, 3, 4], "kinds": ["int"] * 4, "columns": [-1] * 4}
    state, _ = search.admit(state, 1, ask, Result(Status.OK, answer=answer))
    assert search._burst(state, 0, line, np.random.default_rng(0)) is None


def test_a_burst_that_would_not_reach_the_best_ends() -> None:
    search, state = begun()
    answer = {"values": [1.0, 2.0], "kinds": ["float"] * 2}
    burst = _burst.begin(answer, number=0, island=0, parent="c0", score=1.0, shape="a")
    assert burst is not None
    grown = dataclasses.replace(burst.polish.cma, generation=_burst.YOUNG)
    for top, lives in ((0.5, False), (1.5, True)):
        one = dataclasses.replace(burst, polish=dataclasses.replace(burst.polish, cma=grown, top=top))
        found = search._burst(
            dataclasses.replace(state, bursts=(one,)), 0, state.islands[0].lines[0], np.random.default_rng(0)
        )
        assert found is not None and isinstance(found[1], Propose) is lives


def test_nobody_looks_for_numbers_where_no_burst_could_begin() -> None:
    search, state = begun()
    answer = {"values": [1.0, 2.0], "kinds": ["float"] * 2}
    best = state.islands[0].best.score
    racing = []
    for number in range(_burst.MOST):
        burst = _burst.begin(answer, number=number, island=0, parent="c0", score=best, shape=f"other {number}")
        assert burst is not None
        grown = dataclasses.replace(burst.polish.cma, generation=_burst.YOUNG)
        racing.append(dataclasses.replace(burst, polish=dataclasses.replace(burst.polish, cma=grown, top=best + 1.0)))
    behind = dataclasses.replace(racing[0], polish=dataclasses.replace(racing[0].polish, top=best + 0.5))
    assert not _burst.may_begin(racing, best) and not _burst.may_begin([behind, *racing[1:]], best)
    assert _burst.may_begin([behind, *racing[1:]], best + 0.7) and _burst.may_begin(racing[1:], best)
    many = dataclasses.replace(state.islands[0].lines[0].best, literals=20)
    line = dataclasses.replace(state.islands[0].lines[0], best=many)
    island = dataclasses.replace(state.islands[0], lines=(line,))
    for bursts, looks in ((racing, False), (racing[1:], True)):
        full = dataclasses.replace(state, islands=(island, *state.islands[1:]), bursts=tuple(bursts))
        found = [search._burst(full, 0, line, np.random.default_rng(seed)) for seed in range(60)]
        assert any(one is not None and isinstance(one[1], Ask) for one in found) is looks


@pytest.mark.parametrize("kept", ["numbers", "tree"])
def test_one_family_is_enough_to_go_on(kept: str, store: SqlStore) -> None:
    search = IslandSearch(dataclasses.replace(SMALL, arms=arms_without(set(FAMILIES) - {kept})))
    report, _, _ = finished(plan_of(search), store, evaluations=12)
    assert report.spent.counted.evaluations == 12


def test_early_turns_bring_limits_to_the_best_program_and_curves_to_the_first() -> None:
    search, state = begun()
    rng, early = np.random.default_rng(1), []
    for _ in range(3 * _turns.BREADTH):
        state, work = search.next(state, rng)
        if isinstance(work, Propose) and "number" in work.payload:
            assert work.parents == ("c0",) and "kick" not in work.payload
            early.append((work.payload["operator"], work.payload["number"]))
    count = _turns.BREADTH // _turns.EARLY_EVERY
    assert early == [pair for k in range(count) for pair in (("curve", k), ("bound", k))]


def test_without_their_operators_nothing_comes_by_turn() -> None:
    search = IslandSearch(dataclasses.replace(SMALL, islands=1, arms=(("jitter", 1.0),)))
    state, rng = search.initial(), np.random.default_rng(0)
    assert not any(_turns.due(turn, state.arms, rng) for turn in range(1, 400))


def test_kicks_are_by_what_has_polished_with_success_in_this_run() -> None:
    rng, arms = np.random.default_rng(0), IslandSearch(SMALL).initial().arms
    late = range(_turns.BREADTH + 1, 2000)
    assert not any(_turns.due(turn, arms, rng) for turn in late)
    proven = tuple(dataclasses.replace(arm, improved=2) if arm.name == "polish" else arm for arm in arms)
    kicks = {turn: _turns.due(turn, proven, rng) for turn in late}
    assert [turn for turn, kick in kicks.items() if kick] == [turn for turn in late if turn % _turns.KICK_EVERY == 0]
    assert all(kick == ({"operator": "polish", "kick": True}, _turns.LINE) for kick in kicks.values() if kick)
    # Each island has its turns.
    assert {turn % 2 for turn, kick in kicks.items() if kick} == {0, 1}
