"""Ranks and standings, with ties."""

METHODS = ("competition", "dense", "average")
Score = int | float
Entry = tuple[str, Score]


def rank(scores: list[Score], method: str = "competition", highest_first: bool = True) -> list[Score]:
    """Give each score its rank; the best has rank 1."""
    if method not in METHODS:
        raise ValueError(f"method is {method!r}; it can be {', '.join(METHODS)}")
    ordered = sorted(scores, reverse=highest_first)
    ranks: dict[Score, Score] = {}
    place = 0
    while place < len(ordered):
        score = ordered[place]
        tied = ordered.count(score)
        if method == "competition":
            ranks[score] = place + 1
        elif method == "dense":
            ranks[score] = len(ranks) + 1
        else:
            ranks[score] = place + (tied + 1) / 2
        place += tied
    return [ranks[score] for score in scores]


def standings(entries: list[Entry]) -> list[tuple[Score, str, Score]]:
    """List entries from the best to the last, with their ranks."""
    ranks = rank([score for _, score in entries])
    rows = [(place, name, score) for place, (name, score) in zip(ranks, entries, strict=True)]
    return sorted(rows, key=lambda row: row[:2])


def top(entries: list[Entry], count: int) -> list[str]:
    """Name the entries of the first ranks, all that are tied included."""
    if count < 0:
        raise ValueError(f"count is {count}; it cannot be negative")
    return [name for place, name, _ in standings(entries) if place <= count]
