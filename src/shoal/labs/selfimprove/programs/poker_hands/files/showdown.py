"""Who wins, and how much."""

from ranking import best


def winners(hands: dict[str, str], board: str = "") -> list[str]:
    """Players with the best hand."""
    values = {name: best(f"{cards} {board}") for name, cards in hands.items()}
    return sorted(name for name in values if values[name] == max(values.values()))


def split(pot: int, hands: dict[str, str], board: str = "") -> dict[str, int]:
    """The share of each winner."""
    names = winners(hands, board)
    share, rest = divmod(pot, max(len(names), 1))
    return {name: share + (place < rest) for place, name in enumerate(names)}
