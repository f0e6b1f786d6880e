"""Programs of the carrier robot."""

OPPOSITE = {"L": "R", "R": "L", "U": "D", "D": "U"}


def simplify_moves(moves: str) -> str:
    """Cancel neighbouring moves that undo each other until none are left."""
    changed = True
    while changed:
        changed = False
        for i in range(len(moves) - 1):
            if OPPOSITE.get(moves[i]) == moves[i + 1]:
                moves = moves[:i] + moves[i + 2:]
                changed = True
                break
    return moves
