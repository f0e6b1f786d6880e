"""Tracing what loops build, and putting it into the text as numbers."""

from typing import Any

import numpy as np
import pytest

from shoal.propose._edit import edit
from shoal.syntax import slots


def reply(operator: str, source: str, entry: str, **payload: Any) -> dict[str, Any]:
    request = {"operator": operator, "source": source, "entry": [entry], "payload": payload}
    return edit(request, np.random.Generator(np.random.Philox(1)))


def run(source: str, entry: str, *arguments: Any) -> Any:
    names: dict[str, Any] = {"__name__": "candidate"}
    exec(compile(source, "candidate", "exec"), names)
    return names, names[entry](*arguments)


def traced(source: str, entry: str, *arguments: Any) -> list[dict[str, Any]]:
    instrumented = reply("trace_points", source, entry)
    names, _ = run(instrumented["source"], entry, *arguments)
    found: list[dict[str, Any]] = names[instrumented["function"]]()
    return found


def test_two_rings_become_numbers_that_do_the_same(sources):
    source = sources["circles"]
    _, before = run(source, "pack")
    found = {one["name"]: one for one in traced(source, "pack")}
    assert {"points", "centres", "return"} <= found.keys()
    for one in found.values():
        made = reply("materialise", source, "pack", **one)
        assert run(made["source"], "pack")[1] == before
    made = reply("materialise", source, "pack", **found["return"])
    assert len([s for s in slots(made["source"]) if s.kind == "float"]) >= 52
    assert "for k in range(16)" not in made["source"]
    assert "math.dist" in made["source"]


def test_what_only_built_the_value_goes_and_what_is_still_needed_stays():
    source = (
        "import numpy as np\n\ndef f():\n    n = 4\n    step = 0.5\n    h = np.zeros(n)\n    for k in range(n):\n"
        "        t = k * step\n        h[k] = t\n    return h / n\n"
    )
    one = next(t for t in traced(source, "f") if t["name"] == "h")
    made = reply("materialise", source, "f", **one)["source"]
    expected = "import numpy as np\n\ndef f():\n    n = 4\n    h = np.array([0.0, 0.5, 1.0, 1.5])\n    return h / n\n"
    assert made == expected


def test_helpers_that_nothing_calls_any_more_go():
    source = "def part(k):\n    return k * 0.5\n\ndef f():\n    h = [part(k) for k in range(3)]\n    return h\n"
    (one,) = traced(source, "f")
    assert (
        reply("materialise", source, "f", **one)["source"].strip() == "def f():\n    h = [0.0, 0.5, 1.0]\n    return h"
    )


@pytest.mark.parametrize(
    "source",
    [
        "def g(k):\n    h = [k * 1.0, 2.0 * k]\n    return h\n\ndef f():\n    return g(1)[0] + g(2)[0]\n",
        "def f():\n    h = 'a b'.split()\n    return h\n",
        "def f():\n    h = list(range(1000))\n    return 1\n",
        "def f():\n    h = [float('nan'), 1.0 + 1]\n    return h\n",
        "def f():\n    h = sum([1.0, 2.0])\n    return h\n",
    ],
)
def test_values_that_vary_or_are_no_small_lists_of_numbers_are_left_out(source):
    assert [one for one in traced(source, "f") if one["name"] == "h"] == []


def test_a_literal_needs_no_tracing():
    assert "no variable" in reply("trace_points", "def f():\n    h = [1.0, 2.0]\n    return h\n", "f")["failed"]


def test_a_comprehension_in_a_return_and_a_table_of_the_module():
    source = "TABLE = [k / 4 for k in range(3)]\n\ndef f():\n    return [2 * t for t in TABLE], 1\n"
    found = {one["name"]: one for one in traced(source, "f")}
    made = reply("materialise", source, "f", **found["TABLE"])["source"]
    assert made.startswith("TABLE = [0.0, 0.25, 0.5]\n")
    made = reply("materialise", source, "f", **found["return[0]"])["source"]
    assert "return [0.0, 0.5, 1.0], 1" in made


def test_instrumentation_does_not_change_what_a_program_does(sources):
    for name, entry, arguments in [("circles", "pack", ()), ("sorting", "order", ([3, 1, 2],))]:
        instrumented = reply("trace_points", sources[name], entry)
        assert run(instrumented["source"], entry, *arguments)[1] == run(sources[name], entry, *arguments)[1]


def test_a_docstring_and_future_imports_stay_first():
    first = '"""Doc."""\nfrom __future__ import annotations\n'
    source = first + "def f():\n    h = [k * 0.5 for k in range(3)]\n    return h\n"
    names, _ = run(reply("trace_points", source, "f")["source"], "f")
    assert names["__doc__"] == "Doc."


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ({"line": 9, "name": "h", "value": [1.0]}, "no variable 'h'"),
        ({"line": 2, "name": "h", "value": 3}, "must be a list"),
        ({"line": 2, "name": "h", "value": [float("nan")]}, "finite"),
        ({"line": 2, "name": "h", "value": [["x"]]}, "finite"),
        ({"line": 2, "name": "h", "value": [1.0] * 500}, "list of 1 to"),
        ({"line": 2, "name": "h", "value": [1.0], "array": True}, "numpy has no name"),
    ],
)
def test_a_value_that_cannot_be_put_in_says_why(payload, reason):
    source = "def f():\n    h = [k * 0.5 for k in range(3)]\n    return h\n"
    assert reason in reply("materialise", source, "f", **payload)["failed"]


def test_what_a_search_holds_is_not_traced_and_a_function_inside_goes_with_what_it_built():
    source = (
        "def f():\n    def climb(start, value):\n        def worth(x):\n            return -value(x)\n\n"
        "        moved = [v + 1 for v in start]\n        return min(start, moved, key=worth)\n\n"
        "    h = [k * 0.5 for k in range(2)]\n    h = climb(h, lambda h: sum(h))\n    return h\n"
    )
    assert [one["name"] for one in traced(source, "f")] == ["h"]
    (one,) = traced(source, "f")
    assert reply("materialise", source, "f", **one)["source"] == "def f():\n\n    h = [1.0, 1.5]\n    return h\n"
