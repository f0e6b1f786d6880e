from everyday.logs import active_sessions, mask_words


def test_mask_whole_words_only():
    lines = ["user anna logged in", "annabel failed", "Anna and bob"]
    assert mask_words(lines, ["anna", "bob"]) == [
        "user *** logged in", "annabel failed", "*** and ***"]


def test_mask_longest_first_and_special_characters():
    lines = ["host db.local up", "host dbxlocal up", "db.local.eu down"]
    assert mask_words(lines, ["db.local", "db.local.eu"], "HOST") == [
        "host HOST up", "host dbxlocal up", "HOST down"]


def test_mask_is_taken_literally():
    assert mask_words(["key secret"], ["secret"], r"\1") == [r"key \1"]


def test_mask_without_words():
    lines = ["a", "b"]
    result = mask_words(lines, [])
    assert result == ["a", "b"]
    assert result is not lines


def test_active_sessions():
    sessions = [(0, 10), (5, 15), (10, 20)]
    assert active_sessions(sessions, [0, 5, 9, 10, 14, 20]) == [1, 2, 2, 2, 2, 0]


def test_active_sessions_unsorted_input():
    sessions = [(30, 40), (0, 100), (35, 36)]
    assert active_sessions(sessions, [35, -1, 99, 35]) == [3, 0, 1, 3]


def test_active_sessions_empty_session_is_never_open():
    assert active_sessions([(5, 5)], [4, 5, 6]) == [0, 0, 0]
    assert active_sessions([], [1, 2]) == [0, 0]
