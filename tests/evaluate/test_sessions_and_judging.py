"""The conversation between judge and candidate: what each of them sees, says and counts."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from shoal.core.canonical import canonical
from shoal.core.errors import UserError
from shoal.core.values import Split, Status, Trial
from shoal.evaluate import TaskEvaluator
from shoal.sandbox import frames

from .benches import DOUBLE, HONEST, MAIN, Bench, Benches, failed, setting

SESSION = """
def instances(split, rng):
    while True:
        yield rng.integers(0, 1000, 4).tolist()

def play(instance, ask):
    answers = [ask("f", item) for item in instance]
    return {"score": sum(map(float, answers)), "trace": answers, "metrics": {"length": len(instance)}}
"""

COUNTING = """
seen = []

def f(x):
    seen.append(x)
    return len(seen)
"""

PEEKING = """
import gc, sys

def f(x):
    frame, values = sys._getframe(), gc.get_objects()
    while frame:
        values += frame.f_locals.values()
        frame = frame.f_back
    rows = [one for one in values if type(one) in (list, tuple) and len(one) == 4]
    return sum(all(type(item) is int for item in row) and x in row for row in rows)
"""


@pytest.fixture
def session(benches: Benches) -> Bench:
    return benches(SESSION, kind="session", entry=("f",))


def test_a_session_keeps_the_candidates_state_and_each_instance_starts_afresh(session: Bench) -> None:
    outcome = session.evaluate(COUNTING, instances=3)
    assert [one.value for one in outcome.per_instance] == [1 + 2 + 3 + 4.0] * 3
    assert (outcome.score, outcome.metrics) == (10.0, {"length": 4.0})


def test_a_candidate_holds_no_question_that_was_not_asked(session: Bench) -> None:
    assert session.evaluate(PEEKING, instances=2).score == 0.0


def test_a_session_ends_with_the_first_bad_answer(session: Bench) -> None:
    program = "count = []\ndef f(x):\n    count.append(x)\n    return 1 if len(count) < 3 else 1 / 0\n"
    assert failed(session.evaluate(program), Status.CRASH) == "ZeroDivisionError: division by zero (line 4)"


def test_the_look_for_unasked_questions_finds_what_is_there(session: Bench) -> None:
    program = PEEKING + "\n\nknown = [1, 2, 3]\nf, look = lambda x: look_with([x, *known]), f\n"
    program += "\ndef look_with(row):\n    return look(row[0])\n"
    assert (session.evaluate(program).score or 0.0) > 0.0


def test_what_happened_in_a_session_can_be_kept(session: Bench) -> None:
    trial = Trial(Split.SEARCH, (0, 1))
    shown = session.run(session.evaluator.show(trial, {MAIN: COUNTING.encode()}, seed=1, keep=True))
    instance, trace = frames.decode(shown.kept)
    assert len(instance) == 4 and trace == [1, 2, 3, 4]


def test_a_trace_function_is_asked_after_the_answer(honest: Bench) -> None:
    program = "state = []\ndef f(x):\n    state.append(1)\n    return 2 * x\ndef seen():\n    return state\n"
    shown = honest.run(honest.evaluator.show(Trial(Split.SEARCH, (0,)), {MAIN: program.encode()}, seed=1, trace="seen"))
    assert shown.outcome.score == 1.0 and frames.decode(shown.kept) == [1]


def test_the_first_failure_ends_a_trial_early(honest: Bench) -> None:
    program = "def f(x):\n    return 2 * x if x < 1.3 else None\n"
    drawn = [_argument(honest, index=k) for k in range(8)]
    first = next(k for k, x in enumerate(drawn) if x >= 1.3)
    outcome = honest.evaluate(program, instances=8)
    failed(outcome, Status.WRONG)
    assert [one.status for one in outcome.per_instance] == ["ok"] * first + ["wrong"]
    assert outcome.counted.instance_runs == first + 1


def _argument(bench: Bench, *, index: int, seed: int = 1, split: Split = Split.SEARCH) -> float:
    kept = bench.run(bench.evaluator.show(Trial(split, (index,)), {MAIN: DOUBLE.encode()}, seed=seed, keep=True)).kept
    return float(frames.decode(kept)[0][0])


def test_same_seed_same_instances_other_seed_others(honest: Bench) -> None:
    assert _argument(honest, index=3) == _argument(honest, index=3)
    assert len({_argument(honest, index=k, seed=seed) for k in (0, 1) for seed in (1, 2)}) == 4


RANDOM = """
import random
import numpy as np

