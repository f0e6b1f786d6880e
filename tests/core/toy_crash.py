"""Runs a toy search to its end through many crashes: forks a child that runs, and kills it at a random moment.

Usage: python -m tests.core.toy_crash RUN_FILE KILLS. The last child is left to finish.
"""

import os
import random
import signal
import sys
import time
from pathlib import Path

from shoal.core.budget import Budget
from shoal.store import SqlStore
from tests.core import shapes
from tests.core.toys import drive, plan_of

BUDGET = Budget(evaluations=60)


def child(file: Path, moving: int) -> None:
    store = SqlStore(file)
    drive(plan_of(shapes.Everything()), store, budget=BUDGET, watch=lambda course, step: said(moving))
    store.close()


def said(moving: int) -> None:
    os.write(moving, b".")


def sitting(file: Path, *, kill: bool) -> None:
    """One child; the kill comes between the first thing it learns and some 60 ms later, or when it is done."""
    moved, moving = os.pipe()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            child(file, moving)
            code = 0
        finally:
            os._exit(code)
    os.close(moving)
    if kill:
        os.read(moved, 1)
        time.sleep(random.uniform(0.0, 0.06))
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    os.close(moved)
    if not kill and status != 0:
        raise SystemExit(f"the last sitting ended with status {status}")


if __name__ == "__main__":
    for _ in range(int(sys.argv[2])):
        sitting(Path(sys.argv[1]), kill=True)
    sitting(Path(sys.argv[1]), kill=False)
