"""Small realistic programs that every operator is run on."""

from pathlib import Path
from typing import Any

import pytest

# name -> entry, region, and code that calls it
PROGRAMS: dict[str, tuple[str, Any, str]] = {
    "board": ("choose", "all", "choose([0, 1, 0, 0, 2, 0, 0, 0, 1], 2)"),
    "circles": ("pack", "all", "pack()"),
    "curve": ("curve", "all", "curve(__import__('numpy').linspace(0, 1, 20))"),
    "integral": ("integrate", "marked", "integrate(0.0, 2.0)"),
    "packing": (
        "priority",
        ["priority", "TIGHT"],
        "priority(31, __import__('numpy').array([40.0, 31.0, 99.0, 50.0, 100.0]))",
    ),
    "sorting": ("order", "all", "order([5, 3, 8, 1, 9, 2, 7])"),
    "strings": ("dedupe", "all", "dedupe(['Ab c', 'ab  c!', '', 'xyz', 'long line of words'])"),
    "tour": ("tour", ["nearest", "improve"], "tour([(0, 0), (3, 1), (1, 2), (4, 4), (2, 0), (0, 3)])"),
}


@pytest.fixture(params=sorted(PROGRAMS))
def program(request: pytest.FixtureRequest) -> dict[str, Any]:
    """A request about one of the programs, with no operator yet."""
    entry, select, call = PROGRAMS[request.param]
    return {"source": source_of(request.param), "entry": [entry], "select": select, "call": call}


@pytest.fixture
def sources() -> dict[str, str]:
    """All programs by name."""
    return {name: source_of(name) for name in PROGRAMS}


def source_of(name: str) -> str:
    """The text of a program."""
    return (Path(__file__).parent / "programs" / f"{name}.txt").read_text()
