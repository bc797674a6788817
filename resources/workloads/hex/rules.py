"""Hex on a rhombus of n x n cells. Blue moves first and joins left and right, Red joins top and bottom."""

import numpy as np

EMPTY, BLUE, RED = 0, 1, 2


def neighbours(row, column, size):
    """The up to six cells beside one."""
    around = ((0, -1), (0, 1), (-1, 0), (1, 0), (-1, 1), (1, -1))
    places = ((row + down, column + right) for down, right in around)
    return [(r, c) for r, c in places if 0 <= r < size and 0 <= c < size]


class UnionFind:
    def __init__(self, count):
        self.above = list(range(count))

    def root(self, one):
        while self.above[one] != one:
            self.above[one] = self.above[self.above[one]]
            one = self.above[one]
        return one

    def join(self, one, other):
        self.above[self.root(one)] = self.root(other)


def winner(board):
    """BLUE, RED or EMPTY = nobody yet. `board` [n, n]; the four edges are four more nodes behind its cells."""
    size = len(board)
    stones = [[int(colour) for colour in row] for row in board]
    left, right, top, bottom = range(size * size, size * size + 4)
    groups = UnionFind(size * size + 4)
    for row in range(size):
        for column in range(size):
            colour, place = stones[row][column], row * size + column
            if colour == EMPTY:
                continue
            at, first, last = (column, left, right) if colour == BLUE else (row, top, bottom)
            if at == 0:
                groups.join(place, first)
            if at == size - 1:
                groups.join(place, last)
            for r, c in neighbours(row, column, size):
                # The cells before this one: each pair is joined once.
                if (r, c) < (row, column) and stones[r][c] == colour:
                    groups.join(place, r * size + c)
    if groups.root(left) == groups.root(right):
        return BLUE
    return RED if groups.root(top) == groups.root(bottom) else EMPTY


def swapped(board):
    """Reflected at the long diagonal with the colours exchanged: the same game seen by the other side."""
    flipped = np.asarray(board).T
    return np.where(flipped == EMPTY, EMPTY, BLUE + RED - flipped)


def turned(board):
    """Turned by half a circle: the same game for the same side."""
    return np.asarray(board)[::-1, ::-1]
