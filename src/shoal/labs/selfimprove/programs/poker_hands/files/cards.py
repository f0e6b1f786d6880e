"""Cards of a deck."""

from typing import NamedTuple

RANKS = "23456789TJQKA"
SUITS = "cdhs"


class Card(NamedTuple):
    """Rank from 2 to 14, and suit."""

    rank: int
    suit: str


def parse(text: str) -> list[Card]:
    """At least five different cards."""
    words = text.split()
    if any(len(word) != 2 or word[0] not in RANKS or word[1] not in SUITS for word in words):
        raise ValueError(f"{text!r} has a card that does not exist")
    if len(set(words)) < max(len(words), 5):
        raise ValueError(f"{text!r} are not five or more different cards")
    return [Card(RANKS.index(word[0]) + 2, word[1]) for word in words]
