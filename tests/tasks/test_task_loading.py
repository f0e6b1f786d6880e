"""Loading a task: built-in and own folders alike; every mistake is one clear line."""

import os
import re
import shutil
import subprocess
import sys
import textwrap
import tomllib
from typing import get_args

import pytest

from shoal.core.errors import UserError
from shoal.tasks import TaskError, load, names, scaffold

BUILT_IN = (
    "autocorrelation_c1",
    "bin_packing_uniform",
    "bin_packing_weibull",
    "cap_set_8",
    "circle_packing_26",
    "erdos_overlap",
    "job_shop_rule",
    "min_max_distance_2d_16",
    "tsp_constructive",
)


@pytest.fixture
def folder(tmp_path):
    """A fresh task folder to break."""
    scaffold(tmp_path / "task", name="own_task")
    return tmp_path / "task"


def edit(file, old, new):
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def failure(folder):
    with pytest.raises(TaskError) as caught:
        load(folder)
    line = str(caught.value)
    assert "\n" not in line
    assert len(line) < 300 + len(str(folder))
    return line


def test_all_built_in_tasks_are_listed_and_load():
    assert set(BUILT_IN) <= set(names())
    assert list(names()) == sorted(names())
    for name in BUILT_IN:
        task = load(name)
        assert task.name == name == task.folder.name
        assert "\n" not in task.description
        compile(task.initial, "initial.py", "exec")


def test_a_built_in_task_copied_elsewhere_is_the_same_task(tmp_path):
    for name in BUILT_IN:
        there = load(name)
        shutil.copytree(there.folder, tmp_path / name)
        here = load(tmp_path / name)
        assert here.digest == there.digest
        assert dict(here.manifest) == dict(there.manifest)


def test_settings_arrive_as_written():
    task = load("circle_packing_26")
    assert task.kind == "call"
    assert task.program.entry == ("pack",)
    assert task.program.region == "all"
    assert task.score.direction == "max"
    assert task.score.best_known == 2.635983084917
    assert task.instances.fixed
    assert task.limits.wall_seconds == 4 * task.limits.cpu_seconds + 2
    assert task.public is not None
    assert load("bin_packing_weibull").public is None


def test_a_task_cannot_be_changed(folder):
    task = load(folder)
    with pytest.raises(AttributeError):
        task.name = "other"  # type: ignore[misc]
    with pytest.raises(TypeError):
        task.manifest["judge.py"] = "0"  # type: ignore[index]


