"""The HTTP under the chat protocol: a table of routes on a socket, JSON both ways, every error in OpenAI's shape."""

from __future__ import annotations

import json
import socket
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from shoal.testing._chat_wire import Refused

if TYPE_CHECKING:
    from aiohttp import web

    Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
    Routes = Mapping[tuple[str, str], Handler]
    Found = Callable[[web.BaseRequest], Handler]

__all__ = ["BACKLOG", "decoded", "json_response", "read", "serve"]

BACKLOG = 1024
NO_PATIENCE = 0.01  # seconds for answers on their way when the server ends; 0 would be for ever
LARGEST = 8 << 20
"""Most bytes of a request's body."""


async def serve(routes: Routes, sock: socket.socket) -> web.ServerRunner:
    """Answer on a listening socket from now on, until the runner's ``cleanup``, which waits for nobody.

    Args:
        routes: (method, path) -> what answers. A handler is cancelled when its client leaves.
        sock: bound and listening; the server closes it.
    """
    from aiohttp import web

    runner = web.ServerRunner(_server(routes), shutdown_timeout=NO_PATIENCE)
    await runner.setup()
    await web.SockSite(runner, sock, backlog=BACKLOG).start()
    return runner


def _server(routes: Routes) -> web.Server:
    import asyncio

    from aiohttp import web

    loop = asyncio.get_running_loop()
    paths = {path for _, path in routes}

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        handler = routes.get((request.method, request.path))
        try:
            if handler is not None:
                return await handler(request)
            if request.path not in paths:
                raise Refused(404, f"unknown path {request.path}; there are {', '.join(sorted(paths))}")
            allowed = ", ".join(sorted(method for method, path in routes if path == request.path))
            raise Refused(405, f"{request.method} is not allowed; {request.path} takes {allowed}")
        except Refused as refused:
            return json_response(refused.body(), status=refused.status, headers=refused.headers)

    def made(message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> web.BaseRequest:
        return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=LARGEST)

    return web.Server(answer, request_factory=made, access_log=None, handler_cancellation=True)


async def read(request: web.BaseRequest) -> bytes:
    """The body of a request; `Refused` where it is larger than `LARGEST`."""
    from aiohttp import web

    try:
        return await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise Refused(413, f"the request is larger than {LARGEST} bytes") from None


def decoded(data: bytes) -> dict[str, Any]:
    """A body as a JSON object; `Refused` for anything else."""
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        raise Refused(400, "the body is not valid JSON") from None
    if not isinstance(body, dict):
        raise Refused(400, "the body must be a JSON object")
    return body


def json_response(data: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """An answer in JSON."""
    from aiohttp import web

    body = json.dumps(data).encode()
    return web.Response(body=body, status=status, headers=headers, content_type="application/json")
