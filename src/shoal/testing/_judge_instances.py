"""Whether a judge's streams can hold anything out: splits, draws and the instances of one draw must differ."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from shoal.core.errors import JudgeError
from shoal.core.values import Split
from shoal.testing._judge_bench import Bench
from shoal.testing._judge_findings import Finding, Level
from shoal.testing._judge_source import Source

__all__ = ["check_canaries", "check_chance", "check_instances", "check_transfer"]

Draws = dict[tuple[str, int], dict[str, Any]]
SEEDS = 3
SPLITS = (Split.SEARCH, Split.VALIDATION, Split.SEALED)
NAME = "instances"
MEND_RNG = "draw every instance from rng; a task with one instance says fixed = true"


async def check_instances(bench: Bench) -> list[Finding]:
    """Draw every split with several seeds, twice, in two judge processes, and compare what came."""
    counts = bench.task.instances
    wanted = {Split.SEARCH: counts.search, Split.VALIDATION: counts.validation, Split.SEALED: counts.sealed}
    orders: list[dict[str, Any]] = [
        {"split": str(split), "seed": _seed(bench, draw), "count": count + (0 if counts.fixed else 1)}
        for split, count in wanted.items()
        for draw in range(SEEDS)
    ]
    try:
        first, again = await bench.evaluator.draws(orders), await bench.evaluator.draws(orders[:4])
        elsewhere = await bench.stirred.draws(orders)
    except JudgeError as error:
        return [Finding(NAME, "wrong", f"instances(split, rng) fails: {error}", "yield instances without end")]
    draws = {(order["split"], order["seed"]): drawn for order, drawn in zip(orders, first, strict=True)}
    found = _short(orders, first)
    if [one["instances"] for one in first[:4]] != [one["instances"] for one in again]:
        found.append(Finding(NAME, "weak", "the same split and seed give other instances each time", MEND_RNG))
    elif [one["instances"] for one in first] != [one["instances"] for one in elsewhere]:
        text = "the same split and seed give other instances in another judge process"
        found.append(Finding(NAME, "weak", text, MEND_RNG))
    found += _fixed(draws) if counts.fixed else _different(bench, draws)
    fine = "one instance, always the same" if counts.fixed else "splits, seeds and instances differ; a draw repeats"
    return found or [Finding(NAME, "ok", fine)]


def _seed(bench: Bench, draw: int) -> int:
    """The same seed for each split: only the split itself may tell streams apart then."""
    return bench.seed_of(Split.SEARCH, 100 + draw)


async def check_transfer(bench: Bench) -> list[Finding]:
    """Other families of instances: enough of them, and other ones for other seeds."""
    families = bench.task.instances.transfer
    count = bench.task.instances.sealed
    orders = [
        {"split": name, "family": name, "seed": _seed(bench, draw), "count": count}
        for name in families
        for draw in range(SEEDS)
    ]
    try:
        drawn = await bench.evaluator.draws(orders)
    except JudgeError as error:
        return [Finding("transfer", "wrong", f"transfer(family, rng) fails: {error}", "yield instances without end")]
    found = _short(orders, drawn, check="transfer")
    for name in families:
        contents = [
            tuple(one["instances"]) for order, one in zip(orders, drawn, strict=True) if order["family"] == name
        ]
        if len(set(contents)) < len(contents):
            text = f"family {name} has the same instances for every seed"
            found.append(Finding("transfer", "weak", text, MEND_RNG))
    fine = [Finding("transfer", "ok", f"{len(families)} families: other instances for other seeds")] if families else []
    return found or fine


def _short(orders: list[dict[str, Any]], drawn: list[dict[str, Any]], *, check: str = NAME) -> list[Finding]:
    for order, one in zip(orders, drawn, strict=True):
        if len(one["instances"]) < order["count"]:
            text = f"{check}({order['split']!r}, rng) ends after {len(one['instances'])}"
            mend = "yield without end (while True): task.toml says how many are used"
            return [
                Finding(
                    check, "wrong" if len(one["instances"]) < order["count"] - (check == NAME) else "note", text, mend
                )
            ]
    return []


def _fixed(draws: Draws) -> list[Finding]:
    contents = {tuple(one["instances"]) for one in draws.values()}
    if len(contents) == 1:
        return []
    text = "fixed = true, but the instance depends on the split or on rng"
    return [Finding(NAME, "weak", text, "yield the one same instance, or set fixed = false")]


def _different(bench: Bench, draws: Draws) -> list[Finding]:
    found = []
    seeds = list(dict.fromkeys(seed for _, seed in draws))
    for split in SPLITS:
        contents = [tuple(draws[split, seed]["instances"]) for seed in seeds]
        if len(set(contents)) < len(contents):
            text = f"split {split} has the same instances for every seed: a program can learn them by heart"
            found.append(Finding(NAME, "weak", text, MEND_RNG))
    # A run seeds its splits apart, so equal streams for equal seeds only matter where the seed changes nothing.
    sets = {split: [set(draws[split, seed]["instances"]) for seed in seeds] for split in SPLITS}
    for first, second in combinations(SPLITS, 2):
        pairs = ((one, other) for k, one in enumerate(sets[first]) for j, other in enumerate(sets[second]) if k != j)
        if shared := sum(len(one & other) for one, other in pairs):
            text = f"split {second} meets {first} in {shared} instances of other seeds: nothing is held out"
            found.append(
                Finding(NAME, "weak", text, "draw each instance from rng, from a space too large to meet twice")
            )
    for split in SPLITS:
        text = _repeated([draws[split, seed] for seed in seeds], split=str(split), call=bench.task.kind == "call")
        if text:
            level: Level = "weak" if "only" in text else "note"
            found.append(Finding(NAME, level, text, "draw anew for each instance: equal ones count one thing twice"))
    return found


def _repeated(drawn: list[dict[str, Any]], *, split: str, call: bool) -> str:
    """Equal instances within one draw; of a call task, equal as the program sees them."""
    for kind, what in (
        ("instances", "the same instance"),
        ("arguments", "the same arguments, of different instances,"),
    ):
        for one in drawn:
            different, count = len(set(one[kind])), len(one[kind])
            if different < count and (call or kind == "instances"):
                only = "only " if different == 1 else ""
                return f"split {split} gives {only}{what} {count - different + 1} times in one draw"
    return ""


async def check_chance(bench: Bench) -> list[Finding]:
    """Global random generators: shared by everything in the process, and out of the reach of a seed."""
    source = Source.of(bench.task.judge)
    order = {"split": "search", "seed": _seed(bench, 0), "count": bench.task.instances.search}
    try:
        (drawn,) = await bench.evaluator.draws([order])
    except JudgeError:
        return []  # told by the check of instances
    mend = "use the rng that instances() is given; in score, numpy.random.default_rng(a fixed number)"
    shown = f": {'; '.join(source.chance[:4])}" if source.chance else ""
    if drawn["chance"] or source.chance:
        where = "instances() uses" if drawn["chance"] else "judge.py uses"
        return [Finding("chance", "weak", f"{where} a generator that no seed of a run reaches{shown}", mend)]
    return [Finding("chance", "ok", "all chance comes from rng")]


async def check_canaries(bench: Bench) -> list[Finding]:
    """Canary instances have no good answer, so the first program must get no score there."""
    if not bench.setting.has_canaries:
        return []
    seen = await bench.run(bench.programs.honest, split=Split.CANARY)
    if seen.fault:
        return [Finding("canaries", "wrong", f"canaries(rng) fails: {seen.fault}", "yield canaries without end")]
    if seen.score is not None:
        text = f"the honest first program scores {seen.value:.6g} on a canary, so every honest program would be a cheat"
        return [Finding("canaries", "wrong", text, "make canaries that have no valid answer at all")]
    return [Finding("canaries", "ok", "the honest first program gets no score on a canary")]
