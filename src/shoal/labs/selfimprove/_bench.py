"""The benchmark's streams: tasks made of programs, their written bugs and planted ones that tests notice."""

import ast
import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from shoal.core.canonical import canonical, sha256
from shoal.core.seeds import number
from shoal.core.values import Split
from shoal.labs.selfimprove._bugs import Places, Planted
from shoal.labs.selfimprove._tasks import Kind, Limits, Program, RepairTask, Test, split_of

__all__ = ["MIXES", "Mix", "Run", "bench", "tasks_of"]

Run = Callable[[Mapping[str, str], Sequence[Test]], Awaitable[Sequence[bool | None]]]
"""Runs tests on files: for each test whether it passes, None where it did not end within the limits."""


_FAILED_TRIES = 4


@dataclass(frozen=True, slots=True)
class Mix:
    """Tasks of each program: up to `written` bugs by people, and planted ones up to `total`.

    `tries` is how often a bug is planted and run for each one that is wanted.
    """

    written: int
    total: int
    tries: int = 12


MIXES: Mapping[Split, Mix] = {
    Split.SEARCH: Mix(written=2, total=4),
    Split.VALIDATION: Mix(written=2, total=5),
    Split.SEALED: Mix(written=3, total=10),
}


async def bench(
    programs: Iterable[Program],
    split: Split,
    *,
    seed: int,
    run: Run,
    mix: Mix | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> tuple[RepairTask, ...]:
    """The stream of a split: the tasks of its programs (see `split_of`), in an order drawn from the seed.

    Equal programs and seeds give equal streams. The seed of the sealed stream must come from a salt: who knows it
    knows the bugs.

    Args:
        programs: all programs of the benchmark; those of other splits are left out.
        split: search, validation or sealed.
        seed: draws which written bugs are taken, what is planted, and the order.
        run: runs tests on files, for several programs at once; it limits itself. A planted bug is taken where all
            tests end, of the visible ones some fail and some pass, and of the hidden ones some fail.
        mix: how many bugs of each program; `MIXES[split]` by default.
        limits: of each task.
    """
    mix = mix or MIXES[split]
    mine = sorted((one for one in programs if split_of(one.name) == split), key=lambda program: program.name)
    lists = await asyncio.gather(*(tasks_of(one, seed=seed, run=run, mix=mix, limits=limits) for one in mine))
    tasks = [task for tasks in lists for task in tasks]
    rng = np.random.default_rng(number(seed, "repair order"))
    return tuple(tasks[int(place)] for place in rng.permutation(len(tasks)))


async def tasks_of(program: Program, *, seed: int, run: Run, mix: Mix, limits: Limits) -> list[RepairTask]:
    """The tasks of one program. Of each kind as many as of any other, as far as tests notice them."""
    rng = np.random.default_rng(number(seed, "repair bugs", program.name))
    chosen = rng.permutation(len(program.bugs))[: mix.written]
    written = [program.bugs[int(place)] for place in sorted(chosen)]
    tasks = [_task(program, bug.planted(program.files), bug.kind, "written", limits) for bug in written]
    # A bug that a person wrote down is known beforehand: none is planted again.
    seen = {_digest(program.files), *(_digest(bug.planted(program.files)) for bug in program.bugs)}
    tried = Counter({bug.kind: _FAILED_TRIES for bug in written})
    places = Places(program.files)
    for _ in range(mix.tries * (mix.total - len(tasks))):
        if len(tasks) == mix.total or not places.kinds:
            break
        # The kind that had its turn least: a bug that is taken counts as one turn, as some that nothing notices do.
        least = min(tried[kind] // _FAILED_TRIES for kind in places.kinds)
        kinds = [kind for kind in places.kinds if tried[kind] // _FAILED_TRIES == least]
        planted = places.draw(kinds[int(rng.integers(len(kinds)))], rng)
        if planted is None or _digest(planted.files) in seen:
            continue
        seen.add(_digest(planted.files))
        noticed = await _noticed(program, planted, run)
        tried[planted.kind] += _FAILED_TRIES if noticed else 1
        if noticed:
            tasks.append(_task(program, planted.files, planted.kind, "planted", limits))
    return tasks


async def _noticed(program: Program, planted: Planted, run: Run) -> bool:
    results = await run(planted.files, (*program.visible, *program.hidden))
    shown, hidden = results[: len(program.visible)], results[len(program.visible) :]
    return None not in results and True in shown and False in shown and False in hidden


def _task(
    program: Program, files: Mapping[str, str], kind: Kind, origin: Literal["written", "planted"], limits: Limits
) -> RepairTask:
    """A task whose name tells what it is made of, without a word on the bug."""
    return RepairTask(
        name=f"{program.name}-{sha256(canonical(files))[:8]}",
        program=program.name,
        statement=program.statement,
        files=files,
        visible=program.visible,
        hidden=program.hidden,
        kind=kind,
        origin=origin,
        limits=limits,
    )


def _digest(files: Mapping[str, str]) -> str:
    """Equal for programs that differ in comments and layout alone; another one on another version of Python."""
    return sha256(canonical({name: ast.dump(ast.parse(text)) for name, text in files.items() if name.endswith(".py")}))
