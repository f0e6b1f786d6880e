"""The edits that the island search draws from, by family, and how much each is trusted before anything is known."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

__all__ = ["ARMS", "FAMILIES", "FAMILY_OF", "KINDS", "KIND_OF", "TIMED_ARMS", "arms_without"]

# Family -> operator -> prior weight within its kind of work. The names are the editor's (`shoal.propose`).
_TABLE: Mapping[str, Mapping[str, float]] = {
    "numbers": {
        "jitter": 1.0,
        "row_jitter": 3.0,
        "relocate": 0.5,
        "swap_rows": 0.2,
        "swap_numbers": 0.05,
        "reset_number": 0.1,
    },
    "cma": {"cma": 1.0},  # drawn by a share of its own
    "tree": {
        "independent": 8.0,
        "operator_swap": 1.0,
        "constant_swap": 0.5,
        "name_swap": 0.3,
        "swap_subtrees": 0.5,
        "add_and_delete": 0.5,
        "term": 2.0,
        "bonus": 2.0,
        "narrow": 3.0,
        "curve": 2.0,  # in a search, by turn alone
        "rewrite": 1.0,
        "replace": 1.0,
        "grow": 1.5,
        "bound": 3.0,
        "shrink": 0.7,
        "hoist": 0.5,
        "guard": 0.5,
        "insert": 0.5,
        "delete": 0.5,
        "duplicate": 0.5,
        "move": 0.4,
        "loop_bound": 0.5,
        "assign": 0.5,
    },
    "recombine": {"crossover": 0.7, "crossover_numbers": 0.3},
    "structure": {"materialise": 0.4},
    "idioms": {"local_search": 1.0, "annealing": 0.5, "greedy": 0.3, "restart": 0.3, "memoise": 0.1, "inline": 0.1},
    "polish": {"polish": 0.5, "evolution": 0.5, "cutting_planes": 0.5},
}
# Where a candidate must do what the initial program does: edits that mean to keep that. Others would find what no
# compared call needs, as a guard against numbers below zero, and take it out.
TIMED_ARMS: tuple[tuple[str, float], ...] = (("any_rewrite", 1.0),)
FAMILIES: tuple[str, ...] = tuple(_TABLE)
ARMS: tuple[tuple[str, float], ...] = tuple(pair for family in _TABLE.values() for pair in family.items())
FAMILY_OF: Mapping[str, str] = MappingProxyType(
    {"values": "cma", "retune": "numbers", "any_rewrite": "rewrites"}
    | {name: family for family, arms in _TABLE.items() for name in arms}
)
KINDS = ("numbers", "structure", "templates")
"""Kinds of work: numbers change and nothing else; structure changes; a template that programmers know is put in."""

_KINDS = {"numbers": "numbers", "cma": "numbers", "idioms": "templates", "polish": "templates"}
KIND_OF: Mapping[str, str] = MappingProxyType(
    {name: _KINDS.get(family, "structure") for name, family in FAMILY_OF.items()} | {"crossover_numbers": "numbers"}
)


def arms_without(families: Collection[str]) -> tuple[tuple[str, float], ...]:
    """The arms, without those of some families; KeyError for a family that there is not."""
    unknown = set(families) - set(FAMILIES)
    if unknown:
        raise KeyError(sorted(unknown)[0])
    return tuple(arm for arm in ARMS if FAMILY_OF[arm[0]] not in families)
