"""Texts with a meaning keep it in inputs that are made up: dates stay dates, brackets match, columns stay columns."""

import ast
import ipaddress
import json
import re
from datetime import UTC, datetime
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shoal.behaviour import draw, draw_call, flatten, has_length, learn, learn_calls, revive

SEEDS = range(30)


def drawn(samples, *, size=1.0, edgy=0.0, seed=0):
    likes = learn([flatten(sample) for sample in samples])
    return revive(draw(likes, np.random.default_rng(seed), size=size, edgy=edgy))


def every(samples, **more):
    """What many seeds draw."""
    return [drawn(samples, seed=seed, **more) for seed in SEEDS]


MOMENTS = {
    "%Y-%m-%d": ["2024-01-05", "2024-02-29", "2023-12-31", "2024-03-01"],
    "%Y%m%d": ["20240105", "20240229", "20231231"],
    "%d.%m.%Y": ["31.12.2024", "01.02.2024", "15.06.2024"],
    "%d/%m/%Y": ["31/12/2024", "01/02/2024", "15/06/2024"],
    "%m/%d/%Y": ["12/31/2024", "02/01/2024", "06/15/2024"],
    "%d.%m.%y": ["31.12.24", "01.02.24", "15.06.23"],
    "%d %b %Y": ["31 Dec 2024", "01 Feb 2024", "15 Jun 2023"],
    "%B %d, %Y": ["December 31, 2024", "February 01, 2024", "May 15, 2023"],
    "%Y-%m-%dT%H:%M:%S": ["2024-01-05T10:00:00", "2024-01-06T12:30:10", "2024-01-06T23:59:59"],
    "%Y-%m-%d %H:%M": ["2024-01-05 10:00", "2024-01-06 12:30", "2024-01-06 23:59"],
    "%Y-%m-%dT%H:%M:%SZ": ["2024-01-05T10:00:00Z", "2024-01-06T12:30:10Z", "2024-01-06T23:59:59Z"],
    "%Y-%m": ["2024-01", "2024-05", "2023-11"],
    "%H:%M": ["09:30", "10:45", "17:00"],
    "%H:%M:%S": ["09:30:00", "10:45:10", "17:00:59"],
}


def moments(texts, pattern):
    return [datetime.strptime(text, pattern).replace(tzinfo=UTC) for text in texts]


@pytest.mark.parametrize("pattern", MOMENTS)
def test_dates_and_times_stay_such_to_the_letter(pattern):
    known = moments(MOMENTS[pattern], pattern)
    new = set()
    for made in every([MOMENTS[pattern]], size=50.0):
        read = moments(made, pattern)
        assert [one.strftime(pattern) for one in read] == made
        assert min(read) >= min(known)
        new |= {*made} - {*MOMENTS[pattern]}
        assert pattern.startswith("%H") or len(made) < 100 or max(read) > max(known), "larger ones lie further apart"
    assert len(new) > 100
    for plain in every([MOMENTS[pattern]]):
        assert min(known) <= min(moments(plain, pattern)) and max(moments(plain, pattern)) <= max(known)


def test_dates_have_leading_zeros_where_they_had():
    for made in every([["1.2.2024", "31.12.2023", "5.6.2024", "9:30"]], size=20.0):
        dates = [text for text in made if text != "9:30"]
        assert all(re.fullmatch(r"[1-9]\d?\.[1-9]\d?\.\d{4}", text) for text in dates)
        moments(dates, "%d.%m.%Y")
    for made in every([["9:30", "10:45", "7:05"]], size=20.0):
        assert all(re.fullmatch(r"1?\d:\d\d|2[0-3]:\d\d", text) for text in made)


def test_a_date_that_may_begin_with_day_or_month_stays_so():
    for made in every([["01/02/2024", "05/06/2024", "11/12/2023"]], size=50.0):
        assert moments(made, "%d/%m/%Y") and moments(made, "%m/%d/%Y")


def test_few_texts_of_no_format_stay_as_they_are():
    samples = ["2024-01-05", "", "2024-02-29", "2024-03-01", "9999-12-31", "2023-05-05"]
    for made in every([samples], size=20.0):
        assert {text for text in made if not "2000" < text < "2300"} <= {"", "9999-12-31"}
        moments(filter(None, made), "%Y-%m-%d")


