"""Folders of other projects: which are recognised, what they become, and what is said where something is missing."""

import shutil
from pathlib import Path

import pytest

from shoal.evaluate.ported import _driver, _judge, _result, _shinka
from shoal.judging import Wrong
from shoal.tasks import Task, TaskError, entries_of, load
from shoal.tasks._yaml import values_below

FOLDERS = Path(__file__).parent / "ported"
OWN = 'kind = "self_scored"\n'


@pytest.fixture
def folder(tmp_path: Path):
    def copied(name: str) -> Path:
        return Path(shutil.copytree(FOLDERS / name, tmp_path / name))

    return copied


def refusal(folder: Path) -> str:
    with pytest.raises(TaskError) as refused:
        load(folder)
    assert "\n" not in str(refused.value)
    return str(refused.value)


# -- what they become -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(FOLDERS.iterdir()), ids=lambda path: path.name)
def test_a_folder_is_a_task_as_it_is(path: Path) -> None:
    task = load(path)
    assert (task.name, task.kind, task.instances.fixed) == (path.name, "self_scored", True)
    assert (task.program.region, task.program.entry) == ("marked", ())
    assert task.score.direction == "max"
    assert {Path(entry).name for entry in entries_of(task)} == {one.name for one in path.iterdir()} - {"__pycache__"}


def test_a_name_of_the_working_directory_is_enough(folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder("noisy_bowl").parent)
    assert load("noisy_bowl").kind == "self_scored"


def test_both_shapes_are_told_apart(folder) -> None:
    assert load(folder("shelf_packing")).program.command[:2] == ("python3", "evaluate.py")
    bowl = load(folder("noisy_bowl")).program
    assert (bowl.file, bowl.command[-1]) == ("initial_program.py", "")  # without stages


def test_stages_and_time_come_from_the_configuration(folder) -> None:
    staged = folder("curve_stages")
    task = load(staged)
    assert task.program.command[-1] == "0.05"
    assert (task.limits.cpu_seconds, task.limits.wall_seconds) == (20.0, 42.0)
    (staged / "config.yaml").write_text("evaluator:\n  cascade_evaluation: false\n  timeout: soon\n")
    task = load(staged)
    assert (task.program.command[-1], task.limits.cpu_seconds) == ("", 60.0)
    (staged / "config.yaml").unlink()
    assert load(staged).program.command[-1] == "0.5,0.75,0.9"


def test_a_program_without_marks_may_change_everywhere(folder) -> None:
    bowl = folder("noisy_bowl")
    program = bowl / "initial_program.py"
    program.write_text(program.read_text().replace("EVOLVE-BLOCK", "block"))
    assert load(bowl).program.region == "all"


def test_other_languages_keep_their_suffix(folder) -> None:
    queue = folder("job_queue")
    (queue / "initial.py").unlink()
    (queue / "initial.cpp").write_text("// EVOLVE-BLOCK-START\nint x = 3;\n// EVOLVE-BLOCK-END\n")
    task = load(queue)
    assert (task.program.file, task.program.region) == ("initial.cpp", "marked")
    (queue / "initial.md").write_text("about it\n")
    assert load(queue).program.file == "initial.cpp"  # the marked one


def test_a_file_of_settings_says_more(folder) -> None:
    queue = folder("job_queue")
    settings = '[limits]\ncpu_seconds = 3.0\n[score]\nname = "lateness"\nrange = [-1000.0, 0.0]\n'
    (queue / "task.toml").write_text(f'{OWN}name = "queue"\nmeasured = true\n{settings}')
    task = load(queue)
    assert (task.name, task.kind, task.measured, task.score.name) == ("queue", "self_scored", True, "lateness")
    assert (task.limits.cpu_seconds, task.limits.wall_seconds) == (3.0, 8.0)
    assert task.score.range == (-1000.0, 0.0)


