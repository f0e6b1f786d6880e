"""The chat client, against a real server on this machine that does all that servers do."""

import asyncio
import json
import os
import socket
import time
from typing import Any

import pytest

from shoal.core.errors import UserError
from shoal.core.values import Counted
from shoal.models import ChatClient, Member, Said
from shoal.models._client import read_vectors
from shoal.testing import Asked, Faults, ModelServer, Reply

ASKED = [{"role": "system", "content": "be brief"}, {"role": "user", "content": "how are you?"}]


def member(server: ModelServer | str, **more: Any) -> Member:
    url = server if isinstance(server, str) else server.url
    price = {"in": 1.0, "out": 2.0}
    return Member.model_validate(
        {"name": "a", "url": url, "model": "scripted", "price": price, "deadline": 5.0, **more}
    )


def ask(one: Member, *, times: int = 1) -> list[Said]:
    async def go() -> list[Said]:
        async with ChatClient([one]) as client:
            return list(await asyncio.gather(*(client.ask("a", ASKED) for _ in range(times))))

    return asyncio.run(go())


def fine(asked: Asked) -> Reply:
    return Reply("fine", prompt_tokens=1_000, completion_tokens=100, cached_tokens=10, reasoning_tokens=40)


def test_an_answer_comes_with_what_it_cost() -> None:
    with ModelServer(fine) as server:
        (said,) = ask(member(server, temperature=0.5, body={"top_p": 0.9}))
    assert said == Said("fine", Counted(tokens=1_100, usd=1_200 / 1e6), finish="stop", reasoning=40)
    body = server.asked[0].body
    assert (body["model"], body["temperature"], body["top_p"], body["max_tokens"]) == ("scripted", 0.5, 0.9, 8_192)
    assert server.asked[0].messages == (("system", "be brief"), ("user", "how are you?"))


def test_what_passes_is_tried_again_and_costs_nothing() -> None:
    with ModelServer(fine, faults=Faults(rate_limited=0.3, server_error=0.3), seed=3) as server:
        said = ask(member(server, deadline=60.0, concurrency=8), times=8)
    assert [one.text for one in said] == ["fine"] * 8
    assert len(server.asked) > 8
    assert sum(one.counted.tokens for one in said) == 8 * 1_100


def test_the_first_failure_is_told_where_none_of_the_tries_helps() -> None:
    with ModelServer(fine, faults=Faults(server_error=1.0)) as server:
        (said,) = ask(member(server, deadline=1.2))
    assert said.text is None
    assert said.failed.startswith("HTTP 50")
    assert said.counted == Counted()


@pytest.mark.parametrize("fault", ["hang", "cut_connection", "truncated", "malformed", "empty"])
def test_what_may_have_been_paid_for_counts_as_its_most_and_is_not_sent_twice(fault: str) -> None:
    with ModelServer(fine, faults=Faults(**{fault: 1.0})) as server:
        one = member(server, deadline=1.0)
        (said,) = ask(one)
    assert (said.text, said.assumed, said.counted) == (None, True, one.most)
    assert len(server.asked) == 1


def test_an_answer_without_usage_counts_as_its_most() -> None:
    with ModelServer(fine, faults=Faults(no_usage=1.0)) as server:
        one = member(server)
        (said,) = ask(one)
    assert (said.text, said.assumed, said.counted) == ("fine", True, one.most)


def test_a_call_of_a_tool_is_an_answer_without_text_that_was_paid_for() -> None:
    with ModelServer(fine, faults=Faults(tool_calls=1.0)) as server:
        (said,) = ask(member(server))
    assert (said.text, said.failed, said.assumed) == (None, "the answer has no text", False)
    assert said.counted.tokens > 0


def test_a_prompt_that_is_too_long_is_told_apart() -> None:
    with ModelServer(fine, context_tokens=3) as server:
        (said,) = ask(member(server))
    assert (said.text, said.too_long, said.counted) == (None, True, Counted())


