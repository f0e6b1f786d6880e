"""The pages say what the code does: what one of them names and the other lacks fails here."""

import ast
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from shlex import quote
from typing import Any, get_args

import pytest
import typer
from pydantic import BaseModel

import shoal
from shoal.cli import _trouble, main
from shoal.cli._app import app
from shoal.core.budget import Budget
from shoal.core.course import digest_line
from shoal.core.events import SCHEMA_VERSION
from shoal.core.values import Counted, Outcome, Propose, Result, Split, Status, Trial, Work
from shoal.labs.evolve import Finished, RunConfig, SearchConfig
from shoal.labs.selfimprove import ARMS as STUDY_ARMS
from shoal.labs.selfimprove import StudyConfig
from shoal.labs.selfimprove import summary as study_summary
from shoal.labs.selfimprove._improvement import as_json
from shoal.labs.selfimprove._verdict import Finding
from shoal.labs.selfimprove.inside._agent import Tools
from shoal.propose._edit import OPERATORS
from shoal.sandbox._isolation import _MEANING
from shoal.search import ARMS
from shoal.tasks import _discovery, _files
from shoal.tasks._settings import Settings
from shoal.testing._judge_checks import CHECKS
from tests.labs.selfimprove.stories import story

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "shoal"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def tables(text: str) -> Iterator[tuple[list[str], list[list[str]]]]:
    """Heads and rows of each table of a page."""
    for block in re.findall(r"(?:^\|.*\|$\n?)+", text, re.MULTILINE):
        head, _, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines())
        yield head, rows


def table(name: str, first_head: str, *, having: str = "") -> list[list[str]]:
    """The rows of the one table of a page whose first head is this and whose text holds ``having``."""
    found = [rows for head, rows in tables(page(name)) if head[0] == first_head and having in str(rows)]
    assert len(found) == 1, f"{name} has {len(found)} tables that begin with {first_head!r}"
    return found[0]


def names(rows: Iterable[list[str]], column: int = 0) -> list[str]:
    """What stands in backticks in one column."""
    return [word for row in rows for word in re.findall(r"`([^`]+)`", row[column])]


# -- links and snippets -----------------------------------------------------------------------------------------------


def anchors(text: str) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    for link in LINK.findall(path.read_text(encoding="utf-8")):
        if link.startswith(("https://", "http://")):
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        assert target.exists(), f"{path.name} links to {link}"
        assert target.is_relative_to(ROOT), f"{path.name} links out of the tree: {link}"
        if anchor:
            assert anchor in anchors(target.read_text(encoding="utf-8")), link


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_that_are_named_exist(path: Path) -> None:
    named = re.findall(r"`((?:benchmarks|tests|scripts|src|requirements)/[\w./-]+)`", path.read_text(encoding="utf-8"))
    assert [one for one in named if not (ROOT / one).exists()] == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    seen: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        current = waiting.pop()
        if current in seen or current.suffix != ".md":
            seen.add(current)
            continue
        seen.add(current)
        links = (link.partition("#")[0] for link in LINK.findall(current.read_text(encoding="utf-8")))
        reached = [(current.parent / link).resolve() for link in links if link and "://" not in link]
        waiting += [page for one in reached for page in ([one] if one.is_file() else sorted(one.glob("*.md")))]
    assert set(PAGES) <= seen


def test_pictures_are_small_and_shown() -> None:
    pictures = list((ROOT / "docs" / "images").glob("*"))
    assert pictures
    for picture in pictures:
        assert picture.stat().st_size < 150_000
        assert any(picture.name in path.read_text(encoding="utf-8") for path in PAGES)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_snippets_are_valid(path: Path) -> None:
    for language, text in re.findall(r"^```(\w+)\n(.*?)^```", path.read_text(encoding="utf-8"), re.M | re.S):
        if language == "python":
            ast.parse(text)
        if language == "toml":
            RunConfig(**tomllib.loads(text))


def test_the_readmes_python_runs(tmp_path: Path) -> None:
    (snippet,) = re.findall(r"^```python\n(.*?)^```", page("README.md"), re.MULTILINE | re.DOTALL)
    shorter = re.sub(r"budget=\d+", "budget=12", snippet)
    assert shorter != snippet
    (tmp_path / "snippet.py").write_text(shorter)
    printed = shown("snippet.py", cwd=tmp_path, module=False)
    before, after = map(float, re.findall(r"[\d.]+", printed.splitlines()[0]))
    assert after >= before > 0
    assert "def points():" in printed


