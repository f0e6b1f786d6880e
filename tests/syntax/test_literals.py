"""Tunable numbers: which there are, and how new ones are put in."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.syntax import SourceError, normal_hash, read, slots, with_values

finite = st.floats(allow_nan=False, allow_infinity=False, width=64)


def values(source):
    return [s.value for s in slots(source)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = 1 + 2.5", [1, 2.5]),
        ("x = -1 - -2.5", [-1, -2.5]),
        ("x = - (3)", [-3]),
        ("x = True, None, 'a1', 2j", []),
        ("'''7'''\nx = f'{1} {x:2}'", []),
        ("SEED = 123456789012", []),
        ("def f(a: 1 = 2) -> 3: return 4", [2, 4]),
        ("x = np.sum(a, axis=1)", []),
        ("match x:\n    case 1: y = 2", [2]),
    ],
)
def test_which_numbers_are_tunable(source, expected):
    assert values(source) == expected


@pytest.mark.parametrize(
    ("source", "sizes"),
    [
        ("for i in range(8): x = 3", [True, False]),
        ("x = a[2]", [True]),
        ("x = np.zeros((26, 2)) + 1", [True, True, False]),
        ("n = 5\nx = [0.5] * 4\nfor i in range(n): pass", [True, False, True]),
        ("x = np.linspace(0, 1, 11)", [False, False, True]),
    ],
)
def test_which_numbers_count_or_index(source, sizes):
    assert [s.size for s in slots(source)] == sizes


def test_a_size_keeps_its_bounds():
    source = "for i in range(0, 8): x = a[-1] + a[0]\n"
    assert with_values(source, [-5, -5, 5, -5]) == "for i in range(0, 1): x = a[-1] + a[0]\n"


def test_rows_and_tables():
    literals = read("x = [[0.1, 0.2], (0.3, 0.4), [1, 2]]\ny = (5.0, 6.0, 7.0)\nz = [1.0, [2.0, 3.0]]\n").literals
    assert literals.rows == ((0, 1), (2, 3), (4, 5), (6, 7, 8), (10, 11))
    assert literals.tables == ((0, 1, 2),)


@pytest.mark.parametrize(
    ("source", "new", "expected"),
    [
        ("x = 2 * 0.5  # half\n", [3, -0.25], "x = 3 * (-0.25)  # half\n"),
        ("def f():\n    return-0.5\n", [0.5], "def f():\n    return 0.5\n"),
        ("x = 1if y else 2.5\n", [3, -1.5], "x = 3 if y else -1.5\n"),
        ("x = 'ä', 1.5 ** 2.0\n", [-1.5, -2.0], "x = 'ä', (-1.5) ** (-2.0)\n"),
        ("x = [\n    1.0, # a\n    2.0,\n]\n", [1.5, 2.5], "x = [\n    1.5, # a\n    2.5,\n]\n"),
    ],
)
def test_new_numbers_keep_the_text_around_them(source, new, expected):
    assert with_values(source, new) == expected


@given(st.lists(finite, min_size=6, max_size=6))
def test_any_numbers_read_back_as_they_are(new):
    source = "x = -0.5 ** 1.5 + (2.5).real\ny = [0.5, -(-1.5), 1.0 if x else 2]\n"
    source = source.replace(" else 2", " else x")
    again = with_values(source, new)
    assert [repr(v) for v in values(again)] == [repr(v) for v in new]
    assert normal_hash(with_values(again, values(source))) == normal_hash(source)


@pytest.mark.parametrize("new", [[1.0], [1.0, math.nan], [1.0, math.inf]])
def test_values_that_do_not_fit_are_a_source_error(new):
    with pytest.raises(SourceError):
        with_values("x = 0.5, 0.25\n", new)


def test_only_the_region_has_slots():
    assert [s.value for s in slots("A = 1.5\nB = 2.5\n", select=("B",))] == [2.5]


@given(st.lists(finite, min_size=2, max_size=2))
def test_the_hash_after_a_change_of_numbers_needs_no_parse(new):
    program = read("import math\n\ndef f(x):\n    y = -0.5 * x\n    return math.sin(y + 0.25)\n", entry=("f",))
    held = program.literals.slots
    fast = program.normal.hash_with((program.normal.numbers[s.node], v) for s, v in zip(held, new, strict=True))
    assert fast == read(with_values(program.source, new), entry=("f",)).normal_hash
