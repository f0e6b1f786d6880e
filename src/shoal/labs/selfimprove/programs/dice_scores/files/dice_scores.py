"""Scores of five dice."""

from collections import Counter
from typing import Any

UPPER = ("ones", "twos", "threes", "fours", "fives", "sixes")
CATEGORIES = (*UPPER, "triple", "quadruple", "house", "small", "large", "five", "chance")
UPPER_GOAL, UPPER_BONUS, FIVE_BONUS = 63, 35, 100
HOUSE, SMALL, LARGE, FIVE = 25, 30, 40, 50


def longest_run(dice: list[int]) -> int:
    """How many different numbers are in a row."""
    longest = length = 0
    for number in range(1, 7):
        length = length + 1 if number in dice else 0
        longest = max(longest, length)
    return longest


def score(dice: list[int], category: str) -> int:
    """What dice bring in a category."""
    if len(dice) != 5 or not all(1 <= number <= 6 for number in dice):
        raise ValueError(f"{dice} are not five dice")
    counts = sorted(Counter(dice).values(), reverse=True)
    if category in UPPER:
        number = UPPER.index(category) + 1
        return number * dice.count(number)
    match category:
        case "triple" | "quadruple":
            needed = 3 if category == "triple" else 4
            return sum(dice) if counts[0] >= needed else 0
        case "house":
            return HOUSE if counts == [3, 2] else 0
        case "small":
            return SMALL if longest_run(dice) >= 4 else 0
        case "large":
            return LARGE if longest_run(dice) == 5 else 0
        case "five":
            return FIVE if counts == [5] else 0
        case "chance":
            return sum(dice)
        case _:
            raise ValueError(f"category {category} is not known")


def choose(dice: list[int], free: list[str]) -> str:
    """The category that brings most."""
    if not free:
        raise ValueError("no category is left")
    return max(free, key=lambda category: (score(dice, category), CATEGORIES.index(category)))


def play(turns: list[list[Any]]) -> dict[str, Any]:
    """The sheet after turns."""
    scores: dict[str, int] = {}
    bonus = 0
    for dice, wish in turns:
        category = wish or choose(dice, [one for one in CATEGORIES if one not in scores])
        if category in scores:
            raise ValueError(f"category {category} was taken before")
        if scores.get("five") == FIVE and len(set(dice)) == 1:
            bonus += FIVE_BONUS
        scores[category] = score(dice, category)
    upper = sum(scores.get(category, 0) for category in UPPER)
    if upper >= UPPER_GOAL:
        bonus += UPPER_BONUS
    return {"scores": scores, "upper": upper, "bonus": bonus, "total": sum(scores.values()) + bonus}


def keep(dice: list[int]) -> list[int]:
    """The dice to keep for equal ones."""
    score(dice, "chance")
    counts = Counter(dice)
    number = max(counts, key=lambda one: (counts[one], one))
    return [number] * counts[number]
