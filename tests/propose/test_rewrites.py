"""Rewrites that make slow code fast: what they make of it, that it does the same, and where they stay away."""

import ast
import copy
import math
import random
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.propose._edit import OPERATORS, REWRITES, edit
from shoal.syntax import parse

from .rewritten_programs import AFTER
from .slow_inputs import Slow
from .slow_programs import SLOW
from .templates import parameters
from .untouched_programs import UNTOUCHED

NAMES = sorted(operator.name for operator in OPERATORS.values() if operator.family == REWRITES)
DRAWS = 12
ODD = "ODD = {  'a':1 }   # kept as it is\n\n\n"
TAIL = "\n\ndef tail( x ):   # kept too\n  return [ x,ODD ]\n"


def generator(*seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(np.random.SeedSequence(seed)))


def source_of(slow: Slow) -> str:
    return slow.source.lstrip("\n")


def ask(
    operator: str, source: str, entry: str = "f", seed: int = 1, select: Any = None, **payload: Any
) -> dict[str, Any]:
    select = [entry] if select is None else select
    request = {"operator": operator, "source": source, "entry": [entry], "select": select, "payload": payload}
    return edit(request, generator(seed))


def proposals(operator: str, name: str, source: str | None = None, draws: int = DRAWS) -> list[str]:
    """The different programs that an operator makes of a slow function."""
    slow = SLOW[name]
    text = source_of(slow) if source is None else source
    made = (ask(operator, text, name, seed, [name, *slow.select]) for seed in range(draws))
    return list(dict.fromkeys(one["source"] for one in made if "source" in one))


def run(source: str, entry: str, arguments: tuple[Any, ...]) -> Any:
    names: dict[str, Any] = {"__name__": "candidate"}
    exec(compile(source, "candidate", "exec"), names)
    return names[entry](*copy.deepcopy(arguments))