def f(x):
    return random.random() + np.random.rand()
"""


def test_a_candidates_random_numbers_hang_on_the_draw_alone(benches: Benches) -> None:
    bench = benches(
        "def instances(split, rng):\n    yield 1\n\ndef score(instance, output):\n    return output\n", fixed=True
    )
    one, again, other = (bench.evaluate(RANDOM, seed=seed).score for seed in (5, 5, 6))
    assert one == again != other


def test_a_candidate_is_never_told_the_judges_seed(honest: Bench) -> None:
    """With it, it could draw the instances itself, hidden answers included."""
    program = """
        import sys
        import numpy as np

        def f(x):
            frame = sys._getframe()
            while frame:
                for value in [*frame.f_locals.values(), *(frame.f_locals.get("spec") or {}).values()]:
                    if type(value) is int:
                        rng = np.random.Generator(np.random.Philox(np.random.SeedSequence(abs(value))))
                        if float(rng.uniform(1.0, 2.0)) == x:
                            return 1e6
                frame = frame.f_back
            return 2 * x
    """
    assert honest.evaluate(program, seed=123_456_789_012).score == 1.0


PUBLIC = """
from math import factorial

def score(x):
    return -abs(x)

def _hidden(x):
    return "hidden"

def broken(x):
    raise ValueError("no such layout")

def endless(x):
    while True:
        x += 1

def odd(x):
    return {1, 2}
"""


@pytest.fixture
def public(benches: Benches) -> Bench:
    return benches(HONEST, public=PUBLIC, judge_cpu_seconds=2.0)


def test_public_functions_are_answered_and_counted(public: Bench) -> None:
    program = "import public\ndef f(x):\n    return 2 * x + sum(public.score(float(k)) + k for k in range(5))\n"
    outcome = public.evaluate(program, instances=2)
    assert (outcome.score, outcome.counted.public_calls) == (1.0, 10)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ("public.broken(1)", "public.broken: ValueError: no such layout"),
        ("public.score()", "missing 1 required positional argument"),
        ("public.factorial(10)", "has no attribute 'factorial'"),
        ("public.odd(1)", "a value of type builtins.set may not cross the border"),
    ],
)
def test_public_functions_refuse_nonsense(public: Bench, call: str, told: str) -> None:
    assert told in failed(public.evaluate(f"import public\ndef f(x):\n    return {call}\n"), Status.CRASH)


@pytest.mark.parametrize("name", ["factorial", "_hidden", "__class__", "__builtins__", "x" * 500])
def test_only_what_public_py_defines_can_be_called(public: Bench, name: str) -> None:
    program = f"""
        import public

        def f(x):
            cell = dict(zip(public.score.__code__.co_freevars, public.score.__closure__))
            cell["name"].cell_contents = {name!r}
            return public.score(3)
    """
    assert "public.py has no such function" in failed(public.evaluate(program), Status.CRASH)


@pytest.mark.parametrize("call", ["public.endless(1)", "public.score(HEAVY)"])
def test_public_calls_cannot_use_up_the_judges_time(public: Bench, call: str) -> None:
    program = f"""
        import contextlib
        import public

        HEAVY = [[]] * 200_000

        def f(x):
            while True:
                with contextlib.suppress(RuntimeError):
                    {call}
    """
    outcome = public.evaluate(program)
    failed(outcome, Status.TIMEOUT)
    assert outcome.counted.public_calls == 0, "how many came through is a matter of luck"


AGGREGATED = """
import math

def instances(split, rng):
    yield from (1.0, 2.0, 4.0)

