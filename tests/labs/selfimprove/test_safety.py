"""What a study does where its walls are low, or an agent knows what it must not."""

from pathlib import Path
from typing import Any

import pytest

from shoal.core.errors import UserError
from shoal.labs.selfimprove import SelfImprovement
from shoal.labs.selfimprove._transcripts import read_transcript
from shoal.labs.selfimprove._verdict import Finding
from shoal.report import RunView
from shoal.store import RunFolder

from .asking import Watcher, resumed, study
from .jails import LEARNER, write_agent, write_bench


def studied(place: Path, text: str = LEARNER, **settings: Any) -> tuple[Path, SelfImprovement | None]:
    """A small study without a model, of an agent of one file."""
    bench = place / "bench"
    if not bench.exists():
        write_bench(bench)
    agent = write_agent(place / "agent", text)
    return study(place / "runs", **{"bench": bench, "agent": agent, "usd": None, **settings})


# -- isolation ----------------------------------------------------------------------------------------------------


def test_a_gain_without_walls_is_no_verdict(tmp_path: Path) -> None:
    _, told = studied(tmp_path, level=1)
    assert told is not None and told.curve[-1].rate == 1.0  # the gain is there
    assert (told.isolation, told.verdict.finding, told.verdict.gain) == (1, Finding.NO_WALLS, None)


def test_a_study_does_not_go_on_behind_lower_walls(tmp_path: Path) -> None:
    folder, told = studied(tmp_path, watch=Watcher(after=4))
    assert told is None
    settings = folder / "study.json"
    settings.write_text(settings.read_text().replace('"level": null', '"level": 1'))
    with pytest.raises(UserError, match=r"began at isolation level [23], and here there is 1: go on where it began"):
        resumed(folder)


# -- the record ---------------------------------------------------------------------------------------------------


def test_a_look_that_is_made_once_for_two_runs_is_told_whole_in_both(tmp_path: Path) -> None:
    folder, told = studied(tmp_path, seeds=(0, 1))
    assert told is not None
    looked = []
    for seed in (0, 1):
        run = RunFolder(folder / f"full-{seed}")
        store = run.store(read_only=True)
        try:
            outcomes = [one["outcome"] for one in RunView.read(store, run.id).looks if one["candidate"] == "c0"]
            looked.append([read_transcript(store, one["artifacts"]["calls"]) for one in outcomes])
        finally:
            store.close()
    assert looked[0] == looked[1] and all(looked[0])
