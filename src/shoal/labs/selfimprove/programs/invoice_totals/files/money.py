"""Percentages of amounts in cents."""


def percent_of(cents: int, percent: int) -> int:
    """Take a percentage, rounded to the nearest cent, halves up."""
    return (cents * percent + 50) // 100


def reduce_by(cents: int, percent: int) -> int:
    """Take a percentage off an amount."""
    return cents - percent_of(cents, percent)
