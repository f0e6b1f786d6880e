from everyday.games import replay


def test_moves_and_capture():
    board = [["K", "", ""], ["", "p", ""]]
    assert replay(board, [((0, 0), (0, 1)), ((0, 1), (1, 1))]) == [["", "", ""], ["", "K", ""]]


def test_given_board_is_untouched():
    board = [["K", ""]]
    result = replay(board, [((0, 0), (0, 1))])
    assert result == [["", "K"]]
    assert board == [["K", ""]]
    unmoved = replay(board, [])
    assert unmoved == board and unmoved[0] is not board[0]


def test_bad_moves_are_skipped():
    board = [["K", ""], ["", ""]]
    moves = [((1, 1), (0, 0)), ((0, 0), (0, 5)), ((-1, 0), (0, 0)), ((0, 0), (1, 0))]
    assert replay(board, moves) == [["", ""], ["K", ""]]


def test_move_onto_own_field():
    assert replay([["K"]], [((0, 0), (0, 0))]) == [["K"]]
