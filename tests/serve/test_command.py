"""`shoal model-server` as its users have it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import openai
import pytest

import shoal
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


def test_one_line_tells_the_address_and_what_to_try() -> None:
    with started("--port", "0") as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
    url = line.partition(" at ")[2].partition(" ")[0]
    assert url.startswith("http://127.0.0.1:")
    assert line.endswith(f"try: curl {url}/models\n")


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
