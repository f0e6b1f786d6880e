"""Characters that make a program read otherwise than it runs."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.syntax import SourceError, check_characters
from shoal.syntax._characters import check_invisible

CYRILLIC_ES = "\u0455"  # looks like s
LONG_S = "\u017f"  # Python reads it as s
PLAIN = "# shoal: begin\nscore = 1\n# shoal: end, with a remark\ndef f(x):\n\treturn 'a' + x\n"


@pytest.mark.parametrize(
    "source",
    [
        PLAIN,
        PLAIN.replace("\n", "\r\n"),
        "\ufeff" + PLAIN,
        "text = 'Gr\u00f6\u00dfe \u4e2d\u6587'  # caf\u00e9 \u2192 \u26a0\ufe0f\n",
        "x = 1\ny = f'Gr\u00f6\u00dfe {x} \u2192 {x!r:>5}'\n",
        "text = '\\u202e \\x0c'\n",
        "# -*- coding: utf-8 -*-\nx = 1\n",
        "TEXT = '''\n# Shoal: Begin\n'''\n",
        "",
    ],
)
def test_what_reads_as_it_runs_is_let_through(source):
    check_characters(source)


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("\u202e", "U\\+202E RIGHT-TO-LEFT OVERRIDE"),
        ("\u2066", "U\\+2066 LEFT-TO-RIGHT ISOLATE"),
        ("\u200b", "U\\+200B ZERO WIDTH SPACE"),
        ("\u200d", "U\\+200D ZERO WIDTH JOINER"),
        ("\u2060", "U\\+2060 WORD JOINER"),
        ("\u00ad", "U\\+00AD SOFT HYPHEN"),
        ("\ufeff", "U\\+FEFF ZERO WIDTH NO-BREAK SPACE"),
        ("\ufe0f", "U\\+FE0F VARIATION SELECTOR-16"),
        ("\u034f", "U\\+034F COMBINING GRAPHEME JOINER"),
        ("\u3164", "U\\+3164 HANGUL FILLER"),
        ("\U000e0041", "U\\+E0041 TAG LATIN CAPITAL LETTER A"),
        ("\u2028", "U\\+2028 LINE SEPARATOR"),
        ("\u0085", "U\\+0085 NEXT LINE"),
        ("\x0c", "U\\+000C FORM FEED"),
        ("\x0b", "U\\+000B VERTICAL TAB"),
        ("\x1b", "U\\+001B ESCAPE"),
        ("\x7f", "U\\+007F DELETE"),
        ("\0", "U\\+0000 NULL"),
        ("\r", "U\\+000D CARRIAGE RETURN"),
    ],
)
@pytest.mark.parametrize(
    "place", ["x = 1\n# a{}b\n", "x = 1\ny = 'a{}b'\n", "x = 1\na{}b = 1\n", "x = 1\n{}# shoal: end\n"]
)
def test_hidden_characters_are_named_with_their_line(character, name, place):
    with pytest.raises(SourceError, match=f"^{name}.*line 2"):
        check_characters(place.format(character))


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (f"{CYRILLIC_ES}core = 1\n", "U\\+0455 CYRILLIC SMALL LETTER DZE and would pass for score"),
        (f"{LONG_S}core = 1\n", "LONG S and would pass for score"),
        ("\uff53core = 1\n", "FULLWIDTH LATIN SMALL LETTER S and would pass for score"),
        ("\ufb01le = 1\n", "LATIN SMALL LIGATURE FI and would pass for file"),
        ("gr\u00f6\u00dfe = 1\n", "names are written in ASCII"),
        ("a\u0301b = 1\n", "COMBINING ACUTE ACCENT"),
        ("x = 1\nx.\u0441all()\n", "would pass for call.*line 2"),
        ("f(\u0430=1)\n", "would pass for a;"),
        ("import m\u0430th\n", "would pass for math"),
        ("def f(\u0440): pass\n", "would pass for p;"),
        ("def f():\n    global \u0441ount\n", "would pass for count"),
        (f"x = f'{{{LONG_S}core}}'\n", "would pass for score"),
        (f"x = f\"{{x:'>10}} {{f(y,'a}}b') + {CYRILLIC_ES}core}}\"\n", "would pass for score"),
        ("x = \u0663\n", "U\\+0663"),
        ("x = 1 \u2212 2\n", "U\\+2212"),
        ("x =\u00a01\n", "U\\+00A0"),
        ("x = '\ud800'\n", "not text"),
    ],
)
def test_code_is_ascii_and_the_message_says_what_a_name_would_pass_for(source, message):
    with pytest.raises(SourceError, match=message):
        check_characters(source)


@pytest.mark.parametrize(
    "line",
    [
        "# -*- coding: latin-1 -*-",
        "#!/usr/bin/python\n# vim: set fileencoding=utf-7 :",
        "# coding=rot13",
        "# coding: utf-8-sig",
        "# coding: no-such-encoding",
    ],
)
def test_another_encoding_is_refused(line):
    with pytest.raises(SourceError, match=r"encoding.*programs are UTF-8"):
        check_characters(f"{line}\nx = 1\n")


@pytest.mark.parametrize(
    "mark",
    [
        "# sh\u043eal: begin",
        "# shoal\uff1a begin",
        "# shoal:\u00a0end",
        "# SHOAL: BEGIN",
        "## shoal: end",
        "# shoa1: end",
        "x = 1  # shoal: end",
        "def f():  # EVOLVE-BLOCK-START\n    pass",
        "# EV0LVE-BLOCK-START",
        "# EVOLVE_BLOCK_END",
        "# \uff25VOLVE-BLOCK-END",
    ],
)
def test_a_comment_that_passes_for_a_mark_is_refused(mark):
    with pytest.raises(SourceError, match="looks like the mark of a region and is none"):
        check_characters(f"x = 1\n{mark}\n")


def test_a_mark_after_a_continued_line_is_refused():
    with pytest.raises(SourceError, match=r"backslash.*line 1"):
        check_characters("x = 1 \\\n# shoal: begin\ny = 1\n# shoal: end\n")


def test_a_large_text_full_of_letters_is_judged_in_time():
    lines = "".join("# \u00e9\n" for _ in range(20_000))
    began = time.process_time()
    with pytest.raises(SourceError, match="line 20001"):
        check_characters(f"{lines}{CYRILLIC_ES} = 1\n")
    assert time.process_time() - began < 10.0


@given(st.text(st.characters(codec="utf-8"), max_size=40), st.integers(0, 40))
def test_any_text_is_let_through_or_refused_as_source(text, place):
    for check in (check_characters, check_invisible):
        try:
            check(PLAIN[:place] + text + PLAIN[place:])
        except SourceError as error:
            assert str(error).isprintable()
