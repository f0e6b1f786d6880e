"""Tasks of kind command, from the judge's instance to the outcome, and through a whole run."""

import asyncio
import shutil
import textwrap
from pathlib import Path
from typing import Any

import pytest

from shoal.core.values import Outcome, Split, Status, Trial
from shoal.labs import evolve
from tests.evaluate.benches import MAIN, Bench, Benches, failed, own_tmp, setting

JUDGE = """
from shoal.judging import Wrong

TOKEN = "honey-token-77e0"

def instances(split, rng):
    while True:
        yield int(rng.integers(1, 1000)), TOKEN

def arguments(instance):
    return {"stdin": f"{instance[0]}\\n", "files": {"data.txt": "3"}, "arguments": ["--times", "2"]}

def score(instance, output):
    try:
        value = int(output["stdout"])
    except ValueError:
        raise Wrong(f"{output['stdout'][:80]!r} is not a whole number") from None
    return {"score": 1.0 - abs(value - 2 * instance[0]), "metrics": {"files": len(output["files"])}}
"""
DOUBLE = "print(2 * int(input()))"
needs_compiler = pytest.mark.skipif(shutil.which("g++") is None, reason="no C++ compiler here")


def command(benches: Benches, judge: str = JUDGE, **changes: Any) -> Bench:
    given: dict[str, Any] = {"kind": "command", "entry": (), "command": ("python3", MAIN), "cpu_seconds": 1.0}
    return benches(judge, **{**given, **changes})


@pytest.fixture
def bench(benches: Benches) -> Bench:
    return command(benches)


@pytest.fixture(autouse=True)
def _next_one_scores_as_before(bench: Bench) -> Any:
    yield
    assert bench.evaluate(DOUBLE).score == 1.0


# -- what a program gets and gives ------------------------------------------------------------------------------------


def test_a_program_reads_its_input_and_prints_its_answer(bench: Bench) -> None:
    outcome = bench.evaluate(DOUBLE, instances=3)
    assert outcome.status is Status.OK
    assert [one.value for one in outcome.per_instance] == [1.0, 1.0, 1.0]
    assert outcome.counted.instance_runs == 3
    assert 0.01 < outcome.measured.cpu_seconds < 3


def test_a_program_gets_arguments_files_and_a_seed(bench: Bench) -> None:
    program = """
        import os, sys
        assert sys.argv == ["initial.py", "--times", "2"]
        assert open("data.txt").read() == "3"
        assert int(os.environ["SEED"]) >= 0 and os.getcwd() == os.environ["HOME"]
        print(2 * int(sys.stdin.read()))
    """
    assert bench.evaluate(program).score == 1.0


@pytest.mark.parametrize(
    ("instance", "expected"),
    [
        ('"text"', b"text"),
        ('b"bytes"', b"bytes"),
        ("None", b""),
        ('{"stdin": "in a dictionary"}', b"in a dictionary"),
    ],
)
def test_an_instance_is_standard_input_by_itself(benches: Benches, instance: str, expected: bytes) -> None:
    judge = f"""
        def instances(split, rng):
            yield {instance}

        def score(instance, output):
            return float(output["stdout"] == {expected!r})
    """
    echo = "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read())"
    assert command(benches, textwrap.dedent(judge)).evaluate(echo).score == 1.0


@pytest.mark.parametrize("instance", ["3", '{"stdin": 3}', '{"input": "x"}', '{"files": {"../x": "y"}}', "[1]"])
def test_an_instance_that_no_program_can_be_given_is_the_judges_fault(benches: Benches, instance: str) -> None:
    judge = f"def instances(split, rng):\n    yield {instance}\n\ndef score(instance, output):\n    return 0.0\n"
    assert "TypeError" in command(benches, judge).fault("pass")


def test_the_tasks_data_can_be_read_and_nothing_beside_it(benches: Benches, tmp_path: Path) -> None:
    folder = tmp_path / "task"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "table.txt").write_text("2")
    (folder / "judge.py").write_text(JUDGE)
    program = """
        import os
        data = os.environ["DATA"]
        assert os.listdir(data) == ["table.txt"]
        assert not os.path.exists(f"{data}/../judge.py")
        print(int(open(f"{data}/table.txt").read()) * int(input()))
    """
    assert command(benches, folder=folder).evaluate(program).score == 1.0


def test_declared_files_reach_the_judge(benches: Benches) -> None:
    judge = """
        def instances(split, rng):
            yield ""

        def score(instance, output):
            return float(output["files"] == {"a.bin": b"\\x00\\xff", "b": b""})
    """
    bench = command(benches, textwrap.dedent(judge), outputs=("a.bin", "b"))
    assert bench.evaluate("open('a.bin', 'wb').write(bytes([0, 255])); open('b', 'w')").score == 1.0
    assert failed(bench.evaluate("open('b', 'w')"), Status.CRASH) == "no file a.bin"
    for instead in ("os.symlink('/etc/hostname', 'a.bin')", "os.mkfifo('a.bin')", "os.mkdir('a.bin')"):
        told = failed(bench.evaluate(f"import os; open('b', 'w'); {instead}"), Status.CRASH)
        assert told == "a.bin is not a plain file"
    huge = "open('b', 'w'); open('a.bin', 'w').truncate(100 << 20)"
    assert "bytes; at most" in failed(bench.evaluate(huge), Status.CRASH)


