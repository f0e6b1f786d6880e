"""Judge of `circle_packing_26`: the sum of the radii of 26 circles that lie in the unit square and do not overlap.

The arithmetic of the check: every float64 is a fraction whose denominator is a power of two, so all coordinates become
integers on one common grid, and `x - r >= 0`, `x + r <= 1` and `dx**2 + dy**2 >= (r_i + r_j)**2` are decided in
integers of any length. Nothing is rounded, so nothing that overlaps is accepted. Pairs that floating point sees more
than 1e-9 apart skip the integers: with coordinates in [0, 1] its error is below 1e-14.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoal.judging import Wrong

Floats = NDArray[np.float64]

CIRCLES = 26
PLAINLY_APART = 1e-9
CONTACT = 1e-7  # what metrics and the picture call touching; the score knows no tolerance


def instances(split: str, rng: np.random.Generator) -> Iterator[None]:
    """Yield the one instance: there is nothing to vary."""
    yield None


def score(instance: None, output: Sequence[Floats]) -> dict[str, Any]:
    """Return the sum of radii of a valid layout, with what a reader wants to know about it."""
    centres, radii = checked(output)
    gaps = pair_gaps(centres, radii)
    borders = np.concatenate([centres, 1 - centres], axis=1) - radii[:, None]
    contacts = int((gaps < CONTACT).sum()) + int((borders < CONTACT).sum())
    area = math.pi * float((radii**2).sum())
    return {
        "score": math.fsum(radii.tolist()),
        "metrics": {
            "contacts": float(contacts),
            "covered_area": area,
            "smallest_radius": float(radii.min()),
            "largest_radius": float(radii.max()),
        },
        "descriptor": [area, float(radii.std())],
        "feedback": f"{contacts} contacts; {100 * area:.1f} % of the square is covered; "
        f"radii from {radii.min():.4f} to {radii.max():.4f}",
    }


def checked(output: Sequence[Floats]) -> tuple[Floats, Floats]:
    """Return centres, shape (26, 2), and radii, shape (26,), of a valid layout; raise `Wrong` for any other.

    What `task.toml` declares has been checked: the shapes, float64, finite, centres in [0, 1] and radii in [0, 0.5].
    These bounds make the floating-point error of every later step small.
    """
    centres, radii = output
    check_exactly(centres, radii)
    return centres, radii


def check_exactly(centres: Floats, radii: Floats) -> None:
    """Raise `Wrong` unless every circle is inside and no two overlap, in exact arithmetic."""
    values, one = on_common_grid(np.column_stack([centres, radii]).ravel().tolist())
    circles = [values[k : k + 3] for k in range(0, len(values), 3)]
    for k, (x, y, r) in enumerate(circles):
        if min(x, y) < r or max(x, y) + r > one:
            raise Wrong(f"circle {k} crosses the border of the unit square")
    gaps = pair_gaps(centres, radii)
    for i, j in zip(*np.nonzero(gaps < PLAINLY_APART), strict=True):
        (xi, yi, ri), (xj, yj, rj) = circles[i], circles[j]
        if (xi - xj) ** 2 + (yi - yj) ** 2 < (ri + rj) ** 2:
            raise Wrong(f"circles {i} and {j} overlap by {max(-gaps[i, j], 0.0):.2g}")


def on_common_grid(values: list[float]) -> tuple[list[int], int]:
    """Return the floats as exact integers in units of `1 / one`, and `one`."""
    ratios = [value.as_integer_ratio() for value in values]
    one = max(bottom for _, bottom in ratios)
    return [top * (one // bottom) for top, bottom in ratios], one


def pair_gaps(centres: Floats, radii: Floats) -> Floats:
    """Return the free distance between each two circles i < j, shape (26, 26); infinite elsewhere."""
    step = centres[:, None] - centres
    gaps: Floats = np.hypot(step[..., 0], step[..., 1]) - (radii[:, None] + radii)
    gaps[np.tril_indices(CIRCLES)] = np.inf
    return gaps


def picture(instance: None, output: Sequence[Floats]) -> bytes:
    """Return a PNG: the circles, coloured by size, with a dot where two touch."""
    import io

    from matplotlib.figure import Figure

    centres, radii = checked(output)
    figure = Figure(figsize=(6.4, 6.7), dpi=120, layout="constrained")
    axes = figure.add_subplot(xlim=(-0.012, 1.012), ylim=(-0.012, 1.012), aspect="equal")
    draw_circles(axes, centres, radii)
    axes.set_axis_off()
    axes.set_title(f"26 circles   sum of radii {math.fsum(radii.tolist()):.9f}", fontsize=13, color="#12303f")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()


def draw_circles(axes: Any, centres: Floats, radii: Floats) -> None:
    """Draw the square, the circles with their sizes, and a dot where two circles touch."""
    from matplotlib import colormaps
    from matplotlib.patches import Circle, Rectangle

    axes.add_patch(Rectangle((0, 0), 1, 1, facecolor="#f4f8f9", edgecolor="#12303f", linewidth=1.6))
    top = max(float(radii.max()), 1e-12)
    for centre, radius in zip(centres, radii, strict=True):
        colour = colormaps["YlGnBu"](0.08 + 0.42 * radius / top)
        axes.add_patch(Circle(centre, radius, facecolor=colour, edgecolor="#12303f", linewidth=0.9))
        if radius > 0.03:
            axes.text(*centre, f"{radius:.3f}", ha="center", va="center", fontsize=8, color="#12303f")
    dots = contact_points(centres, radii)
    axes.plot(dots[:, 0], dots[:, 1], "o", markersize=3.4, color="#e4572e", zorder=3)


def contact_points(centres: Floats, radii: Floats) -> Floats:
    """Return where circles touch one another, shape (k, 2)."""
    first, second = np.nonzero(pair_gaps(centres, radii) < CONTACT)
    reach = np.maximum(radii[first] + radii[second], 1e-12)
    points: Floats = centres[first] + (centres[second] - centres[first]) * (radii[first] / reach)[:, None]
    return points
