"""Where points lie with respect to a polygon on the integer grid."""

from itertools import pairwise
from math import gcd

Point = list[int]


def edges(polygon: list[Point]) -> list[tuple[Point, Point]]:
    """The sides of the polygon, the closing one last."""
    if len(polygon) < 3:
        raise ValueError(f"{len(polygon)} corners are no polygon")
    return list(pairwise([*polygon, polygon[0]]))


def turn(start: Point, end: Point, point: Point) -> int:
    """Cross product: positive if `point` lies to the left of the line from start to end."""
    return (end[0] - start[0]) * (point[1] - start[1]) - (end[1] - start[1]) * (point[0] - start[0])


def on_edge(start: Point, end: Point, point: Point) -> bool:
    """Whether the point lies on the side, its ends included."""
    in_box = all(min(a, b) <= c <= max(a, b) for a, b, c in zip(start, end, point, strict=True))
    return in_box and turn(start, end, point) == 0


def locate(polygon: list[Point], points: list[Point]) -> list[str]:
    """`inside`, `outside` or `edge` for each point, by counting crossings of a ray to the right."""
    sides = edges(polygon)
    places = []
    for point in points:
        inside = False
        for start, end in sides:
            low, high = (start, end) if start[1] <= end[1] else (end, start)
            if low[1] <= point[1] < high[1] and turn(low, high, point) > 0:
                inside = not inside
        if any(on_edge(start, end, point) for start, end in sides):
            places.append("edge")
        else:
            places.append("inside" if inside else "outside")
    return places


def doubled_area(polygon: list[Point]) -> int:
    """Twice the area, by the shoelace formula."""
    return abs(sum(start[0] * end[1] - end[0] * start[1] for start, end in edges(polygon)))


def is_convex(polygon: list[Point]) -> bool:
    """Whether all corners turn the same way."""
    sides = edges(polygon)
    following = sides[1:] + sides[:1]
    turns = [turn(start, end, after) for (start, end), (_, after) in zip(sides, following, strict=True)]
    return min(turns) >= 0 or max(turns) <= 0


def interior_points(polygon: list[Point]) -> int:
    """Number of grid points strictly inside, by Pick's theorem."""
    boundary = sum(gcd(end[0] - start[0], end[1] - start[1]) for start, end in edges(polygon))
    return (doubled_area(polygon) - boundary) // 2 + 1
