"""CPU of the scripted model server for one chat request, beside what a raw client costs:

`python benchmarks/model_server.py [REQUESTS] [AT_ONCE]`
"""

import asyncio
import json
import sys
import threading
import time
from urllib.parse import urlsplit

from shoal.testing import ModelServer

PROMPT = "Improve this program.\n" + "x = 1.0\n" * 500


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    at_once = int(sys.argv[2]) if len(sys.argv) > 2 else 8
    with ModelServer(lambda asked: "y = 2.0\n" * 100) as server:
        asyncio.run(_ask(server.url, 200, at_once))
        (thread,) = (one for one in threading.enumerate() if one.name == "model-server")
        clock = time.pthread_getcpuclockid(thread.ident or 0)
        before, own, wall = time.clock_gettime(clock), time.thread_time(), time.perf_counter()
        asyncio.run(_ask(server.url, count, at_once))
        spent, own, wall = time.clock_gettime(clock) - before, time.thread_time() - own, time.perf_counter() - wall
    per = 1e3 / count
    print(f"{count} requests of {len(PROMPT)} characters, {at_once} at once; each, in ms:")
    print(f"server {per * spent:.3f} CPU, client {per * own:.3f} CPU, wall {per * wall:.3f}")


async def _ask(url: str, count: int, at_once: int) -> None:
    body = json.dumps({"model": "scripted", "messages": [{"role": "user", "content": PROMPT}]}).encode()
    place = urlsplit(url)
    head = f"POST {place.path}/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode()

    async def one(share: int) -> None:
        reader, writer = await asyncio.open_connection(place.hostname, place.port)
        for _ in range(share):
            writer.write(head + body)
            answer = await reader.readuntil(b"\r\n\r\n")
            fields = dict(line.lower().split(b": ", 1) for line in answer.split(b"\r\n")[1:] if line)
            assert answer.startswith(b"HTTP/1.1 200"), answer
            await reader.readexactly(int(fields[b"content-length"]))
        writer.close()
        await writer.wait_closed()

    await asyncio.gather(*(one(count // at_once) for _ in range(at_once)))


if __name__ == "__main__":
    main()
