from backoffice.chat import locate_keyword, render_newest_first


def test_render_newest_first():
    log = [
        {"at": "09:00", "author": "ann", "text": "morning"},
        {"at": "09:01", "author": "ann", "text": "  anyone here? "},
        {"at": "09:05", "author": "bob", "text": "yes"},
    ]
    assert render_newest_first(log) == (
        "* [09:05] bob: yes\n"
        "  [09:01] ann: anyone here?\n"
        "* [09:00] ann: morning\n"
    )


def test_render_skips_blank_and_shortens():
    log = [
        {"at": "1", "author": "ann", "text": "abcdefghijkl"},
        {"at": "2", "author": "bob", "text": "   "},
        {"at": "3", "author": "ann", "text": "ok"},
    ]
    assert render_newest_first(log, max_len=10) == "  [3] ann: ok\n* [1] ann: abcdefg...\n"


def test_render_empty():
    assert render_newest_first([]) == ""


def test_locate_keyword():
    text = "error: disk\nall fine\n\nlate error, error"
    assert locate_keyword(text, "error") == [(1, 1), (4, 6), (4, 13)]


def test_locate_keyword_across_lines_and_no_overlap():
    assert locate_keyword("a\nb\na\nb", "a\nb") == [(1, 1), (3, 1)]
    assert locate_keyword("aaaa\naaa", "aa") == [(1, 1), (1, 3), (2, 1)]
    assert locate_keyword("\n\n\n", "\n") == [(1, 1), (2, 1), (3, 1)]


def test_locate_keyword_none():
    assert locate_keyword("abc", "x") == []
    assert locate_keyword("abc", "") == []
