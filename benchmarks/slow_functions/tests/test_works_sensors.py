from works.sensors import drop_marker, running_median


def test_running_median():
    assert running_median([5, 1, 4, 4, 9, 0, 7]) == [5, 3.0, 4, 4.0, 4, 4.0, 4]


def test_running_median_floats():
    assert running_median([0.5, 2.5, 1.0, -3.0]) == [0.5, 1.5, 1.0, 0.75]


def test_running_median_empty():
    values = []
    assert running_median(values) == []


def test_running_median_leaves_values_alone():
    values = [3, 2, 1]
    running_median(values)
    assert values == [3, 2, 1]


def test_drop_marker():
    readings = [4, -1, 7, -1, -1, 2, 9, -1]
    assert drop_marker(readings) == 4
    assert readings == [4, 7, 2, 9]


def test_drop_marker_other_value():
    readings = [0, 3, 0, -1]
    assert drop_marker(readings, 0) == 2
    assert readings == [3, -1]


def test_drop_marker_none_there():
    readings = [1, 2, 3]
    assert drop_marker(readings) == 0
    assert readings == [1, 2, 3]
