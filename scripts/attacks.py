"""Write docs/attacks.md: every attack of the catalogue run at each isolation level, as a table.

    .venv/bin/python scripts/attacks.py

Takes minutes. Levels that this machine does not reach are refused: the page is made on one that reaches all.
"""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from shoal.testing import Row, run_attacks
from shoal.testing.attacks import ATTACKS, PROFILES, WALLS, Attack, attacks_of

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "attacks.md"
LEVELS = (1, 2, 3)
SIGNS = {"held": "held", "got through": "**through**", "not run": "not run"}

HEAD = """# The attack catalogue

{programs} hostile programs and {rest} attacks that no program can make, numbered by class. `shoal doctor --attack` runs
the programs on your machine, at the level it reaches; what it promises there and does not hold is exit code 1. This
page is written by `scripts/attacks.py` from a real run at each level (as root, Linux, x86_64).

An attack is *held* when it ended in one of the statuses of [tasks](tasks.md), got no more than its answer is worth,
handed out no secret, left no process, descriptor, file or socket, changed neither the judge's code nor files outside,
and the next honest program got what it got before. Everything else got **through**.

*Not run*: it would do harm, or use up what it can get, and the level does not stop it. Such a program is as free there
as any program that you start yourself. A level keeps its promise of all levels below it; the column *from* says which
level promises to hold an attack first.

## What each level stops

**Level 1** is a process of its own with limits, and a judge in another process. It stops forged results (A), a
subverted evaluator (B: the judge shares no memory with anyone), answers learnt by heart (most of C), endless loops and
memory without end (part of D). It stops nothing of E: a program there can read, write, start and call what you can.

**Level 2** adds files that cannot be opened, calls that cannot be made and programs that cannot be started: all of
A to E, but for a few attacks on `command` tasks, which need processes and folders of their own.

**Level 3** adds own namespaces and holds the whole catalogue.

## Walls

| wall | what it is |
|---|---|
"""
COLUMNS = """
| number | attack | walls | from | level 1 | level 2 | level 3 |
|---|---|---|---|---|---|---|
"""
SEARCH = """
## Attacks on the search

No program can make these by itself. What holds is shown by a test, or there is nothing to try yet.

| number | attack | what holds | shown by |
|---|---|---|---|
"""


def main() -> int:
    """Run everything at every level and write the page."""
    results: dict[tuple[str, str, int], Row] = {}
    for level in LEVELS:
        rows = asyncio.run(run_attacks(level=level, said=say))
        if any(row.level != level for row in rows):
            print(f"this machine does not reach isolation level {level}", file=sys.stderr)
            return 1
        results |= {(row.attack.profile, row.attack.name, level): row for row in rows}
    programs = sum(bool(one.program) for one in ATTACKS)
    page = [HEAD.format(programs=programs, rest=len(ATTACKS) - programs).rstrip()]
    page += [f"| `{name}` | {meaning} |" for name, meaning in WALLS.items()]
    for profile in PROFILES:
        page += ["", f"## On tasks of kind `{profile}`", COLUMNS.rstrip()]
        page += [line(one, [results[profile, one.name, level] for level in LEVELS]) for one in attacks_of(profile)]
    page.append(SEARCH.rstrip())
    page += [shown(one) for one in attacks_of("search")]
    PAGE.write_text("\n".join(page) + "\n", encoding="utf-8")
    broken = [row for row in results.values() if row.broken]
    print(f"{len(results)} results, {len(broken)} broken promises: {[row.attack.name for row in broken]}")
    return 1 if broken else 0


def line(attack: Attack, rows: Sequence[Row]) -> str:
    """One row of a table."""
    cells = " | ".join(SIGNS[row.verdict] for row in rows)
    walls = ", ".join(f"`{wall}`" for wall in attack.walls)
    return f"| {attack.number} | {attack.name} | {walls} | {attack.held_from} | {cells} |"


def shown(attack: Attack) -> str:
    """One row of the table of the search."""
    test = attack.shown_by.partition("::")
    where = f"`{test[0]}`, {test[2].removeprefix('test_').replace('_', ' ')}" if test[0] else "nothing yet"
    return f"| {attack.number} | {attack.name} | {attack.told} | {where} |"


def say(done: int, total: int, name: str) -> None:
    """A line now and then."""
    if done % 25 == 0:
        print(f"{done} of {total}: {name}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
