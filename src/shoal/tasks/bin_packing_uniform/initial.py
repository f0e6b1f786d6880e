"""Where an arriving item goes: to start with, best fit."""

import numpy as np


def priority(item, bins):
    """Return one number per bin; the item goes where it is highest, the first such bin on a tie.

    item: the size of the item, 20 to 100.
    bins: the free space of each bin in which the item fits, oldest bin first, the last one still empty; shape (n,).
    """
    left = bins - item
    return -left
