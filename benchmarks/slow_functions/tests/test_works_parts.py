import pytest

from works.parts import total_weight

PARTS = {
    "bolt": (5, []),
    "nut": (2, []),
    "plate": (100, [("bolt", 4), ("nut", 4)]),
    "frame": (300, [("plate", 2), ("bolt", 6)]),
    "cart": (50, [("frame", 1), ("plate", 1), ("nut", 3)]),
}


def test_single_part():
    assert total_weight(PARTS, "bolt") == 5


def test_nested_parts():
    assert total_weight(PARTS, "plate") == 128
    assert total_weight(PARTS, "frame") == 586
    assert total_weight(PARTS, "cart") == 770


def test_unknown_part():
    with pytest.raises(KeyError):
        total_weight(PARTS, "wheel")
    with pytest.raises(KeyError):
        total_weight({"box": (1, [("lid", 1)])}, "box")