# -- commands ---------------------------------------------------------------------------------------------------------


def commands() -> dict[str, Any]:
    """Every command by its words, groups that do something by themselves included."""
    found: dict[str, Any] = {}

    def walk(command: Any, words: str) -> None:
        inner = getattr(command, "commands", None)
        if words and (inner is None or command.invoke_without_command):
            found[words] = command
        for name, one in (inner or {}).items():
            walk(one, f"{words} {name}".strip())

    walk(typer.main.get_command(app), "")
    return found


def flags(command: Any) -> set[str]:
    """The long names of a command's flags."""
    every = (
        name for one in command.params for name in (*one.opts, *one.secondary_opts) if one.param_type_name != "argument"
    )
    return {name for name in every if name.startswith("--") and name != "--help"}


def test_the_page_names_every_command_and_no_other() -> None:
    documented = [
        name.removeprefix("shoal ") for name in names(table("docs/running.md", "command", having="shoal demo"))
    ]
    assert sorted(documented) == sorted(commands())


def test_the_page_names_every_flag_with_its_commands() -> None:
    documented = {flag: set(row[1].split(", ")) for row in table("docs/running.md", "flag") for flag in names([row])}
    there: dict[str, set[str]] = {}
    for words, command in commands().items():
        for flag in flags(command):
            there.setdefault(flag, set()).add(words)
    assert documented == there


def test_commands_and_flags_in_running_text_exist() -> None:
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        for line in re.findall(r"(?:\./|^|`|\$ )shoal ([a-z][^`\n#]*)", text, re.MULTILINE):
            check_words(line, path)


def check_words(line: str, path: Path) -> None:
    known = commands()
    words = line.split()
    if words[0] == "test":  # the start script's own
        return
    command = next((known[name] for name in (" ".join(words[:2]), words[0]) if name in known), None)
    assert command is not None, f"{path.name}: shoal {line}"
    unknown = set(re.findall(r"(?<!\S)--[a-z-]+", line)) - flags(command) - {"--help"}
    assert not unknown, f"{path.name}: shoal {line}"


def test_the_page_names_every_exit_code() -> None:
    codes = {_trouble.DONE, _trouble.FAILED, _trouble.MISTAKE, _trouble.INTERRUPTED}
    sentence = page("docs/running.md").partition("Exit codes:")[2].partition("\n\n")[0]
    assert {int(code) for code in re.findall(r"`(\d+)`", sentence)} == codes


def test_the_page_names_every_unit_of_a_budget_that_a_run_can_set() -> None:
    units = set(Budget.__slots__) & set(RunConfig.model_fields)
    assert names(table("docs/running.md", "unit")) == [unit for unit in Budget.__slots__ if unit in units]


def test_the_page_names_every_key_of_the_configuration_with_its_default() -> None:
    rows = table("docs/running.md", "key", having="search.islands")
    fields = {name: field for name, field in RunConfig.model_fields.items() if name != "search"}
    fields |= {f"search.{name}": field for name, field in SearchConfig.model_fields.items()}
    assert names(rows) == list(fields)
    for (name, field), row in zip(fields.items(), rows, strict=True):
        if field.is_required():
            assert row[1] == "needed", name
        elif field.default_factory is not None:
            assert row[1] == "drawn", name
        elif field.default is None:
            assert row[1] == "none", name
        else:
            default = str(field.default) if isinstance(field.default, Path) else field.default
            assert row[1] == f"`{json.dumps(default)}`", name


# -- what commands print as JSON --------------------------------------------------------------------------------------


