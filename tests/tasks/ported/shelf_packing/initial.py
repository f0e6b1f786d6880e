"""Boxes on shelves: which box stands where."""

# EVOLVE-BLOCK-START
STEP = 3


def order(widths):
    return [(STEP * number) % len(widths) for number in range(len(widths))]


def shelves(widths, room):
    filled = [0.0]
    places = [0] * len(widths)
    for box in order(widths):
        if filled[-1] + widths[box] > room * 0.8:
            filled.append(0.0)
        filled[-1] += widths[box]
        places[box] = len(filled) - 1
    return places


# EVOLVE-BLOCK-END


def pack(widths, room):
    """The shelf of each box."""
    return tuple(shelves(widths, room))