def test_the_manifest_covers_data_and_leaves_out_caches(folder):
    for name in ("data/deep/table.csv", "__pycache__/judge.pyc", ".hidden/x", "data/__pycache__/y"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("1")
    assert set(load(folder).manifest) == {"task.toml", "initial.py", "judge.py", "data/deep/table.csv"}


def test_any_change_of_any_file_changes_the_digest(folder):
    seen = {load(folder).digest}
    for file in ("judge.py", "initial.py", "task.toml"):
        with (folder / file).open("a") as stream:
            stream.write("# more\n")
        seen.add(load(folder).digest)
    (folder / "data").mkdir()
    (folder / "data" / "a").write_bytes(b"")
    seen.add(load(folder).digest)
    (folder / "data" / "a").rename(folder / "data" / "b")
    seen.add(load(folder).digest)
    assert len(seen) == 6


def test_links_are_refused(folder):
    (folder / "data").symlink_to("/etc")
    assert "plain files" in failure(folder)


def test_an_unknown_name_brings_near_ones():
    with pytest.raises(UserError, match=r"circle_paking.*did you mean circle_packing_26.*shoal tasks"):
        load("circle_paking")


def test_a_folder_needs_a_path_only_when_a_task_has_its_name(folder, monkeypatch):
    monkeypatch.chdir(folder.parent)
    assert load("task").name == "own_task"
    assert load("./task").folder == folder.resolve()
    folder.rename(folder.parent / "circle_packing_26")
    assert load("circle_packing_26").name == "circle_packing_26"
    assert load("./circle_packing_26").name == "own_task"


@pytest.mark.parametrize("path", ["./absent", "/", "/etc/hostname", "", "."])
def test_a_path_without_a_task_says_so(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(TaskError, match="shoal new"):
        load(path)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('name = "own_task"', 'name = "Own Task"', "name = 'Own Task'"),
        ('name = "own_task"', "", "name is missing: add it; for example name ="),
        ('kind = "call"', 'kind = "self_scored"', 'kind = "self_scored" needs a folder of ShinkaEvolve'),
        ('entry = ["curve"]', "", "program.entry is missing: name what the judge calls"),
        (
            'entry = ["curve"]',
            'entry = ["curve"]\noutputs = ["a"]',
            'program.outputs is for tasks with kind = "command"',
        ),
        ('kind = "call"', 'kind = "command"', "program.command is missing: add it; for example command ="),
        ('kind = "call"', 'kind = "cal"', "kind = 'cal'"),
        ('kind = "call"', 'kind = "session"', "needs a function play(instance, ask)"),
        ('kind = "call"', 'kind = "call"\nmeasured = 1', "measured = 1"),
        ('kind = "call"', 'kind = "call"\ncolour = "red"', "colour is not a setting"),
        ('entry = ["curve"]', 'entry = ["curve", "score"]', "exactly one function"),
        ('entry = ["curve"]', "entry = []", "program.entry = []"),
        ('entry = ["curve"]', 'entry = "curve"', "program.entry = 'curve'"),
        ('entry = ["curve"]', 'entry = ["curv"]', "has no function curv"),
        ('entry = ["curve"]', 'entry = ["x()"]', "program.entry.0 = 'x()'"),
        ('file = "initial.py"', 'file = "../initial.py"', "program.file = '../initial.py'"),
        ('file = "initial.py"', 'file = "other.py"', "other.py is missing"),
        ('region = "all"', 'region = "some"', "program.region = 'some'"),
        ('region = "all"', 'region = ["line"]', "defines no line at top level"),
        ('region = "all"', 'region = "marked"', "# shoal: begin"),
        ('warm = ["numpy"]', 'warm = ["import os"]', "program.warm.0 = 'import os'"),
        ('direction = "min"', 'direction = "down"', "score.direction = 'down'"),
        ("range = [0.0, 10.0]", "range = [10.0, 0.0]", "score.range = [10.0, 0.0]: the low end"),
        ("range = [0.0, 10.0]", "range = [0.0, inf]", "score.range.1 = inf"),
        ("range = [0.0, 10.0]", "range = [0.0]", "score.range = [0.0]"),
        ("range = [0.0, 10.0]", "", "score.range is missing"),
        ("best_known = 0.0", "best_known = 11.0", "best_known = 11.0 lies outside"),
        ("best_known = 0.0", "best_know = 0.0", "did you mean best_known?"),
        ("search = 2 ", "search = 0 ", "instances.search = 0"),
        ("search = 2 ", "search = 2.5 ", "instances.search = 2.5"),
        ("search = 2 ", "fixed = true\nsearch = 2 ", "fixed = true means one instance"),
        ("cpu_seconds = 2.0", "cpu_seconds = -1.0", "limits.cpu_seconds = -1.0: input should be greater than 0"),
        ("cpu_seconds = 2.0", "cpu_seconds = nan", "limits.cpu_seconds = nan"),
        ("cpu_seconds = 2.0", 'cpu_seconds = "2"', "limits.cpu_seconds = '2'"),
        ("cpu_seconds = 2.0", "cpu_second = 2.0", "did you mean cpu_seconds?"),
        ("memory_mb = 512", "memory_mb = 1", "limits.memory_mb = 1"),
        ("memory_mb = 512", "direction = 'max'", "it belongs to [score]"),
        ("memory_mb = 512", "measured = true", "it belongs above the first table"),
        ("memory_mb = 512", r'"a\nb" = 1', r"limits.'a\nb' is not a setting"),
        ("[limits]", "[limit]", "limit is not a setting: did you mean limits?"),
        ("[score]", "[score", "not valid TOML"),
    ],
)
def test_a_wrong_setting_is_one_line_with_the_key_and_the_fix(folder, old, new, expected):
    edit(folder / "task.toml", old, new)
    line = failure(folder)
    assert expected in line
    assert str(folder) in line


def test_every_setting_in_the_examples_is_a_real_one():
    from shoal.tasks import _settings

    def check(model, keys):
        assert set(model.model_fields) == keys.keys()
        for key, inner in keys.items():
            if inner:
                table = model.model_fields[key].annotation
                check((get_args(table) or [table])[0], inner)

    tree: dict[str, dict[str, dict]] = {}
    for key, example in _settings._EXAMPLES.items():
        table, _, last = key.rpartition(".")
        (tree[table] if table else tree)[last] = {}
        assert re.match(rf"\[*{last}\b", example)
    check(_settings.Settings, tree)


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("judge.py", "def score(instance, output): return 1.0", "instances(split, rng)"),
        ("judge.py", "def instances(split, rng): yield 1", "score(instance, output)"),
        ("judge.py", "def score(:", "judge.py: line 1"),
        ("judge.py", "x = '\0'", "judge.py"),
        ("judge.py", "x = " + "(" * 5000, "judge.py"),
        ("judge.py", "#" * 200_000, "longer than 128 KB"),
        ("initial.py", "curve = 1", "has no function curve"),
        ("initial.py", "def curve(x)\n", "line 1"),
        ("public.py", "LIMIT = 1", "defines no function"),
        ("task.toml", "name = 'a'\nname = 'b'", "not valid TOML"),
        ("task.toml", "", "is missing"),
    ],
)
def test_a_broken_file_is_one_line(folder, file, text, expected):
    (folder / file).write_text(text)
    assert expected in failure(folder)


@pytest.mark.parametrize("file", ["judge.py", "initial.py", "task.toml"])
def test_a_missing_file_is_one_line(folder, file):
    (folder / file).unlink()
    assert "shoal new" in failure(folder)


