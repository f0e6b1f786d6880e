"""The parts of improve that need no jail: finding the function, copying the project, examples, types, the patch."""

import asyncio
import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shoal.behaviour import flatten, learn_calls, revive
from shoal.core.errors import UserError
from shoal.labs.evolve.improve import Improved, apply_patch
from shoal.labs.evolve.improve._bench import Told
from shoal.labs.evolve.improve._calls import examples
from shoal.labs.evolve.improve._calls import test_files as found_in
from shoal.labs.evolve.improve._place import copy_project, find_place
from shoal.labs.evolve.improve._result import Memory, patch_of
from shoal.labs.evolve.improve._study import BATCH, DEAR, TARGET_SECONDS, Cases, _alike, _batch, _Cost, _several, _sizes
from shoal.sandbox import Exit, frames


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    for name in ("pack/__init__.py", "pack/mod.py", "src/other/__init__.py", "src/other/part.py", "single.py"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("def f(x):\n    return x\n")
    return folder


@pytest.mark.parametrize(
    ("spec", "file", "root", "module"),
    [
        ("pack.mod:f", "pack/mod.py", "", "pack.mod"),
        ("pack:f", "pack/__init__.py", "", "pack"),
        ("other.part:f", "src/other/part.py", "src", "other.part"),
        ("single:f", "single.py", "", "single"),
        ("src/other/part.py:f", "src/other/part.py", "src", "other.part"),
        ("pack/mod.py:f", "pack/mod.py", "", "pack.mod"),
    ],
)
def test_a_function_is_found_by_module_or_by_file(project: Path, spec: str, file: str, root: str, module: str):
    place = find_place(spec, project=project)
    assert (place.file, place.root, place.module, place.function) == (file, root, module, "f")


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("pack.mod", "write MODULE:FUNCTION"),
        ("pack.mod:", "write MODULE:FUNCTION"),
        ("pack.none:f", "none of pack/none.py"),
        ("pack/none.py:f", "no such file"),
        ("../outside.py:f", "no such file"),
    ],
)
def test_what_cannot_be_found_is_one_line_with_the_fix(project: Path, spec: str, words: str):
    with pytest.raises(UserError, match=words):
        find_place(spec, project=project)


def test_a_file_outside_of_the_project_is_refused(project: Path):
    (project.parent / "outside.py").write_text("def f(): pass\n")
    with pytest.raises(UserError, match="lies outside"):
        find_place("../outside.py:f", project=project)


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("textwrap:shorten", "own_textwrap.py && shoal improve own_textwrap.py:shorten"),
        ("urllib.parse:quote", r"urllib/parse\.py own_parse\.py"),
        ("html:escape", r"html/__init__\.py own_html\.py"),
        ("math:isqrt", "written in C"),
        ("itertools:chain", "written in C"),
        ("os.nothing:f", "Python has no module os.nothing"),
    ],
)
def test_pythons_own_modules_are_to_be_copied_and_the_line_says_how(project: Path, spec: str, words: str):
    with pytest.raises(UserError, match=words):
        find_place(spec, project=project)


def test_an_interpreters_folder_is_no_project(project: Path):
    for name in ("os.py", "site.py", "textwrap.py"):
        (project / name).write_text("def f(x):\n    return x\n")
    for spec in ("textwrap:f", "textwrap.py:f", "pack.mod:f"):
        with pytest.raises(UserError, match="belongs to Python's own folder"):
            find_place(spec, project=project)


def test_a_module_with_the_name_of_one_of_pythons_is_the_projects(project: Path):
    (project / "textwrap.py").write_text("def f(x):\n    return x\n")
    assert find_place("textwrap:f", project=project).file == "textwrap.py"


def test_a_copy_leaves_out_what_is_no_source(project: Path, tmp_path: Path):
    for name in (
        ".git/config",
        ".venv/lib/a.py",
        "node_modules/a.js",
        "env2/pyvenv.cfg",
        "runs/a.txt",
        "keep/data.csv",
    ):
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    (project / "link.py").symlink_to(project / "single.py")
    copy = tmp_path / "copy"
    copy_project(find_place("single:f", project=project), copy, without=project / "keep2")
    names = {path.relative_to(copy).as_posix() for path in copy.rglob("*") if path.is_file()}
    assert names == {
        "pack/__init__.py",
        "pack/mod.py",
        "src/other/__init__.py",
        "src/other/part.py",
        "single.py",
        "keep/data.csv",
    }


