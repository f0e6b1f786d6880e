from slowlib.texts import anagram_groups, common_prefix, parse_rows, word_frequencies


def test_rows():
    assert parse_rows("a,b\nc,d\n") == [["a", "b"], ["c", "d"]]
    assert parse_rows('1;"two; or ""2""";3', ";") == [["1", 'two; or "2"', "3"]]
    assert parse_rows("") == []
    assert parse_rows("id,name,town\n1,Ann,Bonn\n2,Bob,Kiel\n3,Cy,Ulm")[2] == ["2", "Bob", "Kiel"]


def test_anagrams():
    assert anagram_groups(["listen", "silent", "enlist", "google"]) == [["listen", "silent", "enlist"]]
    assert anagram_groups(["abc", "Cab", "dog", "god", "cat", "act", "bird"]) == [
        ["abc", "Cab"],
        ["dog", "god"],
        ["cat", "act"],
    ]
    assert anagram_groups([]) == []


def test_prefix():
    assert common_prefix(["flower", "flow", "flight"]) == "fl"
    assert common_prefix(["interview", "interval", "internal", "interim"]) == "inter"
    assert common_prefix([]) == ""
    assert common_prefix(["dog", "car"]) == ""


def test_frequencies():
    assert word_frequencies("The cat and the dog, and the bird.", 2) == [("the", 3), ("and", 2)]
    assert word_frequencies("") == []
    assert word_frequencies("one two three two one two; (three) four five six seven!", 3)[0] == ("two", 3)