def test_what_is_written_there_is_no_part_of_the_task(folder) -> None:
    queue = folder("job_queue")
    before = load(queue)
    for name in ("runs", "results", "results_2026", "openevolve_output", "__pycache__", ".git"):
        (queue / name).mkdir()
        (queue / name / "file").write_text(name)
    (queue / ".env").write_text("KEY=secret")
    after = load(queue)
    assert (after.digest, entries_of(after)) == (before.digest, entries_of(before))
    (queue / "evaluate.py").write_text((queue / "evaluate.py").read_text() + "\n")
    assert load(queue).digest != before.digest


# -- what is missing --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "file", "told"),
    [
        ("shelf_packing", "initial.py", "initial.py is missing: a task of ShinkaEvolve"),
        ("noisy_bowl", "initial_program.py", "initial_program.py is missing: a task of OpenEvolve"),
        (
            "noisy_bowl",
            "evaluator.py",
            "evaluator.py is missing: a task of OpenEvolve has it beside initial_program.py",
        ),
        ("shelf_packing", "evaluate.py", "evaluate.py is missing: a task of ShinkaEvolve has it beside initial.py"),
    ],
)
def test_a_folder_that_lacks_a_file_says_which(folder, name: str, file: str, told: str) -> None:
    place = folder(name)
    (place / file).unlink()
    assert told in refusal(place)


@pytest.mark.parametrize(
    ("name", "file", "before", "after", "told"),
    [
        ("job_queue", "evaluate.py", "program_path", "path", "evaluate.py: takes no --program_path"),
        ("job_queue", "evaluate.py", "def main", "def main main", "evaluate.py: line 21: "),
        (
            "noisy_bowl",
            "evaluator.py",
            "def evaluate",
            "def score",
            "has no function evaluate(program_path): define it",
        ),
        ("job_queue", "initial.py", "# EVOLVE-BLOCK-END", "", "begins and does not end"),
        (
            "job_queue",
            "initial.py",
            "    return WEIGHT",
            "    # EVOLVE-BLOCK-END\n    # EVOLVE-BLOCK-START\n    return WEIGHT",
            "which cut its statement in two (line 9)",
        ),
    ],
)
def test_a_file_that_cannot_be_used_says_why(folder, name: str, file: str, before: str, after: str, told: str) -> None:
    place = folder(name)
    (place / file).write_text((place / file).read_text().replace(before, after))
    assert told in refusal(place)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ('[program]\nentry = ["f"]\n', "program.entry is not for a self_scored task"),
        ('[program]\nregion = ["urgency"]\n', 'program.region of a self_scored task is "all" or "marked"'),
        ('[program]\nfile = "other.py"\n', "other.py is missing: program.file names a file initial.*"),
        ('[score]\ndirection = "min"\n', 'score.direction of a self_scored task is "max"'),
        ("[instances]\nfixed = false\n", "drop instances"),
        ("[limits]\ncpu = 3\n", "limits.cpu is not a setting"),
        ("limits = 3\n", "limits = 3"),
    ],
)
def test_settings_that_do_not_fit_are_refused(folder, settings: str, told: str) -> None:
    queue = folder("job_queue")
    (queue / "task.toml").write_text(OWN + settings)
    assert told in refusal(queue)


def test_two_programs_are_one_too_many(folder) -> None:
    queue = folder("job_queue")
    (queue / "initial.rs").write_text("// EVOLVE-BLOCK-START\n// EVOLVE-BLOCK-END\n")
    assert "has initial.py and initial.rs: keep one of them" in refusal(queue)


def test_links_are_refused(folder) -> None:
    queue = folder("job_queue")
    (queue / "more.txt").symlink_to("/etc/hostname")
    assert "only plain files and folders belong to a task" in refusal(queue)


def test_the_kind_needs_such_a_folder(tmp_path: Path) -> None:
    (tmp_path / "task.toml").write_text(OWN)
    assert "needs a folder of ShinkaEvolve" in refusal(tmp_path)


