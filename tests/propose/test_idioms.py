"""Templates that programmers know: put around a value, they improve it by the public score and keep its form."""

import asyncio
import itertools
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import shoal.tasks
from shoal.core.values import Split, Trial
from shoal.evaluate import TaskEvaluator
from shoal.labs.evolve._parts import mutable_of
from shoal.propose._edit import OPERATORS, TEMPLATES, edit
from shoal.syntax import frozen_hash
from shoal.tasks import load, setting_of

from .templates import Bench, parameters

SEEDS = range(6)
GOAL = (0.3, -0.7, 1.9)


def near(points: Any) -> float:
    flat = [float(v) for row in points for v in (row if hasattr(row, "__len__") else [row])]
    return -sum((v - GOAL[k % 3]) ** 2 for k, v in enumerate(flat))


def pair(points: Any, sizes: Any) -> float:
    return near(points) - sum(abs(s - sum(p)) for s, p in zip(sizes, points, strict=True))


FLOATS: dict[str, tuple[str, Any, Any]] = {
    "list": ("def f():\n    x = [0.5 * k for k in range(3)]\n    return x\n", near, list),
    "tuple": ("def f():\n    x = (0.5, 1.0, 2.5)\n    return x\n", near, tuple),
    "array": ("import numpy as np\n\ndef f():\n    x = np.zeros((2, 3))\n    return x\n", near, np.ndarray),
    "unnamed": ("def g():\n    return [1.5, 2.5]\n\ndef f():\n    return g()\n", near, list),
    "two": (
        "def f():\n    x = [[0.5, k / 2] for k in range(2)]\n    return x, [sum(p) for p in x]\n",
        pair,
        tuple,
    ),
    "long": (
        "def f():\n    n = 2\n    x = [[0.5, k / 2] for k in range(n)]\n    s = []\n    for p in x[:n]:\n"
        "        s.append(sum(p))\n    return x, s\n",
        pair,
        tuple,
    ),
    "calls": (
        "def f():\n    x = [[0.5, 1.5]]\n    return x, total(x)\n\n\ndef total(x):\n    found = []\n"
        "    for p in x:\n        found.append(sum(p))\n    return found\n",
        pair,
        tuple,
    ),
}


@pytest.mark.parametrize("operator", ["local_search", "annealing"])
@pytest.mark.parametrize("name", sorted(FLOATS))
def test_numbers_of_any_form_are_improved_and_keep_it(name, operator):
    source, score, form = FLOATS[name]
    bench = Bench(source, "f", score)
    before = bench.worth(source)
    gains = []
    for seed in SEEDS:
        child = bench.made(operator, seed, public_calls_most=300)
        answer = bench.run(child)
        assert isinstance(answer, form)
        assert np.shape(answer[0]) == np.shape(bench.run(source)[0])
        assert repr(answer) == repr(bench.run(child))
        gains.append(bench.worth(child) - before)
    assert min(gains) >= 0
    assert sum(gain > 0 for gain in gains) >= len(gains) // 2


@pytest.mark.parametrize("operator", ["local_search", "annealing"])
def test_less_is_better_where_the_task_says_so(operator):
    bench = Bench(FLOATS["list"][0], "f", lambda x: -near(x), sign=-1.0)
    child = bench.made(operator, public_calls_most=300)
    assert bench.worth(child) > bench.worth(bench.source)


def test_the_function_that_hands_back_the_entrys_answer_is_worked_on_too():
    source = "def f():\n    return g(3)\n\n\ndef g(n):\n    x = [0.5 * k for k in range(n)]\n    return x\n"
    bench = Bench(source, "f", near)
    children = [bench.made("local_search", seed) for seed in range(12)]
    assert any("    x = local_search(x, lambda x: score(x))\n    return x" in child for child in children)
    assert any(
        "    part = local_search(part, lambda part: score(part))\n    return part" in child for child in children
    )


