"""The embedded proposer as a model: real requests, real edits by the jailed editor."""

from __future__ import annotations

import asyncio
import json
import math
import re
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

import openai
import pytest

from shoal.core.errors import UserError
from shoal.serve import EmbeddedModelServer
from tests.serve.prompts import (
    CIRCLES,
    DONOR,
    MARKED,
    Messages,
    applied,
    earlier,
    plain,
    tagged,
    with_history,
    with_nonce,
)

Client = openai.AsyncOpenAI
T = TypeVar("T")


def client_of(server: EmbeddedModelServer) -> Client:
    return Client(base_url=server.url, api_key="none", max_retries=0, timeout=30)


def served(use: Callable[[EmbeddedModelServer, Client], Awaitable[T]], *, seed: int = 0) -> T:
    """What ``use`` returns, given a server and a client of it."""

    async def go() -> T:
        async with EmbeddedModelServer(seed=seed) as server, client_of(server) as client:
            return await use(server, client)

    return asyncio.run(go())


async def ask(client: Client, messages: Any, **more: Any) -> Any:
    return await client.chat.completions.create(model="embedded", messages=messages, **more)


def texts(messages: Messages, count: int, *, seed: int = 0) -> list[str]:
    """Answers to the same prompt, one after another."""

    async def use(_: EmbeddedModelServer, client: Client) -> list[str]:
        return [(await ask(client, messages)).choices[0].message.content for _ in range(count)]

    return served(use, seed=seed)


def block(text: str) -> str:
    (found,) = re.findall(r"^```python\n(.*?)\n```$", text, re.DOTALL | re.MULTILINE)
    return str(found)


