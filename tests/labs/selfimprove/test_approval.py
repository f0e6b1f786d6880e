"""A person before each promotion: what is asked, what a no does, and that an open question is asked again."""

from pathlib import Path
from typing import Any

import pytest

from shoal.core.errors import UserError
from shoal.labs.selfimprove import Question, SelfImprovement
from shoal.report import RunView, audit

from .asking import Watcher, digest_of, reading, resumed, study
from .jails import LEARNER, write_agent, write_bench


class Clerk:
    """Remembers what was asked, and says the same to all; ``stop`` is thrown at the first question instead."""

    def __init__(self, word: bool, stop: Watcher | None = None) -> None:
        self.word, self.stop = word, stop
        self.asked: list[Question] = []

    async def __call__(self, question: Question) -> bool | None:
        self.asked.append(question)
        if self.stop is not None:
            self.stop.stop.now = True
            return None
        return self.word


def asking(
    place: Path, clerk: Clerk | None, watch: Watcher | None = None, **settings: Any
) -> tuple[Path, SelfImprovement | None]:
    bench = place / "bench"
    if not bench.exists():
        write_bench(bench)
    agent = write_agent(place / "agent", LEARNER)
    given = {"bench": bench, "agent": agent, "usd": None, "approve": "ask", **settings}
    return study(place / "runs", watch, clerk, **given)


@pytest.fixture(scope="module")
def approved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SelfImprovement, Clerk]:
    """A study in which a person said yes. Only to be read."""
    clerk = Clerk(True)
    folder, told = asking(tmp_path_factory.mktemp("approved"), clerk)
    assert told is not None
    return folder, told, clerk


def test_a_person_is_shown_the_difference_before_an_agent_leads(
    approved: tuple[Path, SelfImprovement, Clerk],
) -> None:
    folder, told, clerk = approved
    (question,) = clerk.asked  # who leads is asked about once, and not again as the final agent
    assert (question.run, question.champion, question.final) == ("full-0", "c0", False)
    assert "-SKILL = 0.0\n+SKILL = 1.0\n" in question.diff
    assert told.champion == question.candidate and told.curve[-1].rate == 1.0
    assert told.cost.interventions == 1
    with reading(folder / "full-0") as (store, events):
        asks = [one["k"] for one in events if one["type"] == "issued" and one["work"]["do"] == "ask"]
        answers = {one["k"]: one["result"]["answer"] for one in events if one["type"] == "result"}
        assert [answers[k] for k in asks] == [{"approved": True}]
        crowned = [one for one in events if one["type"] == "note" and one["kind"] == "champion"]
        assert crowned[0]["data"]["candidate"] == "c0" and crowned[1]["k"] == asks[0]
        canaries = [
            one["k"]
            for one in events
            if one["type"] == "issued" and (one["work"].get("trial") or {}).get("split") == "canary"
        ]
        assert canaries[-1] < asks[0]  # impossible tasks come before a person's time
        view = RunView.read(store, "full-0")
        assert audit(store, "full-0", manifest=view.about["manifest"]).ok


def test_after_a_no_the_agent_leads_nothing_and_has_no_children(tmp_path: Path) -> None:
    clerk = Clerk(False)
    folder, told = asking(tmp_path, clerk)
    assert told is not None and told.champion == "c0" and told.imp_at_k is not None and told.imp_at_k.gain == 0.0
    refused = {question.candidate for question in clerk.asked}
    assert refused and told.cost.interventions == len(clerk.asked)
    with reading(folder / "full-0") as (_, events):
        notes = [one for one in events if one["type"] == "note"]
        assert {one["data"]["candidate"] for one in notes if one["kind"] == "refused"} == refused
        assert {one["data"]["candidate"] for one in notes if one["kind"] == "champion"} == {"c0"}
        (ranked,) = [one["data"] for one in notes if one["kind"] == "finalists"]
        assert not refused & set(ranked)
        parents = [one["work"].get("parents", []) for one in events if one["type"] == "issued"]
        assert not refused & {parent for some in parents for parent in some}


@pytest.mark.parametrize("settings", [{"rule": "hgm"}, {"arms": ("no-archive",)}])
def test_every_rule_waits_for_a_person(tmp_path: Path, settings: dict[str, Any]) -> None:
    clerk = Clerk(True)
    folder, told = asking(tmp_path, clerk, **settings)
    assert told is not None
    (run,) = {question.run for question in clerk.asked}
    with reading(folder / run) as (_, events):
        finished = next(place for place, one in enumerate(events) if one["type"] == "finished")
        crowned = [one for one in events[:finished] if one["type"] == "note" and one["kind"] == "champion"]
    asked = {question.candidate for question in clerk.asked}
    assert {one["data"]["candidate"] for one in crowned} <= {"c0", *asked}
    assert told.champion in {"c0", *asked}


def test_an_open_question_is_asked_again_and_nothing_else_differs(
    tmp_path: Path, approved: tuple[Path, SelfImprovement, Clerk]
) -> None:
    watch = Watcher()
    gone = Clerk(True, stop=watch)
    folder, told = asking(tmp_path, gone, watch)
    assert told is None and len(gone.asked) == 1
    with reading(folder / "full-0") as (_, events):
        assert "finished" not in {one["type"] for one in events}
    clerk = Clerk(True)
    told = resumed(folder, person=clerk)
    assert told is not None and clerk.asked == gone.asked
    assert digest_of(folder / "full-0") == digest_of(approved[0] / "full-0")


def test_a_final_agent_that_never_led_is_asked_about_too(tmp_path: Path) -> None:
    """The budget ends before a person could be asked whether it may lead."""
    for word in (True, False):
        clerk = Clerk(word)
        folder, told = asking(tmp_path / str(word), clerk, evaluations=20)
        (question,) = clerk.asked
        assert told is not None and question.final and question.champion == "c0"
        assert told.champion == (question.candidate if word else "c0")
        with reading(folder / "full-0") as (_, events):
            kinds = {one["kind"] for one in events if one["type"] == "note"}
        assert kinds & {"approved", "refused"} == {"approved" if word else "refused"}


def test_without_a_person_such_a_study_does_not_begin(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="asks a person before each promotion"):
        asking(tmp_path, None)
    (folder,) = (tmp_path / "runs").iterdir()
    assert not list(folder.glob("full-*"))
