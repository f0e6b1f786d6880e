"""Values handed to numpy and scipy: the better of before and after comes back, in the form that went in."""

import numpy as np
import pytest

from shoal.propose import _polish

from .templates import Bench

VALLEY = "def f():\n    x = [[-0.5, 1.0], [0.4, 0.2]]\n    return x\n"


def valley(points):
    return -sum((1 - a) ** 2 + 10 * (b - a * a) ** 2 for a, b in points)


def packed(places, sizes):
    """Two discs on a stick of length 1: the sum of their sizes, or minus how far they stick out or overlap."""
    rooms = [p - s for p, s in zip(places, sizes, strict=True)]
    rooms += [1 - p - s for p, s in zip(places, sizes, strict=True)]
    rooms += [abs(places[0] - places[1]) - sum(sizes), *sizes]
    return sum(sizes) if min(rooms) >= 0 else min(rooms)


def children(bench, operator, *, template="", most=1000, seeds=range(12)):
    """Edited programs, of one method where there are several."""
    for seed in seeds:
        reply = bench.ask(operator, seed, public_calls_most=most)
        if reply["details"]["template"] == (template or operator):
            yield reply["source"]


METHODS = ["Nelder-Mead", "Powell", "L-BFGS-B", "COBYLA"]


@pytest.mark.parametrize("method", METHODS)
def test_each_method_of_scipy_descends_into_the_valley(method):
    bench = Bench(VALLEY, "f", valley)
    before = bench.worth(VALLEY)
    worths = [bench.worth(child) for child in children(bench, "polish", template=method)]
    assert min(worths) >= before
    assert max(worths) > 0.7 * before


@pytest.mark.parametrize("operator", ["evolution", "cutting_planes"])
def test_the_valley_is_followed_to_its_end(operator):
    bench = Bench(VALLEY, "f", valley)
    worths = [bench.worth(child) for child in children(bench, operator, most=3000)]
    assert min(worths) >= bench.worth(VALLEY)
    assert max(worths) > -0.05


def test_planes_find_the_corner_where_limits_meet():
    source = "def f():\n    places = [0.3, 0.6]\n    sizes = [0.1, 0.1]\n    return places, sizes\n"
    bench = Bench(source, "f", packed)
    best = max(bench.worth(child) for child in children(bench, "cutting_planes", seeds=range(6)))
    assert 0.5 - 1e-6 < best <= 0.5


def test_the_worst_of_several_is_pressed_down_where_less_is_better():
    source = "import numpy as np\n\n\ndef f():\n    x = np.array([3.0, -1.0, 0.5])\n    return x\n"
    bench = Bench(source, "f", lambda x: float(max(abs(x[0] - 1), abs(x[1] - x[0]), abs(x[2] + x[1] - 3))), sign=-1.0)
    found = list(children(bench, "cutting_planes", seeds=range(8)))
    assert max(bench.worth(child) for child in found) > -1e-3
    assert all(isinstance(bench.run(child), np.ndarray) and bench.run(child).shape == (3,) for child in found)


@pytest.mark.parametrize("operator", [operator.name for operator in _polish.OPERATORS])
def test_the_same_program_finds_the_same_numbers(operator):
    bench = Bench(VALLEY, "f", valley)
    child = next(iter(children(bench, operator, template="Powell" if operator == "polish" else "", most=300)))
    assert bench.run(child) == bench.run(child)


@pytest.mark.parametrize("operator", [operator.name for operator in _polish.OPERATORS])
def test_a_start_that_is_worth_nothing_does_no_harm(operator):
    bench = Bench(VALLEY, "f", lambda x: float("-inf"))
    for child in children(bench, operator, most=100, seeds=range(6)):
        assert bench.run(child) == [[-0.5, 1.0], [0.4, 0.2]]


def test_calls_are_counted_whatever_the_method():
    bench = Bench(VALLEY, "f", valley)
    for method in METHODS:
        for child in children(bench, "polish", template=method, most=60):
            bench.calls = 0
            bench.run(child)
            assert bench.calls <= 62


def test_planes_stop_soon_after_their_calls_are_spent():
    bench = Bench(VALLEY, "f", valley)
    for child in children(bench, "cutting_planes", most=100, seeds=range(6)):
        bench.calls = 0
        bench.run(child)
        assert bench.calls <= 4 * 100 + 20


def test_scipy_is_loaded_only_where_it_is_used():
    bench = Bench(VALLEY, "f", valley)
    child = bench.made("polish", public_calls_most=100)
    assert not any(line.startswith(("import scipy", "from scipy")) for line in child.splitlines())
    assert bench.ask("polish", 3)["details"]["template"] in METHODS


def test_a_kick_moves_some_numbers_far_before_they_are_polished():
    bench, table = Bench(VALLEY, "f", valley), "[[-0.5, 1.0], [0.4, 0.2]]"
    plain = [bench.ask("evolution", seed)["source"] for seed in range(6)]
    kicked = [bench.ask("evolution", seed, kick=True)["source"] for seed in range(6)]
    assert all(table in source for source in plain) and not any(table in source for source in kicked)
    assert all(np.isfinite(bench.worth(source)) for source in kicked)
