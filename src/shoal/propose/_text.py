"""Edits of programs in other languages than Python: their numbers change, and nothing else."""

from collections.abc import Mapping
from typing import Any, cast

import numpy as np

from shoal.core.errors import ShoalError
from shoal.propose import _numbers
from shoal.propose._draft import Change, Draft, ImpossibleError
from shoal.propose._services import ENTRANCES
from shoal.syntax._characters import check_invisible
from shoal.syntax._embedding import embedded_text
from shoal.syntax._program import Program
from shoal.syntax._text import TextProgram

__all__ = ["TEXT_OPERATORS", "edit_text"]

TEXT_OPERATORS = {
    operator.name: operator
    for operator in _numbers.OPERATORS
    if operator.name in ("jitter", "values", "again", "swap_numbers", "reset_number")
}
TRIES = 16


def edit_text(request: Mapping[str, Any], rng: np.random.Generator) -> dict[str, Any]:
    """Answer one request about a text, as `edit` does for Python: the operators above, and the services but "trace"."""
    try:
        program = _program(request)
        operator = request.get("operator")
        if operator in ENTRANCES:
            return _entered(program, request)
        if operator == "embed":
            return _reply(program, "as a vector", embedded_text(program)._asdict())
        if operator == "intents":
            return _reply(program, "0 intents", {"intents": []})
        if operator == "inspect":
            return _reply(program, f"{len(program.live)} numbers", _inspected(program))
        return _edited(program, request, rng)
    except (ImpossibleError, ShoalError) as error:
        return {"failed": str(error)}


def _program(request: Mapping[str, Any]) -> TextProgram:
    source, select = request.get("source"), request.get("select", "all")
    if not isinstance(source, str) or select not in ("all", "marked"):
        raise ImpossibleError('a request about a text needs its source, and select "all" or "marked"')
    return TextProgram(source, select=select)


def _entered(program: TextProgram, request: Mapping[str, Any]) -> dict[str, Any]:
    """As "describe" and "check" answer for Python: what hides is refused, and a frozen part that is not as it was."""
    check_invisible(request["source"])
    payload = request.get("payload") or {}
    against = {**request, "source": payload.get("against")}
    if request["operator"] == "check" and _program(against).frozen_hash != program.frozen_hash:
        raise ImpossibleError("the frozen part was changed")
    return _reply(program, "as it is", embedded_text(program)._asdict() if payload.get("embed") else {})


def _reply(program: TextProgram, note: str, details: Mapping[str, Any]) -> dict[str, Any]:
    described = {
        "shape": program.shape,
        "size": program.size,
        "literals": len(program.live),
        "frozen": program.frozen_hash,
    }
    return {"source": program.source, "normal": program.normal_hash, "note": note, "details": {**described, **details}}


def _inspected(program: TextProgram) -> dict[str, Any]:
    slots = program.literals.slots
    return {
        "values": [slot.value for slot in slots],
        "kinds": [slot.kind for slot in slots],
        "lines": [slot.line for slot in slots],
        "lower": [None] * len(slots),
        "upper": [None] * len(slots),
    }


def _edited(program: TextProgram, request: Mapping[str, Any], rng: np.random.Generator) -> dict[str, Any]:
    operator = TEXT_OPERATORS.get(str(request.get("operator")))
    if operator is None:
        raise ImpossibleError(f"{request.get('operator')} edits Python; of other languages only numbers change")
    # number operators ask a program for its numbers and for nothing that a text has not
    draft = Draft(cast(Program, program), rng, payload=request.get("payload") or {})
    for _ in range(1 if operator.needs else TRIES):
        change = operator.change(draft)
        if change is not None and (made := _made(program, change)) is not None:
            return _reply(made, change.note, change.details)
    raise ImpossibleError(f"{operator.name}: the program would stay the same")


def _made(program: TextProgram, change: Change) -> TextProgram | None:
    made = TextProgram(program.spliced(program.number_splices(change.numbers)), select=program.select)
    return made if made.normal_hash != program.normal_hash else None
