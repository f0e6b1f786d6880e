"""`shoal doctor --attack`: the attack catalogue, run against this machine."""

from __future__ import annotations

import asyncio
import json as codec
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from shoal.cli._line import Line
from shoal.cli._trouble import DONE, FAILED
from shoal.core.errors import UserError
from shoal.core.untrusted import untrusted

if TYPE_CHECKING:
    from shoal.testing import Row

__all__ = ["attack", "attack_json", "attack_screen"]

QUIET_SECONDS = 2.0  # nobody waits for less with an empty screen


def attack(*, json: bool) -> int:
    """Run every attack that is safe at this machine's level; exit code 1 if what the level promises did not hold."""
    from shoal.testing import run_attacks

    began, line = time.monotonic(), Line(sys.stderr)

    def said(done: int, total: int, name: str) -> None:
        elapsed = time.monotonic() - began
        if done and elapsed >= QUIET_SECONDS:
            line.show(f"{done} of {total} attacks, ETA {elapsed / done * (total - done):.0f} s: {name}")

    try:
        rows = asyncio.run(run_attacks(said=said))
    except OSError as error:
        raise UserError(f"the files that attacks look for cannot be laid out in /tmp: {error}") from None
    finally:
        line.clear()
    seconds = time.monotonic() - began
    print(codec.dumps(attack_json(rows, seconds)) if json else attack_screen(rows, seconds))
    return FAILED if any(row.broken for row in rows) else DONE


def attack_json(rows: Sequence[Row], seconds: float) -> dict[str, object]:
    """What `--json` prints."""
    from shoal.testing import HELD, NOT_RUN, THROUGH

    of = {verdict: [row for row in rows if row.verdict == verdict] for verdict in (HELD, THROUGH, NOT_RUN)}
    return {
        "level": min(row.level for row in rows),
        "held": len(of[HELD]),
        "got_through": [_told(row) for row in of[THROUGH]],
        "not_run": [_told(row) for row in of[NOT_RUN]],
        "promise_kept": not any(row.broken for row in rows),
        "seconds": round(seconds, 1),
    }


def _told(row: Row) -> dict[str, object]:
    attack = row.attack
    return {
        "number": attack.number,
        "name": attack.name,
        "profile": attack.profile,
        "why": untrusted(row.why),
        "promised_from_level": attack.held_from,
    }


def attack_screen(rows: Sequence[Row], seconds: float) -> str:
    """One screen: per group and profile how many held of how many, then what did not, by name."""
    from shoal.testing import HELD, NOT_RUN, THROUGH
    from shoal.testing.attacks import GROUPS, PROFILES

    level = min(row.level for row in rows)
    lines = [f"isolation level {level} of 3: {len(rows)} attacks in {seconds:.0f} s; held of those run\n"]
    lines.append(f"  {'':25}" + "".join(f"{profile:>12}" for profile in PROFILES))
    for letter, (name, _) in GROUPS.items():
        cells = [_cell(rows, letter, profile) for profile in PROFILES]
        if any(cells):
            lines.append(f"  {letter} {name:23}" + "".join(f"{cell:>12}" for cell in cells))
    through = [row for row in rows if row.verdict == THROUGH]
    left_out = [row for row in rows if row.verdict == NOT_RUN]
    held = sum(row.verdict == HELD for row in rows)
    lines.append(f"\n{held} held, {len(through)} got through, {len(left_out)} not run")
    lines += [_line(row) for row in through]
    if left_out:
        lines.append("not run, because they would do harm or use up what they can get:")
        lines += [f"  {row.attack.profile} {row.attack.number} {row.attack.name}" for row in left_out]
    kept = not any(row.broken for row in rows)
    lines.append(f"level {level} holds what it promises" if kept else f"LEVEL {level} DOES NOT HOLD WHAT IT PROMISES")
    return "\n".join(lines)


def _cell(rows: Sequence[Row], letter: str, profile: str) -> str:
    from shoal.testing import HELD, NOT_RUN

    ones = [row for row in rows if (row.attack.group, row.attack.profile) == (letter, profile)]
    run = [row for row in ones if row.verdict != NOT_RUN]
    return f"{sum(row.verdict == HELD for row in run)}/{len(run)}" if ones else ""


def _line(row: Row) -> str:
    attack = row.attack
    promise = "BROKEN PROMISE" if row.broken else f"held from level {attack.held_from}"
    return f"  {attack.profile} {attack.number} {attack.name}: {untrusted(row.why, limit=90)} ({promise})"
