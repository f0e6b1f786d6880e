"""A run of which one candidate in ten attacks: nothing leaks, and the honest get what they would get without."""

import asyncio

import pytest

from shoal.testing._under_attack import cheap_attacks, run_under_attack


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_long_run_under_attack_leaks_nothing_and_is_fair_to_the_honest() -> None:
    attacked = asyncio.run(run_under_attack(2_000))
    calm = asyncio.run(run_under_attack(2_000, attacks=()))
    assert (attacked.candidates, attacked.attacks, calm.attacks) == (2_000, 200, 0)
    assert attacked.leaked == "" and attacked.got_through == ()
    assert attacked.grown_mb < 20
    assert attacked.honest == {n: calm.honest[n] for n in attacked.honest}


def test_a_short_run_under_attack() -> None:
    """One attack of each kind that is cheap, ten honest ones for each."""
    attacked = asyncio.run(run_under_attack(100, attacks=cheap_attacks()[::9]))
    assert attacked.attacks == 10 and attacked.leaked == "" and attacked.got_through == ()
    assert attacked.statuses["ok"] >= len(attacked.honest) == 90
