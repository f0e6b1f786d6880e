from works.labels import group_anagrams


def test_groups():
    words = ["listen", "pots", "silent", "stop", "screw", "spot", "enlist"]
    assert group_anagrams(words) == [
        ["listen", "silent", "enlist"],
        ["pots", "stop", "spot"],
        ["screw"],
    ]


def test_case_and_doubles():
    assert group_anagrams(["Tea", "eat", "Tea", "tee"]) == [["Tea", "eat", "Tea"], ["tee"]]


def test_empty():
    assert group_anagrams([]) == []
    assert group_anagrams(["", "a", ""]) == [["", ""], ["a"]]
