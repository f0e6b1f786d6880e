"""Search instances drawn anew: luck is found out, scores of different draws never meet, and nothing waits for ever."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shoal.core.canonical import canonical, sha256
from shoal.core.protocols import Plan
from shoal.core.values import Files, Measure, Outcome, Propose, Split, Trial
from shoal.guard import WatchedSearch
from shoal.search import IslandSearch, Settings, _redraw
from shoal.search._archive import best_of
from shoal.store import SqlStore
from tests.core.toys import events_of, of_type, replayed, same
from tests.search.toys import outcome_of, plan_of
from tests.search.watched import Checked, finished

SETTINGS = Settings(capacity=5, search_instances=2, validation_instances=3)
LUCK = 0.6


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = SqlStore(tmp_path / "run.db")
    yield store
    store.close()


def lucky(program: dict[str, Any], trial: Trial) -> Outcome:
    """The true score, and a luck that belongs to the program and the draw."""
    outcome = outcome_of(program, trial)
    if outcome.score is None:
        return outcome
    digest = sha256(canonical([program, str(trial.split), trial.draw]))
    return replace(outcome, score=outcome.score + LUCK * float(np.random.default_rng(int(digest[:8], 16)).normal()))


class Lottery:
    """Judges by `lucky`."""

    async def evaluate(self, trial: Trial, files: Files, *, seed: int, opponents: tuple[Files, ...] = ()) -> Outcome:
        return lucky(json.loads(files["program.json"]), trial)


def lottery(search: Any) -> Plan[Any]:
    return replace(plan_of(search), evaluator=Lottery())


def test_scores_in_the_archive_are_those_of_the_running_draw(store: SqlStore) -> None:
    _, states, steps = finished(lottery(IslandSearch(SETTINGS)), store, evaluations=900)
    programs = {s.result.candidate.id: s.result.candidate for s in steps if s.result.candidate is not None}
    draws = [state.redraw.draw for state in states]
    assert draws == sorted(draws) and draws[-1] >= 4 and {draw % 2 for draw in draws} == {0}
    trial = Trial(Split.SEARCH, (0, 1))
    for state in states[:: len(states) // 40]:
        if state.redraw.missing:
            continue
        for line in (line for island in state.islands for line in island.lines):
            for member in line.members():
                program = json.loads(store.get(programs[member.id].files["program.json"]))
                there = replace(trial, draw=state.redraw.draw)
                assert member.score == pytest.approx(lucky(program, there).score)


def test_a_redraw_follows_a_lost_contest_and_costs_a_share_of_the_work(store: SqlStore) -> None:
    _, states, steps = finished(lottery(IslandSearch(SETTINGS)), store, evaluations=900)
    lost = 0
    for before, after, step in zip(states, states[1:], steps[1:], strict=False):
        ended = [note for note in step.notes if note.kind == "contest"]
        lost += sum(not note.data["promoted"] for note in ended)
        if after.redraw.draw > before.redraw.draw:
            assert [note.data["promoted"] for note in ended] == [False]
            assert after.promotion.contest is None, "a claim that waits may be the better one"
    again = sum(isinstance(s.work, Measure) and s.work.trial.split is Split.SEARCH for s in steps)
    made = sum(isinstance(s.work, Propose) for s in steps)
    assert lost > 3 and 0 < again < made / 5


def test_after_a_redraw_new_programs_are_measured_on_it(store: SqlStore) -> None:
    finished(lottery(IslandSearch(SETTINGS)), store, evaluations=600)
    draw, seen = 0, set()
    for issued in of_type(events_of(store), "issued"):
        trial = issued["work"].get("trial") or issued["work"].get("then") or {}
        if trial.get("split") != Split.SEARCH:
            continue
        assert trial.get("draw", 0) >= draw
        draw = trial.get("draw", 0)
        seen.add(draw)
    assert len(seen) > 2


def test_a_run_with_redraws_is_pure_and_replayed_to_the_same_state(store: SqlStore) -> None:
    search = Checked(IslandSearch(SETTINGS))
    report, states, _ = finished(lottery(search), store, evaluations=600)
    course = replayed(search, events_of(store))
    assert states[-1].redraw.draw > 0
    assert same(course.state, states[-1]) and course.digest() == report.digest


def test_it_can_be_left_out(store: SqlStore) -> None:
    _, states, _ = finished(lottery(IslandSearch(replace(SETTINGS, redraw=False))), store, evaluations=300)
    lost = [
        note for note in of_type(events_of(store), "note") if note["kind"] == "contest" and not note["data"]["promoted"]
    ]
    assert lost and states[-1].redraw.draw == 0


def test_without_luck_nothing_is_drawn_anew(store: SqlStore) -> None:
    _, states, _ = finished(plan_of(IslandSearch(SETTINGS)), store, evaluations=400)
    kinds = {note["data"]["promoted"] for note in of_type(events_of(store), "note") if note["kind"] == "contest"}
    assert kinds == {True} and states[-1].redraw.draw == 0


def test_a_cheat_that_is_found_out_during_a_redraw_holds_nothing_up(store: SqlStore) -> None:
    search = IslandSearch(SETTINGS)
    _, states, steps = finished(lottery(search), store, evaluations=600)
    at = next(k for k, state in enumerate(states) if state.redraw.due)
    state = states[at]
    cheat = state.redraw.due[-1].id
    state, _ = search.evict(state, (cheat,))
    rng, answers = np.random.default_rng(0), 0
    while state.redraw.missing:
        state, work = search.next(state, rng)
        assert isinstance(work, Measure)
        result = replace(
            steps[0].result, candidate=None, outcome=outcome_of({"name": "a", "numbers": [1.0]}, work.trial)
        )
        state, _ = search.admit(state, 1000 + answers, work, result)
        answers += 1
    assert answers and all(island.find(cheat) is None for island in state.islands)
    assert best_of(state.islands) is not None


def test_a_search_under_watch_measures_jumps_on_the_running_draw(store: SqlStore) -> None:
    _, states, steps = finished(lottery(WatchedSearch(IslandSearch(SETTINGS))), store, evaluations=1000)
    assert states[-1].draw == states[-1].inner.redraw.draw > 0
    for state in states:
        assert state.best is None or state.jumps.best is not None
    proposed = {s.work.then.draw for s in steps if isinstance(s.work, Propose) and s.work.then is not None}
    second = {s.work.trial.draw for s in steps if isinstance(s.work, Measure) and s.work.trial.draw % 2}
    searched = {s.work.trial.draw for s in steps if isinstance(s.work, Measure) and s.work.trial.split is Split.SEARCH}
    assert {draw for draw in searched if draw % 2 == 0} <= proposed
    assert all(draw - 1 in proposed for draw in second & searched), "a second look is on the draw after"


def test_each_draw_has_one_instance_more_up_to_four_times_as_many() -> None:
    counts = [len(_redraw.trial_on(draw, SETTINGS).instances) for draw in range(0, 40, _redraw.STEP)]
    assert counts[:7] == [2, 3, 4, 5, 6, 7, 8] and set(counts[6:]) == {8}
    assert _redraw.trial_on(6, SETTINGS).draw == 6


def test_children_and_redrawn_programs_meet_the_instances_of_the_running_draw(store: SqlStore) -> None:
    _, _, steps = finished(lottery(IslandSearch(SETTINGS)), store, evaluations=600)
    drawn: dict[int, set[int]] = {}
    for step in steps:
        trial = (
            step.work.then
            if isinstance(step.work, Propose)
            else step.work.trial
            if isinstance(step.work, Measure)
            else None
        )
        if trial is not None and trial.split is Split.SEARCH:
            drawn.setdefault(trial.draw, set()).add(len(trial.instances))
    assert len(drawn) >= 3
    assert all(counts == {len(_redraw.trial_on(draw, SETTINGS).instances)} for draw, counts in drawn.items())
