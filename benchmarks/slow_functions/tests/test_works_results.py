from works.results import ranks


def test_ranks():
    results = [
        {"name": "Ann", "points": 70},
        {"name": "Bo", "points": 95},
        {"name": "Cy", "points": 70},
        {"name": "Di", "points": 40},
        {"name": "Ed", "points": 82.5},
    ]
    assert ranks(results) == {"Ann": 3, "Bo": 1, "Cy": 3, "Di": 5, "Ed": 2}


def test_all_equal():
    results = [{"name": name, "points": 10} for name in "abc"]
    assert ranks(results) == {"a": 1, "b": 1, "c": 1}


def test_no_results():
    assert ranks([]) == {}


def test_same_name_twice_last_counts():
    results = [{"name": "Ann", "points": 9}, {"name": "Ann", "points": 3}, {"name": "Bo", "points": 5}]
    assert ranks(results) == {"Ann": 3, "Bo": 2}
