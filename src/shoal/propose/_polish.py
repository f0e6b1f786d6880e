"""Polish: a value on its way to the answer is handed to numpy and scipy, judged by the task's public function.

As the idioms, but what improves is a library's work; the detail "template" names the method, so that reports can tell.
"""

from typing import Any

from shoal.propose import _polish_text
from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._idioms import Kind, around, size_of
from shoal.propose._idioms_place import steps

__all__ = ["OPERATORS"]

_FLOATS = ("floats", "unknown")
_METHODS = (
    ("Nelder-Mead", '"maxfev": $left, "adaptive": True, "xatol": 1e-12, "fatol": 1e-14'),
    ("Powell", '"maxfev": $left, "xtol": 1e-9, "ftol": 1e-12'),
    ("L-BFGS-B", '"maxfun": $left, "eps": 1e-7'),
    ("COBYLA", '"maxiter": $left, "rhobeg": $step'),
)
_SLOW = {"COBYLA": 0.3}
"""Methods whose own work for each call is dear."""

_WHOLE = 0.5
"""Chance that the whole answer is what planes are laid through: what repairs an answer makes its slopes jump."""

_FEWEST_PLANES = 200.0
_OUTLINE = 4.0
"""Cutting planes need more: each plane takes about half as many calls as there are numbers, and one linear programme,
which is counted as "price" calls.
"""


def _minimising(draft: Draft) -> dict[str, Any]:
    method, options = draft.pick(_METHODS)
    count = steps(draft, times=_SLOW.get(method, 1.0))
    options = options.replace("$left", str(count)).replace("$step", repr(size_of(draft, 1e-3, 0.1)))
    return {"method": method, "options": options, "steps": count}


def _evolving(draft: Draft) -> dict[str, Any]:
    return {
        "seed": int(draft.rng.integers(1, 1_000)),
        "steps": steps(draft),
        "step": size_of(draft, 1e-3, 0.2),
        "children": draft.pick((8, 12, 20)),
    }


def _planes(draft: Draft) -> dict[str, Any]:
    limits = draft.sign > 0
    return {
        "seed": int(draft.rng.integers(1, 1_000)),
        "steps": steps(draft, times=_OUTLINE, fewest=_FEWEST_PLANES),
        "box": size_of(draft, 3e-3, 0.1),
        "widest": 0.2,
        "nudge": 1e-5,
        "shift": 1e-7,
        "margin": 1e-12,
        "noise": 0.0 if draft.chance(0.5) else size_of(draft, 1e-3, 0.3),
        "group": 6,
        "price": 20,
        "limits": limits,
    }


def polish(draft: Draft) -> Change | None:
    """Minimise by one of scipy's methods."""
    return around(draft, [Kind("polish", _FLOATS, _polish_text.MINIMISE, _minimising)], title="polish")


def evolution(draft: Draft) -> Change | None:
    """Sample around the value, and learn where the better samples lie."""
    return around(draft, [Kind("evolution", _FLOATS, _polish_text.EVOLUTION, _evolving)], title="evolution strategy")


def cutting_planes(draft: Draft) -> Change | None:
    """Climb along linear programmes built from measured slopes."""
    kind = Kind("cutting_planes", _FLOATS, _polish_text.CUTTING_PLANES, _planes)
    return around(draft, [kind], title="cutting planes", whole=_WHOLE)


OPERATORS = (
    Operator("polish", "polish", polish, needs="public"),
    Operator("evolution", "polish", evolution, needs="public"),
    Operator("cutting_planes", "polish", cutting_planes, needs="public"),
)
