"""Leaves out what cannot learn. A unit of the first hidden layer that no training sample of its network awakens stays
at zero behind its ReLU: its inputs never change, so it gets no gradient, ever, and neither do the weights from it to
the next layer. Of N random samples about 2 to the power of -N leave a unit asleep: half the units at N = 1.

Training the rest is the same training with less to move. Afterwards the sleeping units return with the weights they
began with, because unseen scenarios may awaken them. With batch normalisation every unit is awake.
"""

import numpy as np

# Kept although negative: what rounds to the other side of zero in the training itself.
MARGIN = 1e-4
# Copying together is worth it from here on.
LARGEST_SHARE = 0.9


class AwakeUnits:
    """The units kept of each network of a chunk: [K, keep], the same number for all so that they stack.

    `initial` [K, width] rows of `layout`, `inputs` [K, N, inputs]. `layout_for(units)`: the layout with that many
    units in the first hidden layer. `chosen` is None if (nearly) all are awake.
    """

    def __init__(self, layout, initial, inputs, layout_for):
        self.full, self.initial, self.chosen = layout, initial, None
        if layout.batch_norm:
            return
        first = layout.layers[0].weight
        weights = block_of(initial, first)
        awake = ((inputs @ weights) > -MARGIN).any(axis=1)
        keep = -(-int(awake.sum(axis=1).max()) // 16) * 16
        if keep <= LARGEST_SHARE * first.columns:
            # The awake ones in their order, then as many sleeping ones as the fullest network of the chunk needs.
            self.chosen = np.argsort(~awake, axis=1, kind="stable")[:, :keep]
            self.reduced = layout_for(keep)

    @property
    def layout(self):
        return self.full if self.chosen is None else self.reduced

    def reduce(self):
        """Rows of the networks to train: [K, reduced width]."""
        if self.chosen is None:
            return self.initial
        rows = np.zeros((len(self.initial), self.reduced.width), dtype=np.float32)
        for source, target, axis in self.blocks():
            values = block_of(self.initial, source)
            block_of(rows, target)[...] = values if axis is None else np.take_along_axis(values, self.places(axis), axis)
        return rows

    def restore(self, rows):
        """Rows of the whole networks from trained reduced ones: [K, width]."""
        if self.chosen is None:
            return rows
        whole = self.initial.copy()
        for source, target, axis in self.blocks():
            values = block_of(rows, target)
            if axis is None:
                block_of(whole, source)[...] = values
            else:
                np.put_along_axis(block_of(whole, source), self.places(axis), values, axis)
        return whole

    def blocks(self):
        """(whole, reduced, axis of the first layer's units or None) of every block that has parameters."""
        for position, (whole, reduced) in enumerate(zip(self.full.layers, self.reduced.layers)):
            yield whole.weight, reduced.weight, {0: 2, 1: 1}.get(position)
            yield whole.bias, reduced.bias, {0: 2}.get(position)

    def places(self, axis):
        return self.chosen[:, None, :] if axis == 2 else self.chosen[:, :, None]


def block_of(rows, block):
    """A view [K, rows, columns] of one block of a NumPy stack."""
    return rows[:, block.offset : block.offset + block.rows * block.columns].reshape(len(rows), block.rows, block.columns)
