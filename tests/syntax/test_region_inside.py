"""Regions inside of functions, classes and blocks: what they hold, and what may not be done from there."""

import ast

import pytest

from shoal.syntax import Program, SourceError, check_scope, frozen_hash, region

TASK = '''import math

LIMIT = 3
TABLE = [1, 2]


def helper(x):
    return x + 1


def main(x, grid):
    """Head."""
    total = 0
    # shoal: begin
    for k in range(x):
        total += k
        grid[k] = total
    # shoal: end
    total = helper(total)
    return [math.sqrt(total), grid]


class Rule:
    size = 2

    # shoal: begin
    def weight(self, x):
        return x * 0.5

    # shoal: end
    def score(self, x):
        return self.weight(x) + weight(self.size)


def weight(x):
    return x
'''
CLASS_BODY = "    def weight(self, x):\n        return x * 0.5\n"


def inside(source: str) -> list[str]:
    return [ast.unparse(one) for one in region(source, "marked").mutable]


def judged(child: str, parent: str = TASK) -> None:
    check_scope(Program(child, select="marked", entry=("main",)), Program(parent, select="marked", entry=("main",)))


def added(text: str) -> str:
    """The task with lines added to the region in the function."""
    lines = "".join(f"    {line}\n" for line in text.split("\n"))
    return TASK.replace("    # shoal: begin\n    for", f"    # shoal: begin\n{lines}    for")


def in_class(text: str) -> str:
    """The task with lines added to the region in the class."""
    lines = "".join(f"    {line}\n" for line in text.split("\n"))
    return TASK.replace(CLASS_BODY, CLASS_BODY + lines)


@pytest.mark.parametrize(
    ("source", "held"),
    [
        ("def f():\n  # shoal: begin\n  a\n  b\n  # shoal: end\n  return c\n", ["a", "b"]),
        ("def f():\n  c\n  # shoal: begin\n  a\n  return b\n  # shoal: end\n\nd\n", ["a", "return b"]),
        ("def f():\n  c\n  # shoal: begin\n  return b\n\n# shoal: end\nd\n", ["return b"]),
        ("class K:\n  # shoal: begin\n  a = 1\n  @b\n  def c(): d\n  # shoal: end\n", ["a = 1", "@b\ndef c():\n    d"]),
        ("if a:\n  b\nelse:\n  # shoal: begin\n  c; d\n  # shoal: end\n  e\n", ["c", "d"]),
        ("try:\n  a\nexcept E:\n  # shoal: begin\n  b\n  # shoal: end\nfinally:\n  c\n", ["b"]),
        ("match a:\n  case 1:\n    # shoal: begin\n    b\n    # shoal: end\n  case _:\n    c\n", ["b"]),
        ("while a:\n  # shoal: begin\n  b\n  # shoal: end\n  # shoal: begin\n  c\n  # shoal: end\n", ["b", "c"]),
        ("def f():\n  T = '''\n# shoal: begin\n'''\n  # shoal: begin\n  a\n  # shoal: end\n", ["a"]),
        ("# shoal: begin\na\n# shoal: end\ndef f():\n  # shoal: begin\n  b\n  # shoal: end\n", ["a", "b"]),
    ],
)
def test_a_region_is_whole_statements_of_one_block(source, held):
    assert inside(source) == held


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("if a:\n  b\n  # shoal: begin\nelse:\n  c\n  # shoal: end\n", "lines 3 and 6, which cut .* .line 4"),
        ("if a:\n  b\n  # shoal: begin\nelse: c\n# shoal: end\n", "lines 3 and 5, which cut .* .line 4"),
        ("try:\n  a\n  # shoal: begin\n  b\nexcept E:\n  # shoal: end\n  c\n", "cut .* .line 5"),
        ("# shoal: begin\ndef f():\n  a\n  # shoal: end\n  b\n", "cut .* .line 2"),
        ("def f():\n  # shoal: begin\n  a\ndef g():\n  # shoal: end\n  b\n", "cut .* .line 4"),
        ("def f():\n  for i in r:\n    # shoal: begin\n    a\n  b\n  # shoal: end\n", "different blocks .line 3"),
        ("x = [\n  # shoal: begin\n  1,\n  # shoal: end\n]\n", "must stand between statements .line 2"),
        ("def f(\n  # shoal: begin\n  a,\n  # shoal: end\n): b\n", "must stand between statements .line 2"),
        ("def f():\n  # shoal: begin\n  # shoal: end\n  a\n", "must hold a statement: write pass .line 2"),
        ("def f():\n  a\n  # shoal: begin\n  # shoal: end\n", "must hold a statement: write pass .line 3"),
        ("def f():\n  # shoal: begin\n  a\n  # shoal: begin\n  b\n  # shoal: end\n", "begins twice .line 4"),
        ("def f():\n  # shoal: begin\n  a\n", "does not end .line 2"),
    ],
)
def test_marks_that_hold_no_whole_statements_are_refused_with_the_line(source, told):
    with pytest.raises(SourceError, match=told):
        region(source, "marked")


