"""The report folder says what happened, and nothing a program wrote can act in it."""

import struct
from pathlib import Path

import pytest

from shoal.core.errors import StoreError
from shoal.report import CostCard, RunView, draw_progress, write_report
from shoal.report._write import _inside

from .conftest import ToyRun, go


def written(run: ToyRun, *, picture: bytes | None = None) -> tuple[Path, str]:
    folder = write_report(run.folder, RunView.read(run.store, run.id), store=run.store, picture=picture)
    return folder, (folder / "report.md").read_text()


def test_the_folder_holds_program_pictures_and_page(toy) -> None:
    run = toy()
    folder, page = written(run, picture=b"\x89PNG bytes")
    assert {path.name for path in folder.iterdir()} == {"best.py", "picture.png", "progress.png", "report.md"}
    view = RunView.read(run.store, run.id)
    assert view.champion is not None
    digest = view.candidates[view.champion].files["initial.py"]
    assert (folder / "best.py").read_bytes() == run.store.get(digest)
    assert (folder / "picture.png").read_bytes() == b"\x89PNG bytes"
    assert "![The best answer](picture.png)" in page and "![Progress](progress.png)" in page


def test_progress_is_a_picture_of_two_panels(toy) -> None:
    png = draw_progress(RunView.read((run := toy()).store, run.id))
    assert png is not None and png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png[16:24])
    assert width > 2 * height > 1_000


def test_the_page_says_what_improved_and_what_it_cost(toy) -> None:
    run = toy()
    view = RunView.read(run.store, run.id)
    _, page = written(run)
    assert page.startswith(f"# distance_to_three: 3 → {view.best_score:.8g}\n")
    assert "| evaluations | 60 |" in page and "| tokens | 0 |" in page and "assumed $0.04 per CPU hour" in page
    assert "| human interventions | 0 |" in page
    assert f"is {len(view.lineage(view.champion)) - 1} steps from the program" in page
    assert "one fixed instance" in page and "Isolation level 3" in page
    assert f"shoal replay {run.id} --rerun" in page
    assert "shoal run distance_to_three --seed 1 --window 1 --evaluations 60" in page
    assert run.report.digest in page


def test_a_run_in_which_nothing_improved_says_so(toy) -> None:
    run = toy(evaluations=1)
    _, page = written(run)
    assert page.startswith("# distance_to_three: nothing improved\n")
    assert "Nothing did." in page and "→" not in page


def test_held_out_scores_are_told_in_words(toy) -> None:
    run = toy(validation=True, about={"fixed": False})
    _, page = written(run)
    assert "on validation" in page and "No sealed score" in page
    champion = RunView.read(run.store, run.id).champion
    for candidate, split, score in ((champion, "sealed", -0.8), (champion, "search", -0.7), ("c0", "sealed", -2.6)):
        run.add("look", checkpoint="champion", candidate=candidate, split=split, outcome={"score": score})
    _, page = written(run)
    assert "Sealed: 0.8; the program the run started from has 2.6 there." in page
    assert "Hack gap +" in page and "owed to the instances the search saw" in page


def test_text_of_candidates_cannot_act_on_the_page(toy) -> None:
    run = toy(evaluations=1, about={"task": "<script>alert(1)</script>", "score_name": "`x` | \x1b[31m\u202e"})
    run.add("note", k=1, kind="judge_failed", text="| <img src=x> \x07 http://evil.example", data=None)
    _, page = written(run)
    for bad in ("<script", "<img", "\x1b", "\u202e", "\x07", "http://"):
        assert bad not in page.replace("\\<", "")


def test_the_cost_card_counts_failed_branches_and_interventions(toy) -> None:
    run = toy(evaluations=60)
    go(run.folder, run.store, evaluations=70)
    card = CostCard.of(RunView.read(run.store, run.id))
    assert (card.evaluations, card.interventions, card.failed) == (70, 1, 1)
    assert card.rejected > 0 and card.samples > card.evaluations
    assert card.usd == pytest.approx(card.cpu_seconds / 3600 * 0.04)


def test_a_report_is_written_anew(toy) -> None:
    run = toy()
    folder, _ = written(run, picture=b"old")
    folder, page = written(run)
    assert not (folder / "picture.png").exists() and "picture.png" not in page


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "a/../../b", "", "a\\b", "nul\0"])
def test_a_candidate_cannot_choose_where_it_is_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(StoreError, match="not a place inside"):
        _inside(tmp_path, name)
    assert _inside(tmp_path, "pkg/main.py") == tmp_path / "pkg" / "main.py"