def test_a_single_date_never_gets_longer_and_spreads_where_nothing_else_grows():
    likes = learn_calls([flatten(((day,), {})) for day in ("2024-01-05", "2024-02-29", "2023-12-31")])
    assert not any(map(has_length, likes.arguments.values()))
    days = [revive(draw_call(likes, np.random.default_rng(seed), size=64.0))[0][0] for seed in SEEDS]
    assert max(moments(days, "%Y-%m-%d")).year > 2026
    longest = [revive(draw_call(likes, np.random.default_rng(seed), size=4096.0))[0][0] for seed in SEEDS]
    assert max(moments(longest, "%Y-%m-%d")).year < 2200


def test_names_of_days_and_months_stay_among_those_seen():
    for names in (["Mon", "Tue", "Fri"], ["january", "may", "june"]):
        for size in (1.0, 30.0):
            assert all({*made} <= {*names} for made in every([names], size=size))
        assert all({name for name, _ in made} <= {*names} for made in every([[(name, 1) for name in names]]))


def test_sorted_dates_are_sorted_and_different_ones_stay_different():
    days = [f"2024-{month:02}-{day:02}" for month in (1, 4, 9) for day in (2, 13, 28)]
    for made in every([days], size=30.0):
        assert made == sorted(made)
        assert len(set(made)) > 0.4 * len(made)
    table = {day: k for k, day in enumerate(days)}
    assert all(len(made) > 200 for made in every([table, {"2024-01-01": 7}], size=50.0))


BOOKED = [
    ("09:00", "10:30"),
    ("11:00", "11:15"),
    ("08:00", "09:10"),
    ("13:00", "15:00"),
    ("16:30", "17:45"),
    ("10:05", "10:35"),
]


def test_what_begins_before_it_ends_does_so_in_texts_too():
    days = [(f"2024-01-{k + 1:02}", f"2024-01-{k + length:02}") for k, length in enumerate((3, 2, 9, 4, 7, 5))]
    for sample in (BOOKED, days, [{"from": begin, "to": end} for begin, end in days]):
        for size in (1.0, 30.0):
            for made in every([sample], size=size):
                pairs = [tuple(one.values()) if isinstance(one, dict) else one for one in made]
                assert all(begin <= end for begin, end in pairs)
                read = "%H:%M" if sample is BOOKED else "%Y-%m-%d"
                assert moments([text for pair in pairs for text in pair], read)


def test_longer_lists_of_spans_in_texts_cover_more_and_in_some_none_overlap():
    days = [(f"2024-01-{k:02}", f"2024-01-{k + length:02}") for k, length in ((1, 3), (5, 2), (9, 4), (14, 3), (20, 2))]
    wide = apart = 0
    for made in every([days], size=50.0):
        wide += max(end for _, end in made) > "2024-06"
        apart += all(one[1] <= other[0] for one, other in pairwise(sorted(made)))
    assert 5 < wide < 25
    assert 2 < apart < 20


def test_some_longer_lists_of_dates_are_runs_where_some_followed_each_other():
    days = ["2024-01-05", "2024-01-06", "2024-01-07", "2024-02-01", "2024-02-02", "2024-03-09"]
    runs = 0
    for seed in range(60):
        known = {one.toordinal() for one in moments(drawn([days], size=50.0, seed=seed), "%Y-%m-%d")}
        runs += len(known) == 300 and max(next(k for k in range(400) if day + k not in known) for day in known) > 10
    assert 5 < runs < 30