# -- how it may end ---------------------------------------------------------------------------------------------------


def test_an_exit_code_is_a_crash_with_the_last_words(bench: Bench) -> None:
    told = failed(bench.evaluate("raise ValueError('too small')"), Status.CRASH)
    assert told.startswith("the program left with exit code 1: ")
    assert told.endswith("ValueError: too small")
    assert failed(bench.evaluate("print(4); raise SystemExit(3)"), Status.CRASH).endswith("exit code 3")


def test_a_signal_is_a_crash(bench: Bench) -> None:
    assert "died of signal 11" in failed(bench.evaluate("import os; os.kill(os.getpid(), 11)"), Status.CRASH)


def test_what_is_no_answer_is_wrong(bench: Bench) -> None:
    assert "is not a whole number" in failed(bench.evaluate("print('score: 1.0')"), Status.WRONG)
    assert "is not a whole number" in failed(bench.evaluate("pass"), Status.WRONG)


def test_too_much_cpu_time_is_a_timeout_whoever_uses_it(bench: Bench) -> None:
    for program in ("while True: pass", "import os\nfor _ in range(3): os.fork()\nwhile True: pass"):
        assert failed(bench.evaluate(program), Status.TIMEOUT).startswith("too slow")


def test_cpu_time_of_a_helper_counts_against_a_right_answer(bench: Bench) -> None:
    program = """
        import os, time
        if os.fork() == 0:
            end = time.process_time() + 1.2
            while time.process_time() < end: pass
            open("done", "w").close()
            os._exit(0)
        while not os.path.exists("done"):
            time.sleep(0.01)
        print(2 * int(input()))
    """
    outcome = bench.evaluate(program)
    assert outcome.status is Status.TIMEOUT
    assert outcome.score is None and outcome.measured.cpu_seconds > 1.1


def test_a_sleeper_is_a_timeout(benches: Benches) -> None:
    bench = command(benches, wall_seconds=1.0)
    assert "no answer within 1 s" in failed(bench.evaluate("import time; time.sleep(60)"), Status.TIMEOUT)


def test_too_much_memory_is_told(bench: Bench) -> None:
    assert "MemoryError" in failed(bench.evaluate("x = bytearray(300 << 20)"), Status.MEMORY)
    program = "import os, time\nfor _ in range(3):\n    if os.fork() == 0: break\nx = b'x' * (120 << 20)\ntime.sleep(9)"
    failed(bench.evaluate(program), Status.MEMORY)


def test_what_is_forbidden_is_a_violation(bench: Bench) -> None:
    failed(bench.evaluate("import ctypes; ctypes.CDLL(None).unshare(0x10000000)"), Status.VIOLATION)


def test_a_flood_is_a_crash(bench: Bench) -> None:
    told = failed(bench.evaluate("while True: print('x' * 1000000)"), Status.CRASH)
    assert told.startswith("too much on standard output")


# -- cheats -----------------------------------------------------------------------------------------------------------


def test_no_frame_can_be_forged_and_no_judge_be_read(bench: Bench) -> None:
    forge = """
        import os
        frame = b"m\\x01\\x00\\x00\\x00\\x05\\x00\\x00\\x00value" + b"n"
        for descriptor in range(3, 300):
            try: os.write(descriptor, len(frame).to_bytes(4, "little") + frame)
            except OSError: pass
    """
    assert "is not a whole number" in failed(bench.evaluate(forge), Status.WRONG)
    look = """
        import os, sys
        found = []
        for folder, _, names in os.walk("/"):
            found += [name for name in names if name in ("judge.py", "_judge.py", "task.toml")]
        for place in [*sys.path, "/box", "/proc"]:
            for folder, _, names in os.walk(place):
                found += [folder for name in names if name in ("_judge.py", "task.toml")]
        print(found, file=sys.stderr)
        sys.exit(1 if found else 0)
    """
    assert "is not a whole number" in failed(bench.evaluate(look), Status.WRONG)


@own_tmp
def test_a_second_trial_finds_nothing_of_the_first(bench: Bench) -> None:
    program = """
        import os
        print(2 * int(input()) + os.path.exists("mark") + os.path.exists("/tmp/mark"))
        open("mark", "w"); open("/tmp/mark", "w")
    """
    for _ in range(2):
        outcome = bench.evaluate(program, instances=2)
        assert outcome.score == 1.0


def test_a_daemon_ends_with_its_instance(bench: Bench) -> None:
    program = """
        import os, time
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0: time.sleep(600)
            os._exit(0)
        os.wait()
        print(2 * int(input()))
    """
    before = bench.processes()
    assert bench.evaluate(program, instances=2).score == 1.0
    assert bench.processes() == before


