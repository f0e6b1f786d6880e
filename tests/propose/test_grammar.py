"""The grammar's table, and the expressions that are drawn from it."""

import ast
import importlib.util
import json
import math
import platform
import sysconfig
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from shoal.propose._draft import Draft
from shoal.propose._generate import Maker
from shoal.propose._grammar import LEARNED, TABLE, GrammarError, counts, draw, load, probabilities
from shoal.propose._grammar_prior import LEARNED_AS, PRIOR
from shoal.syntax import read

ROOT = Path(__file__).parents[2]
DRAWS = 200


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("grammar_script", ROOT / "scripts" / "grammar.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_table_is_small_and_names_its_origin():
    held = json.loads(TABLE.read_text())
    assert set(held) == {"python", "files", "library", "sha256", "counts"}
    assert TABLE.stat().st_size < 60_000
    assert held["counts"] == load() == counts()


def test_a_changed_table_is_refused(tmp_path):
    held = json.loads(TABLE.read_text())
    held["counts"]["operators"]["return"]["+"] += 1
    other = tmp_path / "grammar.json"
    other.write_text(json.dumps(held))
    with pytest.raises(GrammarError, match=r"grammar\.json: the counts are not those of sha256"):
        load(other)


@pytest.mark.slow
def test_the_shipped_table_is_what_the_script_makes_of_this_interpreter(script):
    held = json.loads(TABLE.read_text())
    if held["python"] != platform.python_version():
        pytest.skip(f"learned from Python {held['python']}")
    made = script.learned(Path(sysconfig.get_path("stdlib")))
    if held["library"] != made["library"]:
        pytest.skip("this Python's library was patched by who distributes it")
    assert script.as_text(made) == TABLE.read_text()


def test_the_script_counts_productions_by_role(script, tmp_path):
    code = "def f(x):\n    y = x + 1\n    y *= 2\n    return x * y if x < 2 else '%d' % y\n"
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "skipped.py").write_text(code * 50)
    (tmp_path / "broken.py").write_text("def (")
    (tmp_path / "module.py").write_text("\n".join(code.replace("f(", f"f{k}(") for k in range(script.LEAST)))
    made = script.learned(tmp_path)
    found = made["counts"]
    assert made["files"] == 1
    assert found["operators"] == {"assign": {"+": 5}, "choice": {"*": 5}}
    assert found["augmented"] == {"statement": {"*": 5}}
    assert found["comparisons"] == {"test": {"<": 5}}
    assert found["constants"]["+ right"] == {"1": 5}
    assert found["productions"]["return"] == {"IfExp": 5}
    assert json.loads(script.as_text(made)) == made


def test_probabilities_mix_what_is_learned_with_the_prior():
    options = ("<", ">", "==")
    row = counts()["comparisons"]["test"]
    weights = PRIOR["comparisons"]
    for option, p in zip(options, probabilities("comparisons", "test", options), strict=True):
        seen = row[option] / sum(row[o] for o in options)
        believed = weights[option] / sum(weights[o] for o in options)
        assert p == pytest.approx(LEARNED * seen + (1 - LEARNED) * believed)


def test_productions_that_are_one_to_python_share_its_count():
    options = ("function", "extreme", "name")
    assert LEARNED_AS["productions"]["function"] == LEARNED_AS["productions"]["extreme"] == "Call"
    found = dict(zip(options, probabilities("productions", "return", options), strict=True))
    prior = PRIOR["productions"]
    assert found["function"] / found["extreme"] == pytest.approx(prior["function"] / prior["extreme"])


@pytest.mark.parametrize("table", sorted(PRIOR))
def test_every_table_gives_chances_anywhere(table):
    options = tuple(PRIOR[table])
    for role in ("return", "nowhere", "+ right"):
        found = probabilities(table, role, options)
        assert sum(found) == pytest.approx(1.0)
        assert all(p > 0 for p in found)


def test_every_learned_table_but_roles_is_used():
    assert set(counts()) <= set(PRIOR)
    assert set(PRIOR) - set(counts()) == {"reductions"}


def test_draws_follow_the_chances():
    rng = np.random.default_rng(4)
    options = tuple(PRIOR["operators"])
    drawn = Counter(draw(rng, "operators", "return", options) for _ in range(20_000))
    for option, p in zip(options, probabilities("operators", "return", options), strict=True):
        assert drawn[option] / 20_000 == pytest.approx(p, abs=4 * math.sqrt(p * (1 - p) / 20_000))


