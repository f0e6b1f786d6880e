"""What a text does that a judge may want to look at."""

import json

import pytest

from shoal.syntax import SourceError, intents

HONEST = '''
"""A heuristic."""
import math
import numpy as np
from collections import defaultdict

WEIGHTS = [0.5, 1.5, 2.5]


class Rule:
    def __init__(self, size):
        self.size = size


def priority(item, bins):
    rng = np.random.default_rng(7)
    while True:
        if item > 0:
            break
    try:
        return np.where(bins > item, math.sqrt(item), 0.0) + rng.random(len(bins)) * WEIGHTS[0]
    except ValueError:
        return getattr(bins, "size")
'''


def test_plain_computing_has_nothing_to_tell():
    assert intents(HONEST) == []


@pytest.mark.parametrize(
    ("source", "kind", "what"),
    [
        ("import os", "import", "imports os, which reaches files and processes"),
        ("import os.path as p", "import", "imports os.path"),
        ("def f():\n    from ctypes import CDLL", "import", "reaches memory past Python"),
        ("import requests", "import", "imports requests, which is no plain computing module"),
        ("from math import *", "import", "imports whatever math has"),
        ("from sys import _getframe", "introspection", "_getframe"),
        ("import sys\nsys._getframe(1).f_locals", "introspection", "f_locals"),
        ("try:\n    pass\nexcept ValueError as e:\n    e.__traceback__.tb_frame", "introspection", "tb_frame"),
        ("f.__globals__", "dunder", "__globals__"),
        ("().__class__.__bases__[0].__subclasses__()", "dunder", "__subclasses__"),
        ("getattr(f, '__code__')", "dunder", "__code__"),
        ("class K:\n    def __reduce__(self): pass", "dunder", "defines __reduce__"),
        ("class K:\n    def __del__(self): pass", "dunder", "defines __del__"),
        ("import gc\ngc.get_objects()", "introspection", "get_objects"),
        ("open('x')", "files", "calls open"),
        ("import numpy as np\nnp.load('x.npy')", "files", "np.load"),
        ("x = '/proc/self/fd'", "path", "/proc/self/fd"),
        ("x = 'see /dev/shm/a'", "path", "/dev/shm/a"),
        ("x = b'/tmp/cache'", "path", "/tmp/cache"),
        ("exec('1')", "dynamic code", "exec"),
        ("e = eval", "dynamic code", "eval"),
        ("__import__('os')", "dynamic code", "__import__"),
        ("globals()", "dynamic code", "globals"),
        ("vars()", "dynamic code", "vars"),
        ("setattr(a, b, c)", "dynamic code", "setattr"),
        ("delattr(a, b)", "dynamic code", "delattr"),
        ("getattr(a, b + c)", "dynamic code", "getattr"),
        ("import os\nos.environ['X']", "environment", "environ"),
        ("import time\ntime.perf_counter()", "clock", "perf_counter"),
        ("import numpy as np\nnp.random.default_rng()", "chance", "without a seed"),
        ("import os\nos.urandom(8)", "chance", "urandom"),
        (f"x = {list(range(201))}", "table", "more than 200 constants"),
        (f"x = {[[k, k] for k in range(101)]}", "table", "more than 200 constants"),
        (f"x = {dict.fromkeys(range(20), 1)}", "lookup", "fixed keys"),
        (f"x = '{'QUJD' * 60}'", "long text", "240 characters"),
        ("def f(x):\n    return x in (1, 2, 3, 5)", "lookup", "fixed list"),
        ("def f(x):\n    return x == 0.12345678901234", "lookup", "equals 0.12345678901234 exactly"),
        ("def f(x):\n    return T[hash(x)]", "lookup", "by the hash"),
        ("def f(x):\n    return x.tobytes() == b'a'", "lookup", "the tobytes"),
        ("import numpy as np\nnp.sum = max", "patch", "changes sum of the imported numpy"),
        ("len = max", "patch", "len of Python"),
        ("def sum(x): pass", "patch", "sum of Python"),
        ("while True:\n    pass", "endless loop", "without a way out"),
        ("try:\n    pass\nexcept:\n    pass", "swallows", "catches everything"),
        ("try:\n    pass\nexcept BaseException:\n    pass", "swallows", "catches everything"),
    ],
)
def test_each_intent_is_told_with_its_line(source, kind, what):
    found = intents(f"x = 1\n{source}\n")
    told = [one for one in found if one["kind"] == kind and what in one["what"]]
    assert told, found
    assert 2 <= told[0]["line"] <= 2 + source.count("\n")


def test_each_is_told_once_in_order_and_no_more_than_fifty():
    source = "".join(f"import m{k}\nimport m{k}\n" for k in range(80))
    found = intents(source)
    assert len(found) == 50
    assert [one["line"] for one in found] == list(range(1, 100, 2))
    assert json.loads(json.dumps(found)) == found


def test_what_does_not_parse_is_a_source_error():
    with pytest.raises(SourceError):
        intents("def (")
