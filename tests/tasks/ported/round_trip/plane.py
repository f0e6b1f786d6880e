"""Distances, for the program and for its evaluator."""


def apart(one, other):
    return ((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5


def length(places, order):
    return sum(apart(places[a], places[b]) for a, b in zip(order, [*order[1:], order[0]]))
