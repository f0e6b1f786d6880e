"""The embedded proposer behind OpenAI's chat protocol: a model that needs no key, no network and no GPU."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING, Any

from shoal.core import seeds
from shoal.core.errors import UserError
from shoal.propose import Editor
from shoal.serve._answer import answer, apology
from shoal.serve._edits import edited
from shoal.serve._prompt import Wanted, read_prompt
from shoal.serve._words import in_words
from shoal.syntax._source import MAX_BYTES
from shoal.testing import _chat_http, _chat_wire
from shoal.testing._chat_wire import Refused

if TYPE_CHECKING:
    import numpy as np
    from aiohttp import web

__all__ = ["EmbeddedModelServer"]

MOST_CHOICES = 16
PURPOSE = "served-edit"
LARGEST_SEED = (1 << 63) - 1


class EmbeddedModelServer:
    """Answers a prompt that holds a program with an edit of it, in the form the prompt asks for.

    An async context manager: answers from entering to leaving, on the loop that entered. It knows POST
    /v1/chat/completions (also with ``stream`` and ``n``), GET /v1/models and POST /v1/embeddings. There is no model
    behind it: edits are drawn, made by a jailed editor, and depend on the prompt and, besides, on the server's seed and
    the request's number, or on the request's own ``seed`` where it has one: then equal requests get equal answers.

    Args:
        host: the address to listen on; beyond loopback everyone who reaches it may ask.
        port: 0 takes a free one.
        model: the name the model is listed by; requests may ask for any.
        seed: of all edits.
        level: the most isolation to try for the editor; all of it unless set.

    Raises:
        UserError: on entering, where the address cannot be listened on.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        model: str = "embedded",
        seed: int = 0,
        level: int | None = None,
    ) -> None:
        self.host, self.port, self.model, self.seed = host, port, model, seed
        self.answered = 0
        self._number = 0
        self._editor = Editor(level=level)
        self._runner: web.ServerRunner | None = None

    @property
    def url(self) -> str:
        """The base URL for a client."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}/v1"

    async def __aenter__(self) -> EmbeddedModelServer:
        sock = _listening(self.host, self.port)
        self.port = sock.getsockname()[1]
        routes: _chat_http.Routes = {
            ("POST", "/v1/chat/completions"): self._chat,
            ("POST", "/v1/embeddings"): self._embeddings,
            ("GET", "/v1/models"): self._list,
        }
        try:
            await self._editor.__aenter__()
            self._runner = await _chat_http.serve(routes, sock)
        except BaseException:
            sock.close()
            raise
        return self

    async def __aexit__(self, *error: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()
        await self._editor.__aexit__(*error)

    async def _list(self, request: web.BaseRequest) -> web.StreamResponse:
        return _chat_http.json_response(_chat_wire.model_list([self.model]))

    async def _embeddings(self, request: web.BaseRequest) -> web.StreamResponse:
        return _chat_http.json_response(_chat_wire.embeddings(_chat_http.decoded(await _chat_http.read(request))))

    async def _chat(self, request: web.BaseRequest) -> web.StreamResponse:
        body = _chat_http.decoded(await _chat_http.read(request))
        messages, count, seed = _chat_wire.messages_of(body), _count(body), _seed(body)
        number, self._number = self._number, self._number + 1
        words, wanted = in_words(messages), read_prompt(messages)
        _check_size(wanted)
        chosen, item = (self.seed, number) if seed is None else (seeds.number(seed, json.dumps(messages)), 0)
        generators = [seeds.generator(chosen, item, k, PURPOSE) for k in range(count)]
        texts = [await self._text(wanted, rng) if words is None else words for rng in generators]
        bill = _chat_wire.usage(_chat_wire.tokens_in(*(text for _, text in messages)), _chat_wire.tokens_in(*texts))
        choices = [_chat_wire.choice(text, index=k) for k, text in enumerate(texts)]
        whole = _chat_wire.completion(number, self.model, choices, bill)
        self.answered += 1
        return _streamed(whole, body) if body.get("stream") is True else _chat_http.json_response(whole)

    async def _text(self, wanted: Wanted | None, rng: np.random.Generator) -> str:
        edit = await edited(self._editor, wanted, rng) if wanted is not None else None
        if wanted is None or edit is None:
            return apology(wanted)
        return answer(wanted, edit.program, name=edit.name, note=edit.note)


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_chat_http.BACKLOG)
    except (OSError, OverflowError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UserError(
            f"cannot listen on port {port} of {host}: {reason}; choose another port (0 takes a free one)"
        ) from None


def _check_size(wanted: Wanted | None) -> None:
    if wanted is not None and len(wanted.program.encode(errors="replace")) > MAX_BYTES:
        raise Refused(400, f"the program is larger than {MAX_BYTES} bytes", code="context_length_exceeded")


def _count(body: dict[str, Any]) -> int:
    """How many choices; ``n`` of the request."""
    count = body.get("n")
    if count is None:
        return 1
    if type(count) is not int or not 1 <= count <= MOST_CHOICES:
        raise Refused(400, f"n is {count!r}; it must be a whole number from 1 to {MOST_CHOICES}")
    return count


def _seed(body: dict[str, Any]) -> int | None:
    seed = body.get("seed")
    if seed is not None and type(seed) is not int:
        raise Refused(400, f"seed is {seed!r}; it must be a whole number")
    return None if seed is None else seed & LARGEST_SEED


def _streamed(whole: dict[str, Any], body: dict[str, Any]) -> web.StreamResponse:
    """The same answer as server-sent events: a chunk for each choice, the bill where it is asked for, the end."""
    from aiohttp import web

    base = {**whole, "object": "chat.completion.chunk"}
    bill = base.pop("usage")
    chunks = [
        {**base, "choices": [{"index": one["index"], "delta": one["message"], "finish_reason": one["finish_reason"]}]}
        for one in whole["choices"]
    ]
    options = body.get("stream_options")
    if isinstance(options, dict) and options.get("include_usage"):
        chunks.append({**base, "choices": [], "usage": bill})
    lines = [*map(json.dumps, chunks), "[DONE]"]
    text = "".join(f"data: {line}\n\n" for line in lines)
    return web.Response(body=text.encode(), content_type="text/event-stream", headers={"Cache-Control": "no-cache"})
