"""Dominoes: lines, trains and games."""

from typing import Any

from table import Line, Tile, check


def lay(first: Tile, tiles: list[Tile]) -> dict[str, list[Tile]]:
    """Lay tiles as far as they fit."""
    line = Line(first)
    left_out = [tile for tile in tiles if not line.add(check(tile))]
    return {"line": line.tiles, "left_out": left_out}


def longest(tiles: list[Tile], open: int) -> list[int]:
    """Number of tiles and points of the longest train."""
    for tile in tiles:
        check(tile)
    best = (0, 0)
    used = [False] * len(tiles)

    def extend(end: int, count: int, points: int) -> None:
        nonlocal best
        best = max(best, (count, points))
        tried = set()
        for index, tile in enumerate(tiles):
            if used[index] or end not in tile or tuple(tile) in tried:
                continue
            tried.add(tuple(tile))
            used[index] = True
            extend(sum(tile) - end, count + 1, points + sum(tile))
            used[index] = False

    extend(open, 0, 0)
    return list(best)


def play(hands: list[list[Tile]], first: Tile) -> dict[str, Any]:
    """A game until somebody is done, or nobody can go on."""
    line = Line(first)
    held = [[check(tile) for tile in hand] for hand in hands]
    if not held or not all(held):
        raise ValueError("each player needs a tile")
    passes = 0
    player = 0
    while passes < len(held) and all(held):
        hand = held[player]
        fitting = [tile for tile in hand if line.fits(tile)]
        if fitting:
            chosen = max(fitting, key=sum)
            line.add(chosen)
            hand.remove(chosen)
            passes = 0
        else:
            passes += 1
        player = (player + 1) % len(held)
    points = [sum(map(sum, hand)) for hand in held]
    return {"winner": points.index(min(points)), "points": points, "line": line.tiles}
