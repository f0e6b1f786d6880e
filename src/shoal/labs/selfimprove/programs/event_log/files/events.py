"""Events that change accounts."""

from typing import Any, NamedTuple

State = dict[str, int]
FIELDS = {
    "open": {"account"},
    "deposit": {"account", "amount"},
    "withdraw": {"account", "amount"},
    "transfer": {"source", "target", "amount"},
    "close": {"account"},
}


class Event(NamedTuple):
    """One entry of a log."""

    number: int
    kind: str
    fields: dict[str, Any]


def _change(state: State, account: str, amount: int) -> None:
    if account not in state or state[account] + amount < 0:
        raise ValueError(f"account {account!r} cannot change by {amount}")
    state[account] += amount


def apply(state: State, event: Event) -> None:
    """Change a state by an event; one that is refused raises ValueError."""
    if event.fields.keys() != FIELDS.get(event.kind) or event.fields.get("amount", 1) < 1:
        raise ValueError(f"event {event.number} is not an event of kind {event.kind!r}")
    account, amount = event.fields.get("account", ""), event.fields.get("amount", 0)
    match event.kind:
        case "open" if account not in state:
            state[account] = 0
        case "deposit":
            _change(state, account, amount)
        case "withdraw":
            _change(state, account, -amount)
        case "transfer" if event.fields["source"] != event.fields["target"]:
            _change(state, event.fields["source"], -amount)
            _change(state, event.fields["target"], amount)
        case "close" if state.get(account) == 0:
            del state[account]
        case _:
            raise ValueError(f"event {event.number} is refused")
