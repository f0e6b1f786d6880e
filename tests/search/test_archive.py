"""An island keeps the best, keeps few of a kind, and never loses its best."""

from hypothesis import given
from hypothesis import strategies as st

from shoal.search._archive import Island, Member, admit, best_of, born, change, heads, promising, rank

SCORES = st.floats(-10, 10).map(lambda score: round(score, 1))
MEMBERS = st.lists(st.tuples(SCORES, st.sampled_from("abcd"), st.integers(0, 3)), max_size=40).map(
    lambda rows: [Member(f"c{i}", score, shape, "grow", size=size) for i, (score, shape, size) in enumerate(rows)]
)
LIMITS = st.tuples(st.integers(1, 8), st.integers(1, 4))


def folded(members: list[Member], limits: tuple[int, int]) -> Island:
    island = Island()
    for member in members:
        island = admit(island, member, capacity=limits[0], per_shape=limits[1])
    return island


@given(MEMBERS, LIMITS)
def test_members_are_sorted_few_and_few_of_a_kind(members: list[Member], limits: tuple[int, int]) -> None:
    island = folded(members, limits)
    assert list(island.members) == sorted(island.members, key=rank)
    assert len(island.members) <= limits[0]
    for shape in "abcd":
        assert sum(member.shape == shape for member in island.members) <= limits[1]
    assert len({member.id for member in island.members}) == len(island.members)


@given(MEMBERS.filter(bool), LIMITS)
def test_the_best_is_never_lost(members: list[Member], limits: tuple[int, int]) -> None:
    best = best_of((Island(), folded(members, limits)))
    assert best is not None
    assert rank(best) == min(map(rank, members))


@given(MEMBERS, LIMITS)
def test_nothing_that_stays_out_is_better_than_all_that_stays(members: list[Member], limits: tuple[int, int]) -> None:
    """Who was refused was no better than the worst of a full archive or of its full shape."""
    island = folded(members, limits)
    for member in members:
        if island.find(member.id) is not None:
            continue
        alike = [one for one in island.members if one.shape == member.shape]
        full = len(island.members) == limits[0] and rank(member) >= rank(island.members[-1])
        assert full or (len(alike) == limits[1] and rank(member) >= rank(alike[-1]))


@given(MEMBERS, LIMITS)
def test_an_island_goes_stale_until_its_best_improves(members: list[Member], limits: tuple[int, int]) -> None:
    island = Island()
    for member in members:
        best = island.members[0].score if island.members else -float("inf")
        stale = island.stale
        island = admit(island, member, capacity=limits[0], per_shape=limits[1])
        assert island.stale == (0 if member.score > best else stale + 1)


@given(MEMBERS, LIMITS)
def test_heads_are_the_best_of_each_shape(members: list[Member], limits: tuple[int, int]) -> None:
    island = folded(members, limits)
    first = heads(island)
    assert list(first) == sorted(first, key=rank)
    assert {head.shape for head in first} == {member.shape for member in island.members}
    for head in first:
        assert rank(head) == min(rank(member) for member in island.members if member.shape == head.shape)
    assert len({head.shape for head in first}) == len(first)


def test_a_newcomer_goes_before_its_equals() -> None:
    island = folded([Member("c0", 1.0, "a", "grow"), Member("c1", 1.0, "b", "grow")], (2, 1))
    assert [member.id for member in island.members] == ["c1", "c0"]
    island = admit(island, Member("c2", 1.0, "c", "grow"), capacity=2, per_shape=1)
    assert [member.id for member in island.members] == ["c2", "c1"]


def test_of_two_equals_the_simpler_goes_first() -> None:
    island = folded([Member("c0", 1.0, "a", "grow", size=3), Member("c1", 1.0, "b", "grow", size=9)], (5, 5))
    assert [member.id for member in island.members] == ["c0", "c1"]


@given(MEMBERS.filter(bool), LIMITS)
def test_children_are_counted_where_the_parent_still_lives(members: list[Member], limits: tuple[int, int]) -> None:
    island = folded(members, limits)
    for member in members:
        before = island.find(member.id)
        after = born(island, member.id).find(member.id)
        assert (before is None and after is None) or (
            before is not None and after is not None and after.children == before.children + 1
        )
    assert change(island, Member("nobody", 0.0, "a", "grow")) == island


def test_a_shape_that_climbs_is_followed_until_it_stops() -> None:
    island = folded([Member("c0", 1.0, "a", "grow"), Member("c1", 0.9, "b", "grow")], (5, 5))
    island = island.entered("a", rate=0.0).entered("b", rate=0.01)
    assert promising(island).id == "c1"
    for _ in range(60):
        island = island.paid("b", gain=0.0)
    assert promising(island).id == "c0"


@given(MEMBERS.filter(bool), LIMITS)
def test_yields_are_kept_only_of_shapes_that_are_here(members: list[Member], limits: tuple[int, int]) -> None:
    island = Island()
    for member in members:
        island = admit(island, member, capacity=limits[0], per_shape=limits[1]).entered(member.shape, rate=1.0)
    shapes = [one.shape for one in island.yields]
    assert len(shapes) == len(set(shapes))
    assert set(shapes) <= {member.shape for member in island.members}
    assert promising(island) in heads(island)


def test_no_islands_have_no_best() -> None:
    assert best_of(()) is None
    assert best_of((Island(), Island())) is None