def test_the_rest_of_a_function_becomes_a_function_of_its_own():
    bench = Bench(FLOATS["long"][0], "f", pair)
    texts = [bench.made("local_search", seed) for seed in range(20)]
    child = next(text for text in texts if "return finish(" in text)
    assert "def finish(n, x):\n    s = []" in child
    assert bench.run(bench.settled(child, "x")) == bench.run(child)


def test_values_that_are_complete_together_are_improved_together():
    source = "def f():\n    x = [[0.5, 1.5]]\n    s = [1.0]\n    return x, s\n"
    bench = Bench(source, "f", pair)
    child = next(c for c in (bench.made("annealing", seed) for seed in range(40)) if "state" in c)
    assert "state = annealing((x, s), lambda state: score(state[0], state[1]))\n    return state[0], state[1]" in child
    assert bench.worth(child) >= bench.worth(source)
    settled = bench.settled(child, "state")
    assert "annealing" not in settled
    assert bench.worth(settled) == bench.worth(child)


@pytest.mark.parametrize("operator", ["local_search", "annealing", "evolution", "cutting_planes", "polish"])
def test_a_trace_takes_what_was_found_into_the_text_and_the_template_goes(operator):
    source = (
        'import math\n\n\ndef f():\n    """Doc."""\n    x = [math.sqrt(k) for k in range(3)]\n    return x, [sum(x)]\n'
    )
    bench = Bench(source, "f", lambda x, s: near(x) - abs(s[0] - 1.5))
    made = (bench.made(operator, seed, public_calls_most=200) for seed in range(50))
    child = next(one for one in made if " x = " + operator in one)
    settled = bench.settled(child, "x")
    assert bench.run(settled) == bench.run(child)
    assert operator not in settled and "scipy" not in settled
    assert 'def f():\n    """Doc."""\n    x = [' in settled
    again = next(
        one for one in (bench.made(operator, s, source=settled) for s in range(50)) if " x = " + operator in one
    )
    assert bench.worth(again) >= bench.worth(child)


def tour_length(order: Any) -> float:
    places = [(math.cos(2.4 * k), math.sin(2.4 * k)) for k in range(8)]
    stops = list(order)
    return sum(math.dist(places[a], places[b]) for a, b in itertools.pairwise([*stops, stops[0]]))


@pytest.mark.parametrize("operator", ["local_search", "annealing", "greedy"])
@pytest.mark.parametrize(
    "source",
    [
        "def f():\n    order = list(range(8))\n    return order\n",
        "def f():\n    order = (4, 1, 0, 2, 3, 5, 7, 6)\n    return order\n",
        "import numpy as np\n\ndef f():\n    order = np.arange(8)\n    return order\n",
    ],
)
def test_an_order_stays_an_order(source, operator):
    bench = Bench(source, "f", tour_length, sign=-1.0)
    before, form = bench.worth(source), type(bench.run(source))
    worths = []
    for seed in SEEDS:
        child = bench.made(operator, seed)
        answer = bench.run(child)
        assert type(answer) is form and sorted(answer) == list(range(8))
        worths.append(bench.worth(child))
    assert min(worths) >= before
    assert max(worths) > before


@pytest.mark.parametrize("operator", ["local_search", "annealing", "greedy"])
@pytest.mark.parametrize("start", ["[False] * 3 + [True] * 3", "[k > 2 for k in range(6)]", "[0, 0, 0, 1, 1, 1]"])
def test_a_choice_stays_a_choice(start, operator):
    source = f"def f():\n    taken = {start}\n    return taken\n"
    weights = (5.0, 1.0, 4.0, 3.0, 2.0, 2.0)

    def value(taken):
        load = sum(w for w, one in zip(weights, taken, strict=True) if one)
        return load if load <= 10.0 else 10.0 - load

    bench = Bench(source, "f", value)
    kind = type(bench.run(source)[0])
    for seed in SEEDS:
        child = bench.made(operator, seed)
        answer = bench.run(child)
        assert {type(one) for one in answer} == {kind} and len(answer) == 6
        assert bench.worth(child) >= bench.worth(source)
    assert bench.worth(bench.made(operator, 3, public_calls_most=3000)) > 7.0


