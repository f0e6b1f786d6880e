"""Exact summary statistics of a list of integers."""

from collections import Counter
from fractions import Fraction


def interpolate(values: list[int], percent: int) -> Fraction:
    """The quantile at `percent`, linear between neighbours in sorted order."""
    if not values:
        raise ValueError("no values")
    if not 0 <= percent <= 100:
        raise ValueError(f"percent {percent} is not from 0 to 100")
    ordered = sorted(values)
    index, rest = divmod(percent * (len(ordered) - 1), 100)
    low = ordered[index]
    high = ordered[min(index + 1, len(ordered) - 1)]
    return low + (high - low) * Fraction(rest, 100)


def quantile(values: list[int], percent: int) -> str:
    """The quantile at `percent` as a string."""
    return str(interpolate(values, percent))


def five_numbers(values: list[int]) -> list[str]:
    """Minimum, quartiles and maximum."""
    return [quantile(values, percent) for percent in (0, 25, 50, 75, 100)]


def outliers(values: list[int]) -> list[int]:
    """Values beyond Tukey's fences, in the order given."""
    lower, upper = interpolate(values, 25), interpolate(values, 75)
    reach = Fraction(3, 2) * (upper - lower)
    return [value for value in values if not lower - reach <= value <= upper + reach]


def modes(values: list[int]) -> list[int]:
    """The most frequent values, ascending."""
    if not values:
        raise ValueError("no values")
    counts = Counter(values)
    most = max(counts.values())
    return sorted(value for value, count in counts.items() if count == most)


def variance(values: list[int], sample: bool = True) -> str:
    """Mean squared deviation from the mean; of a sample with Bessel's correction."""
    degrees = len(values) - 1 if sample else len(values)
    if degrees < 1:
        raise ValueError(f"{len(values)} values are too few")
    mean = Fraction(sum(values), len(values))
    return str(sum((value - mean) ** 2 for value in values) / degrees)
