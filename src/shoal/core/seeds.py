"""Seeds by name, not by order: what a work item draws depends on its number and purpose, never on timing."""

from __future__ import annotations

import hashlib
from functools import lru_cache

import numpy as np

__all__ = ["generator", "number", "words"]


@lru_cache(maxsize=256)
def _purpose_word(purpose: str) -> int:
    return int.from_bytes(hashlib.sha256(purpose.encode()).digest()[:4], "big")


def words(run_seed: int, k: int, attempt: int, purpose: str) -> tuple[int, ...]:
    """The entropy words that name one stream; send these where a generator cannot go (another process)."""
    return (run_seed, k, attempt, _purpose_word(purpose))


def generator(run_seed: int, k: int, attempt: int, purpose: str) -> np.random.Generator:
    """The generator of ``purpose`` for attempt ``attempt`` of work item ``k``."""
    sequence = np.random.SeedSequence(run_seed, spawn_key=(k, attempt, _purpose_word(purpose)))
    return np.random.Generator(np.random.Philox(sequence))


def number(run_seed: int, *names: str | int) -> int:
    """A 63-bit seed named by ``names``; equal names give equal seeds (common random numbers)."""
    text = "\x1f".join([str(run_seed), *(str(name) for name in names)])
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1
