"""What holds for every edit by every operator, on every program."""

import ast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.propose._edit import OPERATORS, REWRITES, TEMPLATES, edit
from shoal.syntax import frozen_hash, normal_hash, parse

DRAWS = 12
PLAIN = [o for o in OPERATORS.values() if o.needs != "payload" and o.family not in (REWRITES, *TEMPLATES)]
FREE = sorted([o.name for o in PLAIN] + ["any", "independent"])
NEED_ROWS = {"relocate", "swap_rows"}


def generator(*seed):
    return np.random.Generator(np.random.Philox(np.random.SeedSequence(seed)))


def donors_of(request, operator):
    kind = {"crossover_numbers": "jitter", "crossover": "independent", "retune": "reset_number"}.get(operator)
    if kind is None:
        return []
    made = [edit({**request, "operator": kind, "donors": []}, generator(99, k)) for k in range(3)]
    return [one["source"] for one in made if "source" in one]


@pytest.mark.parametrize("operator", FREE)
def test_every_edit_keeps_its_promises(program, operator):
    request = {**program, "operator": operator, "donors": donors_of(program, operator)}
    select = program["select"] if isinstance(program["select"], str) else tuple(program["select"])
    parent = normal_hash(program["source"], entry=program["entry"])
    frozen = frozen_hash(program["source"], select)
    made = 0
    for draw in range(DRAWS):
        reply = edit(request, generator(draw))
        if "failed" in reply:
            assert isinstance(reply["failed"], str)
            continue
        made += 1
        tree = parse(reply["source"])
        compile(reply["source"], "child", "exec", dont_inherit=True)
        assert reply["normal"] == normal_hash(reply["source"], entry=program["entry"]) != parent
        assert normal_hash(ast.unparse(tree), entry=program["entry"]) == reply["normal"]
        assert frozen_hash(reply["source"], select) == frozen
        assert parameters(tree, program["entry"][0]) == parameters(parse(program["source"]), program["entry"][0])
        assert 0 < len(reply["note"]) < 2000
        assert {"shape", "size", "literals"} <= reply["details"].keys()
        assert edit(request, generator(draw)) == reply
    nothing_to_do = operator in NEED_ROWS or operator in ("insert", "assign", "narrow", "curve")
    assert made >= DRAWS * 2 // 3 or nothing_to_do


def parameters(tree, name):
    return next(ast.dump(s.args) for s in tree.body if isinstance(s, ast.FunctionDef) and s.name == name)


@given(st.integers(0, 10_000), st.sampled_from(FREE))
def test_long_chains_of_edits_stay_programs(seed, operator):
    source = "def f(x):\n    y = [0.5, 1.5]\n    for k in range(3):\n        x = x + y[0] * k\n    return x - 1\n"
    donor = source
    for step in range(8):
        request = {"operator": operator, "source": source, "entry": ["f"], "donors": [donor]}
        reply = edit(request, generator(seed, step))
        if "failed" in reply:
            reply = edit({**request, "operator": "any"}, generator(seed, step))
        if len(reply.get("source", "")) < 20_000:
            donor, source = source, reply.get("source", source)
    compile(source, "child", "exec", dont_inherit=True)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"operator": "sing"}, "no operator 'sing'"),
        ({"operator": 3}, "both text"),
        ({"source": "def f(:"}, "line 1"),
        ({"source": "x = 1\n"}, "does not define f"),
        ({"select": ["g"]}, "names g"),
        ({"select": 5}, "select must be a list"),
        ({"donors": [1]}, "donors must be a list"),
        ({"payload": [1]}, "payload must be a table"),
        ({"payload": {"sigma": "big"}}, "sigma is 'big'"),
        ({"payload": {"sigma": float("nan")}}, "sigma is nan"),
        ({"operator": "values"}, "values must be a list"),
        ({"operator": "values", "payload": {"values": [1.0, 2.0]}}, "2 values for 1"),
        ({"operator": "values", "payload": {"values": [1.0], "sites": [4]}}, "sites must be"),
        ({"operator": "values", "payload": {"values": [float("inf")], "sites": [0]}}, "not a finite number"),
        ({"operator": "crossover"}, "no donor"),
        ({"operator": "crossover", "donors": ["def ("]}, "no donor"),
        ({"operator": "crossover_numbers", "donors": ["def f(): return 1 + 2\n"]}, "as many numbers"),
        ({"source": "def f(): pass\n"}, "no number"),
        ({"operator": "relocate"}, "no row"),
        ({"operator": "any", "source": "def f(): pass\n"}, "no operator can work"),
    ],
)
def test_a_request_that_cannot_be_met_says_why(change, reason):
    request = {"operator": "jitter", "source": "def f(): return 1\n", "entry": ["f"], **change}
    assert reason in edit(request, generator(1))["failed"]


