"""What parameters hold, and which arrays fit together."""

import ast

import pytest

from shoal.syntax import names_at, read
from shoal.syntax._lengths import SAME, lengths_in
from shoal.syntax._use import index_names, range_told


def body_of(source):
    """A program and the block of its first function."""
    program = read(source)
    return program, next(b for b in program.sites.blocks if b.owner is program.tree.body[-1])


def types_in(source, hints=None):
    program, block = body_of(source)
    return names_at(program, block, len(block.statements) - 1, hints=hints)


def lengths(source, hints=None):
    program, block = body_of(source)
    return lengths_in(program, block.function, hints)


@pytest.mark.parametrize(
    ("parameter", "code", "kind"),
    [
        ("x", "return x.max()", "array"),
        ("x", "return np.sqrt(x)", "array"),
        ("x", "return x[x > 2]", "array"),
        ("x", "return np.where(x > 2, 1, 0)", "array"),
        ("x", "return x[0, 1]", "matrix"),
        ("x", "return len(x)", "list"),
        ("x", "return x.lower()", "str"),
        ("x", "return [1, 2][x]", "int"),
        ("x", "return x + 1", "unknown"),
        ("x: list[float]", "return x", "numbers"),
        ("x: tuple[int, ...]", "return x", "numbers"),
        ("x: list[str]", "return x", "list"),
        ("x: NDArray[np.float64]", "return x", "array"),
        ("x=0.5", "return x", "number"),
    ],
)
def test_how_a_parameter_is_used_tells_its_type(parameter, code, kind):
    assert types_in(f"import numpy as np\ndef f({parameter}):\n    {code}\n")["x"] == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("x: the free space of each bin; shape (n,).", "array"),
        ("x (float): shape (n,) and more", "array"),
        ("x: whole numbers, shape (n,)", "int_array"),
        ("x: the distance of each two,\n        shape (n, n).", "matrix"),
        ("x: images of shape (n, h, w)", "object"),
        ("x: a list of eight digits, each 0, 1 or 2", "numbers"),
        ("x: an integer below ten", "int"),
        ("x: what shape it has", "unknown"),
        ("Arrays of shape (k,), one entry a city:\n    y: its size.\n    x: its age.", "array"),
        ("Arrays of shape (k,):\n    y: its size.\n\n    x: the time.", "unknown"),
    ],
)
def test_a_docstring_tells_a_type(text, kind):
    assert types_in(f'def f(x, y):\n    """Return a number.\n\n    {text}\n    """\n    return y\n')["x"] == kind


def test_an_array_that_picks_entries_holds_whole_numbers():
    source = 'def f(x, m):\n    """x: cities, shape (k,)\n    m: shape (n, n)"""\n    return m[0, x]\n'
    assert types_in(source)["x"] == "int_array"


def test_hints_overrule_guesses_and_reach_what_is_made_of_them():
    source = "def f(item, bins):\n    left = bins - item\n    return left\n"
    assert types_in(source)["left"] == "number"
    names = types_in(source, hints={"f": {"bins": "array:n", "absent": "int"}})
    assert (names["bins"], names["left"]) == ("array", "array")
    assert "absent" not in names
    assert types_in(source, hints={"g": {"bins": "array"}})["bins"] == "unknown"


def test_what_a_function_returns_is_known_where_it_is_called():
    names = types_in("def g(x):\n    return x.sum()\n\ndef f(a):\n    b = g(a)\n    return b\n")
    assert names["b"] == "number"


TRIP = '''
import numpy as np

def near(row, home):
    """Return a number per city. Arrays, shape (k,):

    row: distances.
    home: distances.
    """
    return row + home

def f(current, unvisited, distances):
    """unvisited: whole numbers, shape (k,)
    distances: shape (n, n)
    """
    a = distances[current, unvisited]
    b = distances[unvisited]
    c = b.mean(axis=1)
    d = b.mean(axis=0)
    e = distances[np.ix_(unvisited, unvisited)]
    g = -np.sqrt(a) + 2.0 * c
    h = a[::-1]
    i = a[1:]
    j = near(a, c)
    k = np.zeros(len(a))
    m = a[a > 1]
    o = np.where(a > 1, a, 0.0)
    p = b.T
    return j
'''


def test_lengths_follow_assignments():
    found = lengths(TRIP)
    assert {name: found[name] for name in "abcde"} == {
        "a": ("k",),
        "b": ("k", "n"),
        "c": ("k",),
        "d": ("n",),
        "e": ("k", "k"),
    }
    assert {found[name] for name in "ghjko"} == {("k",)}
    assert found["p"] == ("n", "k")
    assert len({found["i"], found["m"], ("k",), ("n",)}) == 4
    assert "current" not in found


def test_undescribed_arrays_are_trusted_to_have_one_length():
    found = lengths("def f(a, b):\n    return a.max() + b.max()\n")
    assert found["a"] == found["b"] == (SAME,)


def test_hints_may_tell_lengths():
    found = lengths("def f(a, b):\n    c = a * 2\n    return c\n", hints={"a": "array:n", "b": "matrix:n,m"})
    assert found["b"] == ("n", "m")
    assert "a" in found and found["a"] == ("n",)


def test_names_that_are_indices_and_the_range_of_numbers():
    source = 'def f(a, k, x):\n    """x: sizes, 1 to 100, or 5 to 7."""\n    return a[k] + a[0, x]\n'
    program = read(source)
    function = program.tree.body[0]
    assert isinstance(function, ast.FunctionDef)
    assert index_names(program) == {"k", "x"}
    assert range_told(function) == (1.0, 100.0)
