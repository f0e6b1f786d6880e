"""Change in as few coins as possible, where there are only so many of each."""


def give(amount: int, box: dict[int, int]) -> list[int] | None:
    """The coins, largest first; None if it cannot be done."""
    best: dict[int, list[int]] = {0: []}
    for value in sorted(box, reverse=True):
        extended = dict(best)
        for paid, coins in best.items():
            for number in range(1, min(box[value], (amount - paid) // value) + 1):
                total = paid + number * value
                longer = coins + [value] * number
                known = extended.get(total)
                if known is None or better(longer, known):
                    extended[total] = longer
        best = extended
    return best.get(amount)


def better(coins: list[int], known: list[int]) -> bool:
    """Whether these are fewer coins, or as many and larger ones first."""
    return (len(coins), [-coin for coin in coins]) < (len(known), [-coin for coin in known])