@pytest.mark.parametrize(
    ("samples", "shape"),
    [
        (["12.50", "3.99", "0.05"], r"\d+\.\d\d"),
        (["3,4", "10,5", "0,7"], r"\d+,\d"),
        (["1 200", "12 500", "800"], r"\d{1,3}( \d{3})*"),
        (["$5", "$12", "$1,200"], r"\$\d{1,3}(,\d{3})*"),
        (["12kg", "3kg", "5lb"], r"[1-9]\d*(kg|lb)"),
        (["-5 °C", "12 °C", "3 °C"], r"-?\d+ °C"),
        (["SKU-0012", "SKU-0100", "SKU-0999"], r"SKU-\d{4}"),
        (["a=1;b=2", "a=3;b=10", "a=7;b=0"], r"a=\d+;b=\d+"),
        (["2.10.3", "1.0.0", "1.2.12"], r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}"),
        (["2.10", "1.0.0"], r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){1,2}"),
        (["#ff00aa", "#00ff00"], r"#[0-9a-f]{6}"),
        (["#FFF", "#A0B"], r"#[0-9A-F]{3}"),
        (["0x1f", "0xa"], r"0x[0-9a-f]+"),
        (["(3, 4)", "(10, 2)", "(5, 5)"], r"\(\d+, \d+\)"),
        (["101010", "110011", "011111", "000111"], r"[01]{6}"),
        (["3 apples", "12 pears", "1 fig"], r"\d+ [a-z]+"),
        (["10:75 true", "3:80 false", "7:77 true"], r"\d+:\d+ (true|false)"),
    ],
)
def test_numbers_in_texts_stay_numbers(samples, shape):
    new = set()
    for made in every([samples], size=50.0):
        assert all(re.fullmatch(shape, text) for text in made)
        new |= {*made} - {*samples}
    assert len(new) > (10 if "[01]" in shape else 100)


def test_addresses_have_parts_up_to_255():
    for made in every([["192.168.0.1", "10.0.0.7", "10.0.0.12"]], size=50.0):
        assert all(map(ipaddress.ip_address, made))


def test_roman_numerals_can_be_read():
    strict = r"M{0,3}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})"
    made = [text for texts in every([["XIV", "MMXX", "IV"]], size=20.0) for text in texts]
    assert all(re.fullmatch(strict, text) and text for text in made) and len(set(made)) > 200


def test_letters_are_those_that_are_used_where_there_are_enough_to_tell():
    pool = ["ACGTTGCA", "GGCATTAC", "TTAGCAGC", "ACCAGTTA", "CAGTACGT"]
    assert {*"".join(text for made in every([pool], size=50.0) for text in made)} == {*"ACGT"}
    names = {text for made in every([["ann", "bob", "cleo", "dora"]], size=50.0) for text in made}
    assert len({*"".join(names)}) == 26 and len(names) > 1000, "names may have others"


def test_the_columns_of_lines_are_worded_each_in_its_own_way():
    lines = ["2024-01-05,ann,12,in", "2024-02-07,bob,7,out", "2024-03-01,cleo,99,in", "2024-01-31,ann,4,out"]
    for text in (made for size in (1.0, 40.0) for made in every(["\n".join(lines), "\n".join(lines[1:])], size=size)):
        rows = [line.split(",") for line in text.split("\n")]
        assert moments([row[0] for row in rows], "%Y-%m-%d") and {row[3] for row in rows} <= {"in", "out"}
        assert all(row[1].isalpha() and str(int(row[2])) == row[2] for row in rows)


def test_in_lines_what_begins_before_it_ends_does_so():
    for made in every([[f"room {k} {begin}-{end}" for k, (begin, end) in enumerate(BOOKED)]], size=20.0):
        spans = [text.rsplit(" ", 1)[1].split("-") for text in made]
        assert all(begin <= end for begin, end in spans)


def test_the_names_of_columns_stay_on_top_and_no_line_is_empty():
    table = "day,amount\n2024-01-05,12\n2024-02-07,7\n"
    for size in (1.0, 30.0):
        for text in every([table, table + "2024-02-09,1\n"], size=size):
            top, *rows, end = text.split("\n")
            assert (top, end) == ("day,amount", "")
            assert rows and all(re.fullmatch(r"\d{4}-\d\d-\d\d,\d+", row) for row in rows)


def test_texts_of_a_format_in_tuples_stay_such_however_few_are_drawn():
    rows = [("2024-01-05", "09:30", 3), ("2024-01-07", "10:15", 4), ("2024-03-05", "23:00", 9)]
    for size in (1.0, 30.0):
        for made in every([rows], size=size):
            assert moments([day for day, _, _ in made], "%Y-%m-%d") and moments([at for _, at, _ in made], "%H:%M")


def is_balanced(text):
    while text != (text := re.sub(r"\(\)|\[\]|\{\}|[^()\[\]{}]", "", text)):
        pass
    return not text


