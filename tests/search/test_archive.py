"""An island keeps the best lines, one of a shape, and never loses its best; a line's walk cools and begins anew."""

from hypothesis import given
from hypothesis import strategies as st

from shoal.search import _archive
from shoal.search._archive import Island, Line, Member, best_of, change, enter, evict, new_line, rank, twin_of, walked

SCORES = st.floats(-10, 10).map(lambda score: round(score, 1))
MEMBERS = st.lists(st.tuples(SCORES, st.sampled_from("abcd"), st.integers(0, 3)), max_size=40).map(
    lambda rows: [Member(f"c{i}", score, shape, "grow", size=size) for i, (score, shape, size) in enumerate(rows)]
)


def folded(members: list[Member], capacity: int) -> Island:
    """Each member on its shape's walk, which takes what is no worse; or in a line of its own."""
    island = Island()
    for member in members:
        island = island.aged(member.score)
        line = next((one for one in island.lines if one.shape == member.shape), None)
        if line is None:
            island = enter(island, new_line(member), capacity=capacity)
        else:
            island = change(island, walked(line, member, taken=member.score >= line.current.score, pool=4))
    return island


@given(MEMBERS, st.integers(1, 6))
def test_lines_are_sorted_few_and_of_different_shapes(members: list[Member], capacity: int) -> None:
    island = folded(members, capacity)
    assert list(island.lines) == sorted(island.lines, key=rank)
    assert len(island.lines) <= capacity
    assert len({line.shape for line in island.lines}) == len(island.lines)


@given(MEMBERS.filter(bool), st.integers(4, 6))
def test_the_best_is_never_lost(members: list[Member], capacity: int) -> None:
    best = best_of((Island(), folded(members, capacity)))
    assert best is not None
    assert (-best.score, best.size) == min((-one.score, one.size) for one in members)


@given(MEMBERS, st.integers(1, 6))
def test_an_island_goes_stale_until_its_best_improves(members: list[Member], capacity: int) -> None:
    island = Island()
    for member in members:
        best = island.best.score if island.lines else -float("inf")
        aged = island.aged(member.score)
        assert aged.stale == (0 if island.lines and member.score > best else island.stale + 1)
        assert aged.usual >= island.usual
        island = enter(aged, new_line(member), capacity=capacity)


@given(MEMBERS.filter(bool), st.sets(st.integers(0, 40)))
def test_what_is_evicted_is_nowhere(members: list[Member], numbers: set[int]) -> None:
    gone = {f"c{number}" for number in numbers}
    island = evict(folded(members, 6), gone)
    assert all(member.id not in gone for line in island.lines for member in line.members())
    assert list(island.lines) == sorted(island.lines, key=rank)


def test_a_newcomer_goes_before_its_equals_and_the_simpler_before_both() -> None:
    island = Island()
    for member in (Member("c0", 1.0, "a", "grow", size=5), Member("c1", 1.0, "b", "grow", size=5)):
        island = enter(island, new_line(member), capacity=2)
    assert [line.best.id for line in island.lines] == ["c1", "c0"]
    island = enter(island, new_line(Member("c2", 1.0, "c", "grow", size=3)), capacity=2)
    assert [line.best.id for line in island.lines] == ["c2", "c1"]


def test_a_cycle_ends_at_the_best_and_the_next_takes_twice_as_long() -> None:
    line = new_line(Member("c0", 1.0, "a", "grow", literals=1))
    best = Member("c1", 3.0, "a", "jitter", literals=1)
    line = walked(line, best, taken=True, pool=3)
    for number in range(2, _archive.SHORTEST_CYCLE):
        line = walked(line, Member(f"c{number}", 2.0, "a", "jitter", literals=1), taken=True, pool=3)
        assert line.current.score == 2.0
    line = walked(line, Member("c99", 2.5, "a", "jitter", literals=1), taken=True, pool=3)
    assert (line.turn, line.length, line.current) == (0, 2 * _archive.SHORTEST_CYCLE, best)


@given(st.lists(SCORES, min_size=1, max_size=200))
def test_a_line_remembers_few_losses_and_how_fast_it_climbed(scores: list[float]) -> None:
    line = new_line(Member("c", 0.0, "a", "grow"))
    for k, score in enumerate(scores):
        before = line
        line = walked(line, Member(f"c{k}", score, "a", "jitter"), taken=score >= line.current.score, pool=3)
        assert line.best.score == max(score, before.best.score)
        assert line.spent == before.spent + 1
    assert len(line.losses) <= _archive.LOSSES_KEPT and all(loss > 0 for loss in line.losses)
    assert len(line.pool) <= 3
    assert (line.rate > 0.0) is (max(scores) > 0.0)


def test_a_twin_behaves_alike_on_every_instance_unless_it_opens_many_numbers() -> None:
    line = new_line(Member("c0", 2.0, "a", "grow", literals=3, values=(1.0, 3.0)))
    island = enter(Island(), line, capacity=4)
    assert twin_of(island, Member("c1", 2.0, "b", "insert", literals=4, values=(1.0, 3.0))) is line
    assert twin_of(island, Member("c1", 2.0, "b", "insert", literals=4, values=(3.0, 1.0))) is None
    assert twin_of(island, Member("c1", 2.0, "b", "materialise", literals=55, values=(1.0, 3.0))) is None


def test_a_line_whose_numbers_break_when_touched_is_brittle() -> None:
    line: Line = new_line(Member("c0", 2.0, "a", "materialise", literals=26))
    for k in range(20):
        line = line.booked(gain=0.0, broken=k % 2 == 0)
    assert line.brittle
