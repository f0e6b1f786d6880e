from works.staff import arrange_tasks, longest_streak


def test_longest_streak():
    assert longest_streak([12, 3, 11, 4, 10, 20, 13, 5]) == 4
    assert longest_streak([7, 7, 8, 8, 9]) == 3


def test_longest_streak_edges():
    assert longest_streak([]) == 0
    assert longest_streak([-1, 1, 0]) == 3
    assert longest_streak([2, 4, 6]) == 1


def test_arrange_tasks():
    tasks = [
        {"id": 1, "step": "paint"},
        {"id": 2, "step": "cut"},
        {"id": 3, "step": "polish"},
        {"id": 4, "step": "weld"},
        {"id": 5, "step": "cut"},
    ]
    done = arrange_tasks(tasks, ["cut", "weld", "paint", "pack"])
    assert [task["id"] for task in done] == [2, 5, 4, 1, 3]
    assert [task["id"] for task in tasks] == [1, 2, 3, 4, 5]


def test_arrange_tasks_repeated_step():
    tasks = [{"id": 1, "step": "weld"}, {"id": 2, "step": "cut"}]
    done = arrange_tasks(tasks, ["cut", "weld", "cut"])
    assert [task["id"] for task in done] == [2, 1]


def test_arrange_tasks_empty():
    assert arrange_tasks([], ["cut"]) == []
    assert arrange_tasks([{"id": 1, "step": "cut"}], []) == [{"id": 1, "step": "cut"}]
