"""A game of seeds in pits."""

from typing import Any

PITS = 6
SEEDS = 4

Board = list[list[int]]


class Game:
    """Pits and stores, and whose turn it is."""

    def __init__(self, board: Board, player: int = 0) -> None:
        first, second, stores = board
        if (len(first), len(second), len(stores)) != (PITS, PITS, 2) or min(first + second + stores) < 0:
            raise ValueError("the board is not as it must be")
        if not any(first + second):
            raise ValueError("no seed is in any pit")
        self.pits = [list(first), list(second)]
        self.stores = list(stores)
        self.player: int | None = player
        self.captures = 0

    def move(self, pit: int) -> None:
        """Sow the seeds of a pit."""
        player = self.player
        if player is None or not 0 <= pit < PITS or self.pits[player][pit] == 0:
            raise ValueError(f"pit {pit} cannot be played")
        seeds, self.pits[player][pit] = self.pits[player][pit], 0
        side, at = player, pit
        for _ in range(seeds):
            at += 1
            if (at == PITS and side != player) or at > PITS:
                side, at = 1 - side, 0
            if at == PITS:
                self.stores[player] += 1
            else:
                self.pits[side][at] += 1
        if side == player and at < PITS and self.pits[side][at] == 1:
            self.capture(player, at)
        if at < PITS:
            self.player = 1 - player
        self.finish()

    def capture(self, player: int, pit: int) -> None:
        """Take the seeds opposite, if there are any."""
        opposite = PITS - 1 - pit
        taken = self.pits[1 - player][opposite]
        if taken > 0:
            self.pits[1 - player][opposite] = self.pits[player][pit] = 0
            self.stores[player] += taken + 1
            self.captures += taken + 1

    def finish(self) -> None:
        """End the game when a side is empty."""
        if all(map(any, self.pits)):
            return
        for player, pits in enumerate(self.pits):
            self.stores[player] += sum(pits)
            self.pits[player] = [0] * PITS
        self.player = None

    def board(self) -> Board:
        return [*self.pits, self.stores]


def play(moves: list[int], board: Board | None = None) -> dict[str, Any]:
    """The board after moves."""
    game = Game(board or [[SEEDS] * PITS, [SEEDS] * PITS, [0, 0]])
    for pit in moves:
        game.move(pit)
    return {"board": game.board(), "turn": game.player, "over": game.player is None, "captures": game.captures}


def best(board: Board, player: int) -> int:
    """The pit that fills the own store most."""
    results = []
    for pit in range(PITS):
        if board[player][pit] > 0:
            game = Game(board, player)
            game.move(pit)
            results.append((game.stores[player], pit))
    if not results:
        raise ValueError("no move is possible")
    return max(results)[1]
