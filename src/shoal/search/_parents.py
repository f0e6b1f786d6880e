"""Another rule for the parent of an edit of structure, which looks at single instances where there are several.

It is pure and takes plain numbers, as the decisions do. Edits of numbers stay with the line that
`_decisions.select_parent` says, whatever the rule: a walk must not be cut in pieces.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

__all__ = ["CLIMB", "LEXICASE", "PARENT_RULES", "choose", "lexicase"]

CLIMB, LEXICASE = "climb", "lexicase"  # the first, the default, is `_decisions.select_parent` for all edits
PARENT_RULES = (CLIMB, LEXICASE)
SAMPLED = 0.5  # share of the instances that a lexicase draw looks at


def lexicase(values: np.ndarray, rng: np.random.Generator) -> int:
    """Whoever stays when only the best on one instance after another stay, in a random order of a random half.

    Down-sampled lexicase (Hernandez and others 2019); the best of an instance are those within the median absolute
    deviation of its values (epsilon-lexicase, La Cava and others 2016), for equal values are rare.

    Args:
        values: the scores of each line's best program by instance, shape (lines, instances), higher is better.
        rng: the only source of chance.

    Returns:
        An index into the lines.
    """
    left = np.arange(len(values))
    with np.errstate(over="ignore"):  # infinite slack: nobody leaves
        slack = np.median(np.abs(values - np.median(values, axis=0)), axis=0)
        for instance in rng.permutation(values.shape[1])[: math.ceil(SAMPLED * values.shape[1])]:
            column = values[left, instance]
            left = left[column >= column.max() - slack[instance]]
    return int(rng.choice(left))


def choose(rule: str, values: Sequence[Sequence[float]], rng: np.random.Generator) -> int | None:
    """Which line the rule takes; None for `CLIMB`, and where there is one instance, or lines do not have the same."""
    if rule != LEXICASE or len({len(one) for one in values}) != 1 or len(values[0]) < 2:
        return None
    return lexicase(np.array(values), rng)
