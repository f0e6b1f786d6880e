"""`shoal compare`: several searches on the same tasks and seeds, and what may be said of the difference."""

from __future__ import annotations

import json as codec
import math
import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shoal.cli._options import parse_settings
from shoal.cli._run import interrupts
from shoal.cli._table import rows_of
from shoal.cli._trouble import DONE, INTERRUPTED
from shoal.report import UNITS, _words

if TYPE_CHECKING:
    from shoal.labs.evolve import Contest
    from shoal.models import Member
    from shoal.report import Cell, Comparison
    from shoal.report._compare import Row, TaskTable
    from shoal.report._compare_costs import Rate

__all__ = ["compare"]

JSON_FILE, PICTURE_FILE = "compare.json", "compare.png"


def compare(
    tasks: Sequence[str],
    proposers: Sequence[str],
    *,
    seeds: int,
    budget: Mapping[str, Any],
    longer: int,
    models: Path | None,
    workers: int | None,
    out: Path,
    json: bool,
) -> int:
    """Run what is missing, then put all runs side by side."""
    from shoal.labs import evolve

    pool: Sequence[Member] = ()
    if models is not None:
        from shoal.models import load_pool

        pool = load_pool(models)
    variants = {one: parse_settings(one.split(",")[1:]) for one in proposers}
    contest = evolve.contest_of(
        tasks, proposers, seeds=seeds, **budget, models=pool, settings=variants, longer=longer, out=out, workers=workers
    )
    if said := evolve.contest_buys(contest):
        print(said, file=sys.stderr)
    cells, whole = _cells(contest)
    if not whole:
        print("nothing is lost; the same command goes on", file=sys.stderr)
        return INTERRUPTED
    found, told = _written(contest, cells)
    for line in _lines(found):
        print(line, file=sys.stderr if json else sys.stdout)
    for line in _closing(contest):
        print(line, file=sys.stderr if json else sys.stdout)
    if json:
        print(codec.dumps(told))
    return DONE


def _cells(contest: Contest) -> tuple[list[Cell], bool]:
    """Every run of the contest in short, and whether that is all of them."""
    import anyio

    from shoal.cli._compare_progress import CompareProgress
    from shoal.core.loop import Stop
    from shoal.labs import evolve

    every = list(evolve.entries(contest))
    stop = Stop()
    kinds = [(entry.task.name, entry.proposer, entry.longer) for entry in every]
    progress = CompareProgress(kinds, unit=contest.unit, budget=contest.budget)
    with interrupts(stop):
        try:
            cells, interrupted = anyio.run(partial(evolve.run_all, contest, spectator=progress, stop=stop))
        finally:
            progress.close()
    if interrupted is None and progress.read:
        print(f"{_words.count(progress.read, 'run')} read, {len(cells) - progress.read} run now", file=sys.stderr)
    return cells, interrupted is None


def _written(contest: Contest, cells: Sequence[Cell]) -> tuple[Comparison, dict[str, Any]]:
    """Work it out, and write the object and the picture beside the runs."""
    from shoal.core.errors import UserError
    from shoal.labs import evolve
    from shoal.report import as_json, compare, draw_comparison

    found = compare(cells, proposers=contest.proposers, unit=contest.unit, budget=contest.budget, longer=contest.longer)
    same = evolve.fresh_code([entry.folder for entry in evolve.entries(contest)])
    told = {**as_json(found), "same_code": same}
    if not same:
        print(
            "warning: some of the runs were begun by other code than today's; compare anew in another --out to be sure",
            file=sys.stderr,
        )
    try:
        (contest.out / JSON_FILE).write_text(codec.dumps(told, indent=1) + "\n", encoding="utf-8")
        (contest.out / PICTURE_FILE).write_bytes(draw_comparison(found))
    except OSError as error:
        raise UserError(f"cannot write to {contest.out}: {error.strerror}; the runs are kept") from error
    return found, told


# -- what is printed --------------------------------------------------------------------------------------------------


def _lines(found: Comparison) -> Iterator[str]:
    yield from _scores(found)
    if any(cell.calls for cell in found.cells):
        yield ""
        yield from _spent(found)
    yield ""
    yield from _tests(found)
    yield ""
    yield from _rates(found)
    for table in found.tasks:
        yield ""
        yield from _targets(found, table)
    smallest = max(duel.smallest for duel in found.duels)
    if smallest > 0.05:
        yield ""
        yield (
            f"too few runs: with {len(found.seeds)} seeds, {_words.count(len(found.tasks), 'task')} and "
            f"{_words.count(len(found.duels), 'baseline')} no p can be below {smallest:.2g}; give more --seeds"
        )


