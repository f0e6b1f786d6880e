"""A person between agents and their promotion: what is asked, and the service that asks while a run goes on."""

from __future__ import annotations

import difflib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import anyio
import numpy as np

from shoal.core.values import Answer, CandidateId, Files, Json, Source

__all__ = ["Person", "PersonService", "Question", "difference"]

DIFF_CHARACTERS = 20_000


@dataclass(frozen=True, slots=True)
class Question:
    """May ``candidate`` follow ``champion`` in a run? ``diff`` is the unified diff of their files, text of agents."""

    run: str
    candidate: CandidateId
    champion: CandidateId
    diff: str
    final: bool = False  # as the run's final agent, not as its leader


Person = Callable[[Question], Awaitable[bool | None]]
"""Who is shown a question and says yes or no; None where the study is being stopped before there is an answer."""


class PersonService:
    """A `Service`: see `shoal.guard.APPROVE`. While no answer comes, the run waits."""

    def __init__(self, run: str, person: Person) -> None:
        self.run, self.person = run, person

    async def answer(
        self, payload: Json, sources: Callable[[CandidateId], Source], rng: np.random.Generator, *, k: int
    ) -> Answer:
        """See `Service.answer`."""
        candidate, champion = payload["candidate"], payload["champion"]
        diff = difference(sources(champion).files, sources(candidate).files)
        said = await self.person(Question(self.run, candidate, champion, diff))
        if said is None:  # the loop, which was told to stop, ends this wait
            await anyio.sleep_forever()
        return Answer({"approved": bool(said)})


def difference(before: Files, after: Files) -> str:
    """The unified diff of two agents' files, as far as `DIFF_CHARACTERS` go."""
    texts: list[str] = []
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            old, new = (
                files[name].decode(errors="replace").splitlines(keepends=True) if name in files else []
                for files in (before, after)
            )
            texts += difflib.unified_diff(old, new, f"a/{name}", f"b/{name}")
    return "".join(texts)[:DIFF_CHARACTERS]