# -- reading settings -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("evaluator:\n  timeout: 30\n", {"timeout": "30"}),
        ("evaluator:\n    timeout: 30  # seconds\nother:\n    timeout: 4\n", {"timeout": "30"}),
        ("evaluator:\n  limits: [0.5, 1, 2e-1]\n", {"limits": [0.5, 1.0, 0.2]}),
        ("evaluator:\n  limits:\n    - 0.5\n    - 0.7\n  on: 'yes'\n", {"limits": [0.5, 0.7], "on": "yes"}),
        ("evaluator:\n  limits:\n  - 0.5\n", {"limits": [0.5]}),
        ("evaluator:\n  limits: [a, 1]\n  text: |\n    timeout: 9\n", {}),
        ("evaluator:\n  inner:\n    timeout: 3\n", {}),
        ("# evaluator:\n#  timeout: 3\n", {}),
        ("evaluator: 3\n", {}),
        ("\tevaluator\n- 3\n:::\n", {}),
    ],
)
def test_a_few_values_are_read_and_the_rest_is_passed_over(text: str, found: dict) -> None:
    assert values_below(text, "evaluator") == found


# -- the stand-ins ----------------------------------------------------------------------------------------------------


def output(metrics: str | None, correct: str | None = '{"correct": true}', end: str = "") -> dict:
    files = {"metrics.json": metrics, "correct.json": correct}
    return {"files": {name: text.encode() for name, text in files.items() if text is not None}, "end": end}


def test_a_score_comes_with_what_may_be_shown_and_what_may_not() -> None:
    metrics = """{"combined_score": 2, "time": 9, "private": {"secret": 5, "list": [1]}, "text_feedback": "try less",
        "public": {"a": 1, "yes": true, "nan": NaN, "huge": Infinity, "inner": {"b": 2.5}, "hint": "left"}}"""
    assert _judge.score(None, output(metrics)) == {
        "score": 2.0,
        "metrics": {"a": 1.0, "inner.b": 2.5},
        "private": {"secret": 5.0, "time": 9.0},
        "feedback": "try less\nhint: left",
    }


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (output(None), "the evaluator ended and left no metrics.json"),
        (
            output('{"combined_score": 1}', None, "left with exit code 3"),
            "left with exit code 3 and left no correct.json",
        ),
        (output('{"combined_score": 1}', end="died of signal 11"), "died of signal 11 after it had written a score"),
        (output('{"combined_score": NaN}'), "combined_score is nan, not a finite number"),
        (output('{"combined_score": 1e999}'), "combined_score is inf"),
        (output('{"combined_score": "1"}'), "combined_score is 1, not a finite number"),
        (output('{"combined_score": true}'), "combined_score is True"),
        (output('{"combined_score": null}'), "combined_score is None"),
        (output(f'{{"combined_score": {"9" * 400}}}'), "not a finite number"),
        (output("{}"), "metrics.json has no combined_score"),
        (output("[1]"), "metrics.json holds list, not an object"),
        (output("{"), "metrics.json cannot be read"),
        (output("[" * 100_000), "metrics.json cannot be read"),
        (output("\xff"), "metrics.json"),
        (output("{}", '{"correct": false, "error": "overlap"}'), "overlap"),
        (output("{}", '{"correct": false}'), "not correct, and not why"),
        (output("{}", '{"correct": 1}'), "not correct, and not why"),
        (output("{}", "{}"), "does not say whether"),
    ],
)
def test_whatever_else_an_evaluator_leaves_is_no_score(given: dict, told: str) -> None:
    with pytest.raises(Wrong) as wrong:
        _judge.score(None, given)
    assert told in str(wrong.value)


def test_many_numbers_are_cut_off() -> None:
    numbers = ", ".join(f'"name{number}{"x" * 100}": {number}' for number in range(500))
    told = _judge.score(None, output(f'{{"combined_score": 1, "public": {{{numbers}}}}}'))
    assert len(told["metrics"]) == 64 and max(map(len, told["metrics"])) == 60


