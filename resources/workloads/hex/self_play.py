"""Games of a flat Monte-Carlo player against itself, many at a time.

For each position the rest of the board is filled at random, both sides getting their share. A cell is worth how often the side to move
has won where the cell was its own; the move is drawn from a softmax of these numbers.
"""

import numpy as np

from flood import spans
from rules import BLUE, RED, winner

NO_MOVE = -1
TOGETHER = 1 << 22  # random numbers drawn at a time, so that a large board needs no large memory


class SelfPlay:
    """`play()` goes move by move in all games at once. `moves` [games, n*n] are cells in the order of play, then NO_MOVE."""

    def __init__(self, board, games, completions, temperature, seed):
        self.board, self.completions, self.temperature = board, completions, temperature
        self.random = np.random.default_rng(seed)
        cells = board * board
        self.stones = np.zeros((2, games, cells), bool)  # Blue's and Red's
        self.moves = np.full((games, cells), NO_MOVE, np.int16)
        self.winners = np.zeros(games, np.int8)
        self.ply = 0

    @property
    def unfinished(self):
        return np.flatnonzero(self.winners == 0)

    def play(self, watch=lambda finished: None):
        """Calls `watch` with the number of games finished after every move."""
        while len(going := self.unfinished):
            self.move(going)
            watch(len(self.winners) - len(self.unfinished))

    def move(self, going):
        side = self.ply % 2
        group = max(1, TOGETHER // (self.completions * (self.stones.shape[2] - self.ply)))
        for first in range(0, len(going), group):
            games = going[first : first + group]
            cells, scores = self.scores(games, side)
            chosen = np.take_along_axis(cells, self.drawn(scores)[:, None], 1)[:, 0]
            self.moves[games, self.ply] = chosen
            self.stones[side, games, chosen] = True
        done = going[self.joined(self.stones[side, going], side)]
        self.winners[done] = (BLUE, RED)[side]
        self.ply += 1

    def scores(self, games, side):
        """The empty cells of each game and what they are worth to the side to move: both [games, empty]."""
        empty = ~(self.stones[0, games] | self.stones[1, games])
        cells = np.nonzero(empty)[1].reshape(len(games), -1)
        count = cells.shape[1]
        keys = self.random.integers(0, 1 << 32, (len(games), self.completions, count), np.uint32)
        share = (count + 1) // 2
        own = keys <= np.partition(keys, share - 1, axis=2)[:, :, share - 1, None]
        full = np.repeat(self.stones[side, games][:, None], self.completions, axis=1)
        np.put_along_axis(full, np.broadcast_to(cells[:, None], own.shape), own, 2)
        won = self.joined(full.reshape(-1, full.shape[2]), side).reshape(len(games), self.completions)
        times = own.sum(1)
        return cells, (own & won[:, :, None]).sum(1) / np.maximum(times, 1)

    def joined(self, stones, side):
        boards = stones.reshape(-1, self.board, self.board)
        # Left and right of a board are top and bottom of the reflected one.
        return spans(boards.transpose(0, 2, 1) if side == 0 else boards)

    def drawn(self, scores):
        """An index for each row, from the softmax of the scores."""
        weights = np.exp((scores - scores.max(axis=1, keepdims=True)) / self.temperature)
        until = weights.cumsum(axis=1)
        marks = self.random.random((len(scores), 1)) * until[:, -1:]
        return np.minimum((until <= marks).sum(axis=1), scores.shape[1] - 1)

    def check(self):
        """Judges every finished game once more, by union-find: a mistake here would be learnt by all networks."""
        for game, moves in enumerate(self.moves):
            played = moves[moves != NO_MOVE]
            board = np.zeros(self.board**2, np.int8)
            board[played[0::2]], board[played[1::2]] = BLUE, RED
            if winner(board.reshape(self.board, self.board)) != self.winners[game]:
                raise RuntimeError(f"Game {game} was not won by {('nobody', 'Blue', 'Red')[self.winners[game]]}.")
