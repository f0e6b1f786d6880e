"""The search over a tree of agents: its rules as arithmetic, and through the real loop."""

import dataclasses
import itertools
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.core.budget import Budget
from shoal.core.course import Admitted, Course
from shoal.core.values import (
    Brief,
    Candidate,
    Counted,
    Files,
    InstanceResult,
    Measure,
    Outcome,
    Proposal,
    Propose,
    Result,
    Split,
    Status,
    Trial,
)
from shoal.guard import JumpSettings, WatchedSearch
from shoal.search import TREE_RULES, TreeRow, TreeSearch, clade_credit, rows_of
from shoal.search import _tree_rules as rules
from shoal.search._tree_rules import Node
from shoal.store import SqlStore
from tests.core.toys import cut, drive, events_of, of_type, replayed, same
from tests.search import toy_agents as toys
from tests.search.toy_agents import plan_of
from tests.search.watched import Checked

STAGES = (5, 10, 25)
ROWS = st.lists(st.tuples(st.integers(0, 30), st.floats(0, 9), st.integers(9, 20)), min_size=1, max_size=30)


def tree(rule: str, **more: Any) -> TreeSearch:
    settings = {"tasks": 40, "stages": STAGES, "proposer": "self", "steps": 2, "score_tasks": 3, "validation": 10}
    return TreeSearch(rule=rule, **{**settings, **more})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = SqlStore(tmp_path / "run.db")
    yield store
    store.close()


def go(plan: Any, store: SqlStore, *, evaluations: int = 600, window: int = 4, seed: int = 1) -> tuple[Any, Any, Any]:
    """Report, states after each admission, admissions."""
    states: list[Any] = []
    steps: list[Admitted] = []

    def watch(course: Course[Any], step: Admitted) -> None:
        states.append(course.state)
        steps.append(step)

    enough = (lambda step: "it would go on for ever" if step.k == 6_000 else None,)
    budget = Budget(evaluations=evaluations)
    report = drive(plan, store, budget=budget, window=window, seed=seed, watch=watch, stops=enough)
    return report, states, steps


def measured(steps: Sequence[Admitted]) -> dict[str, list[int]]:
    """The search tasks that each candidate was measured on, in order."""
    met: dict[str, list[int]] = {}
    for step in steps:
        if step.result.outcome is None or step.result.outcome.trial.split is not Split.SEARCH:
            continue
        id = step.work.trial.candidate if isinstance(step.work, Measure) else step.result.candidate.id  # type: ignore[union-attr]
        met.setdefault(str(id), []).extend(step.result.outcome.trial.instances)
    return met


def node(id: str, solved: int, tried: int, *, parent: str | None = None, **more: Any) -> Node:
    made = Node(id, parent, id, **{"scored": True, "settled": True, **more})
    return made.with_values((1.0,) * solved + (0.0,) * (tried - solved))


# -- the rules --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("solved", "tried", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (8, 10, 0.4902, 0.9433), (15, 15, 0.7961, 1.0), (0, 0, 0.0, 1.0)],
)
def test_the_interval_of_a_rate_is_that_of_the_tables(solved: int, tried: int, low: float, high: float) -> None:
    assert rules.wilson(solved, tried) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 200), st.data())
def test_the_interval_of_a_rate_holds_it(tried: int, data: Any) -> None:
    solved = data.draw(st.integers(0, tried))
    low, high = rules.wilson(solved, tried)
    assert 0.0 <= low <= solved / tried + 1e-12
    assert solved / tried - 1e-12 <= high <= 1.0
    assert rules.wilson(tried - solved, tried) == pytest.approx((1 - high, 1 - low))


@pytest.mark.parametrize(
    ("accuracy", "children", "weight"), [(0.5, 0, 0.5), (0.8, 2, 0.95257413 / 3), (0.2, 1, 0.04742587 / 2)]
)
def test_a_weight_grows_with_accuracy_and_falls_with_children(accuracy: float, children: int, weight: float) -> None:
    assert rules.dgm_weight(accuracy, children) == pytest.approx(weight)


def test_parents_are_drawn_by_their_weights() -> None:
    nodes = [node("a", 12, 20), node("b", 8, 20, children=1), node("c", 10, 20, children=3)]
    rng = np.random.default_rng(1)
    drawn = Counter(rules.choose_parent("dgm", nodes, nodes, rng).id for _ in range(4_000))
    weights = [1 / (1 + math.exp(-1)), 1 / (1 + math.exp(1)) / 2, 0.5 / 4]
    for one, weight in zip("abc", weights, strict=True):
        assert drawn[one] / 4_000 == pytest.approx(weight / sum(weights), abs=0.03)


