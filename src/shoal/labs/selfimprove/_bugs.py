"""Plants bugs of the kinds that people make, as small changes of the text.

The rules are the benchmark's own: they share nothing with the edits that repair. What they are weighed by: each kind
that applies to a program is as likely as any other; within a kind, each rule that applies; within a rule, each place.
"""

import ast
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from shoal.labs.selfimprove import _bug_names as names
from shoal.labs.selfimprove import _bug_rules as rules
from shoal.labs.selfimprove import _bug_state as state
from shoal.labs.selfimprove._bug_rules import Found
from shoal.labs.selfimprove._bug_text import Change, Source
from shoal.labs.selfimprove._tasks import KINDS, Kind
from shoal.syntax import SourceError

__all__ = ["RULES", "Places", "Planted", "planted"]

RULES: Mapping[Kind, tuple[Callable[[Source], Found], ...]] = {
    "boundary": (rules.compared, rules.ends_of_ranges, rules.ends_of_slices),
    "operator": (rules.operators, rules.negated, rules.methods),
    "missed case": (
        rules.statements_left_out,
        rules.conditions_left_out,
        rules.filters_left_out,
        rules.wrappers_left_out,
        rules.leaves_left_out,
    ),
    "wrong variable": (names.other_names, names.other_attributes, names.other_keys),
    "state leak": (
        state.mutable_defaults,
        state.classwide,
        state.outside_the_loop,
        state.resets_left_out,
        state.copies_left_out,
        state.shared_rows,
    ),
    "bad default": (state.defaults, state.beginnings, state.constants, state.fallbacks, state.returned),
    "off by one": (rules.indices_off, rules.steps_off, rules.constants_off, rules.counted_from),
    "swapped arguments": (names.swapped_arguments, names.swapped_operands, names.swapped_parts),
}


@dataclass(frozen=True, slots=True)
class Planted:
    """A program with one bug. `line` is where it begins in the correct file, `note` says what was done."""

    files: Mapping[str, str]
    kind: Kind
    file: str
    line: int
    note: str


class Places:
    """All places of a program for bugs, by kind and rule. Each is drawn once; Python files only."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = dict(files)
        self._sources = {name: Source(text) for name, text in sorted(files.items()) if name.endswith(".py")}
        self._left: dict[Kind, list[list[tuple[str, Change]]]] = {}
        for kind in KINDS:
            found = (list(self._places(kind, rule)) for rule in RULES[kind])
            self._left[kind] = [one for one in found if one]

    def _places(self, kind: Kind, rule: Callable[[Source], Found]) -> Iterator[tuple[str, Change]]:
        for name, source in self._sources.items():
            yield from ((name, Change(kind, splices, note)) for splices, note in rule(source))

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Kinds that have places left."""
        return tuple(kind for kind in KINDS if self._left[kind])

    def draw(self, kind: Kind, rng: np.random.Generator) -> Planted | None:
        """One more bug of a kind; None where there is none left. It parses, and another tree comes of it."""
        left = self._left[kind]
        while left:
            rule = left[int(rng.integers(len(left)))]
            name, change = rule.pop(int(rng.integers(len(rule))))
            if not rule:
                left.remove(rule)
            source = self._sources[name]
            text = _changed(source, change)
            if text is not None:
                line = source.line(min(change.splices))
                return Planted({**self._files, name: text}, kind, name, line, change.note)
        return None


def _changed(source: Source, change: Change) -> str | None:
    """The text with a change; None where it would be no Python, or the same program."""
    try:
        text = source.spliced(change)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
            compile(tree, "planted", "exec", dont_inherit=True)
    except (SourceError, SyntaxError, ValueError):
        return None
    return None if ast.dump(tree) == ast.dump(source.tree) else text


def planted(files: Mapping[str, str], rng: np.random.Generator) -> Planted | None:
    """Plant one bug in a correct program, drawn as this module says; None where there is no place for any.

    Whether a test notices is not looked at here. Raises `SourceError` for Python that does not parse.
    """
    places = Places(files)
    while kinds := places.kinds:
        found = places.draw(kinds[int(rng.integers(len(kinds)))], rng)
        if found is not None:
            return found
    return None
