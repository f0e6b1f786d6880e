from slowlib.pages import popular_pages, render_history


def test_newest_first():
    page = render_history([(5, "i", "started"), (59, "w", "disk is filling up")])
    assert page == "00:59 WARN disk is filling up\n00:05 info started\n"


def test_a_rule_between_hours():
    page = render_history([(118, "e", "lost the printer"), (121, "i", "printer is back"), (122, "x", "odd")])
    assert page.splitlines()[2] == "-" * 20
    assert page.startswith("02:02 ? odd\n")


def test_no_events():
    assert render_history([]) == ""


def test_a_morning():
    events = [(480 + 7 * k, "iwe"[k % 3], f"message number {k}") for k in range(12)]
    assert render_history(events).count("\n") == 13


def test_popular():
    visits = ["/", "/shop", "/", "/about", "/shop", "/"]
    assert popular_pages(visits) == [("/", 3), ("/shop", 2)]
    assert popular_pages(visits, least=1)[-1] == ("/about", 1)


def test_ties_by_name():
    assert popular_pages(["/b", "/a", "/b", "/a"]) == [("/a", 2), ("/b", 2)]


def test_nothing_popular():
    assert popular_pages([], 1) == []
    assert popular_pages(["/x1", "/x2", "/x3", "/x4"], 2) == []
