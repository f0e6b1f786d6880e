"""The one chat client: any OpenAI-compatible URL, retries with jitter under one deadline, the first error told.

A call ends in one of three ways, all of them values: an answer; a failure that nobody bills (refused, busy, broken on
the other side); or silence, which may have been billed and counts as much as the call could cost.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydantic import ValidationError

from shoal.core.canonical import plain
from shoal.core.errors import UserError
from shoal.core.values import Counted, Json
from shoal.models._member import Member, Usage
from shoal.models._throttle import Throttle

__all__ = ["ChatClient", "Message", "Said", "embedding_request", "request_of"]

Message = Mapping[str, str]  # {"role": "system" | "user" | "assistant", "content": ...}
CHECK_SECONDS = 1.5
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
MOST_TRIES = 8
SHOWN = 300
BUSY = frozenset((408, 409, 425, 429, 500, 502, 503, 504, 529))
MOST_REPLY_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class Said:
    """What a call came to.

    ``text`` is None where there is no answer; ``failed`` then says why, and ``too_long`` that the prompt was.
    ``assumed``: the cost is not what the server said, but the most that it can be.
    """

    text: str | None
    counted: Counted
    finish: str = ""
    failed: str = ""
    too_long: bool = False
    assumed: bool = False
    reasoning: int = 0

    def record(self) -> Json:
        """As it is kept."""
        return plain(self)

    @classmethod
    def of(cls, record: Json) -> Said:
        """The inverse of `record`."""
        return cls(**{**record, "counted": Counted(**record["counted"])})


class ChatClient:
    """Asks the models of a pool. Use as an async context manager; belongs to one event loop.

    The network, the clock and the jitter of pauses are here and nowhere else; none of them decides what is done next.
    """

    def __init__(self, pool: Sequence[Member]) -> None:
        self._members = {member.name: member for member in pool}
        self._clients: dict[str, Any] = {}
        self._gates = {member.name: Throttle(member) for member in pool}
        self._jitter = random.Random()

    async def __aenter__(self) -> ChatClient:
        from openai import AsyncOpenAI

        for member in self._members.values():
            self._clients[member.name] = AsyncOpenAI(
                base_url=member.url,
                api_key=member.secret(),
                default_headers=member.sent_headers(),
                max_retries=0,
                timeout=member.deadline,
            )
        return self

    async def __aexit__(self, *_: object) -> None:
        for client in self._clients.values():
            await client.close()

    async def check(self) -> None:
        """Find out that every model can be reached, in less than 2 s. Raises `UserError` for the first that cannot."""
        await asyncio.gather(*(self._check(member) for member in self._members.values()))

    async def _check(self, member: Member) -> None:
        import openai

        try:
            async with asyncio.timeout(CHECK_SECONDS):
                await self._clients[member.name].models.with_raw_response.list(timeout=CHECK_SECONDS)
        except (TimeoutError, openai.APIConnectionError) as error:
            why = "no answer" if isinstance(error, TimeoutError | openai.APITimeoutError) else _cause(error)
            raise UserError(
                f"model {member.name}: {member.url} cannot be reached within {CHECK_SECONDS:g} s ({why}); "
                "start the server, or correct url"
            ) from None
        except openai.APIStatusError as error:
            if error.status_code in (401, 403):
                where = f"the key in {member.key}" if member.key else "no key, and it wants one: set key"
                raise UserError(
                    f"model {member.name}: {member.url} refuses {where} (HTTP {error.status_code})"
                ) from None
            # Not every server lists its models; it answers, and that was the question.

    async def ask(self, name: str, messages: Sequence[Message]) -> Said:
        """One answer of model ``name``, or why there is none."""
        member, gate = self._members[name], self._gates[name]
        expected = sum(len(one["content"]) for one in messages) // 4 + member.max_tokens // 4
        request = request_of(member, messages)

        async def once(left: float) -> Said:
            return read_answer(member, await self._answer(name, "/chat/completions", request, left))

        async with gate.turn(tokens=expected):
            said = await self._insist(member, once)
        gate.used(expected=expected, tokens=said.counted.tokens)
        return said

    async def likenesses(self, name: str, texts: Sequence[str]) -> Said:
        """How like the first text each other one is, by the vectors of model ``name``: a JSON list of cosines."""
        member, gate = self._members[name], self._gates[name]
        expected = sum(map(len, texts)) // 4
        request = embedding_request(member, texts)

        async def once(left: float) -> Said:
            content = await self._answer(name, "/embeddings", request, left)
            return read_vectors(member, content, count=len(request["input"]))

        async with gate.turn(tokens=expected):
            said = await self._insist(member, once)
        gate.used(expected=expected, tokens=said.counted.tokens)
        return said

    async def _answer(self, name: str, path: str, request: Mapping[str, Any], left: float) -> bytes:
        """The body of one answer; what is asked is plain JSON already, so the SDK builds no models of it or of this."""
        content: bytes = await self._clients[name].post(path, cast_to=bytes, body=request, options={"timeout": left})
        return content

    async def _insist(self, member: Member, once: Callable[[float], Awaitable[Said]]) -> Said:
        """Try until there is an answer, the deadline has passed, or it is known that there will be none."""
        end = time.monotonic() + member.deadline
        first, pause = "", FIRST_PAUSE
        for _ in range(MOST_TRIES):
            said, wait = await self._once(member, once, left=end - time.monotonic())
            if said.text is not None or wait is None:
                return said
            first = first or said.failed
            wait = max(wait, pause * self._jitter.uniform(0.5, 1.5))
            pause = min(2 * pause, LONGEST_PAUSE)
            if time.monotonic() + wait >= end:
                break
            await asyncio.sleep(wait)
        return Said(None, Counted(), failed=first)

    async def _once(
        self, member: Member, once: Callable[[float], Awaitable[Said]], *, left: float
    ) -> tuple[Said, float | None]:
        """One try, and how long to wait at least before the next; None where there must be no other."""
        import openai

        try:
            async with asyncio.timeout(left):
                return await once(left), None
        except (TimeoutError, openai.APITimeoutError):
            told = f"no answer within {member.deadline:g} s"
            return Said(None, member.most, failed=told, assumed=True), None
        except openai.APIStatusError as error:
            told = f"HTTP {error.status_code}: {_told(error)}"
            if error.status_code == 400 and _too_long(error):
                return Said(None, Counted(), failed=told, too_long=True), None
            return Said(None, Counted(), failed=told), _pause(error) if error.status_code in BUSY else None
        except openai.APIConnectionError as error:
            told = f"the connection failed: {_cause(error)}"
            if _never_sent(error):
                return Said(None, Counted(), failed=told), 0.0
            return Said(None, member.most, failed=told, assumed=True), None


def request_of(member: Member, messages: Sequence[Message]) -> dict[str, Any]:
    """All that is asked, without secrets: what is sent, and what is kept."""
    asked: dict[str, Any] = {"model": member.model, "messages": [dict(one) for one in messages]}
    if member.temperature is not None:
        asked["temperature"] = member.temperature
    return {**asked, member.max_tokens_name: member.max_tokens, **member.body}


def embedding_request(member: Member, texts: Sequence[str]) -> dict[str, Any]:
    """All that is asked of a model that embeds, as `request_of`."""
    return {"model": member.model, "input": list(texts), "encoding_format": "float", **member.body}


def read_answer(member: Member, content: bytes) -> Said:
    """What a body says: it was paid for, whatever is in it."""
    try:
        body = json.loads(content[:MOST_REPLY_BYTES])
        choice = body["choices"][0]
        message = choice["message"]
    except (ValueError, TypeError, KeyError, IndexError):
        return Said(None, member.most, failed="the answer is not a chat completion", assumed=True)
    counted, assumed, reasoning = _counted(member, body.get("usage"))
    finish = str(choice.get("finish_reason") or "")[:40]
    text = message.get("content") if isinstance(message, dict) else None
    if isinstance(text, list):  # parts, as some servers write them
        text = "".join(str(part.get("text", "")) for part in text if isinstance(part, dict))
    if not isinstance(text, str) or not text.strip():
        why = "the limit of tokens went into silent reasoning" if finish == "length" else "the answer has no text"
        return Said(None, counted, finish=finish, failed=why, assumed=assumed, reasoning=reasoning)
    return Said(text, counted, finish=finish, assumed=assumed, reasoning=reasoning)


def read_vectors(member: Member, content: bytes, *, count: int) -> Said:
    """How like the first of ``count`` vectors each other one is; only that is kept of them."""
    try:
        body = json.loads(content[:MOST_REPLY_BYTES])
        rows = sorted(body["data"], key=lambda row: row["index"])
        vectors = np.array([row["embedding"] for row in rows], dtype=np.float64)
        if vectors.ndim != 2 or len(vectors) != count or not np.isfinite(vectors).all():
            raise ValueError("not as many vectors of one length as there were texts")
    except (ValueError, TypeError, KeyError):
        return Said(None, member.most, failed="the answer is not a list of vectors", assumed=True)
    usage = body.get("usage")
    counted, assumed, _ = _counted(member, {"completion_tokens": 0, **usage} if isinstance(usage, dict) else None)
    lengths = np.sqrt((vectors * vectors).sum(axis=1))
    cosines = (vectors[1:] * vectors[0]).sum(axis=1) / np.maximum(lengths[1:] * lengths[0], 1e-300)
    return Said(json.dumps([round(float(one), 6) for one in cosines]), counted, assumed=assumed)


def _counted(member: Member, usage: Any) -> tuple[Counted, bool, int]:
    """What it cost, whether that is assumed, and how many tokens went into silent reasoning."""
    try:
        details, thought = usage.get("prompt_tokens_details") or {}, usage.get("completion_tokens_details") or {}
        found = Usage(
            prompt=usage["prompt_tokens"],
            completion=usage["completion_tokens"],
            cached=details.get("cached_tokens") or 0,
            reasoning=thought.get("reasoning_tokens") or 0,
        )
    except (TypeError, KeyError, AttributeError, ValidationError):
        return member.most, True, 0
    return member.cost(found), False, found.reasoning


def _told(error: Any) -> str:
    """The server's own words, in one line."""
    body = error.body
    inner = body.get("error", body) if isinstance(body, dict) else body
    message = inner.get("message") if isinstance(inner, dict) else None
    return " ".join(str(message or error.message).split())[:SHOWN]


def _too_long(error: Any) -> bool:
    text = f"{getattr(error, 'code', '')} {_told(error)}".lower()
    return "context_length" in text or ("context" in text and ("length" in text or "exceed" in text))


def _pause(error: Any) -> float:
    """What the server asks for, in seconds."""
    try:
        return max(0.0, min(float(error.response.headers.get("retry-after", "0")), LONGEST_PAUSE))
    except ValueError:
        return 0.0


def _cause(error: BaseException) -> str:
    """The innermost reason, in one line."""
    while error.__cause__ is not None:
        error = error.__cause__
    return " ".join(str(error).split())[:SHOWN] or type(error).__name__


def _never_sent(error: BaseException) -> bool:
    """Whether no connection came about, so that nobody can have answered."""
    seen: BaseException | None = error
    while seen is not None:
        if type(seen).__name__ == "ConnectError" or isinstance(seen, ConnectionRefusedError):
            return True
        seen = seen.__cause__ or seen.__context__
    return False
