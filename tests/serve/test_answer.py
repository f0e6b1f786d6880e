"""Answers in the form that was asked for: what applies them gets the edited program, and nothing else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.propose import _reply
from shoal.serve._answer import answer, apology, search_replace
from shoal.serve._prompt import Wanted
from tests.serve.prompts import MARKED, applied

LINES = st.lists(st.sampled_from(["", "a = 1", "b = 2", "    a = 1", "x", "======="]), min_size=1, max_size=12)


@given(LINES, LINES)
def test_pairs_apply_exactly_once_and_give_the_new_text(before: list[str], after: list[str]):
    old, new = "\n".join(before), "\n".join(after)
    pairs = search_replace(old, new)
    for search, replace in pairs or ():
        assert old.count(search) == 1
        assert all(text.split("\n")[k].strip() for text in (search, replace) for k in (0, -1))
        old = old.replace(search, replace)
    assert pairs is None or old == new


@given(LINES, LINES)
def test_our_own_reader_takes_up_what_the_server_answers(before: list[str], after: list[str]):
    old, new = "\n".join(before), "\n".join(after)
    wanted = Wanted(old, diff=True)
    if search_replace(old, new):
        assert _reply.applied(old, answer(wanted, new, name="edit", note="changed"), form="diff").rstrip(
            "\n"
        ) == new.rstrip("\n")


def test_a_change_of_a_line_that_is_there_twice_is_told_with_its_surroundings():
    old = "a\nx = 1\nb\na\nx = 1\nc"
    pairs = search_replace(old, "a\nx = 1\nb\na\nx = 2\nc")
    assert pairs == [("a\nx = 1\nc", "a\nx = 2\nc")]


def test_far_changes_are_blocks_of_their_own_and_insertions_hold_a_line():
    old = "\n".join(f"line {k}" for k in range(20, 40))
    new = old.replace("line 22", "line 22\nmore").replace("line 37\n", "")
    pairs = search_replace(old, new)
    assert pairs is not None
    first, second = pairs
    assert "more" in first[1] and len(first[0].split("\n")) <= 3
    assert "line 37" in second[0] and "line 37" not in second[1]


def test_marked_programs_keep_their_marks_out_of_every_block():
    program = MARKED.rstrip("\n")
    child = program.replace("STEP = 0.25", "STEP = 0.3").replace("    return points", "    return points[::-1]")
    pairs = search_replace(program, child, marked=True)
    assert pairs is not None
    assert not any("EVOLVE" in text for pair in pairs for text in pair)
    assert search_replace(program, program.replace("layout(26)", "layout(27)"), marked=True) is None


def test_tags_hold_the_parts():
    wanted = Wanted("a = 1\nb = 2", diff=True, tags=frozenset(("NAME", "DESCRIPTION", "DIFF")))
    text = answer(wanted, "a = 1\nb = 3\n", name="jitter", note="b: 2 -> 3 </DESCRIPTION>\n```")
    assert re.search(r"<NAME>\njitter\n</NAME>", text)
    assert re.search(r"<DESCRIPTION>\nb: 2 → 3 /DESCRIPTION\n</DESCRIPTION>", text)
    assert re.search(r"<DIFF>\n<{7} SEARCH\nb = 2\n={7}\nb = 3\n>{7} REPLACE\n</DIFF>", text)
    assert applied(wanted.program, text) == "a = 1\nb = 3"


def test_a_whole_program_stands_in_one_block():
    wanted = Wanted("a = 1", tags=frozenset(("CODE",)))
    assert answer(wanted, "a = 2\n", name="n", note="why") == "why\n\n<CODE>\n```python\na = 2\n```\n</CODE>\n"
    assert "\n````python\n" in answer(wanted, "'''\n```\n'''", name="n", note="why")


def test_a_diff_that_cannot_be_said_is_a_whole_program():
    text = answer(Wanted("a\n=======\nb", diff=True), "a\n=======", name="n", note="why")
    assert "```python\na\n=======\n```" in text


@pytest.mark.parametrize("diff", [True, False])
def test_without_an_edit_the_program_stays(diff: bool):
    text = apology(Wanted("a = 1", diff=diff))
    assert ("SEARCH" in text, "```python\na = 1\n```" in text) == (False, not diff)
    assert "no program" in apology(None)
