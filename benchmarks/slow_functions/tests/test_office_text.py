from office.text import longest_mirror, numbered_report


def test_numbered_report():
    assert numbered_report(["open  shop", "count cash", "close"]) == (
        "  1  open shop\n  2  count cash\n  3  close\n"
    )


def test_numbered_report_blank_rows():
    assert numbered_report(["", "a\nb", "   ", " c "]) == "  1  a b\n  2  c\n"
    assert numbered_report([]) == ""


def test_longest_mirror():
    assert longest_mirror("banana") == "anana"
    assert longest_mirror("xabbay") == "abba"


def test_longest_mirror_leftmost():
    assert longest_mirror("abcba1xyzyx") == "abcba"
    assert longest_mirror("abc") == "a"


def test_longest_mirror_empty():
    assert longest_mirror("") == ""
