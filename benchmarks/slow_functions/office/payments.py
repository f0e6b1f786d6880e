"""Cash payments."""


def ways_to_pay(amount: int, coins: tuple[int, ...]) -> int:
    """In how many ways the coins (any number of each) make up the amount."""
    if amount == 0:
        return 1
    if amount < 0 or not coins:
        return 0
    if coins[0] <= 0:
        raise ValueError("coins must be positive")
    with_first = ways_to_pay(amount - coins[0], coins)
    without_first = ways_to_pay(amount, coins[1:])
    return with_first + without_first