@pytest.mark.parametrize("operator", ["local_search", "annealing", "polish", "evolution", "cutting_planes"])
def test_a_score_that_breaks_or_is_no_number_is_the_worst(operator):
    def score(x):
        if x[0] < 0.0:
            raise ValueError("negative")
        return float("nan") if x[1] > 2.0 else -abs(x[0] - 0.25) - abs(x[1] - 1.75)

    bench = Bench("def f():\n    x = [0.5, 1.0]\n    return x\n", "f", score)
    for seed in SEEDS:
        assert bench.worth(bench.made(operator, seed, public_calls_most=200)) >= bench.worth(bench.source)


def test_a_value_of_another_form_than_it_looked_is_handed_back():
    source = "def g():\n    return ['a', 'b']\n\n\ndef f():\n    x = g()\n    return x\n"
    bench = Bench(source, "f", lambda x: 1.0)
    for seed in SEEDS:
        assert bench.run(bench.made("local_search", seed)) == ["a", "b"]


@pytest.mark.parametrize("operator", ["local_search", "annealing", "greedy", "polish", "evolution"])
def test_no_more_public_calls_are_made_than_asked_for(operator):
    order = operator == "greedy"
    source = f"def f():\n    x = {[3, 1, 2, 0] if order else [0.5, 1.5]}\n    return x\n"
    bench = Bench(source, "f", (lambda x: -abs(x[0] - 1)) if order else near)
    for seed in SEEDS:
        bench.calls = 0
        bench.run(bench.made(operator, seed, public_calls_most=100))
        assert 0 < bench.calls <= 102


def test_one_value_is_put_through_one_template_twice_at_most():
    bench = Bench("def f():\n    x = [0.5, 1.5]\n    return x\n", "f", near)
    source = bench.source
    for seed in range(2):
        source = bench.made("annealing", seed, source=source)
    assert source.count("x = annealing") == 2 or "part = annealing" in source
    assert "no value" in bench.ask("annealing", source=source)["failed"]


def test_imports_and_names_that_are_there_are_used_or_avoided():
    source = (
        '"""Doc."""\nimport math as m\nfrom public import score as judged\n\n\n'
        "def random():\n    return m.pi\n\n\ndef local_search():\n    return 2\n\n\n"
        "def f():\n    x = [random() / 2, local_search() * 1.5]\n    return x\n"
    )
    bench = Bench(source, "f", near)
    child = bench.made("local_search", 1)
    assert "import random as random_2" in child
    assert "x = local_search_2(x, lambda x: judged(x))" in child or "part = local_search_2(" in child
    assert "import math\n" not in child and "m.isfinite" in child
    assert bench.worth(child) >= bench.worth(source)


@pytest.mark.parametrize("select", ["marked", ["f"]])
@pytest.mark.parametrize("operator", ["local_search", "annealing", "polish", "evolution", "cutting_planes"])
def test_a_region_keeps_its_templates_to_itself(select, operator):
    source = (
        "import math\n\nTABLE = [0.5, 1.5]\n\n\n# shoal: begin\ndef f():\n    x = [2 * t for t in TABLE]\n"
        "    y = x[0]\n    return x\n\n\n# shoal: end\nTAIL = math.pi\n"
    )
    bench = Bench(source, "f", near, select=select)
    frozen = frozen_hash(source, select if isinstance(select, str) else tuple(select))
    for seed in SEEDS:
        child = bench.made(operator, seed, public_calls_most=100)
        assert frozen_hash(child, select if isinstance(select, str) else tuple(select)) == frozen
        assert child.startswith(source.partition("def f")[0]) and child.rstrip().endswith("TAIL = math.pi")
        assert bench.worth(child) >= bench.worth(source)
        if " x = " + operator in child:
            settled = bench.settled(child, "x")
            assert operator not in settled and "scipy" not in settled
            assert bench.worth(settled) == bench.worth(child)


