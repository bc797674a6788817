import numpy as np
import pytest
from test_stacked_training import prepared

from awake import AwakeUnits, block_of
from network import layout_of
from stacked_training import Recipe, StackedTraining

RECIPE = Recipe(epochs=60, patience=15)


def units_of(data, hidden, count, trials=range(5)):
    layout, initial, inputs, gains = prepared(data, hidden, count, trials)
    units = AwakeUnits(layout, initial, inputs, lambda first: layout_of((first, *hidden[1:]), "summary", count))
    return units, initial, inputs, gains


@pytest.mark.parametrize(("hidden", "count"), [([64, 32], 1), ([128, 64], 2), ([96, 32, 48], 1)])
def test_training_without_sleeping_units_is_the_same_training(data, hidden, count):
    """Equal stopping epochs and 0.01 bit/s/Hz, as for a stack against single networks; and the sleeping units, which
    the whole training carries along, end exactly as they began."""
    units, initial, inputs, gains = units_of(data, hidden, count)
    assert units.chosen is not None and units.chosen.shape[1] < hidden[0]
    whole = StackedTraining(units.full, RECIPE, initial.copy(), inputs, gains).train()
    short = StackedTraining(units.layout, RECIPE, units.reduce(), inputs, gains).train()
    np.testing.assert_array_equal(short.epochs, whole.epochs)
    np.testing.assert_allclose(short.best_rates, whole.best_rates, atol=0.01)
    restored, trained = units.restore(short.params.numpy()), whole.params.numpy()
    for network in range(5):
        asleep = np.setdiff1d(np.arange(hidden[0]), units.chosen[network])
        incoming, outgoing = (layer.weight for layer in units.full.layers[:2])
        for rows in (restored, trained):
            np.testing.assert_array_equal(block_of(rows, incoming)[network][:, asleep], block_of(initial, incoming)[network][:, asleep])
            np.testing.assert_array_equal(block_of(rows, outgoing)[network][asleep], block_of(initial, outgoing)[network][asleep])


def test_nothing_is_lost_on_the_way(data):
    units, initial, _, _ = units_of(data, [64, 32], 1)
    np.testing.assert_array_equal(units.restore(units.reduce()), initial)
    marked = units.reduce() + 1.0
    again, _, _, _ = units_of(data, [64, 32], 1)
    again.initial = units.restore(marked)
    np.testing.assert_array_equal(block_of(again.reduce(), units.reduced.layers[1].weight), block_of(marked, units.reduced.layers[1].weight))


@pytest.mark.parametrize("count", [10, 20])
def test_many_samples_awaken_everything(data, count):
    units, initial, _, _ = units_of(data, [32, 32], count, range(2))
    assert units.chosen is None and units.layout is units.full and units.reduce() is initial
