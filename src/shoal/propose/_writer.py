"""The first program of a task that has none: a model writes it from what the task says to those who solve it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from shoal.core.untrusted import untrusted
from shoal.core.values import Brief, Candidate, Proposal, Source
from shoal.propose._model import ModelProposer
from shoal.propose._prompt import (
    DESCRIPTION_CHARACTERS,
    FAIR_PLAY,
    FEEDBACK_CHARACTERS,
    FEEDBACK_LINES,
    LEAST_FEEDBACK,
    WHOLE,
    Assignment,
    Data,
    TooLongError,
    composed,
    program_text,
    task_told,
)

__all__ = ["Contract", "Writer", "first_prompt"]

_SYSTEM = (
    "You write the first version of a computer program that is scored by a judge you cannot see. It will be improved "
    "later on, so a plain method that is surely right is better than a clever one that may fail. You answer with the "
    "program itself, in exactly the form asked for, after at most a few sentences of reasoning."
)


@dataclass(frozen=True, slots=True)
class Contract:
    """How the judge uses a program, for somebody who sees none: sentences; ``entry`` are functions it must define."""

    sentences: tuple[str, ...]
    entry: tuple[str, ...] = ()


class Writer(ModelProposer):
    """Asks the model that the payload names for a program that nothing comes before. See `ModelProposer`.

    The payload has "model", "task" ("first") and, after an answer that came to nothing, "feedback"; the program of that
    answer, where it had one, is the inspiration.
    """

    def __init__(self, *parts: Any, contract: Contract) -> None:
        super().__init__(*parts)
        self.contract = contract

    async def propose(self, brief: Brief, rng: np.random.Generator) -> Proposal:
        """One reply, as a program; without files and with the reason where it cannot be used."""
        blank = Source(Candidate(id="", parents=(), files={}, normal="", origin=""), {self.mutable.main: b""})
        return await super().propose(replace(brief, parents=(blank,)), rng)

    def messages(self, brief: Brief, *, nonce: str, most: int) -> list[dict[str, str]]:
        """What the model is told."""
        feedback = brief.payload.get("feedback", "")
        return first_prompt(
            self.assignment, self.contract, last=brief.inspirations, nonce=nonce, most=most, feedback=feedback
        )


def first_prompt(
    assignment: Assignment,
    contract: Contract,
    *,
    last: Sequence[Source] = (),
    nonce: str,
    most: int,
    feedback: str = "",
) -> list[dict[str, str]]:
    """The messages that ask for a first program, at most ``most`` bytes of text.

    Args:
        assignment: the task.
        contract: how the judge uses the program.
        last: the program of the last answer, at most one; left out where there is no room.
        nonce: a word that nothing in the run can know.
        most: bytes.
        feedback: what was wrong with the last answer.

    Raises:
        TooLongError: there is no room for the task itself.
    """
    for shown, told in ((last, feedback), ((), feedback), ((), feedback[:LEAST_FEEDBACK])):
        parts = _parts(assignment, contract, shown, data=Data(nonce), feedback=told)
        messages, size = composed(_SYSTEM, FAIR_PLAY, parts, nonce=nonce)
        if size <= most:
            return messages
    raise TooLongError(f"the prompt has {size:,} bytes with the task alone; at most {most:,} are sent")


def _parts(
    assignment: Assignment, contract: Contract, last: Sequence[Source], *, data: Data, feedback: str
) -> list[str]:
    entry = f" It must define the functions {', '.join(contract.entry)} at its top level." if contract.entry else ""
    parts = [
        *task_told(assignment, data),
        "# The program",
        f"It is one file, {assignment.main}.{entry}",
        data(untrusted("\n".join(contract.sentences), limit=DESCRIPTION_CHARACTERS, lines=200)),
    ]
    for one in last:
        parts += ["# Your last program", data(program_text(assignment, one))]
    if feedback:
        heading = "## What was wrong with it" if last else "## What was wrong with your last answer"
        parts += [heading, data(untrusted(feedback, limit=FEEDBACK_CHARACTERS, lines=FEEDBACK_LINES))]
    return [*parts, "# What to do", "Write the program.", WHOLE.format(language=assignment.language)]
