"""A game of tricks, played by simple rules."""

from typing import Any

from deck import POINTS, SUITS, beats, check, rank, suit

LAST_TRICK = 5


def winner(trick: list[str], trump: str | None) -> int:
    """The place of the card that wins."""
    check(trick, trump)
    if not trick:
        raise ValueError("no card was laid")
    best = 0
    for place, card in enumerate(trick):
        if beats(card, trick[best], trump):
            best = place
    return best


def legal(hand: list[str], trick: list[str]) -> list[str]:
    """The cards that may be laid."""
    check(hand, None)
    check(trick, None)
    following = [card for card in hand if trick and suit(card) == suit(trick[0])]
    return following or hand


def choose(hand: list[str], trick: list[str], trump: str | None) -> str:
    """The card that a player lays."""
    if not trick:
        return min(hand, key=lambda card: (-rank(card), SUITS.index(suit(card))))
    cards = legal(hand, trick)
    best = trick[winner(trick, trump)]
    winning = [card for card in cards if beats(card, best, trump)]
    return min(winning or cards, key=lambda card: (rank(card), suit(card) == trump, SUITS.index(suit(card))))


def play(hands: list[list[str]], trump: str | None, leader: int = 0) -> dict[str, Any]:
    """All tricks of a game."""
    check([card for hand in hands for card in hand], trump)
    players = len(hands)
    if players < 2 or not hands[0] or len(set(map(len, hands))) > 1 or not 0 <= leader < players:
        raise ValueError("the cards are not dealt as they must be")
    held = [list(hand) for hand in hands]
    tricks: list[list[str]] = []
    won, points = [0] * players, [0] * players
    while held[0]:
        trick: list[str] = []
        for turn in range(players):
            hand = held[(leader + turn) % players]
            card = choose(hand, trick, trump)
            hand.remove(card)
            trick.append(card)
        leader = (leader + winner(trick, trump)) % players
        tricks.append(trick)
        won[leader] += 1
        points[leader] += sum(POINTS.get(card[0], 0) for card in trick)
    points[leader] += LAST_TRICK
    return {"tricks": tricks, "won": won, "points": points}
