"""Edits for prompts: an operator drawn by its weight in the island search, made by the jailed editor."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from shoal.propose import Editor
from shoal.search import ARMS
from shoal.search._arms import KIND_OF
from shoal.search._islands import LOG_SIGMA
from shoal.serve._prompt import Wanted

__all__ = ["Edit", "edited"]

TRIES = 8
DONOR_SHARE = 0.25
"""How often an edit takes something from another program, where the prompt shows one."""

TEXT_OPERATORS = ("jitter", "swap_numbers", "reset_number")
Arms = Sequence[tuple[str, float]]


class Edit(NamedTuple):
    """An edited program, the edit's name, and what changed, in words."""

    program: str
    name: str
    note: str


async def edited(editor: Editor, wanted: Wanted, rng: np.random.Generator) -> Edit | None:
    """One edit of the wanted program; None where the editor cannot read it or finds none.

    The same program and generator give the same edit.
    """
    request = await _readable(editor, wanted)
    if request is None:
        return None
    for operator, payload in _drawn(wanted, str(request["language"]), rng):
        asked = {**request, "operator": operator, "payload": payload, "donors": list(wanted.donors)}
        reply = await _asked(editor, asked, seed=rng.integers(0, 1 << 32, size=4).tolist())
        if "failed" not in reply and reply["source"].rstrip("\n") != wanted.program:
            return Edit(reply["source"], str(reply["details"].get("operator", operator)), str(reply["note"]))
    return None


async def _readable(editor: Editor, wanted: Wanted) -> dict[str, Any] | None:
    """The first way of reading the program that works: as Python with its entries, without them, as other text."""
    base = {"source": wanted.program, "select": "marked" if wanted.marked else "all"}
    ways: list[dict[str, Any]] = [{**base, "language": "text", "entry": []}]
    if wanted.language == "python":
        ways = [{**base, "language": "python", "entry": entry} for entry in (list(wanted.entry), [])] + ways
    for way in ways:
        if "failed" not in await _asked(editor, {**way, "operator": "inspect"}):
            return way
    return None


async def _asked(editor: Editor, request: dict[str, Any], *, seed: Sequence[int] = (0,)) -> dict[str, Any]:
    """The editor's reply; who leaves while waiting must not cut a frame to it in two."""
    return await asyncio.shield(editor.ask(request, seed=seed))


def _drawn(wanted: Wanted, language: str, rng: np.random.Generator) -> Iterator[tuple[str, dict[str, Any]]]:
    """Operators to try, one after another, with their parameters."""
    kinds = _arms(language)
    for _ in range(TRIES):
        arms = kinds[int(rng.integers(len(kinds)))]
        if language == "python" and wanted.donors and rng.random() < DONOR_SHARE:
            arms = _donor_arms()
        weights = np.array([weight for _, weight in arms])
        operator = arms[int(rng.choice(len(arms), p=weights / weights.sum()))][0]
        sigma = round(math.exp(rng.uniform(*LOG_SIGMA)), 6)
        yield operator, {"sigma": sigma} if operator in ("jitter", "row_jitter") else {}
    if language == "python":
        yield "any", {}


@cache
def _arms(language: str) -> tuple[Arms, ...]:
    """Operators with their weights, by kind of work (each kind as likely): those that need nothing but a program."""
    free = [arm for arm in ARMS if _needs(arm[0]) == ""]
    if language == "text":
        return ([arm for arm in free if arm[0] in TEXT_OPERATORS],)
    return tuple([arm for arm in free if KIND_OF[arm[0]] == kind] for kind in ("numbers", "structure"))


@cache
def _donor_arms() -> Arms:
    return [arm for arm in ARMS if _needs(arm[0]) == "donors"]


def _needs(name: str) -> str:
    """What the editor needs for this operator besides a program."""
    from shoal.propose._edit import OPERATORS

    if name in OPERATORS:
        return OPERATORS[name].needs
    return "" if name == "independent" else "a search"
