import pytest

from office.schedule import finish_order, has_conflict, run_order


def test_no_conflict():
    assert has_conflict([(9, 10), (14, 16), (10, 12), (13, 14)]) is False
    assert has_conflict([]) is False


def test_conflict():
    assert has_conflict([(9, 10), (14, 16), (11, 15)]) is True
    assert has_conflict([(8, 18), (9, 10), (20, 21)]) is True


def test_empty_bookings_do_not_count():
    assert has_conflict([(8, 12), (10, 10), (11, 9)]) is False


def test_finish_order():
    jobs = [("a", 30), ("b", 10), ("c", 20), ("d", 5)]
    assert finish_order(jobs, 10) == ["b", "d", "c", "a"]
    assert jobs == [("a", 30), ("b", 10), ("c", 20), ("d", 5)]


def test_finish_order_long_slot():
    assert finish_order([("a", 30), ("b", 10), ("c", 20)], 60) == ["a", "b", "c"]


def test_finish_order_edges():
    assert finish_order([], 5) == []
    with pytest.raises(ValueError):
        finish_order([("a", 1)], 0)


def test_run_order():
    tasks = [
        {"priority": 3, "name": "sweep"},
        {"priority": 1, "name": "open"},
        {"priority": 2, "name": "count"},
        {"priority": 2, "name": "bake"},
    ]
    assert run_order(tasks) == ["open", "bake", "count", "sweep"]
    assert [t["name"] for t in tasks] == ["sweep", "open", "count", "bake"]


def test_run_order_followups():
    tasks = [
        {"priority": 5, "name": "close"},
        {
            "priority": 2,
            "name": "mail",
            "then": [
                {"priority": 9, "name": "file"},
                {"priority": 1, "name": "answer", "then": [{"priority": 3, "name": "call"}]},
            ],
        },
        {"priority": 4, "name": "lunch"},
    ]
    assert run_order(tasks) == ["mail", "answer", "call", "lunch", "close", "file"]


def test_run_order_same_key_newest_first():
    tasks = [
        {"priority": 1, "name": "a", "then": [{"priority": 0, "name": "x"}]},
        {"priority": 1, "name": "a", "then": [{"priority": 0, "name": "y"}]},
    ]
    assert run_order(tasks) == ["a", "y", "a", "x"]
    assert run_order([]) == []
