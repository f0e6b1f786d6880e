"""A line of progress: one that is redrawn on a terminal, few that stay elsewhere."""

import io

from shoal.cli._line import Line


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_each_line_takes_the_place_of_the_last_and_is_taken_away() -> None:
    line = Line(out := Terminal())
    line.show("one")
    line.show("two")
    line.say("a word between")
    line.clear()
    assert out.getvalue() == "\r\x1b[Kone\r\x1b[Ktwo\r\x1b[Ka word between\n\r\x1b[K"


def test_a_line_fits_the_terminal_and_stays_whole_elsewhere(monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    Line(terminal := Terminal()).draw("x" * 100)
    Line(plain := io.StringIO()).draw("x" * 100)
    assert terminal.getvalue().count("x") == 19 and plain.getvalue() == "x" * 100 + "\n"


def test_where_lines_stay_only_some_are_written() -> None:
    line = Line(out := io.StringIO())
    for number in range(1000):
        line.show(f"{number} of 1000")
    line.clear()
    assert out.getvalue() == ""
    line.every = 0.0
    line.show("now")
    assert out.getvalue() == "now\n"
