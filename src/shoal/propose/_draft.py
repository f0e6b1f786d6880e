"""What an edit operator works with, and what it hands back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np

from shoal.syntax._program import Program, Splice, read
from shoal.syntax._serial import Number
from shoal.syntax._source import SourceError
from shoal.syntax._types import KINDS
from shoal.syntax._use import Hints

T = TypeVar("T")


class ImpossibleError(Exception):
    """The operator has nothing to work on in this program; trying again would not help."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a program's text, not yet checked.

    Attributes:
        note: what changed, short, for people.
        splices: pieces of text to replace.
        numbers: index of a tunable number and its new value; where given, nothing else changes.
        details: plain data for the search.
    """

    note: str
    splices: Sequence[Splice] = ()
    numbers: Sequence[tuple[int, Number]] = ()
    details: Mapping[str, Any] = field(default_factory=dict)


class Draft:
    """One program to be edited.

    Attributes:
        program: the parent.
        rng: the only source of chance.
        payload: parameters of the operator.
        public: the task's public functions, each with how many arguments it takes.
        sign: +1.0 where more of what they return is better, -1.0 where less is.
        option: the number of the option that the first pick takes; None where that is drawn.
        options: how many options the first pick had; 0 before it.
    """

    def __init__(
        self,
        program: Program,
        rng: np.random.Generator,
        *,
        donors: Sequence[str] = (),
        payload: Mapping[str, Any],
        public: Mapping[str, int] | None = None,
        sign: float = 1.0,
        option: int | None = None,
    ) -> None:
        self.program = program
        self.rng = rng
        self.payload = payload
        self.public = public or {}
        self.sign = sign
        self.option = option
        self.options = 0
        self._donors = donors

    def donors(self) -> list[Program]:
        """The donors that parse, whole: all of a donor may be copied."""
        found = []
        for source in self._donors:
            try:
                found.append(read(source, select=self.program.select, entry=self.program.entry))
            except SourceError:
                continue
        if not found:
            raise ImpossibleError("no donor")
        return found

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return bool(self.rng.random() < probability)

    def pick(self, options: Sequence[T]) -> T:
        """One of the options, each as likely; raises ImpossibleError when there is none."""
        if not options:
            raise ImpossibleError("nothing in this program to work on")
        first, self.options = not self.options, self.options or len(options)
        if first and self.option is not None:
            return options[self.option % len(options)]
        return options[int(self.rng.random() * len(options))]

    def few(self, most: int) -> int:
        """1 to `most`, mostly 1, rarely many: P(at least k) = k^-1.5."""
        u = 1.0 - float(self.rng.random())
        return int(min(most, u ** (-1 / 1.5)))

    def number(self, name: str, default: float, *, low: float, high: float) -> float:
        """A number of the payload, within bounds; raises ImpossibleError when it is not a number."""
        value = self.payload.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise ImpossibleError(f"{name} is {value!r}; it must be a number from {low} to {high}")
        return float(value)

    def hints(self) -> Hints:
        """Payload "types": function -> name -> type, as a trace of a run found them; they overrule every guess.

        A type is a word of `shoal.syntax._types.KINDS`, for arrays perhaps with symbols of their lengths: "array:k".
        Raises ImpossibleError for anything else.
        """
        types = self.payload.get("types") or {}
        if not isinstance(types, dict) or not all(_are_types(names) for names in types.values()):
            known = ", ".join(sorted(KINDS))
            raise ImpossibleError(f"types must be a table: function -> name -> type, types among {known}")
        return types

    def sequence(self, name: str) -> list[Any]:
        """A list of the payload; raises ImpossibleError when it is none."""
        value = self.payload.get(name)
        if not isinstance(value, list | tuple):
            raise ImpossibleError(f"{name} must be a list")
        return list(value)


def _are_types(names: object) -> bool:
    return isinstance(names, dict) and all(
        isinstance(n, str) and isinstance(kind, str) and kind.partition(":")[0] in KINDS for n, kind in names.items()
    )


@dataclass(frozen=True, slots=True)
class Operator:
    """An edit by name.

    Attributes:
        name: what requests call it.
        family: "numbers", "tree", "recombine", "structure", "idioms", "polish", "rewrites" or
            "baseline".
        change: proposes a change; None when this try led nowhere.
        needs: "donors", "payload", "public" or "": what a request must bring.
    """

    name: str
    family: str
    change: Callable[[Draft], Change | None]
    needs: str = ""
