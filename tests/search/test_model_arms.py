"""What the search asks of models' answers: unlike what is there, and another try for one that was not."""

from typing import Any

import pytest

from shoal.core.values import Counted, Propose, Result, Status
from shoal.search import ARMS, arms_without
from shoal.search._archive import Island, Member, new_line
from shoal.search._model_arms import MOST_COMPARED, SECOND_TRIES, novel, second_try

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