@given(ROWS)
def test_a_clade_is_a_node_and_all_that_come_from_it(drawn: Any) -> None:
    rows = [
        TreeRow(f"c{i}", f"c{up % i}" if i and up else None, solved, tried)
        for i, (up, solved, tried) in enumerate(drawn)
    ]
    credit = clade_credit(reversed(rows))
    for row in rows:
        clade = {row.id}
        for other in rows:  # parents first
            clade |= {other.id} if other.parent in clade else set()
        ones = [other for other in rows if other.id in clade]
        assert credit[row.id].nodes == len(ones)
        assert credit[row.id].tried == sum(one.tried for one in ones)
        assert credit[row.id].solved == pytest.approx(sum(one.solved for one in ones))


def test_thompson_sampling_prefers_what_succeeds_and_tries_what_is_unknown() -> None:
    rng = np.random.default_rng(1)
    drawn = Counter(rules.thompson([(30, 40), (10, 40), (0, 0)], rng) for _ in range(2_000))
    assert drawn[0] > drawn[2] > drawn[1]
    assert drawn[2] / 2_000 == pytest.approx(1 / 4, abs=0.05)  # a uniform draw is above 0.75


def test_the_parent_by_hgm_is_who_has_the_best_descendants() -> None:
    nodes = [node("r", 2, 40), node("a", 20, 40, parent="r"), node("b", 10, 40, parent="r")]
    nodes += [node(f"b{i}", 39, 40, parent="b") for i in range(3)]
    drawn = Counter(rules.choose_parent("hgm", nodes, nodes[1:3], np.random.default_rng(1)).id for _ in range(200))
    assert drawn["b"] > 180


@given(st.lists(st.integers(0, 20), min_size=1, max_size=12))
def test_the_line_goes_on_from_the_newest_that_may_be_the_best(solved: list[int]) -> None:
    nodes = [node(f"c{i}", one, 20) for i, one in enumerate(solved)]
    chosen = rules.choose_parent("sica", nodes, nodes, np.random.default_rng(0))
    low = rules.wilson(max(solved), 20)[0]
    assert chosen.mean >= low
    assert all(later.mean < low for later in nodes[nodes.index(chosen) + 1 :])


def test_greedy_takes_the_best_and_equals_take_turns() -> None:
    nodes = [node("a", 5, 10, children=2), node("b", 7, 10, children=2), node("c", 7, 10, children=1)]
    assert rules.choose_parent("greedy", nodes, nodes, np.random.default_rng(0)).id == "c"


def test_greedy_passes_over_who_makes_no_children_any_more() -> None:
    barren = [node("a", 5, 10, children=1), node("b", 7, 10, parent="a", children=rules.BARREN)]
    assert rules.choose_parent("greedy", barren, barren, np.random.default_rng(0)).id == "a"
    nodes = [*barren, node("c", 6, 10, parent="b")]
    assert rules.choose_parent("greedy", nodes, nodes, np.random.default_rng(0)).id == "b"
    alone = barren[1:]
    assert rules.choose_parent("greedy", alone, alone, np.random.default_rng(0)).id == "b"


def test_a_child_is_clearly_below_only_on_tasks_that_its_parent_met() -> None:
    parent = Node("p", None, "p", (1.0,) * 10 + (0.0,) * 10)
    assert rules.clearly_below(node("c", 3, 10), parent)
    assert not rules.clearly_below(node("c", 10, 20), parent)
    assert not rules.clearly_below(node("c", 0, 0), parent)
    assert not rules.clearly_below(Node("c", "p", "c", (None,) * 10), parent)


def test_no_branch_crowds_out_the_others() -> None:
    nodes = [node("r", 1, 10), node("a", 2, 10, parent="r"), node("b", 3, 10, parent="r")]
    nodes += [node(f"b{i}", 3, 10, parent=f"b{i - 1}" if i else "b") for i in range(7)]
    assert rules.within_share(nodes, nodes, 0.8) == nodes, "too few to say anything"
    nodes.append(node("b7", 3, 10, parent="b6"))
    assert [one.id for one in rules.within_share(nodes, nodes, 0.8)] == ["r", "a"]
    assert rules.within_share(nodes, nodes, 0.95) == nodes
    assert rules.within_share(nodes, nodes[2:], 0.8) == nodes[2:], "nobody else is left"


