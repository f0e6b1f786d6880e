"""Lessons: what makes them surer, what refutes them, what drops them; and how the island search asks for them."""

import dataclasses
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shoal.core.canonical import canonical
from shoal.core.events import MAX_EVENT_BYTES
from shoal.core.protocols import Plan
from shoal.core.untrusted import untrusted
from shoal.core.values import (
    Answer,
    Ask,
    Brief,
    CandidateId,
    Counted,
    Json,
    Outcome,
    Proposal,
    Propose,
    Result,
    Source,
    Split,
    Status,
    Trial,
)
from shoal.propose._lessons import counted
from shoal.search import IslandSearch, ModelArm, Settings, _lessons, _lessons_seen
from shoal.search._lessons import BEST, COUNTED, FLOOR, KEPT, MOST, MOST_SAID, Lesson, Prediction
from shoal.search._lessons_seen import FAILURES, Best, Memory, Seen
from shoal.store import SqlStore
from tests.core.toys import events_of, replayed, same
from tests.search import toys
from tests.search.watched import Checked, finished, leaves

SHARES = st.floats(0.01, 0.99)
PREDICTIONS = st.builds(
    Prediction, arm=st.sampled_from(["", "a/diff", "numbers"]), event=st.just("improved"), share=SHARES, usual=SHARES
)
LESSONS = st.builds(
    Lesson,
    key=st.sampled_from("abcdefghij"),
    claim=st.text(alphabet="xyz ", min_size=1, max_size=8),
    evidence=st.lists(st.sampled_from(["c1", "c2", "k3"]), min_size=1, max_size=3).map(tuple),
    confidence=st.floats(0.0, MOST),
    expires=st.integers(0, 40),
    by=st.sampled_from([COUNTED, "tiny"]),
    prediction=st.none() | PREDICTIONS,
)
WEIGHTS = Prediction("a/diff", "improved", share=0.4, usual=0.1)


def lesson(**more: Any) -> Lesson:
    return Lesson(
        **{"key": "k", "claim": "A.", "evidence": ("c1",), "confidence": 0.6, "expires": 99, "by": COUNTED, **more}
    )


# -- the rules --------------------------------------------------------------------------------------------------------


@given(st.lists(st.lists(LESSONS, max_size=6) | st.tuples(st.sampled_from(["a/diff", "numbers"]), st.booleans())))
def test_whatever_happens_few_sure_lessons_are_kept_surest_first(story: list[Any]) -> None:
    kept: tuple[Lesson, ...] = ()
    for tries, step in enumerate(story):
        if isinstance(step, list):
            kept = _lessons.taken(kept, step, tries=tries)
        else:
            kept = _lessons.tried(kept, step[0], ("improved",) if step[1] else (), tries=tries)
        sure = [one.confidence for one in kept]
        assert len(kept) <= KEPT
        assert sure == sorted(sure, reverse=True)
        assert all(FLOOR <= one <= MOST for one in sure)
        assert all(one.expires > tries for one in kept)


@given(PREDICTIONS, st.floats(0.31, 0.9))
def test_what_fits_makes_surer_and_what_contradicts_less_sure(told: Prediction, before: float) -> None:
    arm = told.arm or "anything"
    fits = _lessons.tried(
        (lesson(prediction=told, confidence=before),), arm, ("improved",) if told.often else (), tries=1
    )
    against = _lessons.tried(
        (lesson(prediction=told, confidence=before),), arm, () if told.often else ("improved",), tries=1
    )
    assert fits and fits[0].confidence >= before - 1e-12
    assert not against or against[0].confidence <= before + 1e-12


@given(PREDICTIONS, st.lists(st.booleans(), max_size=30))
def test_results_count_alike_one_by_one_and_together(told: Prediction, results: list[bool]) -> None:
    stepwise = 0.5
    for happened in results:
        stepwise = told.confidence(int(happened), 1, before=stepwise)
        if stepwise in (0.0, MOST):
            return  # at the border, what came before is forgotten
    assert stepwise == pytest.approx(told.confidence(sum(results), len(results)), abs=1e-9)


