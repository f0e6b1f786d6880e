"""What a slow function is to a test, and random inputs for such functions."""

import random
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")


class Slow(NamedTuple):
    """A slow function.

    Attributes:
        source: its module; the entry bears the name that the function has in its table.
        arguments: makes arguments for it.
        cures: rewrites that mend it, one after the other.
        select: names that may change besides the entry.
    """

    source: str
    arguments: Callable[[random.Random], tuple[Any, ...]]
    cures: tuple[str, ...]
    select: tuple[str, ...] = ()


def numbers(rng: random.Random, *, least: int = 0, most: int = 20, top: int = 9) -> list[int]:
    return [rng.randint(0, top) for _ in range(rng.randint(least, most))]


def word(rng: random.Random, letters: str = "abc", most: int = 7) -> str:
    return "".join(rng.choice(letters) for _ in range(rng.randint(1, most)))


def words(rng: random.Random) -> list[str]:
    return [word(rng) for _ in range(rng.randint(0, 12))]


def day_of(rng: random.Random) -> str:
    """One of few days, as Germans write it."""
    return f"{rng.randint(1, 3):02}.{rng.randint(1, 4):02}.2024"


def orders(rng: random.Random) -> tuple[list[dict[str, int]], list[dict[str, Any]]]:
    customers = [{"id": k, "name": word(rng)} for k in rng.sample(range(9), 5)]
    return [{"customer": rng.randint(0, 9), "total": rng.randint(1, 50)} for _ in range(12)], customers


def graph(rng: random.Random) -> dict[int, list[int]]:
    return {k: [rng.randrange(8) for _ in range(rng.randint(0, 3))] for k in range(8)}


def weighted(rng: random.Random) -> dict[int, list[tuple[int, int]]]:
    return {k: [(rng.randrange(8), rng.randint(1, 9)) for _ in range(rng.randint(0, 4))] for k in range(8)}


def matrices(rng: random.Random) -> tuple[list[list[int]], list[list[int]]]:
    n, m, k = (rng.randint(1, 4) for _ in range(3))
    return [numbers(rng, least=m, most=m) for _ in range(n)], [numbers(rng, least=k, most=k) for _ in range(m)]


def merged(*tables: dict[str, T]) -> dict[str, T]:
    """All of them in one; ValueError where one would hide what another has by the same name."""
    found: dict[str, T] = {}
    for table in tables:
        if twice := found.keys() & table.keys():
            raise ValueError(f"{', '.join(sorted(twice))}: such programs are there already")
        found |= table
    return found