def test_what_solves_the_same_tasks_has_one_chance() -> None:
    same_ones = [node(f"c{i}", 4, 10) for i in range(5)]
    other, young = node("d", 3, 10), [node("e", 1, 2), node("f", 1, 2)]
    rng = np.random.default_rng(1)
    drawn = [rules.one_of_each([*same_ones, other, *young], 10, rng) for _ in range(50)]
    assert all([one.id for one in ones[1:]] == ["d", "e", "f"] for ones in drawn)
    assert {ones[0].id for ones in drawn} == {one.id for one in same_ones}


# -- all rules, through the loop --------------------------------------------------------------------------------------


@pytest.mark.parametrize("window", [1, 8])
@pytest.mark.parametrize("rule", TREE_RULES)
def test_every_rule_climbs(rule: str, window: int, store: SqlStore) -> None:
    report, states, _ = go(plan_of(tree(rule)), store, evaluations=4_000, window=window)
    assert report.reason == "budget: evaluations 4000"
    assert report.spent.counted.evaluations <= 4_000
    assert toys.champion_of(store)[1]["skill"] > toys.FIRST["skill"] + 0.05
    ids = {note["data"]["candidate"] for note in of_type(events_of(store), "note") if note["kind"] == "node"}
    assert {one.id for one in states[-1].nodes if one.settled} <= ids


@pytest.mark.parametrize("rule", TREE_RULES)
def test_a_tree_search_is_pure_and_its_state_plain(rule: str, store: SqlStore) -> None:
    report, states, _ = go(plan_of(Checked(tree(rule))), store, evaluations=250)
    assert 0 < report.spent.counted.evaluations <= 250
    course = replayed(tree(rule), events_of(store))
    assert same(course.state, states[-1])
    assert course.digest() == report.digest


