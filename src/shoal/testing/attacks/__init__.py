"""The attack catalogue: every hostile program that Shoal's walls are tried with, by profile."""

from shoal.testing.attacks import (
    _command,
    _command_escape,
    _escape,
    _forging,
    _resources,
    _search,
    _session,
    _subverting,
)
from shoal.testing.attacks._attack import BREACH, GROUPS, HOME, MARK, PREFIX, WALLS, Attack, group_of

__all__ = [
    "ATTACKS",
    "BREACH",
    "GROUPS",
    "HOME",
    "MARK",
    "PREFIX",
    "PROFILES",
    "WALLS",
    "Attack",
    "attacks_of",
    "group_of",
]

PROFILES = ("call", "session", "command")  # those with programs
ATTACKS = (
    *_forging.ATTACKS,
    *_subverting.ATTACKS,
    *_resources.ATTACKS,
    *_escape.ATTACKS,
    *_session.ATTACKS,
    *_command.ATTACKS,
    *_command_escape.ATTACKS,
    *_search.ATTACKS,
)


def attacks_of(profile: str) -> tuple[Attack, ...]:
    """The attacks of one profile, in the order of the catalogue."""
    return tuple(sorted((one for one in ATTACKS if one.profile == profile), key=lambda one: one.number))