def score(instance, output):
    if output == "much":
        return instance * 1e5
    return {
        "score": float(output),
        "descriptor": [instance, output],
        "metrics": {"even": float(instance), "nan": math.nan, "inf": math.inf},
        "private": {"truth": instance, "nan": math.nan},
        "feedback": f"at {instance:g}",
    }

def aggregate(values):
    return math.prod(values)
"""


def test_aggregate_metrics_private_descriptor_and_feedback(benches: Benches) -> None:
    outcome = benches(AGGREGATED, sign=-1.0).evaluate("def f(x):\n    return 2 * x\n", instances=3)
    assert outcome.score == -64.0
    assert [one.value for one in outcome.per_instance] == [2.0, 4.0, 8.0]
    assert [one.descriptor for one in outcome.per_instance] == [(1.0, 2.0), (2.0, 4.0), (4.0, 8.0)]
    assert outcome.metrics == {"even": pytest.approx(7 / 3)}, "numbers that are not finite are left out"
    assert outcome.private == {"truth": pytest.approx(7 / 3)}
    assert outcome.feedback == "at 1 at 2 at 4"
    assert canonical(outcome), "what cannot be written to the log would end the run"


def test_an_aggregate_outside_the_range_fails_the_candidate(benches: Benches) -> None:
    feedback = failed(benches(AGGREGATED).evaluate("def f(x):\n    return 'much'\n", instances=3), Status.WRONG)
    assert "outside the task's range" in feedback


def test_a_descriptor_that_is_not_finite_fails_the_candidate(benches: Benches) -> None:
    judge = AGGREGATED.replace("[instance, output]", "[instance, math.nan]")
    assert "descriptor" in failed(benches(judge).evaluate(DOUBLE), Status.WRONG)


def test_the_data_folder_is_shown_and_nothing_else(benches: Benches, runner, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "table.txt").write_text("41\n")
    (tmp_path / "judge.py").write_text(HONEST)
    (tmp_path / "answers.txt").write_text("42\n")
    for path in (tmp_path / "data", tmp_path, *tmp_path.parents[:-2]):
        path.chmod(0o755)
    bench = Bench(runner, setting(HONEST, folder=tmp_path))
    try:
        read = f"def f(x):\n    return 2 * x + (int(open({str(tmp_path)!r} + '/%s').read()) - 41)\n"
        assert bench.evaluate(read % "data/table.txt").score == 1.0
        if bench.evaluator.level == 3:
            for name in ("judge.py", "answers.txt"):
                assert "No such file" in failed(bench.evaluate(read % name), Status.CRASH)
            write = read.replace("open(", "open(mode='w', file=") % "data/table.txt"
            assert "Error: [Errno" in failed(bench.evaluate(write), Status.CRASH)
        assert (tmp_path / "data" / "table.txt").read_text() == "41\n"
    finally:
        bench.close()


def test_the_environment_is_empty(honest: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOAL_HONEY", "1")
    assert honest.evaluate("import os\ndef f(x):\n    return 2 * x + len(os.environ)\n").score == 1.0


# -- judges that fail ---------------------------------------------------------------------------------------------

PUPPET = """
import sys, time
import numpy as np

class Odd:
    pass

def instances(split, rng):
    if split == "search":
        yield from range(4)

def score(instance, output):
    if output == "raise":
        raise LookupError("no such case")
    if output == "loop":
        while True:
            pass
    if output == "hog":
        return len([0] * (1 << 34))
    if output == "leave":
        sys.exit(0)
    if output == "long":
        return {"score": 1.0, "metrics": {f"metric {k}": 1.0 for k in range(100_000)}}
    return {"odd": Odd(), "none": None, "text": "1", "true": True, "complex": 1j, "dict": {"points": 1},
            "metrics": {"score": 1, "metrics": {"a": "b"}}, "zero": {}}[output]
