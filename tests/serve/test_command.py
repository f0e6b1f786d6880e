"""`shoal model-server` as its users have it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import openai
import pytest

import shoal
from shoal.labs.evolve import RunConfig, start
from shoal.models import Member, load_pool
from tests.serve.prompts import CIRCLES, plain


def started(*words: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(Path(shoal.__file__).parents[1]), "PYTHONWARNINGS": "error"}
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "shoal", "model-server", *words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_it_is_answers_and_ends_quietly(end: signal.Signals) -> None:
    with started("--port", "0", "--model-name", "fish", "--seed", "4", "--json") as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        assert (told["model"], told["seed"]) == ("fish", 4)
        with openai.OpenAI(base_url=told["url"], api_key="none", max_retries=0, timeout=30) as client:
            assert [model.id for model in client.models.list()] == ["fish"]
            answer = client.chat.completions.create(model="fish", messages=plain(CIRCLES))  # type: ignore[arg-type]
            assert "def pack():" in str(answer.choices[0].message.content)
        process.send_signal(end)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (0, "", "stopped after 1 answers\n")


def test_what_it_prints_is_a_pool_that_can_be_used(tmp_path: Path) -> None:
    with started("--port", "0") as process:
        assert process.stdout is not None
        first, *table, then = [process.stdout.readline() for _ in range(7)]
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
    url = first.partition(" at ")[2].partition(" ")[0]
    (tmp_path / "models.toml").write_text("".join(table))
    (member,) = load_pool(tmp_path / "models.toml")
    assert (member.url, member.free, member.local) == (url, True, True)
    assert then.startswith("then: shoal run circle_packing_26 --proposer model --models")


@pytest.mark.timeout(240)
def test_models_alone_improve_the_circles_with_it(tmp_path: Path) -> None:
    with started("--port", "0", "--json") as process:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        model = Member(name="edits", url=url, model="embedded", price="free", concurrency=1)
        config = RunConfig(
            task="circle_packing_26", out=tmp_path, seed=1, evaluations=60, proposer="model", models=(model,)
        )
        done = asyncio.run(start(config))
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
    assert done.best_score is not None and done.initial_score is not None
    assert done.best_score > done.initial_score + 0.005
    assert done.tokens > 0


def test_a_port_in_use_is_one_line() -> None:
    with started("--port", "0", "--json") as first:
        assert first.stdout is not None
        port = json.loads(first.stdout.readline())["url"].rpartition(":")[2].partition("/")[0]
        with started("--port", port) as second:
            out, err = second.communicate(timeout=20)
        first.send_signal(signal.SIGINT)
        first.communicate(timeout=20)
    assert (second.returncode, out) == (2, "")
    assert err.startswith(f"shoal: cannot listen on port {port} of 127.0.0.1: ")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "message"), [(("--port", "70000"), "--port 70000: a port is"), (("--seed", "-1"), "--seed -1: a seed is")]
)
def test_mistakes_are_one_line(words: tuple[str, str], message: str) -> None:
    with started(*words) as process:
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (2, "")
    assert err.startswith(f"shoal: {message}")
    assert err.count("\n") == 1