def test_text_that_is_not_utf8_is_one_line(folder):
    (folder / "task.toml").write_bytes(b"name = '\xff'")
    assert "UTF-8" in failure(folder)
    scaffold(folder.parent / "second", name="second")
    (folder.parent / "second" / "judge.py").write_bytes(b"x = '\xff'")
    assert "UTF-8" in failure(folder.parent / "second")


def test_loading_runs_no_code_of_the_task(folder):
    for file in ("judge.py", "initial.py"):
        with (folder / file).open("a") as stream:
            stream.write("\nraise SystemExit('ran')\n")
    assert load(folder).name == "own_task"


def test_an_installed_package_announces_a_task(tmp_path):
    """A real interpreter with a real distribution on its path; a broken one does not hide the others."""
    scaffold(tmp_path / "fleet" / "herring", name="herring")
    info = tmp_path / "fleet-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: fleet\nVersion: 1.0\n")
    points = "[shoal.tasks]\nherring = fleet.herring\nlost = fleet.lost\ncircle_packing_26 = fleet.herring\n"
    (info / "entry_points.txt").write_text(points)
    code = textwrap.dedent("""
        from shoal.tasks import TaskError, load, names
        print(" ".join(names()))
        print(load("herring").folder)
        print(load("circle_packing_26").name)
        try:
            load("lost")
        except TaskError as error:
            print(error)
    """)
    path = [str(tmp_path), *(entry for entry in sys.path if entry)]
    run = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": ":".join(path)}, capture_output=True, text=True, check=True
    )
    listed, folder, built_in, error = run.stdout.splitlines()
    assert {"herring", "lost", *BUILT_IN} <= set(listed.split())
    assert folder == str((tmp_path / "fleet" / "herring").resolve())
    assert built_in == "circle_packing_26"
    assert "fleet.lost" in error


def test_importing_the_package_is_light():
    code = "import sys; import shoal.tasks, shoal.tasks._load; print(*sys.modules)"
    environment = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    loaded = run.stdout.split()
    heavy = {"numpy", "pydantic", "asyncio", "anyio", "sqlalchemy", "matplotlib"}
    assert not heavy & {name.split(".")[0] for name in loaded}


def test_built_in_tasks_are_plain_folders():
    for name in BUILT_IN:
        folder = load(name).folder
        assert {path.name for path in folder.iterdir() if path.is_file()} <= {
            "task.toml",
            "initial.py",
            "judge.py",
            "public.py",
        }
        assert tomllib.loads((folder / "task.toml").read_text())["name"] == name


ANSWER = (
    "[[answer]]                      # what the function returns; anything else is refused before the judge sees it"
)


def test_declared_answers_arrive_with_their_function(folder):
    (answer,) = load(folder).answers
    assert (answer.name, answer.function, answer.shape, answer.dtype) == ("curve", "curve", (64,), "float")
    assert (answer.low, answer.high, answer.finite, answer.distinct, answer.permutation) == (
        None,
        None,
        True,
        False,
        False,
    )
    edit(folder / "task.toml", ANSWER, "[[answer]]\nshape = []\nlow = 1\n[[answer]]")
    assert [(one.name, one.shape, one.low) for one in load(folder).answers] == [
        ("answer", (), 1.0),
        ("curve", (64,), None),
    ]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("shape = [0]", "an axis of length 0 holds nothing"),
        ("shape = [-2]", "answer.0.shape.0 = -2"),
        ("shape = 3", "for example shape = [26, 2]"),
        ('dtype = "float"', "answer.0.shape is missing"),
        ('shape = [3]\ndtype = "text"', "answer.0.dtype = 'text'"),
        ("shape = [3]\nlow = 2.0\nhigh = 1.0", "low = 2 lies above high = 1"),
        ("shape = [3]\npermutation = true", "permutation = true goes with"),
        ("shape = []\ndistinct = true", "distinct = true needs an axis"),
        ('shape = [3]\nfunction = "other"', "'other' is not one of program.entry"),
        ("shape = [3]\nshapes = 1", "answer.shapes is not a setting: did you mean shape?"),
    ],
)
def test_a_wrong_answer_table_is_one_line_with_the_fix(folder, line, told):
    edit(folder / "task.toml", ANSWER, f"[[answer]]\n{line}\n[[answer]]")
    assert told in failure(folder)


def test_answers_belong_to_functions(folder):
    edit(folder / "task.toml", 'kind = "call"', 'kind = "session"')
    edit(folder / "task.toml", 'entry = ["curve"]', 'entry = ["curve", "other"]')
    assert 'needs function = "..."' in failure(folder)
    edit(folder / "task.toml", 'entry = ["curve", "other"]', 'command = ["python3", "initial.py"]')
    edit(folder / "task.toml", 'kind = "session"', 'kind = "command"')
    edit(folder / "task.toml", 'region = "all"', "# all")
    assert "[[answer]] describes what a Python function returns: remove it from a command task" in failure(folder)