# -- compiling --------------------------------------------------------------------------------------------------------

CPP = """
#include <iostream>
int main() { long x; std::cin >> x; std::cout << 2 * x << std::endl; }
"""


@pytest.fixture
def compiled(benches: Benches) -> Bench:
    return command(benches, compile=("g++", "-O0", "-o", "main", "-x", "c++", MAIN), command=("./main",))


@needs_compiler
def test_a_program_is_compiled_once_for_a_trial(compiled: Bench) -> None:
    one, three = compiled.evaluate(CPP), compiled.evaluate(CPP, instances=3)
    assert (one.score, three.score) == (1.0, 1.0)
    assert three.measured.cpu_seconds < 2 * one.measured.cpu_seconds


@needs_compiler
def test_what_does_not_compile_is_a_crash_with_the_compilers_words(compiled: Bench) -> None:
    told = failed(compiled.evaluate("int main() { return seaweed; }"), Status.CRASH)
    assert told.startswith("compiling: the compile step left with exit code 1")
    assert "seaweed" in told


def test_a_compile_step_has_a_limit_of_its_own(benches: Benches) -> None:
    slow = ("python3", "-c", "while True: pass")
    bench = command(benches, compile=slow, compile_cpu_seconds=0.5)
    assert failed(bench.evaluate(DOUBLE), Status.TIMEOUT) == "too slow to compile: 0.5 CPU s are allowed"


def test_what_is_not_there_is_told(benches: Benches) -> None:
    bench = command(benches, command=("no-such-program",))
    told = failed(bench.evaluate(DOUBLE), Status.CRASH)
    assert told == "no-such-program cannot be started: No such file or directory"


# -- other levels and whole runs --------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", [2, 1])
def test_other_levels_give_the_same_outcomes(runner: asyncio.Runner, level: int) -> None:
    from shoal.evaluate import TaskEvaluator

    one = setting(JUDGE, kind="command", entry=(), command=("python3", MAIN), cpu_seconds=1.0)

    async def outcomes() -> list[Outcome]:
        async with TaskEvaluator(one, workers=1, level=level) as evaluator:
            assert evaluator.level == level
            programs = (DOUBLE, "raise SystemExit(3)", "while True: pass")
            return [
                await evaluator.evaluate(Trial(Split.SEARCH, (0,)), {MAIN: text.encode()}, seed=1) for text in programs
            ]

    told = runner.run(outcomes())
    assert [one.status for one in told] == [Status.OK, Status.CRASH, Status.TIMEOUT]


TASK = """
name = "fit"
kind = "command"
description = "Numbers near the square of the input."

[program]
file = "{file}"
{program}
outputs = ["out.txt"]

[score]
direction = "max"
range = [-1e9, 0.0]

[instances]
fixed = true
"""
FIT_JUDGE = """
def instances(split, rng):
    yield 1.5


def arguments(instance):
    return {"stdin": str(instance)}


def score(instance, output):
    return -abs(float(output["files"]["out.txt"]) - instance**2)
"""
FIT = """
import sys

A = 0.5
B = 2.0
with open("out.txt", "w") as file:
    file.write(str(A * float(sys.stdin.read()) + B))
"""
FIT_CPP = """
#include <cstdio>
int main() {
    double x, a = 0.5, b = 2.0;  // y = 0.5 x + 2
    if (scanf("%lf", &x) != 1) return 3;
    fprintf(fopen("out.txt", "w"), "%.9f", a * x + b);
}
"""


def evolved(folder: Path, *, file: str, program: str, source: str) -> evolve.Finished:
    task = folder / "fit"
    task.mkdir()
    (task / "task.toml").write_text(TASK.format(file=file, program=program))
    (task / "judge.py").write_text(FIT_JUDGE)
    (task / file).write_text(source)
    config = evolve.RunConfig(task=str(task), evaluations=40, seed=0, out=folder / "runs")
    return asyncio.run(evolve.start(config))


def test_a_python_command_evolves(tmp_path: Path) -> None:
    done = evolved(tmp_path, file="main.py", program='command = ["python3", "main.py"]', source=FIT)
    assert done.initial_score == -0.5
    assert done.best_score is not None and done.best_score > -0.45
    assert (done.status, done.evaluations) == ("done", 40)


@needs_compiler
def test_a_program_of_another_language_has_its_numbers_tuned(tmp_path: Path) -> None:
    program = 'command = ["./main"]\ncompile = ["g++", "-O0", "-o", "main", "main.cpp"]'
    done = evolved(tmp_path, file="main.cpp", program=program, source=FIT_CPP)
    assert done.initial_score == -0.5
    assert done.best_score is not None and done.best_score > -0.45
    (best,) = (done.folder.path / "report").glob("best*")
    assert best.suffix == ".cpp" and "// y = 0.5 x + 2" in best.read_text()
