"""Jails shared by all tests of this folder: starting one costs more than a hundred evaluations in it."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.evaluate.benches import HONEST, Bench, Benches
from tests.evaluate.benches import benches as make_benches


@pytest.fixture(scope="session")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="session")
def benches(runner: asyncio.Runner) -> Iterator[Benches]:
    yield from make_benches(runner)


@pytest.fixture
def honest(benches: Benches) -> Bench:
    return benches(HONEST)