def same(one: Any, other: Any) -> bool:
    """Equal in type and value; floats as far as adding up in another order leaves them."""
    if type(one) is not type(other):
        return False
    if isinstance(one, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    return bool(one == other)


# -- what they make --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(SLOW))
def test_a_slow_spot_is_mended_to_the_letter(name):
    assert AFTER[name].lstrip("\n") in proposals(SLOW[name].cures[0], name)


def test_every_rewrite_mends_one_of_the_slow_functions():
    assert {cure for slow in SLOW.values() for cure in slow.cures} | {"local_binding"} == set(NAMES)


@pytest.mark.parametrize("name", sorted(SLOW))
def test_a_mended_function_gives_the_same(name):
    for number in range(40):
        arguments = SLOW[name].arguments(random.Random(number))
        assert same(run(AFTER[name], name, arguments), run(SLOW[name].source, name, arguments))


@pytest.mark.parametrize("name", sorted(SLOW))
def test_the_rest_of_a_file_stays_byte_for_byte(name):
    first, text = ODD, source_of(SLOW[name])
    for source in proposals(SLOW[name].cures[0], name, first + text + TAIL):
        assert source.startswith(first) and source.endswith(TAIL)


@pytest.mark.parametrize("name", sorted(SLOW))
def test_comments_stay(name):
    text = re.sub(r"\n(    .*[^:,(\n])(?=\n)", r"\n\1  # \1", source_of(SLOW[name]).replace('"""', "#"))
    text = re.sub(r"^ +#.*\n", "", text, flags=re.MULTILINE)
    comments = re.findall(r"#.*", text)
    for operator in NAMES:
        for source in proposals(operator, name, text, 1):
            assert sorted(re.findall(r"#.*", source)) == sorted(comments)


@pytest.mark.parametrize("name", sorted(SLOW))
def test_whatever_is_proposed_for_a_program_gives_the_same(name):
    slow = SLOW[name]
    inputs = [slow.arguments(random.Random(number)) for number in range(12)]
    wanted = [run(slow.source, name, arguments) for arguments in inputs]
    for operator in NAMES:
        for source in proposals(operator, name, draws=2):
            assert all(same(run(source, name, given), want) for given, want in zip(inputs, wanted, strict=True)), source


@given(st.sampled_from(sorted(SLOW)), st.sampled_from(NAMES), st.integers(0, 10_000))
def test_every_rewrite_of_every_program_gives_the_same(name, operator, seed):
    slow = SLOW[name]
    made = ask(operator, source_of(slow), name, seed, [name, *slow.select])
    if "source" not in made:
        assert isinstance(made["failed"], str)
        return
    parse(made["source"])
    assert parameters(made["source"], name) == parameters(slow.source, name)
    arguments = slow.arguments(random.Random(seed))
    assert same(run(made["source"], name, arguments), run(slow.source, name, arguments))


def possible(source: str, name: str) -> list[str]:
    """The rewrites that can work on a program."""
    return [one for one in NAMES if proposals(one, name, source, 1)]


@pytest.mark.parametrize("name", sorted(SLOW))
def test_three_rewrites_in_a_row_give_the_same(name):
    for chain in range(2):
        rng, source = generator(chain), source_of(SLOW[name])
        for _ in range(3):
            options = possible(source, name)
            source = proposals(options[int(rng.integers(len(options)))], name, source, 1)[0] if options else source
        arguments = SLOW[name].arguments(random.Random(chain))
        assert same(run(source, name, arguments), run(SLOW[name].source, name, arguments)), source


@pytest.mark.parametrize("name", sorted(SLOW))
def test_the_cures_are_among_fifty_draws_one_after_the_other(name):
    slow, source = SLOW[name], source_of(SLOW[name])
    for cure in slow.cures[:3]:
        rng, options = generator(7), possible(source, name)
        drawn = (options[int(rng.integers(len(options)))] for _ in range(50))
        place = next((k for k, operator in enumerate(drawn) if operator == cure), None)
        assert place is not None, f"{cure} was not drawn for {name}"
        source = ask(cure, source, name, place, [name, *slow.select])["source"]
    for number in range(10):
        arguments = slow.arguments(random.Random(number))
        assert same(run(source, name, arguments), run(slow.source, name, arguments)), source


# -- where they stay away ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("operator", "source"), [(name, text) for name, texts in UNTOUCHED.items() for text in texts])
def test_what_does_not_fit_is_left_alone(operator, source):
    source = source.lstrip("\n")
    helper = "def g(x):\n    return x\n\n\n" if "g(" in source and "def g(" not in source else ""
    select = ["f", "g"] if "def g(" in f"{helper}{source}" and "    def g(" not in source else ["f"]
    made = ask(operator, helper + source, select=select)
    assert "failed" in made, made["source"]
    assert "deeply" not in made["failed"]  # it was looked at to the end


@pytest.mark.parametrize("name", sorted(SLOW))
def test_conditions_that_are_written_otherwise_are_looked_at_to_the_end(name):
    """One rewrite that fails on a program would take all others along."""

    class Deny(ast.NodeTransformer):
        def visit_If(self, node: ast.If) -> ast.AST:
            node.test = ast.UnaryOp(ast.Not(), node.test)
            return self.generic_visit(node)

    text = ast.unparse(ast.fix_missing_locations(Deny().visit(ast.parse(source_of(SLOW[name])))))
    made = ask("any_rewrite", f"{text}\n", name, select=[name, *SLOW[name].select], number=1)
    assert "deeply" not in made.get("failed", "")


def test_every_rewrite_has_a_place_where_it_stays_away():
    assert UNTOUCHED.keys() == set(NAMES)


# -- names, imports, regions -------------------------------------------------------------------------------------------


def test_names_that_are_taken_are_avoided():
    source = "def f(a, b):\n    b_set = 3\n    return [x for x in a if x in b], b_set\n"
    made = ask("set_membership", source)["source"]
    assert made == (
        "def f(a, b):\n    b_set = 3\n    b_set_2 = set(b)\n    return [x for x in a if x in b_set_2], b_set\n"
    )


def test_an_import_that_is_there_is_used_and_a_name_that_hides_it_is_not():
    body = "def f(a):\n    return [a.count(x) for x in a]\n"
    made = ask("count_once", f"import collections as c\n\n\n{body}")["source"]
    assert "    a_counts = c.Counter(a)\n" in made and "import collections\n" not in made
    hidden = "import collections as c\n\n\ndef f(a, c):\n    return [a.count(x) for x in a], c\n"
    made = ask("count_once", hidden)["source"]
    assert "    import collections\n\n    a_counts = collections.Counter(a)\n" in made
    taken = "def f(a, collections):\n    return [a.count(x) for x in a], collections\n"
    assert "    import collections as collections_2\n" in ask("count_once", taken)["source"]


def test_an_import_goes_to_the_top_where_all_may_change():
    source = '"""Doc."""\n\nimport math\n\n\ndef f(a):\n    return [a.count(math.floor(x)) for x in a]\n'
    made = ask("count_once", source, select="all")["source"]
    assert made.startswith('"""Doc."""\n\nimport math\nimport collections\n\n\ndef f(a):\n    a_counts = ')


def test_a_line_goes_before_the_comment_of_its_loop_and_before_the_if_of_an_elif():
    source = (
        "def f(a, b, c):\n    # look for each\n    # of them\n    for x in a:\n        if c:\n            pass\n"
        "        elif [y for y in c if y in b]:\n            return x\n    return None\n"
    )
    made = ask("set_membership", source)["source"]
    assert made.startswith("def f(a, b, c):\n    b_set = set(b)\n    # look for each\n    # of them\n    for x in a:\n")


def test_what_is_counted_is_counted_again_after_its_rows_have_changed():
    source = (
        "def f(rows, names):\n    while names:\n        found = []\n        for name in names:\n"
        "            found.append(len([row for row in rows if row and row[0] == name]))\n"
        "        last = names[found.index(min(found))]\n        names.remove(last)\n        for row in rows:\n"
        "            if last in row:\n                row.remove(last)\n    return last\n"
    )
    made = ask("count_scan", source)["source"]
    assert "        rows_counts = collections.Counter(row[0] for row in rows if row)\n        for name in names" in made
    given = ([["a", "b"], ["b", "a"], ["c", "b"], ["b"]], ["a", "b", "c"])
    assert run(made, "f", given) == run(source, "f", given) == "b"


def test_numpy_is_not_imported_where_it_may_not_be():
    source = "def f(a):\n    return [x * 2 for x in a]\n"
    assert "may not import it" in ask("vectorise", source, numpy=False)["failed"]
    assert "import numpy as np" in ask("vectorise", source)["source"]
    there = f"import numpy\n\n\n{source}"
    made = ask("vectorise", there, numpy=False)["source"]
    assert made.endswith("    a_array = numpy.array(a)\n    return (a_array * 2).tolist()\n")


def test_nothing_is_remembered_from_one_call_to_the_next():
    source = "RATE = [2]\n\n\ndef f(n):\n    if n < 2:\n        return RATE[0]\n    return f(n - 1) + f(n - 2)\n"
    for operator in ("remember_recursion", "recurrence"):
        made = ask(operator, source)["source"]
        names: dict[str, Any] = {}
        exec(made, names)
        first = names["f"](9)
        names["RATE"][0] = 5
        assert names["f"](9) * 2 == first * 5


def test_a_helper_that_calls_itself_is_mended_in_its_own_body():
    source = (
        "def g(n):\n    if n < 3:\n        return n\n    return g(n - 1) + g(n - 3)\n\n\n"
        "def f(a):\n    return [g(x) for x in a]\n"
    )
    made = ask("remember_recursion", source, select=["f", "g"])["source"]
    assert "    def g_of(n):\n        if n < 3:\n" in made and made.endswith(
        "def f(a):\n    return [g(x) for x in a]\n"
    )
    assert run(made, "f", ([30, 40],)) == [67066, 3065997]


def test_methods_change_where_their_class_may_and_their_object_stays_as_it_is():
    source = source_of(SLOW["ways_up"])
    told = edit({"operator": "subject", "source": source, "payload": {"function": "ways_up"}}, generator(1))
    assert told["details"]["helpers"] == ["Stairs"]
    assert "source" in ask("remember_recursion", source, "ways_up", select=["ways_up", "Stairs"])
    assert "failed" in ask("remember_recursion", source, "ways_up", select=["ways_up"])
    for line in ("self.steps = self.steps[:]", "self.steps.append(1)", "self.seen += 1", "self.note(height)"):
        other = source.replace("        if height == 0:", f"        {line}\n        if height == 0:")
        assert "failed" in ask("remember_recursion", other, "ways_up", select=["ways_up", "Stairs"]), line


def test_counted_requests_go_through_the_single_rewrites_and_draw_rows_in_between():
    source = source_of(SLOW["told_apart"])
    made = [ask("any_rewrite", source, "told_apart", seed, number=seed)["note"] for seed in range(1, 13)]
    alone = [note for note in made if "; " not in note]
    assert made[0].startswith("found_apart: ") and made[1].startswith("local_binding: "), "small ones come last"
    assert {note.partition(":")[0] for note in alone} == {"found_apart", "local_binding"}
    assert any("found_apart" in note and "prefix_sums" in note for note in made if "; " in note)


def test_extremes_of_windows_are_the_same_by_blocks_however_wide():
    source = "def f(a, k):\n    return [max(a[i : i + k]) for i in range(len(a) - k + 1)]\n"
    made = {text["source"] for seed in range(20) if "source" in (text := ask("window_extreme", source, seed=seed))}
    assert sum("accumulate" in text for text in made) == 1
    for number in range(200):
        rng = random.Random(number)
        values = [rng.randint(0, 9) for _ in range(rng.randint(1, 20))]
        width = rng.randint(1, len(values))
        assert {tuple(run(text, "f", (values, width))) for text in (source, *made)} == {
            tuple(max(values[i : i + width]) for i in range(len(values) - width + 1))
        }


def test_tables_and_lists_are_told_apart_by_what_can_be_hashed_of_them():
    source = source_of(SLOW["different_rows"])
    made = ask("seen_tables", source, "different_rows")["source"]
    rows = [{"a": 1, "b": [1, {}]}, {"b": [1, {}], "a": 1}, [1, 2], (1, 2), [1, 2], {"a": 1.0, "b": [True, {}]}, [], {}]
    assert run(made, "different_rows", (rows,)) == run(source, "different_rows", (rows,))
    assert run(made, "different_rows", (rows,)) == [{"a": 1, "b": [1, {}]}, [1, 2], (1, 2), [], {}]


def test_no_blind_edit_draws_a_rewrite():
    source = source_of(SLOW["fibonacci"])
    for seed in range(60):
        for operator in ("any", "independent"):
            made = ask(operator, source, "fibonacci", seed)
            assert made.get("details", {}).get("operator") not in NAMES
