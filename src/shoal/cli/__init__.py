"""The command line: `shoal demo`, `shoal run TASK`, `shoal show RUN` and their like."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 broken machinery, 2 a person's mistake, 130 interrupted."""
    from shoal.cli._app import app
    from shoal.cli._trouble import guarded

    return guarded(app, argv)
