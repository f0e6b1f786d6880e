"""The parts of the watch, each by itself; and the one table of who may change what."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.core.statistics import paired_interval, robust_spread
from shoal.core.values import Brief, Proposal
from shoal.guard import (
    RULES,
    Approval,
    ApprovalGuard,
    ChangeClass,
    GapMonitor,
    Jumps,
    JumpSettings,
    Lineage,
    ScopeGuard,
    class_of,
)
from shoal.guard._lineage import CHUNK

BRIEF = Brief(k=1, parents=(), inspirations=(), payload=None)
OWN = {"initial.py": ChangeClass.TASK_CODE}


# -- jumps --------------------------------------------------------------------------------------------------------


def after(scores: list[float], settings: JumpSettings) -> Jumps:
    jumps = Jumps()
    for score in scores:
        jumps = jumps.took(score, settings)
    return jumps


def test_an_ordinary_step_is_no_jump_and_a_huge_one_is():
    settings = JumpSettings()
    jumps = after([0.1 * k for k in range(20)], settings)
    assert jumps.why(2.2, settings) == ""
    assert "is usual" in jumps.why(80.0, settings)
    assert jumps.why(1.0, settings) == "", "what is no improvement cannot be one that jumps"


def test_a_short_history_says_nothing_but_the_best_value_known_does():
    known = JumpSettings(best_known=10.0)
    jumps = after([0.0, 0.1], known)
    assert after([0.0, 0.1], JumpSettings()).why(1e6, JumpSettings()) == ""
    assert "beats the best value known" in jumps.why(10.5, known)
    assert "more than half of the way" in jumps.why(6.0, known)
    assert jumps.why(4.0, known) == ""


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50))
def test_the_best_and_the_first_are_remembered_and_the_state_stays_small(scores: list[float]):
    jumps = after(scores, JumpSettings(remembered=10))
    assert (jumps.best, jumps.first) == (max(scores), scores[0])
    assert len(jumps.logs) <= 10 and all(map(math.isfinite, jumps.logs))


# -- the gap ------------------------------------------------------------------------------------------------------


def heard(pairs: list[tuple[float, float]]) -> tuple[GapMonitor, list[str]]:
    monitor, said = GapMonitor(), []
    for searched, fresh in pairs:
        monitor, told = monitor.heard({"search_gain": searched, "gain": fresh})
        said += [told] if told else []
    return monitor, said


def test_gains_that_show_on_fresh_instances_raise_no_alarm():
    assert heard([(1.0, 0.8)] * 10) == (GapMonitor((1.0,) * 6, (0.8,) * 6), [])


def test_gains_that_do_not_show_raise_it_once_and_it_ends_when_they_do():
    monitor, said = heard([(1.0, 0.0)] * 8)
    assert monitor.alarmed and len(said) == 1 and "gained 3" in said[0]
    monitor, _ = monitor.heard({"search_gain": 1.0, "gain": 9.0})
    assert not monitor.alarmed


def test_a_contest_without_scores_says_nothing():
    assert GapMonitor().heard({"search_gain": 1.0}) == (GapMonitor(), "")


# -- lineage ------------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=3 * CHUNK), st.integers(0, 10**9))
def test_descendants_are_those_that_a_walk_over_all_births_finds(draws: list[int], pick: int):
    lineage, parents = Lineage(), {0: frozenset[int]()}
    lineage = lineage.born("c0", ())
    for k, draw in enumerate(draws, start=1):
        of = {draw % k, (draw // k) % k}
        parents[k] = frozenset(of)
        lineage = lineage.born(f"c{k}", tuple(f"c{one}" for one in of))
    start = pick % len(parents)
    found = {start}
    for k in sorted(parents):
        if parents[k] & found:
            found.add(k)
    assert lineage.descendants((f"c{start}",)) == {f"c{k}" for k in found}


# -- statistics ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [2, 3, 5, 12, 31, 40, 200])
def test_the_interval_is_students(count: int):
    from scipy import stats

    values = np.random.Generator(np.random.Philox(count)).normal(0.3, 1.0, count)
    found = paired_interval(values.tolist())
    wanted = stats.t.interval(0.95, count - 1, loc=values.mean(), scale=stats.sem(values))
    assert (found.low, found.high) == pytest.approx(wanted, rel=1e-3)
    assert found.mean == pytest.approx(values.mean()) and found.pairs == count


def test_one_pair_has_no_interval_and_no_pair_is_an_error():
    assert paired_interval([1.0]).low == -math.inf
    with pytest.raises(ValueError, match="at least one"):
        paired_interval([])


def test_one_outlier_moves_neither_middle_nor_spread():
    assert robust_spread([1.0, 2.0, 3.0, 4.0, 1e9]) == (3.0, 1.4826)


# -- approval -----------------------------------------------------------------------------------------------------


def refused(*names: str) -> str:
    verdict = ApprovalGuard(OWN).before(BRIEF, Proposal(files=dict.fromkeys(names, b"")))
    return "" if verdict.ok else verdict.reason


def test_a_candidate_may_write_its_own_files_and_no_other():
    assert refused("initial.py") == ""
    assert "judge (it decides the score): approval never" in refused("initial.py", "judge.py")
    assert "other files" in refused("helper.py")


@pytest.mark.parametrize(
    "name",
    [
        *("judge.py", "JUDGE.PY", "ｊudge.py", "data/table.csv", "task.toml", "public.py", "sub/judge.py"),
        *("src/shoal/sandbox/_jail.py", "shoal/core/loop.py", "x/shoal/guard/_approval.py", "conftest.py", "a.pth"),
        *("sitecustomize.py", "__pycache__/initial.pyc", "requirements.txt", "pyproject.toml", ".git/config", "STOP"),
        *("../initial.py", "/initial.py", "./initial.py", "a//b.py", "", "initial.py\0", "initial.py\u200b", "C:x.py"),
        *("sealed.salt", "run.db", "run.db-wal", "initial.so", "a\\b.py", "x" * 300, "initial.py\n"),
    ],
)
def test_everything_else_is_refused_with_its_class(name: str):
    assert refused(name)


def test_no_kernel_class_is_ever_approved_and_every_class_has_one_rule():
    assert sorted(rule.change for rule in RULES) == sorted(ChangeClass)
    kernel = (ChangeClass.JUDGE, ChangeClass.SANDBOX, ChangeClass.BUDGET, ChangeClass.APPROVAL, ChangeClass.KERNEL)
    assert {rule.approval for rule in RULES if rule.change in kernel} == {Approval.NEVER}
    assert class_of("shoal/search/_policy.py").approval is Approval.BOUNDED


def test_the_scope_guard_compares_hashes_and_refuses_what_no_editor_saw():
    guard, files = ScopeGuard("abc"), {"initial.py": b""}
    assert guard.before(BRIEF, Proposal(files=files, details={"frozen": "abc"})).ok
    assert "changed" in guard.before(BRIEF, Proposal(files=files, details={"frozen": "abd"})).reason
    for details in (None, {}, {"frozen": None}, "abc"):
        assert "not checked" in guard.before(BRIEF, Proposal(files=files, details=details)).reason
    assert guard.before(BRIEF, Proposal(files=None)).ok
