"""What the editor says of a function before it is called: where the module calls another one by its name."""

import numpy as np
import pytest

from shoal.propose._edit import edit

SOURCE = """def bisect_left(a, x):
    return sum(one < x for one in a)


def twice(f):
    return f


{after}
"""


def refusal(after: str) -> str:
    request = {
        "operator": "subject",
        "source": SOURCE.format(after=after),
        "payload": {"function": "bisect_left"},
    }
    told: str = edit(request, np.random.default_rng(0))["details"]["refused"]
    return told


@pytest.mark.parametrize(
    "after",
    [
        "try:\n    from _bisect import *\nexcept ImportError:\n    pass",
        "from _bisect import bisect_left",
        "if True:\n    from bisect import bisect as bisect_left",
        "bisect_left = max",
        "import fast\n\nbisect_left, other = fast.pair",
    ],
)
def test_what_takes_a_functions_place_is_named(after: str) -> None:
    assert "puts another in its place" in refusal(after)
    assert f"line {9 + after.count(chr(10), 0, after.find('bisect'))}" in refusal(after)


@pytest.mark.parametrize(
    "after",
    [
        "bisect = bisect_left",
        "bisect_left = twice(bisect_left)",
        "from math import *",
        "from nowhere_at_all import *",
        "def other():\n    from _bisect import bisect_left\n    return bisect_left",
        "class Other:\n    bisect_left = max",
    ],
)
def test_what_leaves_it_in_place_is_not(after: str) -> None:
    assert refusal(after) == ""
