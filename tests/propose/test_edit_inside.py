"""No edit by any operator changes what stands outside of marks, wherever in a program these are."""

import ast
import re
from functools import cache

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shoal.propose._edit import OPERATORS, edit
from shoal.syntax import SourceError, region

from .marked import SHAPES

FREE = sorted(
    [name for name, one in OPERATORS.items() if one.needs != "payload"] + ["any", "any_rewrite", "independent"]
)
EVERYWHERE = ("any", "independent", "jitter", "replace", "grow", "guard", "delete", "hoist")
_BEGIN = re.compile(r"[ \t]*# (shoal: begin|EVOLVE-BLOCK-START)")
_END = re.compile(r"[ \t]*# (shoal: end|EVOLVE-BLOCK-END)")


def generator(*seed):
    return np.random.Generator(np.random.Philox(np.random.SeedSequence(seed)))


def outside(source: str) -> list[str]:
    """The lines that are not between marks, the marks among them."""
    lines, open_ = [], False
    for line in source.split("\n"):
        open_ = open_ and not _END.match(line)
        if not open_:
            lines.append(line)
        open_ = open_ or _BEGIN.match(line) is not None
    return lines


@cache
def donors_of(source: str) -> tuple[str, ...]:
    made = [
        edit(asked(source, name), generator(9, k))
        for name in ("jitter", "independent", "any_rewrite")
        for k in range(2)
    ]
    return tuple(one["source"] for one in made if "source" in one)


def asked(source, operator, **more):
    select = "marked" if "# shoal" in source or "# EVOLVE" in source else "all"
    return {"operator": operator, "source": source, "entry": ["pack"], "select": select, "public": {"score": 1}, **more}


def made_by(source: str, operator: str, draws) -> int:
    """How many edits are made; each is held to what it may do."""
    made = 0
    for draw in draws:
        reply = edit(asked(source, operator, donors=list(donors_of(source))), generator(draw))
        if "source" in reply:
            made += 1
            assert outside(reply["source"]) == outside(source), reply["source"]
            compile(reply["source"], "child", "exec", dont_inherit=True)
            checked = edit(asked(reply["source"], "check", payload={"against": source}), generator(0))
            assert checked.get("normal") == reply["normal"], checked
    return made


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_every_operator_stays_between_the_marks(shape):
    made = {name: made_by(SHAPES[shape], name, range(2)) for name in FREE}
    assert {name for name in EVERYWHERE if made[name] < 2} == set()
    assert sum(made.values()) > 40


BODY = (
    "total = total + k * 0.5",
    "extra = [0.5, 1.5]",
    "for j in range(3):\n    total += j * 0.25",
    "if total > 2.0:\n    total = total - 1\nelse:\n    total = total * 2",
    "try:\n    total = 1 / total\nexcept ZeroDivisionError:\n    total = 0.5",
    "def inner(x):\n    y = x * 2\n    return y + 1\ntotal = inner(total)",
    "total = sum([v * 2 for v in (1, 2, 3)]) + total",
    "while total > 100:\n    total = total / 2",
    "class Local:\n    size = 3\n    def of(self, x):\n        return x * self.size\ntotal = Local().of(total)",
)


@st.composite
def marked_programs(draw: st.DrawFn) -> str:
    """A function of random statements, with marks around some of one block anywhere in it."""
    drawn = draw(st.lists(st.sampled_from(BODY), min_size=2, max_size=5))
    lines = ["total = 1.0", "k = 3", *(line for one in drawn for line in one.split("\n")), "return total"]
    source = "LIMIT = 4\n\n\ndef pack(n):\n" + "".join(f"    {line}\n" for line in lines)
    blocks = [
        value
        for node in ast.walk(ast.parse(source))
        for _, value in ast.iter_fields(node)
        if isinstance(value, list) and value and isinstance(value[0], ast.stmt)
    ]
    block = draw(st.sampled_from(blocks))
    first = draw(st.integers(0, len(block) - 1))
    last = draw(st.integers(first, len(block) - 1))
    text, indent = source.split("\n"), " " * block[first].col_offset
    text.insert(block[last].end_lineno, f"{indent}# shoal: end")
    text.insert(block[first].lineno - 1, f"{indent}# shoal: begin")
    return "\n".join(text)


@given(marked_programs(), st.sampled_from(FREE), st.integers(0, 1_000))
def test_no_edit_of_any_program_leaves_its_marks(source, operator, draw):
    try:
        region(source, "marked")
    except SourceError:
        assume(False)
    made_by(source, operator, [draw])


@given(marked_programs())
def test_marks_around_whole_statements_always_hold_them(source):
    split = region(source, "marked")
    assert split.mutable
    lines = source.split("\n")
    begin, end = (
        next(k for k, line in enumerate(lines, 1) if line.strip() == f"# shoal: {w}") for w in ("begin", "end")
    )
    assert all(begin < one.lineno and (one.end_lineno or 0) < end for one in split.mutable)


def lines_outside(source: str) -> list[int]:
    """Numbers of the lines with code that is not between marks."""
    found, open_ = [], False
    for number, line in enumerate(source.split("\n")):
        open_ = open_ and not _END.match(line)
        if not open_ and line.strip() and not line.strip().startswith(("#", "'")):
            found.append(number)
        open_ = open_ or _BEGIN.match(line) is not None
    return found


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_no_answer_may_drop_add_or_double_a_line_outside_of_the_marks(shape):
    source = SHAPES[shape]
    lines = source.split("\n")
    for number in lines_outside(source):
        indent = lines[number][: len(lines[number]) - len(lines[number].lstrip())]
        for change in ([], [f"{indent}changed = 1", lines[number]], [lines[number], lines[number]]):
            child = "\n".join([*lines[:number], *change, *lines[number + 1 :]])
            checked = edit(asked(child, "check", payload={"against": source}), generator(0))
            assert "failed" in checked, child
