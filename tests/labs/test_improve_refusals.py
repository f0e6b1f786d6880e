"""What `shoal improve` refuses, in one line that names the cause and the fix; and tests that mean harm."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from .projects import GUESTS_TEST, QUADRATIC, RULE, Project, digest

# -- what is no function of its arguments -----------------------------------------------------------------------------

REFUSED = {
    "a counter": (
        """count = 0


def numbered(names):
    global count
    count += 1
    return [f'{count} {n}' for n in names]
""",
        """numbered(['a', 'b', 'c'])
    numbered(['a'])""",
        "global count",
    ),
    "what earlier calls left": (
        """seen = []


def fresh(names):
    new = [n for n in names if n not in seen]
    seen.extend(new)
    return new
""",
        """assert fresh(['a', 'b']) == ['a', 'b']
    assert fresh(['b', 'c']) == ['c']
    fresh(['c', 'd', 'a'])""",
        "does not do the same each time",
    ),
    "a clock": (
        """import time


def stamped(names):
    return [(time.time(), n) for n in names]
""",
        """assert len(stamped(['a', 'b'])) == 2""",
        "does not do the same each time",
    ),
    "chance": (
        """import random


def drawn(names):
    return [n for n in names if random.random() < 0.5]
""",
        """drawn([str(k) for k in range(40)])""",
        "does not do the same each time",
    ),
    "a file": (
        """from pathlib import Path


def lines(path, least):
    return [line for line in Path(path).read_text().splitlines() if len(line) >= least]
""",
        """import tempfile
    from pathlib import Path
    file = Path(tempfile.mkdtemp()) / 'a.txt'
    file.write_text('one\\nthree\\n')
    assert lines(str(file), 4) == ['three']""",
        "depends on files",
    ),
    "the environment": (
        """import os


def greeting(names):
    return [os.environ.get('GREETING', '?') + n for n in names]
""",
        """import os
    os.environ['GREETING'] = 'hi '
    assert greeting(['ann']) == ['hi ann']""",
        "the environment",
    ),
    "an object without data": (
        """def used(stream, count):
    return [stream.read(1) for _ in range(count)]
""",
        """import threading
    import types
    lock = types.SimpleNamespace(read=len, lock=threading.Lock())
    lock.read = lambda n: 'x'
    assert used(lock, 2) == ['x', 'x']""",
        "cannot be repeated: ",
    ),
    "a result without data": (
        """def adder(count):
    return lambda other: count + other
""",
        """assert adder(1)(2) == 3
    assert adder(5)(2) == 7""",
        "its result cannot be compared",
    ),
    "a coroutine": (
        """async def guests(names):
    return sorted(names)
""",
        """import asyncio
    assert asyncio.run(guests(['b', 'a'])) == ['a', 'b']""",
        "async def",
    ),
}


SLOW = {"chance", "the environment", "a result without data"}  # as a clock, a file and an object, another way


@pytest.mark.parametrize("kind", [pytest.param(kind, marks=[pytest.mark.slow] * (kind in SLOW)) for kind in REFUSED])
def test_what_cannot_be_compared_is_refused_in_one_line(kind: str, project: Callable[..., Project]) -> None:
    module, body, said = REFUSED[kind]
    name = re.search(r"def (\w+)\(", module)
    assert name
    here = project(module, f"from shop.names import {name[1]}\n\n\ndef test_it():\n    {body}\n")
    assert said in here.improve(f"shop.names:{name[1]}").refusal


MADE = """class Desk:
    def guests(self, names):
        return sorted(names)


def outer(names):
    def inner(name):
        return name.strip()

    return [inner(name) for name in names]
