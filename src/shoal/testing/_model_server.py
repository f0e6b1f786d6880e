"""A scripted model behind the OpenAI-compatible protocol, on loopback: for tests and benchmarks, with all its faults.

The answers come from a function of the request; what goes wrong is drawn from a seed and the request's number, so that
a test says beforehand what it will meet. The server runs in a thread of its own and ends with the ``with`` block.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from shoal.core import seeds

__all__ = ["Asked", "Faults", "ModelServer", "Reply"]

START_SECONDS = 20.0
CHARACTERS_PER_TOKEN = 4
EMBEDDED_IN = 64  # numbers of a vector


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came; ``number`` counts from 0, ``at`` and ``done`` are readings of ``time.monotonic()``."""

    number: int
    model: str
    messages: tuple[tuple[str, str], ...]
    body: Mapping[str, Any]
    headers: Mapping[str, str]
    at: float

    @property
    def text(self) -> str:
        """Everything that was said, roles apart."""
        return "\n".join(content for _, content in self.messages)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer with its usage; None counts characters."""

    text: str
    finish_reason: str = "stop"
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    reasoning_tokens: int = 0
    cached_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Faults:
    """Shares of the requests that go wrong, each in its way; at most 1 together.

    ``rate_limited`` 429, ``server_error`` 500 or 503, ``hang`` no answer ever, ``cut`` the connection is closed without
    one, ``truncated`` it ends within the body, ``malformed`` a body that is no JSON, ``empty`` JSON without an answer,
    ``tool_calls`` a call of a tool instead of text, ``no_usage`` an answer that does not say what it cost.
    """

    rate_limited: float = 0.0
    server_error: float = 0.0
    hang: float = 0.0
    cut: float = 0.0
    truncated: float = 0.0
    malformed: float = 0.0
    empty: float = 0.0
    tool_calls: float = 0.0
    no_usage: float = 0.0
    retry_after: float | None = field(default=None, metadata={"share": False})

    def drawn(self, chance: float) -> str:
        """The fault for a number in [0, 1); "" for none."""
        for one in fields(self):
            if one.metadata.get("share", True):
                chance -= getattr(self, one.name)
                if chance < 0:
                    return one.name
        return ""


class ModelServer:
    """See the module.

    ``url`` is for clients; ``asked`` has all requests, ``served`` counts answers, ``spans`` when each of them began and
    ended (`time.monotonic`).
    """

    def __init__(
        self,
        reply: Callable[[Asked], str | Reply],
        *,
        latency: tuple[float, float] = (0.0, 0.0),
        faults: Faults | None = None,
        seed: int = 0,
        context_tokens: int | None = None,
        models: Sequence[str] = ("scripted",),
        port: int = 0,
    ) -> None:
        self.reply, self.latency, self.faults, self.seed = reply, latency, faults or Faults(), seed
        self.context_tokens, self.models, self.port = context_tokens, tuple(models), port
        self.asked: list[Asked] = []
        self.served = 0
        self.spans: list[tuple[float, float]] = []
        self.failed: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="model-server", daemon=True)
        self._end: asyncio.Event | None = None

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http://127.0.0.1:{self.port}/v1"

    def __enter__(self) -> ModelServer:
        self._thread.start()
        if not self._ready.wait(START_SECONDS) or self.failed is not None:
            raise RuntimeError(f"the scripted model did not start: {self.failed!r}")
        return self

    def __exit__(self, *_: object) -> None:
        if self._loop is not None and self._end is not None:
            self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()

    # -- the thread ----------------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            self.failed = error
            self._ready.set()

    async def _serve(self) -> None:
        from aiohttp import web

        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        app = web.Application(client_max_size=64 << 20)
        app.router.add_get("/v1/models", self._models)
        app.router.add_post("/v1/chat/completions", self._chat)
        app.router.add_post("/v1/embeddings", self._embeddings)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", self.port)
            await site.start()
            self.port = runner.addresses[0][1]
            self._ready.set()
            await self._end.wait()
        finally:
            await runner.cleanup()

    async def _models(self, request: Any) -> Any:
        return _json({"object": "list", "data": [{"id": name, "object": "model"} for name in self.models]})

    async def _chat(self, request: Any) -> Any:
        from aiohttp import web

        at, body = time.monotonic(), await request.json()
        messages = tuple((str(one["role"]), str(one["content"])) for one in body["messages"])
        headers = {name.lower(): value for name, value in request.headers.items()}
        asked = Asked(len(self.asked), str(body["model"]), messages, body, headers, at)
        self.asked.append(asked)
        rng = seeds.generator(self.seed, asked.number, 0, "faults")
        fault = self.faults.drawn(float(rng.random()))
        wait = float(rng.uniform(*self.latency)) if self.latency[1] else 0.0
        if wait:
            await asyncio.sleep(wait)
        if fault in _REFUSED:
            return self._refused(fault, rng.random() < 0.5)
        if self.context_tokens is not None and len(asked.text) > self.context_tokens * CHARACTERS_PER_TOKEN:
            return _error(400, "this model's maximum context length is exceeded", code="context_length_exceeded")
        if fault == "hang":
            await asyncio.sleep(86_400)
        if fault == "cut":
            request.transport.close()
            return web.Response()
        answer = json.dumps(_completion(asked, self.reply(asked), fault)).encode()
        if fault == "malformed":
            answer = b"<html>" + answer[:200]
        if fault == "truncated":
            response = web.StreamResponse(headers={"Content-Length": str(len(answer))})
            await response.prepare(request)
            await response.write(answer[: len(answer) // 2])
            request.transport.close()
            return response
        self.served += 1
        self.spans.append((at, time.monotonic()))
        return web.Response(body=answer, content_type="application/json")

    def _refused(self, fault: str, once: bool) -> Any:
        after = self.faults.retry_after
        headers = {} if after is None else {"Retry-After": f"{after:g}"}
        if fault == "rate_limited":
            return _error(429, "too many requests", headers=headers)
        return _error(500 if once else 503, "the server is broken", headers=headers)

    async def _embeddings(self, request: Any) -> Any:
        body = await request.json()
        texts = [body["input"]] if isinstance(body["input"], str) else body["input"]
        vectors = [{"index": number, "embedding": _vector(text)} for number, text in enumerate(texts)]
        return _json({"object": "list", "data": vectors, "usage": {"prompt_tokens": 1, "total_tokens": 1}})


_REFUSED = ("rate_limited", "server_error")


def _json(data: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Any:
    from aiohttp import web

    return web.json_response(data, status=status, headers=headers)


def _error(status: int, message: str, *, code: str | None = None, headers: Mapping[str, str] | None = None) -> Any:
    return _json({"error": {"message": message, "type": "error", "code": code}}, status=status, headers=headers)


def _completion(asked: Asked, reply: str | Reply, fault: str) -> dict[str, Any]:
    """The body of an answer, in OpenAI's form."""
    said = Reply(reply) if isinstance(reply, str) else reply
    prompt = said.prompt_tokens if said.prompt_tokens is not None else -(-len(asked.text) // CHARACTERS_PER_TOKEN)
    spoken = said.completion_tokens
    if spoken is None:
        spoken = -(-len(said.text) // CHARACTERS_PER_TOKEN)
    message: dict[str, Any] = {"role": "assistant", "content": said.text}
    if fault == "tool_calls":
        call = {"id": "call_1", "type": "function", "function": {"name": "run", "arguments": "{}"}}
        message = {"role": "assistant", "content": None, "tool_calls": [call]}
    body: dict[str, Any] = {
        "id": f"chat-{asked.number}",
        "object": "chat.completion",
        "created": 0,
        "model": asked.model,
        "choices": [{"index": 0, "message": message, "finish_reason": said.finish_reason}],
    }
    if fault == "empty":
        body["choices"] = []
    if fault != "no_usage":
        body["usage"] = {
            "prompt_tokens": prompt,
            "completion_tokens": spoken,
            "total_tokens": prompt + spoken,
            "prompt_tokens_details": {"cached_tokens": said.cached_tokens},
            "completion_tokens_details": {"reasoning_tokens": said.reasoning_tokens},
        }
    return body


def _vector(text: str) -> list[float]:
    """Counts of hashed groups of four characters."""
    counts = [0.0] * EMBEDDED_IN
    for start in range(max(1, len(text) - 3)):
        counts[seeds.number(0, text[start : start + 4]) % EMBEDDED_IN] += 1.0
    return counts
