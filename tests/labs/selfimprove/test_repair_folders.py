"""Folders of tasks: what loads, and what is told about a mistake."""

import json
from pathlib import Path

import pytest

from shoal.core.errors import UserError
from shoal.core.values import Split
from shoal.labs.selfimprove._folders import load_bench, load_program, load_task
from shoal.labs.selfimprove._tasks import Limits, Test, split_of

from .examples import BUGS, FILES, HIDDEN, VISIBLE, write_task


def test_a_folder_becomes_a_task(tmp_path: Path) -> None:
    settings = 'program = "doubling"\nkind = "off by one"\n[limits]\nruns = 7\nseconds = 1\nmemory_mb = 128\n'
    before = [{"call": "double:double", "arguments": [2], "raises": "E", "before": [["double:double", [1]]]}]
    task = load_task(write_task(tmp_path / "mine", task_toml=settings, visible_json=json.dumps(before)))
    assert (task.name, task.program, task.kind, task.origin) == ("mine", "doubling", "off by one", "own")
    assert task.statement == "Doubles a number."
    assert task.files == {"double.py": "def double(x):\n    return x + x + 1\n"}
    assert task.visible == (Test("double:double", (2,), raises="E", before=(("double:double", (1,)),)),)
    assert task.hidden == (Test("double:double", (7,), 14),)
    assert task.limits == Limits(7, 1.0, 128)
    assert not task.self_scored


def test_without_settings_a_task_is_its_own_program(tmp_path: Path) -> None:
    task = load_task(write_task(tmp_path / "mine"))
    assert (task.program, task.kind, task.limits) == ("mine", None, Limits())


def test_a_command_makes_a_task_self_scored(tmp_path: Path) -> None:
    settings = 'command = ["python3", "check.py"]\n'
    folder = write_task(tmp_path / "mine", task_toml=settings, visible_json=None, hidden_json=None)
    task = load_task(folder)
    assert task.self_scored and task.command == ("python3", "check.py")
    assert task.visible == task.hidden == ()


ONE = '[{"call": "double:double", "arguments": [1], "expected": 2}]'


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"statement_md": None}, "statement.md is missing: every task has one"),
        ({"statement_md": " \n"}, "statement.md is empty"),
        ({"statement_md": "a" * 140_000}, "statement.md: longer than 128 KB"),
        ({"files__double_py": None}, "files is missing: put the program there"),
        ({"files__double_py": "def double(x:\n"}, "double.py: line 1: "),
        ({"visible_json": None}, "visible.json is missing"),
        ({"visible_json": "["}, "visible.json: line 1: not valid JSON"),
        ({"visible_json": "[]"}, "visible.json: []: list should have at least 1 item"),
        ({"visible_json": "{}"}, "visible.json: {}: input should be a valid list"),
        ({"visible_json": ONE.replace("2", "NaN")}, "NaN is no JSON value: write a finite number or null"),
        ({"visible_json": ONE.replace("double:", "double.")}, "[0].call = 'double.double': string should match"),
        ({"visible_json": ONE.replace("[1]", "1")}, "[0].arguments = 1: input should be a valid list; for example"),
        ({"visible_json": ONE.replace("call", "cal")}, "[0].call is missing: add it; for example"),
        ({"visible_json": ONE.replace('"expected"', '"raise": "E", "expected"')}, "did you mean raises?"),
        ({"visible_json": ONE.replace('"expected"', '"raises": "E", "expected"')}, '[0] has one of "expected" and'),
        ({"visible_json": ONE.replace(', "expected": 2', "")}, '[0] has one of "expected" and "raises"'),
        ({"visible_json": ONE.replace("double:", "triple:")}, "[0] calls 'triple:double': files/ has no triple.py"),
        ({"visible_json": ONE.replace(":double", ":triple")}, "double.py defines no triple; correct the call"),
        ({"hidden_json": ONE}, "hidden.json: [0] (double:double) is a visible test, too"),
        ({"hidden_json": None}, "hidden.json is missing"),
        ({"task_toml": "comand = []\n"}, "task.toml: comand is not known here: did you mean command?"),
        ({"task_toml": "a = \n"}, "task.toml: not valid TOML"),
        ({"task_toml": "[limits]\nruns = 0\n"}, "limits.runs = 0: input should be greater than or equal to 1; for ex"),
        ({"task_toml": "[limits]\nseconds = inf\n"}, "limits.seconds = inf: input should be a finite number"),
        ({"task_toml": 'kind = "typo"\n'}, "kind = 'typo': input should be 'boundary', 'operator'"),
        ({"task_toml": 'program = "a/b"\n'}, "program = 'a/b': string should match pattern"),
        ({"task_toml": 'command = ["x"]\n'}, "hidden.json: task.toml has a command, which scores the task"),
    ],
)
def test_a_mistake_is_told_in_one_line(tmp_path: Path, files: dict[str, str | None], told: str) -> None:
    with pytest.raises(UserError) as caught:
        load_task(write_task(tmp_path / "mine", **files))
    message = str(caught.value)
    assert told in message
    assert message.startswith(str(tmp_path / "mine"))
    assert "\n" not in message


