"""Tasks whose judges have one known weakness each."""

from __future__ import annotations

from .toys import CITIES, CURVE, FIXED, IN_ORDER, LINE, WEIGHTS, Toy

__all__ = ["WEAK"]

WEAK = {
    "accepts NaN": Toy(
        """
        from shoal.judging import Wrong
        def instances(split, rng):
            yield None
        def score(instance, output):
            values = np.asarray(output, dtype=float)
            if values.shape != (6,):
                raise Wrong("need 6")
            if (values > 1).any() or (values < 0).any():
                raise Wrong("out of [0, 1]")
            return float(np.nansum(values))
        """,
        "def solve():\n    return [0.25] * 6\n",
        more=FIXED,
        named=("not finite",),
        words="NaN",
    ),
    "lets NaN reach the score": Toy(
        CURVE
        + """
def score(instance, output):
    from shoal.judging import Wrong, array
    y = array(output, shape=(16,), finite=False)
    return -float(np.abs(y - instance[1]).max())
""",
        LINE,
        named=("not finite",),
        words="border",
    ),
    "trusts a reported score": Toy(
        """
        from shoal.judging import array, number, Wrong
        def instances(split, rng):
            yield None
        def score(instance, output):
            if type(output) is not dict or set(output) != {"x", "score"}:
                raise Wrong("need x and score")
            array(output["x"], shape=(3,))
            return number(output["score"], low=0.0, high=100.0)
        """,
        "def solve():\n    return {'x': [1.0, 2.0, 3.0], 'score': 6.0}\n",
        range=(0.0, 100.0),
        more=FIXED,
        named=("claimed numbers",),
        words="the number that the program reports",
    ),
    "forgives a tolerance": Toy(
        WEIGHTS
        + """
def score(weights, output):
    from shoal.judging import Wrong, array
    shares = array(output, shape=(6,))
    if shares.min() < 0 or not np.isclose(shares.sum(), 1.0, rtol=1e-6):
        raise Wrong("shares must sum to 1")
    return float(shares @ weights)
""",
        "def solve(weights):\n    return [1 / 6] * 6\n",
        named=("tolerance",),
        words="isclose",
    ),
    "broadcasts a wrong shape": Toy(
        CURVE
        + """
def score(instance, output):
    y = np.asarray(output, dtype=float)
    if not np.isfinite(y).all():
        from shoal.judging import Wrong
        raise Wrong("not finite")
    return -float(np.sqrt(np.mean((np.clip(y, -1e6, 1e6) - instance[1]) ** 2)))
""",
        LINE,
        range=(-1e7, 0.0),
        named=("shape",),
        words="column",
    ),
    "scores nothing as perfect": Toy(
        CURVE
        + """
def score(instance, output):
    from shoal.judging import Wrong, number
    if not isinstance(output, list):
        raise Wrong("need a list")
    return sum(abs(number(a, low=-1e6, high=1e6) - b) for a, b in zip(output, instance[1]))
""",
        LINE,
        direction="min",
        range=(0.0, 1e8),
        named=("junk", "length"),
        words="[]",
    ),
    "raises on what is no answer": Toy(
        CURVE
        + """
def score(instance, output):
    worst = 0.0
    for k in range(16):
        worst = max(worst, abs(output[k] - instance[1][k]))
    return -float(min(worst, 1e4))
""",
        LINE,
        named=("junk",),
        words="raises TypeError",
    ),
    "adds global chance": Toy(
        CURVE
        + """
def score(instance, output):
    from shoal.judging import array
    y = np.clip(array(output, shape=(16,)), -10, 10)
    return -float(np.abs(y - instance[1]).max()) + 1e-3 * np.random.rand()
""",
        LINE,
        named=("repeats", "chance"),
        words="np.random.rand",
    ),
    "draws instances by global chance": Toy(
        """
        import random
        def instances(split, rng):
            while True:
                yield [random.random() for _ in range(6)]
        def score(instance, output):
            from shoal.judging import array
            return -float(np.abs(np.clip(array(output, shape=(6,)), -9, 9) - instance).max())
        """,
        "def solve(values):\n    return [0.5] * 6\n",
        named=("instances", "chance"),
        words="random.random",
    ),
    "looks at the calendar": Toy(
        CURVE
        + """
import datetime
def score(instance, output):
    from shoal.judging import array
    y = np.clip(array(output, shape=(16,)), -10, 10)
    bonus = 0.125 * (datetime.datetime.now().year - 2020)
    return bonus - float(np.abs(y - instance[1]).max())
""",
        LINE,
        named=("repeats",),
        words="datetime.datetime.now",
    ),
    "rewards speed": Toy(
        CURVE
        + """
import time
last = [0.0]
def arguments(instance):
    last[0] = time.perf_counter()
    return (instance[0],)
def score(instance, output):
    from shoal.judging import array
    array(output, shape=(16,))
    return 2.0 if time.perf_counter() - last[0] < 0.2 else 1.0
""",
        LINE,
        named=("speed", "repeats"),
        words="s later scores 1.0, at once 2.0",
    ),
    "scores against the copy it gets back": Toy(
        CURVE
        + """
def arguments(instance):
    return instance
def score(instance, output):
    from shoal.judging import Wrong, array
    if not isinstance(output, list) or len(output) != 2:
        raise Wrong("need truth and curve")
    truth, y = (np.clip(array(one, shape=(16,)), -10, 10) for one in output)
    return -float(np.abs(y - truth).max())
""",
        "def solve(x, truth):\n    return [truth, 0.01 * x]\n",
        range=(-1e4, 10.0),
        named=("echoes",),
        words="argument back",
    ),
    "has the same instances for every split": Toy(
        """
        POINTS = [0.125 * k for k in range(64)]
        def instances(split, rng):
            k = 0
            while True:
                k += 1
                yield POINTS[k % 8 : k % 8 + 6]
        def score(instance, output):
            from shoal.judging import array
            return -float(np.abs(np.clip(array(output, shape=(6,)), -9, 9) - instance).max())
        """,
        "def solve(values):\n    return [0.5] * 6\n",
        named=("instances",),
        words="by heart",
    ),
    "ignores its instance": Toy(
        WEIGHTS
        + """
def score(weights, output):
    from shoal.judging import array
    return -float(np.abs(np.clip(array(output, shape=(6,)), -9, 9)).sum())
""",
        "def solve(weights):\n    return [0.5] * 6\n",
        named=("transplants",),
        words="one and the same answer",
    ),
    "has no bound but its range": Toy(
        WEIGHTS
        + """
def score(weights, output):
    from shoal.judging import array
    return float(array(output, shape=(6,)) @ weights)
""",
        "def solve(weights):\n    return [0.5] * 6\n",
        range=(-1e12, 1e12),
        named=("huge and tiny",),
        words="range",
    ),
    "checks the first row only": Toy(
        WEIGHTS
        + """
def score(weights, output):
    from shoal.judging import Wrong, number
    if not isinstance(output, list) or len(output) != 6:
        raise Wrong("need 6")
    first = number(output[0], low=0.0, high=1.0)
    return first * float(weights.sum())
""",
        "def solve(weights):\n    return [0.5] * 6\n",
        named=("not finite", "types"),
        words="as the last number",
    ),
    "allows a city twice": Toy(
        CITIES
        + """
def score(places, output):
    from shoal.judging import Wrong, array
    order = array(output, shape=(8,), dtype=np.int64)
    if order.min() < 0 or order.max() > 7:
        raise Wrong("no such city")
    tour = places[order]
    return float(np.hypot(*(tour - np.roll(tour, 1, axis=0)).T).sum())
""",
        IN_ORDER,
        direction="min",
        range=(0.0, 12.0),
        named=("repeated rows",),
        words="row",
    ),
    "adds negative costs": Toy(
        WEIGHTS
        + """
def score(weights, output):
    from shoal.judging import Wrong, array
    amounts = array(output, shape=(6,))
    if amounts.max() > 1:
        raise Wrong("at most 1 of each")
    return float(amounts @ weights)
""",
        "def solve(weights):\n    return [0.5] * 6\n",
        direction="min",
        named=("growth",),
        words="negative",
    ),
    "hands over the solution": Toy(
        CURVE.replace("return (instance[0],)", "return instance")
        + """
def score(instance, output):
    from shoal.judging import array
    return float(np.abs(np.clip(array(output, shape=(16,)), -9, 9) - instance[1]).max())
""",
        "def solve(x, y):\n    return 0.5 * x\n",
        direction="min",
        range=(0.0, 100.0),
        named=("arguments",),
        words="argument 1",
    ),
    "sorts its instance in place": Toy(
        """
        from shoal.judging import array
        ONE = {}
        def instances(split, rng):
            seen = {}
            for k in range(10**6):
                values = rng.uniform(0.0, 1.0, 6)
                yield values
        def score(values, output):
            answer = np.clip(array(output, shape=(6,)), -9, 9)
            value = -float(np.abs(answer - values).max())
            values[:] = np.sort(values)
            return value
        """,
        "def solve(values):\n    return [0.1 * k for k in range(6)]\n",
        named=("order",),
        words="which came before",
    ),
    "runs out of instances": Toy(
        """
        def instances(split, rng):
            yield float(rng.uniform())
            yield float(rng.uniform())
        def score(value, output):
            from shoal.judging import number
            return -abs(number(output, low=-9.0, high=9.0) - value)
        """,
        "def solve(value):\n    return 0.5\n",
        more="\n[instances]\nsealed = 4\n",
        named=("instances",),
        words="ends after 2",
    ),
    "runs what it is sent": Toy(
        CURVE
        + """
def score(instance, output):
    from shoal.judging import Wrong
    if type(output) is not str:
        raise Wrong("need a formula")
    try:
        y = eval(output, {"np": np, "x": instance[0]})
        miss = float(np.abs(np.clip(y, -9, 9) - instance[1]).max())
    except Exception:
        raise Wrong("no formula")
    return -miss
""",
        "def solve(x):\n    return '0.5 * x'\n",
        named=("source",),
        words="eval",
    ),
    "has a public function that remembers": Toy(
        WEIGHTS
        + """
def score(weights, output):
    from shoal.judging import array
    return float(np.clip(array(output, shape=(6,)), 0, 1) @ weights)
""",
        "def solve(weights):\n    return [0.5] * 6\n",
        public="""
        calls = 0
        def hint(answer):
            global calls
            calls += 1
            return calls
        """,
        named=("public",),
        words="hint() answers 1, then 2",
    ),
    "ranks NaN first": Toy(
        """
        def instances(split, rng):
            while True:
                yield rng.uniform(0.0, 1.0, (5, 4))
        def play(rows, ask):
            total = 0.0
            for row in rows:
                answer = ask("solve", row)
                from shoal.judging import Wrong, array
                total += float(row[int(array(answer, shape=(4,), finite=False).argmax())])
            return total
        """,
        "def solve(row):\n    return -row\n",
        kind="session",
        range=(0.0, 5.0),
        named=("not finite",),
        words="NaN",
    ),
    "scores honest programs on canaries": Toy(
        WEIGHTS
        + """
def canaries(rng):
    while True:
        yield rng.uniform(0.5, 1.0, 6)
def score(weights, output):
    from shoal.judging import array
    return float(np.clip(array(output, shape=(6,)), 0, 1) @ weights)
""",
        "def solve(weights):\n    return [0.5] * 6\n",
        named=("canaries",),
        words="canary",
    ),
    "works through any length": Toy(
        """
        from shoal.judging import array
        def instances(split, rng):
            yield None
        def score(instance, output):
            heights = np.clip(array(output, shape=(None,)), 0, 1)
            if not len(heights):
                from shoal.judging import Wrong
                raise Wrong("need some")
            return float(np.abs(np.subtract.outer(heights, heights)).mean())
        """,
        "def solve():\n    return [0.25, 0.5, 1.0]\n",
        more=FIXED + "\n[[answer]]\nshape = [-1]\n",
        range=(0.0, 1.0),
        named=("length",),
        words="100,000 rows",
    ),
}
