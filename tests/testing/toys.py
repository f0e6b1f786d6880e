"""Small tasks as text, as a user would have written them, and the pieces that several share."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from pathlib import Path

from shoal.tasks import Task, load

__all__ = ["CITIES", "CURVE", "FIXED", "IN_ORDER", "LINE", "TOUR", "WEIGHTS", "Toy", "written"]


@dataclass(frozen=True)
class Toy:
    """A task as texts. ``named`` are the checks that must call it weak or wrong, ``words`` is part of what they say."""

    judge: str
    initial: str
    entry: str = "solve"
    kind: str = "call"
    direction: str = "max"
    range: tuple[float, float] = (-1e4, 1e4)
    more: str = ""
    public: str = ""
    named: tuple[str, ...] = ()
    words: str = ""


def written(toy: Toy, folder: Path) -> Task:
    """Write a toy to a folder and load it."""
    folder.mkdir(parents=True)
    (folder / "judge.py").write_text("import numpy as np\n" + textwrap.dedent(toy.judge))
    (folder / "initial.py").write_text("import numpy as np\n" + textwrap.dedent(toy.initial))
    if toy.public:
        (folder / "public.py").write_text(textwrap.dedent(toy.public))
    head = f'name = "toy"\nkind = "{toy.kind}"\ndescription = "A toy."\n'
    measured = "measured = true\n" if "measured = true" in toy.more else ""
    more = toy.more.replace("measured = true\n", "")
    (folder / "task.toml").write_text(
        f'{head}{measured}[program]\nentry = ["{toy.entry}"]\n[score]\ndirection = "{toy.direction}"\n'
        f"range = [{toy.range[0]!r}, {toy.range[1]!r}]\n{textwrap.dedent(more)}"
    )
    return load(folder)


FIXED = "\n[instances]\nfixed = true\n"
CURVE = """
def instances(split, rng):
    while True:
        x = np.sort(rng.uniform(0.0, 4.0, 16))
        yield x, 1.0 + np.sin(x)

def arguments(instance):
    return (instance[0],)
"""
LINE = "def solve(x):\n    return [0.5 * value for value in x.tolist()]\n"
WEIGHTS = """
def instances(split, rng):
    while True:
        yield rng.uniform(0.5, 1.0, 6)
"""
CITIES = """
def instances(split, rng):
    while True:
        yield rng.uniform(0.0, 1.0, (8, 2))
"""
IN_ORDER = "def solve(places):\n    return list(range(len(places)))\n"
TOUR = """
    def score(places, output):
        order = permutation(output, length=len(places))
        tour = places[order]
        return float(np.hypot(*(tour - np.roll(tour, 1, axis=0)).T).sum())
"""
