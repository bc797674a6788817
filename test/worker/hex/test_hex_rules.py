import itertools

import numpy as np
import pytest

from flood import spans
from rules import BLUE, EMPTY, RED, neighbours, swapped, turned, winner


def flooded(board):
    """Who has won, by walking from edge to edge."""
    size = len(board)
    for colour in (BLUE, RED):
        starts = [(place, 0) if colour == BLUE else (0, place) for place in range(size)]
        front = [cell for cell in starts if board[cell] == colour]
        seen = set(front)
        while front:
            cell = front.pop()
            if cell[1 if colour == BLUE else 0] == size - 1:
                return colour
            for other in neighbours(*cell, size):
                if other not in seen and board[other] == colour:
                    seen.add(other)
                    front.append(other)
    return EMPTY


def every_board(size, colours):
    for stones in itertools.product(colours, repeat=size * size):
        yield np.array(stones).reshape(size, size)


@pytest.mark.parametrize(("size", "colours"), [(1, (0, 1, 2)), (2, (0, 1, 2)), (3, (1, 2)), (3, (0, 1, 2))])
def test_union_find_is_flood_fill_on_every_small_board(size, colours):
    boards = list(every_board(size, colours))
    found = [winner(board) for board in boards]
    assert found == [flooded(board) for board in boards]
    red = np.stack(boards) == RED
    assert spans(red).tolist() == [one == RED for one in found]
    assert spans((np.stack(boards) == BLUE).transpose(0, 2, 1)).tolist() == [one == BLUE for one in found]


@pytest.mark.parametrize("size", [4, 7, 13, 16])
def test_union_find_is_flood_fill_on_random_boards(size):
    boards = np.random.default_rng(size).choice([EMPTY, BLUE, RED], (120, size, size), p=[0.1, 0.5, 0.4])
    found = [winner(board) for board in boards]
    assert found == [flooded(board) for board in boards] and len(set(found)) > 1
    assert spans(boards == RED).tolist() == [one == RED for one in found]


@pytest.mark.parametrize("size", [3, 5, 8, 13])
def test_a_full_board_has_exactly_one_winner(size):
    boards = np.random.default_rng(size).choice([BLUE, RED], (200, size, size))
    red, blue = spans(boards == RED), spans((boards == BLUE).transpose(0, 2, 1))
    assert (red ^ blue).all()


def test_a_turned_board_keeps_its_winner_and_a_swapped_one_changes_it():
    other = {EMPTY: EMPTY, BLUE: RED, RED: BLUE}
    for board in np.random.default_rng(3).choice([EMPTY, BLUE, RED], (200, 6, 6), p=[0.1, 0.45, 0.45]):
        assert winner(turned(board)) == winner(board)
        assert winner(swapped(board)) == other[winner(board)]


def test_a_winding_path_is_followed_up_and_down():
    board = np.zeros((7, 7), int)
    board[0, 0], board[1:6, 0], board[5, 1] = RED, RED, RED
    board[1:5, 3], board[1, 4:7], board[1:7, 6] = RED, RED, RED
    assert winner(board) == flooded(board) == EMPTY
    board[5, 2] = RED  # from here the path leads upwards again
    assert winner(board) == flooded(board) == RED and spans((board == RED)[None]).all()


def test_a_board_too_large_for_the_bits_is_refused():
    with pytest.raises(ValueError, match="17 x 17 is too large"):
        spans(np.zeros((1, 17, 17), bool))
