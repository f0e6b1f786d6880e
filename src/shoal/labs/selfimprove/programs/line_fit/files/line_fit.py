"""Straight lines through points, in exact numbers."""

from fractions import Fraction
from itertools import combinations

Points = list[list[int]]


def mean(values: list[int]) -> Fraction:
    """The mean as a fraction."""
    return Fraction(sum(values), len(values))


def can_fit(points: Points) -> bool:
    """Whether there is one best line."""
    return len({x for x, _ in points}) > 1


def fit(points: Points) -> tuple[Fraction, Fraction]:
    """Slope and intercept of the best line."""
    if not can_fit(points):
        raise ValueError("a line needs points with different x")
    mean_x, mean_y = mean([x for x, _ in points]), mean([y for _, y in points])
    together = sum((x - mean_x) * (y - mean_y) for x, y in points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    slope = Fraction(together) / spread
    return slope, mean_y - slope * mean_x


def line(points: Points) -> list[str]:
    """Slope and intercept as strings."""
    slope, intercept = fit(points)
    return [str(slope), str(intercept)]


def predict(points: Points, xs: list[int]) -> list[str]:
    """Heights of the best line."""
    slope, intercept = fit(points)
    return [str(slope * x + intercept) for x in xs]


def distances(points: Points) -> list[Fraction]:
    """How far above or below the line each point is."""
    slope, intercept = fit(points)
    return [abs(y - slope * x - intercept) for x, y in points]


def determination(points: Points) -> str:
    """The share of the differences of heights that the line explains."""
    missed = sum(distance**2 for distance in distances(points))
    middle = mean([y for _, y in points])
    total = sum((y - middle) ** 2 for _, y in points)
    return str(1 - missed / total) if total else "1"


def median_slope(points: Points) -> str:
    """The median of the slopes between pairs of points."""
    slopes = sorted(Fraction(d - b, c - a) for (a, b), (c, d) in combinations(points, 2) if a != c)
    if not slopes:
        raise ValueError("no two points have different x")
    half = len(slopes) // 2
    if len(slopes) % 2 == 1:
        return str(slopes[half])
    return str((slopes[half - 1] + slopes[half]) / 2)


def outliers(points: Points, limit: int) -> list[int]:
    """Places of points that are too far from the line of the others, the furthest first."""
    if limit < 0:
        raise ValueError("a limit is not negative")
    fit(points)
    left = list(range(len(points)))
    gone: list[int] = []
    while len(left) > 2 and can_fit([points[place] for place in left]):
        apart = distances([points[place] for place in left])
        furthest = max(apart)
        if furthest <= limit:
            break
        gone.append(left.pop(apart.index(furthest)))
    return gone
