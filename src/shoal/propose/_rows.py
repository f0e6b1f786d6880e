"""Edits of numbers that belong together: the coordinates of a point, the rows of a table."""

import math

from shoal.propose._draft import Change, Draft, ImpossibleError, Operator
from shoal.propose._numbers import change_to, jitter, moved, slots_of, tidy, typical
from shoal.syntax._literals import Literals
from shoal.syntax._serial import Number

LONGEST_POINT = 4
"""A row up to this long is one point and moves as a whole; of a longer one, neighbours do."""


def row_jitter(draft: Draft) -> Change | None:
    """Move the numbers of one row together, rarely of a few; payload "sigma" is the step as a share of the spread."""
    literals = draft.program.literals
    slots = slots_of(draft)
    if not literals.rows:
        return _neighbour_jitter(draft)
    sigma = draft.number("sigma", 0.1, low=1e-12, high=10.0)
    count = 1 if draft.chance(0.8) else draft.few(min(len(literals.rows), 6))
    rows = draft.rng.choice(len(literals.rows), size=count, replace=False).tolist()
    usual = typical(slots)
    values: dict[int, Number] = {}
    for row in rows:
        for k in _together(draft, literals.rows[row]):
            scale = _spread(literals, row, k) or abs(float(slots[k].value)) or usual
            slot = slots[k]
            if slot.kind == "int":
                values[k] = moved(draft, slot, sigma=sigma, scale=scale)
            else:
                step = sigma * scale * float(draft.rng.standard_normal())
                values[k] = tidy(slot.value + step, step)
    return change_to(draft, values.items())


def relocate(draft: Draft) -> Change | None:
    """Draw one row of a table anew, each number within the range of its column; of a lone row, one number."""
    literals = draft.program.literals
    slots = slots_of(draft)
    if literals.tables:
        table = draft.pick(literals.tables)
        rows = [literals.rows[r] for r in table]
        chosen = draft.pick(rows)
        groups = [(k, [float(slots[row[c]].value) for row in rows]) for c, k in enumerate(chosen)]
    elif literals.rows:
        row = draft.pick(literals.rows)
        seen = [float(slots[k].value) for k in row]
        # A row of equals says nothing about its range; the program's other numbers do.
        groups = [(draft.pick(row), seen if min(seen) < max(seen) else [float(s.value) for s in slots])]
    else:
        raise ImpossibleError("no row of numbers")
    values = []
    for k, seen in groups:
        low, high = min(seen), max(seen)
        room = 0.05 * (high - low)
        drawn = low - room + float(draft.rng.random()) * (high - low + 2 * room)
        values.append((k, slots[k].fitted(tidy(drawn, 0.01 * (high - low)))))
    return change_to(draft, values)


def swap_rows(draft: Draft) -> Change | None:
    """Two rows of a table change places; of a lone row, two numbers."""
    literals = draft.program.literals
    slots = slots_of(draft)
    if literals.tables:
        rows = [literals.rows[r] for r in draft.pick(literals.tables)]
        a, b = (rows[int(k)] for k in draft.rng.choice(len(rows), size=2, replace=False))
    elif literals.rows:
        row = draft.pick(literals.rows)
        first, second = draft.rng.choice(len(row), size=2, replace=False)
        a, b = (row[int(first)],), (row[int(second)],)
    else:
        raise ImpossibleError("no row of numbers")
    pairs = list(zip(a, b, strict=True))
    forth = [(i, slots[i].fitted(slots[j].value)) for i, j in pairs]
    return change_to(draft, forth + [(j, slots[j].fitted(slots[i].value)) for i, j in pairs])


def _neighbour_jitter(draft: Draft) -> Change | None:
    """Without rows: two numbers that follow one another in the text."""
    slots = slots_of(draft)
    if len(slots) < 2:
        return jitter(draft)
    sigma = draft.number("sigma", 0.1, low=1e-12, high=10.0)
    place = int(draft.rng.integers(max(1, len(draft.program.live) - 1)))
    usual = typical(slots)
    return change_to(
        draft,
        [
            (k, moved(draft, slots[k], sigma=sigma, scale=abs(float(slots[k].value)) or usual))
            for k in draft.program.live[place : place + 2]
        ],
    )


def _together(draft: Draft, row: tuple[int, ...]) -> tuple[int, ...]:
    if len(row) <= LONGEST_POINT:
        return row
    start = int(draft.rng.integers(len(row)))
    return row[start : start + 1 + draft.few(LONGEST_POINT)]


def _spread(literals: Literals, row: int, slot: int) -> float:
    """Standard deviation of the numbers comparable to this one: its column in a table, its row elsewhere."""
    place = literals.rows[row].index(slot)
    table = next((t for t in literals.tables if row in t), None)
    same = [literals.rows[r][place] for r in table] if table else literals.rows[row]
    values = [float(literals.slots[k].value) for k in same]
    mean = sum(values) / len(values)
    return math.sqrt(sum((v - mean) ** 2 for v in values) / len(values))


OPERATORS = (
    Operator("row_jitter", "numbers", row_jitter),
    Operator("pair_jitter", "numbers", row_jitter),
    Operator("relocate", "numbers", relocate),
    Operator("swap_rows", "numbers", swap_rows),
)
