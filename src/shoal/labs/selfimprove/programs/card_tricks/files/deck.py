"""Cards and which of two is better."""

RANKS = "23456789TJQKA"
SUITS = "CDHS"
POINTS = {"A": 4, "K": 3, "Q": 2, "J": 1}


def check(cards: list[str], trump: str | None) -> None:
    """Refuse what is no card, cards that are there twice, and what is no trump."""
    if any(len(card) != 2 or card[0] not in RANKS or card[1] not in SUITS for card in cards):
        raise ValueError("a text is no card")
    if len(set(cards)) < len(cards):
        raise ValueError("a card is there twice")
    if trump is not None and (len(trump) != 1 or trump not in SUITS):
        raise ValueError(f"trump {trump!r} is no suit")


def rank(card: str) -> int:
    """How high a card is."""
    return RANKS.index(card[0])


def suit(card: str) -> str:
    """The suit of a card."""
    return card[1]


def beats(card: str, best: str, trump: str | None) -> bool:
    """Whether a card wins against the best one so far."""
    if suit(card) == suit(best):
        return rank(card) > rank(best)
    return suit(card) == trump
