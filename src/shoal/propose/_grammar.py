"""A probabilistic grammar of expressions: how often Python code builds what, and where.

The counts are learned from the standard library (`scripts/grammar.py` writes them); they know little of numpy and
of formulas, so each draw mixes them with a prior written by hand (`_grammar_prior`). What a table has no count for is
drawn from the prior alone.
"""

import hashlib
import json
from bisect import bisect
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np

from shoal.core.errors import ShoalError
from shoal.propose._grammar_prior import LEARNED_AS, PRIOR

TABLE = Path(__file__).with_name("grammar.json")
LEARNED = 0.3
"""Share of each draw that follows the learned counts; the rest follows the prior."""


class GrammarError(ShoalError):
    """The table on disk is not the one that its own hash names."""


def counts_digest(counts: Mapping[str, Any]) -> str:
    """SHA-256 in hex of a table's counts, as JSON without spaces in their own order."""
    return hashlib.sha256(json.dumps(counts, separators=(",", ":")).encode()).hexdigest()


def load(path: Path = TABLE) -> dict[str, dict[str, dict[str, int]]]:
    """Read counts[table][role][entry] from a file; raises GrammarError when they do not have the hash beside them."""
    held = json.loads(path.read_text())
    counts: dict[str, dict[str, dict[str, int]]] = held["counts"]
    if counts_digest(counts) != held["sha256"]:
        raise GrammarError(f"{path.name}: the counts are not those of sha256 {held['sha256']}; run scripts/grammar.py")
    return counts


@cache
def counts() -> dict[str, dict[str, dict[str, int]]]:
    """The shipped counts, read when first asked for."""
    return load()


def draw(rng: np.random.Generator, table: str, role: str, options: tuple[str, ...]) -> str:
    """One of some options of a table, as likely as the mixture says where `role` is where it will stand."""
    return options[bisect(_steps(table, role, options), float(rng.random()), hi=len(options) - 1)]


@cache
def _steps(table: str, role: str, options: tuple[str, ...]) -> list[float]:
    return list(accumulate(probabilities(table, role, options)))


def probabilities(table: str, role: str, options: Sequence[str]) -> list[float]:
    """The mixture over some options; they sum to 1.

    Args:
        table: a table of the counts, such as "operators".
        role: where the expression stands, such as "return" or "+ right".
        options: entries of the prior of that table; those that one learned entry stands for share its count.
    """
    prior = _shares([PRIOR[table].get(option, 0.0) for option in options])
    row = counts().get(table, {}).get(role, {})
    classes = [LEARNED_AS.get(table, {}).get(option, option) for option in options]
    together: dict[str, float] = {}
    for one, weight in zip(classes, prior, strict=True):
        together[one] = together.get(one, 0.0) + weight
    parts = [row.get(c, 0) * p / together[c] if together[c] else 0.0 for c, p in zip(classes, prior, strict=True)]
    if not any(parts):
        return prior
    return [LEARNED * seen + (1 - LEARNED) * p for seen, p in zip(_shares(parts), prior, strict=True)]


def _shares(weights: Sequence[float]) -> list[float]:
    total = sum(weights)
    return [w / total for w in weights] if total else [1.0 / len(weights)] * len(weights)
