"""How early a vector of eight digits is tried for a set without three on a line: to start with, all are equal."""

import math


def priority(vector):
    """Return a number; vectors with higher ones are tried earlier, and equal ones in lexicographic order.

    vector: a list of eight digits, each 0, 1 or 2.
    """
    zeros = vector.count(0)
    ones = vector.count(1)
    twos = vector.count(2)
    rating = 0.0 * zeros + 0.0 * ones + 0.0 * twos
    for k in range(8):
        rating += 0.0 * vector[k]
    return rating