def shown(*words: str, cwd: Path, module: bool = True) -> str:
    """The stdout of one command that must succeed."""
    command = [sys.executable, *(["-m", "shoal"] if module else []), *words]
    environment = {**os.environ, "PYTHONPATH": str(SOURCE.parent)}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one small finished run."""
    folder = tmp_path_factory.mktemp("documented")
    shown("run", "circle_packing_26", "--evaluations", "4", cwd=folder)
    return folder


def test_the_page_names_every_key_of_a_runs_json() -> None:
    keys = names(table("docs/running.md", "key", having="initial_score"))
    assert keys == [*(name for name in Finished.__slots__ if name != "folder"), "folder"]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("show RUN", "show last"),
        ("show RUN ID", "show last initial"),
        ("evaluate", f"evaluate circle_packing_26 {quote(str(SOURCE / 'tasks/circle_packing_26/initial.py'))}"),
        ("check", "check autocorrelation_c1"),
        ("replay", "replay last"),
        ("replay --rerun", "replay last --rerun"),
        ("verify", "verify last"),
        ("runs", "runs"),
        ("tasks", "tasks"),
        ("doctor", "doctor"),
    ],
)
def test_the_page_names_every_key_of_a_commands_json(
    command: str, words: str, place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(place)
    assert main([*shlex.split(words), "--json"]) == 0
    told: Any = json.loads(capsys.readouterr().out.splitlines()[-1])
    keys = [*(told[0] if isinstance(told, list) else told)]
    rows = table("docs/running.md", "command", having="statuses")
    (documented,) = (names([row], column=1) for row in rows if names([row]) == [command])
    assert sorted(documented) == sorted(keys)


def test_the_page_names_every_file_of_a_report(place: Path) -> None:
    report = next((place / "runs").glob("*/report"))
    assert sorted(names(table("docs/running.md", "file"))) == sorted(path.name for path in report.iterdir())


# -- tasks ------------------------------------------------------------------------------------------------------------


def keys_of(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every key of `task.toml` with its field."""
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from keys_of(inner, f"{prefix}{name}.")
        else:
            yield prefix + name, field


def test_the_page_names_every_key_of_a_task_with_its_default() -> None:
    rows = table("docs/tasks.md", "key", having="score.direction")
    fields = dict(keys_of(Settings))
    assert names(rows) == list(fields)
    for (name, field), row in zip(fields.items(), rows, strict=True):
        if field.is_required():
            assert row[1] == "needed", name
        elif field.default is not None:
            assert row[1] == f"`{json.dumps(field.default)}`", name


def test_the_page_names_every_key_of_an_answer_with_its_default() -> None:
    rows = table("docs/tasks.md", "key of `[[answer]]`")
    fields = get_args(Settings.model_fields["answer"].annotation)[0].model_fields
    assert names(rows) == list(fields)
    for (name, field), row in zip(fields.items(), rows, strict=True):
        if field.is_required():
            assert row[1] == "needed", name
        elif field.default is not None:
            assert row[1] == f"`{json.dumps(field.default)}`", name


def test_the_page_names_every_check_of_a_judge() -> None:
    assert names(table("docs/tasks.md", "check")) == list(CHECKS)


def test_the_page_names_every_kind_of_task() -> None:
    kinds = set(get_args(Settings.model_fields["kind"].annotation))
    assert set(re.findall(r'`"(\w+)"`', " ".join(*(row[2:] for row in _row("kind"))))) == kinds
    written = kinds - {"self_scored"}  # whose judge is no file of the task
    assert {row[1].removesuffix(", optional") for row in table("docs/tasks.md", "function")} == written | {"both"}


def _row(key: str) -> list[list[str]]:
    return [row for row in table("docs/tasks.md", "key", having="score.direction") if names([row]) == [key]]


def test_the_page_names_every_function_of_a_judge() -> None:
    text = (SOURCE / "evaluate" / "_judge.py").read_text()
    used = {*re.findall(r"\bjudge\.(\w+)\(", text), *re.findall(r'getattr\([\w.]*judge, "(\w+)"', text)}
    documented = {name.partition("(")[0] for name in names(table("docs/tasks.md", "function"))}
    assert documented == used


def test_the_page_names_every_key_that_a_judge_may_return() -> None:
    text = (SOURCE / "evaluate" / "_judge.py").read_text()
    used = re.findall(r'(?:extras|judged)(?:\.get\(|\[)"(\w+)"', text)
    assert set(names(table("docs/tasks.md", "key", having="feedback"))) == set(used)


def test_the_page_names_every_status() -> None:
    assert names(table("docs/tasks.md", "status")) == [str(status) for status in Status]


def test_the_page_tells_the_limits_and_the_entry_points() -> None:
    text = page("docs/tasks.md")
    assert f"`{_discovery.GROUP}`" in text
    assert f"{_files.LONGEST_TEXT // 1024} KB" in text
    assert names(table("docs/tasks.md", "file"))[:4] == ["task.toml", "initial.py", "judge.py", "public.py"]
    scripts = tomllib.loads(page("pyproject.toml"))["project"]["scripts"]
    assert list(scripts) == ["shoal"] and "the\ncommand `shoal`" in page("docs/running.md")


def test_the_readme_names_tasks_that_exist() -> None:
    built_in = set(_discovery.names())
    for name in re.findall(r"\b\w+_(?:26|weibull|c1)\b", " ".join(path.read_text() for path in PAGES)):
        assert name in built_in


