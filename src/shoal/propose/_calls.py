"""Calls of models for the work items of one run: recorded, replayed, and given up where nothing is ever answered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any

from shoal.core.errors import MachineryError
from shoal.core.replies import CutOffError, Replies
from shoal.core.values import Counted
from shoal.models import ChatClient, Member, Said, embedding_request, request_of

__all__ = ["MOST_CALLS", "Calls"]

FAILURES_IN_A_ROW = 20
MOST_CALLS = 3  # for one answer: each after the first with less in it, because the last one was too long to be read
Messages = Sequence[Mapping[str, str]]


class Calls:
    """Calls that are made for one purpose; a client is needed where not all replies are in the record.

    After `FAILURES_IN_A_ROW` without any answer it raises `MachineryError` with the first failure of them: a run must
    not end as if it had asked.
    """

    def __init__(self, client: ChatClient | None, replies: Replies) -> None:
        self.client, self.replies = client, replies
        self._failures: list[str] = []

    async def answer(self, k: int | str, member: Member, compose: Callable[[int], Messages], *, first: int = 0) -> Said:
        """The answer to what ``compose`` makes of so many bytes, for work item ``k``, as its call ``first``.

        ``k`` may be a name, where who asks is no item by itself. A prompt that the model finds too long, which costs
        nothing, is sent shorter, as the next call, `MOST_CALLS` in all. What ``compose`` raises is raised.
        """
        return await self._heard(member, self._shortened(k, member, compose, first))

    async def likenesses(self, k: int, number: int, member: Member, texts: Sequence[str]) -> Said:
        """How like the first text each other one is, see `ChatClient.likenesses`; as call ``number`` of item ``k``."""
        request = embedding_request(member, texts)
        said = self._said(k, number, member, request, lambda client: client.likenesses(member.name, texts))
        return await self._heard(member, said)

    async def _shortened(self, k: int | str, member: Member, compose: Callable[[int], Messages], first: int) -> Said:
        most = member.room
        for number in range(first, first + MOST_CALLS):
            messages = compose(most)
            ask = partial(ChatClient.ask, name=member.name, messages=messages)
            said = await self._said(k, number, member, request_of(member, messages), ask)
            if not said.too_long:
                break
            most = sum(len(one["content"].encode()) for one in messages) * 2 // 3
        return said

    async def _said(
        self, k: int | str, number: int, member: Member, request: Any, ask: Callable[[ChatClient], Awaitable[Said]]
    ) -> Said:
        async def asked() -> Any:
            if self.client is None:
                raise MachineryError("a model is to be asked in a run that takes all replies from a record")
            return (await ask(self.client)).record()

        record = await self.replies.get(k, number, to=member.name, request=request, free=member.free, ask=asked)
        return Said.of(record)

    async def _heard(self, member: Member, call: Awaitable[Said]) -> Said:
        """What a call came to; gives up where nothing is ever answered, whether the silence is paid for or not."""
        try:
            said = await call
        except CutOffError:
            told = "the call was cut off with an earlier sitting; it counts as its most"
            return Said(None, member.most, failed=told, assumed=True)
        if said.text is not None or said.too_long or (said.counted != Counted() and not said.assumed):
            self._failures = []
            return said
        self._failures.append(said.failed)
        if len(self._failures) >= FAILURES_IN_A_ROW and self.replies.source is None:
            raise MachineryError(
                f"{FAILURES_IN_A_ROW} calls in a row got no answer, the first: {self._failures[0]}; "
                "nothing is lost: mend it and resume"
            )
        return said
