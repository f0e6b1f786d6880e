"""The jail of programs under test: what calls come to, and that no program harms another's tests."""

from collections.abc import Iterator
from typing import Any

import pytest

from shoal.labs.selfimprove._folders import load_programs
from shoal.labs.selfimprove._tasks import Limits, Test
from shoal.labs.selfimprove._tests import Came, passed

from .jails import Jails


@pytest.fixture(scope="module")
def jails() -> Iterator[Jails]:
    with Jails() as jails:
        yield jails


def came(jails: Jails, source: str, *tests: Test, **more: Any) -> list[Came]:
    """What comes of tests of one module `m`."""
    return jails.run(jails.tests.run({"m.py": source}, tests, **more))


@pytest.mark.parametrize(
    ("returned", "expected", "good"),
    [
        ("(1, 2)", [1, 2], True),
        ("2.0", 2, True),
        ("True", 1, False),
        ("0.1 + 0.2", 0.3, True),
        ("float('nan')", None, False),
        ("{'a': [None]}", {"a": [None]}, True),
        ("{1: 2}", {"1": 2}, False),
        ("__import__('collections').namedtuple('P', 'x y')(1, 'a')", [1, "a"], True),
        ("__import__('enum').IntEnum('E', 'A').A", 1, True),
        ("__import__('enum').StrEnum('E', 'A').A", "a", True),
        ("object()", None, False),
        ("None", None, True),
    ],
)
def test_values_are_compared_outside_as_data(jails: Jails, returned: str, expected: Any, good: bool) -> None:
    (one,) = came(jails, f"def f():\n    return {returned}\n", Test("m:f", (), expected))
    assert (one.passed, one.ended) == (good, True)


def test_an_exception_is_right_by_the_name_of_its_class(jails: Jails) -> None:
    source = "class Full(Exception):\n    pass\n\n\ndef f(x):\n    if x:\n        raise Full('no room')\n    return x\n"
    tests = Test("m:f", (1,), raises="Full"), Test("m:f", (1,), raises="Exception"), Test("m:f", (0,), raises="Full")
    found = came(jails, source, *tests)
    assert [one.passed for one in found] == [True, False, False]
    assert found[0].told == "raised Full: no room (at m.py:7)" and found[2].told == "returned 0"


def test_a_value_that_is_none_is_no_exception_either(jails: Jails) -> None:
    (one,) = came(jails, "def f():\n    return {1, 2}\n", Test("m:f", (), raises="TypeError"))
    assert not one.passed and one.told == "returned no value of JSON: a value of type set was returned"


def test_every_test_has_fresh_modules_and_what_it_does_before(jails: Jails) -> None:
    source = "seen = []\n\n\ndef add(x):\n    seen.append(x)\n    return len(seen)\n"
    tests = (
        Test("m:add", (1,), 1),
        Test("m:add", (1,), 1),
        Test("m:add", (1,), 3, before=(("m:add", (5,)), ("m:add", (6,)))),
    )
    assert passed(came(jails, source, *tests))


def test_arguments_are_each_tests_own(jails: Jails) -> None:
    test = Test("m:f", ([1],), 1, before=(("m:f", ([1],)),))
    assert passed(came(jails, "def f(xs):\n    xs.append(0)\n    return len(xs) - 1\n", test, test))


def test_programs_of_several_files_import_one_another(jails: Jails) -> None:
    files = {
        "top.py": "import shop.deep.bins as b\nfrom shop import stock\n\n\ndef f():\n    return stock.g() + b.N\n",
        "shop/__init__.py": "LIMIT = 3\n",
        "shop/stock.py": "from . import LIMIT\n\n\ndef g():\n    return LIMIT\n",
        "shop/deep/bins.py": "N = 4\n",
    }
    report = jails.run(jails.tests.run(files, [Test("top:f", (), 7), Test("shop.stock:g", (), 3)]))
    assert passed(report)
    assert report[1].lines["shop/stock.py"] == (1, 4, 5)


def test_lines_that_ran_are_told_by_test(jails: Jails) -> None:
    source = "def f(x):\n    if x:\n        return 1\n    return 0\n"
    yes, no = came(jails, source, Test("m:f", (1,), 1), Test("m:f", (0,), 0))
    assert 3 in yes.lines["m.py"] and 4 not in yes.lines["m.py"]
    assert 4 in no.lines["m.py"] and 3 not in no.lines["m.py"]


def test_an_endless_loop_ends_by_steps_and_the_next_program_runs(jails: Jails) -> None:
    endless = (
        "def f():\n    while True:\n        try:\n            x = 1\n        except BaseException:\n            pass\n"
    )
    first = came(jails, endless, Test("m:f", (), 1), Test("m:f", (), 1))
    assert [one.ended for one in first] == [False, False] and "100,000 steps" in first[0].told
    assert passed(came(jails, "def f():\n    return 1\n", Test("m:f", (), 1)))


@pytest.mark.parametrize("returned", ["10 ** 5000", "'\\ud800'", "[0] * 300_000", "'x' * 3_000_000", "deep()"])
def test_a_value_that_cannot_travel_fails_its_own_test_alone(jails: Jails, returned: str) -> None:
    source = (
        f"def deep():\n    a = []\n    for _ in range(100):\n        a = [a]\n    return a\n\n\n"
        f"def f():\n    return {returned}\n\n\ndef g():\n    return 1\n"
    )
    bad, good = came(jails, source, Test("m:f", (), 1), Test("m:g", (), 1))
    assert bad.ended and not bad.passed and good.passed


def test_a_dead_process_fails_what_was_left_and_says_so(jails: Jails) -> None:
    source = "import os\n\n\ndef f():\n    os._exit(0)\n\n\ndef g():\n    return 1\n"
    report = came(jails, source, Test("m:f", (), 1), Test("m:g", (), 1))
    assert [(one.passed, one.ended, one.told) for one in report] == [
        (False, False, "the program's process ended: exit")
    ] * 2


def test_limits_of_a_task_hold(jails: Jails) -> None:
    hungry = "def f():\n    return len(bytearray(200 << 20))\n"
    test = Test("m:f", (), 200 << 20)
    assert passed(came(jails, hungry, test, limits=Limits(memory_mb=512)))
    assert not passed(came(jails, hungry, test, limits=Limits(memory_mb=64)))
    busy = "def f():\n    return sum(range(200_000_000)) > 0\n"
    (one,) = came(jails, busy, Test("m:f", (), True), limits=Limits(seconds=1))
    assert not one.passed and one.told == "the program's process ended: cpu"


def test_nothing_of_shoal_or_the_machine_can_be_seen(jails: Jails) -> None:
    source = (
        "import os, socket\n\n\ndef shoal():\n    from shoal.labs.selfimprove import _folders\n\n\n"
        "def net():\n    socket.create_connection(('127.0.0.1', 1))\n\n\n"
        "def home():\n    return os.path.exists('/root/.bashrc')\n"
    )
    found = came(jails, source, Test("m:shoal", ()), Test("m:net", ()), Test("m:home", (), False))
    assert "cannot import name" in found[0].told and found[1].told.startswith("raised PermissionError")
    assert found[2].passed


def test_every_built_in_program_passes_its_tests_in_the_jail(jails: Jails) -> None:
    for program in load_programs():
        tests = (*program.visible, *program.hidden)
        report = jails.run(jails.tests.run(program.files, tests))
        assert [one.told for one in report if not one.passed] == [], program.name
