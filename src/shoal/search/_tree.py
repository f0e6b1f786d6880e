"""Search over a growing tree of agents that rewrite themselves: one bookkeeping, six rules of growth.

A child is made by its parent's own loop (a `Propose` that may use metered score calls on search tasks), then measured
on search tasks that all agents meet in one drawn order. The rules, by name:

- ``dgm``: Darwin Goedel Machine (arXiv 2505.22954). Any node may be a parent, weighted by accuracy and against those
  that had many children; a child is measured in stages, and given up where it is clearly below its parent.
- ``hgm``: Huxley-Goedel Machine (arXiv 2510.21614). Making and measuring are decoupled: a node is made when there are
  few for the evaluations so far, by Thompson sampling over clades; else one node is measured on one more task.
- ``sica``: the newest node that may be as good as the best one; every child is measured in full.
- ``greedy``: the best node so far; ``random``: any node, evenly. Both measured as in ``dgm``.
- ``no-archive``: the newest accepted node; a child takes its place when it is better, else it is forgotten.

Where rules draw from an archive (dgm, hgm, random), a branch of the tree may hold ``branch_share`` of it at most
(`within_share`), and nodes that solve the very same tasks share one chance (`one_of_each`). A child with the program of
another node is no node. Leaders are proved against the champion on fresh validation tasks (`_promotion`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from shoal.core.course import REJECTS_IN_A_ROW
from shoal.core.values import (
    CandidateId,
    Counted,
    Done,
    Json,
    Measure,
    Note,
    Outcome,
    Propose,
    Result,
    Split,
    Status,
    Trial,
    Wait,
    Work,
)
from shoal.search import _promotion, _tree_rules
from shoal.search._promotion import Promotion
from shoal.search._tree_rules import TREE_RULES, Credit, Node, TreeRow, clade_credit

__all__ = ["NODE", "TREE_RULES", "Credit", "Node", "TreeRow", "TreeSearch", "TreeState", "clade_credit", "rows_of"]

NODE = "node"  # kind of the note that tells how far a node is measured; the newest of a candidate holds
_DRAWN = ("dgm", "hgm", "random")  # rules that draw from an archive


@dataclass(frozen=True, slots=True)
class TreeState:
    """Everything the search has learnt.

    ``order``: search tasks as all agents meet them, once drawn. ``nodes``: oldest first; without an archive, the
    accepted line and what is still being measured. ``making``: expansions in flight. ``barren``: how many in a row made
    no node. ``due``: stages to measure.
    """

    order: tuple[int, ...] = ()
    begun: bool = False
    back: bool = False
    nodes: tuple[Node, ...] = ()
    making: int = 0
    barren: int = 0
    due: tuple[Trial, ...] = ()
    promotion: Promotion = field(default_factory=Promotion)

    def find(self, id: CandidateId | None) -> Node | None:
        """The node of that name."""
        return next((node for node in self.nodes if node.id == id), None)

    def having(self, node: Node) -> TreeState:
        """With a node as it is now."""
        return replace(self, nodes=tuple(node if one.id == node.id else one for one in self.nodes))


Step = tuple[TreeState, tuple[Note, ...]]


class TreeSearch:
    """A `Search`; see the module. All counts are in tasks, and one task is one evaluation.

    Args:
        rule: one of `TREE_RULES`.
        tasks: number of search tasks in the stream.
        stages: how many tasks each stage of a measurement adds; ``hgm`` uses the first, for the root.
        proposer: who makes children; its payload is ``payload`` and "tasks", "steps".
        steps: metered score calls that one self-modification may use.
        score_tasks: tasks of each of these calls: the same ones for all calls of one self-modification.
        validation: tasks of a round of a contest for champion; 0: search is the truth.
        validation_tasks: validation tasks in the stream, taken in turn by the rounds; 0: there is no end of them.
        least_tried: tasks a node must have met to claim to be champion; by default one complete measurement.
        branch_share: most of the nodes below the root that the clade of one of its children may hold.

    Raises ValueError for what does not fit together.
    """

    def __init__(
        self,
        *,
        rule: str,
        tasks: int,
        stages: Sequence[int],
        proposer: str,
        payload: Mapping[str, Json] | None = None,
        steps: int = 0,
        score_tasks: int = 1,
        validation: int = 0,
        validation_tasks: int = 0,
        least_tried: int | None = None,
        branch_share: float = 0.8,
    ) -> None:
        whole = sum(stages)
        self.rule, self.tasks, self.proposer, self.payload = rule, tasks, proposer, dict(payload or {})
        self.stages = (whole,) if rule == "sica" else tuple(stages)
        self.whole = tasks if rule == "hgm" else whole
        self.steps, self.score_tasks = steps, score_tasks
        self.validation, self.validation_tasks = validation, validation_tasks
        self.least_tried, self.branch_share = whole if least_tried is None else least_tried, branch_share
        self._check()

    def _check(self) -> None:
        if self.rule not in TREE_RULES:
            raise ValueError(f"no rule is called {self.rule!r}: it must be one of {', '.join(TREE_RULES)}")
        if not self.stages or min(self.stages) < 1 or sum(self.stages) > self.tasks:
            told = f"stages {self.stages} of {self.tasks} search tasks"
            raise ValueError(f"{told}: each must be 1 or more, and all together no more than there are tasks")
        if self.steps < 0 or not 1 <= self.score_tasks <= self.tasks:
            told = f"{self.steps} score calls of {self.score_tasks} tasks"
            raise ValueError(f"{told}: there must be 0 calls or more, of 1 to {self.tasks} tasks")
        if not 1 <= self.least_tried <= self.whole:
            raise ValueError(f"least_tried is {self.least_tried}: a node meets 1 to {self.whole} tasks")
        if self.validation < 0 or 0 < self.validation_tasks < self.validation:
            told = f"rounds of {self.validation} validation tasks of {self.validation_tasks}"
            raise ValueError(f"{told}: a round must be 0 or more, and no more than there are")
        if not 0.0 < self.branch_share <= 1.0:
            raise ValueError(f"branch_share is {self.branch_share}: it must be above 0 and at most 1")

    def initial(self) -> TreeState:
        """An empty tree."""
        return TreeState(promotion=Promotion(instances=self.validation))

    # -- next ----------------------------------------------------------------------------------------------------

    def next(self, state: TreeState, rng: np.random.Generator) -> tuple[TreeState, Work]:
        """The first agent; then contests, stages that are due, and what the rule says."""
        if not state.begun:
            state = replace(state, begun=True, order=tuple(int(one) for one in rng.permutation(self.tasks)))
            return state, Propose("initial", payload={"index": 0}, then=self._trial(state, 0, self.stages[0]))
        if not state.nodes:
            return state, Done("no agent is left that may be used") if state.back else Wait("the first agent's score")
        promotion, contest = _promotion.work(state.promotion)
        if contest is not None:
            return replace(state, promotion=promotion), Measure(self._fresh(contest.trial))
        if state.due:
            return replace(state, due=state.due[1:]), Measure(state.due[0])
        if state.barren >= REJECTS_IN_A_ROW:
            return state, Done(f"{REJECTS_IN_A_ROW:,} self-modifications in a row made no new agent")
        if self.rule == "hgm":
            return self._widened(state, rng)
        parents = [node for node in state.nodes if node.settled and node.scored]
        return self._expanded(state, parents, rng) if parents else (state, self._stuck(state))

    def _widened(self, state: TreeState, rng: np.random.Generator) -> tuple[TreeState, Work]:
        """HGM's choice: a new node, or one more task for one that has not met all."""
        asked = sum(len(node.values) for node in state.nodes)
        parents = [node for node in state.nodes if node.solved > 0]
        # Attempts that came to nothing count like nodes, or nobody would be measured while they go on.
        if parents and _tree_rules.expand_due(asked, len(state.nodes) + state.making + state.barren):
            return self._expanded(state, parents, rng)
        unmet = [node for node in state.nodes if len(node.values) < self.whole]
        if unmet:
            chosen = unmet[_tree_rules.thompson([(node.solved, node.tried) for node in unmet], rng)]
            return _asked(state, chosen, 1), Measure(self._trial(state, len(chosen.values), 1, chosen.id))
        if state.making or any(None in node.values for node in state.nodes):  # these results always come
            return state, Wait("nodes that are being made or measured")
        return self._expanded(state, parents or [node for node in state.nodes if node.scored], rng)

    def _expanded(self, state: TreeState, parents: list[Node], rng: np.random.Generator) -> tuple[TreeState, Work]:
        """A child of whom the rule names."""
        if self.rule in _DRAWN:
            parents = _tree_rules.within_share(state.nodes, parents, self.branch_share)
            parents = _tree_rules.one_of_each(parents, self.least_tried, rng)
        parent = _tree_rules.choose_parent(self.rule, state.nodes, parents, rng)
        state = replace(state.having(replace(parent, children=parent.children + 1)), making=state.making + 1)
        drawn = rng.choice(self.tasks, self.score_tasks, replace=False) if self.steps else ()
        calls = self.steps * self.score_tasks
        child = Propose(
            self.proposer,
            parents=(parent.id,),
            payload={**self.payload, "tasks": sorted(int(one) for one in drawn), "steps": self.steps},
            then=None if self.rule == "hgm" else self._trial(state, 0, self.stages[0]),
            most=Counted(evaluations=calls, instance_runs=calls),
        )
        return state, child

    def _stuck(self, state: TreeState) -> Work:
        """Nothing can be expanded: because the first agent is still measured, or for good."""
        out = any(None in node.values for node in state.nodes)
        return Wait("the first agent's measurement") if out else Done("no agent is left that may be used")

    def _trial(self, state: TreeState, start: int, count: int, id: CandidateId | None = None) -> Trial:
        """Tasks number ``start`` and on of the common order."""
        stage = sum(1 for i in range(len(self.stages)) if sum(self.stages[: i + 1]) <= start)
        instances = state.order[start : start + count]
        return Trial(Split.SEARCH, instances, id, stage=0 if self.rule == "hgm" else stage, each=True)

    def _fresh(self, trial: Trial) -> Trial:
        """A round of a contest, on validation tasks of its own as long as there are some."""
        first = trial.draw * self.validation
        tasks = range(first, first + self.validation)
        every = self.validation_tasks
        return replace(trial, instances=tuple(one % every if every else one for one in tasks), each=True)

    # -- admit ---------------------------------------------------------------------------------------------------

    def admit(self, state: TreeState, k: int, work: Work, result: Result) -> Step:
        """Learn from one result."""
        match work:
            case Propose(proposer="initial"):
                state, notes = self._born(replace(state, back=True), None, result)
            case Propose():
                state = replace(state, making=state.making - 1)
                parent = state.find(work.parents[0])
                state, notes = self._born(state, parent, result) if parent is not None else (state, ())
            case Measure(trial=trial) if trial.split is Split.SEARCH:
                state, notes = self._met(state, trial, result.outcome)
            case Measure(trial=trial):
                promotion, notes = _promotion.measured(state.promotion, trial, result.outcome)
                state = replace(state, promotion=promotion)
            case _:
                return state, ()
        state, more = self._claimed(state)
        return state, (*notes, *more)

    def _born(self, state: TreeState, parent: Node | None, result: Result) -> Step:
        """A new node, unless nothing was made, or nothing new."""
        made = result.candidate
        if made is None or result.status is Status.REJECTED or any(made.normal == one.normal for one in state.nodes):
            return replace(state, barren=state.barren + 1), ()
        node = Node(made.id, None if parent is None else parent.id, made.normal)
        state = replace(state, nodes=(*state.nodes, node), barren=0)
        if result.outcome is None:
            return state, ()
        asked = len(result.outcome.trial.instances)
        return self._met(_asked(state, node, asked), replace(result.outcome.trial, candidate=made.id), result.outcome)

    def _met(self, state: TreeState, trial: Trial, outcome: Outcome | None) -> Step:
        """Results on search tasks. One that failed as a whole has failed all of them."""
        node = state.find(trial.candidate)
        if node is None:  # evicted, or not accepted
            return state, ()
        ok = outcome is not None and outcome.status is Status.OK
        found = {one.index: one.value for one in outcome.per_instance} if ok and outcome is not None else {}
        start, values = state.order.index(trial.instances[0]), list(node.values)
        values[start : start + len(trial.instances)] = [found.get(one) or 0.0 for one in trial.instances]
        node = replace(node.with_values(values), scored=node.scored or ok)
        if self.rule == "hgm":
            tried = node.tried
            told = tried in (self.whole, self.stages[0]) or not tried & (tried - 1)  # after 1, 2, 4, 8, ... tasks
            return state.having(node), (_note(node),) if told else ()
        return self._staged(state.having(node), node)

    def _staged(self, state: TreeState, node: Node) -> Step:
        """After a stage: the next one, or the end of the measurement."""
        parent, met = state.find(node.parent), len(node.values)
        if node.scored and met < self.whole and (parent is None or not _tree_rules.clearly_below(node, parent)):
            count = next(size for i, size in enumerate(self.stages) if sum(self.stages[:i]) == met)
            trial = self._trial(state, met, count, node.id)
            return replace(_asked(state, node, count), due=(*state.due, trial)), ()
        node = replace(node, settled=True)
        state = state.having(node) if self.rule != "no-archive" else _succeeded(state, node)
        return state, (_note(node),)

    # -- champions and cheats ------------------------------------------------------------------------------------

    def _claimed(self, state: TreeState) -> Step:
        """While no contest is on: the node furthest ahead of the champion, on the tasks both have met, claims."""
        promotion = state.promotion
        if promotion.contest is not None:
            return state, ()
        champion = promotion.champion
        if champion is None and not promotion.refused:
            ready = [node for node in state.nodes if node.scored][:1]
        else:
            past = {*(one.id for one in promotion.champions), *promotion.refused}
            ready = [node for node in state.nodes if node.id not in past and self._ready(node)]
        best, ahead, scores = None, 0.0, (0.0, 0.0)
        standing = state.find(champion.id) if champion is not None else None
        for node in ready:
            mine, theirs = node.mean, -1.0 if champion is None else champion.searched
            if standing is not None:
                mine, theirs, _ = _tree_rules.means_on_common(node, standing)
            if mine - theirs > ahead:
                best, ahead, scores = node, mine - theirs, (mine, theirs)
        if best is None:
            return state, ()
        if champion is not None:
            promotion = _promotion.searched(promotion, {champion.id: scores[1]})
        promotion, notes = _promotion.claim(promotion, best.id, scores[0])
        return replace(state, promotion=promotion), notes

    def _ready(self, node: Node) -> bool:
        over = node.settled or self.rule == "hgm"
        return over and node.scored and node.tried >= self.least_tried

    def evict(self, state: TreeState, ids: Collection[CandidateId]) -> Step:
        """Forget candidates that turned out to be cheats: no children, no stages, no championship."""
        promotion, notes = _promotion.evict(state.promotion, ids)
        nodes = tuple(node for node in state.nodes if node.id not in ids)
        due = tuple(trial for trial in state.due if trial.candidate not in ids)
        return replace(state, nodes=nodes, due=due, promotion=promotion), notes


def rows_of(notes: Iterable[Mapping[str, Json]]) -> list[TreeRow]:
    """The tree from the data of all notes of kind "node", oldest first: of each node the newest."""
    rows = (TreeRow(one["candidate"], one["parent"], one["solved"], one["tried"]) for one in notes)
    return list({row.id: row for row in rows}.values())


def _asked(state: TreeState, node: Node, count: int) -> TreeState:
    """Results of ``count`` more tasks are out."""
    return state.having(node.with_values((*node.values, *(None,) * count)))


def _succeeded(state: TreeState, node: Node) -> TreeState:
    """Without an archive: the newest accepted node gives way to a better one, and what is no better is forgotten."""
    others = tuple(one for one in state.nodes if one.id != node.id)
    current = next((one for one in reversed(others) if one.settled), None)
    if current is not None:
        mine, theirs, _ = _tree_rules.means_on_common(node, current)
        if mine <= theirs:
            return replace(state, nodes=others)
    return replace(state, nodes=(*others, node))


def _note(node: Node) -> Note:
    row = node.row
    data = {"candidate": row.id, "parent": row.parent, "solved": row.solved, "tried": row.tried}
    return Note(NODE, f"{row.id} comes to {row.solved:.4g} on {row.tried} search tasks", data)
