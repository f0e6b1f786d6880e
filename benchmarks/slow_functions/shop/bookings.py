"""Bookings of the rental trailers."""


def peak_rentals(bookings: list[tuple[int, int]]) -> int:
    """The most trailers out at the same time.

    bookings are (start, end) in minutes with start < end; a trailer brought
    back at minute 60 can go out again at minute 60.
    """
    peak = 0
    for moment, _ in bookings:
        out = 0
        for start, end in bookings:
            if start <= moment < end:
                out += 1
        peak = max(peak, out)
    return peak