def test_the_odds_are_multiplied_by_the_likelihood_ratio() -> None:
    sure = WEIGHTS.confidence(1, 3, before=0.5)
    assert sure / (1 - sure) == pytest.approx((0.4 / 0.1) * (0.6 / 0.9) ** 2)


def test_another_arm_says_nothing_about_a_lesson() -> None:
    told = (lesson(prediction=WEIGHTS),)
    assert _lessons.tried(told, "a/full", ("improved",), tries=1) == told


def test_standstill_is_refuted_by_the_next_best() -> None:
    told = (lesson(prediction=Prediction("", BEST, 0.0, 0.01)),)
    assert _lessons.tried(told, "numbers", ("no gain",), tries=1)[0].confidence > 0.6
    assert _lessons.tried(told, "numbers", ("improved", BEST), tries=1) == ()


def test_the_same_claim_again_is_surer_and_stands_longer() -> None:
    (again,) = _lessons.taken((lesson(),), (lesson(claim="A, now 3 times.", evidence=("c9",), expires=200),), tries=9)
    assert 0.6 < again.confidence < 1.0
    assert (again.claim, again.evidence, again.expires) == ("A, now 3 times.", ("c9",), 200)


def test_a_model_says_the_same_in_almost_the_same_words() -> None:
    first = lesson(by="tiny", key="x", claim="Weights near 0.5 do best on these points.")
    second = lesson(by="tiny", key="y", claim="weights near 0.5 do best on these points", evidence=("c7",))
    (again,) = _lessons.taken((first,), (second,), tries=1)
    assert again.evidence == ("c1", "c7")
    assert len(_lessons.taken((first,), (dataclasses.replace(second, claim="Sort the points first."),), tries=1)) == 2


@given(st.floats(FLOOR, MOST_SAID), st.integers(1, 60))
def test_no_repetition_makes_a_models_word_surer_than_its_limit(begins: float, times: int) -> None:
    said = lesson(by="tiny", confidence=begins)
    kept: tuple[Lesson, ...] = ()
    for _ in range(times):
        kept = _lessons.taken(kept, (said,), tries=1)
    assert kept[0].confidence <= MOST_SAID + 1e-12


def test_a_model_cannot_talk_down_what_results_said() -> None:
    said = lesson(by="tiny", confidence=0.8, prediction=WEIGHTS)
    kept: tuple[Lesson, ...] = (said,)
    for _ in range(3):
        kept = _lessons.tried(kept, "a/diff", ("no gain",), tries=1)
    lowered = kept[0].confidence
    assert lowered < 0.8
    for again in (said, dataclasses.replace(said, prediction=None)):
        kept = _lessons.taken(kept, (again,), tries=2)
        assert (kept[0].confidence, kept[0].prediction) == (lowered, WEIGHTS)


def test_the_opposite_claim_takes_a_lessons_place() -> None:
    seldom = lesson(confidence=0.7, claim="Not A.", prediction=Prediction("a/diff", "improved", 0.02, 0.1))
    assert _lessons.taken((lesson(confidence=0.9, prediction=WEIGHTS),), (seldom,), tries=1) == (seldom,)


def test_a_lesson_ends() -> None:
    assert _lessons.tried((lesson(expires=50),), "numbers", (), tries=49)
    assert not _lessons.tried((lesson(expires=50),), "numbers", (), tries=50)


def test_what_rests_on_a_cheat_goes_with_it() -> None:
    mine, other = lesson(evidence=("c1", "c2")), lesson(key="o", evidence=("c3",))
    assert _lessons.evict((mine, other), {"c2"}) == (other,)


# -- in the search ----------------------------------------------------------------------------------------------------

