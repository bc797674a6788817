import math
import subprocess
import sys

import numpy as np
import pytest
from workload_modules import WORKLOADS

from full_search import power_grid, search
from scenarios import NOISE_WATT, DataSpec, features_of, load_scenarios, normalizer, sum_rate

WORKLOAD = WORKLOADS / "memorization"


def slow_sum_rate(gains, powers):
    total = 0.0
    for receiver in range(len(powers)):
        interference = sum(powers[sender] * gains[sender][receiver] for sender in range(len(powers)) if sender != receiver)
        total += math.log2(1.0 + powers[receiver] * gains[receiver][receiver] / (interference + NOISE_WATT))
    return total


def test_the_rate_is_that_of_a_plain_loop(data):
    powers = np.random.default_rng(1).uniform(1e-8, 1.0, (20, 6))
    expected = [slow_sum_rate(gain, power) for gain, power in zip(data.gains, powers)]
    np.testing.assert_allclose(sum_rate(data.gains[:20], powers), expected, rtol=1e-9)


def test_orientation_matters_except_for_symmetric_gains(data):
    powers = np.random.default_rng(2).uniform(0.1, 1.0, (200, 6))
    turned = np.swapaxes(data.gains, 1, 2)
    symmetric = data.gains + turned
    np.testing.assert_allclose(sum_rate(symmetric, powers), sum_rate(np.swapaxes(symmetric, 1, 2), powers))
    assert not np.allclose(sum_rate(data.gains, powers), sum_rate(turned, powers), rtol=1e-3)


def test_the_search_equals_brute_force_for_two_pairs(data):
    gains = data.gains[:50, :2, :2]
    rates, powers = search(gains)
    levels = power_grid(1)[:, 0]
    for index, gain in enumerate(gains):
        brute = max((slow_sum_rate(gain, (a, b)), a, b) for a in levels for b in levels)
        assert rates[index] == pytest.approx(brute[0], rel=1e-9)
        assert slow_sum_rate(gain, powers[index]) == pytest.approx(rates[index], rel=1e-9)


def test_no_choice_of_the_grid_beats_the_search(data):
    rates, powers = search(data.gains[:20])
    np.testing.assert_allclose(sum_rate(data.gains[:20], powers), rates, rtol=1e-9)
    grid = power_grid(6)
    assert len(grid) == 4**6
    chosen = grid[np.random.default_rng(3).integers(0, len(grid), 300)]
    for gain, rate in zip(data.gains[:20], rates):
        assert (sum_rate(gain[None], chosen) <= rate * (1 + 1e-9)).all()


def test_a_lone_pair_sends_at_full_power(data):
    _, powers = search(data.gains[:30, :1, :1])
    assert (powers == 1.0).all()


def test_equal_specs_give_equal_scenarios_and_others_give_others(tmp_path):
    spec = DataSpec(seed=7, scenarios=30, unseen=5)
    first, again = load_scenarios(spec, tmp_path / "a"), load_scenarios(spec, tmp_path / "b")
    np.testing.assert_array_equal(first.gains, again.gains)
    np.testing.assert_array_equal(first.unseen, again.unseen)
    assert not np.array_equal(first.gains[:5], first.unseen)
    assert not np.array_equal(load_scenarios(DataSpec(8, 30, 5), tmp_path).gains, first.gains)


def test_a_damaged_cache_file_is_made_again(tmp_path):
    spec = DataSpec(seed=7, scenarios=30, unseen=5)
    first = load_scenarios(spec, tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:200])
    np.testing.assert_array_equal(load_scenarios(spec, tmp_path).gains, first.gains)
    assert len(file.read_bytes()) > 200


def test_processes_racing_for_the_cache_agree(tmp_path):
    code = (
        "import sys; sys.path[:0] = sys.argv[1:3]\n"
        "from scenarios import DataSpec, load_scenarios\n"
        "print(load_scenarios(DataSpec(3, 4000, 10), sys.argv[3]).gains.sum())"
    )
    racing = [
        subprocess.Popen([sys.executable, "-B", "-c", code, str(WORKLOAD), str(WORKLOADS.parent / "python"), str(tmp_path)], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    printed = {process.communicate()[0] for process in racing}
    assert len(printed) == 1 and [process.returncode for process in racing] == [0, 0, 0]
    assert [path.suffix for path in tmp_path.iterdir()] == [".npz"]


@pytest.mark.parametrize(("kind", "inputs"), [("summary", 12), ("full", 36)])
@pytest.mark.parametrize("normalization", ["global", "local", "none"])
def test_one_scenario_alone_still_says_something(data, kind, inputs, normalization):
    values = normalizer(data.gains, kind, normalization)(data.gains[:1])
    assert values.shape == (1, inputs) and values.dtype == np.float32
    assert np.abs(values).min() < np.abs(values).max()


def test_summary_features_are_direct_and_summed_interference(data):
    gain = data.gains[0]
    values = features_of(data.gains[:1], "summary")[0]
    assert values[2] == pytest.approx(10 * math.log10(gain[2, 2]))
    assert values[8] == pytest.approx(10 * math.log10(sum(gain[sender, 2] for sender in range(6) if sender != 2)))


def test_global_normalization_is_that_of_the_whole_data_set(data):
    values = normalizer(data.gains, "summary", "global")(data.gains)
    np.testing.assert_allclose(values.mean(axis=0), 0.0, atol=1e-5)
    np.testing.assert_allclose(values.std(axis=0), 1.0, atol=1e-5)
