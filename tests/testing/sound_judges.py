"""Tasks whose judges hold."""

from __future__ import annotations

import textwrap

from .toys import CITIES, IN_ORDER, TOUR, WEIGHTS, Toy

__all__ = ["SOUND"]

SOUND = {
    "an order": Toy(
        "from shoal.judging import permutation" + CITIES + textwrap.dedent(TOUR),
        IN_ORDER,
        direction="min",
        range=(0.0, 12.0),
    ),
    "an order, declared": Toy(
        CITIES
        + """
def score(places, order):
    tour = places[order]
    return float(np.hypot(*(tour - np.roll(tour, 1, axis=0)).T).sum())
""",
        IN_ORDER,
        direction="min",
        range=(0.0, 12.0),
        more='\n[[answer]]\nshape = [8]\ndtype = "int"\npermutation = true\n',
    ),
    "a choice of any size": Toy(
        WEIGHTS
        + """
def score(weights, chosen):
    from shoal.judging import Wrong
    if len(chosen) > 6 or weights[chosen].sum() > 2.0:
        raise Wrong("too heavy")
    return float((weights[chosen] ** 2).sum())
""",
        "def solve(weights):\n    return [0, 1]\n",
        range=(0.0, 6.0),
        more='\n[[answer]]\nshape = [-1]\ndtype = "int"\nlow = 0\nhigh = 5\ndistinct = true\n',
    ),
    "one number": Toy(
        """
        from shoal.judging import number
        def instances(split, rng):
            while True:
                yield float(rng.uniform(1.0, 2.0))
        def score(x, output):
            return abs(number(output, low=-100.0, high=100.0) - x**0.5)
        """,
        "def solve(x):\n    return 0.5 + 0.5 * x\n",
        direction="min",
        range=(0.0, 200.0),
    ),
    "a session": Toy(
        """
        from shoal.judging import array
        def instances(split, rng):
            while True:
                yield rng.uniform(0.0, 1.0, (5, 4))
        def play(rows, ask):
            return sum(float(row[int(array(ask("solve", row), shape=(4,)).argmax())]) for row in rows)
        """,
        "def solve(row):\n    return -row\n",
        kind="session",
        range=(0.0, 5.0),
    ),
    "questions together": Toy(
        """
        from shoal.judging import Ask, Wrong
        def instances(split, rng):
            while True:
                yield rng.uniform(0.0, 1.0, (5, 4))
        def play(rows, ask: Ask):
            return sum(float(row[int(answer.argmax())]) for row, answer in zip(rows, ask.many("solve", zip(rows))))
        """,
        "def solve(row):\n    return -row\n",
        kind="session",
        range=(0.0, 5.0),
        more="\n[[answer]]\nshape = [4]\n",
    ),
    "a measurement": Toy(
        """
        import time
        from shoal.judging import array
        def instances(split, rng):
            while True:
                yield rng.uniform(0.0, 1.0, 6)
        def play(values, ask):
            from shoal.judging import Wrong
            start = time.perf_counter()
            for _ in range(20):
                if not np.array_equal(array(ask("solve", values), shape=(6,)), np.sort(values)):
                    raise Wrong("not sorted")
            return 1e3 * (time.perf_counter() - start)
        """,
        "def solve(values):\n    sum(range(20000))\n    return np.sort(values)\n",
        kind="session",
        direction="min",
        range=(0.0, 1e5),
        more="measured = true\n",
    ),
    "two functions": Toy(
        """
        from shoal.judging import integer
        def instances(split, rng):
            while True:
                yield int(rng.integers(1, 10**6))
        def play(n, ask):
            at = integer(ask("start", 10**6), low=0, high=10**6)
            for k in range(60):
                if at == n:
                    return k
                at = integer(ask("move", at, n > at), low=0, high=10**6)
            return 60
        """,
        """
        ends = {}
        def start(n):
            ends.update(low=0, high=n)
            return n // 2
        def move(at, up):
            ends["low" if up else "high"] = at + (1 if up else -1)
            return (ends["low"] + ends["high"]) // 2
        """,
        entry='start", "move',
        kind="session",
        direction="min",
        range=(0.0, 60.0),
    ),
    "a mask": Toy(
        """
        from shoal.judging import Wrong
        def instances(split, rng):
            while True:
                yield rng.uniform(-1.0, 1.0, 6)
        def score(values, output):
            if type(output) is not list or len(output) != 6 or any(type(one) is not bool for one in output):
                raise Wrong("need 6 booleans")
            return float(sum(value for value, one in zip(values, output) if one))
        """,
        "def solve(values):\n    return [True, False] * 3\n",
        range=(-6.0, 6.0),
    ),
    "a penalty": Toy(
        """
        from shoal.judging import Wrong, array
        def instances(split, rng):
            while True:
                yield rng.uniform(0.0, 1.0, 5)
        def score(x, output):
            try:
                y = array(output, shape=(5,))
            except Wrong:
                return 100.0
            return float(min(np.abs(y - np.exp(x)).max(), 100.0))
        """,
        "def solve(x):\n    return 1 + x\n",
        direction="min",
        range=(0.0, 100.0),
    ),
    "text": Toy(
        """
        from shoal.judging import Wrong
        def instances(split, rng):
            while True:
                yield "".join(rng.choice(list("abc"), 12))
        def score(text, output):
            if type(output) is not str or len(output) != 12 or not set(output) <= set("abc"):
                raise Wrong("need 12 letters of abc")
            return sum(a != b for a, b in zip(text, output)) / 12
        """,
        "def solve(text):\n    return 'abc' * 4\n",
        range=(0.0, 1.0),
    ),
}
