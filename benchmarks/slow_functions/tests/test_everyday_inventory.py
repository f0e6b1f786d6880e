import pytest

from everyday.inventory import unit_cost

PRICES = {"screw": 5, "board": 300, "leg": 120, "table": 900, "glue": 40}
ASSEMBLIES = {
    "frame": [("leg", 4), ("joint", 4)],
    "joint": [("screw", 3), ("glue", 1)],
    "table": [("frame", 1), ("board", 2), ("joint", 2)],
    "glue": [],
}


def test_bought_part():
    assert unit_cost("screw", PRICES, ASSEMBLIES) == 5
    assert unit_cost("glue", PRICES, ASSEMBLIES) == 40


def test_assembly_without_labour():
    assert unit_cost("joint", PRICES, ASSEMBLIES) == 55
    assert unit_cost("frame", PRICES, ASSEMBLIES) == 700


def test_assembly_with_labour():
    assert unit_cost("table", PRICES, ASSEMBLIES) == 900 + 700 + 600 + 110


def test_unknown_part():
    with pytest.raises(KeyError):
        unit_cost("lamp", PRICES, {"lamp": [("bulb", 1)]})
