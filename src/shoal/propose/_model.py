"""The proposer that asks a model: prompt out, reply on disk, reply taken up by the jailed editor.

One proposal is one reply that is paid for. Replies that cannot be used cost what they cost and come back to the search
with the reason; whether to ask again, with that reason in the prompt, is the search's decision.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from shoal.core.replies import Replies
from shoal.core.values import Brief, Counted, Proposal
from shoal.models import ChatClient, Member, Said
from shoal.propose._calls import Calls
from shoal.propose._client import Editor
from shoal.propose._embedded import DETAIL_KEYS, Mutable
from shoal.propose._novelty import Novelty
from shoal.propose._prompt import FORMS, Assignment, TooLongError, fresh_word, prompt

__all__ = ["ModelProposer"]

WHY = 2_000  # characters of a reason that go back to the search


class ModelProposer:
    """Asks the model that the payload names. See `Proposer.propose`.

    The payload: "model", a name of the pool; "task", one of `FORMS`; "feedback" and "lessons", a text and lines for the
    prompt.
    With ``novelty``, an answer that is nearly the same as a program of `Brief.unlike` is refused, with the reason.
    After many calls without any answer it raises `MachineryError`, see `Calls`.
    """

    def __init__(
        self,
        pool: Sequence[Member],
        client: ChatClient | None,
        editor: Editor,
        mutable: Mutable,
        assignment: Assignment,
        replies: Replies,
        novelty: Novelty | None = None,
    ) -> None:
        self.pool: Mapping[str, Member] = {member.name: member for member in pool}
        self.editor, self.mutable, self.assignment, self.novelty = editor, mutable, assignment, novelty
        self.calls = Calls(client, replies)

    async def propose(self, brief: Brief, rng: np.random.Generator) -> Proposal:
        """One reply, as a program; without files and with the reason where it cannot be used."""
        member = self.pool[brief.payload["model"]]
        nonce = fresh_word(rng)
        try:
            said = await self.calls.answer(brief.k, member, lambda most: self.messages(brief, nonce=nonce, most=most))
        except TooLongError as error:
            return _nothing(str(error), Counted())
        if said.text is None:
            return _nothing(f"model {member.name}: {said.failed}", said.counted)
        return await self._taken_up(brief, said, rng)

    def messages(self, brief: Brief, *, nonce: str, most: int) -> list[dict[str, str]]:
        """What the model is told."""
        payload = brief.payload
        return prompt(
            self.assignment,
            brief.parents[0],
            brief.inspirations,
            task=payload["task"],
            nonce=nonce,
            most=most,
            feedback=payload.get("feedback", ""),
            lessons=payload.get("lessons", ()),
        )

    async def _taken_up(self, brief: Brief, said: Said, rng: np.random.Generator) -> Proposal:
        """The reply as a program, by the editor's word."""
        parent, payload = brief.parents[0], brief.payload
        told = {"text": said.text, "form": FORMS[payload["task"]], "embed": bool(brief.unlike)}
        reply = await self.editor.ask(self.mutable.request("reply", parent, payload=told))
        if "failed" in reply:
            why = str(reply["failed"])
            if said.finish == "length":
                why = f"the answer ended at the limit of tokens. {why}"
            return _nothing(why, said.counted, retry=True)
        files = self.mutable.written(parent.files, reply)
        details = {key: reply["details"][key] for key in DETAIL_KEYS if key in reply["details"]}
        note = f"{payload['model']}: {payload['task']}"
        made = Proposal(files=files, normal=reply["normal"], note=note, details=details, counted=said.counted)
        return made if self.novelty is None else await self.novelty.checked(brief, made, reply["details"], rng)


def _nothing(why: str, spent: Counted, *, retry: bool = False) -> Proposal:
    details = {"retry": why[:WHY]} if retry else None
    return Proposal(files=None, note=why[:WHY], details=details, counted=spent)
