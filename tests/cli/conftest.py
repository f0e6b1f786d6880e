"""The command line as its users have it: processes, their streams and their exit codes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import shoal

SOURCE = Path(shoal.__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The last line of stdout."""
        return json.loads(self.out.strip().splitlines()[-1])


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(SOURCE), "COLUMNS": "200", "PYTHONWARNINGS": "error"}


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "shoal", *words]


def call(*words: str, cwd: Path) -> Said:
    """Run `shoal WORDS` in ``cwd`` and wait for it."""
    done = subprocess.run(
        command(*words), cwd=cwd, env=environment(), capture_output=True, text=True, timeout=90, check=False
    )
    return Said(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Said]:
    """A folder in which one run of 40 evaluations was done, and what it said. Only to be read."""
    place = tmp_path_factory.mktemp("finished")
    said = call("run", "circle_packing_26", "--evaluations", "40", "--seed", "0", "--json", cwd=place)
    assert said.code == 0, said.err
    return place, said


@pytest.fixture
def copy(finished: tuple[Path, Said], tmp_path: Path) -> Callable[..., Path]:
    """Copies the finished run into ``tmp_path/runs``, by default under the name it has."""

    def make(name: str = "") -> Path:
        source = finished[0] / finished[1].json["folder"]
        target = tmp_path / "runs" / (name or source.name)
        shutil.copytree(source, target)
        return target

    return make
