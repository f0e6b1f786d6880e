"""Idioms: search in the small, around a value on its way to the answer, judged by the task's public function.

A template is a function that programmers know (climbing, annealing, greedy choice). It is put around a value that is
complete, the rest of the function tells what the value is worth, and what comes back has the form of what went in. So
a trace can take the numbers that were found into the text, and the next template starts where this one ended.
"""

from collections.abc import Callable
from string import Template
from typing import Any, NamedTuple

from shoal.propose import _idioms_text
from shoal.propose._draft import Change, Draft, ImpossibleError, Operator
from shoal.propose._idioms_cut import Cut, Judge, bodies, cuts, joined, judge_of
from shoal.propose._idioms_inline import inlined, sites
from shoal.propose._idioms_nature import nature
from shoal.propose._idioms_place import applied, deep, filled, steps
from shoal.syntax._program import Program, read

__all__ = ["OPERATORS", "Kind", "around", "size_of"]

_INLINED = 0.35
"""Chance that a function is put where it is called first: more values are then in reach of one template."""

_JOINED = 0.5
"""Chance that all values that are complete together are improved together."""


class Kind(NamedTuple):
    """One template for one nature of values.

    Attributes:
        name: what it is called in programs and reports.
        natures: of the values it can improve.
        text: the template.
        blanks: draws its own numbers.
    """

    name: str
    natures: tuple[str, ...]
    text: Template
    blanks: Callable[[Draft], dict[str, Any]]


def around(draft: Draft, kinds: list[Kind], *, title: str, whole: float = 0.0) -> Change | None:
    """Put a value through one of some templates; raises ImpossibleError when no value fits.

    `whole` is the chance that it must be the whole answer.
    """
    judge = judge_of(draft)
    program = _with_inlined(draft, judge) if draft.chance(_INLINED) else draft.program
    options = [
        (cut, kind)
        for cut in cuts(program, judge)
        for kind in kinds
        if nature(program, cut) in kind.natures
        and not any(deep(program, cut.block, name, kind.name) for name in cut.names)
    ]
    if not options:
        raise ImpossibleError("no value that this template can improve")
    last = [option for option in options if option[0].whole]
    cut, kind = draft.pick(last if last and draft.chance(whole) else options)
    if cut.names and "floats" in kind.natures and draft.chance(_JOINED):
        cut = joined(program, cut)
    return _put(draft, program, cut, judge, kind, title=title)


def _put(draft: Draft, program: Program, cut: Cut, judge: Judge, kind: Kind, *, title: str) -> Change | None:
    blanks = kind.blanks(draft)
    made = filled(program, cut.block, kind.name, kind.text, sign=draft.sign, **blanks)
    change = applied(program, cut, judge, made, note=title, template=str(blanks.get("method", kind.name)))
    if change is None or program is draft.program:
        return change
    whole = [(0, len(draft.program.data), program.spliced(change.splices))]
    return Change(note=f"{change.note}, with a function inlined", splices=whole, details=change.details)


def _with_inlined(draft: Draft, judge: Judge) -> Program:
    """The program with one call in the entry's way given up, where there is one."""
    program = draft.program
    found = [site for block in bodies(program, given=bool(judge.given)) for site in sites(program, block)]
    text = inlined(program, draft.pick(found)) if found else None
    return program if text is None else read(text, select=program.select, entry=program.entry)


def size_of(draft: Draft, low: float, high: float) -> float:
    """A number of any size between two, with two digits."""
    return float(f"{low * (high / low) ** float(draft.rng.random()):.2g}")


def _seed(draft: Draft) -> int:
    return int(draft.rng.integers(1, 1_000))


def _climbing(draft: Draft) -> dict[str, Any]:
    return {
        "seed": _seed(draft),
        "steps": steps(draft),
        "step": size_of(draft, 1e-3, 0.3),
        "pairs": draft.pick((0.1, 0.2, 0.5)),
        "whole_rows": draft.pick((0.0, 0.5, 0.8)),
        "widest": 1.0,
    }


def _cooling(draft: Draft) -> dict[str, Any]:
    return {
        "seed": _seed(draft),
        "steps": steps(draft),
        "step": size_of(draft, 1e-2, 0.5),
        "heat": size_of(draft, 1e-4, 3e-2),
        "whole_rows": draft.pick((0.0, 0.5, 0.8)),
    }


def _discrete(draft: Draft, *, hot: bool) -> dict[str, Any]:
    return {"seed": _seed(draft), "steps": steps(draft), "heat": size_of(draft, 1e-4, 3e-2) if hot else 0.0}


def _greedy_order(draft: Draft) -> dict[str, Any]:
    return {"steps": steps(draft), "stride": draft.pick((1, 1, 2, 3, 5))}


_FLOATS = ("floats", "unknown")
_LOCAL = [
    Kind("local_search", _FLOATS, _idioms_text.LOCAL_SEARCH, _climbing),
    Kind("local_search", ("order",), _idioms_text.LOCAL_ORDER, lambda draft: _discrete(draft, hot=False)),
    Kind(
        "local_search",
        ("subset",),
        _idioms_text.LOCAL_SUBSET,
        lambda draft: _discrete(draft, hot=False) | {"exchanges": draft.pick((0.3, 0.5, 0.8))},
    ),
]
_ANNEALING = [
    Kind("annealing", _FLOATS, _idioms_text.ANNEALING, _cooling),
    Kind("annealing", ("order",), _idioms_text.LOCAL_ORDER, lambda draft: _discrete(draft, hot=True)),
    Kind(
        "annealing",
        ("subset",),
        _idioms_text.LOCAL_SUBSET,
        lambda draft: _discrete(draft, hot=True) | {"exchanges": draft.pick((0.3, 0.5, 0.8))},
    ),
]
_GREEDY = [
    Kind("greedy", ("order",), _idioms_text.GREEDY_ORDER, _greedy_order),
    Kind("greedy", ("subset",), _idioms_text.GREEDY_SUBSET, lambda draft: {"steps": steps(draft)}),
]


def local_search(draft: Draft) -> Change | None:
    """Improve a value by moves that are kept when they cost nothing."""
    return around(draft, _LOCAL, title="local search")


def annealing(draft: Draft) -> Change | None:
    """Improve a value by moves that may cost something, less and less."""
    return around(draft, _ANNEALING, title="annealing")


def greedy(draft: Draft) -> Change | None:
    """Build an order or a choice by what pays most at each step."""
    return around(draft, _GREEDY, title="greedy choice")


OPERATORS = (
    Operator("local_search", "idioms", local_search, needs="public"),
    Operator("annealing", "idioms", annealing, needs="public"),
    Operator("greedy", "idioms", greedy, needs="public"),
)
