"""Models that never answer: a run must not end as if it had asked."""

from __future__ import annotations

from shoal.core.errors import MachineryError
from shoal.core.replies import Replies
from shoal.core.values import Counted
from shoal.models import Said

__all__ = ["FAILURES_IN_A_ROW", "Silence"]

FAILURES_IN_A_ROW = 20


class Silence:
    """Hears what calls come to; raises `MachineryError` with the first of `FAILURES_IN_A_ROW` without any answer."""

    def __init__(self, replies: Replies) -> None:
        self._replies = replies
        self._failures: list[str] = []

    def hear(self, said: Said) -> None:
        """Give up where nothing is ever answered, whether the silence is paid for or not."""
        if said.text is not None or (said.counted != Counted() and not said.assumed):
            self._failures = []
            return
        self._failures.append(said.failed)
        if len(self._failures) >= FAILURES_IN_A_ROW and self._replies.source is None:
            raise MachineryError(
                f"{FAILURES_IN_A_ROW} calls in a row got no answer, the first: {self._failures[0]}; "
                "nothing is lost: mend it and resume"
            )
