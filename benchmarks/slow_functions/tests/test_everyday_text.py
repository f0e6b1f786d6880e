from everyday.text import word_table


def test_counts_and_order():
    text = "The cat saw the dog. The dog ran, the cat sat."
    assert word_table(text) == [
        ("the", 4), ("cat", 2), ("dog", 2), ("ran", 1), ("sat", 1), ("saw", 1)]


def test_min_count():
    assert word_table("a b a c b a", min_count=2) == [("a", 3), ("b", 2)]


def test_punctuation_only():
    assert word_table("... !? (') ") == []
    assert word_table("") == []
