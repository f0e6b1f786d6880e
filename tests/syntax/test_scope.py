"""Which names a place can use."""

import ast

import pytest

from shoal.syntax import names_at, read
from shoal.syntax._types import guess

SOURCE = """
import math
import numpy as np
LIMIT = 3

def helper(a, b=1.0):
    return a

def f(points, scale: float, n=3, flag=True):
    total = 0.0
    grid = np.zeros((n, 2))
    for i, p in enumerate(points):
        inner = i * 2
        if p > scale:
            deep = 1
        else:
            deep = 2
        late = deep
    x, y = 1, [2]
    return total

LATER = helper(1)
"""


def names_in(function, statement):
    program = read(SOURCE)
    for block in program.sites.blocks:
        for place, node in enumerate(block.statements):
            if (
                block.function is not None
                and block.function.name == function
                and ast.unparse(node).startswith(statement)
            ):
                return names_at(program, block, place)
    raise AssertionError(statement)


def test_parameters_and_what_is_bound_before():
    names = names_in("f", "for")
    assert names["points"] == "list"
    assert names["scale"] == "number"
    assert names["n"] == "int"
    assert names["flag"] == "bool"
    assert names["grid"] == "matrix"
    assert names["math"] == "module math"
    assert names["helper"] == "function"
    assert names["f"] == "function number"
    assert not names.keys() & {"i", "inner", "x", "LATER"}


def test_loop_names_live_in_the_loop_and_what_both_branches_bind_lives_on():
    assert {"i", "p", "inner", "deep"} <= names_in("f", "late").keys()
    assert not names_in("f", "x, y").keys() & {"i", "inner", "deep", "late"}


def test_unpacked_names_have_the_types_of_their_parts():
    names = names_in("f", "return")
    assert (names["x"], names["y"]) == ("int", "numbers")


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("1 + 2", "int"),
        ("1 / 2", "number"),
        ("k // 2", "int"),
        ("-k * 0.5", "number"),
        ("a + 1", "array"),
        ("np.sqrt(a)", "array"),
        ("np.sqrt(2.0)", "number"),
        ("a.sum()", "number"),
        ("a.max() - a.min()", "number"),
        ("a > 1", "mask"),
        ("(a > 1) & ~(a < 0)", "mask"),
        ("(a > 1) * 2.5", "array"),
        ("a[k]", "number"),
        ("a[1:]", "array"),
        ("a[i]", "array"),
        ("i[0]", "int"),
        ("i + 1", "int_array"),
        ("i / 2", "array"),
        ("np.argsort(a)", "int_array"),
        ("np.where(a > 1, a, 0.0)", "array"),
        ("m[k]", "array"),
        ("m[k, i]", "array"),
        ("m[k, 0]", "number"),
        ("m[i]", "matrix"),
        ("m[i][:, i]", "matrix"),
        ("m[np.ix_(i, i)]", "matrix"),
        ("m.mean(axis=1)", "array"),
        ("m.argmin(axis=1)", "int_array"),
        ("m.mean()", "number"),
        ("m @ a", "array"),
        ("abs(a)", "array"),
        ("not a", "bool"),
        ("[1][0:]", "numbers"),
        ("[]", "list"),
        ("[x * x for x in a]", "numbers"),
        ("[1.5, 2][k]", "number"),
        ("min(a, key=abs)", "unknown"),
        ("what(a) if k else 0.5", "number"),
        ("made(a)", "array"),
        ("None", "none"),
        ("{1: 2}", "object"),
        ("len(a)", "int"),
        ("f'{a}'", "str"),
        ("what(a)", "unknown"),
    ],
)
def test_guesses(expression, kind):
    names = {
        "np": "module numpy",
        "a": "array",
        "i": "int_array",
        "k": "int",
        "m": "matrix",
        "made": "function array",
    }
    assert guess(ast.parse(expression, mode="eval").body, names) == kind
