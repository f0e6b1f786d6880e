import pytest

from backoffice.warehouse import assign_waves, replay_movements


def test_assign_waves_splits_orders():
    orders = [("o1", 3), ("o2", 4), ("o3", 2)]
    assert assign_waves(orders, 5) == [[("o1", 3), ("o2", 2)], [("o2", 2), ("o3", 2)]]
    assert orders == [("o1", 3), ("o2", 4), ("o3", 2)]


def test_assign_waves_large_order_and_empty_ones():
    orders = [("x", 0), ("big", 7), ("y", -1), ("z", 2)]
    assert assign_waves(orders, 3) == [[("big", 3)], [("big", 3)], [("big", 1), ("z", 2)]]
    assert assign_waves([], 3) == []


def test_assign_waves_bad_capacity():
    with pytest.raises(ValueError):
        assign_waves([("a", 1)], 0)


def test_replay_movements():
    opening = {"bolt": 10, "nut": 2}
    levels, rejected = replay_movements(
        opening, [("bolt", -4), ("nut", -3), ("nut", 1), ("nut", -3), ("cog", 5)]
    )
    assert levels == {"bolt": 6, "nut": 0, "cog": 5}
    assert rejected == [1]
    assert opening == {"bolt": 10, "nut": 2}


def test_replay_movements_rejected_unknown_sku_leaves_no_trace():
    levels, rejected = replay_movements({"bolt": 1}, [("gear", -1), ("bolt", 0), ("cam", 0)])
    assert levels == {"bolt": 1}
    assert rejected == [0]


def test_replay_movements_without_movements_returns_copy():
    opening = {"bolt": 1}
    levels, rejected = replay_movements(opening, [])
    assert levels == opening and levels is not opening
    assert rejected == []