"""


@pytest.mark.parametrize(
    ("mood", "told"),
    [
        ("raise", "LookupError: no such case (judge.py, line 14)"),
        ("hog", "MemoryError"),
        ("leave", "the judge left with exit code 70 without giving a score"),
        ("long", "the limit is 1048576"),
        ("odd", "TypeError: the judge's score must be a number, not Odd"),
        ("none", "must be a number, not NoneType"),
        ("text", "must be a number, not str"),
        ("true", "must be a number, not bool"),
        ("complex", "must be a number, not complex"),
        ("dict", "TypeError: the judge's dictionary has no 'score', only points"),
        ("zero", "has no 'score', only nothing"),
        ("metrics", "could not convert string to float"),
    ],
)
def test_a_judge_that_fails_is_told_in_one_line(benches: Benches, mood: str, told: str) -> None:
    message = benches(PUPPET, judge_cpu_seconds=1.0).fault(f"def f(x):\n    return {mood!r}\n")
    assert told in message and "\n" not in message


def test_an_answer_that_keeps_the_judge_busy_is_the_candidates_loss(benches: Benches) -> None:
    outcome = benches(PUPPET, judge_cpu_seconds=1.0).evaluate("def f(x):\n    return 'loop'\n")
    assert (outcome.status, outcome.score, outcome.counted.evaluations) == (Status.TIMEOUT, None, 1)
    assert outcome.feedback == "judging its answers took more than 1 CPU s (judge_cpu_seconds)"


def test_a_judge_without_enough_instances(benches: Benches) -> None:
    bench = benches(PUPPET, judge_cpu_seconds=1.0)
    told = "instances('search', rng) gave 4 instances, but number 4 is asked for"
    assert told in bench.fault("def f(x):\n    return 1\n", instances=5)
    assert "'validation', rng) gave 0 instances" in bench.fault(DOUBLE, split=Split.VALIDATION)


def test_what_a_judge_cannot_hand_out_is_the_judges_fault(benches: Benches) -> None:
    judge = "def instances(split, rng):\n    yield {1, 2}\n\ndef score(instance, output):\n    return 1\n"
    assert "what the judge hands to f() cannot be sent" in benches(judge).fault(DOUBLE)


@pytest.mark.parametrize(
    ("judge", "told"),
    [
        ("def instances(split, rng):\n    yield 1\n", "must define the function score"),
        ("import nowhere\n", "No module named 'nowhere'"),
        ("def f(:\n", "SyntaxError"),
        ("def instances(split, rng):\n    return []\n\ndef score(i, o):\n    return 1\n", "gives no instance"),
        ("def instances(split, rng):\n    raise OSError('gone')\n\ndef score(i, o):\n    return 1\n", "OSError: gone"),
    ],
)
def test_a_judge_that_cannot_be_loaded_is_its_authors_mistake(runner, judge: str, told: str) -> None:
    async def start() -> None:
        async with TaskEvaluator(setting(judge), workers=1):
            raise AssertionError("it started")

    with pytest.raises(UserError, match=r"task toy: judge\.py cannot be loaded: ") as caught:
        runner.run(start())
    assert told in str(caught.value) and "\n" not in str(caught.value)


# -- pictures -----------------------------------------------------------------------------------------------------

DRAWING = textwrap.dedent("""
    def instances(split, rng):
        yield 3

    def score(instance, output):
        return float(output)

    def picture(instance, output):
        if output == 1:
            return "not bytes"
        import io
        from matplotlib.figure import Figure
        figure = Figure(figsize=(2, 1))
        figure.add_subplot().plot([instance, output])
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png")
        return buffer.getvalue()
""")


def test_pictures_are_drawn_in_the_judges_jail(benches: Benches) -> None:
    bench = benches(DRAWING)

    def draw(program: str) -> bytes | None:
        async def both() -> bytes | None:
            trial = Trial(Split.SEARCH, (0,))
            shown = await bench.evaluator.show(trial, {MAIN: program.encode()}, seed=1, keep=True)
            return await bench.evaluator.picture(shown.kept)

        return bench.run(both())

    assert (draw(DOUBLE) or b"").startswith(b"\x89PNG")
    assert draw("def f(x):\n    return 1\n") is None
    assert bench.run(bench.evaluator.picture(b"\xff\xff")) is None
    assert draw("def f(x):\n    return 1 / 0\n") is None
