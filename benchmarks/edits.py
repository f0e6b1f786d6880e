"""CPU time of one edit, operator by operator: `python benchmarks/edits.py [PROGRAM ENTRY]`.

Warm: the parent is among the programs read last, as it mostly is in a run. Cold: it has to be parsed first.
"""

import sys
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from shoal.propose._edit import OPERATORS, edit
from shoal.syntax import _program

DRAWS = 200
DEFAULT = Path(__file__).parent.parent / "src/shoal/tasks/circle_packing_26/initial.py"


def main() -> None:
    source = Path(sys.argv[1]).read_text() if len(sys.argv) > 1 else DEFAULT.read_text()
    request: dict[str, object] = {"source": source, "entry": [sys.argv[2] if len(sys.argv) > 2 else "pack"]}
    donors = [edit({**request, "operator": "jitter"}, np.random.default_rng(k))["source"] for k in range(2)]
    print(f"{len(source.splitlines())} lines; CPU ms per edit, warm and cold; share that found a change")
    for operator in [*(n for n, o in OPERATORS.items() if o.needs != "payload"), "any", "independent"]:
        asked = {**request, "operator": operator, "donors": donors}
        warm, found = _timed(asked, cold=False)
        cold, _ = _timed(asked, cold=True)
        print(f"{operator:18s} {warm:6.2f} {cold:6.2f}   {found:.2f}")


def _timed(request: Mapping[str, object], *, cold: bool) -> tuple[float, float]:
    """Milliseconds of CPU per edit, and the share of requests that were met."""
    found, spent = 0, 0.0
    edit(request, np.random.default_rng(0))
    for draw in range(DRAWS):
        if cold:
            _program._recent.forget()
        rng = np.random.default_rng(draw)
        start = time.process_time()
        reply = edit(request, rng)
        spent += time.process_time() - start
        found += "failed" not in reply
    return 1e3 * spent / DRAWS, found / DRAWS


if __name__ == "__main__":
    main()
