import pytest

from shop.planning import fewest_packs, finishing_order, load_vans


def test_finishing_order():
    baskets = [("ann", 7), ("bob", 2), ("cleo", 4), ("dan", 3)]
    assert finishing_order(baskets, 3) == ["bob", "dan", "cleo", "ann"]


def test_finishing_order_leaves_input_alone():
    baskets = [("ann", 5), ("bob", 0)]
    assert finishing_order(baskets, 2) == ["bob", "ann"]
    assert baskets == [("ann", 5), ("bob", 0)]


def test_finishing_order_bad_batch():
    with pytest.raises(ValueError):
        finishing_order([("ann", 1)], 0)


def test_fewest_packs():
    assert fewest_packs(12, (1, 6, 9)) == 2
    assert fewest_packs(14, (10, 7, 1)) == 2


def test_fewest_packs_impossible():
    assert fewest_packs(7, (4, 6)) is None
    assert fewest_packs(3, ()) is None


def test_fewest_packs_nothing_ordered():
    assert fewest_packs(0, (5, 10)) == 0


def test_load_vans():
    assert load_vans([5, 3, 4, 2, 2], 3) == [0, 1, 2, 1, 2]


def test_load_vans_tie_goes_to_lowest_number():
    assert load_vans([1, 1, 1, 1], 2) == [0, 1, 0, 1]


def test_load_vans_needs_a_van():
    assert load_vans([], 2) == []
    with pytest.raises(ValueError):
        load_vans([1], 0)
