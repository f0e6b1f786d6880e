"""Edits of single numbers: the text stays, digits change."""

import difflib
import math
from collections.abc import Iterable, Sequence

from shoal.propose._draft import Change, Draft, ImpossibleError, Operator
from shoal.syntax._literals import Slot
from shoal.syntax._serial import Number

COMMON: tuple[Number, ...] = (0, 1, 2, -1, 0.5, 0.1, 10, 3)
LARGEST_SIZE = 10_000
TO_FLOAT = 0.1
"""How often an integer that neither counts nor indexes becomes a real number."""

MOST_RETUNED = 2
"""New numbers that are scaled together; more are no longer one constant."""

_SHOWN = 3


def slots_of(draft: Draft) -> tuple[Slot, ...]:
    """The program's tunable numbers; raises ImpossibleError when nothing uses any."""
    slots = draft.program.literals.slots
    if not draft.program.live:
        raise ImpossibleError("no number in this program")
    return slots


def tidy(value: float, step: float) -> float:
    """Round a number well below the step that led to it, so that texts stay short and steps stay honest."""
    if step == 0 or not math.isfinite(step) or not math.isfinite(value):
        return value
    return round(value, min(17, max(1, 2 - math.floor(math.log10(abs(step))))))


def change_to(draft: Draft, values: Iterable[tuple[int, Number]]) -> Change | None:
    """The change that sets some numbers; None when all of them already are so."""
    slots = draft.program.literals.slots
    changed = [(k, v) for k, v in values if repr(v) != repr(slots[k].value) and math.isfinite(v)]
    if not changed:
        return None
    changed.sort()
    shown = [f"{slots[k].value!r} -> {v!r} (line {slots[k].line})" for k, v in changed[:_SHOWN]]
    more = f" and {len(changed) - _SHOWN} more" if len(changed) > _SHOWN else ""
    details = {"sites": [k for k, _ in changed], "delta": [float(v - slots[k].value) for k, v in changed]}
    return Change(note=", ".join(shown) + more, numbers=changed, details=details)


def typical(slots: Sequence[Slot]) -> float:
    """The size a number of this program usually has: the median of the absolute values that are not zero."""
    sizes = sorted(abs(float(s.value)) for s in slots if s.value != 0)
    return sizes[len(sizes) // 2] if sizes else 1.0


def moved(draft: Draft, slot: Slot, *, sigma: float, scale: float) -> Number:
    """A number near the slot's: by a factor, or by a share of `scale`; integers by at least 1."""
    rng = draft.rng
    sigma *= math.exp(0.7 * float(rng.standard_normal()))
    if slot.kind == "int" and (slot.size or not draft.chance(TO_FLOAT)):
        step = 1 + int(abs(float(rng.standard_normal())) * sigma * max(abs(slot.value), 1))
        step = min(step, LARGEST_SIZE)
        first = step if draft.chance(0.5) else -step
        for one in (first, -first):
            value = slot.fitted(slot.value + one)
            if value != slot.value and (not slot.size or abs(value) <= max(LARGEST_SIZE, abs(slot.value))):
                return value
        return slot.value
    value = float(slot.value)
    by_factor = value != 0 and draft.chance(0.5)
    new = (
        value * math.exp(min(sigma * float(rng.standard_normal()), 50.0))
        if by_factor
        else value + sigma * scale * float(rng.standard_normal())
    )
    return tidy(new, new - value)


def jitter(draft: Draft) -> Change | None:
    """Move one number or a few; payload "sigma" is the relative step (0.1)."""
    slots = slots_of(draft)
    sigma = draft.number("sigma", 0.1, low=1e-12, high=10.0)
    live = draft.program.live
    chosen = draft.rng.choice(live, size=draft.few(min(len(live), 12)), replace=False).tolist()
    usual = typical(slots)
    return change_to(
        draft, [(k, moved(draft, slots[k], sigma=sigma, scale=abs(float(slots[k].value)) or usual)) for k in chosen]
    )


def set_values(draft: Draft) -> Change | None:
    """Set numbers: payload "values", and "sites" with their indices (all numbers where absent)."""
    slots = slots_of(draft)
    values = draft.sequence("values")
    sites = draft.sequence("sites") if "sites" in draft.payload else list(range(len(slots)))
    _check_sites(sites, values, len(slots))
    return change_to(draft, [(k, slots[k].fitted(v)) for k, v in zip(sites, values, strict=True)])


def again(draft: Draft) -> Change | None:
    """Add payload "delta" to the numbers at "sites": a step that paid, taken once more."""
    slots = slots_of(draft)
    delta = draft.sequence("delta")
    sites = draft.sequence("sites")
    _check_sites(sites, delta, len(slots))
    return change_to(
        draft, [(k, slots[k].fitted(tidy(slots[k].value + d, d))) for k, d in zip(sites, delta, strict=True)]
    )


def retune(draft: Draft) -> Change | None:
    """Scale the numbers that the first donor, the parent of this program, has not; payload "factor".

    With payload "real" a whole number may become one that is not, where it is no size of anything.
    """
    slots = slots_of(draft)
    factor = draft.number("factor", 2.0, low=1e-6, high=1e6)
    before = [repr(slot.value) for slot in draft.donors()[0].literals.slots]
    here = [repr(slot.value) for slot in slots]
    new = [
        k
        for tag, _, _, start, end in difflib.SequenceMatcher(None, before, here, autojunk=False).get_opcodes()
        if tag in ("insert", "replace")
        for k in range(start, end)
    ]
    if not new or len(new) > MOST_RETUNED:
        raise ImpossibleError("no new number, or too many of them")
    real = draft.payload.get("real") is True
    scaled = {k: float(f"{(float(slots[k].value) or 1.0) * factor:.3g}") for k in new}
    fitted = [(k, v if real and not slots[k].size else slots[k].fitted(v)) for k, v in scaled.items()]
    return change_to(draft, fitted)


def swap_numbers(draft: Draft) -> Change | None:
    """Two numbers change places."""
    slots = slots_of(draft)
    if len(draft.program.live) < 2:
        raise ImpossibleError("fewer than two numbers")
    a, b = draft.rng.choice(draft.program.live, size=2, replace=False).tolist()
    return change_to(draft, [(a, slots[a].fitted(slots[b].value)), (b, slots[b].fitted(slots[a].value))])


def reset_number(draft: Draft) -> Change | None:
    """A number becomes a common constant, or the same as another number of the program."""
    slots = slots_of(draft)
    k = draft.pick(draft.program.live)
    value = draft.pick(COMMON) if draft.chance(0.6) else draft.pick(slots).value
    return change_to(draft, [(k, slots[k].fitted(value))])


def _check_sites(sites: list[object], values: list[object], count: int) -> None:
    if len(sites) != len(values):
        raise ImpossibleError(f"{len(values)} values for {len(sites)} numbers")
    if any(type(k) is not int or not 0 <= k < count for k in sites) or len(set(sites)) != len(sites):
        raise ImpossibleError(f"sites must be different indices below {count}")
    if any(type(v) not in (int, float) or not math.isfinite(v) for v in values):  # type: ignore[arg-type]
        raise ImpossibleError("a value is not a finite number")


OPERATORS = (
    Operator("jitter", "numbers", jitter),
    Operator("values", "numbers", set_values, needs="payload"),
    Operator("again", "numbers", again, needs="payload"),
    Operator("retune", "numbers", retune, needs="donors"),
    Operator("swap_numbers", "numbers", swap_numbers),
    Operator("reset_number", "numbers", reset_number),
)
