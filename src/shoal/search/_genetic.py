"""Plain genetic programming: generations of one population, tournaments, subtree crossover and mutation.

The textbook's settings (Koza, Genetic Programming, 1992; Poli, Langdon and McPhee, A Field Guide to Genetic
Programming, 2008): crossover for most, no niches, no learning which operator pays. Ties of a tournament go to the
smaller program, which keeps bloat down (Luke and Panait, Lexicographic Parsimony Pressure, GECCO 2002).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from shoal.core.values import CandidateId, Propose, Result, Status, Work
from shoal.search._baselines import Baseline, BaselineState, Scored

__all__ = ["GeneticSearch", "GeneticState"]

POPULATION = 50
TOURNAMENT = 5
CROSSOVER, SUBTREE = 0.7, 0.2  # shares; the rest moves numbers
SUBTREE_EDITS = ("replace", "grow", "shrink", "hoist", "operator_swap")
NUMBER_EDITS = ("jitter", "swap_numbers", "reset_number")
LOG_SIGMA = (float(np.log(3e-3)), float(np.log(0.8)))  # steps of a jitter, as the island search draws them


@dataclass(frozen=True, slots=True)
class GeneticState(BaselineState):
    """The generation that parents are chosen from, and the one that grows.

    ``results`` counts what came back for the growing one, programs without a score too.
    """

    parents: tuple[Scored, ...] = ()
    children: tuple[Scored, ...] = ()
    results: int = 0
    generation: int = 0

    def without(self, ids: Collection[CandidateId]) -> GeneticState:
        """See `BaselineState.without`; where no parent is left, the children take over, or the first programs."""
        kept = BaselineState.without(self, ids)
        parents, children = (tuple(s for s in many if s.id not in ids) for many in (self.parents, self.children))
        return replace(kept, parents=parents or children or kept.starts, children=children if parents else ())


class GeneticSearch(Baseline[GeneticState]):
    """A generation is the next `POPULATION` - 1 results, and the best of the one before.

    What is in flight when a generation is full was bred from the one before and counts in the next: nobody waits, and a
    result that is held back for a second look holds nothing up. The first generation are copies of the initial program
    with a few edits each. ``trees`` says whether programs have syntax trees; of others only numbers are edited.
    """

    empty = GeneticState

    def __init__(self, *, trees: bool = True, **settings: Any) -> None:
        super().__init__(**settings)
        self._trees = trees

    def _work(self, state: GeneticState, rng: np.random.Generator) -> tuple[GeneticState, Work]:
        if not state.generation:
            return state, self._edit(_any_of(state.parents, rng).id, "independent")
        mother, roll = _tournament(state.parents, rng), float(rng.random())
        if not self._trees:
            roll = 1.0
        if roll < CROSSOVER:
            father = _tournament(state.parents, rng)
            return state, self._edit(mother.id, "crossover", donor=father.id)
        if roll < CROSSOVER + SUBTREE:
            return state, self._edit(mother.id, SUBTREE_EDITS[int(rng.integers(len(SUBTREE_EDITS)))])
        operator = "jitter" if self._trees else NUMBER_EDITS[int(rng.integers(len(NUMBER_EDITS)))]
        if operator != "jitter":
            return state, self._edit(mother.id, operator)
        return state, self._edit(mother.id, operator, sigma=round(float(np.exp(rng.uniform(*LOG_SIGMA))), 6))

    def _learnt(self, state: GeneticState, work: Propose, result: Result, found: Scored | None) -> GeneticState:
        if work.proposer == "initial":
            return replace(state, parents=state.starts)
        if result.status is Status.REJECTED:  # no edit found, or a program that is known: bred again, for nothing
            return state
        children = state.children if found is None else (*state.children, found)
        state = replace(state, children=children, results=state.results + 1)
        if state.results < POPULATION - 1:
            return state
        elite = min(state.parents, key=lambda one: one.rank)
        parents = (*children, elite)
        return replace(state, parents=parents, children=(), results=0, generation=state.generation + 1)


def _any_of(members: tuple[Scored, ...], rng: np.random.Generator) -> Scored:
    return members[int(rng.integers(len(members)))]


def _tournament(members: tuple[Scored, ...], rng: np.random.Generator) -> Scored:
    """The best of a few drawn with replacement."""
    return min((_any_of(members, rng) for _ in range(TOURNAMENT)), key=lambda one: one.rank)
