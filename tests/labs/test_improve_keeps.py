"""What a function does besides returning values stays as it was when `shoal improve` changes it."""

from __future__ import annotations

import inspect
import math
import random
from collections.abc import Callable, Iterator

import pytest

from .projects import Project, both

# -- what must be kept ------------------------------------------------------------------------------------------------


ONCE = """def once(names):
    seen = []
    for name in names:
        if name in seen:
            continue
        seen.append(name)
        yield name.upper()
"""
ONCE_TEST = """from shop.names import once


def test_once():
    assert list(once(['a', 'b', 'a'])) == ['A', 'B']
    assert list(once([])) == []
    list(once(['k%d' % k for k in range(9)]))
"""


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_generator_stays_one(project: Callable[..., Project]) -> None:
    here = project(ONCE, ONCE_TEST)
    told = here.improved("shop.names:once")
    before, after = both(here, told, "once")
    assert inspect.isgenerator(after(["a"]))
    assert list(after(["b", "a", "b"])) == list(before(["b", "a", "b"]))
    assert next(after(endless())) == "0", "it gives its first value before it has read them all"


def endless() -> Iterator[str]:
    k = 0
    while True:
        yield str(k)
        k += 1


SERVE = """def serve(queue, most):
    served = []
    while queue and len(served) < most:
        name = queue.pop(0)
        if name in served:
            continue
        served.append(name)
    queue.sort()
    return served
"""
SERVE_TEST = """from shop.names import serve


def test_serve():
    queue = ['d', 'a', 'd', 'c', 'b']
    assert serve(queue, 2) == ['d', 'a']
    assert queue == ['b', 'c', 'd']
    assert serve([], 3) == []
    serve(['n%d' % (k * k % 23) for k in range(20)], 50)
"""


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_changed_argument_stays_changed(project: Callable[..., Project]) -> None:
    here = project(SERVE, SERVE_TEST)
    told = here.improved("shop.names:serve")
    before, after = both(here, told, "serve")
    for most in (0, 1, 3, 9):
        mine, right = ["d", "a", "d", "c", "b"], ["d", "a", "d", "c", "b"]
        assert after(mine, most) == before(right, most)
        assert mine == right


GREET = """def greet(names):
    met = []
    for name in names:
        if name not in met:
            met.append(name)
        else:
            print('again:', name)
    return len(met)
"""
GREET_TEST = """from shop.names import greet


def test_greet():
    assert greet(['a', 'b', 'a']) == 2
    assert greet([]) == 0
    greet(['n%d' % (k * k % 23) for k in range(20)])
"""


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_what_is_printed_stays_so(project: Callable[..., Project], capsys: pytest.CaptureFixture[str]) -> None:
    here = project(GREET, GREET_TEST)
    told = here.improved("shop.names:greet")
    assert capsys.readouterr().out == ""
    before, after = both(here, told, "greet")
    assert after(["x", "y", "x", "x"]) == 2
    mine = capsys.readouterr().out
    assert before(["x", "y", "x", "x"]) == 2
    assert mine == capsys.readouterr().out == "again: x\nagain: x\n"


PLACES = """class Unknown(Exception):
    pass


def places(names, known):
    found = []
    for name in names:
        try:
            found.append(known.index(name))
        except ValueError:
            if not name:
                raise Unknown(f'no name at {len(found)}')
            found.append(-1)
    return found
"""
PLACES_TEST = """import pytest
from shop.names import Unknown, places


def test_places():
    assert places(['b', 'z'], ['a', 'b']) == [1, -1]
    assert places([], ['x']) == []
    known = ['n%d' % k for k in range(12)]
    assert places(known[::-1], known)[0] == 11
    with pytest.raises(Unknown, match='at 1'):
        places(['a', '', 'c'], ['a'])
"""


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_exceptions_as_control_flow_are_kept(project: Callable[..., Project]) -> None:
    here = project(PLACES, PLACES_TEST)
    told = here.improved("shop.names:places")
    before, after = both(here, told, "places")
    assert after(["b", "q", "a"], ["a", "b", "a"]) == before(["b", "q", "a"], ["a", "b", "a"]) == [1, -1, 0]
    with pytest.raises(Exception, match="no name at 2") as caught:
        after(["a", "b", ""], ["a"])
    assert type(caught.value).__name__ == "Unknown"


WORTH = """known = {}


def worth(codes):
    total = []
    for code in codes:
        if code not in known:
            known[code] = sum(ord(letter) for letter in code) % 97
        if code not in total:
            total.append(code)
    return sum(known[code] for code in total)
"""
WORTH_TEST = """from shop.names import worth


def test_worth():
    assert worth(['a', 'a']) == 0
    assert worth([]) == 0
    assert worth(['ab', 'b']) == 2
    worth(['code %d' % (7 * k) for k in range(15)])
"""


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_cache_of_the_module_is_no_obstacle(project: Callable[..., Project]) -> None:
    here = project(WORTH, WORTH_TEST)
    told = here.improved("shop.names:worth")
    before, after = both(here, told, "worth")
    for codes in ([], ["x"], ["x", "yz", "x"], ["yz", "", "x"]):
        assert after(codes) == before(codes)


DEPTH = """def depth(values, at=0):
    if at == len(values):
        return 0
    rest = depth(values, at + 1)
    return rest + 1 if values[at] not in values[:at] else rest
"""
DEPTH_TEST = """from shop.names import depth


def test_depth():
    assert depth([1, 2, 1]) == 2
    assert depth(list(range(880))) == 880
    assert depth([]) == 0
"""


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_recursion_near_the_limit_is_no_obstacle(project: Callable[..., Project]) -> None:
    here = project(DEPTH, DEPTH_TEST)
    told = here.improved("shop.names:depth")
    before, after = both(here, told, "depth")
    assert after([3, 1, 3, 3, 2]) == before([3, 1, 3, 3, 2]) == 3


SIZE = """def size(values):
    total = 0.0
    for value in values:
        total += value * value
    for value in values:
        total += abs(value)
    return total
"""
SIZE_TEST = """from shop.names import size


def test_size():
    assert size([1.5, -2.25]) == 11.0625
    assert size([]) == 0.0
    size([0.1, 0.7, -1.3, 2.9, 3.14159, 1e-3, 123.456, 0.3])
"""


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_no_digit_of_a_sum_changes(project: Callable[..., Project]) -> None:
    here = project(SIZE, SIZE_TEST)
    told = here.improved("shop.names:size")
    before, after = both(here, told, "size")
    draw = random.Random(3)
    for length in (1, 2, 7, 30, 1000):
        values = [draw.uniform(-5, 5) * 10.0 ** draw.randrange(-9, 9) for _ in range(length)]
        assert type(after(values)) is float and after(values) == before(values)
    assert math.isnan(after([math.nan, 1.0])) and after([math.inf]) == math.inf
