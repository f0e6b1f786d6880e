"""Contests for champion: fresh draws, pairs, intervals; the winner's curse does not crown."""

from collections.abc import Callable

import numpy as np
import pytest

from shoal.core.statistics import paired_interval
from shoal.core.values import InstanceResult, Measure, Note, Outcome, Split, Status, Trial
from shoal.search import _promotion
from shoal.search._promotion import ROUNDS, Promotion

Judge = Callable[[str, int, int], float | None]  # candidate, draw, instance -> natural value


def settle(state: Promotion, judge: Judge) -> tuple[Promotion, list[Note], list[Trial]]:
    """Carry out what the contests ask for until nothing is due."""
    notes: list[Note] = []
    trials: list[Trial] = []
    while True:
        state, work = _promotion.work(state)
        if work is None:
            return state, notes, trials
        trials.append(work.trial)
        state, more = _promotion.measured(state, work.trial, outcome_of(work, judge))
        notes += more


def outcome_of(work: Measure, judge: Judge) -> Outcome:
    trial = work.trial
    assert trial.candidate is not None
    values = [judge(trial.candidate, trial.draw, index) for index in trial.instances]
    if None in values:
        return Outcome(trial, Status.WRONG, None)
    ones = tuple(InstanceResult(k, Status.OK, value) for k, value in zip(trial.instances, values, strict=True))
    return Outcome(trial, Status.OK, float(np.mean([value or 0.0 for value in values])), per_instance=ones)


def claims(
    judge: Judge, *, instances: int = 4, sign: float = 1.0, count: int = 2
) -> tuple[Promotion, list[Note], list[Trial]]:
    state = Promotion(instances=instances, sign=sign)
    notes: list[Note] = []
    trials: list[Trial] = []
    for k in range(count):
        state, more = _promotion.claim(state, f"c{k}", float(k))
        assert more == ()
        state, heard, measured = settle(state, judge)
        notes, trials = [*notes, *heard], [*trials, *measured]
    return state, notes, trials


def hard(draw: int, index: int) -> float:
    """How hard an instance is: it differs far more between instances than programs differ."""
    return float(np.random.Generator(np.random.Philox([draw, index])).normal(0.0, 10.0))


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_small_steady_gain_is_seen_through_hard_and_easy_instances(sign: float):
    state, notes, trials = claims(
        lambda id, draw, index: hard(draw, index) + sign * 0.1 * int(id[1:]), sign=sign, count=4
    )
    assert state.champion is not None and state.champion.id == "c3"
    contests = [note.data for note in notes if note.kind == "contest"]
    assert [one["promoted"] for one in contests] == [True] * 3
    assert all(one["gain"] == pytest.approx(0.1) and one["low"] > 0 for one in contests)
    assert all(trial.split is Split.VALIDATION for trial in trials)


def test_nobody_is_champion_by_luck():
    """The winner's curse: equal programs, and a claim each time one looks better on the search instances."""
    wins = 0
    for number in range(200):
        rng = np.random.Generator(np.random.Philox(number))
        _, notes, _ = claims(lambda id, draw, index, rng=rng: float(rng.normal()))  # type: ignore[misc]
        wins += any(note.kind == "contest" and note.data["promoted"] for note in notes)
    assert wins <= 0.1 * 200


def test_draws_are_never_used_twice_and_both_meet_the_same():
    _, _, trials = claims(lambda id, draw, index: hard(draw, index) * int(id[1:]), count=6)
    met: dict[int, set[str | None]] = {}
    for trial in trials:
        assert trial.candidate not in met.setdefault(trial.draw, set())
        met[trial.draw].add(trial.candidate)
    assert all(len(pair) == 2 for draw, pair in met.items() if draw)


def test_what_an_interval_of_95_percent_would_just_crown_takes_another_round():
    gains = (0.0, 1.0, 2.0, 3.0, 4.0)
    interval = paired_interval(gains)
    shift = 0.1 * (interval.mean - interval.low) - interval.low  # it lies above zero, by a tenth of its half
    assert interval.low + shift > 0.0
    _, notes, _ = claims(lambda id, draw, index: gains[index] + shift if id == "c1" else 0.0, instances=5)
    (told,) = (note.data for note in notes if note.kind == "contest")
    assert told["promoted"] and told["pairs"] == 10


