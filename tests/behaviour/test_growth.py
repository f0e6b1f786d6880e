"""Larger trees are deeper, in half of the draws at least, and stay trees of their kind."""

from typing import Any

import numpy as np
import pytest

from shoal.behaviour import draw, flatten, learn, revive
from shoal.sandbox import FrameLimits, frames

SEEDS = range(40)


def drawn(samples, *, size=1.0, seed=0):
    likes = learn([flatten(sample) for sample in samples])
    return revive(draw(likes, np.random.default_rng(seed), size=size))


def tree(value, *children):
    return {"value": value, "children": list(children)}


RECORDS: list[Any] = [tree(1, tree(2, tree(4), tree(5, tree(9))), tree(3)), tree(7), tree(1, tree(2), tree(3, tree(8)))]
PAIRS: list[Any] = [(5, (3, None, (4, None, None)), (8, None, None)), (2, None, None), None]
REPLIES = [{"text": "b", "replies": []}, {"text": "d", "replies": []}]
THREADS: list[Any] = [[{"text": "a", "replies": REPLIES}], [{"text": "x", "replies": REPLIES[:1]}, *REPLIES], []]


def children_of(node):
    if node is None:
        return []
    if isinstance(node, list):
        return node
    if isinstance(node, tuple):
        assert len(node) == 3 and type(node[0]) is int
        return [one for one in node[1:] if one is not None]
    return node["children"] if "children" in node else node["replies"]


def depth_and_count(node):
    found = [depth_and_count(one) for one in children_of(node)]
    return 1 + max((depth for depth, _ in found), default=0), 1 + sum(count for _, count in found)


@pytest.mark.parametrize("samples", [RECORDS, PAIRS, THREADS], ids=["records", "pairs", "threads"])
def test_larger_trees_are_deeper_in_half_of_the_draws_at_least(samples):
    deepest = max(depth_and_count(one)[0] for one in samples)
    depths, counts = zip(*(depth_and_count(drawn(samples, size=50.0, seed=seed)) for seed in SEEDS), strict=True)
    assert sum(depth > 2 * deepest for depth in depths) > 8
    assert sum(count > 50 for count in counts) > 15
    small = [depth_and_count(drawn(samples, seed=seed)) for seed in SEEDS]
    assert max(small)[0] <= deepest and len(set(small)) > 2


def test_trees_are_never_too_deep_to_be_told():
    likes = learn([flatten(one) for one in RECORDS])
    limits = FrameLimits(max_bytes=1 << 24, max_depth=190, max_elements=1 << 22)
    for seed in range(12):
        made = draw(likes, np.random.default_rng(seed), size=400.0)
        assert frames.decode(frames.encode(made), limits=limits) == made


def test_branches_stay_as_many_as_a_list_had():
    stack = [drawn(RECORDS, size=50.0, seed=seed) for seed in SEEDS]
    stack = [one for top in stack for one in top["children"]]
    while stack:
        node = stack.pop()
        assert len(node["children"]) <= 2
        stack += node["children"]


def test_what_is_inside_of_something_like_it_by_chance_is_no_tree():
    parts = {"nut": (2, []), "bolt": (5, [("nut", 1)]), "plate": (9, [("bolt", 4), ("nut", 4)])}
    assert learn([flatten(parts)]).growth is None
    assert learn([flatten([1, [2, 3]])]).growth is None