async def answered(url: str, data: bytes) -> tuple[int, Any]:
    """Status and error of what comes back for some bytes."""
    place = urlsplit(url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    writer.write(data)
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    await writer.wait_closed()
    return int(head.split()[1]), json.loads(body)["error"]


def request(body: bytes, *, path: str = "/v1/chat/completions", method: str = "POST") -> bytes:
    head = f"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


# -- edits ------------------------------------------------------------------------------------------------------------


def radii(program: str) -> float | None:
    """The sum of radii of 26 circles that do not overlap; None for anything else. The program is one of ours."""
    names: dict[str, Any] = {}
    try:
        exec(compile(program, "circles", "exec"), names)
        centres, sizes = names["pack"]()
        circles = [(x, y, r) for (x, y), r in zip(centres, sizes, strict=True)]
        inside = all(0 <= r <= min(x, y, 1 - x, 1 - y) for x, y, r in circles)
        apart = all(
            math.dist(one[:2], other[:2]) >= one[2] + other[2] for k, one in enumerate(circles) for other in circles[:k]
        )
        return math.fsum(sizes) if len(circles) == 26 and inside and apart else None
    except Exception:
        return None


@pytest.mark.parametrize("form", ["whole", "diff"])
def test_climbing_on_its_answers_improves_a_program(form: str) -> None:
    async def climb(server: EmbeddedModelServer, client: Client) -> tuple[float, int]:
        best, score, better = CIRCLES, radii(CIRCLES), 0
        assert score is not None
        for _ in range(40):
            messages = plain(best) if form == "whole" else with_nonce(best, CIRCLES)
            text = (await ask(client, messages)).choices[0].message.content
            child = block(text) if form == "whole" else applied(best, text)
            value = radii(child)
            if value is not None and value > score:
                best, score, better = child, value, better + 1
        assert server.answered == 40
        return score, better

    score, better = served(climb)
    assert radii(CIRCLES) == pytest.approx(0.9598, abs=1e-4)
    assert score > 0.97
    assert better >= 2


@pytest.mark.parametrize("form", ["DIFF", "CODE"])
def test_a_marked_program_changes_between_its_marks_only(form: str) -> None:
    program = MARKED.rstrip("\n")
    for text in texts(tagged(MARKED, form=form, history=earlier(DONOR)), 12):
        (name,) = re.findall(r"<NAME>\n(\w+)\n</NAME>", text)
        (note,) = re.findall(r"<DESCRIPTION>\n(.+)\n</DESCRIPTION>", text)
        (body,) = re.findall(rf"<{form}>\n(.*)\n</{form}>", text, re.DOTALL)
        child = applied(program, body) if form == "DIFF" else block(body)
        assert name and note and child != program
        assert child.partition("# EVOLVE-BLOCK-START")[0] == program.partition("# EVOLVE-BLOCK-START")[0]
        assert child.partition("# EVOLVE-BLOCK-END")[1:] == program.partition("# EVOLVE-BLOCK-END")[1:]
        assert form == "CODE" or "EVOLVE-BLOCK" not in body
        compile(child, "child", "exec")


@pytest.mark.parametrize("diff", [True, False])
def test_the_current_program_of_a_long_prompt_is_edited(diff: bool) -> None:
    messages = with_history(CIRCLES + "\n", best=MARKED, inspiration=DONOR, diff=diff)
    for text in texts(messages, 8):
        child = applied(CIRCLES, text) if diff else block(text)
        assert child != CIRCLES
        assert "def pack():" in child


def test_other_programs_give_their_parts() -> None:
    donor = CIRCLES.replace("0.3 * math.cos(angle)", "0.29 * math.cos(angle) * math.cos(0.017)")
    with_donor = [*plain(CIRCLES), *plain(CIRCLES)[1:]]
    with_donor[-1] = {
        "role": "user",
        "content": f"## Inspiration\n```python\n{donor}\n```\n\n{plain(CIRCLES)[1]['content']}",
    }
    children = [block(text) for text in texts(with_donor, 40)]
    assert any("0.017" in child for child in children)


def test_programs_in_other_languages_get_other_numbers() -> None:
    code = "double f(double x) {\n  return 0.25 * x + 1.5;\n}"
    messages = [{"role": "user", "content": f"Current program:\n```cpp\n{code}\n```"}]
    for text in texts(messages, 4):
        (child,) = re.findall(r"^```cpp\n(.*?)\n```$", text, re.DOTALL | re.MULTILINE)
        assert child != code
        assert re.sub(r"[\d.e-]+", "#", child) == re.sub(r"[\d.e-]+", "#", code)


@pytest.mark.parametrize(
    "content",
    [
        "Hello!",
        "Current program:\n```python\nthis is ( no program\n```",
        "Current program:\n```python\npass\n```",
        "Current program:\n```python\n" + "(" * 5_000 + "\n```",
        "Current program:\n```python\n# EVOLVE-BLOCK-START\nx = 1.5\n```",
    ],
)
def test_where_there_is_nothing_to_edit_it_says_so(content: str) -> None:
    (text,) = texts([{"role": "user", "content": content}], 1)
    assert re.search(r"I found no (program|edit)", text)


# -- the protocol -----------------------------------------------------------------------------------------------------


def test_edits_depend_on_the_servers_seed_and_the_requests_number() -> None:
    first = texts(plain(CIRCLES), 4)
    assert first == texts(plain(CIRCLES), 4) != texts(plain(CIRCLES), 4, seed=1)
    assert len(set(first)) == 4


def test_a_requests_own_seed_wins_and_choices_differ() -> None:
    async def use(_: EmbeddedModelServer, client: Client) -> list[list[str]]:
        answers = [await ask(client, plain(CIRCLES), seed=seed, n=3) for seed in (7, 7, -8)]
        return [[choice.message.content for choice in answer.choices] for answer in answers]

    first, again, other = served(use)
    assert first == again != other
    assert len(set(first)) == 3


def test_one_seed_for_all_prompts_gives_each_its_own_draw() -> None:
    async def use(_: EmbeddedModelServer, client: Client) -> list[str]:
        prompts = [plain(CIRCLES.replace("0.3 *", f"0.3{k} *")) for k in range(12)]
        answers = [await ask(client, one, seed=7) for one in prompts]
        return [answer.choices[0].message.content.partition("\n")[0] for answer in answers]

    assert len(set(served(use))) > 6


def test_a_question_is_answered_in_words() -> None:
    content = f"```python\n{CIRCLES}\n```\n\nWrite a short summary of it."
    (text,) = texts([{"role": "user", "content": content}], 1)
    assert "functions: pack, layout, radii" in text


def test_many_may_ask_at_once() -> None:
    async def use(server: EmbeddedModelServer, client: Client) -> list[str]:
        answers = await asyncio.gather(*(ask(client, plain(CIRCLES)) for _ in range(20)))
        assert server.answered == 20
        return [answer.choices[0].message.content for answer in answers]

    assert sorted(served(use)) == sorted(texts(plain(CIRCLES), 20))


def test_clients_that_leave_disturb_nobody() -> None:
    large = {"messages": plain(CIRCLES + "\n" + "".join(f"x{k} = {k}.5\n" for k in range(8_000)))}

    async def use(server: EmbeddedModelServer, client: Client) -> str:
        place = urlsplit(server.url)
        for wait in range(8):
            _, writer = await asyncio.open_connection(place.hostname, place.port)
            writer.write(request(json.dumps(large).encode()))
            await asyncio.sleep(0.01 * wait)
            writer.transport.abort()
        return str((await ask(client, plain(CIRCLES))).choices[0].message.content)

    assert "def pack():" in served(use)


def test_an_answer_may_come_as_a_stream() -> None:
    async def use(_: EmbeddedModelServer, client: Client) -> tuple[str, str, list[int]]:
        whole = (await ask(client, plain(CIRCLES), seed=3)).choices[0].message.content
        more = {"stream": True, "stream_options": {"include_usage": True}, "seed": 3}
        chunks = [chunk async for chunk in await ask(client, plain(CIRCLES), **more)]
        parts = [choice.delta.content for chunk in chunks for choice in chunk.choices]
        return whole, "".join(parts), [chunk.usage.total_tokens for chunk in chunks if chunk.usage]

    whole, streamed, bills = served(use)
    assert streamed == whole
    assert bills == [math.ceil(sum(len(m["content"]) for m in plain(CIRCLES)) / 4) + math.ceil(len(whole) / 4)]


def test_it_lists_its_model_and_embeds() -> None:
    async def use(_: EmbeddedModelServer, client: Client) -> tuple[list[str], int]:
        vector = (await client.embeddings.create(model="any", input="text")).data[0].embedding
        return [model.id async for model in client.models.list()], len(vector)

    assert served(use) == (["embedded"], 64)


def test_what_cannot_be_answered_gets_an_error_in_the_protocols_shape() -> None:
    body = {"messages": plain(CIRCLES)}
    large = {"messages": [{"role": "user", "content": "Current program:\n```python\n" + "x = 1\n" * 30_000 + "```"}]}
    cases = [
        (request(b"{nope"), 400, "not valid JSON"),
        (request(b"{}"), 400, "messages must be a list"),
        (request(json.dumps({**body, "n": 99}).encode()), 400, "n is 99; it must be a whole number from 1 to 16"),
        (request(json.dumps({**body, "seed": "x"}).encode()), 400, "seed is 'x'"),
        (request(json.dumps(large).encode()), 400, "the program is larger than 131072 bytes"),
        (request(b" " * 9_000_000), 413, "larger than 8388608 bytes"),
        (request(b"{}", path="/v1/responses"), 404, "unknown path /v1/responses"),
        (request(b"", path="/v1/models"), 405, "POST is not allowed; /v1/models takes GET"),
    ]

    async def use(server: EmbeddedModelServer, client: Client) -> list[tuple[int, Any]]:
        found = [await answered(server.url, data) for data, _, _ in cases]
        assert (await ask(client, plain(CIRCLES))).choices[0].message.content
        return found

    found = served(use)
    assert [status for status, _ in found] == [status for _, status, _ in cases]
    for (_, error), (_, _, message) in zip(found, cases, strict=True):
        assert message in error["message"]
        assert error["type"] == "invalid_request_error"
    assert found[4][1]["code"] == "context_length_exceeded"


def test_a_port_in_use_is_a_users_error() -> None:
    async def use(server: EmbeddedModelServer, _: Client) -> None:
        with pytest.raises(UserError, match=f"cannot listen on port {server.port} of 127.0.0.1: .*in use"):
            async with EmbeddedModelServer(port=server.port):
                pass
        with pytest.raises(UserError, match=r"cannot listen on port 0 of 192\.0\.2\.1"):
            async with EmbeddedModelServer(host="192.0.2.1"):
                pass

    served(use)
