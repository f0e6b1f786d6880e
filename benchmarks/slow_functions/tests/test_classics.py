import pytest
from slowlib.classics import (
    count_queens,
    edit_distance,
    matrix_product,
    merge_intervals,
    moving_average,
    pascal_rows,
    primes_below,
    shortest_distances,
)

ROADS = {
    "ayr": [("bath", 7), ("cork", 9), ("fife", 14)],
    "bath": [("cork", 10), ("deal", 15)],
    "cork": [("deal", 11), ("fife", 2)],
    "deal": [("ely", 6)],
    "fife": [("ely", 9)],
    "ely": [],
}


def test_distances():
    assert shortest_distances(ROADS, "ayr") == {"ayr": 0, "bath": 7, "cork": 9, "fife": 11, "deal": 20, "ely": 20}
    assert shortest_distances(ROADS, "ely") == {"ely": 0}
    assert shortest_distances(ROADS, "cork")["ely"] == 11


def test_edit_distance():
    assert edit_distance("kitten", "sitting") == 3
    assert edit_distance("", "abc") == 3
    assert edit_distance("flaw", "lawn") == 2
    assert edit_distance("same", "same") == 0


def test_moving_average():
    assert moving_average([1, 2, 3, 4, 5], 2) == [1.5, 2.5, 3.5, 4.5]
    assert moving_average([4, 8, 15, 16, 23, 42, 8, 4, 1, 0, 12, 5], 5)[0] == 13.2
    assert moving_average([1, 2], 3) == []
    with pytest.raises(ValueError, match="width"):
        moving_average([1], 0)


def test_product():
    assert matrix_product([[1, 2], [3, 4]], [[5, 6], [7, 8]]) == [[19, 22], [43, 50]]
    assert matrix_product([[2, 0, 1], [1, 3, 5], [0, 4, 2]], [[1, 0, 0], [0, 1, 0], [0, 0, 1]])[1] == [1, 3, 5]
    assert matrix_product([[7]], [[6]]) == [[42]]


def test_queens():
    assert [count_queens(size) for size in (0, 1, 2, 4, 5, 6)] == [0, 1, 0, 2, 10, 4]


def test_primes():
    assert primes_below(20) == [2, 3, 5, 7, 11, 13, 17, 19]
    assert primes_below(2) == []
    assert len(primes_below(100)) == 25


def test_pascal():
    assert pascal_rows(4) == [[1], [1, 1], [1, 2, 1], [1, 3, 3, 1]]
    assert pascal_rows(0) == []
    assert pascal_rows(7)[-1][3] == 20


def test_intervals():
    assert merge_intervals([(1, 4), (3, 6), (8, 9)]) == [(1, 6), (8, 9)]
    assert merge_intervals([(5, 2), (30, 40), (2, 3), (38, 60), (7, 7)]) == [(2, 5), (7, 7), (30, 60)]
    assert merge_intervals([]) == []