@pytest.mark.parametrize("rule", TREE_RULES)
def test_a_run_that_was_cut_off_comes_to_the_same(rule: str, store: SqlStore, tmp_path: Path) -> None:
    whole, _, _ = go(plan_of(tree(rule)), store, evaluations=400)
    events = events_of(store)
    for end in (2, len(events) // 3, len(events) - 3):
        again = cut(store, tmp_path / f"{end}.db", events[:end])
        assert go(plan_of(tree(rule)), again, evaluations=400)[0].digest == whole.digest
        again.close()


@pytest.mark.parametrize("window", [1, 8])
@pytest.mark.parametrize("rule", TREE_RULES)
def test_all_agents_meet_the_tasks_in_one_order_and_each_once(rule: str, window: int, store: SqlStore) -> None:
    _, states, steps = go(plan_of(tree(rule)), store, window=window)
    order = states[-1].order
    assert sorted(order) == list(range(40))
    assert {tuple(tasks) == order[: len(tasks)] for tasks in measured(steps).values()} == {True}


@pytest.mark.parametrize("rule", TREE_RULES)
def test_results_that_are_held_back_hold_nothing_up(rule: str, store: SqlStore) -> None:
    watched: Any = WatchedSearch(tree(rule), jumps=JumpSettings(best_known=0.1))
    report, _, steps = go(plan_of(watched), store, window=8, evaluations=1_500)
    assert report.reason == "budget: evaluations 1500"
    assert rule == "hgm" or any(note.kind == "held" for step in steps for note in step.notes)


@pytest.mark.parametrize("rule", TREE_RULES)
def test_a_world_in_which_all_children_fail_is_lived_through(rule: str, store: SqlStore) -> None:
    report, states, steps = go(plan_of(tree(rule), evaluator=toys.Bench(crashing=True)), store, window=8)
    assert report.reason == "budget: evaluations 600"
    parents = {step.work.parents for step in steps if isinstance(step.work, Propose) and step.work.parents}
    assert parents == {("c0",)}
    if rule not in ("hgm", "sica"):
        assert {len(tasks) for id, tasks in measured(steps).items() if id != "c0"} == {STAGES[0]}
    assert len(states[-1].nodes) > 5 or rule == "no-archive"


class Stubborn:
    async def propose(self, brief: Brief, rng: np.random.Generator) -> Proposal:
        return Proposal(files=brief.parents[0].files)


@pytest.mark.parametrize("rule", TREE_RULES)
def test_copies_of_the_parent_are_no_nodes_but_children(rule: str, store: SqlStore) -> None:
    search = tree(rule, steps=0, validation=0)
    report, states, _ = go(plan_of(search, rewrite=Stubborn()), store, window=8)
    assert "1,000" in report.reason and "in a row" in report.reason
    assert [one.id for one in states[-1].nodes] == ["c0"]
    assert states[-1].nodes[0].children >= 1_000
    assert report.spent.counted.evaluations == (40 if rule != "hgm" else states[-1].nodes[0].tried)


class Cheating(toys.Bench):
    """Agents of some skill are caught cheating."""

    async def evaluate(self, trial: Trial, files: Files, *, seed: int, opponents: tuple[Files, ...] = ()) -> Outcome:
        outcome = await super().evaluate(trial, files, seed=seed)
        caught = toys.agent_of(files)["skill"] > toys.FIRST["skill"] + 0.02
        return dataclasses.replace(outcome, score=1.0, status=Status.OK, flags=("honey_token",)) if caught else outcome


@pytest.mark.parametrize("window", [1, 8])
@pytest.mark.parametrize("rule", TREE_RULES)
def test_cheats_and_their_descendants_are_forgotten(rule: str, window: int, store: SqlStore) -> None:
    watched: Any = WatchedSearch(tree(rule))
    report, states, steps = go(plan_of(watched, evaluator=Cheating()), store, evaluations=1_200, window=window)
    hits = {id for step in steps for note in step.notes if note.kind == "hit" for id in note.data["ids"]}
    assert report.reason == "budget: evaluations 1200"
    assert hits
    inner = states[-1].inner
    assert hits.isdisjoint(one.id for one in inner.nodes)
    assert hits.isdisjoint(one.id for one in inner.promotion.champions)
    last = max(step.k for step in steps if any(note.kind == "hit" for note in step.notes))
    late = [step.work for step in steps if step.k > last + window]
    assert hits.isdisjoint(id for work in late if isinstance(work, Propose) for id in work.parents)
    assert toys.champion_of(store)[1]["skill"] <= toys.FIRST["skill"] + 0.02


def test_a_cheat_as_first_agent_ends_the_search() -> None:
    search, rng = tree("dgm"), np.random.default_rng(0)
    state, first = search.next(search.initial(), rng)
    state, _ = search.admit(state, 0, first, _born(first, "c0", 1.0))
    state, _ = search.evict(state, {"c0"})
    assert type(search.next(state, rng)[1]).__name__ == "Done"


def test_leaders_are_proved_on_validation_tasks_nobody_has_met(store: SqlStore) -> None:
    _, states, steps = go(plan_of(tree("greedy", validation_tasks=200)), store, evaluations=2_000)
    trials = [step.work.trial for step in steps if isinstance(step.work, Measure)]
    rounds = [one for one in trials if one.split is Split.VALIDATION]
    tasks = {one.draw: one.instances for one in rounds}
    drawn = [task for draw in sorted(tasks) for task in tasks[draw]]
    assert drawn == [i % 200 for i in range(len(drawn))]
    assert len(drawn) > 40
    both = Counter(one.draw for one in rounds)
    assert all(count == 2 for draw, count in both.items() if 0 < draw < max(both))
    challengers = {note.data["challenger"] for step in steps for note in step.notes if note.kind == "contest"}
    last = {one.id: one for one in states[-1].nodes}
    assert all(last[id].tried == 40 for id in challengers)


def test_without_validation_the_search_is_the_truth(store: SqlStore) -> None:
    _, states, steps = go(plan_of(tree("greedy", validation=0)), store)
    trials = [step.work.trial for step in steps if isinstance(step.work, Measure)]
    assert {one.split for one in trials} == {Split.SEARCH}
    best = max(one.mean for one in states[-1].nodes if one.settled and one.tried == 40)
    assert states[-1].find(states[-1].promotion.champion.id).mean == best


# -- one rule each ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("window", [1, 8])
def test_hgm_makes_nodes_at_its_pace_and_measures_one_task_at_a_time(window: int, store: SqlStore) -> None:
    _, _, steps = go(plan_of(tree("hgm", validation=0)), store, window=window, evaluations=1_000)
    for step in steps:
        if isinstance(step.work, Propose) and step.k:
            assert step.work.then is None
        if isinstance(step.work, Measure):
            assert len(step.work.trial.instances) == 1
    asked, nodes = STAGES[0], 1  # as if each result came at once: in flight counts, but what comes to nothing does not
    for step in steps[1:]:
        if isinstance(step.work, Propose):
            assert asked**0.6 >= nodes
            nodes += step.result.status is Status.OK
        else:
            asked += 1
    assert nodes == pytest.approx(asked**0.6, abs=2 + window)


def test_hgm_goes_on_making_nodes_when_all_tasks_are_met(store: SqlStore) -> None:
    search = tree("hgm", tasks=6, stages=(3,), validation=0)
    report, states, _ = go(plan_of(search), store, window=8, evaluations=500)
    assert report.reason == "budget: evaluations 500"
    assert sum(len(one.values) == 6 for one in states[-1].nodes) > 20


def test_a_child_far_below_its_parent_is_not_measured_to_the_end(store: SqlStore) -> None:
    _, states, steps = go(plan_of(tree("random", validation=0)), store, evaluations=3_000, window=1)
    nodes = {one.id: one for one in states[-1].nodes if one.settled}
    assert len({one.tried for one in nodes.values()}) > 1
    for one in nodes.values():
        below = one.parent is not None and rules.clearly_below(one, nodes[one.parent])
        assert one.tried == 40 or below or not one.scored
    full = {id for id, tasks in measured(steps).items() if len(tasks) == 40}
    assert {id for id, one in nodes.items() if one.tried == 40} == full


def test_sica_measures_every_child_in_full(store: SqlStore) -> None:
    _, _, steps = go(plan_of(tree("sica", validation=0)), store)
    assert {len(tasks) for tasks in measured(steps).values()} == {40}


def test_without_an_archive_only_a_better_child_is_kept(store: SqlStore) -> None:
    _, states, steps = go(plan_of(tree("no-archive", validation=0)), store, evaluations=2_000, window=1)
    line = [one for one in states[-1].nodes if one.settled]
    assert 1 < len(line) < len(measured(steps)) / 2
    for older, newer in itertools.pairwise(line):
        assert newer.parent == older.id
        mine, theirs, _ = rules.means_on_common(newer, older)
        assert mine > theirs


def test_the_record_tells_the_whole_tree(store: SqlStore) -> None:
    _, states, _ = go(plan_of(tree("dgm")), store, evaluations=1_000)
    rows = rows_of(note["data"] for note in of_type(events_of(store), "note") if note["kind"] == "node")
    assert {row.id: row for row in rows} == {one.id: one.row for one in states[-1].nodes if one.settled}
    assert clade_credit(rows)["c0"].nodes == len(rows)


def test_score_calls_are_held_of_the_budget_and_counted(store: SqlStore) -> None:
    report, _, steps = go(plan_of(tree("dgm", payload={"kind": "any"})), store, evaluations=500, window=8)
    made = [step for step in steps if isinstance(step.work, Propose) and step.k]
    for step in made:
        assert step.work.most == Counted(evaluations=6, instance_runs=6)
        assert step.work.payload["kind"] == "any" and step.work.payload["steps"] == 2
        assert len(set(step.work.payload["tasks"])) == 3
        assert step.result.counted.evaluations >= 6
    assert len({tuple(step.work.payload["tasks"]) for step in made}) > 5
    assert report.spent.counted.evaluations == sum(step.result.counted.evaluations for step in steps) <= 500


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"rule": "best"}, "no rule is called 'best'"),
        ({"stages": (30, 20)}, "of 40 search tasks"),
        ({"stages": ()}, "each must be 1 or more"),
        ({"score_tasks": 41}, "of 1 to 40 tasks"),
        ({"least_tried": 41}, "least_tried is 41"),
        ({"validation_tasks": 5}, "rounds of 10 validation tasks of 5"),
        ({"branch_share": 0.0}, "branch_share is 0.0"),
    ],
)
def test_settings_that_do_not_fit_are_named(wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        tree(**{"rule": "dgm", **wrong})


def _born(work: Any, id: str, value: float) -> Result:
    ones = tuple(InstanceResult(i, Status.OK, value) for i in work.then.instances)
    outcome = Outcome(work.then, Status.OK, value, per_instance=ones)
    return Result(Status.OK, candidate=Candidate(id, work.parents, {}, id, "x"), outcome=outcome)