POOL = (ModelArm("tiny", most=Counted(tokens=500)),)
MODELLED = Settings(capacity=6, models=POOL, lessons_every=20)


class Mind(toys.Editor):
    """A model: a jitter for a diff, another name for all else; one in three answers cannot be used."""

    async def propose(self, brief: Brief, rng: np.random.Generator) -> Proposal:
        if rng.random() < 1 / 3:
            return Proposal(None, note="no such text", details={"retry": "no such text"}, counted=Counted(tokens=100))
        operator = "jitter" if brief.payload["task"] == "diff" else "assign"
        told = dataclasses.replace(brief, payload={**brief.payload, "operator": operator})
        return dataclasses.replace(await super().propose(told, rng), counted=Counted(tokens=100))


class Counter:
    """Lessons by counting."""

    async def answer(
        self, payload: Json, sources: Callable[[CandidateId], Source], rng: np.random.Generator, *, k: int
    ) -> Answer:
        return Answer({"lessons": counted(payload, lambda id, parent: sources(id).candidate.note)})


def plan_of(search: Any) -> Plan[Any]:
    plan = toys.plan_of(search)
    return dataclasses.replace(
        plan, proposers={**plan.proposers, "model": Mind()}, services={**plan.services, "lessons": Counter()}
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = SqlStore(tmp_path / "run.db")
    yield store
    store.close()


def works(store: SqlStore, kind: str) -> list[dict[str, Any]]:
    return [
        one.data["work"] for one in events_of(store) if one.data["type"] == "issued" and one.data["work"]["do"] == kind
    ]


def notes(store: SqlStore) -> list[dict[str, Any]]:
    return [one.data for one in events_of(store) if one.data["type"] == "note" and one.data["kind"] == "lessons"]


def test_lessons_are_asked_for_kept_told_and_put_on_record(store: SqlStore) -> None:
    search = IslandSearch(dataclasses.replace(MODELLED, lessons_every=10, arms=()))
    _, states, _ = finished(plan_of(Checked(search)), store, evaluations=70)
    asks = [one for one in works(store, "ask") if one["service"] == "lessons"]
    assert len(asks) >= 70 // 10 - 2
    told = [one["payload"]["lessons"] for one in works(store, "propose") if "lessons" in one["payload"]]
    assert any("diffs by tiny could not be applied" in line for lines in told for line in lines)
    assert notes(store)[-1]["data"]["lessons"]
    assert states[-1].lessons.lessons


def test_folding_the_log_gives_the_live_state(store: SqlStore) -> None:
    search = IslandSearch(MODELLED)
    report, states, _ = finished(plan_of(search), store, evaluations=120)
    course = replayed(search, events_of(store))
    assert same(course.state, states[-1])
    assert course.digest() == report.digest


def test_what_is_remembered_does_not_grow_with_the_run(store: SqlStore) -> None:
    _, states, _ = finished(plan_of(IslandSearch(MODELLED)), store, evaluations=400)
    memory = states[-1].lessons
    assert memory.tries > 300
    assert all(len(seen) <= _lessons_seen.PER_ARM for _, seen in memory.arms)
    assert len(list(leaves(memory))) < 8 * 3 * _lessons_seen.PER_ARM


def test_switched_off_nothing_is_asked_remembered_or_told(store: SqlStore) -> None:
    _, states, _ = finished(
        plan_of(IslandSearch(dataclasses.replace(MODELLED, lessons_every=0))), store, evaluations=90
    )
    assert all(one["service"] != "lessons" for one in works(store, "ask"))
    assert states[-1].lessons == Memory()


def test_without_models_there_are_no_lessons(store: SqlStore) -> None:
    _, states, _ = finished(toys.plan_of(IslandSearch(Settings(lessons_every=5))), store, evaluations=60)
    assert states[-1].lessons == Memory()


def state_with(memory: Memory) -> Any:
    return dataclasses.replace(IslandSearch(MODELLED).initial(), lessons=memory)


def test_a_writing_model_is_held_at_its_worst_and_given_up_before_the_others() -> None:
    by_model = dataclasses.replace(MODELLED, lessons_by="tiny")
    search = IslandSearch(by_model)
    state = state_with(Memory(since=20))
    asked = _lessons_seen.due(state, by_model, POOL[0].most)
    assert asked is not None and asked[1].most == POOL[0].most and asked[1].payload["model"] == "tiny"
    assert _lessons_seen.due(asked[0], by_model, POOL[0].most) is None, "one question at a time"
    cheaper = search.without_paid_work(state)
    assert cheaper is not None and cheaper.paid
    counted_only = _lessons_seen.due(cheaper, by_model, POOL[0].most)
    assert counted_only is not None and counted_only[1].most == Counted() and "model" not in counted_only[1].payload
    unpaid = search.without_paid_work(cheaper)
    assert unpaid is not None and not unpaid.paid
    assert _lessons_seen.due(unpaid, by_model, POOL[0].most) is None, "nobody is left to be told"
    assert search.with_paid_work(unpaid).lessons.by_model


def test_an_answer_that_rests_on_a_cheat_is_not_taken_up() -> None:
    memory = _lessons_seen.evict(Memory(waiting=True, recent=(("tiny/diff", Seen("c4", "improved")),)), {"c4"})
    assert memory.recent == ()
    told = {"key": "k", "claim": "A.", "evidence": ["c4"], "confidence": 0.9, "by": COUNTED, "prediction": None}
    state, said = _lessons_seen.answered(state_with(memory), Result(Status.OK, answer={"lessons": [told]}), MODELLED)
    assert (state.lessons.lessons, said, state.lessons.waiting) == ((), (), False)
    state, said = _lessons_seen.answered(
        dataclasses.replace(state, lessons=dataclasses.replace(state.lessons, waiting=True)),
        Result(Status.OK, answer={"lessons": [told]}),
        MODELLED,
    )
    assert len(state.lessons.lessons) == len(said) == 1


@settings(max_examples=12, deadline=None)
@given(st.text(min_size=1, max_size=40))
@example("\U0010ffff")
@example("\x1b")
@example("\\")
def test_the_largest_question_and_what_is_told_fit_into_an_event(text: str) -> None:
    trial = Trial(Split.SEARCH, (0,))
    work = Propose("model", ("c0",), (), {"operator": "m/diff", "island": 0, "model": "m", "task": "diff"}, trial)
    nasty = (text * (1 + 4_000 // len(text)))[:4_000]
    outcomes = [Outcome(trial, Status(one), None, feedback=nasty) for one in FAILURES]
    seen = [_lessons_seen._seen(10**9, work, Result(one.status, outcome=one), improved=False) for one in outcomes] * (
        _lessons_seen.PER_ARM // len(outcomes)
    )
    claim = untrusted(text * 320, limit=_lessons.CLAIM)
    memory = Memory(
        lessons=tuple(lesson(key=str(n), claim=claim, by="m" * 40, evidence=("c1000000000",) * 6) for n in range(KEPT)),
        arms=tuple((f"{'m' * 38}{n:02}/diff", tuple(seen)) for n in range(14)),
        recent=tuple(("m" * 45, one) for one in seen[: _lessons_seen.RECENT]),
        bests=(Best("c1", "c0", "m" * 45, math.pi, 1, 1),) * 3,
        since=99,
    )
    by_model = dataclasses.replace(MODELLED, lessons_by="tiny")
    asked = _lessons_seen.due(state_with(memory), by_model, Counted())
    assert asked is not None and isinstance(asked[1], Ask)
    assert len(canonical(asked[1])) < MAX_EVENT_BYTES - 1_000
    assert len(canonical(_lessons.lines(memory.lessons))) < MAX_EVENT_BYTES / 2
