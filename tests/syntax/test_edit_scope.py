"""What stays within a region and what reaches out of it."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.syntax import Program, SourceError, check_scope

TASK = '''"""A task."""
import math
import numpy as np

TABLE = [1, 2]


def frozen(x):
    return len(TABLE) + math.sqrt(x)


# shoal: begin
LOCAL = {}


def step(x, size=0.5):
    return frozen(x) + size


# shoal: end
LIMIT = 3


def main(x):
    return step(x) + LIMIT
'''
NAMES = ("step", "LOCAL")


def judged(child: str, parent: str = TASK, *, select: str | tuple[str, ...] = "marked") -> None:
    check_scope(Program(child, select=select, entry=("main",)), Program(parent, select=select, entry=("main",)))


def added(text: str) -> str:
    """The task with a text put into its region."""
    return TASK.replace("LOCAL = {}\n", f"LOCAL = {{}}\n{text}\n")


@pytest.mark.parametrize(
    "text",
    [
        "extra = 2",
        "import math",
        "import random\nfrom itertools import chain",
        "def other():\n    frozen = 1\n    len = 2\n    return frozen + len",
        "def other(np, TABLE):\n    np.x = 1\n    TABLE[0] = 2",
        "y = [0 for np in []]\nz = lambda: (frozen := 1)",
        "class Other:\n    frozen = 1\n    x = {}\n    x['a'] = 1\n    def m(self):\n        self.y = 1",
        "def other():\n    y = np.zeros(3)\n    y[0] = 1\n    y.fill(2)\n    return np.append(y, 1)",
        "def other(TABLE):\n    t = TABLE\n    t[0] = 1\n    t.append(2)",
        "def other():\n    t = TABLE.copy()\n    t[0] = 1\n    np.random.shuffle(t)\n    u = math.pi\n    u += 1",
        "LOCAL[1] = 2\nLOCAL.update(a=1)",
        "max = min",
        "word = 'eval'",
    ],
)
def test_what_a_region_does_to_itself_is_its_own_business(text):
    judged(added(text))


REACHING = {
    "frozen = 1": "binds frozen",
    "def main(x): pass": "binds main",
    "async def frozen(): pass": "binds frozen",
    "class TABLE: pass": "binds TABLE",
    "import os as math": "binds math",
    "from os import path as frozen": "binds frozen",
    "import frozen.inner": "binds frozen",
    "for LIMIT in (): pass": "binds LIMIT",
    "with open('x') as frozen: pass": "binds frozen",
    "try:\n    pass\nexcept OSError as frozen:\n    pass": "binds frozen",
    "match 1:\n    case [*frozen]:\n        pass": "binds frozen",
    "match 1:\n    case {**frozen}:\n        pass": "binds frozen",
    "match 1:\n    case int() as frozen:\n        pass": "binds frozen",
    "del frozen": "binds frozen",
    "LIMIT += 1": "binds LIMIT",
    "LIMIT: int": "binds LIMIT",
    "(a, (LIMIT, *b)) = 1, (2, 3)": "binds LIMIT",
    "*frozen, a = 1, 2": "binds frozen",
    "if (frozen := 1): pass": "binds frozen",
    "y = [frozen := 1 for _ in 'a']": "binds frozen",
    "def other(a=(frozen := 1)): pass": "binds frozen",
    "@(frozen := abs)\ndef other(): pass": "binds frozen",
    "def other():\n    global frozen\n    frozen = 1": "binds frozen",
    "def other():\n    def inner():\n        global frozen\n        def frozen(): pass": "binds frozen",
    "class Other:\n    global frozen\n    frozen = 1": "binds frozen",
    "len = abs": "binds len, a name of Python",
    "__name__ = 'x'": "a meaning for Python",
    "def __getattr__(name): pass": "a meaning for Python",
    "import math\nmath = abs": "binds math",
    "frozen.__code__ = None": "changes frozen",
    "frozen.note = 1": "changes frozen",
    "math.sqrt = abs": "changes math",
    "np.linalg.norm = abs": "changes np",
    "del math.sqrt": "changes math",
    "math.pi += 1": "changes math",
    "for math.sqrt in [abs]: pass": "changes math",
    "y = [0 for np.sum in [1]]": "changes np",
    "(np if 1 else 0).sum = abs": "changes np",
    "[np][0].sum = abs": "changes np",
    "def other():\n    import math as m\n    m.sqrt = abs": "changes m ",
    "setattr(math, 'sqrt', abs)": "changes math",
    "delattr(np, 'sum')": "changes np",
    "object.__setattr__(math, 'sqrt', abs)": "changes math",
    "math.__dict__['sqrt'] = abs": "changes math",
    "TABLE[0] = 5": "changes TABLE",
    "def other():\n    TABLE.append(3)": "changes TABLE",
    "m = math\nm.sqrt = abs": "changes math",
    "m, n = math, TABLE\nn[0] = 1": "changes TABLE",
    "for m in (math, np):\n    m.sqrt = abs": "changes (math|np)",
    "def other(m=math):\n    m.sqrt = abs": "changes math",
    "def other():\n    t = u = TABLE\n    u[0] = 1": "changes TABLE",
    "if (t := TABLE):\n    t.sort()": "changes TABLE",
    "@TABLE.append\ndef other(): pass": "changes TABLE",
    "add = TABLE.append": "changes TABLE",
    "list.append(TABLE, 3)": "changes TABLE",
    "import random\nrandom.shuffle(TABLE)": "changes TABLE",
    "np.add(TABLE, 1, out=TABLE)": "changes TABLE",
    "for k, t in enumerate([TABLE]):\n    t.append(k)": "changes TABLE",
    "def other():\n    t = TABLE\n    u = t or LOCAL\n    del u[0]": "changes TABLE",
    "class Other:\n    m = math\n    m.sqrt = abs": "changes math",
    "print.__self__.len = abs": "changes print",
    "import operator\noperator.attrgetter('__code__.co_consts')": "with __code__",
    "def other():\n    return s.modules\nimport sys as s": "with modules",
    "import unittest.mock": "with import unittest.mock",
    "set_it = setattr": "reaches around its scope with setattr",
    "globals()['frozen'] = 1": "with globals",
    "vars()['frozen'] = 1": "with vars",
    "exec('frozen = 1')": "with exec",
    "def other():\n    return frozen.__globals__": "with __globals__",
    "getattr(frozen, '__globals__')": "with __globals__",
    "import builtins": "with import builtins",
    "__builtins__.len = abs": "__builtins__",
    "import sys\nsys.modules['m'] = 1": "changes sys",
    "from sys import modules": "with modules",
    "from os import *": "with from os import",
    "from __future__ import annotations": "with from __future__",
    "import sys\nsys.exit()": "ends the program at its top level with exit",
    "import os\nos._exit(0)": "with _exit",
    "raise SystemExit": "with raise",
    "if LOCAL:\n    raise ValueError": "with raise",
}


@pytest.mark.parametrize("text", REACHING)
def test_a_region_that_reaches_out_is_refused_with_the_reason(text):
    with pytest.raises(SourceError, match=REACHING[text]) as caught:
        judged(added(text))
    assert caught.value.line is not None
    assert 12 <= caught.value.line <= 12 + text.count("\n") + 3
    judged(added(text), added(text))  # what the parent's region does, the child's may do


FROZEN = "was changed"
TAMPERED: dict[str, tuple[Callable[[str], str], str]] = {
    "a changed statement": (lambda t: t.replace("math.sqrt(x)", "math.sqrt(x) + 1"), FROZEN),
    "a statement gone": (lambda t: t.replace("TABLE = [1, 2]\n", ""), FROZEN),
    "a statement more": (lambda t: t.replace("LIMIT = 3", "LIMIT = 3\nprint(LIMIT)"), "is no part of a region"),
    "a statement on the same line": (lambda t: t.replace("LIMIT = 3", "LIMIT = 3; LIMIT = 4"), "no part of a region"),
    "another order": (
        lambda t: t.replace("import math\nimport numpy as np", "import numpy as np\nimport math"),
        FROZEN,
    ),
    "a decorator": (lambda t: t.replace("def main", "@step\ndef main"), FROZEN),
    "a decorator in the region": (
        lambda t: t.replace("# shoal: end", "@step\n# shoal: end"),
        "syntax",
    ),
    "a default": (lambda t: t.replace("def frozen(x)", "def frozen(x=1)"), FROZEN),
    "a region that begins earlier": (
        lambda t: t.replace("# shoal: begin\n", "").replace("def frozen", "# shoal: begin\ndef frozen"),
        "is not there",
    ),
    "a region that ends later": (
        lambda t: t.replace("# shoal: end\n", "") + "# shoal: end\n",
        "is not there|parameters",
    ),
    "a region elsewhere": (
        lambda t: t.replace("LIMIT = 3\n", "").replace("# shoal: begin\n", "LIMIT = 3\n# shoal: begin\n"),
        "was moved",
    ),
    "a second region": (lambda t: t + "# shoal: begin\n# shoal: end\n", "2 marked regions and must have 1"),
    "a region in two": (lambda t: t.replace("def step", "# shoal: end\n# shoal: begin\ndef step"), "2 marked regions"),
    "nested marks": (lambda t: t.replace("LOCAL", "# shoal: begin\nLOCAL"), "begins twice"),
    "no marks": (lambda t: t.replace("# shoal: begin\n", "").replace("# shoal: end\n", ""), "no line reads"),
    "marks the other way round": (
        lambda t: t.replace("begin", "x").replace("end", "begin").replace("# shoal: x", "# shoal: end"),
        "did not begin",
    ),
    "an end in a string": (lambda t: t.replace("# shoal: end", "T = '''\n# shoal: end\n'''"), "does not end"),
    "a text like a mark": (
        lambda t: t.replace("LOCAL", "T = '''\n# shoal: end\n'''\nLOCAL"),
        "a line of a string looks",
    ),
    "an end in a function": (
        lambda t: t.replace("    return frozen(x) + size\n", "    # shoal: end\n    return frozen(x) + size\n"),
        "ends that did not begin",
    ),
    "an entry gone": (lambda t: t.replace("def main", "def other"), "main must stay"),
    "an entry with other parameters": (lambda t: t.replace("def main(x)", "def main(x, y=1)"), "main must keep"),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_tampering_with_the_frozen_part_or_the_marks_is_refused(how):
    change, message = TAMPERED[how]
    assert change(TASK) != TASK
    with pytest.raises(SourceError, match=message):
        judged(change(TASK))


def test_formatting_and_the_other_spelling_of_marks_are_no_change():
    judged(TASK.replace("    return len(TABLE)", "    'why'\n    # so\n    return  len( TABLE )"))
    judged(TASK.replace("# shoal: begin", "# EVOLVE-BLOCK-START").replace("# shoal: end", "# EVOLVE-BLOCK-END"))
    judged(TASK.replace("\n", "\r\n"))
    judged(TASK.replace('"""A task."""\n', ""))
    judged(TASK.replace("TABLE =", "'more'\nTABLE ="))
    judged(TASK.replace("import math\nimport numpy as np", "import math, numpy as np"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.replace("LOCAL = {}\n", "").replace("LIMIT = 3\n", "LIMIT = 3\nLOCAL = {}\n"), "LOCAL was moved"),
        (lambda t: t + "\n\ndef step(x):\n    return 0\n", "step was moved"),
        (lambda t: t.replace("LOCAL = {}", "LOCAL = (frozen := 1)"), "binds frozen"),
        (lambda t: t.replace("LOCAL = {}", "(LOCAL, (frozen, _)) = 1, (2, 3)"), "binds frozen"),
        (lambda t: t.replace("LOCAL = {}", "LOCAL, math.sqrt = {}, abs"), "changes math"),
        (lambda t: t.replace("LOCAL = {}", "LOCAL = other = {}"), "names LOCAL|changed"),
    ],
)
def test_a_region_given_by_names_is_held_the_same_way(change, message):
    judged(TASK.replace("+ size", "* size"), select=NAMES)
    assert change(TASK) != TASK
    with pytest.raises(SourceError, match=message):
        judged(change(TASK), select=NAMES)


def test_where_all_may_change_only_the_entries_are_held():
    judged("def main(x):\n    return 1\n", select="all")
    tuned = "def main(x, k=0.7):\n    return k\n"
    judged(tuned, tuned.replace("0.7", "0.5"), select="all")
    with pytest.raises(SourceError, match="parameters"):
        judged("def main(y):\n    return 1\n", select="all")


# -- random programs --------------------------------------------------------------------------------------------------

STATEMENTS = (
    "A{n} = {v}",
    "def f{n}(x):\n    return x * {v}",
    "class K{n}:\n    size = {v}",
    "import math as m{n}",
    "B{n}, C{n} = {v}, [1, 2]",
    "if A0:\n    D{n} = {v}",
)
INSIDE = ("y{n} = {v}", "def g{n}(x):\n    A0 = x\n    return A0 + {v}", "z{n} = [k for k in range({v})]")
statements = st.tuples(st.sampled_from(STATEMENTS), st.integers(0, 99))
inside = st.tuples(st.sampled_from(INSIDE), st.integers(0, 99))


@st.composite
def programs(draw: st.DrawFn) -> tuple[list[str], list[str], list[str]]:
    """Frozen statements before, those of the region, and frozen ones after."""
    before, after = draw(st.lists(statements, max_size=5)), draw(st.lists(statements, max_size=5))
    frozen = [one.format(n=n, v=v) for n, (one, v) in enumerate([*before, *after], start=1)]
    return ["A0 = 1", *frozen[: len(before)]], _bodies(draw(st.lists(inside, max_size=4))), frozen[len(before) :]


def _bodies(drawn: list[tuple[str, int]]) -> list[str]:
    return [one.format(n=n, v=v) for n, (one, v) in enumerate(drawn)]


def _joined(before: list[str], region: list[str], after: list[str]) -> str:
    return (
        "\n".join([*before, "# shoal: begin", *region, "# shoal: end", *after, "def main(x):", "    return x"]) + "\n"
    )


@given(programs(), st.lists(inside, max_size=5))
def test_any_change_within_the_region_passes(program, region):
    before, _, after = program
    judged(_joined(before, _bodies(region), after), _joined(*program))


TAMPERS: list[Callable[[list[str], list[str], list[str]], str]] = [
    lambda b, r, a: _joined(b[:-1], r, a),
    lambda b, r, a: _joined([*b, "print(1)"], r, a),
    lambda b, r, a: _joined([b[0].replace("1", "2"), *b[1:]], r, a),
    lambda b, r, a: _joined(b[:-1], [b[-1], *r], a),
    lambda b, r, a: _joined([*b, *a[:1]], r, a[1:]) if a else _joined([*b, "Z = 1"], r, a),
    lambda b, r, a: _joined(b, [*r, "A0 = 3"], a),
    lambda b, r, a: _joined(b, [*r, "def late():\n    global A0\n    A0 = 3"], a),
    lambda b, r, a: _joined(b, [*r, "main = abs"], a),
    lambda b, r, a: _joined(b, [*r, "main.__code__ = None"], a),
    lambda b, r, a: _joined(b, [*r, "raise SystemExit"], a),
    lambda b, r, a: _joined(b, [*r, "# shoal: end", "# shoal: begin"], a),
    lambda b, r, a: _joined(b, [*r, "# shoal: end", "W = 1", "# shoal: begin"], a),
    lambda b, r, a: _joined(b, [*r, "exec('A0 = 3')"], a),
]


@given(programs(), st.sampled_from(TAMPERS))
def test_every_way_of_tampering_is_refused_on_any_program(program, tamper):
    with pytest.raises(SourceError):
        judged(tamper(*program), _joined(*program))
