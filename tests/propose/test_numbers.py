"""Edits of numbers."""

import numpy as np
import pytest

from shoal.propose._edit import edit
from shoal.syntax import slots

TABLE = "def f():\n    return [\n        [0.1, 0.9],  # corner\n        [0.5, 0.5],\n        [0.2, 0.3],\n    ]\n"


def made(operator, source=TABLE, seed=0, **more):
    request = {"operator": operator, "source": source, "entry": ["f"], **more}
    return edit(request, np.random.Generator(np.random.Philox(seed)))


def values(source):
    return [s.value for s in slots(source)]


def test_jitter_moves_mostly_few_numbers_and_by_about_sigma():
    counts, steps = [], []
    for seed in range(300):
        details = made("jitter", seed=seed, payload={"sigma": 0.01})["details"]
        counts.append(len(details["sites"]))
        steps += [abs(d) for d in details["delta"]]
    assert sum(c == 1 for c in counts) > 150
    assert max(counts) > 3
    assert 0.0005 < np.median(steps) < 0.01


def test_details_tell_what_was_added_and_again_adds_it_once_more():
    first = made("row_jitter")
    details = first["details"]
    assert len(details["sites"]) % 2 == 0
    payload = {"sites": details["sites"], "delta": details["delta"]}
    second = made("again", first["source"], payload=payload)
    moved = np.array(values(second["source"])) - np.array(values(TABLE))
    assert moved[details["sites"]] == pytest.approx(2 * np.array(details["delta"]))


def test_a_negative_number_has_one_pair_of_parentheses_however_often_it_moves():
    source = "def f(x):\n    return x - 2.5 * g(1.5)\n\n\ndef g(y):\n    return y\n"
    for value in (-1.5, -0.5, -3.25):
        source = made("values", source, payload={"sites": [0, 1], "values": [value, value]})["source"]
        assert f"return x - ({value!r}) * g({value!r})\n" in source
    source = made("values", source, payload={"sites": [0], "values": [4.0]})["source"]
    assert values(source) == [4.0, -3.25]


def test_a_row_moves_as_one():
    sites = {tuple(made("row_jitter", seed=s)["details"]["sites"]) for s in range(60)}
    assert {(0, 1), (2, 3), (4, 5)} <= sites


def test_relocate_stays_near_the_range_of_the_columns():
    for seed in range(40):
        reply = made("relocate", seed=seed)
        points = np.array(values(reply["source"])).reshape(3, 2)
        assert (points >= [0.07, 0.26]).all()
        assert (points <= [0.53, 0.94]).all()


def test_swapped_rows_hold_the_same_numbers():
    points = np.array(values(made("swap_rows")["source"])).reshape(3, 2)
    assert sorted(map(tuple, points.tolist())) == [(0.1, 0.9), (0.2, 0.3), (0.5, 0.5)]
    assert points.tolist() != [[0.1, 0.9], [0.5, 0.5], [0.2, 0.3]]


def test_values_sets_exactly_what_is_asked_and_keeps_integers():
    source = "def f():\n    return [1.5 for _ in range(4)]\n"
    reply = made("values", source, payload={"sites": [1, 0], "values": [6.6, 1e-17]})
    assert reply["source"] == "def f():\n    return [1e-17 for _ in range(7)]\n"
    assert reply["details"]["sites"] == [0, 1]


def test_numbers_of_a_donor_are_mixed_row_by_row():
    donor = TABLE.replace("0.", "0.7")
    taken = set()
    for seed in range(200):
        reply = made("crossover_numbers", seed=seed, donors=[donor])
        assert len(values(reply["source"])) == 6
        taken.add(tuple(reply["details"]["sites"]))
    assert (2, 3) in taken
    assert (0, 1, 2, 3, 4, 5) in taken


def test_a_zero_can_move():
    source = "def f():\n    return 0.0\n"
    assert values(made("jitter", source)["source"]) != [0.0]


def test_small_steps_keep_enough_digits():
    source = "def f():\n    return 0.123456789\n"
    for seed in range(30):
        reply = made("jitter", source, seed=seed, payload={"sigma": 1e-9})
        assert 0 < abs(values(reply["source"])[0] - 0.123456789) < 1e-7


def test_a_new_limit_may_become_a_number_that_is_not_whole_and_a_size_may_not():
    donor = "def f(xs):\n    return [min(x, 1) for x in xs]\n"
    limited = "def f(xs):\n    return [min(x, 1, 3) for x in xs]\n"
    for real, expected in ((True, 0.9), (False, 1)):
        payload = {"factor": 0.3, "real": real}
        source = made("retune", limited, donors=[donor], payload=payload)["source"]
        assert values(source) == [1, expected]
    donor = "def f(xs):\n    return sum(x for _ in [0] for x in xs)\n"
    repeated = "def f(xs):\n    return sum(x for _ in range(5) for x in xs)\n"
    source = made("retune", repeated, donors=[donor], payload={"factor": 0.5, "real": True})["source"]
    assert type(values(source)[0]) is int
