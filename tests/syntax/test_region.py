"""What may change and what is frozen."""

import pytest

from shoal.syntax import SourceError, frozen_hash, region

MARKED = '''import math
TEXT = """
# shoal: begin
"""
# shoal: begin
A = 1
def f():
    return A
# shoal: end
B = 2
  # EVOLVE-BLOCK-START
C = 3
# EVOLVE-BLOCK-END, with a remark
'''


def names(statements):
    return [getattr(s, "name", None) or s.targets[0].id for s in statements if not hasattr(s, "names")]


def test_all_is_mutable_without_a_selection():
    split = region("A = 1\ndef f(): pass\n")
    assert names(split.mutable) == ["A", "f"]
    assert split.frozen == ()


def test_names_select_functions_and_assignments():
    split = region("A: int = 1\nB = 2\ndef f(): pass\nclass K: pass\n", ("A", "f", "K"))
    assert names(split.frozen) == ["B"]


def test_marks_select_what_stands_between_and_are_not_seen_in_strings():
    split = region(MARKED, "marked")
    assert names(split.mutable) == ["A", "f", "C"]


@pytest.mark.parametrize(
    ("source", "select", "message"),
    [
        ("A = 1\n", ("B",), "names B"),
        ("A = 1\n", "marked", "no line reads"),
        ("# shoal: begin\nA = 1\n", "marked", "does not end"),
        ("# shoal: end\nA = 1\n", "marked", "did not begin"),
        ("# shoal: begin\n# shoal: begin\nA = 1\n# shoal: end\n", "marked", "begins twice"),
        ("# shoal: begin\ndef f():\n    x = 1\n    # shoal: end\n    return x\n", "marked", "in two .line 2"),
        ("A = 1\n", "sometimes", "sometimes"),
    ],
)
def test_a_selection_that_fits_nothing_is_a_source_error(source, select, message):
    with pytest.raises(SourceError, match=message):
        region(source, select)


def test_the_frozen_hash_forgets_formatting_and_the_region_and_nothing_else():
    source = "def judge(x):\n    y = x + 1  # why\n    return y\ndef f():\n    return 1\n"
    same = "def judge(x):\n    'doc'\n    z = (x + 1)\n    return z\n\ndef f():\n    return 2\n"
    other = source.replace("x + 1", "x + 2")
    assert frozen_hash(source, ("f",)) == frozen_hash(same, ("f",))
    assert frozen_hash(source, ("f",)) != frozen_hash(other, ("f",))
    assert frozen_hash(source, "all") == frozen_hash(other, "all")


def test_a_new_top_level_name_changes_the_frozen_hash():
    source = "def judge(): pass\ndef f(): return 1\n"
    assert frozen_hash(source, ("f",)) != frozen_hash(source + "judge = f\n", ("f",))
