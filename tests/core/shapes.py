"""One search of a few lines for each shape that the labs need; all of them end by themselves or by budget."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from shoal.core.values import Ask, Done, Measure, Note, Propose, Result, Split, Trial, Wait, Work
from shoal.search._cma import Cma, ask, start, tell

State = Any
ONE = Trial(Split.SEARCH, (0,))


def score_of(result: Result) -> float | None:
    return result.outcome.score if result.outcome is not None else None


def numbers(rng: np.random.Generator, size: int = 3) -> list[float]:
    return [round(float(one), 4) for one in rng.normal(size=size)]


class Clades:
    """Huxley Goedel machine: nodes are made unmeasured, then measured on one unseen task at a time.

    State: nodes made, and for each admitted node its id, the tasks it was given, and its sum of scores.
    """

    tasks = 3

    def initial(self) -> State:
        return 0, ()

    def next(self, state: State, rng: np.random.Generator) -> tuple[State, Work]:
        made, nodes = state
        unseen = [i for i, (_, given, _) in enumerate(nodes) if given < self.tasks]
        if made == 0 or (nodes and (not unseen or rng.random() < 0.3)):
            parent = (max(nodes, key=lambda node: node[2])[0],) if nodes else ()
            return (made + 1, nodes), Propose("write" if made else "initial", parent, payload=numbers(rng))
        if not unseen:
            return state, Wait("the first node")
        i = unseen[int(rng.integers(len(unseen)))]
        id, given, total = nodes[i]
        nodes = (*nodes[:i], (id, given + 1, total), *nodes[i + 1 :])
        return (made, nodes), Measure(Trial(Split.SEARCH, (given,), candidate=id))

    def admit(self, state: State, k: int, work: Work, result: Result) -> tuple[State, tuple[Note, ...]]:
        made, nodes = state
        if isinstance(work, Propose):
            if result.candidate is None:
                return state, ()
            return (made, (*nodes, (result.candidate.id, 0, 0.0))), ()
        assert isinstance(work, Measure)
        gain = score_of(result) or 0.0
        nodes = tuple((id, n, total + gain * (id == work.trial.candidate)) for id, n, total in nodes)
        return (made, nodes), ()


class RedQueen:
    """Newcomers meet the champions of their day; whenever one wins, the older champions are scored again against it.

    State: newcomers made, champions (newest last), matches to be played.
    """

    def initial(self) -> State:
        return 0, (), ()

    def next(self, state: State, rng: np.random.Generator) -> tuple[State, Work]:
        made, champions, due = state
        if due:
            return (made, champions, due[1:]), Measure(due[0])
        if made and not champions:
            return state, Wait("the first warrior")
        work = Propose(
            "write" if made else "initial",
            champions[-1:],
            payload=numbers(rng, 1),
            then=replace(ONE, against=champions[-3:]),
        )
        return (made + 1, champions, due), work

    def admit(self, state: State, k: int, work: Work, result: Result) -> tuple[State, tuple[Note, ...]]:
        made, champions, due = state
        score = score_of(result)
        if not isinstance(work, Propose) or result.candidate is None or score is None or (champions and score < -0.3):
            return state, ()
        new = result.candidate.id
        again = tuple(replace(ONE, candidate=old, against=(new,)) for old in champions)
        return (made, (*champions, new), (*due, *again)), (Note("champion", f"{new} wins"),)


@dataclass(frozen=True, slots=True)
class Generation:
    cma: Cma
    first: bool = True
    asked: tuple[np.ndarray, ...] = ()
    scores: tuple[tuple[int, float], ...] = ()


class Generations:
    """CMA-ES: the vector in the payload, the samples as arrays in the state, `Wait` at a generation's end."""

    def __init__(self, instances: int = 1) -> None:
        self.trial = replace(ONE, instances=tuple(range(instances)))

    def initial(self) -> Generation:
        return Generation(start(np.full(3, 2.0), sigma=0.5, population=6))

    def next(self, state: Generation, rng: np.random.Generator) -> tuple[Generation, Work]:
        if len(state.asked) == state.cma.population:
            return state, Wait("the generation's scores")
        x = ask(state.cma, rng)
        payload = [float(one) for one in x]
        return replace(state, asked=(*state.asked, x)), Propose("write", payload=payload, then=self.trial)

    def admit(self, state: Generation, k: int, work: Work, result: Result) -> tuple[Generation, tuple[Note, ...]]:
        assert isinstance(work, Propose)
        index = next(i for i, x in enumerate(state.asked) if work.payload == [float(one) for one in x])
        score = score_of(result)
        state = replace(state, scores=(*state.scores, (index, -np.inf if score is None else score)))
        if len(state.scores) < state.cma.population:
            return state, ()
        cma = tell(state.cma, np.array(state.asked), np.array([one for _, one in sorted(state.scores)]))
        return Generation(cma, first=False), ()


