"""Whether a model's answer is a new program, found out before an evaluation is paid for.

The editor makes a vector of each program's syntax (`shoal.syntax._embedding`), for nothing. Where the pool has a model
that embeds, the programs that are nearest by it are looked at by that model's vectors too. What is too near a program
of its island is refused, unless a judge, another model of the pool, says that it is meaningfully different.
"""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from shoal.core.replies import Replies
from shoal.core.values import Brief, Counted, Digest, Json, Proposal, Source
from shoal.models import ChatClient, Member
from shoal.propose._calls import Calls
from shoal.propose._client import Editor
from shoal.propose._embedded import Mutable
from shoal.propose._prompt import Assignment, TooLongError, comparison, fresh_word
from shoal.syntax._embedding import DIMENSION

__all__ = ["Novelty"]

NEAREST = 3  # programs that a model that embeds is shown beside the new one
EMBEDDING_CALL, JUDGE_CALL = 100, 101  # the first of these calls of an item, behind those for its answer
REMEMBERED = 4_096  # vectors: 8 MB; each can be made again from the files
YES = re.compile(r"\W*yes\b", re.IGNORECASE)

Vector = np.ndarray[Any, np.dtype[np.float64]]


class Embedded(NamedTuple):
    """A program as a vector of length 1, and a hash of its numbers."""

    vector: Vector
    numbers: str


class Near(NamedTuple):
    """An existing program, and its cosine with the new one."""

    likeness: float
    source: Source


class Novelty:
    """Refuses proposals that are nearly the same as a candidate of `Brief.unlike`.

    The payload: "novelty", the likeness from which on one is refused; "numbers", whether a program with other numbers
    is another program. Holds nothing but vectors that follow from files. Calls are recorded like those for answers.
    """

    def __init__(
        self,
        editor: Editor,
        mutable: Mutable,
        assignment: Assignment,
        replies: Replies,
        client: ChatClient | None,
        *,
        embedder: Member | None = None,
        judge: Member | None = None,
    ) -> None:
        self.editor, self.mutable, self.assignment = editor, mutable, assignment
        self.embedder, self.judge = embedder, judge
        self._vectors, self._judgements = Calls(client, replies), Calls(client, replies)
        self._known: OrderedDict[Digest, Embedded] = OrderedDict()

    async def checked(self, brief: Brief, proposal: Proposal, details: Json, rng: np.random.Generator) -> Proposal:
        """The proposal, or why it is refused; with what it cost to find out.

        ``details`` hold its vector, as the editor's "embed" tells it; without one it passes.
        """
        new = _read(details)
        if proposal.files is None or new is None or not brief.unlike:
            return proposal
        above, counted = float(brief.payload["novelty"]), proposal.counted
        made = replace(brief.parents[0], files=proposal.files)
        near: Sequence[Near] = await self._near(brief, new)
        if near and near[0].likeness <= above and self.embedder is not None:
            near, cost = await self._asked_for_vectors(brief, made, near, self.embedder)
            counted += cost
        if not near or near[0].likeness <= above:
            return replace(proposal, counted=counted)
        if self.judge is not None:
            different, cost = await self._judged(brief, made, near[0], self.judge, rng)
            counted += cost
            if different:
                return replace(proposal, counted=counted)
        return self._refused(brief, near[0], above, counted)

    def _refused(self, brief: Brief, near: Near, above: float, counted: Counted) -> Proposal:
        id, score = near.source.candidate.id, near.source.score
        which = "the current program"
        if id != brief.parents[0].candidate.id:
            told = "none" if score is None else f"{self.assignment.sign * score:.8g}"
            which = f"another program that is there already, the one with the score {told}"
        why = (
            f"It was not measured: it is nearly the same as {which} (likeness {near.likeness:.4f}; more than "
            f"{above:g} is too like). {_NUMBERS[bool(brief.payload.get('numbers'))]} Change the method."
        )
        note = f"nearly the same as {id} (likeness {near.likeness:.4f})"
        return Proposal(files=None, note=note, details={"retry": why, "like": id}, counted=counted)

    # -- by syntax -----------------------------------------------------------------------------------------------

    async def _near(self, brief: Brief, new: Embedded) -> list[Near]:
        """The programs that it may be too like, nearest first."""
        sources: list[Source] = []
        vectors: list[Vector] = []
        for source in brief.unlike:
            old = await self._known_as(source)
            if old is not None and (old.numbers == new.numbers or not brief.payload.get("numbers")):
                sources.append(source)
                vectors.append(old.vector)
        if not vectors:
            return []
        likenesses = np.round(np.stack(vectors) @ new.vector, 6).tolist()  # how a machine sums must not decide
        near = map(Near, likenesses, sources)
        return sorted(near, key=lambda one: -one.likeness)

    async def _known_as(self, source: Source) -> Embedded | None:
        """The vector of a candidate, made where it is not at hand."""
        digest = Digest(" ".join(source.candidate.files[name] for name in self.assignment.files))
        known = self._known.get(digest)
        if known is None:
            known = _read((await self.editor.ask(self.mutable.request("embed", source))).get("details"))
            if known is None:
                return None
        self._known[digest] = known
        self._known.move_to_end(digest)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return known

    # -- by models -----------------------------------------------------------------------------------------------

    async def _asked_for_vectors(
        self, brief: Brief, made: Source, near: Sequence[Near], member: Member
    ) -> tuple[list[Near], Counted]:
        """The nearest programs by a model's vectors; nothing where they do not fit or it does not answer."""
        new, left, chosen = self._text(made), member.prompt_bytes, list[Near]()
        for one in (Near(1.0, made), *near[:NEAREST]):
            size = len(self._text(one.source).encode())
            if size > min(left, member.room):
                break
            left -= size
            chosen.append(one)
        chosen = chosen[1:]
        if not chosen:
            return [], Counted()
        texts = [new, *(self._text(one.source) for one in chosen)]
        said = await self._vectors.likenesses(brief.k, EMBEDDING_CALL, member, texts)
        if said.text is None:
            return [], said.counted
        likenesses = json.loads(said.text)
        found = [Near(likeness, one.source) for likeness, one in zip(likenesses, chosen, strict=True)]
        return sorted(found, key=lambda one: -one.likeness), said.counted

    async def _judged(
        self, brief: Brief, made: Source, near: Near, member: Member, rng: np.random.Generator
    ) -> tuple[bool, Counted]:
        """Whether the judge says that it is meaningfully different; whatever is no yes is a no."""
        nonce = fresh_word(rng)

        def compose(most: int) -> list[dict[str, str]]:
            return comparison(self.assignment, made, near.source, nonce=nonce, most=most)

        try:
            said = await self._judgements.answer(brief.k, member, compose, first=JUDGE_CALL)
        except TooLongError:
            return False, Counted()
        return said.text is not None and YES.match(said.text) is not None, said.counted

    def _text(self, source: Source) -> str:
        return "\n".join(source.files[name].decode(errors="replace") for name in self.assignment.files)


def _read(details: Json) -> Embedded | None:
    """A vector as the editor sends it; None for whatever an editor says that a program took over."""
    data = details.get("vector") if isinstance(details, dict) else None
    if not isinstance(data, bytes) or len(data) != 4 * DIMENSION:
        return None
    return Embedded(np.frombuffer(data, "<f4").astype(np.float64), str(details.get("numbers")))


_NUMBERS = {
    False: "Other names, another layout and other numbers make no other program: numbers are tuned between answers.",
    True: "Other names and another layout make no other program, and its numbers are the same.",
}
