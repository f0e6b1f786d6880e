"""Idioms around whole functions: tables of results, several attempts, calls that give way to statements."""

from typing import Any

import pytest

from .templates import Bench

FIBONACCI = "def f(n):\n    return n if n < 2 else f(n - 1) + f(n - 2)\n"


def any_score(made: Any) -> float:
    return 0.0


# -- memoise -----------------------------------------------------------------------------------------------------------


def test_a_function_that_calls_itself_remembers_its_results():
    bench = Bench(FIBONACCI, "f", any_score)
    child = bench.made("memoise")
    assert child.startswith("import functools\n\n\n@functools.lru_cache(maxsize=None)\ndef f(n):")
    assert bench.run(child, 60) == 1548008755920
    assert "nothing in this program" in bench.ask("memoise", source=child)["failed"]


def test_a_helper_in_a_loop_remembers_too_and_an_import_is_used_again():
    source = (
        "import functools as ft\nimport math\n\nBASE = 3\n\n\ndef cost(k, j):\n    return math.sqrt(k * BASE) + j\n\n\n"
        "def f():\n    return [cost(k % 2, 1) for k in range(9)]\n"
    )
    bench = Bench(source, "f", any_score)
    child = bench.made("memoise")
    assert "@ft.lru_cache(maxsize=None)\ndef cost(k, j):" in child
    assert bench.run(child) == bench.run(source)


@pytest.mark.parametrize(
    "helper",
    [
        "def g(k):\n    return random.random() + k\n",
        "def g(k):\n    SEEN.append(k)\n    return k\n",
        "def g(k):\n    print(k)\n    return k\n",
        "def g(k):\n    return [k, k]\n",
        "def g(k):\n    return sum(v for v in k)\n",
        "def g(k):\n    return len(SEEN) + k\n",
        "def g(k):\n    global TOTAL\n    TOTAL += k\n    return TOTAL\n",
        "def g():\n    return 3\n",
        "def g(*k):\n    return k[0]\n",
        "def h(k):\n    return random.random() + k\n\n\ndef g(k):\n    return h(k)\n",
        "def g(k):\n    yield k\n",
    ],
)
def test_what_has_effects_chance_or_lists_in_it_is_left_alone(helper):
    source = f"import random\n\nTOTAL = 0\nSEEN = []\n\n\n{helper}\n\ndef f(n):\n    SEEN.append(n)\n"
    source += "    return [g(k) for k in range(n)]\n"
    assert "nothing in this program" in Bench(source, "f", any_score).ask("memoise")["failed"]


def test_a_region_takes_the_import_in_and_one_without_room_says_so():
    source = f"# shoal: begin\n{FIBONACCI}# shoal: end\nTAIL = 1\n"
    child = Bench(source, "f", any_score, select="marked").made("memoise")
    assert child.startswith("# shoal: begin\nimport functools\n\n\n@functools.lru_cache")
    assert "no room" in Bench(source, "f", any_score, select=["f"]).ask("memoise")["failed"]


# -- restart -----------------------------------------------------------------------------------------------------------

SEEDED = {
    "inside": "import random\n\n\ndef f():\n    rng = random.Random(7)\n    return [rng.random(), rng.random()]\n",
    "called": (
        "import random\n\n\ndef f():\n    return start() + start(1)\n\n\ndef start(n=1):\n    rng = random.Random(7)\n"
        "    return [rng.random() for _ in range(n)]\n"
    ),
    "bare": "def f():\n    x = g()\n    return x\n\n\ndef g():\n    seed = 3\n    return [seed * 0.1, 1.0]\n",
    "numpy": "import numpy\n\n\ndef f():\n    rng = numpy.random.default_rng(3)\n    return rng.random(2)\n",
}


@pytest.mark.parametrize("name", sorted(SEEDED))
def test_the_best_of_several_seeds_is_kept(name):
    source = SEEDED[name]
    bench = Bench(source, "f", lambda x: float(x[0]))
    for seed in range(5):
        child = bench.made("restart", seed)
        assert bench.worth(child) >= bench.score(bench.run(child)) - 1e-12
        bench.calls = 0
        assert list(bench.run(child)) == list(bench.run(child))
        assert 4 <= bench.calls <= 60
    gains = [bench.worth(bench.made("restart", seed)) - bench.worth(source) for seed in range(5)]
    assert max(gains) > 0


def test_the_lowest_counts_where_less_is_better_and_arguments_are_handed_on():
    source = "import random\n\n\ndef f(n, shift):\n    rng = random.Random(n)\n    return [rng.random() + shift]\n"
    source = source.replace("Random(n)", "Random(5)")
    bench = Bench(source, "f", lambda n, shift, x: x[0], sign=-1.0)
    children = [bench.made("restart", seed) for seed in range(5)]
    assert all("def attempt(n, shift, seed):" in child for child in children)
    assert min(bench.run(child, 1, 0.5)[0] for child in children) < bench.run(source, 1, 0.5)[0]


def test_draws_that_all_share_a_generator_need_no_seed():
    source = "import random\n\n\ndef f():\n    return [random.random()]\n"
    child = Bench(source, "f", lambda x: x[0]).made("restart")
    assert "    return best_of(lambda seed: attempt(seed), lambda made: score(made))" in child


def test_restarts_are_not_stacked_without_end():
    bench = Bench(SEEDED["inside"], "f", lambda x: x[0])
    child = bench.source
    for _ in range(2):
        child = bench.ask("restart", source=child).get("source", child)
    assert child.count("def best_of") <= 2
    assert "failed" in bench.ask("restart", source="def f():\n    return [1.0, 2.0]\n")


# -- inline ------------------------------------------------------------------------------------------------------------


def test_a_call_gives_way_to_the_functions_statements():
    source = (
        "def f(n):\n    k = n + 1\n    x = g(k, 2)\n    return x + k\n\n\ndef g(a, b):\n"
        '    """Doc."""\n    # a comment\n    k = a * b\n    return k + 1\n'
    )
    bench = Bench(source, "f", any_score)
    child = bench.made("inline")
    assert [bench.run(child, n) for n in range(4)] == [bench.run(source, n) for n in range(4)]
    assert "g(k, 2)" not in child and "k_2 = k * b" in child and "x = (k_2 + 1)" in child


def test_what_a_function_changes_stays_its_own():
    source = "def f(n):\n    y = g(n)\n    return [y, n]\n\n\ndef g(n):\n    n += 1\n    return n * 2\n"
    bench = Bench(source, "f", any_score)
    child = bench.made("inline")
    assert bench.run(child, 3) == bench.run(source, 3) == [8, 3]


@pytest.mark.parametrize(
    "source",
    [
        "def f(n):\n    return [g(k) for k in range(n)]\n\n\ndef g(k):\n    return k\n",
        "def f(n):\n    return g(n) if n else 0\n\n\ndef g(k):\n    return k\n",
        "def f(n):\n    return g(n)\n\n\ndef g(k):\n    if k:\n        return 1\n    return k\n",
        "def f(n):\n    return g(n)\n\n\ndef g(k):\n    return g(k - 1)\n",
        "def f(n):\n    return g(*n)\n\n\ndef g(k):\n    return k\n",
        "def f(n):\n    return g(n)\n\n\ndef g(k, j=2):\n    return k\n",
        "def f(n):\n    z = 1\n    return g(n) + z\n\n\nz = 5\n\n\ndef g(k):\n    return k + z\n",
    ],
)
def test_calls_that_cannot_give_way_stay(source):
    assert "failed" in Bench(source, "f", any_score).ask("inline")
