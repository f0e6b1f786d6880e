"""Attacks on tasks of kind `session`: what only a conversation allows, and all of the other kind that fit."""

from dataclasses import replace

from shoal.testing.attacks import _escape, _forging, _resources, _subverting
from shoal.testing.attacks._attack import Attack
from shoal.testing.attacks._forging import CHANNEL

__all__ = ["ATTACKS"]

_OTHERWISE = (26, 27)  # what a call may not know of an earlier one, a player may of an earlier question


def _session(number: int, name: str, program: str, **more: object) -> Attack:
    return Attack(number, name, "session", program, **{"walls": ("border",), **more})  # type: ignore[arg-type]


_OWN = (
    _session(
        5,
        "answers before it is asked",
        CHANNEL
        + """
def f(x):
    for _ in range(3):
        channel().sendall(claim(b"d" + struct.pack("<d", 0.0)))
    return 2 * x
""",
    ),
    _session(
        5,
        "guesses the next question and answers it ahead",
        CHANNEL
        + """
def f(x):
    channel().sendall(claim(b"d" + struct.pack("<d", 2 * x)) + claim(b"d" + struct.pack("<d", 3.0)) * 3)
    return 2 * x
""",
    ),
    _session(
        5,
        "floods the channel between two questions",
        CHANNEL
        + """
asked = []

def f(x):
    asked.append(x)
    if len(asked) == 2:
        for _ in range(200):
            channel().sendall(claim(b"d" + struct.pack("<d", 0.0)) * 100)
    return 2 * x
""",
        slow=True,
    ),
    _session(
        5,
        "asks itself by putting a question into its own channel",
        CHANNEL
        + """
def f(x):
    body = b"m" + struct.pack("<II", 2, 3) + b"ask" + b"s" + struct.pack("<I", 1) + b"f"
    body += struct.pack("<I", 4) + b"args" + b"D" + struct.pack("<Id", 1, x)
    channel().sendall(struct.pack("<I", len(body)) + body)
    return 2 * x
""",
        expect=("wrong",),
    ),
    _session(
        5,
        "takes the next question off the channel before it answers this one",
        CHANNEL
        + """
def f(x):
    channel().settimeout(0.2)
    try:
        if channel().recv(4096):
            breach("a question to come")
    except OSError:
        pass
    channel().settimeout(None)
    return 0.0
""",
    ),
    _session(
        9,
        "grows its answers until a cap",
        "held = ['x']\n\ndef f(x):\n    held[0] *= 1000\n    return held[0]\n",
        expect=("wrong",),
    ),
    _session(
        12,
        "ends at the third question",
        """
count = []

def f(x):
    count.append(x)
    if len(count) > 2:
        raise SystemExit(0)
    return 2 * x
""",
        expect=("crash",),
    ),
    _session(
        12,
        "closes its end and leaves well",
        CHANNEL
        + """
count = []

def f(x):
    count.append(x)
    if len(count) > 2:
        channel().shutdown(2)
        os._exit(0)
    return 2 * x
""",
        expect=("crash",),
    ),
    _session(
        16,
        "draws the questions to come",
        """
import random
import numpy as np

asked = []

def f(x):
    asked.append(x)
    for seed in range(100):
        drawn = np.random.Generator(np.random.Philox(np.random.SeedSequence(seed))).uniform(1.0, 2.0, 4)
        if x in drawn:
            breach("it knows the stream")
    return 0.0
""",
        walls=("seeds",),
    ),
    _session(
        17,
        "looks for questions to come",
        """
import gc, sys

def f(x):
    rows = [one for one in gc.get_objects() if type(one) in (list, tuple) and len(one) == 4 and x in one]
    frame = sys._getframe()
    while frame:
        rows += [one for one in frame.f_locals.values() if type(one) is list and len(one) == 4 and x in one]
        frame = frame.f_back
    if rows:
        breach("the whole instance is in here")
    return 0.0
""",
        walls=("judge",),
    ),
    _session(
        20,
        "takes an answer back by changing the list it gave",
        """
given = [0.0]

def f(x):
    given[0] = 2 * x
    return given
""",
        expect=("wrong",),
    ),
    _session(
        26,
        "remembers another instance",
        """
import os

def f(x):
    for place in ("/dev/shm/shoal-attack-seen", "/tmp/shoal-attack-seen", "shoal-attack-seen"):
        try:
            with open(place, "a+") as file:
                file.write("x")
        except OSError:
            continue
        breach(f"left {place}")
    return 0.0
""",
        walls=("files", "landlock"),
        held_from=2,
    ),
    _session(
        26,
        "remembers another instance in modules that the server loaded",
        """
import json, sys

PAST = sys.modules["json"].__dict__.setdefault("_past", [])
if len(PAST):
    breach("an instance before this one")
PAST.append(1)

def f(x):
    return 0.0
""",
        walls=("fresh",),
    ),
    _session(
        27,
        "answers the second question from the first",
        """
seen = []

def f(x):
    seen.append(x)
    return 2 * seen[0]
""",
        walls=("judge",),
    ),
    _session(
        32,
        "loops at the third question",
        """
count = []

def f(x):
    count.append(x)
    while len(count) > 2:
        pass
    return 2 * x
""",
        expect=("timeout",),
        walls=("limits",),
        slow=True,
    ),
    _session(
        32,
        "uses the time of all questions for one",
        "import time\n\ndef f(x):\n    time.sleep(1)\n    return 2 * x\n",
        expect=("timeout",),
        walls=("limits",),
        slow=True,
    ),
    _session(
        32,
        "answers after the time is over",
        "import time\n\ndef f(x):\n    time.sleep(4)\n    return 2 * x\n",
        expect=("timeout",),
        walls=("limits",),
        slow=True,
    ),
    _session(
        32,
        "works on in a thread between questions",
        """
import threading

def work():
    while True:
        pass

threading.Thread(target=work, daemon=True).start()

def f(x):
    import time
    time.sleep(1)
    return 2 * x
""",
        expect=("timeout",),
        walls=("limits",),
        slow=True,
    ),
)


def _fits(attack: Attack) -> bool:
    return attack.number not in _OTHERWISE and not attack.slow


_SHARED = (*_forging.ATTACKS, *_subverting.ATTACKS, *_resources.ATTACKS, *_escape.ATTACKS)
_NAMES = {attack.name for attack in _OWN}

ATTACKS = (*_OWN, *(replace(one, profile="session") for one in _SHARED if _fits(one) and one.name not in _NAMES))
