"""A scripted language model behind OpenAI's chat protocol, on this machine, for tests and benchmarks."""

from __future__ import annotations

import asyncio
import json
import math
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from shoal.testing import _chat_http, _chat_wire
from shoal.testing._chat_wire import Refused
from shoal.testing._model_faults import Fate, Faults, fate

if TYPE_CHECKING:
    from aiohttp import web

__all__ = ["Asked", "ModelServer", "Reply"]

NO_FAULTS = Faults()
NOBODYS_TOOL = "look_up"


@dataclass(frozen=True, slots=True)
class Asked:
    """One chat request.

    Attributes:
        number: order of arrival, from 0; requests that are no proper chat requests have none.
        model: the model that was asked for.
        messages: (role, text) of each message.
        body: the whole request, decoded.
        headers: by lower-case name.
        at: monotonic seconds of its arrival.
    """

    number: int
    model: str
    messages: tuple[tuple[str, str], ...]
    body: Mapping[str, Any]
    headers: Mapping[str, str]
    at: float

    @property
    def text(self) -> str:
        """Everything that was said, roles apart."""
        return "\n".join(text for _, text in self.messages)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, where its text alone does not say everything.

    Attributes:
        text: what the model says; None for a message without content.
        finish_reason: "stop", "length", "content_filter", ...
        prompt_tokens: None for an estimate, four characters a token.
        completion_tokens: None for an estimate, the reasoning included.
        reasoning_tokens: those of the completion that nobody sees.
        cached_tokens: those of the prompt that were known.
        tool_calls: names of functions that the message calls besides.
    """

    text: str | None = ""
    finish_reason: str = "stop"
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    reasoning_tokens: int = 0
    cached_tokens: int = 0
    tool_calls: tuple[str, ...] = ()


class ModelServer:
    """A server on loopback in a thread of its own: a plain context manager, for sync and async tests alike.

    Answers POST /v1/chat/completions (whole answers, one choice), GET /v1/models and POST /v1/embeddings; faults and
    latency are for chat only. Leaving ends it at once, whoever still waits; what ``reply`` raised is raised then.

    Args:
        reply: called with each chat request, one at a time, in the server's thread; it must not block.
        latency: bounds of the seconds before an answer, uniform.
        faults: what goes wrong, see `Faults`.
        seed: of faults and latency, which depend on it and the request's number only.
        context_tokens: longer prompts are refused with the code ``context_length_exceeded``; None for no limit.
        models: names that are served; a request for another is refused with 404.

    Attributes:
        asked: every proper chat request, by number.
        served: chat answers with status 200 that were sent completely. It counts an answer just before its last byte
            leaves, so that who has read one sees it counted.
        spans: when each of those requests came and its answer was ready, monotonic seconds.
        bodies: the raw body of every POST request, to be searched for what should not be in one.
    """

    def __init__(
        self,
        reply: Callable[[Asked], str | Reply],
        *,
        latency: tuple[float, float] = (0.0, 0.0),
        faults: Faults = NO_FAULTS,
        seed: int = 0,
        context_tokens: int | None = None,
        models: Sequence[str] = ("scripted",),
    ) -> None:
        self.asked: list[Asked] = []
        self.bodies: list[bytes] = []
        self.served = 0
        self.spans: list[tuple[float, float]] = []
        self._reply = reply
        self._latency, self._faults, self._seed = latency, faults, seed
        self._context_tokens, self._models = context_tokens, tuple(models)
        self._failure: Exception | None = None
        self._socket: socket.socket | None = None
        self._port = 0

    @property
    def url(self) -> str:
        """The base URL for a client, "http://127.0.0.1:PORT/v1"."""
        return f"http://127.0.0.1:{self._port}/v1"

    def __enter__(self) -> ModelServer:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=_chat_http.BACKLOG)
        self._port = self._socket.getsockname()[1]
        started: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._run(started)), name="model-server", daemon=True
        )
        self._thread.start()
        self._loop, self._stop = started.result()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        if kind is None and self._failure is not None:
            raise self._failure

    async def _run(self, started: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]]) -> None:
        assert self._socket is not None
        try:
            runner = await _chat_http.serve(self._routes(), self._socket)
        except BaseException as error:
            self._socket.close()
            started.set_exception(error)
            return
        stop = asyncio.Event()
        started.set_result((asyncio.get_running_loop(), stop))
        try:
            await stop.wait()
        finally:
            await runner.cleanup()

    def _routes(self) -> _chat_http.Routes:
        return {
            ("POST", "/v1/chat/completions"): self._chat,
            ("POST", "/v1/embeddings"): self._embeddings,
            ("GET", "/v1/models"): self._list,
        }

    async def _list(self, request: web.BaseRequest) -> web.StreamResponse:
        return _chat_http.json_response(_chat_wire.model_list(self._models))

    async def _embeddings(self, request: web.BaseRequest) -> web.StreamResponse:
        return _chat_http.json_response(_chat_wire.embeddings(await self._body(request)))

    async def _body(self, request: web.BaseRequest) -> dict[str, Any]:
        data = await _chat_http.read(request)
        self.bodies.append(data)
        return _chat_http.decoded(data)

    async def _chat(self, request: web.BaseRequest) -> web.StreamResponse:
        asked = self._noted(request, await self._body(request))
        met = fate(self._faults, self._latency, self._seed, asked.number)
        if met.seconds:
            await asyncio.sleep(met.seconds)
        if met.kind == "hang":
            await asyncio.Event().wait()  # until the client leaves or the server ends
        if met.kind == "cut_connection":
            await _cut(request)
        self._refuse(asked, met)
        body = self._answer(asked, met)
        if met.kind == "truncated":
            await _cut(request, after=_half(body))
        self.spans.append((asked.at, time.monotonic()))
        return await self._send(request, body)

    def _noted(self, request: web.BaseRequest, body: dict[str, Any]) -> Asked:
        """The request, on the list of those that were asked."""
        messages, model = _chat_wire.messages_of(body), body.get("model")
        if body.get("stream") or body.get("n") not in (None, 1):
            raise Refused(400, "this server gives one whole answer a request: no stream, no n")
        if model not in self._models:
            names = ", ".join(self._models)
            raise Refused(404, f"the model {model!r} does not exist; there are {names}", code="model_not_found")
        headers = {name.lower(): value for name, value in request.headers.items()}
        asked = Asked(len(self.asked), model, messages, body, headers, time.monotonic())
        self.asked.append(asked)
        return asked

    def _refuse(self, asked: Asked, met: Fate) -> None:
        """Raise the error that this request gets, if any."""
        if met.kind == "rate_limited":
            seconds = self._faults.retry_after
            headers = {} if seconds is None else {"Retry-After": f"{seconds:g}"}
            raise Refused(429, "too many requests", kind="requests", code="rate_limit_exceeded", headers=headers)
        if met.kind == "server_error":
            raise Refused(503 if met.coin else 500, "the server had an error", kind="server_error")
        length, most = _chat_wire.tokens_in(*(text for _, text in asked.messages)), self._context_tokens
        if most is not None and length > most:
            message = f"the prompt has {length} tokens, this model's maximum is {most}"
            raise Refused(400, message, code="context_length_exceeded")

    def _answer(self, asked: Asked, met: Fate) -> bytes:
        """The body of a 200, as good or bad as it is to be."""
        reply = self._scripted(asked)
        if met.kind == "tool_calls":
            reply = Reply(None, "tool_calls", tool_calls=(NOBODYS_TOOL,))
        said = _chat_wire.choice(reply.text, finish_reason=reply.finish_reason, tool_calls=reply.tool_calls)
        bill = None if met.kind == "no_usage" else _bill(asked, reply)
        answer = _chat_wire.completion(asked.number, asked.model, [said], bill)
        if met.kind == "empty":
            answer["choices"] = []
            if met.coin:
                del answer["choices"]
        body = json.dumps(answer).encode()
        return body[: len(body) // 2] if met.kind == "malformed" else body

    def _scripted(self, asked: Asked) -> Reply:
        try:
            reply = self._reply(asked)
        except Exception as error:  # the script is the test's own: the test must hear of it
            self._failure = self._failure or error
            raise Refused(500, f"the script raised {type(error).__name__}", kind="server_error") from None
        return Reply(reply) if isinstance(reply, str) else reply

    async def _send(self, request: web.BaseRequest, body: bytes) -> web.StreamResponse:
        """Send a 200 to its last byte, and count it."""
        from aiohttp import web

        response = web.Response(body=body, content_type="application/json")
        await response.prepare(request)
        self.served += 1
        try:
            if request.transport is not None:
                request.transport.set_write_buffer_limits(0)  # so that draining waits for the last byte
            await response.write_eof()
            await request.writer.drain()
        except BaseException:
            self.served -= 1
            raise
        return response


def _bill(asked: Asked, reply: Reply) -> dict[str, Any]:
    prompt, completed = reply.prompt_tokens, reply.completion_tokens
    if prompt is None:
        prompt = _chat_wire.tokens_in(*(text for _, text in asked.messages))
    if completed is None:
        completed = _chat_wire.tokens_in(reply.text or "") + reply.reasoning_tokens
    return _chat_wire.usage(prompt, completed, reasoning=reply.reasoning_tokens, cached=reply.cached_tokens)


def _half(body: bytes) -> bytes:
    """A response that promises a whole body and holds half of it."""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body[: math.ceil(len(body) / 2)]


async def _cut(request: web.BaseRequest, *, after: bytes = b"") -> NoReturn:
    """Close the connection, ``after`` these bytes; it ends the caller, which is cancelled with its connection."""
    if request.transport is not None:
        request.transport.write(after)
        request.transport.close()
    await asyncio.Event().wait()
    raise AssertionError("a handler ends with its connection")
