"""What event 0 says about a run: the task and the kernel by hash, versions, isolation, configuration."""

from __future__ import annotations

import hashlib
import json
import platform
from importlib import metadata
from pathlib import Path
from typing import Any

import shoal
from shoal.core.errors import UserError
from shoal.labs.evolve._config import RunConfig
from shoal.tasks import Task

__all__ = ["about", "kernel_hash", "same_task"]

KERNEL = ("core", "sandbox", "guard", "store", "evaluate")


def about(task: Task, config: RunConfig, *, level: int) -> dict[str, Any]:
    """The ``about`` of event 0; no time, no host name, no secret."""
    return {
        "task": task.name,
        "kind": task.kind,
        "measured": task.measured,
        "direction": task.score.direction,
        "best_known": task.score.best_known,
        "score_name": task.score.name,
        "unit": task.score.unit,
        "fixed": task.instances.fixed,
        "manifest": dict(task.manifest),
        "kernel": kernel_hash(),
        "versions": {
            "shoal": shoal.__version__,
            "python": platform.python_version(),
            "numpy": metadata.version("numpy"),
        },
        "isolation": {"level": level},
        "config": json.loads(config.model_dump_json(exclude={"out", "workers"})),
    }


def kernel_hash() -> str:
    """One hash over the source of the rooms that no genome may reach."""
    root = Path(shoal.__file__).parent
    total = hashlib.sha256()
    for room in KERNEL:
        for path in sorted((root / room).rglob("*.py")):
            total.update(
                f"{path.relative_to(root).as_posix()} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode()
            )
    return total.hexdigest()


def same_task(task: Task, recorded: dict[str, Any]) -> None:
    """Refuse to go on with a run whose judge or limits changed since it was started."""
    changed = [name for name, digest in recorded["manifest"].items() if task.manifest.get(name) != digest]
    changed += [name for name in task.manifest if name not in recorded["manifest"]]
    if changed:
        raise UserError(
            f"{', '.join(sorted(changed))} of task {task.name} changed since the run was started: "
            "its scores would not compare; start a new run with --from this one"
        )
