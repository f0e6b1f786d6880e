"""What the search asks of models' answers: unlike what is there, and another try for one that was not."""

from typing import Any

import pytest

from shoal.core.values import Candidate, Counted, Outcome, Propose, Result, Split, Status, Trial
from shoal.search import ARMS, arms_without
from shoal.search._archive import Island, Member, new_line
from shoal.search._model_arms import MOST_COMPARED, SECOND_TRIES, counted, novel, second_try

NAMES = tuple(name for name, _ in ARMS)


def island(count: int) -> Island:
    return Island(tuple(new_line(Member(f"c{k}", 1.0 - k, f"s{k}", "initial")) for k in range(count)))


def asked(**more: Any) -> Propose:
    told = {"operator": "tiny/diff", "island": 0, "model": "tiny", "task": "diff", **more}
    return Propose("model", ("c0",), ("c1", "c2", "c3"), told, most=Counted(tokens=7))


def refused(**details: Any) -> Result:
    return Result(Status.REJECTED, details=details)


def test_an_answer_must_be_unlike_the_best_of_each_line() -> None:
    work = novel(asked(), island(3), NAMES, novelty=0.97)
    assert work.unlike == ("c0", "c1", "c2")
    assert work.payload["novelty"] == 0.97
    assert len(novel(asked(), island(MOST_COMPARED + 9), NAMES, novelty=0.97).unlike) == MOST_COMPARED


@pytest.mark.parametrize("arms", [(), tuple(name for name, _ in arms_without(("numbers", "cma", "recombine")))])
def test_numbers_count_where_no_edit_tunes_them(arms: tuple[str, ...]) -> None:
    assert novel(asked(), island(2), arms, novelty=0.97).payload["numbers"] is True
    assert novel(asked(), island(2), NAMES, novelty=0.97).payload["numbers"] is False


def test_nothing_is_asked_where_it_is_off() -> None:
    assert novel(asked(), island(3), NAMES, novelty=1.0) == asked()


def test_a_second_try_keeps_what_it_must_be_unlike_and_shows_what_it_was_like() -> None:
    work = novel(asked(), island(9), NAMES, novelty=0.97)
    again = second_try(work, refused(retry="too like", like="c7"), tried=0)
    assert again is not None
    assert (again.unlike, again.most, again.parents) == (work.unlike, work.most, work.parents)
    assert again.inspirations == ("c7", "c1", "c2")
    assert again.payload["feedback"] == "too like"
    for shown in ("c0", "c2"):
        once = second_try(work, refused(retry="too like", like=shown), tried=0)
        assert once is not None
        assert once.inspirations == work.inspirations


def test_it_ends_with_the_last_try() -> None:
    work, tries = novel(asked(), island(2), NAMES, novelty=0.97), 0
    while (again := second_try(work, refused(retry="too like", like="c1"), tried=0)) is not None:
        work, tries = again, tries + 1
    assert tries == SECOND_TRIES


def measured(status: Status, *, score: float | None = None) -> Result:
    outcome = Outcome(Trial(Split.SEARCH, (0,)), status, score=score, feedback="it broke")
    return Result(Status.OK, candidate=Candidate("c9", ("c0",), {}, "", ""), outcome=outcome)


def repairs(mended: tuple[int, int]) -> int:
    """How many of a hundred failures get a repair."""
    broken = measured(Status.CRASH)
    return sum(second_try(asked(), broken, tried=tried, mended=mended) is not None for tried in range(100))


def test_repairs_that_bring_no_score_become_few() -> None:
    assert repairs((0, 0)) == repairs((9, 6)) == 50
    assert repairs((17, 0)) == 6
    assert repairs((17, 0)) < repairs((17, 2)) < 50


def test_only_repairs_that_were_measured_count() -> None:
    repair = asked(task="repair")
    assert counted((3, 1), repair, measured(Status.OK, score=1.0)) == (4, 2)
    assert counted((3, 1), repair, measured(Status.WRONG)) == (4, 1)
    assert counted((3, 1), repair, refused(retry="no")) == counted((3, 1), asked(), measured(Status.WRONG)) == (3, 1)
