"""Questions that are put together: one exchange, and otherwise what they are one by one."""

from __future__ import annotations

import pytest

from shoal.core.values import Status

from .benches import Bench, Benches, failed

TOGETHER = """
import numpy as np

def instances(split, rng):
    while True:
        yield rng.integers(1, 1000, 50).tolist()

def play(instance, ask):
    answers = ask.many("f", ((item, "word") for item in instance))
    alone = [ask("f", item, "word") for item in instance]
    return {"score": sum(map(float, answers)), "feedback": repr(answers[:3]), "metrics": {"same": answers == alone}}
"""
CHATTY = "answers = []\ndef f(x, word):\n    answers.append(x)\n    return {body}\n"


@pytest.fixture
def together(benches: Benches) -> Bench:
    return benches(TOGETHER, kind="session", entry=("f",), cpu_seconds=5.0)


@pytest.mark.parametrize("body", ["2 * x", "x / 7", "[x, None]", "(x, word)", "{'x': [x]}", "word * 3", "x > 500"])
def test_answers_are_those_of_one_question_after_another(benches: Benches, body: str) -> None:
    judge = TOGETHER.replace("sum(map(float, answers))", "len(answers)")
    outcome = benches(judge, kind="session", entry=("f",)).evaluate(f"def f(x, word):\n    return {body}\n")
    assert (outcome.status, outcome.score, outcome.metrics) == (Status.OK, 50.0, {"same": 1.0})


def test_the_function_is_called_once_for_each_question_in_their_order(together: Bench) -> None:
    outcome = together.evaluate("count = []\ndef f(x, word):\n    count.append(x)\n    return len(count)\n")
    assert (outcome.score, outcome.feedback) == (sum(range(1, 51)), "[1, 2, 3]")


def test_an_array_that_is_filled_again_for_each_answer_is_sent_as_it_was(benches: Benches) -> None:
    judge = TOGETHER.replace("sum(map(float, answers))", "sum(map(sum, answers))").replace("answers == alone", "1")
    program = "import numpy as np\nout = np.zeros(2)\ndef f(x, word):\n    out[:] = x, 1\n    return out\n"
    bench = benches(judge, kind="session", entry=("f",))
    numbers = bench.evaluate("def f(x, word):\n    return [float(x), 1.0]\n")
    assert bench.evaluate(program).score == numbers.score


def test_arguments_belong_to_their_call(benches: Benches) -> None:
    judge = """
import numpy as np

def instances(split, rng):
    yield None

def play(instance, ask):
    shared = np.ones(3)
    return sum(map(float, ask.many("f", [(shared, [1.0])] * 4)))
"""
    program = "def f(x, one):\n    x *= 2\n    one.append(1)\n    return x.sum() + len(one)\n"
    assert benches(judge, kind="session", entry=("f",)).evaluate(program).score == 4 * (6 + 2)


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ("1 if len(answers) < 30 else 1 / 0", Status.CRASH, "ZeroDivisionError: division by zero (line 4)"),
        ("1 if len(answers) < 30 else {1, 2}", Status.CRASH, "a value of type builtins.set may not cross the border"),
        ("1 if len(answers) < 30 else bytearray(1 << 30)", Status.MEMORY, "MemoryError"),
        ("1 if len(answers) < 30 else exit()", Status.CRASH, "NameError"),
        ("1 if len(answers) < 30 else __import__('os')._exit(0)", Status.CRASH, "ended without an answer"),
        ("1 if len(answers) != 30 else bytes(33 << 20)", Status.WRONG, "the limit is 33554432"),
        ("[[]] * 100_000", Status.WRONG, "more than 4194304 values"),
        ("bytes(1 << 20)", Status.WRONG, "the limit is 33554432"),
    ],
)
def test_the_first_failure_is_told_as_for_one_question(together: Bench, body: str, status: Status, told: str) -> None:
    assert told in failed(together.evaluate(CHATTY.format(body=body)), status)


def test_a_time_limit_holds_for_all_of_them(benches: Benches) -> None:
    bench = benches(TOGETHER, kind="session", entry=("f",), wall_seconds=1.0)
    slow = "import time\ndef f(x, word):\n    time.sleep(0.1)\n    return 1\n"
    assert "no answer within 1 s" in failed(bench.evaluate(slow), Status.TIMEOUT)
    busy = "def f(x, word):\n    for _ in range(10_000_000):\n        pass\n    return 1\n"
    assert "too slow" in failed(bench.evaluate(busy), Status.TIMEOUT)


