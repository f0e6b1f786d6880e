"""The agents that `benchmarks/selfimprove_proof.py` makes of the seed agent, which changes."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def proof(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    yield __import__("selfimprove_proof")
    del sys.modules["selfimprove_proof"]


def names_of(folder: Path) -> dict[str, Any]:
    """What `decisions.py` of an agent defines."""
    found: dict[str, Any] = {}
    exec(compile((folder / "decisions.py").read_text(), "decisions.py", "exec"), found)
    return found


def test_an_agent_is_crippled_in_one_decision(proof: Any, tmp_path: Path) -> None:
    sound = names_of(proof.SEED_AGENT)
    for how in proof.CRIPPLED:
        folder = proof.crippled(Namespace(out=tmp_path), how)
        changed = [one.name for one in folder.iterdir() if one.read_text() != (proof.SEED_AGENT / one.name).read_text()]
        assert changed == ["decisions.py"]
        assert names_of(folder).keys() == sound.keys()


def test_an_idle_agent_changes_its_luck_alone(proof: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = proof.idle_agent(tmp_path / "idle")
    assert names_of(folder)["LUCK"] == 0
    monkeypatch.syspath_prepend(str(folder))
    agent = __import__("agent")
    try:
        files = {one.name: one.read_text() for one in folder.iterdir() if one.suffix == ".py"}
        tools = Namespace(left=lambda _: 200, score=lambda *_: [0.0])
        made = agent.optimise({"files": files, "instances": 32}, tools)
    finally:
        for name in [one.stem for one in folder.iterdir()]:
            sys.modules.pop(name, None)
    assert {name for name in files if made[name] != files[name]} == {"decisions.py"}
    before, after = files["decisions.py"].splitlines(), made["decisions.py"].splitlines()
    assert [one for one, other in zip(before, after, strict=True) if one != other] == ["LUCK = 0"]
