"""What can this machine isolate? Tried for real, in a process of its own."""

from __future__ import annotations

import select
import time

from shoal.sandbox._isolation import Isolation
from shoal.sandbox._launch import Launched, Profile, SandboxError, launch, read_report

__all__ = ["probe"]

SECONDS = 20


def probe(*, level: int = 3) -> Isolation:
    """Build every wall once, load nothing, and report what stands. Raises SandboxError when no server starts."""
    launched = launch(Profile("probe", entry=None, warm=()), level=level)
    try:
        return _report(launched)
    finally:
        launched.control.close()
        launched.process.wait()
        launched.words.close()


def _report(launched: Launched) -> Isolation:
    data, deadline = b"", time.monotonic() + SECONDS
    while True:
        ready, _, _ = select.select([launched.control], [], [], max(0.0, deadline - time.monotonic()))
        piece = launched.control.recv(1 << 16) if ready else b""
        if not piece:
            launched.process.kill()
            raise SandboxError(f"the sandbox server did not start: {launched.last_words() or 'no word from it'}")
        data += piece
        isolation = read_report(data)
        if isolation is not None:
            return isolation