FORGER = """
import struct, sys

def f(x, word):
    frame = sys._getframe()
    while "channel" not in frame.f_locals:
        frame = frame.f_back
    answers = {answers}
    body = b"m" + struct.pack("<II", 1, 5) + b"value" + answers
    frame.f_locals["channel"].sendall(struct.pack("<I", len(body)) + body)
    return 1.0
"""


@pytest.mark.parametrize(
    "answers",
    [
        'b"D" + struct.pack("<I49d", 49, *[1.0] * 49)',
        'b"D" + struct.pack("<I51d", 51, *[1.0] * 51)',
        'b"D" + struct.pack("<I", 0)',
        'b"d" + struct.pack("<d", 1.0)',
        'b"n"',
        'b"a" + struct.pack("<BBq", 3, 1, 50) + b"<f8" + bytes(400)',
        'b"m" + struct.pack("<I", 0)',
    ],
)
def test_as_many_answers_must_come_as_there_were_questions(together: Bench, answers: str) -> None:
    feedback = failed(together.evaluate(FORGER.format(answers=answers)), Status.WRONG)
    assert "not a frame of the protocol: 50 answers were asked for" in feedback


def test_each_answer_is_held_to_its_declaration_and_no_judge_can_catch_the_refusal(benches: Benches) -> None:
    judge = TOGETHER.replace("    answers =", "    try:\n        answers =").replace(
        "    alone =", "    except Exception:\n        return 99.0\n    alone ="
    )
    declared = ({"name": "rank", "function": "f", "shape": [], "dtype": "int", "low": 0.0},)
    bench = benches(judge, kind="session", entry=("f",), answers=declared)
    assert bench.evaluate("def f(x, word):\n    return x\n").metrics == {"same": 1.0}
    for body, told in (("1.5", "must be an integer"), ("-1", "must lie in"), ("None", "got nothing")):
        program = CHATTY.format(body=f"1 if len(answers) < 30 else {body}")
        assert told in failed(bench.evaluate(program), Status.WRONG)


LARGE = """
import numpy as np

def instances(split, rng):
    yield None

def play(instance, ask):
    sizes = [0, 3, 400_000, 1, 200_000] + [10_000] * 40 + [0]
    answers = ask.many("f", [(np.full(size, size), k) for k, size in enumerate(sizes)])
    assert [one[:2] for one in answers] == [[float(k), float(size * size)] for k, size in enumerate(sizes)]
    return {"score": sum(len(one[2]) for one in answers) / 46, "metrics": {"none": len(ask.many("f", []))}}
"""


def test_large_arguments_are_sent_in_several_frames(benches: Benches) -> None:
    bench = benches(LARGE, kind="session", entry=("f",), fixed=True)
    whole = "def f(x, k):\n    return [float(k), float(x.sum()), bytes(700_000)]\n"
    outcome = bench.evaluate(whole)
    assert (outcome.score, outcome.metrics, outcome.feedback) == (700_000, {"none": 0.0}, "")
    # 46 answers in several frames, none of them beyond the limit of one
    assert "the limit is" in failed(bench.evaluate(whole.replace("700_000", "800_000")), Status.WRONG)


def test_public_functions_are_called_and_counted_meanwhile(benches: Benches) -> None:
    public = "def double(x):\n    return 2 * x\n"
    bench = benches(TOGETHER, kind="session", entry=("f",), public=public)
    outcome = bench.evaluate("import public\ndef f(x, word):\n    return public.double(x) / 2 - x\n")
    assert (outcome.score, outcome.counted.public_calls) == (0.0, 100)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("[1, 2]", "many() takes a tuple of arguments for each call of f(), not int"),
        ("['ab']", "not str"),
        ("[({1},)]", "what the judge hands to f() cannot be sent: a value of type builtins.set"),
    ],
)
def test_questions_that_cannot_be_put_are_the_judges_fault(benches: Benches, asked: str, told: str) -> None:
    judge = f"def instances(split, rng):\n    yield 1\n\ndef play(instance, ask):\n    ask.many('f', {asked})\n"
    message = benches(judge, kind="session", entry=("f",)).fault("def f(x):\n    return x\n")
    assert told in message and "(judge.py, line 5)" in message


HONEY = """
import sys

def instances(split, rng):
    yield None

def play(instance, ask):
    word = sys.modules["shoal.evaluate._judge"]._loaded[0].honey
    answers = ask.many("f", [("",), (word,)])
    return 1.0
"""


def test_a_word_that_only_the_judge_knows_is_found_in_any_answer(benches: Benches) -> None:
    bench = benches(HONEY, kind="session", entry=("f",), fixed=True)
    outcome = bench.evaluate("def f(word):\n    return ['x', word]\n")
    assert "a word that only the judge knows" in failed(outcome, Status.VIOLATION)
    assert outcome.flags == ("honey_token",)