def test_calls_at_once_are_as_many_as_allowed() -> None:
    with ModelServer(fine, latency=(0.2, 0.2)) as server:
        ask(member(server, concurrency=2), times=6)
    begun = sorted(server.spans)
    assert max(sum(start <= other[0] < end for other in begun) for start, end in begun) <= 2


def test_requests_per_minute_are_kept() -> None:
    with ModelServer(fine) as server:
        before = time.monotonic()
        ask(member(server, requests_per_minute=120, concurrency=200), times=122)
    assert time.monotonic() - before > 0.9


def test_an_endpoint_that_is_not_there_is_told_at_once() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        one = member(f"http://127.0.0.1:{taken.getsockname()[1]}/v1")

    async def go() -> None:
        async with ChatClient([one]) as client:
            await client.check()

    before = time.monotonic()
    with pytest.raises(UserError, match=r"model a: .* cannot be reached within 1\.5 s"):
        asyncio.run(go())
    assert time.monotonic() - before < 2.0 + 2.0 * (os.getloadavg()[0] > 4)


def test_an_endpoint_that_is_there_passes() -> None:
    async def go(server: ModelServer) -> None:
        async with ChatClient([member(server)]) as client:
            await client.check()

    with ModelServer(fine) as server:
        asyncio.run(go(server))
    assert server.asked == []


# -- vectors ------------------------------------------------------------------------------------------------------


def likenesses(one: Member, texts: list[str]) -> Said:
    async def go() -> Said:
        async with ChatClient([one]) as client:
            return await client.likenesses("a", texts)

    return asyncio.run(go())


def test_likenesses_come_in_order_with_what_the_vectors_cost() -> None:
    texts = ["def f(x): return x", "def f(x): return x", "def f(y): return y", "import os"]
    with ModelServer(fine) as server:
        said = likenesses(member(server, embeds=True, body={"user": "b"}), texts)
        body = json.loads(server.bodies[0])
    assert said.text is not None
    found = json.loads(said.text)
    assert found[0] == pytest.approx(1.0)
    assert 1.0 > found[1] > found[2]
    tokens = -(-sum(map(len, texts)) // 4)
    assert (said.counted, said.assumed) == (Counted(tokens=tokens, usd=tokens / 1e6), False)
    assert body == {"model": "scripted", "input": texts, "encoding_format": "float", "user": "b"}


def test_a_model_that_embeds_costs_at_most_what_it_is_sent() -> None:
    one = member("http://127.0.0.1:1/v1", embeds=True, context=8_192, prompt_bytes=20_000)
    assert one.most == Counted(tokens=20_200, usd=20_200 / 1e6)
    assert one.room == 20_000


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"no json",
        b'{"data": [{"index": 0, "embedding": [1.0, 0.0]}]}',
        b'{"data": [{"index": 0, "embedding": [1.0]}, {"index": 1, "embedding": [1.0, 2.0]}]}',
        b'{"data": [{"index": 0, "embedding": [1.0]}, {"index": 1, "embedding": [NaN]}]}',
        b'{"data": [{"index": 0, "embedding": "AAAA"}, {"index": 1, "embedding": "AAAA"}]}',
    ],
)
def test_what_is_no_list_of_vectors_counts_as_its_most(body: bytes) -> None:
    one = member("http://127.0.0.1:1/v1", embeds=True)
    said = read_vectors(one, body, count=2)
    assert (said.text, said.assumed, said.counted) == (None, True, one.most)


def test_vectors_in_another_order_are_told_by_their_index() -> None:
    body = b'{"data": [{"index": 1, "embedding": [0.0, 2.0]}, {"index": 0, "embedding": [0.0, 1.0]}], "usage": null}'
    one = member("http://127.0.0.1:1/v1", embeds=True)
    said = read_vectors(one, body, count=2)
    assert (said.text, said.assumed, said.counted) == ("[1.0]", True, one.most)
