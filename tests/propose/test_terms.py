"""Edits of formulas: rewrite, term, bonus, and what changes places."""

import ast
import warnings

import numpy as np
import pytest

from shoal.propose._edit import edit

DRAWS = 60

TRIP = '''"""Which city comes next."""

import numpy as np


def next_city(current, unvisited, distances):
    """Return one of the cities left.

    current: the city the tour is in.
    unvisited: the cities left, shape (k,).
    distances: between each two cities, shape (n, n).
    """
    near = distances[current, unvisited]
    mean = distances[unvisited].mean(axis=1)
    score = -near + 0.1 * mean
    return unvisited[np.argmax(score)]
'''
PACKING = '''import numpy as np


def priority(item, bins):
    """Return a number for each bin.

    item: its size, 1 to 100.
    bins: the space left in each, shape (n,).
    """
    left = bins - item
    return -left
'''
VECTOR = '''def priority(vector):
    """Return a number.

    vector: a list of six digits.
    """
    ones = vector.count(1)
    return 0.5 * ones
'''


def trip(source):
    rng = np.random.default_rng(3)
    distances, left = rng.random((12, 12)), np.array([1, 4, 5, 7, 11])
    city = called(source, "next_city", 2, left, distances)
    return isinstance(city, np.integer) and city in left


def packing(source):
    got = np.asarray(called(source, "priority", 20.0, np.array([31.0, 20.0, 77.0, 100.0])))
    return got.shape == (4,) and not np.isnan(got).any()


def rating(source):
    got = called(source, "priority", [0, 2, 1, 1, 2, 0])
    return np.isscalar(got) and got == got


def called(source, name, *arguments):
    names: dict = {}
    exec(source, names)
    with warnings.catch_warnings(action="ignore"):
        return names[name](*arguments)


def ran(works, source):
    try:
        return works(source)
    except (ArithmeticError, IndexError, TypeError, ValueError):
        return False


def made(source, operator, draws=DRAWS, **more):
    entry = "next_city" if "next_city" in source else "priority"
    request = {"source": source, "entry": [entry], "operator": operator, **more}
    return [edit(request, np.random.default_rng(k)) for k in range(draws)]


@pytest.mark.parametrize("operator", ["replace", "grow", "rewrite", "term", "bonus", "add_and_delete", "insert"])
@pytest.mark.parametrize(("source", "works"), [(TRIP, trip), (PACKING, packing), (VECTOR, rating)])
def test_most_edits_of_heuristics_give_programs_that_answer(operator, source, works):
    replies = made(source, operator)
    assert all("failed" not in r for r in replies)
    assert sum(ran(works, r["source"]) for r in replies) >= 0.8 * DRAWS


@pytest.mark.parametrize("operator", ["term", "bonus", "rewrite"])
def test_what_they_make_differs(operator):
    assert len({r["normal"] for r in made(PACKING, operator)}) > 0.9 * DRAWS


def test_term_keeps_what_it_adds_to():
    for reply in made(PACKING, "term"):
        old, new = (text.strip() for text in reply["note"].split(" -> "))
        assert old in ("-left", "left", "bins", "item", "bins - item")
        assert new.startswith((old, f"({old})"))


def test_rewrite_makes_results_anew():
    for reply in made(PACKING, "rewrite"):
        assert reply["note"].startswith(("-left -> ", "bins - item -> "))


def test_bonus_knows_numbers_too():
    sources = [r["source"] for r in made(VECTOR, "bonus")]
    assert any(" if " in s for s in sources)
    assert any("* (" in s for s in sources)


def test_edits_leave_statements_alone_that_nothing_reads():
    dead = PACKING.replace("    return -left", "    left = bins * 2\n    return -left")
    assert not any("line 10" in r["note"] for r in made(dead, "replace") + made(dead, "rewrite"))


def test_an_axis_and_an_index_stay_what_they_are():
    for operator in ("constant_swap", "replace", "grow", "swap_subtrees", "term"):
        for reply in made(TRIP, operator, draws=40):
            if "source" in reply:
                assert reply["source"].count("axis") == reply["source"].count("axis=1") + reply["source"].count(
                    "axis=0"
                )


def test_name_swap_takes_a_name_of_the_same_length():
    sources = [r["source"] for r in made(TRIP, "name_swap")]
    scores = {line.strip() for s in sources for line in s.splitlines() if "score = " in line}
    assert scores >= {"score = -mean + 0.1 * mean", "score = -near + 0.1 * near"}
    assert not any("distances" in score or "current" in score for score in scores)
    assert any("argmax(near)" in s or "argmax(mean)" in s for s in sources)


