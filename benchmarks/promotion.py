"""How often luck is called a gain, and how often a real gain is seen: contests and the final proof, by simulation.

    python benchmarks/promotion.py [--runs 1000] [--luck 0.3] [--rounds 8] [--width 1.25]

No sandbox, a minute. Instances differ in difficulty (standard deviation 1, the same for every program that meets them);
a program's own luck on an instance has standard deviation ``--luck``. In each run 20 programs claim, one after another.

*simple* measures each claimant once on one validation draw that all share, crowns whoever has a higher mean, and says
the difference to the first program. *contest* is the rule of `shoal.search`; after the run, champion and first
program meet on fresh instances, and the verdict is "improvement shown" when the interval of the differences lies above
zero. Columns: contests (comparisons) that crowned somebody; gain that would be reported; the true one; runs in which an
improvement is reported; trials per run.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from shoal.core.statistics import paired_interval
from shoal.core.values import InstanceResult, Outcome, Status, Trial
from shoal.search import _promotion
from shoal.search._promotion import Promotion

CLAIMS = 20
SEALED = 10**6  # a draw that no contest meets
Judge = Callable[[int, int, int], float]  # program, draw, instance


def judge(rng: np.random.Generator, *, gain: float, luck: float) -> Judge:
    """Values of programs: program k is ``gain`` times k better than the first; remembered, so that draws repeat."""
    known: dict[tuple[int, ...], float] = {}

    def value(program: int, draw: int, instance: int) -> float:
        hard = known.setdefault((draw, instance), float(rng.normal()))
        return known.setdefault((program, draw, instance), gain * program + hard + luck * float(rng.normal()))

    return value


@dataclass(frozen=True, slots=True)
class Row:
    """What one run came to."""

    crowned: int
    champion: int
    gain: float
    shown: bool
    trials: int


def simple(values: Judge, *, instances: int) -> Row:
    """One shared draw, the higher mean wins and is believed."""
    means = [np.mean([values(k, 0, i) for i in range(instances)]) for k in range(CLAIMS)]
    crowned, best = 0, 0
    for k in range(1, CLAIMS):
        if means[k] > means[best]:
            crowned, best = crowned + 1, k
    return Row(crowned, best, float(means[best] - means[0]), best > 0, CLAIMS)


def contests(values: Judge, *, instances: int) -> Row:
    """Pairs on fresh draws; what is reported is measured after the run."""
    state, crowned, trials = Promotion(instances=instances), 0, 0
    for k in range(CLAIMS):
        state, _ = _promotion.claim(state, f"c{k}", float(k))
        while (found := _promotion.work(state))[1] is not None:
            state, work = found
            assert work is not None
            state, notes = _promotion.measured(state, work.trial, _outcome(work.trial, values))
            trials += 1
            crowned += sum(note.kind == "contest" and note.data["promoted"] for note in notes)
    assert state.champion is not None
    best = int(state.champion.id[1:])
    if best == 0:
        return Row(crowned, 0, 0.0, False, trials)
    proof = paired_interval([values(best, SEALED, i) - values(0, SEALED, i) for i in range(instances)])
    return Row(crowned, best, proof.mean, proof.low > 0.0, trials)


def _outcome(trial: Trial, values: Judge) -> Outcome:
    assert trial.candidate is not None
    program = int(trial.candidate[1:])
    ones = tuple(InstanceResult(i, Status.OK, values(program, trial.draw, i)) for i in trial.instances)
    return Outcome(trial, Status.OK, float(np.mean([one.value or 0.0 for one in ones])), per_instance=ones)


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=1_000)
    parser.add_argument("--luck", type=float, default=0.3)
    parser.add_argument("--rounds", type=int, default=_promotion.ROUNDS, help="of a contest, at most")
    parser.add_argument("--width", type=float, default=_promotion.STRICT, help="of its interval, times one of 95 %%")
    options = parser.parse_args()
    _promotion.ROUNDS, _promotion.STRICT = options.rounds, options.width
    print(f"{options.runs} runs of {CLAIMS} claims, luck {options.luck:g}, difficulty 1")
    heads = ("gain a claim", "instances", "rule", "crowned", "reported", "true", "called improved", "trials")
    print("".join(f"{head:>16}" for head in heads))
    for gain in (0.0, 0.05, 0.3):
        for instances in (2, 5, 10):
            for name, rule in (("simple", simple), ("contest", contests)):
                rows = [
                    rule(judge(np.random.default_rng(seed), gain=gain, luck=options.luck), instances=instances)
                    for seed in range(options.runs)
                ]
                print(f"{gain:16g}{instances:16d}{name:>16}" + _figures(rows, gain))


def _figures(rows: list[Row], gain: float) -> str:
    crowned = float(np.mean([row.crowned for row in rows])) / (CLAIMS - 1)
    reported, true = (
        float(np.mean(one)) for one in zip(*((row.gain, gain * row.champion) for row in rows), strict=True)
    )
    shown = float(np.mean([row.shown for row in rows]))
    trials = float(np.mean([row.trials for row in rows]))
    return f"{100 * crowned:14.1f} %{reported:16.3f}{true:16.3f}{100 * shown:14.1f} %{trials:16.1f}"


if __name__ == "__main__":
    main()
