"""The scripted chat server, asked over HTTP as programs ask."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

import openai
import pytest

from shoal.testing import Asked, Faults, ModelServer, Reply

HELLO: list[Any] = [{"role": "system", "content": "be kind"}, {"role": "user", "content": "hello there"}]


def client(server: ModelServer, *, timeout: float = 10.0) -> openai.OpenAI:
    return openai.OpenAI(base_url=server.url, api_key="sk-secret", max_retries=0, timeout=timeout)


def ask(server: ModelServer, *, timeout: float = 10.0, **more):
    with client(server, timeout=timeout) as one:
        return one.chat.completions.create(**{"model": "scripted", "messages": HELLO, **more})


def connected(server: ModelServer) -> socket.socket:
    place = urlsplit(server.url)
    return socket.create_connection((place.hostname, place.port), timeout=10)


def raw(server: ModelServer, data: bytes) -> bytes:
    """All that comes back for some bytes on a fresh connection, until the server closes it."""
    with connected(server) as one:
        one.sendall(data)
        parts = []
        while part := one.recv(65536):
            parts.append(part)
    return b"".join(parts)


def request(body: bytes, *, path: str = "/v1/chat/completions", method: str = "POST") -> bytes:
    head = f"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def chat(**more) -> bytes:
    return json.dumps({"model": "scripted", "messages": HELLO, **more}).encode()


def error_of(answer: bytes) -> tuple[int, dict]:
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)["error"]


# -- good answers -----------------------------------------------------------------------------------------------------


def test_a_script_answers_and_sees_the_whole_request():
    def script(asked: Asked) -> str:
        return f"{asked.number} {asked.messages[-1][1].upper()}"

    with ModelServer(script) as server:
        first, second = ask(server, temperature=0.5), ask(server)
        asked = server.asked[0]
    assert [one.choices[0].message.content for one in (first, second)] == ["0 HELLO THERE", "1 HELLO THERE"]
    assert first.choices[0].finish_reason == "stop"
    assert (asked.number, asked.model, asked.messages) == (
        *(0, "scripted"),
        (("system", "be kind"), ("user", "hello there")),
    )
    assert asked.body["temperature"] == 0.5
    assert asked.headers["authorization"] == "Bearer sk-secret"
    assert 0 <= server.asked[1].at - asked.at < 10
    assert server.served == 2


def test_usage_is_estimated_unless_the_script_says_it():
    def script(asked: Asked) -> str | Reply:
        if asked.number == 0:
            return "12345"
        return Reply("x", "length", prompt_tokens=70, completion_tokens=30, reasoning_tokens=20, cached_tokens=50)

    with ModelServer(script) as server:
        plain, said = ask(server), ask(server)
    assert (plain.usage.prompt_tokens, plain.usage.completion_tokens) == (5, 2)  # 18 and 5 characters
    assert said.choices[0].finish_reason == "length"
    assert (said.usage.prompt_tokens, said.usage.completion_tokens, said.usage.total_tokens) == (70, 30, 100)
    assert said.usage.completion_tokens_details.reasoning_tokens == 20
    assert said.usage.prompt_tokens_details.cached_tokens == 50


def test_the_parts_of_a_message_are_read_as_one_text():
    parts = [
        {"type": "text", "text": "a"},
        {"type": "image_url", "image_url": {"url": "x"}},
        {"type": "text", "text": "b"},
    ]
    with ModelServer(lambda asked: asked.messages[0][1]) as server:
        assert ask(server, messages=[{"role": "user", "content": parts}]).choices[0].message.content == "ab"


def test_many_may_ask_at_once_from_an_event_loop():
    async def all_of_them(url: str) -> list[str]:
        async with openai.AsyncOpenAI(base_url=url, api_key="k", max_retries=0) as one:
            answers = await asyncio.gather(
                *(
                    one.chat.completions.create(model="scripted", messages=[{"role": "user", "content": str(k)}])
                    for k in range(50)
                )
            )
        return [str(answer.choices[0].message.content) for answer in answers]

    with ModelServer(lambda asked: asked.messages[0][1], latency=(0.2, 0.4)) as server:
        began = time.monotonic()
        assert asyncio.run(all_of_them(server.url)) == [str(k) for k in range(50)]
        assert time.monotonic() - began < 50 * 0.2  # side by side, not one after another
    assert [asked.number for asked in server.asked] == list(range(50))
    assert server.served == 50


def test_it_lists_its_models_and_refuses_others():
    with ModelServer(lambda asked: asked.model, models=("small", "large")) as server, client(server) as one:
        assert [model.id for model in one.models.list()] == ["small", "large"]
        assert ask(server, model="large").choices[0].message.content == "large"
        with pytest.raises(openai.NotFoundError, match="'huge' does not exist; there are small, large"):
            ask(server, model="huge")


def test_embeddings_repeat_and_near_texts_lie_near():
    texts = ["def pack(): return 1", "def pack(): return 2", "the quick brown fox"]
    with ModelServer(lambda asked: "") as server, client(server) as one:
        packed = [item.embedding for item in one.embeddings.create(model="e", input=texts).data]
        plain = one.embeddings.create(model="e", input=texts[0], encoding_format="float").data[0].embedding
    assert packed[0] == pytest.approx(plain)
    assert {len(vector) for vector in packed} == {64}
    near, far = (sum(a * b for a, b in zip(packed[0], packed[k], strict=True)) for k in (1, 2))
    assert near > 0.8
    assert far < 0.5


# -- faults -----------------------------------------------------------------------------------------------------------


def test_a_rate_limit_says_when_to_come_back():
    faults = Faults(rate_limited=1.0, retry_after=1.5)
    with ModelServer(lambda asked: "", faults=faults) as server, pytest.raises(openai.RateLimitError) as caught:
        ask(server)
    assert caught.value.response.headers["retry-after"] == "1.5"
    assert (caught.value.code, server.served) == ("rate_limit_exceeded", 0)


def test_server_errors_are_of_both_kinds():
    statuses = set()
    with ModelServer(lambda asked: "", faults=Faults(server_error=1.0)) as server:
        for _ in range(12):
            with pytest.raises(openai.InternalServerError) as caught:
                ask(server)
            statuses.add(caught.value.status_code)
    assert statuses == {500, 503}


@pytest.mark.parametrize("kind", ["cut_connection", "truncated"])
def test_a_broken_connection_is_no_answer(kind: str):
    with ModelServer(lambda asked: "long " * 100, faults=Faults(**{kind: 1.0})) as server:
        with pytest.raises(openai.APIConnectionError):
            ask(server)
        answer = raw(server, request(chat()))
    head, _, body = answer.partition(b"\r\n\r\n")
    if kind == "truncated":
        promised = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
        assert 0 < len(body) < promised
    else:
        assert answer == b""
    assert (len(server.asked), server.served) == (2, 0)


def test_bodies_that_are_no_answer():
    with ModelServer(lambda asked: "hello", faults=Faults(malformed=1.0)) as server:
        status, _, body = raw(server, request(chat())).partition(b"\r\n\r\n")
    assert b" 200 " in status
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        json.loads(body)
    with ModelServer(lambda asked: "hello", faults=Faults(empty=1.0)) as server:
        choices = {str(ask(server).choices) for _ in range(12)}
    assert choices == {"[]", "None"}
    assert server.served == 12  # paid for, whatever they are worth


def test_noise_in_good_answers():
    with ModelServer(lambda asked: "hello", faults=Faults(tool_calls=0.5, no_usage=0.5)) as server:
        answers = [ask(server) for _ in range(12)]
    for answer in answers:
        message = answer.choices[0].message
        if answer.usage is None:
            assert (message.content, message.tool_calls) == ("hello", None)
        else:
            assert message.content is None
            assert [call.function.name for call in message.tool_calls] == ["look_up"]
            assert answer.choices[0].finish_reason == "tool_calls"
    assert {answer.usage is None for answer in answers} == {True, False}


def test_a_script_may_call_tools_of_its_own():
    with ModelServer(lambda asked: Reply("thinking", tool_calls=("search", "run"))) as server:
        message = ask(server).choices[0].message
    assert message.content == "thinking"
    assert [call.function.name for call in message.tool_calls] == ["search", "run"]


def test_slow_answers_come_late_and_are_good():
    with ModelServer(lambda asked: "late", faults=Faults(slow=1.0, slow_seconds=0.3)) as server:
        began = time.monotonic()
        assert ask(server).choices[0].message.content == "late"
    assert 0.3 <= time.monotonic() - began < 5


def test_a_hang_ends_with_its_client_and_with_the_server():
    stack = ExitStack()
    with ModelServer(lambda asked: "", faults=Faults(hang=1.0)) as server:
        with pytest.raises(openai.APITimeoutError):
            ask(server, timeout=0.2)
        waiting = [stack.enter_context(connected(server)) for _ in range(3)]
        for one in waiting:
            one.sendall(request(chat()))
        while len(server.asked) < 4:
            time.sleep(0.01)
        began = time.monotonic()
    assert time.monotonic() - began < 2
    assert [one.recv(100) for one in waiting] == [b""] * 3
    stack.close()
    assert server.served == 0


def test_what_goes_wrong_is_drawn_by_seed_and_number():
    def outcomes(seed: int) -> list[bool]:
        faults = Faults(no_usage=0.3)
        with ModelServer(lambda asked: "", faults=faults, seed=seed) as server, client(server) as one:
            create = one.chat.completions.create
            return [create(model="scripted", messages=HELLO).usage is None for _ in range(40)]

    first = outcomes(1)
    assert first == outcomes(1) != outcomes(2)
    assert 4 <= sum(first) <= 22  # 12 expected


def test_shares_of_faults_are_checked():
    for shares in ({"hang": -0.1}, {"hang": 0.6, "empty": 0.6}):
        with pytest.raises(ValueError, match="together at most 1"):
            Faults(**shares)


# -- bad requests -----------------------------------------------------------------------------------------------------


def test_a_prompt_that_is_too_long_is_refused():
    with ModelServer(lambda asked: "short enough", context_tokens=10) as server:
        assert ask(server).choices[0].message.content == "short enough"
        with pytest.raises(openai.BadRequestError) as caught:
            ask(server, messages=[{"role": "user", "content": "x" * 41}])
    assert caught.value.code == "context_length_exceeded"
    assert "11 tokens" in str(caught.value) and "maximum is 10" in str(caught.value)


@pytest.mark.parametrize(
    ("sent", "status", "message"),
    [
        (request(b"{nope"), 400, "not valid JSON"),
        (request(b"[1]"), 400, "JSON object"),
        (request(b'{"model": "scripted"}'), 400, "messages must be a list"),
        (request(b'{"model": "scripted", "messages": ["hi"]}'), 400, "a role and a content"),
        (request(chat(stream=True)), 400, "no stream"),
        (request(chat(n=2)), 400, "no n"),
        (request(b'{"input": [1]}', path="/v1/embeddings"), 400, "a text or a list of texts"),
        (request(chat(), path="/v2/chat"), 404, "unknown path /v2/chat; there are /v1/chat/completions"),
        (request(b"", method="GET"), 405, "takes POST"),
    ],
)
def test_what_cannot_be_answered_gets_an_error_in_the_protocols_shape(sent: bytes, status: int, message: str):
    with ModelServer(lambda asked: "") as server:
        found, error = error_of(raw(server, sent))
        assert ask(server).choices[0].message.content == ""  # and it goes on
    assert (found, error["type"]) == (status, "invalid_request_error")
    assert message in error["message"]
    assert [asked.number for asked in server.asked] == [0]


def test_every_body_is_kept_to_look_for_secrets():
    with ModelServer(lambda asked: "") as server:
        ask(server)
        raw(server, request(b"{nope"))
        raw(server, request(b'{"input": "text"}', path="/v1/embeddings"))
    assert len(server.bodies) == 3
    assert json.loads(server.bodies[0])["messages"] == HELLO
    assert not any(b"sk-secret" in body for body in server.bodies)


def test_a_script_that_raises_fails_the_test():
    def script(asked: Asked) -> str:
        raise LookupError("not in the script")

    told = pytest.raises(openai.InternalServerError, match="the script raised LookupError")
    with pytest.raises(LookupError, match="not in the script"), ModelServer(script) as server, told:
        ask(server)


def test_an_answer_that_nobody_takes_is_not_counted():
    with ModelServer(lambda asked: "x" * 50_000_000) as server:
        with connected(server) as one:
            one.sendall(request(chat()))
            assert one.recv(100)
        deadline = time.monotonic() + 5
        while server.served and time.monotonic() < deadline:
            time.sleep(0.01)
        assert (len(server.asked), server.served) == (1, 0)
