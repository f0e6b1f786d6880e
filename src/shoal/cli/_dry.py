"""`shoal run --dry-run`: what the budget buys, and the first prompt, word by word; nobody is asked."""

from __future__ import annotations

import json as codec
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shoal.cli._trouble import DONE
from shoal.core.errors import UserError

__all__ = ["run"]


def run(overrides: Mapping[str, Any], *, config: Path | None, json: bool) -> int:
    """Print it; ``json`` prints the messages as they would be sent, one object."""
    from shoal.labs import evolve
    from shoal.propose import LEARNT, summary

    settings = evolve.load_config(config, dict(overrides))
    if not settings.asked:
        raise UserError("--dry-run shows what models would be asked, and there are none: name them with --models FILE")
    asked = evolve.first_requests(settings)
    told = evolve.buys(settings)
    if json:
        print(codec.dumps({"buys": told, "requests": asked}))
        return DONE
    print(told, file=sys.stderr)
    for name, request in asked.items():
        more = {key: value for key, value in request.items() if key != "messages"}
        print(f"===== to {name}: {codec.dumps(more)}\n\n{summary(request['messages'])}\n")
    if settings.learns:
        print(f"===== later, once the run has learnt something, after the task:\n\n{LEARNT}\n")
    return DONE
