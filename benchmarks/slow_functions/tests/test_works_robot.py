from works.robot import simplify_moves


def test_nothing_to_cancel():
    assert simplify_moves("UULLU") == "UULLU"
    assert simplify_moves("") == ""


def test_cancels_nested():
    assert simplify_moves("ULRDL") == "L"
    assert simplify_moves("LRLRUD") == ""
    assert simplify_moves("LLURDUDRU") == "LLURDRU"


def test_other_signs_stay():
    assert simplify_moves("L.RUD.") == "L.R."
