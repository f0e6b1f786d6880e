"""Tiles on the table."""

Tile = list[int]
HIGHEST = 6


def check(tile: Tile) -> Tile:
    """Refuse what is no tile."""
    if len(tile) != 2 or not all(0 <= number <= HIGHEST for number in tile):
        raise ValueError(f"{tile} is no tile")
    return tile


class Line:
    """Tiles as they lie, from left to right."""

    def __init__(self, first: Tile) -> None:
        self.tiles = [list(check(first))]

    @property
    def left(self) -> int:
        return self.tiles[0][0]

    @property
    def right(self) -> int:
        return self.tiles[-1][1]

    def fits(self, tile: Tile) -> bool:
        return self.left in tile or self.right in tile

    def add(self, tile: Tile) -> bool:
        """Put a tile to an end; whether it fits."""
        if not self.fits(tile):
            return False
        low, high = tile
        if self.right in tile:
            self.tiles.append([low, high] if low == self.right else [high, low])
        else:
            self.tiles.insert(0, [low, high] if high == self.left else [high, low])
        return True