def test_tests_are_found_by_the_function_and_else_by_the_module(project: Path):
    tests = project / "tests"
    tests.mkdir()
    (tests / "test_a.py").write_text("from pack.mod import f\n")
    (tests / "test_b.py").write_text("import pack.mod\n")
    place = find_place("pack.mod:f", project=project)
    assert found_in(place, project) == ["tests/test_a.py"]
    other = find_place("pack/mod.py:g", project=project)
    assert found_in(other, project) == ["tests/test_a.py", "tests/test_b.py"]


def test_examples_are_lists_or_tables(tmp_path: Path):
    file = tmp_path / "calls.jsonl"
    file.write_text('[1, "a"]\n\n{"args": [2], "kwargs": {"k": [3]}}\n')
    calls = [revive(one.call) for one in examples(file)]
    assert calls == [((1, "a"), {}), ((2,), {"k": [3]})]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[1]\n[2\n", "line 2 is not JSON"),
        ('{"arguments": [1]}\n', "line 1: write a list"),
        ("7\n", "line 1: write a list"),
        ("\n", "holds no example"),
    ],
)
def test_bad_examples_name_the_line(tmp_path: Path, text: str, words: str):
    file = tmp_path / "calls.jsonl"
    file.write_text(text)
    with pytest.raises(UserError, match=words):
        examples(file)


@pytest.mark.parametrize("before", ["a = 1\nb = 2\n", "a = 1\nb = 2"])
def test_a_patch_can_be_applied(tmp_path: Path, before: str):
    (tmp_path / "deep").mkdir()
    file = tmp_path / "deep" / "file.py"
    file.write_text(before)
    after = before.replace("b = 2", "b = 3\nc = 4")
    (tmp_path / "it.diff").write_text(patch_of(before, after, "deep/file.py"))
    subprocess.run(["git", "apply", "it.diff"], cwd=tmp_path, check=True)
    assert file.read_text() == after


def test_a_file_that_changed_meanwhile_is_left_alone(tmp_path: Path):
    file = tmp_path / "file.py"
    file.write_text("new\n")
    improved = Improved("m:f", "file.py", "improvement shown", before="old\n", source="better\n", patch="x")
    with pytest.raises(UserError, match="changed since"):
        apply_patch(tmp_path, improved)
    assert file.read_text() == "new\n"
    file.write_text("old\n")
    apply_patch(tmp_path, improved)
    assert file.read_text() == "better\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file.py"]


def test_memory_is_said_to_have_grown_only_where_it_did():
    assert Memory(4.0, 20.0, 31.0).said().endswith("20 MB before, 31 MB after: it grew")
    for after in (18.0, 20.9, 21.9):
        assert Memory(4.0, 20.0, after).said().endswith(f"{after:.0f} MB after")
    told = Improved("m:f", "file.py", "improvement shown", memory=Memory(4.0, 20.0, 31.0)).summary()["memory"]
    assert told == {"size": 4.0, "before": 20.0, "after": 31.0}


def test_the_outcome_can_be_printed():
    assert json.loads(json.dumps(Improved("m:f", "file.py", "no improvement shown").summary()))["patch"] == ""


def test_no_case_makes_the_same_call_twice():
    likes = learn_calls([flatten(((3, True), {})), flatten(((4, False), {}))])
    drawn = asyncio.run(_several(likes, np.random.default_rng(0), 1.0, 50))
    calls = [revive(frames.decode(call.data)) for call in drawn]
    assert 1 < len(calls) <= 4
    assert len({repr(call) for call in calls}) == len(calls)


def test_of_calls_that_are_large_fewer_are_compared():
    small, large = (asyncio.run(_batch(draw)) for draw in (lambda: [1.5], lambda: 100_000 * [1.5]))
    assert len(small) == BATCH and 1 < len(large) < 5


