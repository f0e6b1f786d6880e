"""The shapes that OpenAI's chat protocol has on the wire, as plain data: completions, errors, models, embeddings."""

from __future__ import annotations

import base64
import time
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

__all__ = [
    "DIMENSION",
    "Refused",
    "choice",
    "completion",
    "embeddings",
    "messages_of",
    "model_list",
    "tokens_in",
    "usage",
]

CHARACTERS_PER_TOKEN = 4
DIMENSION = 64
NGRAM = 3


class Refused(Exception):
    """A request that is answered with an error of the protocol."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        kind: str = "invalid_request_error",
        code: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.kind, self.code, self.headers = status, kind, code, dict(headers or {})

    def body(self) -> dict[str, Any]:
        """The error as the protocol writes it."""
        return {"error": {"message": str(self), "type": self.kind, "param": None, "code": self.code}}


def tokens_in(*texts: str) -> int:
    """An estimate: four characters a token, rounded up."""
    return -(-sum(map(len, texts)) // CHARACTERS_PER_TOKEN)


def messages_of(body: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """(role, text) of each message of a request; `Refused` where the request holds none or something else."""
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        raise Refused(400, "messages must be a list with at least one message")
    return tuple(_message(message) for message in messages)


def _message(message: Any) -> tuple[str, str]:
    if not isinstance(message, dict) or not isinstance(message.get("role"), str):
        raise Refused(400, "a message must be an object with a role and a content")
    content = message.get("content")
    if isinstance(content, list):  # the parts of a message; those that are no text say nothing here
        content = "".join(part["text"] for part in content if isinstance(part, dict) and _is_text(part.get("text")))
    if content is not None and not _is_text(content):
        raise Refused(400, "a message's content must be text")
    return message["role"], content or ""


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def choice(
    text: str | None, *, index: int = 0, finish_reason: str = "stop", tool_calls: Sequence[str] = ()
) -> dict[str, Any]:
    """One choice of a completion; ``tool_calls`` are names of functions, called without arguments."""
    message: dict[str, Any] = {"role": "assistant", "content": text}
    if tool_calls:
        message["tool_calls"] = [
            {"id": f"call_{index}_{k}", "type": "function", "function": {"name": name, "arguments": "{}"}}
            for k, name in enumerate(tool_calls)
        ]
    return {"index": index, "message": message, "finish_reason": finish_reason}


def usage(prompt: int, completed: int, *, reasoning: int = 0, cached: int = 0) -> dict[str, Any]:
    """The bill; ``completed`` includes ``reasoning`` and ``prompt`` includes ``cached``."""
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completed,
        "total_tokens": prompt + completed,
        "prompt_tokens_details": {"cached_tokens": cached},
        "completion_tokens_details": {"reasoning_tokens": reasoning},
    }


def completion(
    number: int, model: str, choices: Sequence[Mapping[str, Any]], bill: Mapping[str, Any] | None
) -> dict[str, Any]:
    """A whole answer; ``bill`` is None where the server keeps it to itself."""
    answer = {
        "id": f"chatcmpl-{number}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": model,
        "choices": list(choices),
    }
    return answer if bill is None else {**answer, "usage": dict(bill)}


def model_list(names: Sequence[str]) -> dict[str, Any]:
    """What GET /v1/models answers."""
    return {
        "object": "list",
        "data": [{"id": name, "object": "model", "created": 0, "owned_by": "shoal"} for name in names],
    }


def embeddings(body: Mapping[str, Any]) -> dict[str, Any]:
    """What POST /v1/embeddings answers: near texts get near vectors, and nothing is learned or drawn."""
    texts = body.get("input")
    texts = [texts] if isinstance(texts, str) else texts
    if not isinstance(texts, list) or not texts or not all(map(_is_text, texts)):
        raise Refused(400, "input must be a text or a list of texts")
    encoded = body.get("encoding_format") == "base64"
    data = [
        {"object": "embedding", "index": k, "embedding": _packed(vector) if encoded else vector.tolist()}
        for k, vector in enumerate(map(_vector, texts))
    ]
    count = tokens_in(*texts)
    bill = {"prompt_tokens": count, "total_tokens": count}
    return {"object": "list", "model": str(body.get("model", "")), "data": data, "usage": bill}


def _vector(text: str) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Counts of runs of three characters, hashed into places with a sign; of length 1."""
    data = text.encode(errors="replace")
    vector = np.zeros(DIMENSION, dtype=np.float32)
    for start in range(max(1, len(data) - NGRAM + 1)):
        place = zlib.crc32(data[start : start + NGRAM])
        vector[place % DIMENSION] += 1.0 if place & (1 << 31) else -1.0
    length = float(np.linalg.norm(vector))
    return vector / np.float32(length or 1.0)


def _packed(vector: np.ndarray[Any, np.dtype[np.float32]]) -> str:
    return base64.b64encode(vector.astype("<f4").tobytes()).decode()
