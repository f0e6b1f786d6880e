"""Calendars and measurements."""


def peak_overlap(bookings):
    """Largest number of bookings running at once, and when that is first reached.

    Bookings are half-open [start, end) in minutes; cancelled ones do not count.
    """
    active = [b for b in bookings if not b.get("cancelled") and b["end"] > b["start"]]
    best, best_at = 0, None
    for booking in active:
        moment = booking["start"]
        running = 0
        for other in active:
            if other["start"] <= moment < other["end"]:
                running += 1
        if running > best:
            best, best_at = running, moment
        elif running == best and moment < best_at:
            best_at = moment
    return best, best_at


def rolling_spread(samples: list[float], window: int) -> list[float]:
    """Highest minus lowest sample in each full window of the series."""
    if window < 1:
        raise ValueError("window must be at least 1")
    spreads = []
    stop = window
    while stop <= len(samples):
        chunk = samples[stop - window:stop]
        high, low = max(chunk), min(chunk)
        spreads.append(high - low)
        stop += 1
    return spreads