@pytest.mark.parametrize(
    "child",
    [
        added("y = x\nz = [y]\nz.append(LIMIT)"),
        added("if x < 0:\n    return 0, grid"),
        added("import random\nx = random.random()"),
        added("grid.append(math.pi)\ndel grid[0]"),
        added("def inner(t):\n    nonlocal total\n    total = t\ninner(2)"),
        added("raise ValueError"),
        TASK.replace("        grid[k] = total\n", ""),
        TASK.replace("    for k in range(x):\n        total += k\n        grid[k] = total\n", "    pass\n"),
        TASK.replace(
            "    # shoal: end\n    total = helper(total)", "    # shoal: end\n\n    # why\n    total=helper( total )"
        ),
        TASK.replace(CLASS_BODY, CLASS_BODY + "\n    def other(self):\n        return self.score(1)\n"),
        in_class("gain = 3\ndef __init__(self):\n    self.x = 1"),
        in_class("def abs(self):\n    return 1"),
    ],
)
def test_what_a_region_does_with_what_is_around_it_is_its_business(child):
    assert child != TASK
    judged(child)


@pytest.mark.parametrize(
    ("child", "told"),
    [
        (added("helper = abs"), "uses helper in this line, and the region binds it .* .line 20"),
        (added("def helper(x):\n    return 9"), "the region binds it"),
        (added("for math in ():\n    pass"), "uses math in this line"),
        (added("import numpy as math"), "uses math in this line"),
        (added("global total"), "uses total in this line, and the region no longer binds"),
        (added("global helper\nhelper = abs"), "binds helper, which the frozen part defines"),
        (added("helper.__code__ = None"), "changes helper"),
        (added("TABLE.append(3)"), "changes TABLE"),
        (added("t = TABLE\nt[0] = 3"), "changes TABLE"),
        (added("math.sqrt = abs"), "changes math"),
        (added("exec('total = 1')"), "with exec"),
        (in_class("def score(self, x):\n    return 9"), "binds Rule.score, which the frozen part defines"),
        (in_class("size = 9"), "binds Rule.size"),
        (in_class("raise ValueError"), "ends the program at its top level"),
        (in_class("TABLE.append(1)"), "changes TABLE"),
        (TASK.replace("return [math", "return [9, math"), "statement in line 20 is not what it was"),
        (TASK.replace("    total = 0\n", ""), "stands in line 13 of the task's program is not there"),
        (TASK.replace("def score(self, x)", "def score(self, x=0)"), "statement in line 31 is not what it was"),
        (TASK.replace("    total = helper(total)\n", "    tota1 = helper(total)\n"), "line 19 is not what it was"),
        (TASK.replace("# shoal: end\n    total", "pass\n    # shoal: end\n    print(1)\n    total"), "in line 20"),
        (
            TASK.replace(
                "    # shoal: end\n    total = helper(total)\n", "    total = helper(total)\n    # shoal: end\n"
            ),
            "line 19 of the task's program is not there",
        ),
        (
            TASK.replace("    total = 0\n    # shoal: begin\n", "    # shoal: begin\n    total = 0\n"),
            "line 13 .* not there",
        ),
        (
            TASK.replace(
                "        grid[k] = total\n", "        grid[k] = total\n        # shoal: end\n        # shoal: begin\n"
            ),
            "write pass .line 19",
        ),
        (TASK.replace("    for k", "    pass\n\ndef main(x, grid):\n    total = 0\n    for k"), "cut"),
    ],
)
def test_a_region_that_reaches_out_of_its_block_or_a_changed_frame_is_refused(child, told):
    assert child != TASK
    with pytest.raises(SourceError, match=told):
        judged(child)


def test_a_frame_keeps_its_names_and_forgets_its_formatting():
    told = frozen_hash(TASK, "marked")
    assert frozen_hash(added("y = 1"), "marked") == told
    assert frozen_hash(TASK.replace('    """Head."""\n', "").replace("[math", "[ math"), "marked") == told
    renamed = TASK.replace("total", "summed")  # what is between the marks finds its names by their spelling
    assert frozen_hash(renamed, "marked") != told


def test_the_frozen_text_is_all_that_is_outside_the_marks():
    pieces = Program(TASK, select="marked").frozen_text()
    assert len(pieces) == 3
    assert "for k" not in "".join(pieces) and "weight(self, x)" not in "".join(pieces)
    assert all(line in "\n".join(pieces) for line in TASK.split("\n") if "shoal" in line)
