"""Who has joined two edges, for many boards at once: a row of a board is the bits of one number, the boards lie side by side."""

import numpy as np

LARGEST = 16  # cells of a row fit into 16 bits


def spans(stones):
    """Whether stones [boards, n, n] of one colour join the top row with the bottom row: [boards] of bool."""
    count, size, _ = stones.shape
    if size > LARGEST:
        raise ValueError(f"A board of {size} x {size} is too large: at most {LARGEST} x {LARGEST}.")
    rows = packed(stones)
    reached = np.zeros_like(rows)
    reached[0] = rows[0]
    found = np.zeros(count, bool)
    going = np.arange(count)
    while len(going):
        before = reached.copy()
        for row in range(1, size):
            above = reached[row - 1]
            reached[row] = along(rows[row], reached[row] | (rows[row] & (above | (above >> 1))), size)
        found[going] = reached[-1] != 0
        for row in range(size - 2, -1, -1):
            below = reached[row + 1]
            reached[row] = along(rows[row], reached[row] | (rows[row] & (below | (below << 1))), size)
        open_still = ~found[going] & (reached != before).any(axis=0)
        going, rows, reached = going[open_still], rows[:, open_still], reached[:, open_still]
    return found


def packed(stones):
    """[n, boards] of 16 bits, from bool [boards, n, n]."""
    rows = np.zeros(stones.shape[:2], np.uint16)
    for column in range(stones.shape[2]):
        rows |= stones[:, :, column].astype(np.uint16) << column
    return np.ascontiguousarray(rows.T)


def along(row, seeds, size):
    """`seeds` and every stone of the row that an unbroken run joins with one; runs double in length with each step."""
    right, left, runs_right, runs_left, step = seeds, seeds, row, row, 1
    while step < size:
        right = right | (runs_right & (right << step))
        left = left | (runs_left & (left >> step))
        runs_right = runs_right & (runs_right << step)
        runs_left = runs_left & (runs_left >> step)
        step *= 2
    return right | left