@pytest.mark.parametrize(
    ("source", "takes", "reason"),
    [
        ("def f():\n    return 1.5\n", 1, "no value"),
        ("def f():\n    x = 'abc'\n    return x\n", 1, "no value"),
        ("def f(a, b):\n    x = [0.5, 1.5]\n    return x\n", 2, "no public function can score"),
        ("def f(*a):\n    x = [0.5, 1.5]\n    return x\n", 1, "no public function can score"),
        ("def f(): return [0.5, 1.5]\n", 1, "lines of its own"),
        ("def f():\n    x = [0.5, 1.5]\n    yield x\n", 1, "lines of its own"),
    ],
)
def test_where_nothing_fits_the_reason_is_told(source, takes, reason):
    bench = Bench(source, "f", near, takes=takes)
    for operator in ("local_search", "annealing", "polish", "evolution", "cutting_planes"):
        assert reason in bench.ask(operator)["failed"]


def test_without_a_public_function_there_is_no_template():
    request = {"operator": "local_search", "source": FLOATS["list"][0], "entry": ["f"]}
    assert "no public function" in edit(request, np.random.default_rng(1))["failed"]
    odd = edit({**request, "public": {"score": "two"}}, np.random.default_rng(1))
    assert "public must be a table" in odd["failed"]


def test_what_the_entry_is_given_is_handed_to_the_score():
    source = "def f(goal):\n    x = [0.5 * g for g in goal]\n    return x\n"
    bench = Bench(source, "f", lambda goal, x: -sum(abs(g - v) for g, v in zip(goal, x, strict=True)))
    child = bench.made("local_search", 2, public_calls_most=3000)
    assert "score(goal, x)" in child or "score(goal, part)" in child
    assert bench.worth(child, [0.2, 0.8]) > bench.worth(source, [0.2, 0.8])


@pytest.mark.parametrize("operator", sorted(o.name for o in OPERATORS.values() if o.family in TEMPLATES))
def test_a_template_keeps_what_every_edit_promises(program, operator):
    select = program["select"] if isinstance(program["select"], str) else tuple(program["select"])
    frozen = frozen_hash(program["source"], select)
    for takes in (1, 2, 3):
        for seed in range(4):
            request = {**program, "operator": operator, "public": {"score": takes}}
            reply = edit(request, np.random.default_rng(seed))
            if "failed" in reply:
                continue
            compile(reply["source"], "child", "exec", dont_inherit=True)
            assert frozen_hash(reply["source"], select) == frozen
            name = program["entry"][0]
            assert parameters(reply["source"], name) == parameters(program["source"], name)
            assert reply["details"]["template"]
            assert edit(request, np.random.default_rng(seed)) == reply


def test_one_edit_of_the_packing_task_climbs_in_one_evaluation():
    task = load(Path(shoal.tasks.__file__).parent / "circle_packing_26")
    mutable = mutable_of(task)
    assert mutable.public == (("score", 2),)
    request = {
        "operator": "local_search",
        "source": task.initial.decode(),
        "entry": list(mutable.entry),
        "public": dict(mutable.public),
        "public_sign": mutable.public_sign,
    }
    child = edit(request, np.random.default_rng(0))["source"].encode()

    async def evaluated() -> Any:
        async with TaskEvaluator(setting_of(task), workers=1) as evaluator:
            return await evaluator.evaluate(Trial(Split.SEARCH, (0,)), {mutable.main: child}, seed=1)

    outcome = asyncio.run(evaluated())
    assert outcome.score is not None and outcome.score > 0.96
    assert outcome.counted.public_calls > 30
