"""Board of the mini strategy game."""
import copy


def replay(board, moves):
    """The board after all moves; the given board stays as it is.

    The board is a list of rows, "" for an empty field. A move is a pair of
    (row, column) fields; moves from an empty field or off the board are skipped.
    """
    state = copy.deepcopy(board)
    for (r1, c1), (r2, c2) in moves:
        after = copy.deepcopy(state)
        inside = all(0 <= r < len(after) and 0 <= c < len(after[r])
                     for r, c in ((r1, c1), (r2, c2)))
        if not inside or after[r1][c1] == "":
            continue
        piece = after[r1][c1]
        after[r1][c1] = ""
        after[r2][c2] = piece
        state = after
    return state
