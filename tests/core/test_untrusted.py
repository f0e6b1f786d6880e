"""Hostile text may not act on the reader's terminal or page."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.core.untrusted import fenced, markdown, untrusted

HOSTILE = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("\x1b[]0;m\x07\x9b\x9d\u202e\u2066\u200b\u200d\ufeff\u0301\r\n\t`|<>*_\x00\ud800\U000e0041"),
    ),
    max_size=300,
)


@given(HOSTILE, st.integers(1, 200), st.integers(1, 5))
def test_only_visible_characters_come_out(text: str, limit: int, lines: int) -> None:
    shown = untrusted(text, limit=limit, lines=lines)
    assert len(shown) <= limit
    assert shown.count("\n") < lines
    for character in shown.replace("\n", ""):
        assert unicodedata.category(character) not in {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}


@given(HOSTILE, st.integers(4, 200), st.integers(1, 5))
def test_what_was_shown_once_is_shown_unchanged(text: str, limit: int, lines: int) -> None:
    shown = untrusted(text, limit=limit, lines=lines)
    assert untrusted(shown, limit=limit, lines=lines) == shown


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=100))
def test_plain_text_passes_unchanged(text: str) -> None:
    assert untrusted(text, limit=100) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;a new title\x07after", "after"),
        ("\x1b]8;;http://evil.example\x1b\\here\x1b]8;;\x1b\\", "here"),
        ("\x1b[\x1b[31m31mtwice", "31mtwice"),
        ("a\x9b2Jb", "ab"),
        ("\u202eabc", "\\u202eabc"),
        ("in\u200bvisible", "in\\u200bvisible"),
        ("one\r\ntwo", "one two"),
        ("over\rwritten", "over written"),
        ("nul\x00", "nul\\x00"),
        ("Zürich 0.3 → 0.34 ×", "Zürich 0.3 → 0.34 ×"),
    ],
)
def test_known_tricks(text: str, shown: str) -> None:
    assert untrusted(text) == shown


def test_piles_of_marks_are_flattened() -> None:
    assert untrusted("a" + "\u0301" * 50) == "a" + "\u0301" * 3


def test_huge_text_is_cut_early() -> None:
    shown = untrusted("x" * 50_000_000, limit=50)
    assert shown == "x" * 47 + "..."


@given(HOSTILE)
def test_no_fence_can_be_closed_from_inside(text: str) -> None:
    block = fenced(text).split("\n")
    fence = block[0]
    assert set(fence) == {"`"} and block[-1] == fence
    assert not any(re.fullmatch(rf"\s*`{{{len(fence)},}}\s*", line) for line in block[1:-1])


@given(HOSTILE)
def test_markup_is_escaped(text: str) -> None:
    shown = markdown(text)
    assert "\n" not in shown
    for found in re.finditer(r"[`|<\[\]*]", shown):
        before = shown[: found.start()]
        assert (len(before) - len(before.rstrip("\\"))) % 2 == 1


@pytest.mark.parametrize("text", ["# title", "> quote", "- item", "+ item", "1. item", "=== ", "_so_", "  ## two"])
def test_no_block_or_emphasis_begins(text: str) -> None:
    shown = markdown(text)
    assert shown != text and not re.match(r" *(#+ |>|[+=-]|[0-9]+[.)])", shown) and "_so_" not in shown


def test_names_and_edits_stay_readable() -> None:
    for text in ("circle_packing_26: 0.3 -> 0.34 (line 12)", "0.5 -> -0.5", "-0.5 -> 0.5", "#3 of 5", "a + b - c"):
        assert markdown(text) == text


def test_addresses_do_not_become_links() -> None:
    assert "http://" not in markdown("see http://evil.example") and "@" not in markdown("me@evil.example")
