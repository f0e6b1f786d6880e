"""Folders of other projects from evaluation to report: what a program may do, and the label beside every score."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from shoal.cli import main
from shoal.cli._tasks import _first, _task_data
from shoal.core.errors import InitialProgramError, UserError
from shoal.core.values import Outcome, Split, Status, Trial
from shoal.evaluate import TaskEvaluator
from shoal.labs.evolve import Finished, convert, rescore
from shoal.report import SELF_SCORED
from shoal.tasks import TaskError, load, setting_of
from shoal.testing import ModelServer

from .models import nudge, pool
from .sittings import events, run, sound

FOLDERS = Path(__file__).parents[1] / "tasks" / "ported"
Copy = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Copy:
    """Copies a folder, and replaces texts in its files: ``folder(name, {file: (before, after)})``."""

    def copied(name: str, changes: dict[str, tuple[str, str]] | None = None, *, to: str = "") -> Path:
        place = Path(shutil.copytree(FOLDERS / name, tmp_path / (to or name)))
        for file, (before, after) in (changes or {}).items():
            text = (place / file).read_text()
            assert before in text
            (place / file).write_text(text.replace(before, after))
        return place

    return copied


def measured(folder: Path, program: str | None = None, *, seed: int = 1, level: int | None = None) -> Outcome:
    task = load(folder)
    files = {task.program.file: task.initial if program is None else program.encode()}

    async def go() -> Outcome:
        async with TaskEvaluator(setting_of(task), workers=1, level=level) as evaluator:
            return await evaluator.evaluate(Trial(Split.SEARCH, (0,)), files, seed=seed)

    return asyncio.run(go())


# -- one evaluation ---------------------------------------------------------------------------------------------------


def test_the_helpers_numbers_arrive_by_kind() -> None:
    outcome = measured(FOLDERS / "shelf_packing")
    assert (outcome.status, outcome.score) == (Status.OK, 3.2)
    assert outcome.metrics == {"shelves": 10.0}
    assert outcome.private.items() >= {"largest": 5.0, "num_valid_runs": 2.0, "num_invalid_runs": 0.0}.items()
    assert outcome.feedback == "10 shelves in all\nwords: fewer shelves are better"


@pytest.mark.parametrize("level", [1, 2])
def test_weaker_walls_give_the_same_score(level: int) -> None:
    assert measured(FOLDERS / "shelf_packing", level=level).score == 3.2


def test_an_evaluator_may_start_programs() -> None:
    outcome = measured(FOLDERS / "job_queue")
    assert (outcome.status, outcome.score, outcome.metrics) == (Status.OK, -57.0, {"first": 4.0})


def test_an_evaluator_and_what_it_starts_import_what_lies_beside_them(folder: Copy) -> None:
    place = folder("shelf_packing", {"evaluate.py": ("ROOM = 10.0", "from room import ROOM")})
    (place / "room.py").write_text("ROOM = 10.0\n")
    assert measured(place).score == 3.2

    asking = (
        "import os, subprocess, sys\n\nSCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'script.py')\n"
        "SIDE = float(subprocess.check_output([sys.executable, SCRIPT]))\n\n\ndef height"
    )
    place = folder("noisy_bowl", {"evaluator.py": ("def height", asking)})
    (place / "script.py").write_text("from side import SIDE\n\nprint(SIDE)\n")
    (place / "side.py").write_text("SIDE = 1.5\n")
    assert measured(place).status is Status.OK


def test_an_evaluator_lists_its_folder_by_where_it_lies(folder: Copy) -> None:
    by_listing = (
        "import json\nfrom pathlib import Path\n\nHERE = Path(__file__).resolve().parent\n"
        "FILES = sorted([*HERE.glob('*.json'), *HERE.glob('more/*.json')])\n"
        "ROOM = sum(json.loads(one.read_text()) for one in FILES)"
    )
    place = folder("shelf_packing", {"evaluate.py": ("ROOM = 10.0", by_listing)})
    (place / "more").mkdir()
    (place / "room.json").write_text("4.0")
    (place / "more" / "room.json").write_text("6.0")
    assert measured(place).score == 3.2
    assert measured(place, level=1).score == 3.2


def test_a_stage_that_is_not_reached_leaves_its_word() -> None:
    program = "def curve(x):\n    return {} * x\n"
    far, near = (measured(FOLDERS / "curve_stages", program.format(slope)) for slope in (50.0, 0.9))
    assert (far.feedback, "worst" in far.metrics) == ("stage: one only", True)
    assert far.score is not None and far.score < 0.05
    assert near.feedback == "stage: two\nadvice: look at the largest error"
    assert near.score is not None and near.score > 0.8


def test_a_careless_evaluator_harms_nobody(folder: Copy) -> None:
    place = folder("word_lengths")
    outcome = measured(place)
    assert outcome.status is Status.OK and outcome.metrics["stolen"] == 0.0
    assert set(outcome.metrics) == {"error", "stolen"}  # neither NaN nor infinity
    assert set(outcome.feedback) == {"x"} and len(outcome.feedback) == 1500
    assert not (place / "was_here").exists() and not Path("/etc/shoal_was_here").exists()


def test_nothing_survives_from_one_evaluation_to_the_next(folder: Copy) -> None:
    place = folder("noisy_bowl", {"evaluator.py": ("    found =", "    remember()\n    found =")})
    remember = (
        "import os\n\n\ndef remember():\n    for where in ('.', os.environ['TMPDIR'], os.environ['HOME']):\n"
        "        path = os.path.join(where, 'seen')\n        assert not os.path.exists(path)\n"
        "        open(path, 'w').close()\n"
    )
    (place / "evaluator.py").write_text(remember + (place / "evaluator.py").read_text())
    assert [measured(place).status for _ in range(2)] == [Status.OK, Status.OK]


def test_chance_that_nobody_seeds_repeats_with_the_seed_of_the_trial() -> None:
    scores = [measured(FOLDERS / "noisy_bowl", seed=seed).score for seed in (1, 1, 2)]
    assert scores[0] == scores[1] != scores[2]
    numpy = "import numpy\n\n\ndef run(height):\n    return numpy.random.rand(), numpy.random.rand()\n"
    scores = [measured(FOLDERS / "noisy_bowl", numpy, seed=seed).score for seed in (1, 1, 2)]
    assert scores[0] == scores[1] != scores[2]


def test_what_an_evaluator_may_not_see(folder: Copy) -> None:
    place = folder("noisy_bowl", {"evaluator.py": ("    found =", "    look()\n    found =")})
    (place / ".env").write_text("KEY=secret")
    look = (
        "import os\n\n\ndef look():\n    try:\n        import shoal.tasks\n    except ImportError:\n        pass\n"
        f"    else:\n        raise AssertionError('shoal')\n    assert not os.path.exists({str(place / '.env')!r})\n"
        "    assert sorted(os.listdir('.')) == ['evaluator.py', 'initial_program.py']\n"
    )
    (place / "evaluator.py").write_text(look + (place / "evaluator.py").read_text())
    outcome = measured(place)
    assert outcome.status is Status.OK, outcome.feedback


@pytest.mark.parametrize(
    ("name", "program", "status", "told"),
    [
        ("shelf_packing", "def pack(widths, room):\n    return 3\n", Status.WRONG, "Validation failed: a tuple"),
        ("shelf_packing", "def pack(widths, room):\n    return ()\n", Status.WRONG, "ZeroDivisionError"),
        ("shelf_packing", "1 / 0\n", Status.WRONG, "ZeroDivisionError: division by zero"),
        ("shelf_packing", "import os\nos._exit(0)\n", Status.WRONG, "ended and left no correct.json"),
        ("shelf_packing", "import os\nos._exit(3)\n", Status.CRASH, "the evaluator left with exit code 3"),
        ("job_queue", "1 / 0\n", Status.WRONG, "ZeroDivisionError: division by zero"),
        ("job_queue", "print('nothing')\n", Status.CRASH, "the evaluator left with exit code 1"),
        ("word_lengths", "guess = None\n", Status.CRASH, "TypeError"),
        ("word_lengths", "def guess(x):\n    return float('nan')\n", Status.WRONG, "combined_score is nan"),
        ("noisy_bowl", "run = None\n", Status.WRONG, "TypeError"),
        ("noisy_bowl", "import sys\nsys.exit('enough')\n", Status.WRONG, "SystemExit: enough"),
        ("noisy_bowl", "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n", Status.CRASH, "died of signal 11"),
        ("noisy_bowl", "x = [0] * 10**10\n", Status.WRONG, "MemoryError"),
    ],
)  # fmt: skip
def test_a_program_that_fails_is_an_outcome(name: str, program: str, status: Status, told: str) -> None:
    outcome = measured(FOLDERS / name, program)
    assert (outcome.status, outcome.score) == (status, None), outcome.feedback
    assert told in outcome.feedback


@pytest.mark.parametrize(
    "program",
    [
        "while True:\n    pass\n",
        "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'while True: pass'])\n",
    ],
)
def test_an_endless_program_is_ended(folder: Copy, program: str) -> None:
    place = folder("noisy_bowl")
    (place / "task.toml").write_text('kind = "self_scored"\n[limits]\ncpu_seconds = 0.6\nwall_seconds = 4.0\n')
    outcome = measured(place, program)
    assert outcome.status is Status.TIMEOUT
    assert outcome.feedback.startswith("too slow: 0.6 CPU s")


def test_a_program_that_multiplies_is_ended() -> None:
    outcome = measured(FOLDERS / "noisy_bowl", "import os, time\nwhile True:\n    os.fork() or time.sleep(1000)\n")
    assert outcome.status is not Status.OK and outcome.score is None


def test_a_sleeping_program_is_ended(folder: Copy) -> None:
    place = folder("noisy_bowl")
    (place / "task.toml").write_text('kind = "self_scored"\n[limits]\ncpu_seconds = 0.6\nwall_seconds = 0.8\n')
    assert measured(place, "import time\ntime.sleep(1000)\n").status is Status.TIMEOUT


# -- a run ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of runs with one of 24 evaluations, and a copy of its task. Only to be read."""
    place = tmp_path_factory.mktemp("ported")
    shutil.copytree(FOLDERS / "job_queue", place / "job_queue")
    done = run(place / "job_queue", place / "runs", evaluations=24, seed=3)
    assert sound(done) and done.status == "done" and done.evaluations == 24
    assert done.initial_score == -57.0 and done.best_score is not None and done.best_score > -57.0
    assert done.verdict == f"{SELF_SCORED}; nothing is proved"
    assert done.hack_gap is None and done.sealed_score is None and done.sealed_gain is None
    return place


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    """What a command prints, on both streams; the last line alone with --json."""
    assert main(list(words)) == code
    told = capsys.readouterr()
    return told.out.splitlines()[-1] if "--json" in words else told.out + told.err