"""


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("shop.names:Desk.guests", "is a method"),
        ("shop.names:outer.inner", "outer.inner"),
        ("shop.names:inner", "no function 'inner' at its top level; there are: outer"),
        ("shop.names:Desk", "no function 'Desk'"),
        ("shop.nomes:outer", "shop/nomes.py"),
        ("shop/nomes.py:outer", "no such file"),
        ("../elsewhere.py:outer", "no such file"),
        ("shop/names:outer", "a file ends in .py"),
        ("shop..names:outer", "no module's name"),
        ("build/made.py:outer", "is not copied"),
        ("shop.bom:outer", "byte order mark"),
        ("shop.names", "write MODULE:FUNCTION"),
        ("shop.names:", "write MODULE:FUNCTION"),
        ("shop.names:outer", "give --examples FILE.jsonl"),
        ("shop.broken:outer", "shop/broken.py"),
        ("textwrap:wrap", "a part of Python, whose own files are never changed: copy it and name the copy: cp "),
    ],
)
def test_what_is_not_there_is_named(spec: str, said: str, project: Callable[..., Project]) -> None:
    here = project(MADE, **{"shop/broken.py": "def outer(:\n", "shop/bom.py": f"\ufeff{MADE}", "build/made.py": MADE})
    assert said in here.improve(spec).refusal


def test_failing_tests_are_the_users_to_mend_first(project: Callable[..., Project]) -> None:
    here = project(QUADRATIC, GUESTS_TEST.replace('["ann", "bob"]', '["bob", "ann"]'))
    refusal = here.improve("shop.names:guests").refusal
    assert "the tests fail before anything is changed" in refusal and "--tests" in refusal


@pytest.mark.parametrize("name", ["tests/test_nomes.py", "../tests", "/etc/hosts"])
def test_tests_that_are_not_there_are_named(name: str, project: Callable[..., Project]) -> None:
    here = project(QUADRATIC, GUESTS_TEST)
    assert f"--tests {name}: there is no such" in here.improve("shop.names:guests", "--tests", name).refusal


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("[[1, 2", "examples.jsonl, line 2 is not JSON"),
        ("17", "examples.jsonl, line 2"),
        ('{"arguments": [1]}', "examples.jsonl, line 2"),
        ('{"args": 3}', "examples.jsonl, line 2"),
    ],
)
def test_a_malformed_example_is_named(line: str, said: str, project: Callable[..., Project]) -> None:
    here = project(QUADRATIC, **{"examples.jsonl": f'[["a", "b"]]\n{line}\n[["c"]]\n'})
    assert said in here.improve("shop.names:guests", "--examples", "examples.jsonl").refusal


@pytest.mark.parametrize(("text", "said"), [("", "holds no example"), (None, "cannot read the examples")])
def test_no_examples_are_named(text: str | None, said: str, project: Callable[..., Project]) -> None:
    here = project(QUADRATIC, **({} if text is None else {"examples.jsonl": text}))
    assert said in here.improve("shop.names:guests", "--examples", "examples.jsonl").refusal


@pytest.mark.parametrize("time", ["soon", "0", "-5s", "5 years"])
def test_a_time_that_is_none_is_named(time: str, project: Callable[..., Project]) -> None:
    here = project(QUADRATIC)
    assert "--time" in here.improve("shop.names:guests", "--time", time).refusal


def test_examples_that_do_not_fit_say_what_the_function_raises(project: Callable[..., Project]) -> None:
    here = project(QUADRATIC, **{"examples.jsonl": "[1, 2, 3]\n[17]\n"})
    refusal = here.improve("shop.names:guests", "--examples", "examples.jsonl").refusal
    assert "TypeError" in refusal


@pytest.mark.parametrize(
    ("goal", "calls", "said"),
    [
        ("shop.names:earnings", 40, "earnings"),
        ("shop.costs:earned", 40, "shop/costs.py"),
        ("profit", 40, "MODULE:FUNCTION"),
        ("shop.names:earned", 4, "--examples FILE.jsonl"),
        ("shop.names:earned", 41, "by place, and base cannot"),
    ],
)
def test_a_goal_that_cannot_be_had_is_named(goal: str, calls: int, said: str, project: Callable[..., Project]) -> None:
    lines = [json.dumps([1 + k % 9, 1 + k % 14, 70.0 + k]) for k in range(calls)]
    lines += ['{"args": [1], "kwargs": {"base": 3.0}}'] * (calls % 2)
    here = project(RULE, **{"calls.jsonl": "\n".join(lines) + "\n"})
    assert said in here.improve("shop.names:price", "--examples", "calls.jsonl", "--goal", goal).refusal


# -- hostile tests ----------------------------------------------------------------------------------------------------

HOSTILE = """import os
import shutil
import socket
from pathlib import Path

from shop.names import guests


def test_guests():
    assert guests(["ann", "bob", "ann"]) == ["ann", "bob"]
    guests(["dora", "emil", "fred", "gina", "hans", "ines", "jan", "kai"])


def test_harm():
    try:
        socket.create_connection(("127.0.0.1", PORT), timeout=1).close()
    except OSError:
        pass
    for folder in (FOLDER, str(Path(__file__).parents[1])):
        for path in Path(folder).rglob("*.py"):
            try:
                path.write_text("raise SystemExit")
            except OSError:
                pass
        shutil.rmtree(folder, ignore_errors=True)
    try:
        (Path(FOLDER).parent / "planted").write_text("here")
    except OSError:
        pass
"""


@pytest.mark.timeout(400)
def test_what_tests_delete_or_send_stays_behind_the_walls(project: Callable[..., Project], tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        text = HOSTILE.replace("PORT", str(listener.getsockname()[1])).replace(
            "FOLDER", repr(str(tmp_path / "project"))
        )
        here = project(QUADRATIC, text)
        before = digest(here.folder)
        said = here.improve("shop.names:guests", "--evaluations", "4", "--time", "20s", "--seed", "0", "--json")
        assert digest(here.folder) == before
        with pytest.raises(BlockingIOError):
            listener.accept()
    assert not (tmp_path / "planted").exists()
    assert said.code in (0, 2), said.err


@pytest.mark.slow
def test_a_test_that_needs_the_network_is_told_so(project: Callable[..., Project]) -> None:
    tests = GUESTS_TEST + '\n    import socket\n    socket.create_connection(("127.0.0.1", 9), timeout=1)\n'
    here = project(QUADRATIC, tests)
    assert "the tests fail before anything is changed" in here.improve("shop.names:guests").refusal
