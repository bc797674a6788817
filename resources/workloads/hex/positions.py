"""Every position of the games as numbers for a network: made when a batch asks for it, so that 500,000 of them need no memory."""

import numpy as np
import torch

from self_play import NO_MOVE
from rules import BLUE

SYMMETRIES = 4  # as it is, turned, and both again with the sides exchanged


class Positions:
    """Positions of some games: from the empty board to the final one, plies + 1 for each game.

    `targets` [positions] is the cell played next, NO_MOVE after the last move; `values` is 1 where Blue wins; `game` the
    place of the position's game within `indices`.
    """

    def __init__(self, games, indices, board, device="cpu", limit=None):
        moves, winners = games.moves[indices].astype(np.int64), games.winners[indices]
        plies = (moves != NO_MOVE).sum(axis=1)
        count, cells = moves.shape
        when = np.full((count, cells + 1), cells, np.int16)  # one more: where NO_MOVE, the last index, leads
        np.put_along_axis(when, moves, np.broadcast_to(np.arange(cells, dtype=np.int16), moves.shape), 1)
        when[:, -1] = cells
        game = np.repeat(np.arange(count), plies + 1)
        ply = np.arange(len(game)) - np.repeat(np.cumsum(plies + 1) - (plies + 1), plies + 1)
        targets = np.concatenate([moves, np.full((count, 1), NO_MOVE)], axis=1)[game, ply]
        kept = slice(None, limit)
        self.board = board
        self.when = torch.from_numpy(when[:, :cells].reshape(count, board, board)).to(device)
        self.game = torch.from_numpy(game[kept]).to(device)
        self.ply = torch.from_numpy(ply[kept].astype(np.int16)).to(device)
        self.targets = torch.from_numpy(targets[kept]).to(device)
        self.values = torch.from_numpy((winners == BLUE).astype(np.float32)[game[kept]]).to(device)

    def __len__(self):
        return len(self.game)

    def batch(self, which, planes, symmetry=None):
        """Inputs [b, planes, n, n], targets [b] and values [b]. `symmetry` [b]: 0 to 3 for each position."""
        when, ply = self.when[self.game[which]], self.ply[which]
        there = when < ply[:, None, None]
        stones = torch.stack([there & (when % 2 == 0), there & (when % 2 == 1)], 1)
        targets, values = self.targets[which], self.values[which]
        turn = ply % 2  # 0: Blue's
        if symmetry is not None:
            stones, targets, values, turn = self.seen(stones, targets, values, turn, symmetry)
        inputs = stones.float()
        if planes == 3:
            inputs = torch.cat([inputs, turn.float()[:, None, None, None].expand(-1, 1, self.board, self.board)], 1)
        return inputs, targets, values

    def seen(self, stones, targets, values, turn, symmetry):
        """The same positions as another side or from another side of the board."""
        size = self.board
        half, exchanged = symmetry % 2 == 1, symmetry >= 2
        stones = torch.where(half[:, None, None, None], stones.flip((2, 3)), stones)
        stones = torch.where(exchanged[:, None, None, None], stones.flip(1).transpose(2, 3), stones)
        moved = torch.where(half, size * size - 1 - targets, targets)
        moved = torch.where(exchanged, moved % size * size + moved // size, moved)
        targets = torch.where(targets == NO_MOVE, targets, moved)
        return stones, targets, torch.where(exchanged, 1 - values, values), torch.where(exchanged, 1 - turn, turn)

    def legal_uniform_loss(self):
        """Mean cross entropy of giving every empty cell the same probability."""
        moving = self.targets != NO_MOVE
        return float((self.board**2 - self.ply[moving].cpu().double()).log().mean())
