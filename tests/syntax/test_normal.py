"""The normal form keeps what a program does and forgets how it is written."""

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.syntax import normal_form, normal_hash, parse

PROGRAMS = sorted((Path(__file__).parent.parent / "propose" / "programs").glob("*.txt"))
NAMES = ("a", "b", "c", "d")
numbers = st.one_of(st.integers(-9, 99), st.floats(-9, 9, allow_nan=False).map(lambda x: round(x, 3)))


@st.composite
def expressions(draw, depth=2):
    if depth == 0 or draw(st.booleans()):
        return draw(st.one_of(st.sampled_from(["{a}", "{b}", "{c}", "n"]), numbers.map(repr)))
    left, right = draw(expressions(depth=depth - 1)), draw(expressions(depth=depth - 1))
    return (
        draw(st.sampled_from(["({0} + {1})", "({0} * {1})", "max({0}, {1})", "[{d} + {0} for {d} in [{1}]][0]"]))
        .replace("{0}", left)
        .replace("{1}", right)
    )


@st.composite
def templates(draw):
    """A function whose local names are left open."""
    lines = ["def f(n, k=2):", "    {a} = {b} = {c} = n"]
    for _ in range(draw(st.integers(1, 4))):
        value = draw(expressions())
        lines.append(
            draw(
                st.sampled_from(
                    [
                        "    {a} = @",
                        "    {b} += @",
                        "    for {c} in range(k):\n        {a} = @",
                        "    if @:\n        {b} = {a}",
                    ]
                )
            ).replace("@", value)
        )
    return "\n".join([*lines, "    return {a}, {b}, {c}\n"])


def filled(template, names):
    for place, name in zip(NAMES, names, strict=True):
        template = template.replace("{" + place + "}", name)
    return template


@given(templates(), st.permutations(["x", "y", "zed", "w_1", "v0", "v3"]))
def test_local_names_do_not_count(template, names):
    assert normal_hash(filled(template, names[:4])) == normal_hash(filled(template, NAMES))


@given(templates())
def test_the_normal_form_is_idempotent_and_has_the_same_hash(template):
    source = filled(template, NAMES)
    form = normal_form(parse(source))
    assert normal_form(parse(form)) == form
    assert normal_hash(form) == normal_hash(source)


@given(templates(), numbers, numbers)
def test_constants_count(template, first, second):
    source = filled(template, NAMES) + "LAST = "
    same = normal_hash(source + repr(first)) == normal_hash(source + repr(second))
    assert same == (repr(first) == repr(second))


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda p: p.stem)
def test_real_programs_survive_formatting(path):
    source = path.read_text()
    again = ast.unparse(ast.parse(source))
    form = normal_form(parse(source))
    assert normal_hash(again) == normal_hash(source) == normal_hash(form)
    assert normal_form(parse(form)) == form


SAME = [
    ("x = 1.0", "x = 1.00"),
    ("x = -1", "x = - 1"),
    ("x = -(-1)", "x = 1"),
    ("x = +2", "x = 2"),
    ("import math, re\nx = math, re", "import math\nimport re\nx = math, re"),
    ("import math\nx = 1", "x = 1"),
    ("def f():\n    'doc'\n    pass\n    return 1", "def f():\n    return 1"),
    ("def f():\n    x: int = 1\n    return x", "def f():\n    y = 1\n    return y"),
    ("def f():\n    return [i for i in g(i)]", "def f():\n    return [j for j in g(i)]"),
    ("x = lambda a: a + 1", "x = lambda b: b + 1"),
    (
        "def f():\n    try:\n        g()\n    except E as e:\n        h(e)",
        "def f():\n    try:\n        g()\n    except E as x:\n        h(x)",
    ),
]
DIFFERENT = [
    ("x = 1", "x = 1.0"),
    ("x = 1", "x = True"),
    ("x = 0.0", "x = -0.0"),
    ("x = 1", "y = 1"),
    ("def f(x): return x", "def f(y): return y"),
    ("def f():\n    x = 1\n    return locals()", "def f():\n    y = 1\n    return locals()"),
    ("def f():\n    global x\n    x = 1", "def f():\n    global y\n    y = 1"),
    ("x = a.b", "x = a.c"),
    ("x = 'a'", "x = b'a'"),
    ("x = 1 < 2 < 3", "x = 1 < 2 <= 3"),
    ("from os import *\nx = 1", "x = 1"),
    ("import os\nx = 1", "x = 1"),
    ("def f():\n    x = 1\n    def g():\n        return x", "def f():\n    y = 1\n    def g():\n        return x"),
    ("class K:\n    x = 1", "class K:\n    y = 1"),
    ("def f(): return g(lambda a=1: a, a=2)", "def f(): return g(lambda b=1: b, a=2)"),
    ("def f(x: A): pass", "def f(x: B): pass"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_program(one, other):
    assert normal_hash(one) == normal_hash(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_another_program(one, other):
    assert normal_hash(one) != normal_hash(other)


def test_what_the_entry_does_not_need_is_dropped_only_when_an_entry_is_given():
    source = "SPARE = 3\ndef spare(x): return SPARE\ndef f(): return 1\n"
    assert normal_hash(source, entry=["f"]) == normal_hash("def f(): return 1\n", entry=["f"])
    assert normal_hash(source) != normal_hash("def f(): return 1\n")
    assert normal_form(parse(source), entry=["f"]) == "def f():\n    return 1"


@pytest.mark.parametrize(
    "rest",
    [
        "def f(): return eval('spare(1)')\n",
        "def f(): return spare(1)\n",
        "@spare\ndef f(): return 1\n",
        "def f():\n    global spare\n    return spare\n",
        "class f:\n    spare = spare\n",
    ],
)
def test_what_is_used_in_any_way_is_kept(rest):
    source = "def spare(x): return x\n" + rest
    assert "def spare" in normal_form(parse(source), entry=["f"])