def test_constant_swap_changes_one_number():
    for reply in made(VECTOR, "constant_swap"):
        before, after = ast.parse(VECTOR), ast.parse(reply["source"])
        changed = [
            (a.value, b.value)
            for a, b in zip(ast.walk(before), ast.walk(after), strict=False)
            if isinstance(a, ast.Constant) and isinstance(b, ast.Constant) and a.value != b.value
        ]
        assert len(changed) == 1 or "-" in reply["note"]


def test_swap_subtrees_exchanges_two_of_one_type():
    source = "def f(a, b):\n    c = a * 2.0 - b\n    return c / (b + 1.0)\n"
    request = {"source": source, "entry": ["f"], "operator": "swap_subtrees"}
    found = {edit(request, np.random.default_rng(k)).get("source", "") for k in range(100)}
    assert any("c = b - (a * 2.0)" in s for s in found)
    assert any("c / (b + 2.0)" in s and "a * 1.0" in s for s in found)
    # `c` is not bound where the first statement stands.
    assert not any("= c" in s or "(c" in s.split("return")[0] for s in found)


def test_types_from_a_trace_overrule_guesses():
    bare = "import numpy as np\n\n\ndef priority(item, bins):\n    return -(bins - item)\n"
    types = {"priority": {"bins": "array:n", "item": "number"}}
    plain = [r["source"] for r in made(bare, "rewrite")]
    told = [r["source"] for r in made(bare, "rewrite", payload={"types": types})]
    assert not any(".max()" in s or "np.where" in s for s in plain)
    assert any(".max()" in s for s in told) and any("np.where" in s for s in told)
    assert sum(ran(packing, s) for s in told) >= 0.9 * DRAWS > sum(ran(packing, s) for s in plain)
    blind = [r["source"] for r in made(bare, "any", payload={"types": types})]
    assert any("bins.m" in s for s in blind)


@pytest.mark.parametrize("types", [[], 3, {"f": 1}, {"f": {"x": "cake"}}, {"f": {"x": 2}}])
def test_types_that_are_none_are_refused(types):
    request = {"source": VECTOR, "entry": [], "operator": "term", "payload": {"types": types}}
    reply = edit(request, np.random.default_rng(1))
    assert "failed" not in reply if types == [] else "types must be a table" in reply["failed"]


def test_add_and_delete_adds_and_deletes():
    longer = TRIP.replace("    return", "    score = score * 2\n    score += near\n    return")
    notes, lengths = [], []
    for reply in made(longer, "add_and_delete", draws=120):
        notes.append(int(reply["note"].split()[0]))
        lengths.append(len(reply["source"].splitlines()) - len(longer.splitlines()))
    assert min(notes) == 1 and max(notes) > 2
    assert min(lengths) < 0 < max(lengths)


def test_the_rate_of_additions_can_be_set():
    few, many = (
        sum(int(r["note"].split()[0]) for r in made(TRIP, "add_and_delete", payload={"rate": rate}))
        for rate in (0.001, 0.5)
    )
    assert many > 2 * few
    assert "rate is 2" in made(TRIP, "add_and_delete", draws=1, payload={"rate": 2})[0]["failed"]


def narrowed(source, **more):
    request = {"operator": "narrow", "source": source, "entry": [more.pop("entry", "next_city")]}
    made = [edit(request, np.random.default_rng(draw)) for draw in range(40)]
    return {one["note"] for one in made if "failed" not in one}, [one["source"] for one in made if "failed" not in one]


def test_a_mean_is_taken_of_the_entries_that_indices_name_or_of_a_few():
    _, sources = narrowed(TRIP)
    for part in ("distances[unvisited][:, unvisited].mean", "np.sort(distances[unvisited], axis=1)[:, "):
        assert any(part in source for source in sources)
    assert any("[:, :" in source for source in sources) and any("[:, -" in source for source in sources)
    assert all(trip(source) for source in sources)


def test_what_was_picked_by_indices_once_is_not_picked_again():
    picked = TRIP.replace("distances[unvisited].mean(axis=1)", "distances[unvisited][:, unvisited].mean(axis=1)")
    notes, sources = narrowed(picked)
    assert notes and not any("[:, unvisited][:, unvisited]" in note for note in notes)
    assert all(trip(source) for source in sources)


@pytest.mark.parametrize("reduced", ["left.min()", "np.sum(left)", "left.max()"])
def test_a_reduction_of_one_axis_is_narrowed_to_its_lowest_or_highest(reduced):
    notes, sources = narrowed(PACKING.replace("return -left", f"return {reduced} - left"), entry="priority")
    assert notes and all("np.sort(left, axis=0)[" in note for note in notes)
    assert all(packing(source) for source in sources)


def test_a_table_that_is_reduced_as_a_whole_is_left_alone():
    assert narrowed(TRIP.replace("mean(axis=1)", "mean()")) == (set(), [])
