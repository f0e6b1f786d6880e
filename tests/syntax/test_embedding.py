"""Vectors of programs: names, numbers and layout say nothing, another algorithm does."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.syntax._embedding import DIMENSION, Embedding, embedded, embedded_text
from shoal.syntax._program import Program
from shoal.syntax._text import TextProgram

PROGRAMS = sorted((Path(__file__).parent.parent / "propose" / "programs").glob("*.txt"))

PLAN = """
import math
from heapq import heappush as push

LIMIT = 0.75

class Step:
    def __init__(self, cost):
        self.cost = cost

def weigh(value, scale=2.0):
    return math.sqrt(value) * scale

def plan(items):
    total, best = 0.0, []
    for item in sorted(items):
        gain = weigh(item) - total
        if gain > LIMIT:
            total = total + gain
            push(best, Step(gain).cost)
    return best
"""
NAMES = ("LIMIT", "Step", "cost", "weigh", "value", "scale", "items", "total", "best", "item", "gain", "push")


def like(first: Embedding, second: Embedding) -> float:
    return float(np.frombuffer(first.vector, "<f4").astype(float) @ np.frombuffer(second.vector, "<f4"))


def of(source: str) -> Embedding:
    return embedded(Program(source, entry=("plan",)))


def renamed(source: str, names: dict[str, str]) -> str:
    return re.sub(r"\b(\w+)\b", lambda word: names.get(word[0], word[0]), source)


@given(st.permutations(["a", "bb", "c_3", "total", "x", "y1", "zed", "item", "K", "weigh", "u", "v"]))
def test_a_program_under_other_names_has_the_same_vector(names: list[str]) -> None:
    other = renamed(PLAN, dict(zip(NAMES, names, strict=True)))
    assert of(other) == of(PLAN)


@given(st.floats(0.01, 99, allow_nan=False), st.floats(0.01, 99, allow_nan=False))
def test_other_numbers_leave_the_vector_and_change_the_hash_of_numbers(limit: float, scale: float) -> None:
    other = of(PLAN.replace("0.75", repr(limit)).replace("2.0", repr(scale)))
    assert other.vector == of(PLAN).vector
    assert (other.numbers == of(PLAN).numbers) == (sorted((limit, scale)) == [0.75, 2.0])


def test_layout_and_comments_say_nothing() -> None:
    other = PLAN.replace("\n    for", '\n    # from the smallest\n    "in order"\n\n    for').replace(
        "+ gain", "+ (gain)"
    )
    assert of(other) == of(PLAN)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("weigh(item) - total", "total - weigh(item)"),
        ("sorted(items)", "reversed(items)"),
        ("math.sqrt", "math.exp"),
        ("gain > LIMIT", "gain < LIMIT"),
        ("total = total + gain", "total = gain"),
    ],
)
def test_a_change_of_what_is_done_changes_the_vector(old: str, new: str) -> None:
    assert old in PLAN
    assert 0.8 < like(of(PLAN), of(PLAN.replace(old, new))) < 0.999


def test_other_algorithms_are_far_away() -> None:
    found = [embedded(Program(path.read_text())) for path in PROGRAMS]
    between = [like(one, two) for k, one in enumerate(found) for two in found[:k]]
    assert len(between) > 20
    assert max(between) < 0.75


def test_a_vector_has_length_one_whatever_the_program() -> None:
    for source in ("", "print(1)\n", PLAN):
        vector = np.frombuffer(of(source).vector, "<f4")
        assert vector.shape == (DIMENSION,)
        assert np.linalg.norm(vector) == pytest.approx(1.0 if source else 0.0, abs=1e-6)


def test_what_may_not_change_says_nothing() -> None:
    frozen = "def weigh(value):\n    return value * 3\n\n\n"
    marked = frozen + "# shoal: begin\ndef plan(items):\n    return [weigh(item) for item in items]\n# shoal: end\n"
    same = marked.replace("value * 3", "[value for value in range(40)]")
    assert same != marked
    assert embedded(Program(same, select="marked")).vector == embedded(Program(marked, select="marked")).vector


def test_the_bytes_are_the_same_in_another_process() -> None:
    script = "import sys; from tests.syntax.test_embedding import PLAN, of; print(of(PLAN).vector.hex())"
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": os.pathsep.join(sys.path)}
    root = Path(__file__).parents[2]
    shown = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=environment, cwd=root, check=True
    )
    assert shown.stdout.strip() == of(PLAN).vector.hex()


C = """
// nearest first
double near(const double *points, int count) {
    double best = 1e9;
    for (int i = 0; i < count; i++) { if (points[i] < best) best = points[i] * 0.5; }
    return best;
}
"""


def text(source: str) -> Embedding:
    return embedded_text(TextProgram(source))


def test_other_languages_have_vectors_too() -> None:
    other = renamed(C, {"points": "xs", "count": "n", "best": "low", "i": "k", "near": "least"}).replace("0.5", "0.25")
    assert text(other).vector == text(C.replace("// nearest first\n", "")).vector
    assert text(other).numbers != text(C).numbers
    assert like(text(C), text(C.replace("points[i] < best", "best < points[i]"))) < 0.99
