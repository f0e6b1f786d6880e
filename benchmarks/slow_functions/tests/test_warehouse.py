import pytest
from slowlib.warehouse import cheapest_tickets, joining_cost, prime_lots, serve_in_turns


def test_turns():
    assert serve_in_turns([("red", 5), ("blue", 12), ("green", 8)], 5) == [("red", 5), ("green", 23), ("blue", 25)]
    assert serve_in_turns([("one", 3)], 10) == [("one", 3)]


def test_many_lorries():
    jobs = [(f"lorry {k}", 3 + 5 * k % 17) for k in range(10)]
    assert serve_in_turns(jobs, 4)[-1][1] == sum(minutes for _, minutes in jobs)


def test_no_lorries_and_no_turn():
    assert serve_in_turns([], 5) == []
    with pytest.raises(ValueError, match="minute"):
        serve_in_turns([("red", 5)], 0)


def test_joining():
    assert joining_cost([4, 3, 2, 6]) == 29
    assert joining_cost([9]) == 0
    assert joining_cost([]) == 0
    assert joining_cost([12, 7, 7, 31, 5, 18, 2, 40]) == 316


def test_no_rod_is_negative():
    with pytest.raises(ValueError, match="-1"):
        joining_cost([3, -1])


def test_lots():
    assert prime_lots(20) == [2, 3, 5, 7, 11, 13, 17, 19]
    assert prime_lots(60, 3) == [3, 13, 23, 43, 53]
    assert prime_lots(1) == []
    assert prime_lots(100, digit=4) == []


def test_tickets():
    assert cheapest_tickets([4, 4, 4], 9) == 9
    assert cheapest_tickets([4, 0, 3, 0, 0, 5], 9) == 12
    assert cheapest_tickets([2, 2, 2, 8, 8, 8, 2], 10) == 18
    assert cheapest_tickets([], 9) == 0


def test_a_week_pass():
    assert cheapest_tickets([5, 6, 7, 5, 6, 0, 4, 8, 8, 3], 20, 7) == 34
