"""CMA-ES finds the bottom of bowls in as few samples as the reference does."""

from collections.abc import Callable
from statistics import median

import cmaes
import numpy as np
import pytest

from shoal.search._cma import FULL, Cma, ask, start, tell
from tests.core.toys import same

Function = Callable[[np.ndarray], float]


def sphere(x: np.ndarray) -> float:
    return float(np.sum(x**2))


def ellipsoid(x: np.ndarray) -> float:
    return float(np.sum(1e4 ** np.linspace(0, 1, len(x)) * x**2))


TURN = np.linalg.qr(np.random.default_rng(7).normal(size=(5, 5)))[0]


def rotated(x: np.ndarray) -> float:
    return ellipsoid(TURN @ x)


def generation(cma: Cma, function: Function, rng: np.random.Generator) -> tuple[Cma, float]:
    samples = np.array([ask(cma, rng) for _ in range(cma.population)])
    values = np.array([function(x) for x in samples])
    return tell(cma, samples, -values), float(values.min())


def ours(function: Function, n: int, seed: int, *, most: int) -> int:
    rng, cma, used = np.random.default_rng(seed), start(np.full(n, 2.0), sigma=0.5), 0
    while used < most:
        cma, best = generation(cma, function, rng)
        used += cma.population
        if best < 1e-8:
            return used
    raise AssertionError(f"no value below 1e-8 in {most} samples")


def reference(function: Function, n: int, seed: int, *, most: int) -> int:
    optimizer, used = cmaes.CMA(mean=np.full(n, 2.0), sigma=0.5, seed=seed), 0
    while used < most:
        rows = [(x, function(x)) for x in (optimizer.ask() for _ in range(optimizer.population_size))]
        optimizer.tell(rows)
        used += len(rows)
        if min(value for _, value in rows) < 1e-8:
            return used
    raise AssertionError(f"no value below 1e-8 in {most} samples")


@pytest.mark.parametrize(
    ("function", "n", "most"), [(sphere, 2, 600), (sphere, 8, 1600), (ellipsoid, 5, 2400), (rotated, 5, 2400)]
)
def test_the_bottom_is_found_about_as_fast_as_by_the_reference(function: Function, n: int, most: int) -> None:
    mine = median(ours(function, n, seed, most=most) for seed in range(3))
    theirs = median(reference(function, n, seed, most=2 * most) for seed in range(3))
    assert mine < 1.6 * theirs


def test_many_numbers_use_a_diagonal() -> None:
    n = FULL + 6
    cma = start(np.full(n, 1.0), sigma=0.3)
    rng = np.random.default_rng(1)
    assert cma.covariance.shape == (n,)
    first = sphere(cma.mean)
    for _ in range(250):
        cma, _ = generation(cma, sphere, rng)
    assert cma.covariance.shape == (n,)
    assert sphere(cma.mean) < 1e-3 * first


def test_the_default_population_is_the_tutorials() -> None:
    sizes = [start(np.zeros(n), sigma=1.0).population for n in (1, 2, 10, 64)]
    assert sizes == [4, 6, 10, 16]
    assert start(np.zeros(3), sigma=1.0, population=9).population == 9


@pytest.mark.parametrize("n", [2, 5, FULL + 1])
def test_neither_asking_nor_telling_changes_what_it_is_given(n: int) -> None:
    rng = np.random.default_rng(3)
    cma, _ = generation(start(np.zeros(n), sigma=0.5), sphere, rng)
    copy = Cma(
        cma.mean.copy(),
        cma.sigma,
        cma.covariance.copy(),
        cma.path_c.copy(),
        cma.path_sigma.copy(),
        cma.generation,
        cma.population,
    )
    samples = np.array([ask(cma, rng) for _ in range(cma.population)])
    kept = samples.copy()
    tell(cma, samples, -np.array([sphere(x) for x in samples]))
    assert same(cma, copy)
    assert same(samples, kept)


def test_failures_rank_last() -> None:
    cma = start(np.zeros(3), sigma=0.5, population=8)
    rng = np.random.default_rng(5)
    samples = np.array([ask(cma, rng) for _ in range(8)])
    scores = -np.array([sphere(x) for x in samples])
    worst = np.argsort(scores)[:4]
    failed = scores.copy()
    failed[worst] = -np.inf
    one, other = tell(cma, samples, scores), tell(cma, samples, failed)
    assert np.array_equal(one.mean, other.mean)
    assert np.isfinite(other.covariance).all()


def test_only_the_order_of_scores_counts() -> None:
    cma = start(np.zeros(4), sigma=0.5)
    rng = np.random.default_rng(6)
    samples = np.array([ask(cma, rng) for _ in range(cma.population)])
    scores = -np.array([sphere(x) for x in samples])
    assert same(tell(cma, samples, scores), tell(cma, samples, np.exp(scores) * 1e6))


def test_a_flat_landscape_does_not_break_it() -> None:
    cma = start(np.zeros(4), sigma=0.5)
    rng = np.random.default_rng(8)
    for _ in range(300):
        cma, _ = generation(cma, lambda x: 1.0, rng)
    assert np.isfinite(cma.mean).all()
    assert np.isfinite(cma.sigma)
    assert np.isfinite(cma.covariance).all()
