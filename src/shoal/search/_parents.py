"""Choosing parents."""

from __future__ import annotations

import math

import numpy as np

from shoal.search._archive import Member

__all__ = ["choose", "weights"]


def weights(members: tuple[Member, ...], *, pressure: float = 10.0) -> np.ndarray:
    """Selection weights, shape (len(members),), sum 1: ``sigmoid(pressure z) / (1 + children)``.

    ``z`` is the score's distance from the median in median absolute deviations, so one outlier does not flatten the
    rest (the rule of ShinkaEvolve, arXiv 2509.19349).
    """
    scores = np.array([member.score for member in members])
    scores = scores / max(1.0, float(np.max(np.abs(scores))) / 1e100)  # differences of extreme scores stay finite
    median = float(np.median(scores))
    scale = float(np.median(np.abs(scores - median))) or float(np.max(np.abs(scores - median))) or 1.0
    z = np.clip(pressure * (scores - median) / max(scale, 1e-200), -40.0, 40.0)
    raw = 1.0 / (1.0 + np.exp(-z)) / (1.0 + np.array([math.sqrt(member.children) for member in members]))
    return np.asarray(raw / raw.sum())


def choose(members: tuple[Member, ...], rng: np.random.Generator) -> Member:
    """One member by `weights`."""
    return members[int(rng.choice(len(members), p=weights(members)))]
