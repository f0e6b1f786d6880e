"""Planted bugs: small, real changes of the text, of all kinds, drawn by a seed alone."""

import ast
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shoal.labs import selfimprove
from shoal.labs.selfimprove._bugs import RULES, Places, Planted, planted
from shoal.labs.selfimprove._tasks import KINDS
from shoal.syntax import SourceError

from .examples import FILES


def drawn(files: dict[str, str], seed: int) -> Planted:
    found = planted(files, np.random.default_rng(seed))
    assert found is not None
    return found


def variants(text: str, kind: str) -> set[str]:
    """All programs that come of a text by one kind of bug."""
    places = Places({"a.py": text})
    rng = np.random.default_rng(0)
    found = set()
    while (bug := places.draw(kind, rng)) is not None:  # type: ignore[arg-type]
        found.add(bug.files["a.py"])
    return found


@settings(max_examples=40)
@given(st.integers(min_value=0, max_value=2**63))
def test_a_bug_is_one_small_change_of_one_file(seed: int) -> None:
    bug = drawn(FILES, seed)
    changed = [name for name in FILES if bug.files[name] != FILES[name]]
    assert changed == [bug.file] and bug.files.keys() == FILES.keys()
    before, after = FILES[bug.file], bug.files[bug.file]
    assert ast.dump(ast.parse(after)) != ast.dump(ast.parse(before))
    assert '"""' in after and ("# Too heavy" in after or bug.kind == "missed case" or bug.file == "limits.py")
    left, right = before.splitlines(), after.splitlines()
    assert sum((Counter(left) - Counter(right)).values()) <= 4
    assert sum((Counter(right) - Counter(left)).values()) <= 3
    assert 1 <= bug.line <= len(left) and bug.note


@settings(max_examples=40)
@given(st.integers(min_value=0, max_value=2**63))
def test_the_seed_decides(seed: int) -> None:
    assert drawn(FILES, seed) == drawn(dict(reversed(FILES.items())), seed)


def test_all_kinds_occur_evenly() -> None:
    rng = np.random.default_rng(3)
    kinds = Counter(found.kind for found in (planted(FILES, rng) for _ in range(240)) if found)
    assert sorted(kinds) == sorted(KINDS) == sorted(RULES)
    assert min(kinds.values()) > 15  # 30 each, drawn


