"""The editor process, over its channel."""

import os
import socket
import subprocess
import sys

import pytest

from shoal.propose._editor import answer
from shoal.propose._services import features
from shoal.sandbox import frames
from shoal.syntax import parse

SOURCE = "def f(x):\n    return 0.5 * x + 1\n"
CHILD = """
import socket, sys
from shoal.propose._editor import main
main(b"", (socket.socket(fileno=int(sys.argv[1])),))
"""


@pytest.fixture
def channel():
    """A channel to a real editor process, which must end when the channel does."""
    ours, theirs = socket.socketpair()
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(theirs.fileno())],
        pass_fds=[theirs.fileno()],
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    theirs.close()
    with ours:
        yield ours
    assert child.wait(timeout=30) == 0


def asked(channel, frame):
    frames.send(channel, frame)
    return frames.receive(channel)


def test_requests_are_answered_in_order_and_repeatably(channel):
    request = {"operator": "jitter", "source": SOURCE, "entry": ["f"], "select": "all"}
    first = asked(channel, {"id": 1, "request": request, "seed": [5, 6]})
    again = asked(channel, {"id": 2, "request": request, "seed": [5, 6]})
    other = asked(channel, {"id": 3, "request": request, "seed": [5, 7]})
    assert [first["id"], again["id"], other["id"]] == [1, 2, 3]
    assert first["reply"] == again["reply"] != other["reply"]
    assert first["reply"] == answer({"id": 1, "request": request, "seed": [5, 6]})["reply"]
    assert 0 < first["cpu"] <= again["cpu"] <= other["cpu"]


def test_several_requests_in_one_frame_each_draw_for_themselves(channel):
    request = {"operator": "any", "source": SOURCE, "entry": ["f"]}
    reply = asked(channel, {"id": "x", "requests": [request, request, {"operator": 1}], "seed": [1]})
    assert reply["replies"][0] != reply["replies"][1]
    assert "failed" in reply["replies"][2]


@pytest.mark.parametrize(
    "frame",
    [
        {"id": 1},
        {"id": 1, "request": []},
        {"id": 1, "request": {"operator": "jitter"}, "seed": "x"},
        {"id": 1, "request": {"operator": "any", "source": "-" * 100_000 + "1"}},
        {"id": 1, "request": {"operator": "any", "source": "x = " + "not " * 800 + "1"}},
        {"id": 1, "request": {"operator": "any", "source": "#" * 200_000}},
        {"id": 1, "requests": 3},
    ],
)
def test_strange_frames_get_a_reply_that_says_so(channel, frame):
    reply = asked(channel, frame)
    assert reply["id"] == 1
    assert "failed" in reply["reply"]
    assert "source" in asked(channel, {"id": 2, "request": {"operator": "any", "source": SOURCE}})["reply"]


def reply(operator, source=SOURCE, **more):
    return answer({"id": 0, "request": {"operator": operator, "source": source, "entry": ["f"], **more}})["reply"]


def test_describe_has_the_hashes_and_refuses_what_does_not_compile():
    assert reply("describe")["normal"] == reply("inspect")["normal"]
    assert "outside" in reply("describe", SOURCE + "return 1\n")["failed"]


def test_check_compares_with_the_parent():
    payload = {"against": "LIMIT = 1\n" + SOURCE}
    assert "source" in reply("check", "LIMIT = 1  # one\ndef f(x):\n    return x\n", select=["f"], payload=payload)
    changed = reply("check", "LIMIT = 2\n" + SOURCE, select=["f"], payload=payload)
    assert "frozen" in changed["failed"]
    renamed = reply("check", "LIMIT = 1\ndef f(y):\n    return y\n", select=["f"], payload=payload)
    assert "parameters" in renamed["failed"]


def test_inspect_lists_numbers_and_marks_those_that_nothing_uses():
    source = "def f(x):\n    return 0.5 * x[1] + 2\n\ndef spare():\n    return 7.5\n"
    details = reply("inspect", source)["details"]
    assert details["values"] == [0.5, 1, 2, 7.5]
    assert details["kinds"] == ["float", "index", "int", "dead"]
    assert details["lines"] == [2, 2, 2, 5]


def test_features_count_what_a_program_is_made_of():
    counted = features(
        parse("def f(x):\n    for k in range(3):\n        if k: x = abs(x)\n    return [x for _ in x]\n")
    )
    assert (counted["loops"], counted["calls"], counted["branches"], counted["functions"]) == (2, 2, 1, 1)
    assert counted["depth"] >= 5
