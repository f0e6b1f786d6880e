"""One model of the pool: where it is, what it costs, how it wants to be asked; checked at the border."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shoal.core.errors import UserError
from shoal.core.values import Counted

__all__ = ["Member", "Price", "Usage"]

MILLION = 1_000_000
BYTES_PER_TOKEN = 3  # of programs, cautiously; what does not fit after all the server says, and a shorter one is sent
OVERHEAD_TOKENS = 200  # that a chat template puts around a few messages
SECRET_HEADERS = frozenset(("authorization", "api-key", "x-api-key", "proxy-authorization", "cookie"))
LOCAL_NAMES = ("localhost", "host.docker.internal")
HOSTED_CONCURRENCY = 8
Dollars = Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)]


class Price(BaseModel):
    """US dollars per million tokens: read, written, and read from the provider's cache (as ``in`` unless said)."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    read: Annotated[Dollars, Field(alias="in")]
    out: Dollars
    cached: Dollars | None = None


class Usage(BaseModel):
    """Tokens of one call; ``completion`` holds those of silent reasoning, ``cached`` is a part of ``prompt``."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    prompt: Annotated[int, Field(ge=0)]
    completion: Annotated[int, Field(ge=0)]
    cached: Annotated[int, Field(ge=0)] = 0
    reasoning: Annotated[int, Field(ge=0)] = 0


class Member(BaseModel):
    """A model behind an OpenAI-compatible URL.

    ``key`` names the environment variable that holds the key; ``headers`` may say "$NAME" for one too. Only the names
    are ever written down. ``prompt_bytes`` caps what it is sent and ``max_tokens`` what it may answer: together they
    bound what a call can cost, before it is made. With ``embeds`` it makes vectors of texts instead of answers: a call
    sends at most ``prompt_bytes``, each of its texts has ``context`` tokens at most, and ``max_tokens`` says nothing.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")]
    url: Annotated[str, Field(pattern=r"^https?://[^\s/]+")]
    model: Annotated[str, Field(min_length=1, max_length=200)]
    price: Literal["free"] | Price
    key: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")] | None = None
    embeds: bool = False
    context: Annotated[int, Field(ge=1_024, le=100_000_000)] = 32_768
    max_tokens: Annotated[int, Field(ge=16, le=1_000_000)] = 8_192
    max_tokens_name: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    prompt_bytes: Annotated[int, Field(ge=2_000, le=10_000_000)] = 32_000
    temperature: Annotated[float, Field(ge=0, le=5, allow_inf_nan=False)] | None = None
    headers: dict[str, str] = {}
    body: dict[str, Any] = {}
    requests_per_minute: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    tokens_per_minute: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    concurrency: Annotated[int, Field(ge=1, le=4_096)] | None = None
    deadline: Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)] = 900.0
    tags: tuple[str, ...] = ()
    weight: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1.0

    @model_validator(mode="before")
    @classmethod
    def _priced(cls, data: Any) -> Any:
        if isinstance(data, dict) and "price" not in data:
            raise ValueError(
                'has no price: write price = { in = 3.0, out = 15.0 } (dollars per million tokens), or price = "free"'
            )
        return data

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.max_tokens >= self.context and not self.embeds:
            raise ValueError(f"max_tokens = {self.max_tokens} leaves nothing of context = {self.context} for a prompt")
        for name, value in self.headers.items():
            if name.lower() in SECRET_HEADERS and not value.startswith("$"):
                raise ValueError(f'the header {name} would be written down: say "$NAME" and put it in the environment')
        return self

    @property
    def free(self) -> bool:
        """Whether no call costs anything."""
        return self.price == "free"

    @property
    def local(self) -> bool:
        """Whether it runs on this machine, where several calls at once only wait for one another."""
        host = urlsplit(self.url).hostname or ""
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host in LOCAL_NAMES

    @property
    def at_once(self) -> int:
        """How many calls are in flight at most."""
        return self.concurrency or (1 if self.local else HOSTED_CONCURRENCY)

    @property
    def room(self) -> int:
        """Bytes that a prompt, or a text to embed, may have: what is allowed, and fits beside the longest answer."""
        if self.embeds:
            return min(self.prompt_bytes, BYTES_PER_TOKEN * self.context)
        return min(self.prompt_bytes, BYTES_PER_TOKEN * (self.context - self.max_tokens))

    @property
    def most(self) -> Counted:
        """The most that one call can cost: a token is at least a byte, and no answer is longer than asked for."""
        if self.embeds:
            return self.cost(Usage(prompt=self.prompt_bytes + OVERHEAD_TOKENS, completion=0))
        prompt = min(self.prompt_bytes, self.context - self.max_tokens) + OVERHEAD_TOKENS
        return self.cost(Usage(prompt=prompt, completion=self.max_tokens))

    def cost(self, usage: Usage) -> Counted:
        """What a call with this usage cost, at list price."""
        tokens = usage.prompt + usage.completion
        if isinstance(self.price, str):
            return Counted(tokens=tokens)
        cached = min(usage.cached, usage.prompt)
        cheap = self.price.read if self.price.cached is None else self.price.cached
        usd = (usage.prompt - cached) * self.price.read + cached * cheap + usage.completion * self.price.out
        return Counted(tokens=tokens, usd=usd / MILLION)

    def secret(self, environment: Mapping[str, str] = os.environ) -> str:
        """The key; "none" where none is needed. Raises `UserError` where the variable is not set."""
        return "none" if self.key is None else _read(self, self.key, environment)

    def sent_headers(self, environment: Mapping[str, str] = os.environ) -> dict[str, str]:
        """The headers with what their variables hold."""
        return {
            name: _read(self, value[1:], environment) if value.startswith("$") else value
            for name, value in self.headers.items()
        }


def _read(member: Member, name: str, environment: Mapping[str, str]) -> str:
    value = environment.get(name, "").strip()
    if not value:
        raise UserError(f"model {member.name}: the environment variable {name} is not set; export {name}=... first")
    return value
