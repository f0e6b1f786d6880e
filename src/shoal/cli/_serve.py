"""`shoal model-server`: the embedded proposer as a model that other programs can ask."""

from __future__ import annotations

import asyncio
import json as codec
import signal
import sys

from shoal.cli._trouble import DONE
from shoal.core.errors import UserError
from shoal.serve import EmbeddedModelServer

__all__ = ["model_server"]

LOOPBACK = ("127.", "localhost", "::1")
LARGEST_PORT = 65_535


def model_server(*, host: str, port: int, model: str, seed: int, json: bool) -> int:
    """Answer until Ctrl-C or SIGTERM, which is how it is meant to end: exit code 0."""
    if not 0 <= port <= LARGEST_PORT:
        raise UserError(f"--port {port}: a port is a number from 0, which takes a free one, to {LARGEST_PORT}")
    if seed < 0:
        raise UserError(f"--seed {seed}: a seed is 0 or more")
    server = EmbeddedModelServer(host=host, port=port, model=model, seed=seed)
    asyncio.run(_serve(server, json=json))
    print(f"stopped after {server.answered} answers", file=sys.stderr)
    return DONE


async def _serve(server: EmbeddedModelServer, *, json: bool) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with server:
        if not server.host.startswith(LOOPBACK):
            print("shoal: it listens beyond this machine, and asks nobody for a key", file=sys.stderr)
        if json:
            print(codec.dumps({"url": server.url, "model": server.model, "seed": server.seed}), flush=True)
        else:
            print(f"model {server.model} at {server.url} (Ctrl-C ends it); to ask it, put this in models.toml:")
            print(f'[[model]]\nname = "{server.model}"\nurl = "{server.url}"')
            print(f'model = "{server.model}"\nprice = "free"')
            print("then: shoal run circle_packing_26 --proposer model --models models.toml", flush=True)
        await stop.wait()
