"""Decisions on requests, from roles and rules."""

from typing import Any

from patterns import fits, literal_parts
from roles import roles_of

Rule = tuple[str, str, str, str]


def _check(rules: list[Rule]) -> None:
    for effect, *_ in rules:
        if effect not in ("allow", "deny"):
            raise ValueError(f"effect is {effect!r}; it can be allow or deny")


def _is_allowed(rules: list[Rule], roles: set[str], action: str, path: str) -> bool:
    """Let the most literal rules that apply decide."""
    effects: dict[int, list[str]] = {}
    for effect, role, rule_action, pattern in rules:
        if role in roles and rule_action in ("*", action) and fits(pattern, path):
            effects.setdefault(literal_parts(pattern), []).append(effect)
    return bool(effects) and "deny" not in effects[max(effects)]


def decide(policy: dict[str, Any], requests: list[tuple[str, str, str]]) -> list[bool]:
    """Decide each request."""
    _check(policy["rules"])
    decisions = []
    for user, action, path in requests:
        roles = roles_of(user, policy["users"], policy["roles"])
        decisions.append(_is_allowed(policy["rules"], roles, action, path))
    return decisions
