"""Runs that start from a program of one's own: it must be one that the task's candidates could have become."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from shoal.cli import main
from shoal.core.errors import InitialProgramError, UserError
from shoal.core.journal import Journal
from shoal.labs.evolve._intents import note_intents
from shoal.propose import Editor, Mutable
from shoal.report import RunView

from .sittings import TASK, events, run, sound, write_task

MARKED = """SCALE = 1.0

# shoal: begin
def slope(points):
    first, last = 0, 2
    weight = 0.9
    return weight * (points[last] - points[first])
# shoal: end


def scaled(points):
    return SCALE * slope(points)
"""


@pytest.fixture
def task(tmp_path: Path) -> Path:
    folder = write_task(tmp_path / "slopes", program=MARKED)
    text = TASK.replace('entry = ["slope"]', 'entry = ["slope"]\nregion = "marked"')
    text = text.replace("search = 2\nvalidation = 3\nsealed = 4\n", "fixed = true\n")  # every new best is champion
    (folder / "task.toml").write_text(text.replace("{direction}", "max"))
    return folder


def test_a_program_that_keeps_the_frozen_part_starts_a_run(task: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.py"
    mine.write_bytes(MARKED.replace("0.9", "0.8").replace("\n", "\r\n").encode())
    done = run(task, tmp_path, start=str(mine), evaluations=12, seed=1)
    assert sound(done)
    store = done.folder.store(read_only=True)
    view = RunView.read(store, done.run)
    assert view.initial is not None
    assert store.get(view.candidates[view.initial].files["initial.py"]) == mine.read_bytes()
    store.close()
    again = run(task, tmp_path, start=done.run, evaluations=8, seed=2)
    assert again.initial_score is not None and sound(again)


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        (MARKED.replace("SCALE = 1.0", "SCALE = 9.0"), "the frozen part was changed: the statement in line 1"),
        (MARKED.replace("def slope(", "SCALE = 9.0\ndef slope("), "the region binds SCALE"),
        (MARKED.replace("weight", "w\u0435ight"), "U+0435 CYRILLIC SMALL LETTER IE and would pass for weight"),
        (MARKED.replace("# shoal: end", "\x0c# shoal: end"), "U+000C FORM FEED"),
    ],
)
def test_any_other_ends_it_before_it_begins_and_says_why(
    task: Path, tmp_path: Path, program: str, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "mine.py"
    mine.write_text(program, encoding="utf-8", newline="")
    with pytest.raises(InitialProgramError) as caught:
        run(task, tmp_path / "out", start=str(mine), evaluations=12, seed=1)
    assert reason in str(caught.value) and "\n" not in str(caught.value)
    words = ["run", str(task), "--from", str(mine), "--evaluations", "12", "--out", str(tmp_path / "out")]
    assert main(words) == 2
    assert reason in capsys.readouterr().err
    assert not list((tmp_path / "out").glob("slopes-*"))


def test_a_task_whose_own_program_misleads_is_refused(tmp_path: Path) -> None:
    folder = write_task(tmp_path / "slopes", program="def slope(p\u043eints):\n    return 0.0\n")
    with pytest.raises(UserError, match=r"initial\.py: the name .* would pass for points"):
        run(folder, tmp_path, evaluations=4, seed=1)


def test_what_only_the_champion_does_is_noted_once(task: Path, tmp_path: Path) -> None:
    done = run(task, tmp_path, evaluations=90, seed=1)
    assert [one for one in events(done.folder, "note") if one["kind"] == "intents"] == []
    store = done.folder.store()
    view = RunView.read(store, done.run)
    champion, last = view.champion, store.last(done.run)
    assert champion is not None and champion != view.initial and last is not None
    sly = MARKED.replace("first, last = 0, 2", "first, last = 0, len(open('/proc/self/stat').read())")
    known = view.candidates[champion]
    view.candidates[champion] = replace(known, files={"initial.py": store.put(sly.encode())})
    journal = Journal(store, done.run, seq=last.seq + 1, head=last.head)
    mutable = Mutable(main="initial.py", select="marked", entry=("slope",))

    async def noted() -> None:
        async with Editor() as editor:
            await note_intents(editor, mutable, store, journal, view)
            journal.flush()
            view.intents = RunView.read(store, done.run).intents
            await note_intents(editor, mutable, store, journal, view)
            journal.flush()

    asyncio.run(noted())
    store.close()
    (note,) = [one for one in events(done.folder, "note") if one["kind"] == "intents"]
    assert [(one["line"], one["kind"]) for one in note["data"]] == [(5, "files"), (5, "path")]
