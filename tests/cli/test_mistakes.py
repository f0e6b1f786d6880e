"""Every mistake is one clear line that names the value and the fix, and exit code 2."""

from collections.abc import Callable
from pathlib import Path

import pytest

from shoal.cli import main

from .conftest import call


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a_file").write_text("not a folder")
    (tmp_path / "broken.toml").write_text("task = ")
    (tmp_path / "typo.toml").write_text('task = "circle_packing_26"\nevaluation = 5\n')
    return tmp_path


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("rnu", "No such command 'rnu'. Did you mean 'run'?"),
        ("run circle_packing_26 --evalutions 5", "--evaluations"),
        ("run circle_packing_26 --evaluations many", "valid integer"),
        ("run", "say which task: shoal run TASK"),
        ("run circle_packing_27", "did you mean circle_packing_26?"),
        ("run ./nowhere", "shoal new"),
        ("run circle_packing_26 --evaluations 0", "evaluations = 0"),
        ("run circle_packing_26 --seconds -1", "seconds = -1"),
        ("run circle_packing_26 --seconds nan", "seconds"),
        ("run circle_packing_26 --window 0", "window = 0"),
        ("run circle_packing_26 --proposer magic", "proposer = 'magic'"),
        ("run circle_packing_26 --evaluations 5 --set search.isles=4", "did you mean islands?"),
        ("run circle_packing_26 --evaluations 5 --set islands", "write KEY=VALUE"),
        ("run circle_packing_26 --evaluations 5 --set =3", "write KEY=VALUE"),
        ("run circle_packing_26 --evaluations 5 --set search.islands=many", "search.islands = 'many'"),
        ("run circle_packing_26 --evaluations 5 --config nowhere.toml", "nowhere.toml"),
        ("run circle_packing_26 --evaluations 5 --config broken.toml", "broken.toml is not valid TOML"),
        ("run --config typo.toml", "did you mean evaluations?"),
        ("run circle_packing_26 --evaluations 5 --out a_file/runs", "choose another folder with --out"),
        ("run circle_packing_26 --evaluations 5 --from nothing.py", "--from nothing.py"),
        ("resume nothing", "no run 'nothing' in runs"),
        ("show nothing", "see `shoal runs`"),
        ("verify nothing", "no run 'nothing'"),
        ("replay nothing", "no run 'nothing'"),
        ("runs rm nothing", "no run 'nothing'"),
        ("evaluate circle_packing_26 missing.py", "missing.py"),
        ("evaluate circle_packing_26 a_file --split sealed", "sealed"),
        ("evaluate circle_packing_26 a_file --split other", "search or validation"),
        ("new .", "not empty"),
        ("new a_file", "is a file"),
    ],
)
def test_a_mistake_is_one_line(words: str, said: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words.split()) == 2
    streams = capsys.readouterr()
    assert streams.out == ""
    assert streams.err.count("\n") == 1 and streams.err.startswith("shoal: ")
    assert said in streams.err
    assert not (here / "runs").exists() or not list((here / "runs").iterdir())


def test_a_mistake_in_a_real_process(tmp_path: Path) -> None:
    said = call("run", "nope", cwd=tmp_path)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("shoal: unknown task 'nope'") and said.err.count("\n") == 1


def test_hostile_names_are_shown_harmlessly(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "x\x1b[31m\u202ey\nz"]) == 2
    shown = capsys.readouterr().err
    assert "\x1b" not in shown and "\u202e" not in shown and shown.count("\n") == 1


def test_an_ambiguous_run_is_not_guessed(
    copy: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy("circles-a")
    copy("circles-b")
    assert main(["show", "circ", "--out", str(tmp_path / "runs")]) == 2
    assert "fits 2 runs (circles-a, circles-b)" in capsys.readouterr().err


def test_broken_machinery_is_exit_code_1_and_names_its_log(
    copy: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = copy("circles")
    (folder / "run.db").write_bytes(b"not a database, but long enough to be read as one" * 40)
    assert main(["show", "circles", "--out", str(tmp_path / "runs")]) == 1
    line = capsys.readouterr().err
    assert line.count("\n") == 1 and "details in " in line
    log = Path(line.rsplit("details in ", 1)[1].strip().rstrip(")"))
    assert "Traceback" in log.read_text()
    log.unlink()


def test_a_resume_needs_room(copy: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["resume", str(copy()), "--evaluations", "20"]) == 2
    assert "has used 40 evaluations of 20 already" in capsys.readouterr().err


def test_a_renamed_folder_is_explained(copy: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", str(copy("another_name"))]) == 2
    assert "was it renamed?" in capsys.readouterr().err


def test_an_unknown_candidate_is_named(copy: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", str(copy()), "c4000"]) == 2
    assert "no candidate 'c4000'" in capsys.readouterr().err
