"""Every attack of the catalogue that a program can try by itself, through the real evaluator with a real judge.

Each must end in one of the project's own ways, get no more than its answer is worth, and leave nothing: no process,
descriptor, file or socket; the judge's code and what the next honest program gets are as before.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shoal.cli._attacks import attack_json, attack_screen
from shoal.testing._attack_bench import AttackBench
from shoal.testing._attack_host import Host
from shoal.testing._attack_run import HELD, NOT_RUN, THROUGH, Row, attack_profile, attacked, run_few
from shoal.testing.attacks import ATTACKS, GROUPS, PREFIX, PROFILES, WALLS, Attack, attacks_of

ROOT = Path(__file__).parents[2]
ENDS = {"ok", "wrong", "crash", "timeout", "memory", "violation"}
Benches = Callable[[str], AttackBench]


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def benches(runner: asyncio.Runner) -> Iterator[Benches]:
    """Benches at level 3 by profile, each started once."""
    made: dict[str, AttackBench] = {}
    stack = AsyncExitStack()

    async def start(profile: str) -> AttackBench:
        return await stack.enter_async_context(attacked(profile))

    def bench(profile: str) -> AttackBench:
        if profile not in made:
            made[profile] = runner.run(start(profile))
        if made[profile].evaluator.level < 3:
            pytest.skip(f"this machine reaches isolation level {made[profile].evaluator.level}")
        return made[profile]

    yield bench
    runner.run(stack.aclose())


def cases() -> Iterator[Any]:
    for profile in PROFILES:
        for attack in attacks_of(profile):
            marks = [pytest.mark.slow] if attack.slow else []
            yield pytest.param(attack, id=f"{profile} {attack.number} {attack.name}", marks=marks)


@pytest.mark.parametrize("attack", list(cases()))
def test_an_attack_gets_nothing_and_leaves_nothing(attack: Attack, benches: Benches, runner: asyncio.Runner) -> None:
    row = tried(attack, benches, runner)
    if row.status == "timeout" and "timeout" not in attack.expect:  # a machine as busy as that says nothing
        row = tried(attack, benches, runner)
    assert row.verdict == HELD, row.why
    assert row.status in (attack.expect or ENDS)


def tried(attack: Attack, benches: Benches, runner: asyncio.Runner) -> Row:
    (row,) = runner.run(run_few(benches(attack.profile), [attack]))
    return row


# -- the instrument itself --------------------------------------------------------------------------------------------


def made(program: str, **more: Any) -> Attack:
    return Attack(1, "made up", "call", program, **more)


@pytest.mark.parametrize(
    ("attack", "why"),
    [
        (made("def f(x):\n    breach('the door')\n"), "the door"),
        (made("def f(x):\n    return 2 * x\n"), "it got the score 1.0"),
        (made("def f(x):\n    return 1.9 * x\n", honest=True), "it got the score"),
    ],
)
def test_what_gets_through_is_seen(attack: Attack, why: str, benches: Benches, runner: asyncio.Runner) -> None:
    (row,) = runner.run(run_few(benches("call"), [attack]))
    assert row.verdict == THROUGH and why in row.why


def test_what_is_left_behind_is_seen_named_and_removed() -> None:
    """At level 1 a program can write where it likes; of several at once the right one is named."""
    leaves = next(one for one in attacks_of("call") if one.name == "leaves a note for the next run")
    before = notes_left()
    rows = asyncio.run(attack_profile("call", [leaves, made("def f(x):\n    return 0.0\n")], level=1, workers=1))
    assert [row.verdict for row in rows] == [THROUGH, HELD]
    assert "files left" in rows[0].why and not rows[0].broken
    assert notes_left() == before


def notes_left() -> set[str]:
    """What attacks left, whoever runs them; the folders they are run from have shorter names."""
    return {file for file in Host.now(PREFIX).files if file.removeprefix(f"/tmp/{PREFIX}").count("-")}


def test_nothing_harmful_is_tried_where_no_wall_stops_it() -> None:
    harmful = [one for profile in PROFILES for one in attacks_of(profile) if one.harmful or one.bomb]
    assert all(not one.runs_at(1) for one in harmful)
    calls = [one for one in harmful if one.profile == "call"]
    rows = asyncio.run(attack_profile("call", calls, level=1))
    assert {row.verdict for row in rows} == {NOT_RUN}
    assert all(row.why for row in rows)


# -- the catalogue ----------------------------------------------------------------------------------------------------


def test_every_number_of_the_catalogue_is_there_and_every_name_once() -> None:
    assert {attack.number for attack in ATTACKS} == set(range(1, 69))
    assert max(Counter((attack.profile, attack.name) for attack in ATTACKS).values()) == 1
    for attack in ATTACKS:
        assert set(attack.walls) <= set(WALLS) and attack.walls
        assert attack.held_from in (1, 2, 3)
        assert set(attack.expect) <= ENDS


def test_every_profile_meets_every_group_that_programs_can_try() -> None:
    for profile in PROFILES:
        assert {attack.group for attack in attacks_of(profile)} == set(GROUPS) - {"F"}


def test_what_no_program_can_try_is_shown_by_a_test_that_exists() -> None:
    for attack in attacks_of("search"):
        assert attack.told
        if attack.shown_by:
            file, _, name = attack.shown_by.partition("::")
            assert f"def {name}(" in (ROOT / file).read_text(), attack.shown_by
        else:
            assert attack.told.startswith("nothing to try")


# -- what people see --------------------------------------------------------------------------------------------------


def rows_of(verdict: str) -> list[Row]:
    return [Row(attack, 2, verdict, "why", "ok") for attack in attacks_of("call")[:3]]


def test_the_screen_names_what_got_through_and_whether_it_was_promised() -> None:
    kept = [replace(row, attack=replace(row.attack, held_from=3)) for row in rows_of(THROUGH)]
    screen = attack_screen([*rows_of(HELD), *kept], 3.0)
    assert "level 2 holds what it promises" in screen and "held from level 3" in screen
    screen = attack_screen(rows_of(THROUGH), 3.0)
    assert "DOES NOT HOLD" in screen and attacks_of("call")[0].name in screen


def test_the_page_of_commands_names_every_key() -> None:
    told = attack_json([*rows_of(THROUGH), *rows_of(NOT_RUN)], 1.0)
    assert told["promise_kept"] is False
    line = next(line for line in (ROOT / "docs/running.md").read_text().splitlines() if "| `doctor --attack` |" in line)
    assert line.split("`")[3::2] == list(told)


def page_rows() -> list[list[str]]:
    lines = (ROOT / "docs" / "attacks.md").read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]


def test_the_page_names_every_attack_with_its_walls_and_levels() -> None:
    """`scripts/attacks.py` writes it again."""
    rows = [row for row in page_rows() if row[0].isdigit()]
    tried = [row[:4] for row in rows if len(row) == 7]
    expected = [
        [str(one.number), one.name, ", ".join(f"`{wall}`" for wall in one.walls), str(one.held_from)]
        for profile in PROFILES
        for one in attacks_of(profile)
    ]
    assert tried == expected
    assert [row[:3] for row in rows if len(row) == 4] == [
        [str(one.number), one.name, one.told] for one in attacks_of("search")
    ]


def test_the_page_shows_no_broken_promise_and_names_what_was_not_run() -> None:
    for row in page_rows():
        if row[0].isdigit() and len(row) == 7:
            verdicts = row[4:]
            assert set(verdicts) <= {"held", "**through**", "not run"}
            assert set(verdicts[int(row[3]) - 1 :]) <= {"held", "not run"}, row
            assert verdicts[2] == "held", row
