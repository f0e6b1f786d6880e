"""The watched search through the real loop: jumps are seen twice, cheats are frozen with all that comes from them."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shoal.core import by_hand
from shoal.core.budget import Budget
from shoal.core.errors import UserError
from shoal.core.loop import Report
from shoal.core.protocols import Plan
from shoal.core.values import Candidate, Measure, Outcome, Propose, Result, Split, Status, Trial
from shoal.guard import JumpSettings, WatchedSearch
from shoal.report import RunView
from shoal.store import SqlStore
from tests.core.toys import RUN, drive, events_of, of_type, replayed, same
from tests.guard.toys import Climb, Fooled, plan_of

CHEAT = 12  # the number of the proposal that cheats


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = SqlStore(tmp_path / "run.db")
    yield store
    store.close()


def creep(n: int, parent: Any) -> dict[str, Any]:
    """A little better each time."""
    return {"value": (parent["value"] if parent else 0.0) + 0.01 * (1 + n % 3), "n": n}


def jumping(**more: Any) -> Any:
    """As `creep`, but one proposal jumps by 50."""

    def script(n: int, parent: Any) -> dict[str, Any]:
        made = creep(n, parent)
        return {**made, "value": made["value"] + 50.0, **more} if n == CHEAT else made

    return script


def notes(store: SqlStore, kind: str) -> list[dict[str, Any]]:
    return [note for note in of_type(events_of(store), "note") if note["kind"] == kind]


def run(plan: Plan[Any], store: SqlStore, *, evaluations: int = 40, window: int = 3) -> Report:
    return drive(plan, store, budget=Budget(evaluations=evaluations), window=window)


def test_a_jump_that_shows_on_a_second_draw_is_released_by_itself(store: SqlStore) -> None:
    run(plan_of(WatchedSearch(Climb()), jumping()), store)
    (held,) = notes(store, "held")
    (released,) = notes(store, "released")
    assert held["data"]["candidate"] == released["data"]["candidate"]
    assert "50" in held["text"] and "usual" in held["text"]
    view = RunView.read(store, RUN)
    assert view.held == {} and (view.best_score or 0) > 50.0


def test_a_jump_that_does_not_show_again_is_used_for_nothing(store: SqlStore) -> None:
    judge = Fooled()
    run(plan_of(WatchedSearch(Climb()), jumping(later=0.1), judge), store)
    first, second = notes(store, "held")
    cheat = first["data"]["candidate"]
    assert second["data"]["candidate"] == cheat and "stays held" in second["text"]
    assert notes(store, "released") == []
    view = RunView.read(store, RUN)
    assert list(view.held) == [cheat]
    assert (view.best_score or 0) < 5.0 and view.champion != cheat
    assert all(cheat not in known.parents for known in view.candidates.values())
    again = [trial for trial in judge.trials if trial.draw == 1]
    assert {trial.candidate for trial in again} == {cheat, first["data"]["reference"]}


def test_a_person_may_release_what_is_held_and_the_run_goes_on_from_it(store: SqlStore) -> None:
    plan = plan_of(WatchedSearch(Climb()), jumping(later=0.1))
    run(plan, store)
    (cheat,) = RunView.read(store, RUN).held
    with pytest.raises(UserError, match="c0 is not held"):
        by_hand.release(plan.search, store, RUN, "c0")
    told = by_hand.release(plan.search, store, RUN, cheat)
    assert "released by hand" in told[0].text
    run(plan, store, evaluations=60)
    view = RunView.read(store, RUN)
    assert view.held == {} and (view.best_score or 0) > 50.0
    assert any(cheat in known.parents for known in view.candidates.values())
    assert same(replayed(plan.search, events_of(store)).state.inner.members[-1], replayed_best(plan, store))


def replayed_best(plan: Plan[Any], store: SqlStore) -> tuple[float, str]:
    view = RunView.read(store, RUN)
    assert view.best is not None
    return view.best.score, view.best.candidate


def test_a_flag_freezes_the_program_and_its_descendants(store: SqlStore) -> None:
    """A canary finds out at the 12th what has had children since."""

    def script(n: int, parent: Any) -> dict[str, Any]:
        inherited = {"cheat": True} if n == CHEAT or (parent or {}).get("cheat") else {}
        made = creep(n, parent)
        return {**made, **inherited, "value": made["value"] + 0.05 * (n == CHEAT)}

    run(plan_of(WatchedSearch(Climb(), canaries=2), script), store, evaluations=80, window=6)
    hits = notes(store, "hit")
    assert hits and "no good answer" in hits[0]["text"]
    view = RunView.read(store, RUN)
    cheats = {id for id in view.candidates if _program(store, view, id).get("cheat")}
    assert len(cheats) > 1, "there were children in flight"
    assert cheats == set(view.frozen) == set(view.held)
    assert view.champion not in cheats
    state = replayed(WatchedSearch(Climb(), canaries=2), events_of(store)).state
    assert set(state.inner.evicted) <= cheats and cheats == set(state.frozen)
    assert all(id not in cheats for _, id in state.inner.members)


def test_a_honey_token_is_a_hit_by_itself(store: SqlStore) -> None:
    def script(n: int, parent: Any) -> dict[str, Any]:
        return {**creep(n, parent), "flag": n == CHEAT}

    run(plan_of(WatchedSearch(Climb()), script), store)
    (hit,) = notes(store, "hit")
    assert "honey_token" in hit["text"] and hit["data"]["frozen"] == 1


def test_every_new_best_is_shown_a_canary_and_honest_ones_go_on(store: SqlStore) -> None:
    judge = Fooled()
    run(plan_of(WatchedSearch(Climb(), canaries=1), creep, judge), store)
    shown = [trial.candidate for trial in judge.trials if trial.split is Split.CANARY]
    assert len(shown) > 10 and len(set(shown)) == len(shown)
    assert notes(store, "hit") == []


def test_what_beats_the_best_value_known_is_seen_twice(store: SqlStore) -> None:
    run(plan_of(WatchedSearch(Climb(), jumps=JumpSettings(best_known=0.2)), creep), store)
    held = notes(store, "held")
    assert held and all("beats the best value known" in one["text"] for one in held)
    assert len(notes(store, "released")) >= len(held) - 1


def test_without_jumps_nothing_is_measured_twice(store: SqlStore) -> None:
    judge = Fooled()
    run(plan_of(WatchedSearch(Climb()), creep, judge), store)
    assert {trial.draw for trial in judge.trials} == {0}


@pytest.mark.parametrize("script", [jumping(), jumping(later=0.0), jumping(flag=True)])
def test_folding_the_log_gives_the_live_state(script: Any, store: SqlStore) -> None:
    search = WatchedSearch(Climb(), canaries=1)
    report = run(plan_of(search, script), store)
    assert replayed(search, events_of(store)).digest() == report.digest


def _program(store: SqlStore, view: RunView, id: str) -> dict[str, Any]:
    program: dict[str, Any] = json.loads(store.get(view.candidates[id].files["program"]))
    return program


def test_bests_of_instances_drawn_anew_are_a_history_of_their_own() -> None:
    """Scores there are 100 higher for everybody: no jump, and late scores of the old ones change nothing."""
    search = WatchedSearch(Climb())
    state = search.initial()
    first, other = Trial(Split.SEARCH, (0,)), Trial(Split.SEARCH, (0,), draw=2)

    def admitted(state: Any, k: int, work: Any, score: float) -> tuple[Any, tuple[Any, ...]]:
        trial = work.trial if isinstance(work, Measure) else work.then
        made = None if isinstance(work, Measure) else Candidate(f"c{k}", (), {}, f"{k}", "toy")
        return search.admit(state, k, work, Result(Status.OK, candidate=made, outcome=Outcome(trial, Status.OK, score)))

    for k in range(10):
        state, _ = admitted(state, k, Propose("step", then=first), 0.1 * k)
    assert state.jumps.why(100.9, search.settings), "it would be one on the old instances"
    state, notes = admitted(state, 10, Measure(replace(other, candidate="c9")), 100.9)
    assert notes == () and (state.draw, state.best, state.jumps.best) == (2, "c9", 100.9)
    state, notes = admitted(state, 11, Propose("step", then=first), 5.0)
    assert state.held == () and state.jumps.best == 100.9, "late"
    state, _ = admitted(state, 12, Propose("step", then=other), 101.0)
    assert state.held == () and (state.best, state.jumps.best) == ("c12", 101.0)
    state, (held,) = admitted(state, 13, Propose("step", then=other), 201.0)
    assert held.kind == "held" and {one.trial.draw for one in state.due} == {3}, "seen twice on the draw after"