class KeepOrDiscard:
    """A chain of training runs: each starts from the best that has come back by now.

    State: runs started, best score, best candidate, the order in which results came in.
    """

    def initial(self) -> State:
        return 0, -1e9, None, ()

    def next(self, state: State, rng: np.random.Generator) -> tuple[State, Work]:
        made, best, id, order = state
        if made and id is None:
            return state, Wait("the first script")
        work = Propose("write" if made else "initial", (id,) if id else (), payload=numbers(rng), then=ONE)
        return (made + 1, best, id, order), work

    def admit(self, state: State, k: int, work: Work, result: Result) -> tuple[State, tuple[Note, ...]]:
        made, best, id, order = state
        score = score_of(result)
        if score is not None and score > best:
            assert result.candidate is not None
            best, id = score, result.candidate.id
        return (made, best, id, (*order, k)), ()


class Everything:
    """Every kind of work in one run, with duplicates, rejects and answers that decide what comes next.

    State: items issued, a running digest of all that was admitted, the candidates, the newest answer's draw.
    """

    def initial(self) -> State:
        return 0, 0, (), 0.0

    def next(self, state: State, rng: np.random.Generator) -> tuple[State, Work]:
        issued, mixed, known, draw = state
        if issued == 0:
            return (1, mixed, known, draw), Propose("initial", payload=[1.0], then=ONE)
        if not known:
            return state, Wait("the first program")
        state = (issued + 1, mixed, known, draw)
        one = known[(mixed + int(rng.integers(8))) % len(known)]
        kind = int(rng.integers(8))
        if kind == 0:
            return state, Ask("echo", {"candidate": one, "mixed": mixed})
        if kind == 1:
            return state, Measure(Trial(Split.VALIDATION, (0, 1), candidate=one, draw=mixed % 3))
        if kind == 2:
            return state, Propose("write", (one,), payload=None, then=ONE)
        if kind == 3:
            return state, Propose("write", (one,), payload=[float(mixed % 2)])
        if kind == 4:
            return state, Propose("write", (one,), payload=[float(mixed % 5)], then=ONE)
        payload = [round(draw + float(rng.normal()), 3)]
        return state, Propose("write", (one,), inspirations=known[:1], payload=payload, then=ONE)

    def admit(self, state: State, k: int, work: Work, result: Result) -> tuple[State, tuple[Note, ...]]:
        issued, mixed, known, draw = state
        mixed = (mixed * 31 + k + round(1e6 * (score_of(result) or 0.0)) + len(result.reason)) % 1_000_003
        if isinstance(work, Ask):
            draw = result.answer["draw"]
        if result.candidate is not None and result.outcome is not None:
            known = (*known, result.candidate.id)[-20:]
        notes = (Note("seen", f"item {k}", {"mixed": mixed}),) if k % 5 == 0 else ()
        return (issued, mixed, known, draw), notes


class Finite:
    """Five programs, then nothing left to do."""

    def initial(self) -> State:
        return 0

    def next(self, state: State, rng: np.random.Generator) -> tuple[State, Work]:
        if state == 5:
            return state, Done("five are enough")
        return state + 1, Propose("write", payload=numbers(rng), then=ONE)

    def admit(self, state: State, k: int, work: Work, result: Result) -> tuple[State, tuple[Note, ...]]:
        return state, ()