# -- self-improvement -------------------------------------------------------------------------------------------------


def test_the_page_names_every_flag_rule_arm_and_finding_of_a_study() -> None:
    place = "docs/selfimprove.md"
    documented = names(table(place, "flag of `selfimprove`"))
    assert set(documented) == flags(commands()["selfimprove"])
    assert set(names(table(place, "`--rule`"))) == set(get_args(StudyConfig.model_fields["rule"].annotation))
    assert names([row[:1] for row in table(place, "arm")]) == [*STUDY_ARMS]
    assert set(names(table(place, "finding"))) == set(Finding)


def test_the_page_names_every_key_of_a_studys_report_and_json() -> None:
    told = story(10)
    rows = table("docs/selfimprove.md", "key of `report.json`")
    assert names(rows) == [*as_json(told)]
    (nodes,) = (names([row], column=1) for row in rows if names([row]) == ["nodes"])
    assert {*nodes} == {*as_json(told)["nodes"][0], *as_json(told)["nodes"][0]["clade"]}
    sentence = page("docs/selfimprove.md").partition("With `--json`, ")[2].partition(".")[0]
    assert re.findall(r"`(\w+)`", sentence) == [*json.loads(study_summary(told, ROOT))]


def test_the_page_names_every_tool_of_an_agent() -> None:
    documented = {name.partition("(")[0] for name in names([row[:1] for row in table("docs/selfimprove.md", "tool")])}
    assert documented == {name for name in vars(Tools) if not name.startswith("_")}


# -- inside -----------------------------------------------------------------------------------------------------------


def test_the_page_names_every_event_and_its_data() -> None:
    written: dict[str, set[str]] = {}
    for path in SOURCE.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and _is_journal_add(call.func):
                kind = ast.literal_eval(call.args[0])
                written.setdefault(kind, set()).update(word.arg for word in call.keywords if word.arg)
    rows = {names([row])[0]: set(names([row], column=1)) for row in table("docs/architecture.md", "type")}
    assert rows.keys() == written.keys()
    for kind, data in written.items():
        assert data <= rows[kind], kind  # what is passed on as **fields is not seen here
    assert f"schema version {SCHEMA_VERSION}" in page("docs/architecture.md")


def _is_journal_add(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and function.attr == "add" and "journal" in ast.unparse(function.value)


def test_the_page_names_every_kind_of_work() -> None:
    rows = table("docs/architecture.md", "work")
    assert names([[row[0]] for row in rows]) == [kind.__name__ for kind in get_args(Work)]


def test_the_page_names_every_room() -> None:
    rooms = {path.name for path in SOURCE.iterdir() if path.is_dir() and any(path.glob("*.py"))} | {"judging"}
    assert set(names(table("docs/architecture.md", "room"))) == rooms
    contract = tomllib.loads(page("pyproject.toml"))["tool"]["importlinter"]["contracts"][0]["layers"]
    drawn = page("docs/architecture.md").partition("```\ncli >")[2].partition("```")[0]
    floors = [sorted(floor.split(" | ")) for floor in f"cli >{drawn}".replace("\n", " ").split(" > ")]
    layers = [sorted(re.findall(r"\w+", layer)) for layer in contract]
    assert [[word.strip() for word in floor] for floor in floors] == layers


def test_the_page_names_every_edit_with_its_family() -> None:
    rows = table("docs/search.md", "operator")
    documented = {names([row])[0]: row[1] for row in rows}
    assert documented == {name: operator.family for name, operator in OPERATORS.items()}
    beginnings = {name for name, _ in ARMS} - set(OPERATORS)
    assert all(f"`{name}` starts" in page("docs/search.md") for name in beginnings)


def test_the_page_names_every_property_of_the_sandbox() -> None:
    assert names(table("docs/sandbox.md", "property")) == list(_MEANING)


def test_the_page_names_everything_in_the_digest() -> None:
    trial = Trial(Split.SEARCH, (0,))
    line = digest_line(
        0,
        Propose("p", then=trial),
        Result(Status.OK, outcome=Outcome(trial, Status.OK, 1.0, counted=Counted(evaluations=1))),
    )
    assert set(names(table("docs/reproducibility.md", "in the line"))) == set(line)


def test_public_names_of_the_readme_exist() -> None:
    for name in re.findall(r"\bshoal\.([a-zA-Z]\w*)\(", page("README.md")):
        assert name in shoal.__all__
