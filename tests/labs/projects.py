"""Small projects of users, and `shoal improve` in them, in this process."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from shoal.cli import main

SHORT = ("--evaluations", "40", "--time", "40s", "--seed", "0", "--json")
QUADRATIC = '''"""Names of guests."""


def guests(names):
    """Everybody once, as they came."""
    found = []
    for name in names:
        name = name.strip()
        if not name:
            continue
        if name not in found:
            found.append(name)
    return found
'''
GUESTS_TEST = """from shop.names import guests


def test_guests():
    assert guests(["ann", " bob", "ann", ""]) == ["ann", "bob"]
    assert guests([]) == []
    assert guests(["dora", "emil", "fred", "gina", "hans", "ines", "jan", "kai"])[-1] == "kai"
"""

RULE = '''"""A price for each room, and what a night earns."""


def price(rooms_left, days_left, base):
    """The price of a room today."""
    factor = 1.0
    if rooms_left < 5:
        factor = 1.1
    if days_left < 3:
        factor = factor * 0.9
    return base * factor


def earned(answer, rooms_left, days_left, base):
    """What today earns: dearer rooms find fewer guests."""
    assert answer > 0.0
    demand = max(0.0, 12.0 - 0.06 * answer - 0.1 * days_left)
    return min(rooms_left, demand) * answer
'''


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

    @property
    def refusal(self) -> str:
        """The line by which a user learns why there is nothing; only notes on what was done stand above it."""
        *_, last = self.err.strip().splitlines()
        assert self.code == 2, (self.code, self.err, self.out)
        assert self.out == ""
        assert last.startswith("shoal: ") and self.err.count("shoal: ") == 1, self.err
        assert "Traceback" not in self.err and "internal error" not in self.err
        return last


@dataclass(frozen=True, slots=True)
class Project:
    """A user's project, and the command in it."""

    folder: Path
    capsys: pytest.CaptureFixture[str]

    def improve(self, spec: str, *words: str) -> Said:
        """What the command says; it must leave every file as it was, unless it is told to write."""
        before = digest(self.folder)
        code = main(["improve", spec, *(words or SHORT)])
        said = self.capsys.readouterr()
        if "--apply" not in words:
            assert digest(self.folder) == before
        return Said(code, said.out, said.err)

    def improved(self, spec: str, *words: str) -> dict[str, Any]:
        """The outcome of a search that was not refused."""
        said = self.improve(spec, *words)
        assert said.code == 0, said.err
        told: dict[str, Any] = said.json
        assert told["verdict"] in ("improvement shown", "no improvement shown"), told["verdict"]
        return told


def digest(folder: Path) -> str:
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if ".git" not in path.parts and "__pycache__" not in path.parts:
            found.update(path.relative_to(folder).as_posix().encode() + (path.read_bytes() if path.is_file() else b""))
    return found.hexdigest()


@pytest.fixture
def project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., Project]]:
    """Writes a project: its module shop/names.py, the tests of it, and more files by path."""
    folder = tmp_path / "project"
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")

    def make(module: str, tests: str = "", **more: str) -> Project:
        files = {"shop/__init__.py": "", "shop/names.py": module, **more}
        if tests:
            files["tests/test_names.py"] = tests
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        monkeypatch.chdir(folder)
        return Project(folder, capsys)

    yield make


def patched(here: Project, told: dict[str, Any]) -> Path:
    """A copy of the project with the patch applied by git."""
    copy = here.folder.parent / "patched"
    shutil.copytree(here.folder, copy)
    (copy / "the.patch").write_text(told["patch"])
    subprocess.run(["git", "init", "-q"], cwd=copy, check=True)
    subprocess.run(["git", "apply", "the.patch"], cwd=copy, check=True)
    return copy


def function(folder: Path, name: str) -> Any:
    """A function of the module as it stands in ``folder``."""
    space: dict[str, Any] = {"__name__": "names"}
    exec((folder / "shop/names.py").read_text(), space)
    return space[name]


def both(here: Project, told: dict[str, Any], name: str) -> tuple[Any, Any]:
    """The function before and after; twice the same where there is no patch."""
    before = function(here.folder, name)
    return before, function(patched(here, told), name) if told["patch"] else before


def run_tests(folder: Path) -> int:
    words = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-c",
        os.devnull,
        "--rootdir",
        ".",
        "tests",
    ]
    environment = {**os.environ, "PYTHONPATH": "."}
    return subprocess.run(words, cwd=folder, env=environment, capture_output=True, check=False).returncode


def report_of(here: Project, told: dict[str, Any]) -> Path:
    return Path(told["folder"] if Path(told["folder"]).is_absolute() else here.folder / told["folder"]) / "report"