def test_the_helper_gives_each_call_its_number(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text("def f(seed):\n    return seed * 10\n")
    metrics, correct, error = _shinka.run_shinka_eval(
        str(tmp_path / "program.py"),
        str(tmp_path / "results"),
        "f",
        3,
        aggregate_metrics_fn=lambda results: {"combined_score": sum(results), "extra_data": object()},
        validate_fn=lambda result: result < 40,
    )
    assert (metrics["combined_score"], metrics["num_valid_runs"], correct, error) == (60, 3, True, None)
    assert sorted(path.name for path in (tmp_path / "results").iterdir()) == ["correct.json", "metrics.json"]


@pytest.mark.parametrize(
    ("program", "told"),
    [
        ("def f(seed):\n    return -seed\n", "Validation failed: -1 is negative"),
        ("def f(seed):\n    raise KeyError('x')\n", "KeyError: 'x'"),
        ("def g():\n    pass\n", "AttributeError"),
        ("1 / 0\n", "ZeroDivisionError"),
    ],
)
def test_the_helper_tells_the_first_complaint(tmp_path: Path, program: str, told: str) -> None:
    (tmp_path / "program.py").write_text(program)
    _, correct, error = _shinka.run_shinka_eval(
        str(tmp_path / "program.py"),
        str(tmp_path),
        "f",
        2,
        validate_fn=lambda result: (result >= 0, f"{result} is negative"),
        aggregate_metrics_fn=lambda results: {"combined_score": 1.0},
    )
    assert not correct and error is not None and error.startswith(told)


class _Stages:
    """An evaluator whose stages give what they are told to."""

    def __init__(self, *scores: float) -> None:
        for number, score in enumerate(scores, start=1):
            setattr(self, f"evaluate_stage{number}", lambda path, n=number, s=score: {"combined_score": s, f"s{n}": s})

    def evaluate(self, path: str) -> dict:
        return {"combined_score": 7.0}


@pytest.mark.parametrize(
    ("scores", "thresholds", "metrics"),
    [
        ((0.4, 0.9), [0.5], {"combined_score": 0.4, "s1": 0.4}),
        ((0.5, 0.9), [0.5], {"combined_score": 0.9, "s1": 0.5, "s2": 0.9}),
        ((0.6, 0.7, 0.8), [0.5, 0.75], {"combined_score": 0.7, "s1": 0.6, "s2": 0.7}),
        ((0.6, 0.8, 0.3), [0.5, 0.75], {"combined_score": 0.3, "s1": 0.6, "s2": 0.8, "s3": 0.3}),
        ((float("nan"), 0.9), [0.5], {"s1": float("nan")}),
        ((0.1,), [], {"combined_score": 7.0}),
    ],
)
def test_a_stage_is_entered_when_the_one_before_was_good_enough(scores, thresholds, metrics) -> None:
    found, _ = _driver.measured(_Stages(*scores), "p.py", thresholds)  # type: ignore[arg-type]
    assert str({name: found[name] for name in metrics}) == str(metrics)
    assert set(found) == {*metrics, "combined_score"}


def test_the_mean_of_the_numbers_stands_for_a_score() -> None:
    assert _driver.overall({"a": 1.0, "b": 3, "c": True, "d": "text"}) == 2.0
    assert _driver.overall({"combined_score": 5.0, "a": 1.0}) == 5.0
    with pytest.raises(ValueError, match="no numbers"):
        _driver.overall({"error": "none"})
    with pytest.raises(TypeError, match="returned float"):
        _driver.measured(type("E", (), {"evaluate": staticmethod(lambda path: 1.0)}), "p.py", [])  # type: ignore[arg-type]


def test_a_result_has_what_evaluators_ask_of_it() -> None:
    result = _result.EvaluationResult(metrics={"a": 1.0}, artifacts={"log": b"12", "note": "é"})
    assert result.has_artifacts() and result.get_artifact_keys() == ["log", "note"]
    assert (result.get_artifact_size("note"), result.get_total_artifact_size()) == (2, 4)
    assert _result.EvaluationResult.from_dict({"b": 2.0}).to_dict() == {"b": 2.0}


def test_a_loaded_task_stays_what_it_was(folder) -> None:
    task: Task = load(folder("word_lengths"))
    assert task.judge == Path(_judge.__file__).read_bytes()
    assert task.public is None and task.answers == ()
