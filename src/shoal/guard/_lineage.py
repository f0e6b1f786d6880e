"""Who descends from whom: an append-only record as plain, shared state."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from shoal.core.values import CandidateId

__all__ = ["Lineage"]

CHUNK = 256
Birth = tuple[CandidateId, tuple[CandidateId, ...]]


@dataclass(frozen=True, slots=True)
class Lineage:
    """Births in order. Full chunks are shared between states, so that a birth costs the same early and late."""

    full: tuple[tuple[Birth, ...], ...] = ()
    open: tuple[Birth, ...] = ()

    def born(self, id: CandidateId, parents: tuple[CandidateId, ...]) -> Lineage:
        """With one more candidate, younger than all others."""
        grown = (*self.open, (id, parents))
        return Lineage(self.full, grown) if len(grown) < CHUNK else Lineage((*self.full, grown), ())

    def descendants(self, ids: Collection[CandidateId]) -> frozenset[CandidateId]:
        """``ids`` and everything that comes from them, through any parent. Linear in the number of births."""
        found = set(ids)
        for chunk in (*self.full, self.open):
            for id, parents in chunk:
                if not found.isdisjoint(parents):
                    found.add(id)
        return frozenset(found)
