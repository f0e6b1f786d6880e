from office.votes import winner


def test_clear_winner():
    assert winner(["ann", "bob", "ann", "cy", "bob", "ann"]) == "ann"
    assert winner(["cy", "bob", "bob"]) == "bob"


def test_tie():
    assert winner(["ann", "bob", "bob", "ann", "cy"]) is None


def test_tie_for_second_place_does_not_matter():
    assert winner(["ann", "bob", "cy", "cy"]) == "cy"


def test_no_votes():
    assert winner([]) is None