def test_what_cannot_be_told_apart_ends_after_some_rounds():
    flip = {0: 1.0, 1: -0.9}
    state, notes, trials = claims(lambda id, draw, index: flip[draw % 2] if id == "c1" else 0.0, instances=1)
    assert state.champion is not None and state.champion.id == "c0"
    assert len(trials) <= 1 + 2 * ROUNDS
    assert [note.data["promoted"] for note in notes if note.kind == "contest"] == [False]


def test_a_challenger_that_fails_on_fresh_instances_is_refused_and_a_champion_that_does_falls():
    state, notes, _ = claims(lambda id, draw, index: None if id == "c1" else 1.0)
    assert state.champion is not None and state.champion.id == "c0"
    assert "c1 got no score on fresh instances" in notes[-1].text
    state, notes, _ = claims(lambda id, draw, index: None if id == "c0" and draw else 1.0)
    assert state.champion is not None and state.champion.id == "c1"


def test_of_the_claims_that_come_meanwhile_the_newest_waits():
    state = Promotion(instances=2)
    for k in range(5):
        state, _ = _promotion.claim(state, f"c{k}", float(k))
    assert state.contest is not None and state.contest.challenger.id == "c0"
    assert state.waiting is not None and state.waiting.id == "c4"
    state, _, trials = settle(state, lambda id, draw, index: float(id[1:]))
    assert state.champion is not None and state.champion.id == "c4"
    assert {trial.candidate for trial in trials} == {"c0", "c4"}


@pytest.mark.parametrize("least", [0.0, 0.02])
def test_where_scores_are_measured_a_contest_that_is_not_decided_gives_way_to_a_better_claim(least: float):
    def judge(name: str, draw: int, index: int) -> float:
        return {"c0": 100.0, "c1": 96.0 + 8.0 * (-1) ** index, "c2": 10.0}[name]

    state, _ = _promotion.claim(Promotion(instances=4, sign=-1.0, least_gain=least), "c0", -100.0)
    state, _, _ = settle(state, judge)
    for name, score in (("c1", -60.0), ("c2", -10.0)):
        state, _ = _promotion.claim(state, name, score)
    state, _, trials = settle(state, judge)
    assert state.champion is not None and state.champion.id == "c2" and "c1" not in state.refused
    rounds = sum(trial.candidate == "c1" for trial in trials if trial.draw < state.draws - 1)
    assert rounds == 1 if least else rounds > 1


def test_a_gain_that_is_too_small_to_be_wanted_crowns_nobody():
    def judge(id: str, draw: int, index: int) -> float:
        return 100.0 - {"c0": 0.0, "c1": 1.0, "c2": 3.0}[id] + 0.1 * (index % 2)

    for least, champion in ((0.0, "c1"), (0.02, "c0")):
        state = Promotion(instances=4, sign=-1.0, least_gain=least)
        notes: list[Note] = []
        for k, id in enumerate(("c0", "c1")):
            state, _ = _promotion.claim(state, id, float(k))
            state, notes, _ = settle(state, judge)
        assert state.champion is not None and state.champion.id == champion
        assert notes[0].data["promoted"] == (champion == "c1")
        state, _ = _promotion.claim(state, "c2", 2.0)
        state, _, _ = settle(state, judge)
        assert state.champion is not None and state.champion.id == "c2"


def test_an_evicted_champion_gives_way_to_the_one_before():
    state, _, _ = claims(lambda id, draw, index: hard(draw, index) + int(id[1:]), count=4)
    state, notes = _promotion.evict(state, {"c3", "c2"})
    assert state.champion is not None and state.champion.id == "c1"
    assert notes[0].data["candidate"] == "c1" and "stands again" in notes[0].text
    state, _ = _promotion.claim(state, "c9", 9.0)
    state, notes = _promotion.evict(state, {"c9"})
    assert state.contest is None and state.due == () and notes == ()


def test_with_one_fixed_instance_the_search_score_crowns():
    state, notes = _promotion.claim(Promotion(), "c7", 3.0)
    assert notes[0].data == {"candidate": "c7", "score": 3.0}
    assert _promotion.work(state) == (state, None)
