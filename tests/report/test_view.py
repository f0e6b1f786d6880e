"""The fold over a log says what the run itself said, and nothing it did not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.core.budget import Budget
from shoal.core.course import Course
from shoal.core.errors import StoreError, UserError
from shoal.core.loop import restore
from shoal.core.values import Status
from shoal.report import RunView, Stretch, Verdict, digest_of, events_of, results, stretches
from shoal.report._view import Known, Step

from .conftest import Climb, ToyRun, go


def test_totals_and_digest_are_those_of_the_run(toy) -> None:
    run = toy(evaluations=80)
    view = RunView.read(run.store, run.id, hashed=True)
    assert view.digest == run.report.digest == view.recorded_digest
    assert view.chain_head == run.report.chain_head
    assert (view.spent.counted, view.spent.proposals) == (run.report.spent.counted, run.report.spent.proposals)
    assert (view.issued, view.admitted) == (run.report.issued, run.report.admitted)
    assert (view.status, view.reason) == ("done", run.report.reason)


def test_an_unordered_log_folds_to_the_same_digest(toy) -> None:
    run = toy(evaluations=40, ordered=False)
    view = RunView.read(run.store, run.id, hashed=True)
    assert view.digest == run.report.digest
    assert view.spent.counted == run.report.spent.counted


def test_the_fold_agrees_with_the_course_that_took_the_decisions(toy) -> None:
    run = toy(evaluations=60, validation=True)
    view = RunView.read(run.store, run.id)
    events = events_of(run.store, run.id)
    first = next(events)
    course = Course(Climb(validation=True), seed=1, window=1, ordered=True, budget=Budget(evaluations=60))
    restore(course, events, last=first)
    assert set(view.candidates) == set(course.candidates)
    for id, outcome in course.outcomes.items():
        assert view.candidates[id].score == outcome.score
        assert view.candidates[id].parents == course.candidates[id].parents
    assert course.state.best is not None and course.state.best[0] == view.champion


def test_each_proposal_is_counted_once(toy) -> None:
    run = toy(evaluations=60)
    view = RunView.read(run.store, run.id)
    rows = view.operators.values()
    assert sum(row.tried for row in rows) == view.spent.proposals == sum(view.statuses.values())
    assert view.statuses["rejected"] == sum(row.rejected for row in rows)
    assert 0 < view.duplicates <= view.statuses["rejected"]
    assert sum(row.failed for row in rows) == view.statuses["crash"] == 1


def test_the_curve_rises_to_the_champion(toy) -> None:
    view = RunView.read((run := toy()).store, run.id)
    scores = [point.score for point in view.curve]
    assert scores == sorted(set(scores)) and len(scores) > 3
    assert view.curve[0].candidate == view.initial and view.curve[-1].candidate == view.champion
    evaluations = [point.evaluations for point in view.curve]
    assert evaluations == sorted(evaluations) and evaluations[0] == 1 and evaluations[-1] <= 60


def test_the_gains_of_operators_add_up_to_the_improvement(toy) -> None:
    view = RunView.read((run := toy()).store, run.id)
    assert view.improvement is not None and view.improvement > 0
    assert sum(row.gain for row in view.operators.values()) == pytest.approx(view.improvement)
    assert sum(row.steps for row in view.operators.values()) == len(view.lineage(view.champion)) - 1


def test_scores_of_the_view_are_natural_values(toy) -> None:
    view = RunView.read((run := toy()).store, run.id)
    assert view.initial_score == 3.0  # a distance, lower is better
    assert view.best_score is not None and 0 <= view.best_score < 3.0
    assert view.best_score == view.search_score == -view.curve[-1].score


def test_validation_is_compared_with_validation(toy) -> None:
    view = RunView.read((run := toy(validation=True)).store, run.id)
    assert view.initial_score == 2.5
    assert view.champion in view.validation
    assert view.best_score == -view.validation[view.champion] != view.search_score


def test_with_contests_the_curve_is_that_of_champions_on_fresh_instances(toy) -> None:
    run = toy(about={"fixed": False})
    view = RunView.read(run.store, run.id)
    crowned = [point.candidate for point in view.curve]
    assert crowned == list(view.champions) and crowned[0] == view.initial and len(crowned) > 3
    for id, score in ((crowned[0], -7.0), (crowned[1], -9.0)):
        outcome = {"score": score, "per_instance": []}
        run.add("look", checkpoint=f"once champion, {id}", candidate=id, split="validation", outcome=outcome)
    after = RunView.read(run.store, run.id)
    assert [point.score for point in after.curve[:2]] == [-7.0, -9.0], "as the fresh instances say, down too"
    assert [point.score for point in after.curve[2:]] == [point.score for point in view.curve[2:]]


def test_an_interrupted_run_can_be_read(toy) -> None:
    run = toy(stop_after=12)
    view = RunView.read(run.store, run.id, hashed=True)
    assert (view.status, view.recorded_digest) == ("open", None)
    assert view.digest == run.report.digest and view.admitted == 12


def test_a_run_gone_on_with_is_one_run(toy) -> None:
    run = toy(evaluations=60)
    report = go(run.folder, run.store, evaluations=90)
    view = RunView.read(run.store, run.id, hashed=True)
    assert (view.sittings, view.extensions) == (2, 1)
    assert view.spent.counted.evaluations == 90 and view.budget["evaluations"] == 90
    assert view.digest == report.digest


def test_looks_give_sealed_score_and_hack_gap(toy) -> None:
    run = toy(about={"fixed": False})
    view = RunView.read(run.store, run.id)
    assert view.hack_gap is None
    for split, score in (("sealed", -0.75), ("search", -0.5)):
        run.add("look", checkpoint="champion", candidate=view.champion, split=split, outcome={"score": score})
    view = RunView.read(run.store, run.id)
    assert view.looked(view.champion, "sealed") == 0.75
    assert view.search_score is not None and view.hack_gap == pytest.approx(0.5 - view.search_score)
    assert (view.hack_gap or 0.0) > 0  # search said it was better than fresh instances do


@pytest.mark.parametrize(("worse", "verdict"), [(0.0, Verdict.SHOWN), (-0.5, Verdict.SHOWN), (0.5, Verdict.NOT_SHOWN)])
def test_on_one_fixed_instance_a_gain_is_shown_by_a_second_run_that_is_as_good(
    toy, worse: float, verdict: Verdict
) -> None:
    run = toy()
    view = RunView.read(run.store, run.id)
    assert view.verdict is Verdict.OPEN and view.search_score is not None
    score = -(view.search_score + worse)
    run.add("look", checkpoint="champion", candidate=view.champion, split="search", outcome={"score": score})
    assert RunView.read(run.store, run.id).verdict is verdict


@pytest.mark.parametrize("fixed", [True, False])
def test_where_the_first_program_is_the_best_nothing_improved(toy, fixed: bool) -> None:
    run = toy(evaluations=1, about={"fixed": fixed})
    assert RunView.read(run.store, run.id).verdict is Verdict.NONE


def test_on_sealed_instances_the_interval_decides_and_one_pair_has_none(toy) -> None:
    run = toy(about={"fixed": False})
    view = RunView.read(run.store, run.id)
    assert view.verdict is Verdict.OPEN
    for checkpoint, candidate, values in (("initial", view.initial, [9.0]), ("champion", view.champion, [1.0])):
        look(run, checkpoint, candidate, values)
    one = results(RunView.read(run.store, run.id))
    assert one["verdict"] == Verdict.NOT_SHOWN and (one["sealed_gain"], one["sealed_gain_low"]) == (8.0, None)
    for checkpoint, candidate, values in (
        ("initial", view.initial, [9.0, 8.0]),
        ("champion", view.champion, [1.0, 0.5]),
    ):
        look(run, checkpoint, candidate, values)
    two = results(RunView.read(run.store, run.id))
    assert two["verdict"] == Verdict.SHOWN and two["sealed_gain"] == 7.75 and two["looks"] == 4
    assert two["sealed_gain_low"] is not None and 0.0 < two["sealed_gain_low"] < 7.75


def look(run: ToyRun, checkpoint: str, candidate: str | None, values: list[float]) -> None:
    """A look at sealed instances, as the log has it."""
    found = [{"index": index, "value": value} for index, value in enumerate(values)]
    outcome = {"score": -sum(values) / len(values), "per_instance": found}
    run.add("look", checkpoint=checkpoint, candidate=candidate, split="sealed", outcome=outcome)


def test_closed_is_the_last_word(toy) -> None:
    run = toy(stop_after=5)
    run.add("closed", summary={"status": "interrupted", "reason": "interrupted", "best_score": 1.0})
    view = RunView.read(run.store, run.id)
    assert (view.status, view.summary["best_score"]) == ("interrupted", 1.0)


def test_candidates_are_found_by_id_number_and_role(toy) -> None:
    view = RunView.read((run := toy()).store, run.id)
    assert view.find("best").id == view.champion
    assert view.find("initial").id == view.find("0").id == view.find("c0").id == "c0"
    with pytest.raises(UserError, match="no candidate 'c99999' in run"):
        view.find("c99999")


def test_a_diff_is_against_the_parent_or_another(toy) -> None:
    view = RunView.read((run := toy()).store, run.id)
    assert view.champion is not None
    parent = view.candidates[view.champion].parents[0]
    diff = view.diff(run.store, view.champion)
    assert diff.startswith(f"--- {parent}/initial.py\n+++ {view.champion}/initial.py\n") and "\n-x = " in diff
    assert "\n-x = 0.0\n+x = " in view.diff(run.store, view.champion, against="c0")
    assert view.diff(run.store, view.champion, against=view.champion) == ""
    assert "+x = 0.0" in view.diff(run.store, "c0")


def test_the_digest_of_a_beginning_does_not_depend_on_the_rest(toy) -> None:
    short, long = toy(evaluations=30), toy(evaluations=60)
    items = short.report.admitted - 1  # the last one may be held back at the budget's end
    assert digest_of(short.store, short.id, upto=items) == digest_of(long.store, long.id, upto=items)
    assert digest_of(long.store, long.id) == (long.report.digest, long.report.admitted)


def test_what_is_not_a_run_is_refused(toy) -> None:
    run = toy(evaluations=5)
    with pytest.raises(StoreError, match="does not begin"):
        RunView.read(run.store, "another")
    run.add("result", k=4_000, result={}, seconds=0.0, cpu_seconds=0.0)
    with pytest.raises(StoreError, match="4000, which is not in flight"):
        RunView.read(run.store, run.id)


def _lineage(gains: list[float], operators: list[str]) -> list[Step]:
    score, steps = 0.0, []
    for i, (gain, operator) in enumerate(zip(gains, operators, strict=True)):
        score += gain
        known = Known(
            f"c{i}", i, (f"c{i - 1}",) if i else (), operator, f"edit {i}", Status.OK, score, gain if i else None, {}
        )
        steps.append(Step(known, gain if i else None))
    return steps


@given(st.lists(st.tuples(st.floats(-1, 5), st.sampled_from("abc")), min_size=1, max_size=80), st.integers(3, 20))
def test_a_shortened_lineage_keeps_its_ends_and_its_sum(steps: list[tuple[float, str]], most: int) -> None:
    lineage = _lineage([gain for gain, _ in steps], [operator for _, operator in steps])
    rows: list[Stretch] = stretches(lineage, most=most)
    assert len(rows) <= most
    assert rows[-1].last is lineage[-1].candidate
    assert sum(row.steps for row in rows) == len(lineage)
    total = sum(step.gain or 0.0 for step in lineage)
    assert sum(row.gain or 0.0 for row in rows) == pytest.approx(total, abs=1e-9)
