from office.contacts import add_contacts


def test_adds_new_ones_in_order():
    book = ["ann@x.org", "bob@x.org"]
    assert add_contacts(book, ["Cy@x.org", "bob@x.org", "dee@x.org "]) == 2
    assert book == ["ann@x.org", "bob@x.org", "cy@x.org", "dee@x.org"]


def test_repeats_and_blanks():
    book = []
    assert add_contacts(book, ["a@x.org", "A@x.org", "", "  ", "b@x.org", "a@x.org"]) == 2
    assert book == ["a@x.org", "b@x.org"]


def test_nothing_to_add():
    book = ["a@x.org"]
    assert add_contacts(book, []) == 0
    assert book == ["a@x.org"]
