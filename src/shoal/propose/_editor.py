"""The editor process: reads requests from its channel, answers each, and ends with the channel.

It runs in a jail and lives long. Whatever a text does to it, the answer is a reply with "failed" in it; a text that
kills the process costs its own request only, since the supervisor starts another.
"""

import gc
import socket
import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from shoal.propose._edit import edit
from shoal.sandbox import frames

LIMITS = frames.FrameLimits(max_bytes=8 << 20, max_depth=32, max_elements=1 << 20)
GARBAGE_EVERY = 50_000
"""Objects between two searches for garbage: trees hold no cycles, and searching them is slow."""


def main(job: bytes, channels: Sequence[socket.socket]) -> None:
    """Answer frames on the first channel until it is closed.

    A frame holds "id", "seed" (a list of whole numbers) and "request", or "requests" for several; the answer holds the
    same "id" and "reply", or "replies" in order. Request `i` of several draws from the seed with `i` at its end. Each
    answer says in "cpu" how many seconds the process has used so far.
    """
    gc.set_threshold(GARBAGE_EVERY, 20, 100)
    channel = channels[0]
    while True:
        try:
            frame = frames.receive(channel, limits=LIMITS)
        except (frames.FrameError, OSError, EOFError):
            return
        try:
            frames.send(channel, answer(frame) | {"cpu": time.process_time()})
        except frames.FrameError as error:
            frames.send(channel, _refusal(frame, f"the answer cannot be sent: {error}"))
        except OSError:
            return


def answer(frame: object) -> dict[str, Any]:
    """The answer to one frame; never raises."""
    if not isinstance(frame, dict):
        return {"id": None, "reply": {"failed": "a frame must be a table"}}
    try:
        seed = [int(part) for part in frame.get("seed", (0,))]
        if "requests" in frame:
            return {"id": frame.get("id"), "replies": [_one(r, [*seed, i]) for i, r in enumerate(frame["requests"])]}
        return {"id": frame.get("id"), "reply": _one(frame.get("request"), seed)}
    except Exception as error:
        return _refusal(frame, f"{type(error).__name__}: {error}"[:400])


def _one(request: object, seed: list[int]) -> dict[str, Any]:
    if not isinstance(request, Mapping):
        return {"failed": "a request must be a table"}
    try:
        rng = np.random.Generator(np.random.Philox(np.random.SeedSequence(seed)))
        return edit(request, rng)
    except Exception as error:
        return {"failed": f"{type(error).__name__}: {error}"[:400]}


def _refusal(frame: Mapping[str, Any], reason: str) -> dict[str, Any]:
    failed = {"failed": reason}
    many = isinstance(frame.get("requests"), list)
    return {"id": frame.get("id")} | ({"replies": [failed] * len(frame["requests"])} if many else {"reply": failed})