def test_a_run_says_what_its_score_is_worth(finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["run", str(finished / "job_queue"), "--evaluations", "6", "--seed", "1", "--out", str(tmp_path)]
    told = said(capsys, *words)
    assert told.count(SELF_SCORED) == 2 and "nothing is proved" in told  # when it begins, and beside the score
    summary = json.loads(said(capsys, *words, "--json"))
    assert summary["label"] == SELF_SCORED and summary["verdict"] == f"{SELF_SCORED}; nothing is proved"
    assert "improvement shown" not in told


@pytest.mark.parametrize("words", [("show", "last"), ("show", "last", "best")])
def test_every_look_at_a_run_is_labelled(
    finished: Path, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    out = ("--out", str(finished / "runs"))
    assert SELF_SCORED in said(capsys, *words, *out)
    assert json.loads(said(capsys, *words, *out, "--json"))["label"] == SELF_SCORED


def test_the_list_of_runs_is_labelled(finished: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = ("--out", str(finished / "runs"))
    assert "(self-scored)" in said(capsys, "runs", *out)
    assert json.loads(said(capsys, "runs", *out, "--json"))[0]["label"] == SELF_SCORED


def test_an_evaluation_is_labelled(finished: Path, capsys: pytest.CaptureFixture[str]) -> None:
    task = str(finished / "job_queue")
    words = ("evaluate", task, f"{task}/initial.py")
    assert f"score -57\n{SELF_SCORED}\n" in said(capsys, *words)
    assert json.loads(said(capsys, *words, "--json"))["label"] == SELF_SCORED


def test_the_report_claims_nothing(finished: Path) -> None:
    (report,) = (finished / "runs").glob("*/report/report.md")
    text = report.read_text()
    assert f"**{SELF_SCORED.capitalize()}.**" in text
    assert "nothing is proved" in text and "no sealed score and no hack gap" in text
    assert "mprovement shown" not in text and "seal" not in text.replace("no sealed score", "")


def test_a_task_with_a_judge_of_its_own_has_no_label(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("run", "circle_packing_26", "--evaluations", "4", "--seed", "1", "--out", str(tmp_path))
    assert SELF_SCORED not in said(capsys, *words)
    assert json.loads(said(capsys, "show", "last", "--out", str(tmp_path), "--json"))["label"] is None


def test_its_record_is_verified_and_replayed(finished: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = ("--out", str(finished / "runs"))
    told = said(capsys, "verify", "last", *out)
    assert "measured again, the same to the last digit" in told and "the record holds together" in told
    assert "the same" in said(capsys, "replay", "last", *out)


def test_a_run_repeats(finished: Path, tmp_path: Path) -> None:
    again = [run(finished / "job_queue", tmp_path / str(n), evaluations=12, seed=5, workers=n) for n in (1, 3)]
    assert again[0].digest == again[1].digest


def test_an_evaluator_that_does_not_repeat_is_no_forgery(folder: Copy, tmp_path: Path) -> None:
    clock = "    import time\n    found = time.time() % 1.0 + height"
    place = folder("noisy_bowl", {"evaluator.py": ("    found = height", clock)})
    done = run(place, tmp_path / "runs", evaluations=4, seed=1)
    store = done.folder.store(read_only=True)
    try:
        found = asyncio.run(rescore(store, done.run, task=load(place)))
    finally:
        store.close()
    assert found.ok is None and "need not repeat itself" in found.detail


def test_a_first_program_without_a_score_ends_the_run(folder: Copy, tmp_path: Path) -> None:
    place = folder("noisy_bowl", {"initial_program.py": ("def run(height):", "def walk(height):")})
    with pytest.raises(InitialProgramError, match="AttributeError"):
        run(place, tmp_path / "runs", evaluations=4, seed=1)


def test_numbers_of_other_languages_are_edited(folder: Copy, tmp_path: Path) -> None:
    place = folder("job_queue", {"evaluate.py": ("[sys.executable, program_path]", "['/bin/sh', program_path]")})
    (place / "initial.py").unlink()
    text = "# EVOLVE-BLOCK-START\nfirst=3\n# EVOLVE-BLOCK-END\nrest=$(seq 0 6 | grep -v $first | paste -sd,)\n"
    (place / "initial.sh").write_text(f'{text}echo "[$first,$rest]"\n')
    done = run(place, tmp_path / "runs", evaluations=8, seed=1)
    assert done.initial_score is not None and done.label == SELF_SCORED


def test_other_languages_may_have_several_marked_parts(folder: Copy, tmp_path: Path) -> None:
    place = folder("noisy_bowl", {"evaluator.py": ("    spec =", "    return ask(program_path)\n    spec =")})
    ask = (
        "import subprocess\n\n\ndef ask(path):\n    said = subprocess.check_output(['awk', '-f', path, '/dev/null'])\n"
        "    found = height(*map(float, said.split()))\n    return {'combined_score': 1.0 / (1.0 + found)}\n\n\n"
    )
    (place / "evaluator.py").write_text(ask + (place / "evaluator.py").read_text())
    (place / "initial_program.py").unlink()
    first = "function across() {\n  # EVOLVE-BLOCK-START\n  return 3.5\n  # EVOLVE-BLOCK-END\n}\n"
    second = "END {\n  scale = 0.5\n  # EVOLVE-BLOCK-START\n  up = 2.25\n  # EVOLVE-BLOCK-END\n"
    (place / "initial_program.awk").write_text(f"{first}{second}  print scale * across(), scale * up\n}}\n")
    done = run(place, tmp_path / "runs", evaluations=12, seed=1)
    assert done.best_score is not None and done.initial_score is not None and sound(done)
    assert done.best_score > done.initial_score
    programs = texts_of(done, "initial_program.awk")
    assert len(programs) > 6 and all("scale = 0.5\n" in one for one in programs)
    assert len({re.findall(r"return (\S+)", one)[0] for one in programs}) > 1
    assert len({re.findall(r"up = (\S+)", one)[0] for one in programs}) > 1


# -- marks inside of functions and classes, and several of them --------------------------------------------------------

INSIDE = ["round_trip", "thermostat"]


def texts_of(done: Finished, file: str) -> list[str]:
    """All programs of a run."""
    store = done.folder.store(read_only=True)
    try:
        results = [one["result"] for one in events(done.folder, "result")]
        digests = [one["candidate"]["files"][file] for one in results if one.get("candidate")]
        return [store.get(digest).decode() for digest in digests]
    finally:
        store.close()


def frame(text: str) -> str:
    """A program without what stands between its marks."""
    return re.sub(r"(?s)(EVOLVE-BLOCK-START\n).*?(\n *# EVOLVE-BLOCK-END)", r"\1\2", text)


@pytest.mark.parametrize("name", INSIDE)
def test_marks_inside_of_functions_and_classes_hold_in_a_whole_run(name: str, tmp_path: Path) -> None:
    done = run(FOLDERS / name, tmp_path, evaluations=24, seed=2)
    assert done.best_score is not None and done.initial_score is not None and sound(done)
    assert done.best_score > done.initial_score
    file = load(FOLDERS / name).program.file
    programs = texts_of(done, file)
    assert len(set(programs)) > 12
    assert {frame(one) for one in programs} == {frame((FOLDERS / name / file).read_text())}


@pytest.mark.parametrize("name", INSIDE)
def test_what_a_model_changes_outside_of_the_marks_is_refused_with_the_line(name: str, tmp_path: Path) -> None:
    with ModelServer(nudge) as server:
        done = run(FOLDERS / name, tmp_path, evaluations=10, seed=2, proposer="model", models=pool(server), usd=5.0)
        assert any("frozen part was changed: the statement in line" in one.text for one in server.asked)
    assert sound(done) and done.reason.startswith("budget: evaluations")
    file = load(FOLDERS / name).program.file
    assert {frame(one) for one in texts_of(done, file)} == {frame((FOLDERS / name / file).read_text())}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["shelf_packing", "word_lengths", "noisy_bowl", "curve_stages", *INSIDE])
def test_every_folder_improves(name: str, tmp_path: Path) -> None:
    done = run(FOLDERS / name, tmp_path, evaluations=30, seed=1)
    assert done.best_score is not None and done.initial_score is not None
    assert done.best_score > done.initial_score and sound(done)
    assert done.verdict == f"{SELF_SCORED}; nothing is proved"


def test_a_run_inside_its_own_folder_goes_on(
    folder: Copy, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder("job_queue"))
    said(capsys, "run", ".", "--evaluations", "6", "--seed", "1")
    told = said(capsys, "resume", "last", "--evaluations", "9")
    assert "9 evaluations" in told and told.count(SELF_SCORED) == 2
    Path("evaluate.py").write_text(Path("evaluate.py").read_text() + "\n")
    assert "evaluate.py of task job_queue changed" in said(capsys, "resume", "last", "--evaluations", "12", code=2)


def test_doing_it_again_promises_only_what_the_evaluator_keeps(
    finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(finished / "runs", tmp_path / "runs")
    told = said(capsys, "replay", "last", "--rerun", "--out", str(tmp_path / "runs"))
    assert "only as far as that repeats" in told and "they are the same" in told


def test_a_comparison_is_labelled(finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["compare", str(finished / "job_queue"), "--proposer", "embedded", "--proposer", "independent"]
    words += ["--seeds", "2", "--evaluations", "4", "--out", str(tmp_path)]
    assert SELF_SCORED in said(capsys, *words)
    assert json.loads((tmp_path / "compare.json").read_text())["tasks"][0]["judged_on"] == SELF_SCORED


def test_what_is_held_is_labelled(finished: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(said(capsys, "held", "last", "--out", str(finished / "runs"), "--json"))
    assert told["label"] == SELF_SCORED


def test_an_announced_folder_is_listed_with_its_label() -> None:
    row = _task_data(load(FOLDERS / "job_queue"))
    assert (row["kind"], row["label"]) == ("self_scored", SELF_SCORED)
    assert _first(load(FOLDERS / "job_queue")) == SELF_SCORED
    assert _task_data(load("circle_packing_26"))["label"] is None


def test_a_forged_score_passes_and_is_why_there_is_a_label() -> None:
    forger = "def run(height):\n    height.__code__ = (lambda x, y: -0.9999).__code__\n    return 9.0, 9.0\n"
    forged = measured(FOLDERS / "noisy_bowl", forger)
    assert forged.status is Status.OK and forged.score is not None and forged.score > 1000


# -- what such a run may not be ---------------------------------------------------------------------------------------


def test_its_champion_starts_no_other_task(finished: Path, folder: Copy, tmp_path: Path) -> None:
    start = next((finished / "runs").glob("job_queue-*"))
    other = folder("job_queue", {"initial.py": ("PULL = -2.0", "PULL = -3.0")})
    for task in (str(other), str(FOLDERS / "word_lengths"), "circle_packing_26"):
        with pytest.raises(UserError, match=r"is self-scored .*may not be the start of"):
            run(task, tmp_path / "runs", start=str(start), evaluations=4, seed=1)
    on = run(finished / "job_queue", tmp_path / "runs", start=str(start), evaluations=4, seed=1)
    assert on.initial_score is not None and on.initial_score > -57.0


def test_there_is_no_judge_to_check(capsys: pytest.CaptureFixture[str]) -> None:
    told = said(capsys, "check", str(FOLDERS / "job_queue"), code=2)
    assert "there is no separate judge to check" in told and told.count("\n") == 1


# -- conversion -------------------------------------------------------------------------------------------------------


def test_a_folder_becomes_a_task_with_a_judge(folder: Copy, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = said(capsys, "convert", str(folder("shelf_packing")))
    assert "the first program scores 3.2 as before" in told
    place = tmp_path / "shelf_packing_converted"
    task = load(place)
    assert (task.kind, task.program.entry, task.program.region) == ("session", ("pack",), "marked")
    assert {"judge.py", "judge_data/evaluate.py", "judge_data/widths.txt"} <= task.manifest.keys()
    assert "def score" not in task.judge.decode()
    done = run(place, tmp_path / "runs", evaluations=30, seed=1)
    assert done.label is None and done.initial_score == 3.2
    assert done.best_score is not None and done.best_score > 3.2
    broken = measured(place, "def pack(widths, room):\n    return 3\n")
    assert (broken.status, broken.feedback[:40]) == (Status.WRONG, "Validation failed: a tuple of shelves is")
    forged = measured(
        place, "import json\n\ndef pack(widths, room):\n    json.dumps = None\n    return [0] * len(widths)\n"
    )
    assert forged.score == measured(FOLDERS / "shelf_packing", "def pack(widths, room):\n    return (0,) * 8\n").score


def test_one_call_becomes_a_call(folder: Copy, tmp_path: Path) -> None:
    made = asyncio.run(
        convert(f"{folder('shelf_packing', {'evaluate.py': ('num_runs=2', 'num_runs=1')})}", out=tmp_path / "apart")
    )
    task = load(tmp_path / "apart")
    assert (made.kind, task.kind, made.score) == ("call", "call", 1.6)
    assert "def play" not in task.judge.decode() and measured(tmp_path / "apart").score == 1.6


def test_modules_that_the_program_imports_are_copied_for_it(folder: Copy, tmp_path: Path) -> None:
    place = folder(
        "shelf_packing", {"initial.py": ("    return tuple(", "    from tools import same\n    return same(")}
    )
    (place / "tools").mkdir()
    (place / "tools" / "__init__.py").write_text(
        "from steps import again\n\ndef same(x):\n    return tuple(again(x))\n"
    )
    (place / "steps.py").write_text("def again(x):\n    return list(x)\n")
    (place / "unused.py").write_text("SECRET = 1\n")
    made = asyncio.run(convert(str(place), out=tmp_path / "apart"))
    assert made.score == 3.2
    assert {name for name in made.files if name.startswith("data/")} == {
        "data/beside/steps.py",
        "data/beside/tools/__init__.py",
    }
    assert measured(tmp_path / "apart", "import unused\n\ndef pack(widths, room):\n    return [0] * 8\n").score is None


EVALUATE, INITIAL = "evaluate.py", "initial.py"
READS = "    return len(open(parser.parse_args().program_path).read()) > 0, None"


@pytest.mark.parametrize(
    ("name", "changes", "told"),
    [
        ("job_queue", {}, "does not use run_shinka_eval"),
        ("curve_stages", {}, "evaluator.py loads the program itself"),
        ("shelf_packing", {EVALUATE: ("aggregate_metrics_fn=", "sums=")}, "has no aggregate_metrics_fn"),
        ("shelf_packing", {EVALUATE: ("    run_shinka", "    1 / 0\n    run_shinka")}, "does not get as far as"),
        ("shelf_packing", {EVALUATE: ("    return True, None", READS)}, "gets no score (wrong"),
        ("shelf_packing", {INITIAL: ("tuple(shelves(", "iter(shelves(")}, "its own first program gets no score"),
        ("shelf_packing", {INITIAL: ("pack(widths, room)", "pack(*, widths, room)")}, "be put into their places"),
    ],
)
def test_what_cannot_be_split_is_left_alone(folder: Copy, tmp_path: Path, name: str, changes, told: str) -> None:
    with pytest.raises(UserError) as refused:
        asyncio.run(convert(str(folder(name, changes)), out=tmp_path / "apart"))
    assert told in str(refused.value) and "by hand" in str(refused.value) and "\n" not in str(refused.value)
    assert not (tmp_path / "apart").exists()


def test_a_conversion_that_scores_otherwise_is_not_written(folder: Copy, tmp_path: Path) -> None:
    place = folder(
        "shelf_packing", {"evaluate.py": ('"combined_score": ', '"combined_score": __import__("os").getpid() + ')}
    )
    with pytest.raises(UserError, match=r"apart, the first program scores .*, together "):
        asyncio.run(convert(str(place), out=tmp_path / "apart"))
    assert not (tmp_path / "apart").exists()


def test_nothing_is_overwritten_or_made_twice(folder: Copy, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is not empty"):
        asyncio.run(convert(str(folder("shelf_packing")), out=tmp_path))
    with pytest.raises(TaskError, match="a judge of its own already"):
        asyncio.run(convert("circle_packing_26", out=tmp_path / "apart"))