def test_an_edit_that_would_use_an_undefined_name_is_refused():
    donor = "def helper(x): return x * 3 + x\n\ndef f(x): return helper(x) + 1\n"
    request = {"operator": "crossover", "source": "def f(x): return x + 2\n", "entry": ["f"], "donors": [donor]}
    sources = [edit(request, generator(k)).get("source", "") for k in range(30)]
    assert any(sources)
    assert not any("helper" in source for source in sources)


def test_only_the_region_changes(sources):
    request = {"operator": "any", "source": sources["integral"], "entry": ["integrate"], "select": "marked"}
    before, after = sources["integral"].split("# shoal: begin")[0], sources["integral"].split("# shoal: end")[1]
    for draw in range(40):
        source = edit(request, generator(draw))["source"]
        assert source.startswith(before)
        assert source.endswith(after)


def test_no_edit_makes_the_region_change_frozen_data():
    frozen = "import heapq\nTABLE = [3, 1]\nOTHER = [2]\n"
    body = (
        "queue = [x]",
        "rows = [OTHER, TABLE]",
        "heapq.heappush(queue, len(TABLE))",
        "heapq.heapify(queue)",
        "return queue[0] + len(rows)",
    )
    region = "def f(x):\n" + "".join(f"    {line}\n" for line in body)
    source = f"{frozen}# shoal: begin\n{region}# shoal: end\n"
    request = {"source": source, "entry": ["f"], "select": "marked"}
    for operator in ("replace", "hoist", "shrink", "move", "duplicate", "crossover"):
        for draw in range(40):
            made = edit({**request, "operator": operator, "donors": [source]}, generator(draw))
            text = made.get("source", "")
            assert "heappush(TABLE" not in text and "heapify(TABLE" not in text
            assert "heappush(OTHER" not in text and "heapify(OTHER" not in text


def test_comments_and_formatting_survive(sources):
    request = {"operator": "grow", "source": sources["circles"], "entry": ["pack"]}
    source = edit(request, generator(3))["source"]
    assert "# A few units of rounding less than contact" in source


def test_independent_edits_start_from_what_they_are_given(sources):
    request = {"operator": "independent", "source": sources["curve"], "entry": ["curve"]}
    notes = [edit(request, generator(k))["note"].count(";") for k in range(40)]
    assert min(notes) == 0
    assert 2 <= max(notes) <= 20


def test_the_minimum_of_a_number_gets_a_limit_counted_in_the_order_of_the_text_and_again() -> None:
    source = "def f(x, y):\n    return max(x, min(y, 2), key=abs) + min(max(x, 3), y)\n"
    request = {"operator": "bound", "source": source, "select": "all", "entry": ["f"]}
    made = [edit({**request, "payload": {"number": number}}, generator(number)) for number in range(4)]
    assert "min(y, 2, 1.0)" in made[0]["source"]
    assert "min(max(x, 3), y, 1.0)" in made[1]["source"]
    assert "max(x, 3, 1.0)" in made[2]["source"]
    assert made[3]["source"] == made[0]["source"]
    none = edit({**request, "source": "def f(x, y):\n    return x\n", "payload": {"number": 0}}, generator(0))
    assert "no minimum or maximum" in none["failed"]
