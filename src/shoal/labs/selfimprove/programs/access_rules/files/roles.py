"""Roles that inherit from one another."""


def with_inherited(role: str, parents: dict[str, list[str]], found: set[str] | None = None) -> set[str]:
    """Collect a role and all roles that it inherits from."""
    if found is None:
        found = set()
    if role not in found:
        found.add(role)
        for parent in parents.get(role, []):
            with_inherited(parent, parents, found)
    return found


def roles_of(user: str, users: dict[str, list[str]], parents: dict[str, list[str]]) -> set[str]:
    """Collect all roles of a user."""
    return {name for role in users.get(user, []) for name in with_inherited(role, parents)}
