"""Progress of work that has no run yet, or no longer: what is being done, for how long, and how long it may last."""

from __future__ import annotations

import sys
import threading
import time
from typing import TextIO

from shoal.cli._line import Line
from shoal.core.untrusted import untrusted
from shoal.report import _words

__all__ = ["Waiting"]

PATIENCE_SECONDS = 2.0  # that nobody needs to be told of


class Waiting:
    """Writes to ``out`` from a thread of its own, from the first thing said until `close`, which is harmless twice."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._line = Line(sys.stderr if out is None else out)
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread: threading.Thread | None = None
        self._text, self._began, self._share, self._most = "", 0.0, 0.0, 0.0

    def say(self, text: str, *, seconds: float = 0.0) -> None:
        """Print what is being done, which took so many seconds the last time, where that is known."""
        with self._lock:
            self._line.say(untrusted(text, limit=300))
            self._text, self._began, self._share, self._most = text, time.monotonic(), 0.0, seconds
        if self._thread is None:
            self._over.clear()
            self._thread = threading.Thread(target=self._draw_on, name="waiting", daemon=True)
            self._thread.start()

    def done(self, share: float) -> None:
        """How much of it is done, from 0 to 1."""
        self._share = share

    def close(self) -> None:
        """Draw no more, and clear the line."""
        self._over.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
            self._line.clear()

    def text(self) -> str:
        """The line; "" while there is nothing to tell."""
        elapsed = time.monotonic() - self._began
        if elapsed < PATIENCE_SECONDS:
            return ""
        left = elapsed * (1.0 / self._share - 1.0) if self._share > 0.0 else max(0.0, self._most - elapsed)
        eta = f"; ETA {_words.duration(round(left))}" if left else ""
        return f"{untrusted(self._text, limit=100)} ({_words.duration(round(elapsed))}{eta})"

    def _draw_on(self) -> None:
        while not self._over.wait(self._line.every):
            with self._lock:
                line = self.text()
                if line:
                    self._line.draw(line)