def _scores(found: Comparison) -> Iterator[str]:
    first = found.proposers[0]
    rows = []
    for table in found.tasks:
        for row in table.rows:
            test = table.tests.get(row.proposer)
            rows.append(
                (
                    table.task,
                    row.proposer,
                    _words.score(row.median),
                    _span(row),
                    table.judged_on,
                    "-" if test is None else f"{100 * test.superiority:.0f} %",
                    "-" if test is None else f"{test.p:.2g}",
                )
            )
    yield from rows_of(
        ("task", "proposer", "median", "interval", "judged on", f"{first} wins", "p here"), rows, right="median"
    )
    coverage = found.tasks[0].rows[0].coverage
    if coverage >= 0.95:
        yield f"interval: order statistics that enclose the median with {100 * coverage:.1f} %"
    else:
        yield f"interval: smallest to largest, which encloses the median with only {100 * coverage:.0f} %: few seeds"


def _spent(found: Comparison) -> Iterator[str]:
    yield "what a run spent, mean"
    rows = [
        (
            table.task,
            row.proposer,
            f"{row.evaluations:,.0f}",
            f"{row.calls:,.0f}",
            f"{row.tokens:,.0f}",
            f"{row.usd:,.4f}",
        )
        for table in found.tasks
        for row in table.rows
    ]
    heads = ("task", "proposer", "evaluations", "calls", "tokens", "USD")
    yield from rows_of(heads, rows, right=" ".join(heads[2:]))


def _span(row: Row) -> str:
    return f"{_short(row.low)} to {_short(row.high)}"


def _short(value: float | None) -> str:
    return "none" if value is None else f"{value:.6g}"


def _tests(found: Comparison) -> Iterator[str]:
    tasks = "all tasks" if len(found.tasks) > 1 else "the task"
    yield (
        f"{found.proposers[0]} against each baseline on {tasks} (exact rank test, stratified by task; "
        "p corrected after Holm):"
    )
    for duel in found.duels:
        yield f"  {duel.verdict}; it wins {100 * duel.superiority:.0f} % of the pairs of runs"


def _rates(found: Comparison) -> Iterator[str]:
    first, *baselines = found.proposers
    had = f"; it had {found.longer} times as many here" if found.longer > 1 else ""
    yield f"exchange rate: how many times more {UNITS[found.unit]} a baseline needs for what {first} reaches{had}"
    rows = [(one, *(_rate(table.rates[one]) for table in found.tasks)) for one in baselines]
    every = {duel.baseline: duel.rate for duel in found.duels}
    if len(found.tasks) > 1:
        rows = [(*row, _rate(every[row[0]])) for row in rows]
    heads = ("baseline", *(table.task for table in found.tasks), *(["all tasks"] if len(found.tasks) > 1 else []))
    yield from rows_of(heads, rows, right=" ".join(heads[1:]))


def _rate(rate: Rate | None) -> str:
    if rate is None:
        return "-"
    return f"{'>= ' if rate.bound else ''}{rate.value:.3g} x"


def _targets(found: Comparison, table: TaskTable) -> Iterator[str]:
    if not table.targets:
        yield f"{table.task}: no run bettered the program it began with, so there is no target"
        return
    yield f"{table.task}: expected {UNITS[found.unit]} to a score (and how many of {len(found.seeds)} runs got there)"
    rows = []
    for target in table.targets:
        cells = []
        for proposer in found.proposers:
            cost = target.costs[proposer]
            reached = f"{_amount(cost.cost, found)} ({cost.successes})" if math.isfinite(cost.cost) else "not reached"
            cells.append(reached)
        rows.append((_words.score(target.value), *cells))
    heads = (table.score_name, *found.proposers)
    yield from rows_of(heads, rows, right=" ".join(found.proposers))


def _amount(cost: float, found: Comparison) -> str:
    return f"{cost:,.0f}" if found.unit in ("evaluations", "tokens") else f"{cost:,.3g}"


def _closing(contest: Contest) -> Iterator[str]:
    from shoal.labs import evolve

    one = next(evolve.entries(contest)).folder.id
    out = shlex.quote(str(contest.out))
    yield ""
    yield f"picture and numbers: {contest.out / PICTURE_FILE}, {contest.out / JSON_FILE}"
    yield f"look closer: shoal show {one} --out {out}; more seeds: the same command with --seeds {2 * contest.seeds}"