def test_links_and_bytes_are_no_files_of_a_task(tmp_path: Path) -> None:
    folder = write_task(tmp_path / "mine")
    (folder / "files" / "more.py").symlink_to(folder / "statement.md")
    with pytest.raises(UserError, match="only plain files"):
        load_task(folder)
    (folder / "files" / "more.py").unlink()
    (folder / "files" / "more.py").write_bytes(b"\xff")
    with pytest.raises(UserError, match="byte 0 is not UTF-8"):
        load_task(folder)


def test_streams_by_folder(tmp_path: Path) -> None:
    for place in ("search/a", "search/b", "validation/c", "sealed/d"):
        write_task(tmp_path / place)
    streams = load_bench(tmp_path)
    assert {split: [task.name for task in tasks] for split, tasks in streams.items()} == {
        Split.SEARCH: ["a", "b"],
        Split.VALIDATION: ["c"],
        Split.SEALED: ["d"],
    }


def test_streams_by_the_name_of_the_program(tmp_path: Path) -> None:
    for number in range(30):
        write_task(tmp_path / f"task{number}", task_toml=f'program = "p{number % 15}"\n')
    streams = load_bench(tmp_path)
    assert sum(map(len, streams.values())) == 30
    for split, tasks in streams.items():
        assert tasks and {split_of(task.program) for task in tasks} == {split}


@pytest.mark.parametrize(
    ("places", "told"),
    [
        ({"search/a": "p", "validation/b": "q", "sealed/c": "p"}, "program p is in search/ and in sealed/"),
        ({"search/a": "p", "validation/b": "q", "sealed/a": "r"}, "two tasks are called a: rename one"),
        ({"search/a": "p", "sealed/b": "q"}, "none of 2 tasks is for validation: add tasks, or sort them"),
    ],
)
def test_streams_that_would_prove_nothing_are_refused(tmp_path: Path, places: dict[str, str], told: str) -> None:
    for place, program in places.items():
        write_task(tmp_path / place, task_toml=f'program = "{program}"\n')
    with pytest.raises(UserError, match=told):
        load_bench(tmp_path)


def test_a_bench_is_a_folder(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is not a folder: give one"):
        load_bench(tmp_path / "none")


def test_a_program_of_the_benchmark_loads(tmp_path: Path) -> None:
    folder = write_task(tmp_path / "shelf", files__double_py=None, visible_json=None, hidden_json=None)
    (folder / "files").mkdir()
    for name, text in FILES.items():
        (folder / "files" / name).write_text(text)
    tests = {"visible": [one.shown() for one in VISIBLE], "hidden": [one.shown() for one in HIDDEN]}
    (folder / "tests.json").write_text(json.dumps(tests))
    bugs = [{name: getattr(bug, name) for name in ("name", "kind", "file", "find", "replace")} for bug in BUGS]
    (folder / "bugs.json").write_text(json.dumps(bugs))
    program = load_program(folder)
    assert (program.visible, program.hidden, program.bugs) == (VISIBLE, HIDDEN, BUGS)
    bugs[0]["find"] = "weight"
    (folder / "bugs.json").write_text(json.dumps(bugs))
    with pytest.raises(UserError, match="the text to find of refuses-the-heaviest occurs 10 times"):
        load_program(folder)
