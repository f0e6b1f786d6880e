"""The board and its pieces."""

SIZE = 8
COLOURS = ("white", "black")

Board = list[str]
Square = tuple[int, int]


def check(board: Board) -> None:
    """Refuse a board that is none."""
    if len(board) != SIZE or any(len(line) != SIZE or set(line) - set("wWbB.") for line in board):
        raise ValueError("the board has eight lines of eight squares")
    if any(line[column] != "." for row, line in enumerate(board) for column in range(row % 2, SIZE, 2)):
        raise ValueError("a piece stands on a square that is not played on")


def is_own(cell: str, colour: str) -> bool:
    """Whether a piece has a colour."""
    return cell.lower() == colour[0]


def is_king(cell: str) -> bool:
    """Whether a piece is a king."""
    return cell.isupper()


def end_row(colour: str) -> int:
    """The row in which men become kings."""
    return 0 if colour == "white" else SIZE - 1


def steps_of(piece: str) -> list[tuple[int, int]]:
    """The directions of a piece."""
    up, down = [(-1, -1), (-1, 1)], [(1, -1), (1, 1)]
    if is_king(piece):
        return up + down
    return up if piece == "w" else down
