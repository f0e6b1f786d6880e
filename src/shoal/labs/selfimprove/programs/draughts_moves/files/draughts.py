"""Moves in a game of draughts."""

from itertools import pairwise

from board import COLOURS, SIZE, Board, Square, check, end_row, is_king, is_own, steps_of


def find_jumps(board: Board, path: list[Square], taken: list[Square], colour: str, piece: str) -> list[list[Square]]:
    """All complete jumps that begin with a path."""
    row, column = path[-1]
    found = []
    for down, right in steps_of(piece):
        over, target = (row + down, column + right), (row + 2 * down, column + 2 * right)
        if not (0 <= target[0] < SIZE and 0 <= target[1] < SIZE):
            continue
        enemy = board[over[0]][over[1]]
        if enemy == "." or is_own(enemy, colour) or over in taken:
            continue
        if board[target[0]][target[1]] == "." or target == path[0]:
            found += find_jumps(board, [*path, target], [*taken, over], colour, piece)
    return found or ([path] if len(path) > 1 else [])


def find_steps(board: Board, start: Square) -> list[list[Square]]:
    """All steps of a piece."""
    row, column = start
    targets = [(row + down, column + right) for down, right in steps_of(board[row][column])]
    inside = [(r, c) for r, c in targets if 0 <= r < SIZE and 0 <= c < SIZE]
    return [[start, (r, c)] for r, c in inside if board[r][c] == "."]


def moves(board: Board, colour: str) -> list[list[Square]]:
    """All moves of a colour."""
    check(board)
    if colour not in COLOURS:
        raise ValueError(f"colour {colour} is not known")
    squares = [(row, column) for row in range(SIZE) for column in range(SIZE)]
    own = [(row, column) for row, column in squares if is_own(board[row][column], colour)]
    jumps = [jump for start in own for jump in find_jumps(board, [start], [], colour, board[start[0]][start[1]])]
    return sorted(jumps or [step for start in own for step in find_steps(board, start)])


def make(board: Board, colour: str, move: list[list[int]]) -> Board:
    """The board after a move."""
    path = [(row, column) for row, column in move]
    if path not in moves(board, colour):
        raise ValueError(f"{move} is no move")
    cells = [list(line) for line in board]
    piece = cells[path[0][0]][path[0][1]]
    cells[path[0][0]][path[0][1]] = "."
    for (row, column), (below, right) in pairwise(path):
        if abs(below - row) == 2:
            cells[(row + below) // 2][(column + right) // 2] = "."
    end = path[-1]
    cells[end[0]][end[1]] = piece.upper() if end[0] == end_row(colour) else piece
    return ["".join(line) for line in cells]


def count(board: Board) -> list[int]:
    """How strong both sides are."""
    check(board)
    pieces = [cell for line in board for cell in line]
    return [sum(3 if is_king(cell) else 1 for cell in pieces if is_own(cell, colour)) for colour in COLOURS]
