"""The texts of templates that call on numpy and scipy; see `_idioms_text` for what they have in common.

scipy is imported where it is used: loading it takes a good part of a second, which a program must not pay for any more
once its template is gone.
"""

from string import Template

from shoal.propose._idioms_text import FORM, PLAIN, WORTH

__all__ = ["CUTTING_PLANES", "EVOLUTION", "MINIMISE"]

_PLAIN = f"{PLAIN}    here = $numpy.array(numbers, dtype=float)\n"

MINIMISE = Template(f'''\
def $name(start, value):
    """Let scipy look for better numbers; the best that it met counts, or the start."""
    from scipy import optimize

{FORM}
{WORTH}
{_PLAIN}    left, best = [$steps], [worth(formed(start, iter(numbers))), numbers]

    def loss(point):
        if left[0] <= 0:
            raise RuntimeError("enough")
        left[0] -= 1
        found = worth(formed(start, iter(point.tolist())))
        if found > best[0]:
            best[:] = found, point.tolist()
        return -found if $math.isfinite(found) else 1e9

    try:
        optimize.minimize(loss, here, method="$method", options={{$options}})
    except RuntimeError:
        pass
    return formed(start, iter(best[1]))
''')

EVOLUTION = Template(f'''\
def $name(start, value):
    """Evolution strategy whose steps learn their size and their directions (CMA-ES, Hansen 2016)."""
    chance = $numpy.random.default_rng($seed)

{FORM}
{WORTH}
{_PLAIN}    n, size, step = len(numbers), $children, $step
    best = worth(formed(start, iter(numbers))), numbers
    weights = $numpy.log(size / 2 + 0.5) - $numpy.log($numpy.arange(1, size // 2 + 1))
    weights /= weights.sum()
    mass = 1 / (weights**2).sum()
    path_rate, step_rate = (4 + mass / n) / (n + 4 + 2 * mass / n), (mass + 2) / (n + mass + 5)
    one_rate = 2 / ((n + 1.3) ** 2 + mass)
    many_rate = min(1 - one_rate, 2 * (mass - 2 + 1 / mass) / ((n + 2) ** 2 + mass))
    damping = 1 + step_rate + 2 * max(0.0, ((mass - 1) / (n + 1)) ** 0.5 - 1)
    length = n**0.5 * (1 - 1 / (4 * n) + 1 / (21 * n * n))
    shape, path, long_path = $numpy.eye(n), $numpy.zeros(n), $numpy.zeros(n)
    axes, scales = $numpy.eye(n), $numpy.ones(n)
    for turn in range($steps // size):
        if turn % max(1, n // 10) == 0:
            squares, axes = $numpy.linalg.eigh((shape + shape.T) / 2)
            scales = $numpy.sqrt($numpy.maximum(squares, 1e-20))
        moves = (chance.standard_normal((size, n)) * scales) @ axes.T
        found = [worth(formed(start, iter((here + step * move).tolist()))) for move in moves]
        order = $numpy.argsort([-one for one in found])[: size // 2]
        if found[order[0]] > best[0]:
            best = found[order[0]], (here + step * moves[order[0]]).tolist()
        chosen = moves[order]
        mean = weights @ chosen
        here = here + step * mean
        whitened = axes @ ((axes.T @ mean) / scales)
        long_path = (1 - step_rate) * long_path + (step_rate * (2 - step_rate) * mass) ** 0.5 * whitened
        path = (1 - path_rate) * path + (path_rate * (2 - path_rate) * mass) ** 0.5 * mean
        many = (weights[:, None] * chosen).T @ chosen
        shape = (1 - one_rate - many_rate) * shape + one_rate * $numpy.outer(path, path) + many_rate * many
        step *= $math.exp(min(1.0, step_rate / damping * ($numpy.linalg.norm(long_path) / length - 1)))
    return formed(start, iter(best[1]))
''')

CUTTING_PLANES = Template(f'''\
def $name(start, value):
    """Climb on planes laid through slopes that are measured; a linear programme finds the best point below all.

    Cutting planes (Kelley 1960) in a box of trust. Below 0 a value tells how far a limit is broken: once it
    is kept, such planes must stay above 0, the others bound what can be gained. Numbers that do not matter are found
    in groups.
    """
    from scipy import optimize

    chance = $numpy.random.default_rng($seed)

{FORM}
{WORTH}
{_PLAIN}    n, left, box, planes, idle = len(numbers), [$steps], $box, [], 0

    def look(point):
        left[0] -= 1
        return worth(formed(start, iter(point.tolist())))

    def lay(point, found):
        near = point + $nudge * chance.standard_normal(n)
        there = look(near)
        if not $math.isfinite(there) or ($limits and there < 0 <= found):
            near, there = point, found
        slope = $numpy.zeros(n)
        for first in range(0, n, $group):
            beside = near.copy()
            beside[first : first + $group] += $shift * chance.uniform(0.5, 1.0, min($group, n - first))
            if look(beside) == there:
                continue
            for k in range(first, min(first + $group, n)):
                for shift in ($shift, -$shift):
                    beside = near.copy()
                    beside[k] += shift
                    seen = look(beside)
                    if $math.isfinite(seen) and not ($limits and (seen < 0) != (there < 0)):
                        slope[k] = (seen - there) / shift
                        break
        planes.append((slope, there - slope @ near, 1.0 if $limits and there < 0 else 0.0))

    best = look(here)
    trial = here + $noise * chance.standard_normal(n)
    here, top = trial, look(trial)
    if not $math.isfinite(top):
        here, top = $numpy.array(numbers, dtype=float), best
    kept = best, numbers
    while left[0] > 0 and box > 1e-14 and $math.isfinite(top):
        if not planes:
            lay(here, top)
        slopes, offsets, hard = map($numpy.array, zip(*planes))
        hard = hard if top >= 0 else 0 * hard
        goal = $numpy.append($numpy.zeros(n), -1.0)
        sides = $numpy.column_stack([-slopes, 1.0 - hard])
        room = slopes @ here + offsets - $margin * hard
        spans = [(-box, box)] * n + [(-1e9, 1e9)]
        left[0] -= $price
        solved = optimize.linprog(goal, A_ub=sides, b_ub=room, bounds=spans)
        if solved.x is None or solved.x[n] <= top + 1e-13:
            planes, box = [], box / 2
            continue
        trial = here + solved.x[:n]
        found = look(trial)
        if found > top + 0.05 * (solved.x[n] - top):
            box, idle = min(1.5 * box, $widest), 0
        else:
            idle += 1
            box = box if idle % n and $math.isfinite(found) else box / 2
        if found > top:
            here, top = trial, found
        if $math.isfinite(found):
            lay(trial, found)
        planes = planes[-4 * n :]
        if top > kept[0]:
            kept = top, here.tolist()
    return formed(start, iter(kept[1]))
''')
