"""The cheapest order in which to multiply a chain of matrices."""

from functools import cache
from itertools import pairwise


def check(sizes: list[int]) -> None:
    """Refuse sizes that belong to no chain."""
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError(f"{sizes} are not the sizes of a chain of matrices")


class Chain:
    """Least costs of all parts of a chain; a part holds the matrices first..last."""

    def __init__(self, sizes: list[int]) -> None:
        check(sizes)
        self.sizes = sizes
        self.best = cache(self.search)

    def search(self, first: int, last: int) -> tuple[int, int]:
        """Least cost of a part and the last matrix of its left factor."""
        if first == last:
            return 0, first
        return min((self.cost(first, split, last), split) for split in range(first, last))

    def cost(self, first: int, split: int, last: int) -> int:
        product = self.sizes[first] * self.sizes[split + 1] * self.sizes[last + 1]
        return self.best(first, split)[0] + self.best(split + 1, last)[0] + product

    def order(self, first: int, last: int) -> str:
        if first == last:
            return f"A{first}"
        split = self.best(first, last)[1]
        return f"({self.order(first, split)} {self.order(split + 1, last)})"


def least_cost(sizes: list[int]) -> int:
    """Least cost of the whole product."""
    return Chain(sizes).best(0, len(sizes) - 2)[0]


def best_order(sizes: list[int]) -> str:
    """The order of least cost, in parentheses."""
    return Chain(sizes).order(0, len(sizes) - 2)


def left_to_right(sizes: list[int]) -> int:
    """Cost of the product from left to right."""
    check(sizes)
    return sum(sizes[0] * inner * outer for inner, outer in pairwise(sizes[1:]))


def saving(sizes: list[int]) -> int:
    """Percentage of the left-to-right cost that the best order saves."""
    plain = left_to_right(sizes)
    return 100 * (plain - least_cost(sizes)) // plain if plain else 0
