"""The folder judge_data: a judge reads it, no candidate does, wherever the task lies."""

import asyncio
from pathlib import Path

from shoal.core.values import Status
from tests.evaluate.benches import Bench, failed, setting

JUDGE = """
from pathlib import Path

from shoal.judging import number

TABLE = Path(__file__).parent / "judge_data" / "table.txt"


def instances(split, rng):
    for line in TABLE.read_text().split():
        yield float(line)


def arguments(instance):
    return ()


def score(instance, output):
    return 1.0 if number(output) == instance else 0.0
"""


def test_the_judge_reads_its_data_and_no_candidate_does(runner: asyncio.Runner, tmp_path: Path) -> None:
    (tmp_path / "judge_data").mkdir()
    table = tmp_path / "judge_data" / "table.txt"
    table.write_text("41\n")
    for path in (table.parent, tmp_path, *tmp_path.parents[:-2]):
        path.chmod(0o755)
    bench = Bench(runner, setting(JUDGE, folder=tmp_path))
    try:
        assert bench.evaluate("def f():\n    return 41\n").score == 1.0
        if bench.evaluator.level >= 2:
            failed(bench.evaluate(f"def f():\n    return float(open({str(table)!r}).read())\n"), Status.CRASH)
            listed = f"import os\ndef f():\n    return 40 + len(os.listdir({str(table.parent)!r}))\n"
            failed(bench.evaluate(listed), Status.CRASH)
    finally:
        bench.close()


def test_it_is_hidden_where_candidates_can_read_the_folder_around_it(tmp_path: Path) -> None:
    (tmp_path / "judge_data").mkdir()
    task = setting(JUDGE, folder=tmp_path)
    assert str(tmp_path / "judge_data") in task.candidate_profile().hide
    assert str(tmp_path / "judge_data") in task.judge_profile().mounts
    assert str(tmp_path / "judge_data") not in task.candidate_profile().mounts
