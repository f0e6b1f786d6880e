"""CMA-ES as plain arrays: state in, state out (Hansen, The CMA Evolution Strategy: A Tutorial, arXiv 1604.00772).

Equation numbers are the tutorial's. The covariance is full up to `FULL` dimensions and diagonal above (sep-CMA-ES,
Ros and Hansen 2008), so a step costs at most O(FULL^2) per sample.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

__all__ = ["Cma", "ask", "root", "start", "tell"]

FULL = 64
TINY = 1e-20
Array = np.ndarray


@dataclass(frozen=True, slots=True)
class Cma:
    """Mean (n,), step size, covariance (n, n) or its diagonal (n,), the two paths (n,), and the generation."""

    mean: Array
    sigma: float
    covariance: Array
    path_c: Array
    path_sigma: Array
    generation: int
    population: int

    @property
    def size(self) -> int:
        """Number of dimensions n."""
        return len(self.mean)


def start(mean: Array, *, sigma: float, population: int | None = None) -> Cma:
    """A fresh strategy around ``mean`` (n,); the default population is 4 + floor(3 ln n) (eq. 48)."""
    n = len(mean)
    shape = np.eye(n) if n <= FULL else np.ones(n)
    return Cma(mean, sigma, shape, np.zeros(n), np.zeros(n), 0, population or 4 + int(3 * math.log(n)))


def root(cma: Cma) -> Array:
    """The covariance's root B D (n, n), or that of its diagonal (n,): for who samples a generation one by one."""
    if cma.covariance.ndim == 1:
        return np.asarray(np.sqrt(cma.covariance))
    values, vectors = _eigen(cma.covariance)
    return np.asarray(vectors * np.sqrt(values))


def ask(cma: Cma, rng: np.random.Generator, *, rooted: Array | None = None) -> Array:
    """One sample, shape (n,): mean + sigma * N(0, C) (eq. 38-40); ``rooted`` is the `root`, where it is known."""
    z = rng.standard_normal(cma.size)
    if rooted is not None:
        return np.asarray(cma.mean + cma.sigma * (rooted * z if rooted.ndim == 1 else rooted @ z))
    if cma.covariance.ndim == 1:
        return np.asarray(cma.mean + cma.sigma * np.sqrt(cma.covariance) * z)
    values, vectors = _eigen(cma.covariance)
    return np.asarray(cma.mean + cma.sigma * (vectors @ (np.sqrt(values) * z)))


def tell(cma: Cma, samples: Array, scores: Array) -> Cma:
    """Learn from ``samples`` (m, n) and their ``scores`` (m,), higher is better; -inf for failures. m >= 2."""
    n, m = cma.size, len(samples)
    raw = math.log((m + 1) / 2) - np.log(np.arange(1, m + 1))  # eq. 49
    mu = m // 2
    weights = raw[:mu] / raw[:mu].sum()
    mu_eff = 1.0 / float(np.sum(weights**2))
    c_sigma = (mu_eff + 2) / (n + mu_eff + 5)  # eq. 55
    d_sigma = 1 + 2 * max(0.0, math.sqrt((mu_eff - 1) / (n + 1)) - 1) + c_sigma
    c_c = (4 + mu_eff / n) / (n + 4 + 2 * mu_eff / n)  # eq. 56
    c_1 = 2 / ((n + 1.3) ** 2 + mu_eff)  # eq. 57
    c_mu = min(1 - c_1, 2 * (mu_eff - 2 + 1 / mu_eff) / ((n + 2) ** 2 + mu_eff))  # eq. 58
    if cma.covariance.ndim == 1:
        c_1, c_mu = min(1.0, c_1 * (n + 2) / 3), min(0.9, c_mu * (n + 2) / 3)
        c_mu = min(c_mu, 1 - c_1)
    expected = math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n))

    steps = (samples[np.argsort(-scores, kind="stable")] - cma.mean) / cma.sigma
    step = weights @ steps[:mu]  # eq. 41
    whiten = _whitener(cma)
    path_sigma = (1 - c_sigma) * cma.path_sigma + math.sqrt(c_sigma * (2 - c_sigma) * mu_eff) * whiten(step)
    norm = float(np.linalg.norm(path_sigma))
    decay = math.sqrt(1 - (1 - c_sigma) ** (2 * (cma.generation + 1)))
    h = 1.0 if norm / decay < (1.4 + 2 / (n + 1)) * expected else 0.0
    path_c = (1 - c_c) * cma.path_c + h * math.sqrt(c_c * (2 - c_c) * mu_eff) * step  # eq. 45
    keep = 1 - c_1 - c_mu + (1 - h) * c_1 * c_c * (2 - c_c)
    if cma.covariance.ndim == 1:
        covariance = keep * cma.covariance + c_1 * path_c**2 + c_mu * (weights @ steps[:mu] ** 2)
    else:
        negative = _negative(raw[mu:], n, mu_eff, c_1, c_mu)
        lengths = np.sum(whiten(steps[mu:].T) ** 2, axis=0)
        each = np.concatenate(
            [weights, negative * n / np.maximum(lengths, TINY)]
        )  # eq. 46: no step weighs by its length
        keep -= c_mu * float(negative.sum())
        covariance = keep * cma.covariance + c_1 * np.outer(path_c, path_c) + c_mu * (steps.T * each) @ steps  # eq. 47
    return replace(
        cma,
        mean=cma.mean + cma.sigma * step,
        sigma=cma.sigma * math.exp(min(1.0, c_sigma / d_sigma * (norm / expected - 1))),  # eq. 44
        covariance=covariance,
        path_c=path_c,
        path_sigma=path_sigma,
        generation=cma.generation + 1,
    )


def _negative(raw: Array, n: int, mu_eff: float, c_1: float, c_mu: float) -> Array:
    """The weights of the worse half: directions that lost are forgotten as those that won are learnt (eq. 50-53)."""
    total = -float(raw.sum())
    mu_eff_minus = total**2 / float(np.sum(raw**2))
    most = min(1 + c_1 / c_mu, 1 + 2 * mu_eff_minus / (mu_eff + 2), (1 - c_1 - c_mu) / (n * c_mu))
    return np.asarray(most * raw / total)


def _eigen(covariance: Array) -> tuple[Array, Array]:
    values, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
    return np.maximum(values, TINY), vectors


def _whitener(cma: Cma) -> Callable[[Array], Array]:
    """What multiplies a step (n,), or steps (n, k), by C^(-1/2)."""
    if cma.covariance.ndim == 1:
        return lambda step: np.asarray(step / np.sqrt(cma.covariance))
    values, vectors = _eigen(cma.covariance)
    inverse = (vectors / np.sqrt(values)) @ vectors.T
    return lambda step: np.asarray(inverse @ step)