def test_timed_cases_are_alike_and_not_dear_where_there_are_enough():
    costs = [_Cost(TARGET_SECONDS * times, []) for times in (0.1, 0.6, 1.0, 2.0, 3.9, 30.0, 31.0, 32.0, 33.0)]
    chosen = [cost.seconds / TARGET_SECONDS for cost in _alike(costs, 4)]
    assert max(chosen) <= DEAR, "those that last for seconds are more alike, and a trial is a dozen of them"
    assert chosen == pytest.approx([0.6, 1.0, 2.0, 3.9])
    rare = [_Cost(TARGET_SECONDS * times, []) for times in (0.01, 0.02, 0.03, 0.04, 0.05, 0.3, 0.4, 1.0)]
    assert [one.seconds for one in _alike(rare, 3)] == [one.seconds for one in rare[-3:]], "where few last, the dearest"
    few = [cost.seconds / TARGET_SECONDS for cost in _alike(costs[3:], 4)]
    assert few == pytest.approx([2.0, 3.9, 30.0, 31.0]), "else the cheapest that last"


def test_of_groups_that_are_alike_the_dearest_is_timed():
    costs = [_Cost(TARGET_SECONDS * times, []) for times in (0.6, 0.6, 0.61, 1.5, 2.0, 2.5, 9.0)]
    assert [cost.seconds / TARGET_SECONDS for cost in _alike(costs, 3)] == pytest.approx([1.5, 2.0, 2.5])
    wide = [_Cost(TARGET_SECONDS * times, []) for times in (0.6, 0.7, 1.5, 3.9)]
    assert [cost.seconds / TARGET_SECONDS for cost in _alike(wide, 3)] == pytest.approx([0.6, 0.7, 1.5])
    fewer = [cost.seconds / TARGET_SECONDS for cost in _alike(wide, 3, fewest=0.5)]
    assert fewer == pytest.approx([0.6, 0.7]), "fewer rather than some of each kind"
    rare = [_Cost(TARGET_SECONDS * times, []) for times in (0.6, 0.6, 2.0, 2.1, 3.9)]
    assert len(_alike(rare, 8, fewest=0.5)) == 5, "but not so few that half of the half are left"


class Tiring:
    """A bench on which a call takes a microsecond for each of its bytes, and that answers few large ones.

    Attributes:
        cpu_seconds: what was used so far.
        large: calls of so many bytes are answered as often as ``patience`` says, and no more.
    """

    def __init__(self, *, large: int, patience: int) -> None:
        self.cpu_seconds, self.large, self.patience = 0.0, large, patience

    async def told(self, source, calls, *, run=True, **_) -> Told:
        length = sum(len(call.data) for call in calls)
        ended = Exit(0, None, "exit", length / 1e6 if run else 0.0, 0.0, 0)
        if run and length > self.large:
            self.patience -= 1
            if self.patience < 0:
                return Told(None, "it took too long", ended)
        return Told([{"value": b""} for _ in calls], "", ended)


class Doubling:
    """A bench on which a call of the number n takes 2**n microseconds, and one that takes seconds gives nothing."""

    cpu_seconds = 0.0

    async def told(self, source, calls, *, run=True, seconds=10.0, **_) -> Told:
        took = sum(2.0 ** revive(frames.decode(call.data))[0][0] for call in calls) / 1e6 if run else 0.0
        ended = Exit(0, None, "exit", min(took, seconds), 0.0, 0)
        return Told([{"value": b""} for _ in calls] if took < seconds else None, "", ended)


class Silent:
    """A pace that tells nobody."""

    def say(self, text, *, seconds=0.0) -> None:
        pass

    done = close = lambda self, *_: None


def sizes_of(bench, argument: Any = None) -> Cases:
    likes, cases = learn_calls([flatten(((argument or [3, 1, 2, 9, 11, 15, 40, 7] * 4,), {}))]), Cases()
    rng = np.random.default_rng(0)
    asyncio.run(_sizes(bench, b"", likes, [], cases, rng, name="f", pace=Silent()))
    return cases


def test_where_large_cases_are_answered_at_first_and_then_no_more_smaller_ones_are_taken():
    patient = sizes_of(Tiring(large=40_000, patience=10**6))
    tired = sizes_of(Tiring(large=40_000, patience=2))
    assert patient.sizes["sealed"] > patient.sizes["search"]
    assert tired.sizes["search"] <= tired.sizes["sealed"] < patient.sizes["sealed"]
    assert all(tired.timed[label] for label in ("search", "validation", "sealed"))


def test_where_twice_the_size_is_too_much_sizes_between_are_tried():
    cases = sizes_of(Doubling(), 12)
    assert 1.0 < cases.sizes["search"] < 2.0
    calls = [revive(frames.decode(call.data))[0][0] for case in cases.timed["search"] for call in case]
    assert max(calls) >= 14, "the recorded size takes four milliseconds, twice of it a quarter of a minute"
