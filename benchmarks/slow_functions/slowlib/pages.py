"""What visitors see, and what they looked at."""

LEVELS = {"e": "ERROR", "w": "WARN", "i": "info"}


def _stamp(minute: int) -> str:
    hours, minutes = divmod(minute, 60)
    return f"{hours:02d}:{minutes:02d}"


def render_history(events: list[tuple[int, str, str]]) -> str:
    """The log as text, newest line first, with a rule between different hours.

    An event is (minute of the day, level letter, message).
    """
    page = ""
    hour = None
    for minute, level, message in events:
        if hour is not None and minute // 60 != hour:
            page = "-" * 20 + "\n" + page
        hour = minute // 60
        label = LEVELS.get(level, "?")
        page = _stamp(minute) + " " + label + " " + message + "\n" + page
    return page


def popular_pages(visits, least=2):
    """Pages seen at least ``least`` times with their number of visits, most visited first, then by name."""
    found = []
    for page in visits:
        seen = visits.count(page)
        if seen < least:
            continue
        if (page, seen) not in found:
            found.append((page, seen))
    found.sort(key=lambda row: (-row[1], row[0]))
    return found
