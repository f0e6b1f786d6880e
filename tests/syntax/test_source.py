"""Everything that can go wrong while reading is one kind of error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.syntax import MAX_BYTES, SourceError, normal_hash, parse, read


@pytest.mark.parametrize(
    "source",
    [
        "x = (",
        "x = 1\0",
        "x = '\ud800'",
        "x = " + "1" * 5000,
        "-" * 100_000 + "1",
        "(" * 10_000,
        "a" + ".b" * 30_000,
        "#" * (MAX_BYTES + 1),
        "  x = 1",
        "x = 0777",
    ],
)
def test_bad_text_is_a_source_error(source):
    with pytest.raises(SourceError):
        parse(source)


def test_the_error_names_the_line():
    with pytest.raises(SourceError, match="line 2") as caught:
        parse("x = 1\ny = = 2\n")
    assert caught.value.line == 2


@given(st.text(max_size=60))
def test_any_text_parses_or_is_a_source_error(source):
    try:
        tree = parse(source)
    except SourceError:
        return
    assert tree.body is not None


def test_depth_that_parses_but_is_too_deep_to_walk_is_a_source_error():
    source = "def f():\n    return " + "not " * 1500 + "1\n"
    with pytest.raises(SourceError, match="deep"):
        normal_hash(source)


def test_warnings_of_hostile_text_stay_inside():
    parse(r"x = '\d'")


def test_mark_and_newlines_are_made_uniform():
    assert read("\ufeffx = 1\r\ny = 2\r").source == "x = 1\ny = 2\n"


def test_recent_programs_are_shared_and_limited():
    assert read("x = 1\n") is read("x = 1\n")
    first = read("first = 1\n")
    for k in range(300):
        read(f"x = {k}.5\n")
    assert read("first = 1\n") is not first
