import pytest

from everyday.delivery import assign_tours


def test_free_driver_goes():
    tours = [("north", 60), ("south", 30), ("east", 20), ("west", 45)]
    assert assign_tours(["Zoe", "Ali"], tours) == [
        ("north", "Ali", 0), ("south", "Zoe", 0), ("east", "Zoe", 30), ("west", "Zoe", 50)]


def test_tie_by_name():
    tours = [("a", 10), ("b", 10), ("c", 10)]
    assert assign_tours(["Max", "Eva"], tours) == [
        ("a", "Eva", 0), ("b", "Max", 0), ("c", "Eva", 10)]


def test_arguments_unchanged_and_no_tours():
    names = ["Max", "Eva"]
    assert assign_tours(names, []) == []
    assert names == ["Max", "Eva"]


def test_no_drivers():
    with pytest.raises(ValueError):
        assign_tours([], [("a", 10)])