SOURCE = """
import math
import numpy as np

def f(item, flag, k, bins, sizes, cities, table, digits):
    return 0.5 * item + table[k, 0]
"""
NAMES = {
    "math": "module math",
    "np": "module numpy",
    "item": "number",
    "flag": "bool",
    "k": "int",
    "bins": "array",
    "sizes": "array",
    "other": "array",
    "cities": "int_array",
    "table": "matrix",
    "digits": "numbers",
}
LENGTHS = {
    "bins": ("n",),
    "sizes": ("n",),
    "other": ("m",),
    "cities": ("c",),
    "table": ("m", "m"),
    "digits": ("4",),
}


def scope():
    rng = np.random.default_rng(7)
    return {
        "math": math,
        "np": np,
        "item": 31.0,
        "flag": True,
        "k": 2,
        "bins": rng.integers(31, 100, 6).astype(float),
        "sizes": rng.random(6) + 1.0,
        "other": rng.random(9),
        "cities": np.array([1, 4, 5]),
        "table": rng.random((9, 9)) + np.eye(9),
        "digits": [2, 0, 1, 2],
    }


def made(kind, depth, seed, **more):
    draft = Draft(read(SOURCE), np.random.default_rng(seed), payload={})
    return Maker(draft, NAMES, LENGTHS).of(kind, depth, **more)


def value(text):
    with warnings.catch_warnings(action="ignore"):
        return eval(text, scope())


@pytest.mark.parametrize("depth", [0, 1, 3])
@pytest.mark.parametrize(
    ("kind", "axes", "shape", "letters"),
    [
        ("number", (), (), "biuf"),
        ("int", (), (), "iu"),
        ("bool", (), (), "b"),
        ("array", ("n",), (6,), "biuf"),
        ("array", ("m",), (9,), "biuf"),
        ("array", ("c",), (3,), "biuf"),
        ("int_array", ("c",), (3,), "iu"),
        ("mask", ("n",), (6,), "b"),
        ("mask", ("c",), (3,), "b"),
        ("matrix", ("m", "m"), (9, 9), "biuf"),
        ("matrix", ("c", "c"), (3, 3), "biuf"),
        ("matrix", ("n", "n"), (6, 6), "biuf"),
    ],
)
def test_expressions_have_the_type_and_shape_that_was_asked_for(kind, axes, shape, letters, depth):
    good = finite = 0
    for seed in range(DRAWS):
        piece = made(kind, depth, seed, axes=axes)
        assert piece is not None
        ast.parse(piece.text, mode="eval")
        try:
            got = np.asarray(value(piece.text))
        except (ArithmeticError, IndexError, ValueError, TypeError):
            continue
        good += got.shape == shape and got.dtype.kind in letters
        finite += got.dtype.kind == "b" or bool(np.isfinite(got).all())
    assert good >= 0.97 * DRAWS
    assert finite >= 0.95 * DRAWS


def test_lists_of_numbers_stay_lists_of_numbers():
    texts = [made("numbers", 1, seed).text for seed in range(DRAWS)]
    values = [value(text) for text in texts]
    assert all(isinstance(v, list) and all(np.isscalar(x) for x in v) for v in values)
    assert len(set(texts)) > 30


def test_what_nothing_in_scope_can_give_is_not_made():
    draft = Draft(read(SOURCE), np.random.default_rng(0), payload={})
    maker = Maker(draft, {"x": "number"})
    assert maker.of("array") is maker.of("matrix") is maker.of("numbers") is None
    assert made("array", 1, 0, axes=("elsewhere",)) is None


def test_a_full_expression_is_more_than_a_name_or_a_number():
    texts = [made("number", 2, seed, full=True).text for seed in range(DRAWS)]
    assert not any(text in NAMES or text.lstrip("-").replace(".", "").isdigit() for text in texts)


def test_sizes_fall_off_geometrically():
    sizes = Counter(len(list(ast.walk(ast.parse(made("number", 6, s).text, mode="eval")))) // 8 for s in range(1000))
    assert sizes[0] > sizes[1] > sizes[2] > sizes[4] > 0
    assert max(sizes) < 60


def test_operands_stay_in_parentheses_where_they_must():
    for seed in range(DRAWS):
        piece = made("number", 3, seed)
        alone = ast.parse(f"{piece.operand()} * 2", mode="eval").body
        assert isinstance(alone, ast.BinOp) and ast.dump(alone.left) == ast.dump(
            ast.parse(piece.text, mode="eval").body
        )
