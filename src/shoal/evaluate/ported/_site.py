"""Loaded by every Python in the box of a ported task: the global random generators start from the variable SEED.

An evaluator that seeds them itself does so later, and wins. `numpy.random` is seeded when it is first loaded.
"""

from __future__ import annotations

import importlib.util
import os
import random
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType

SEED = int(os.environ.get("SEED") or "0")


class _WhenLoaded:
    """Finds `numpy.random` once, and seeds it as soon as it is there."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Stand aside for all other modules."""
        if name != "numpy.random":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.loader is not None:
            load = spec.loader.exec_module

            def seeded(module: ModuleType) -> None:
                load(module)
                module.seed(SEED & 0xFFFFFFFF)

            setattr(spec.loader, "exec_module", seeded)  # noqa: B010 - a method of this one loader
        return spec


random.seed(SEED)
sys.meta_path.insert(0, _WhenLoaded())
