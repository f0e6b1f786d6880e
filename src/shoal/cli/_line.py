"""One line that says how far something is: redrawn on a terminal, printed every few seconds elsewhere."""

from __future__ import annotations

import shutil
import time
from typing import TextIO

__all__ = ["Line"]

TERMINAL_SECONDS = 0.25
PLAIN_SECONDS = 5.0
ERASED = "\r\x1b[K"


class Line:
    """Writes to ``out``, for one thread at a time; ``every`` is how many seconds lie between two looks at it."""

    def __init__(self, out: TextIO) -> None:
        self.out, self.terminal = out, out.isatty()
        self.every = TERMINAL_SECONDS if self.terminal else PLAIN_SECONDS
        self._last = time.monotonic()

    def show(self, text: str) -> None:
        """Say how far it is, at any pace: where lines stay, those that come too soon are left out."""
        if self.terminal or time.monotonic() - self._last >= self.every:
            self.draw(text)

    def draw(self, text: str) -> None:
        """Put ``text`` in place of the line, cut to the terminal's width; elsewhere print it whole."""
        self._last = time.monotonic()
        if self.terminal:
            width = shutil.get_terminal_size().columns - 1
            self._write(f"{ERASED}{text[:width]}")
        else:
            self.say(text)

    def say(self, text: str) -> None:
        """Print a line that stays, above the one that is redrawn."""
        self._write(f"{ERASED}{text}\n" if self.terminal else f"{text}\n")

    def clear(self) -> None:
        """Take the line away; harmless when there is none."""
        if self.terminal:
            self._write(ERASED)

    def _write(self, text: str) -> None:
        self.out.write(text)
        self.out.flush()
