"""`shoal improve` makes functions of small projects faster: what a user may rely on."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from shoal.core.errors import UserError
from shoal.labs.evolve.improve import Improved, apply_patch
from shoal.labs.evolve.improve._place import copy_project, find_place
from shoal.labs.evolve.improve._result import patch_of

from .projects import GUESTS_TEST, QUADRATIC, RULE, SHORT, Project, both, function, patched, report_of, run_tests

# -- faster -----------------------------------------------------------------------------------------------------------


@pytest.mark.timeout(400)
def test_a_quadratic_function_gets_faster_and_the_patch_applies(project: Callable[..., Project]) -> None:
    here = project(QUADRATIC, GUESTS_TEST)
    told = here.improved("shop.names:guests", "--evaluations", "8", "--time", "60s", "--seed", "0", "--json")
    assert told["verdict"] == "improvement shown"
    assert told["speedup"]["low"] > 1.5 and told["speedup"]["low"] <= told["speedup"]["mean"]
    assert "passed" in told["tests"]
    assert told["memory"]["size"] == told["sizes"][-1]["factor"] and told["memory"]["before"] > 1.0
    assert "Peak memory on the largest sealed cases" in (report_of(here, told) / "improve.md").read_text()
    copy = patched(here, told)
    other = shutil.copytree(here.folder, here.folder.parent / "other")
    subprocess.run(["patch", "-p1", "-s", "-i", str(report_of(here, told) / "patch.diff")], cwd=other, check=True)
    assert (other / "shop/names.py").read_bytes() == (copy / "shop/names.py").read_bytes()
    assert run_tests(copy) == 0
    before, after = function(here.folder, "guests"), function(copy, "guests")
    draw = random.Random(1)
    for _ in range(50):
        names = [draw.choice(["", " a", "a ", "b", "cc", "Cc", "d e"]) for _ in range(draw.randrange(30))]
        assert after(list(names)) == before(list(names))
    assert {"improve.md", "patch.diff"} <= {path.name for path in report_of(here, told).iterdir()}
    assert not list(here.folder.rglob("*.shoal")) and not (here.folder / "runs").exists()


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_apply_writes_the_patch_and_the_tests_still_pass(project: Callable[..., Project]) -> None:
    here = project(QUADRATIC, GUESTS_TEST)
    mode = (here.folder / "shop/names.py").stat().st_mode
    before = {path: path.read_bytes() for path in here.folder.rglob("*") if path.is_file()}
    told = here.improved("shop/names.py:guests", *SHORT, "--apply", "--pr")
    after = {path: path.read_bytes() for path in here.folder.rglob("*") if path.is_file()}
    assert [path.name for path in after if after[path] != before.get(path)] == ["names.py"]
    assert after.keys() == before.keys() and (here.folder / "shop/names.py").stat().st_mode == mode
    assert told["speedup"]["low"] > 1.5
    assert run_tests(here.folder) == 0


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_project_in_src_with_its_own_imports(project: Callable[..., Project]) -> None:
    module = QUADRATIC.replace("\n\n\ndef", "\n\nfrom .words import clean\n\n\ndef", 1).replace(
        "name.strip()", "clean(name)"
    )
    here = project(
        "",
        "",
        **{
            "src/inn/__init__.py": "",
            "src/inn/words.py": "def clean(text):\n    return text.strip()\n",
            "src/inn/names.py": module,
            "tests/test_inn.py": GUESTS_TEST.replace("shop.names", "inn.names"),
        },
    )
    told = here.improved("inn.names:guests")
    assert told["verdict"] == "improvement shown" and told["file"] == "src/inn/names.py"


# -- where calls come from --------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_declared_types_are_enough(project: Callable[..., Project]) -> None:
    here = project(QUADRATIC.replace("(names)", "(names: list[str]) -> list[str]"))
    told = here.improved("shop.names:guests")
    assert told["verdict"] == "improvement shown" and told["speedup"]["low"] > 1.5
    assert told["tests"] == "no tests"


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_examples_are_enough(project: Callable[..., Project]) -> None:
    lines = [json.dumps([[f"guest {7 * k + j}" for j in range(3 + k)]]) for k in range(10)]
    lines.append(json.dumps({"kwargs": {"names": ["x", "y"]}}))
    here = project(QUADRATIC, **{"examples.jsonl": "\n".join(lines) + "\n"})
    told = here.improved("shop.names:guests", *SHORT, "--examples", "examples.jsonl")
    assert told["verdict"] == "improvement shown" and told["speedup"]["low"] > 1.5


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_examples_in_docstrings_are_enough(project: Callable[..., Project]) -> None:
    shown = ">>> guests([f'guest {k % 5}' for k in range(9)] + ['ann', ' bob', ''])"
    here = project(QUADRATIC.replace("as they came.", f"as they came.\n\n    {shown}\n    "))
    said = here.improve("shop.names:guests")
    told = said.json
    assert told["verdict"] == "improvement shown" and told["speedup"]["low"] > 1.5
    assert "the calls are those of examples in docstrings" in said.err


# -- a number of one's own --------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_goal_is_a_number_of_the_project(project: Callable[..., Project]) -> None:
    lines = [json.dumps([1 + k % 9, 1 + 3 * k % 14, 40.0 + 5 * (k % 8)]) for k in range(40)]
    lines[7] = json.dumps({"args": [4], "kwargs": {"base": 55.0, "days_left": 3}})
    here = project(RULE, **{"calls.jsonl": "\n".join(lines) + "\n"})
    words = ("--examples", "calls.jsonl", "--goal", "shop.names:earned", "--evaluations", "200", "--time", "60s")
    told = here.improved("shop.names:price", *words, "--seed", "0", "--json")
    gain = told["gain"]
    assert gain["low"] <= gain["mean"] <= gain["high"]
    assert told["verdict"] == "improvement shown" and gain["low"] > 0.0 and gain["after"] > gain["before"]
    assert gain["name"] == "earned"
    told_page = (report_of(here, told) / "improve.md").read_text()
    assert "earned was called with what each version returned" in told_page and "the same calls" not in told_page
    _, after = both(here, told, "price")
    assert after(3, 5, 90.0) > 0.0


# -- patches ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("last", ["", "c = 3", "c = '\x0c\u2028'"])
def test_a_patch_is_what_git_takes(ending: str, last: str, tmp_path: Path) -> None:
    before = ending.join(["# one\x0ctwo", "a = 1", "b = '\x85'", last])
    after = before.replace("a = 1", f"a = 1{ending}d = '\u2028'")
    (tmp_path / "a.py").write_bytes(before.encode())
    (tmp_path / "the.patch").write_bytes(patch_of(before, after, "a.py").encode())
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "apply", "the.patch"], cwd=tmp_path, check=True)
    assert (tmp_path / "a.py").read_bytes() == after.encode()


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_file_that_changed_meanwhile_is_left_alone(ending: str, tmp_path: Path) -> None:
    before, after = f"a = 1{ending}", f"a = 2{ending}"
    (tmp_path / "a.py").write_bytes(before.encode())
    improved = Improved("a:f", "a.py", "improvement shown", before=before, source=after)
    apply_patch(tmp_path, improved)
    assert (tmp_path / "a.py").read_bytes() == after.encode()
    with pytest.raises(UserError, match=r"a\.py changed since the search began"):
        apply_patch(tmp_path, improved)
    assert [path.name for path in tmp_path.iterdir()] == ["a.py"]


# -- copies -----------------------------------------------------------------------------------------------------------


def test_a_copy_has_packages_of_any_name_and_not_itself(project: Callable[..., Project]) -> None:
    here = project(QUADRATIC, **{"build/__init__.py": "", "build/a.py": "", "dist/b.py": "", "runs/c.py": ""})
    copy = here.folder / "tasks" / "copy"
    copy_project(find_place("shop.names:guests", project=here.folder), copy, without=here.folder)
    found = {path.relative_to(copy).as_posix() for path in copy.rglob("*.py")}
    assert found == {"build/__init__.py", "build/a.py", "shop/__init__.py", "shop/names.py"}