def test_a_place_is_drawn_once() -> None:
    places = Places(FILES)
    rng = np.random.default_rng(0)
    found = []
    while (kinds := places.kinds) and (bug := places.draw(kinds[0], rng)):
        found.append((bug.kind, bug.line, bug.note, bug.files[bug.file]))
    assert len(found) > 100
    assert len(set(found)) == len(found)


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("boundary", "a = b <  c  # why\n", "a = b <=  c  # why\n"),
        ("boundary", "for x in range(n + 1): pass\n", "for x in range(n): pass\n"),
        ("boundary", "for x in range(0, n): pass\n", "for x in range(1, n): pass\n"),
        ("boundary", "a = b[i:j]\n", "a = b[i:j - 1]\n"),
        ("boundary", "a = b[:n if n else m]\n", "a = b[:(n if n else m) + 1]\n"),
        ("operator", "a = (b + c) // (d)\n", "a = (b + c) / (d)\n"),
        ("operator", "a -= b\n", "a += b\n"),
        ("operator", "a = b and (c or d)\n", "a = b or (c or d)\n"),
        ("operator", "a = not (b or c)\n", "a = (b or c)\n"),
        ("operator", "a = min(b, c)\n", "a = max(b, c)\n"),
        ("operator", "a = b.pop(0)\n", "a = b.pop()\n"),
        ("missed case", "for a in b:\n    if a:  # no\n        continue\n    f(a)\n", "for a in b:\n    f(a)\n"),
        ("missed case", "if a:\n    b()\nelif c:\n    d()\nelse:\n    e()\n", "if a:\n    b()\nelse:\n    e()\n"),
        (
            "missed case",
            "if a:\n    b()\nelif c:\n    d()\nelse:\n    e()\n",
            "if c:\n    d()\nelse:\n    e()\n",
        ),
        ("missed case", "a = b and (c or d) and e\n", "a = b and e\n"),
        ("missed case", "a = b and (c or d) and e\n", "a = (c or d) and e\n"),
        ("missed case", "a = [b for b in c if b if d]\n", "a = [b for b in c if d]\n"),
        ("missed case", "a = b if c is None else d\n", "a = b if not c else d\n"),
        ("missed case", "a = b.strip()\n", "a = b\n"),
        ("missed case", "a = max(0, b) * 2\n", "a = (b) * 2\n"),
        ("state leak", "def f(a):\n    b = []\n    return b\n", "def f(a, b=[]):\n    return b\n"),
        ("state leak", "def f():\n    b: set = set()\n    g(b)\n", "def f(b=set()):\n    g(b)\n"),
        (
            "state leak",
            "class A:\n    def __init__(self):\n        self.b: list = []\n        self.c = 1\n",
            "class A:\n    b = []\n\n    def __init__(self):\n        self.c = 1\n",
        ),
        (
            "state leak",
            "def f(a):\n    for b in a:\n        c = 0\n        g(b, c)\n",
            "def f(a):\n    c = 0\n    for b in a:\n        g(b, c)\n",
        ),
        (
            "state leak",
            "def f(a):\n    b = g()\n    for c in a:\n        h(b)\n        b = []\n",
            "def f(a):\n    b = g()\n    for c in a:\n        h(b)\n        b.clear()\n",
        ),
        ("state leak", "a = [[0] * n for _ in range(m)]\n", "a = [[0] * n] * (m)\n"),
        ("state leak", "a = {k: [] for k in b}\n", "a = dict.fromkeys(b, [])\n"),
        ("state leak", "a = b[:]\n", "a = b\n"),
        ("bad default", "def f(a, b=True): pass\n", "def f(a, b=False): pass\n"),
        ("bad default", "def f():\n    a = -1\n", "def f():\n    a = 0\n"),
        ("bad default", "a = b.get(c, 0)\n", "a = b.get(c)\n"),
        ("bad default", "LIMIT = 60\n", "LIMIT = 61\n"),
        ("off by one", "a = b[i - 1]\n", "a = b[i]\n"),
        ("off by one", "a = b[-1]\n", "a = b[-2]\n"),
        ("off by one", "a = (b + c) - 1\n", "a = (b + c)\n"),
        ("off by one", "a = b < 3\n", "a = b < 4\n"),
        ("off by one", "for a, b in enumerate(c, 1): pass\n", "for a, b in enumerate(c, 0): pass\n"),
        ("swapped arguments", "f(a, b + c)\n", "f(b + c, a)\n"),
        ("swapped arguments", "a = b - (c + d)\n", "a = (c + d) - b\n"),
        ("swapped arguments", "a = b + c - d\n", "a = d - (b + c)\n"),
        ("swapped arguments", "def f(a):\n    return a, 1\n", "def f(a):\n    return 1, a\n"),
    ],
)
def test_a_mistake_that_people_make(kind: str, before: str, after: str) -> None:
    assert after in variants(before, kind)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("def f(a: int, b: int, c: str):\n    return a + g(c)\n", {"b + g(c)"}),
        ("def f(a, b):\n    d = g()\n    return len(a)\n    e = 1\n", {"len(b)", "len(d)"}),
        (
            "def f(a, _):\n    return [b + a for b, c in a]\n",
            {f"[{pair} for b, c in a]" for pair in ("b + b", "b + c", "a + a", "c + a")},
        ),
        (
            "class A:\n    def f(self):\n        self.a(self.b, self.c)\n",
            {"self.a(self.c, self.c)", "self.a(self.b, self.b)"},
        ),
        ('def f(a):\n    return a["b"] + a["c"]\n', {'a["c"] + a["c"]', 'a["b"] + a["b"]'}),
    ],
)
def test_a_wrong_variable_is_one_that_could_be_meant(before: str, after: set[str]) -> None:
    found = variants(before, "wrong variable")
    lines = {line.strip().removeprefix("return ") for text in found for line in text.splitlines()}
    assert lines - {line.strip().removeprefix("return ") for line in before.splitlines()} == after


def test_what_no_test_sees_stays() -> None:
    text = 'def f(a: int, b: int):\n    """Doc."""\n    raise ValueError(f"{a + 1} of {b}", a + 1)\n'
    assert planted({"a.py": text}, np.random.default_rng(0)) is None
    assert planted({"notes.txt": "a = b + 1\n"}, np.random.default_rng(0)) is None


def test_text_beyond_ascii_and_long_lines_keep_their_places() -> None:
    text = 'def f(a, b):\n    é = "ü€"; x = a - b  # ö\n    return (a\n            + 1)\n'
    for kind in KINDS:
        for changed in variants(text, kind):
            assert '"ü€"' in changed and "# ö" in changed


def test_a_text_that_does_not_parse_is_refused() -> None:
    with pytest.raises(SourceError):
        planted({"a.py": "def"}, np.random.default_rng(0))


def test_the_rules_are_not_those_of_the_repairer() -> None:
    names = [path.stem for path in Path(selfimprove.__file__).parent.glob("_b*.py")]
    assert {"_bugs", "_bench", "_bug_rules"} <= set(names)
    code = f"import sys; [__import__('shoal.labs.selfimprove.' + name) for name in {names}]; print(*sys.modules)"
    environment = {"PYTHONPATH": str(Path(selfimprove.__file__).parents[3])}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert not [name for name in done.stdout.split() if name.startswith("shoal.propose")]
