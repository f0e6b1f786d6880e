"""Small helpers for server logs."""
import re


def mask_words(lines: list[str], words: list[str], mask: str = "***") -> list[str]:
    """Replace each of the given words (whole words, any case) with the mask."""
    if not words:
        return list(lines)
    masked = []
    for line in lines:
        alternatives = sorted(set(words), key=lambda w: (-len(w), w))
        pattern = re.compile(
            r"\b(?:" + "|".join(re.escape(w) for w in alternatives) + r")\b",
            re.IGNORECASE,
        )
        masked.append(pattern.sub(lambda m: mask, line))
    return masked


def active_sessions(sessions, timestamps):
    """Number of sessions open at each timestamp.

    A session is a (login, logout) pair of integers with login <= logout;
    it is open from login up to, not including, logout.
    """
    counts = []
    for moment in timestamps:
        open_now = 0
        for login, logout in sessions:
            if login <= moment < logout:
                open_now += 1
        counts.append(open_now)
    return counts
