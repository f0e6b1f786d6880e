"""What is drawn hangs on names, never on the order of drawing."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.core import seeds

NAMES = st.tuples(
    st.integers(0, 2**63), st.integers(0, 10**6), st.integers(0, 5), st.sampled_from(["next", "propose", "ask"])
)


def draw(name: tuple[int, int, int, str]) -> list[float]:
    return list(seeds.generator(*name).random(3))


@given(st.lists(NAMES, min_size=2, max_size=8, unique=True), st.data())
def test_streams_do_not_hang_on_order(names: list[tuple[int, int, int, str]], data: Any) -> None:
    expected = {name: draw(name) for name in names}
    assert {name: draw(name) for name in data.draw(st.permutations(names))} == expected
    assert len({tuple(one) for one in expected.values()}) == len(names)


@given(NAMES)
def test_the_words_of_a_stream_lead_to_it(name: tuple[int, int, int, str]) -> None:
    entropy, *spawn = seeds.words(*name)
    sequence = np.random.SeedSequence(entropy, spawn_key=tuple(spawn))
    assert list(np.random.Generator(np.random.Philox(sequence)).random(3)) == draw(name)


@given(st.integers(0, 2**63), st.lists(st.integers() | st.text(max_size=5), max_size=3))
def test_numbers_are_63_bits(seed: int, names: list[int | str]) -> None:
    assert 0 <= seeds.number(seed, *names) < 2**63


def test_numbers_of_different_names_differ() -> None:
    numbers = {seeds.number(seed, split, draw) for seed in range(5) for split in "ab" for draw in range(20)}
    assert len(numbers) == 200


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ((1, 0, 0, "next"), 0.5937220351163145),
        ((1, 7, 1, "propose"), 0.32206902003109106),
        ((2**40, 3, 0, "ask"), 0.7535666093766356),
    ],
)
def test_streams_stay_what_they_are(name: tuple[int, int, int, str], expected: float) -> None:
    assert seeds.generator(*name).random() == expected


def test_numbers_stay_what_they_are() -> None:
    assert seeds.number(1, "search", 0) == 3752101690922790441