def test_where_all_brackets_match_most_texts_made_up_have_such_and_are_larger():
    for samples in (["(()())", "()", "([]{})"], ["f(a, g(b))", "h(x)"], ["(a (b c))", "(d)"]):
        made = [drawn(samples, size=20.0, seed=seed) for seed in range(100)]
        assert 80 < sum(map(is_balanced, made)) < 100
        assert max(map(len, made)) > 100 and len(set(made)) > 80
    odd = every([["(()())", "(()", "())"]], size=20.0)
    assert not all(is_balanced(text) for made in odd for text in made)


@pytest.mark.parametrize(
    ("samples", "read"),
    [
        (["1 + (2 * 3)", "4 - 2"], ast.parse),
        (["1+2*(3-4)", "(5+6)*2", "7"], ast.parse),
        (['{"a": [1, 2], "b": {"c": null}}', "[1, 2, 3]", '[{"a": true}, {"a": false}]'], json.loads),
        (["[1, [2, [3]]]", "[]", "[[4], 5]"], json.loads),
    ],
)
def test_most_larger_texts_can_be_read_as_before(samples, read):
    good, longest = 0, 0
    for seed in range(100):
        text = drawn(samples, size=10.0, seed=seed)
        try:
            read(text)
        except (ValueError, SyntaxError):
            continue
        good += 1
        longest = max(longest, len(text))
    assert good > 80 and longest > 50


def test_tags_are_ended_and_one_is_around_all_where_it_was():
    samples = ["<a><b>x</b></a>", '<p class="c">y<br/></p>', "<a></a>"]
    good = 0
    for seed in range(100):
        text = drawn(samples, size=20.0, seed=seed)
        try:
            ElementTree.fromstring(text)
        except ElementTree.ParseError:
            continue
        good += len(text) > 100
    assert good > 80


@pytest.mark.parametrize(
    ("samples", "kinds"),
    [
        (["3 kB", "12 MB", "1 GB", "100 kB"], {"kB", "MB", "GB"}),
        (["U3", "D2", "L10", "R1"], {*"UDLR"}),
        (["push 3", "push 12", "pop", "swap"], {"push", "pop", "swap"}),
        (["2024-01-05 ERROR", "2024-01-05 INFO", "2024-01-06 WARN"], {"ERROR", "INFO", "WARN"}),
    ],
)
def test_words_beside_numbers_are_new_in_half_of_the_draws(samples, kinds):
    kept = 0
    for seed in range(60):
        made = drawn([samples], size=30.0, seed=seed)
        kept += {word for text in made for word in re.findall("[A-Za-z]+", text)} <= kinds
        assert len(set(made)) > 10
    assert 15 < kept < 45


def test_a_text_of_one_piece_grows_by_the_pieces_that_others_have():
    for samples, part in ((["a=1&b=2", "x=10"], "&"), (["a: 1\nb: 2", "c: 3"], "\n")):
        for size in (1.0, 20.0):
            for text in every(samples, size=size):
                assert all(re.fullmatch(r"\w+(=|: )\d+", piece) for piece in text.split(part)), text


TEXTS = st.lists(
    st.text(max_size=12)
    | st.from_regex(r"[0-9]{1,4}[-./:, ][0-9]{1,2}([-./:, ][0-9]{1,4})?", fullmatch=True)
    | st.from_regex(r"[#$a-c(]?[0-9.,]{1,8}[)%a-c]?", fullmatch=True)
    | st.text("([{)]}1+, \n", max_size=12),
    min_size=1,
    max_size=6,
)


@settings(max_examples=200)
@given(TEXTS, st.integers(0, 2**32), st.sampled_from([1.0, 3.0, 300.0]), st.booleans())
def test_whatever_the_texts_are_texts_are_drawn(texts, seed, size, alone):
    made = drawn(texts if alone else [texts], seed=seed, size=size)
    assert isinstance(made, str) if alone else {type(text) for text in made} == {str}
    pairs = drawn([[(text, text) for text in texts]], seed=seed, size=size)
    assert all(type(text) is str for pair in pairs for text in pair)


def test_very_long_texts_are_learnt_in_no_time():
    for text in ("(1 2) " * 20_000, "M" * 100_000, "0f" * 50_000, "1-2" * 30_000, "12," * 30_000 + "7"):
        assert len(drawn([text], size=2.0)) > len(text)
