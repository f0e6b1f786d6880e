"""A long run of which one candidate in ten attacks: what leaks, and what the honest ones get.

    python benchmarks/under_attack.py [--candidates 10000] [--level 3]

Every candidate goes through the real loop, evaluator, jails and log; attackers are drawn from the cheap attacks of the
catalogue. A second run without attackers says whether the honest got what they would have got. Prints one line per
figure; exit code 1 when anything leaked, got through or differs. Figures are of this machine, now.
"""

from __future__ import annotations

import argparse
import asyncio
import sys

MOST_GROWN_MB = 20.0


def main() -> int:
    """Both runs, then the figures."""
    from shoal.testing._under_attack import run_under_attack

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--candidates", type=int, default=10_000)
    parser.add_argument("--level", type=int, default=None)
    options = parser.parse_args()
    attacked = asyncio.run(run_under_attack(options.candidates, level=options.level))
    calm = asyncio.run(run_under_attack(options.candidates, attacks=(), level=options.level))
    same = all(calm.honest[n] == outcome for n, outcome in attacked.honest.items())
    print(f"candidates {attacked.candidates}, attacks {attacked.attacks}, statuses {attacked.statuses}")
    print(f"seconds: {attacked.seconds} under attack, {calm.seconds} without")
    print(f"supervisor grew by {attacked.grown_mb} MB from a tenth of the run to its end ({calm.grown_mb} without)")
    print(f"left behind: {attacked.leaked or 'nothing'}; got through: {', '.join(attacked.got_through) or 'nothing'}")
    print(
        f"honest candidates: {len(attacked.honest)}, outcomes {'the same' if same else 'NOT the same'} without attacks"
    )
    kept = same and not attacked.leaked and not attacked.got_through and attacked.grown_mb < MOST_GROWN_MB
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
