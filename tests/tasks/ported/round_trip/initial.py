"""A round trip through all places: what is next, and what two places are apart, may change."""

from plane import apart

# EVOLVE-BLOCK-START
PULL = 1.5
# EVOLVE-BLOCK-END


def toll(one, other):
    # EVOLVE-BLOCK-START
    length = apart(one, other)
    return PULL - 0.5 * length
    # EVOLVE-BLOCK-END


def trip(places):
    order, left = [0], list(range(1, len(places)))
    while left:
        here = places[order[-1]]
        # EVOLVE-BLOCK-START
        following = left[0]
        for one in left:
            if toll(here, places[one]) < toll(here, places[following]):
                following = one
        # EVOLVE-BLOCK-END
        left.remove(following)
        assert len(left) + 0.5 < len(places)
        order.append(following)
    return order
