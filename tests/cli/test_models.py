"""Models from the command line: compared, with their money told; and a task whose first program one of them writes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shoal.cli import main
from shoal.testing import Asked, ModelServer
from tests.labs.models import nudge
from tests.labs.sittings import PROGRAM, write_task

from .conftest import call

POOL = """
[[model]]
name = "tiny"
url = "{url}"
model = "scripted"
price = {{ in = 1.0, out = 2.0 }}
max_tokens = 1000
"""
COMPARE = "compare slopes --proposer refine --proposer best-of-n --seeds 2 --models models.toml"


def answer(asked: Asked) -> str:
    return nudge(asked) if "# The current program" in asked.text else f"```python\n{PROGRAM}\n```"


def refusal(asked: Asked) -> str:
    return "I would rather not."


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a task that has no first program."""
    write_task(tmp_path / "slopes")
    (tmp_path / "slopes" / "initial.py").unlink()
    return tmp_path


@pytest.fixture
def server(place: Path) -> Iterator[ModelServer]:
    with ModelServer(answer) as server:
        (place / "models.toml").write_text(POOL.format(url=server.url))
        yield server


def test_a_run_without_a_program_is_as_good_a_run_as_any(place: Path, server: ModelServer) -> None:
    words = ("run", "slopes", "--models", "models.toml", "--usd", "5", "--evaluations", "12", "--seed", "3", "--json")
    dry = call(*words[:-1], "--dry-run", cwd=place)
    assert dry.code == 0 and "first version of a computer program" in dry.out and not server.asked
    done = call(*words, cwd=place)
    assert done.code == 0, done.err
    assert done.json["champion"] and done.json["initial_score"] is not None
    run = done.json["run"]
    shown = call("show", run, "initial", "--source", cwd=place)
    assert shown.out.strip() == PROGRAM.strip()
    verified = call("verify", run, cwd=place)
    assert verified.code == 0, verified.out
    asked = len(server.asked)
    again = call("replay", run, "--rerun", cwd=place)
    assert again.code == 0 and len(server.asked) == asked, again.err + again.out


def test_no_program_is_one_line_and_a_record(place: Path) -> None:
    with ModelServer(refusal) as server:
        (place / "models.toml").write_text(POOL.format(url=server.url))
        done = call("run", "slopes", "--models", "models.toml", "--evaluations", "12", cwd=place)
        last = done.err.strip().splitlines()[-1]
        assert done.code == 2 and done.out == ""
        assert "has no first program: search: 5 answers and no first program that gets a score; the last: there" in last
        assert "Write the program" in last and "shoal resume" in last and "Traceback" not in done.err
        folder = next((place / "runs").glob("*/run.db")).parent
        assert len(server.asked) == 5
        assert call("verify", folder.name, cwd=place).code == 0
        again = call("resume", folder.name, "--usd", "5", cwd=place)
        assert again.code == 2 and len(server.asked) == 10, "a new total allows as many answers again"


def test_a_comparison_tells_what_models_were_paid(place: Path, server: ModelServer) -> None:
    said = call(*COMPARE.split(), "--usd", "0.04", "--json", cwd=place)
    assert said.code == 0, said.err
    assert "4 runs ask models, at most $0.16 in all; each: model tiny (scripted)" in said.err
    assert said.json["unit"] == "usd" and said.json["budget"] == 0.04
    assert all(0 < run["usd"] <= 0.04 and run["calls"] > 0 and run["tokens"] > 0 for run in said.json["runs"])
    table = said.err.partition("what a run spent, mean\n")[2].splitlines()
    assert table[0].split() == ["task", "proposer", "evaluations", "calls", "tokens", "USD"]
    assert [line.split()[1] for line in table[1:3]] == ["refine", "best-of-n"]
    assert "how many times more dollars a baseline needs" in said.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("run slopes --evaluations 5", "initial.py is missing: write it"),
        ("run slopes --evaluations 5 --proposer refine", "proposer refine asks models, and there are none"),
        ("check slopes", "initial.py is missing"),
        (f"{COMPARE} --usd 1 --proposer embedded", "embedded does not end when --usd is used up"),
        (f"{COMPARE} --evaluations 5 --proposer embedded", "initial.py is missing"),
        ("compare slopes --proposer refine --proposer best-of-n --evaluations 5", "asks models, and there are none"),
        ("compare slopes --proposer random --proposer genetic --evaluations 5 --usd 1", "--usd: none of the proposers"),
        (f"{COMPARE} --evaluations 5 --models nowhere.toml", "cannot read the models in nowhere.toml"),
    ],
)
def test_a_mistake_is_one_line(
    words: str,
    said: str,
    place: Path,
    server: ModelServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(place)
    assert main(words.split()) == 2
    streams = capsys.readouterr()
    assert streams.out == "" and streams.err.count("\n") == 1 and said in streams.err, streams.err
    assert not server.asked and not (place / "runs").exists() and not (place / "compare").exists()
