"""The value of poker hands."""

from collections import Counter
from itertools import combinations

from cards import Card, parse

SHAPES = {(2, 1, 1, 1): 1, (2, 2, 1): 2, (3, 1, 1): 3, (3, 2): 6, (4, 1): 7}
NAMES = ["high card", "pair", "two pairs", "three", "straight", "flush", "full house", "four", "straight flush"]


def value(five: tuple[Card, ...]) -> tuple[int, list[int]]:
    """Number of the category and ranks that break ties, of five cards."""
    counts = Counter(card.rank for card in five)
    ranks = sorted(counts, key=lambda rank: (counts[rank], rank), reverse=True)
    if ranks == [14, 5, 4, 3, 2]:
        ranks = [5, 4, 3, 2, 1]
    straight = len(ranks) == 5 and ranks[0] - ranks[-1] == 4
    flush = len({card.suit for card in five}) == 1
    if straight:
        return (8 if flush else 4), ranks[:1]
    shape = tuple(counts[rank] for rank in ranks)
    return (5 if flush else SHAPES.get(shape, 0)), ranks


def best(text: str) -> tuple[int, list[int]]:
    """The best value of five of the cards."""
    return max(value(five) for five in combinations(parse(text), 5))


def rank(cards: str) -> tuple[str, list[int]]:
    """Name of the category and ranks that break ties."""
    category, ranks = best(cards)
    return NAMES[category], ranks
