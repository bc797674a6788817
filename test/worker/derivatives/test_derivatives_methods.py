import importlib

import numpy as np
import pytest
from catalog import BY_NAME, METHODS
from differences import weights
from local_fits import savgol
from metrics import score
from noise_level import noise_of
from scipy.interpolate import AAA
from scipy.optimize import minimize
from scipy.signal import savgol_filter
from signals import make_signal

# Published for 251 points.
CENTRAL_DIFFERENCE = {"lotka_volterra": 0.00532, "van_der_pol": 0.0226, "lorenz": 0.0148}
SMOOTHERS = [method.name for method in METHODS if method.family not in ("finite differences", "baseline") and method.name not in ("chebyshev-fixed", "aaa-tight")]


def run(name, signal, orders):
    method = BY_NAME[name]
    return getattr(importlib.import_module(method.module), method.function)(signal.times.copy(), signal.samples.copy(), orders)


@pytest.fixture(scope="module")
def signal():
    return make_signal("lotka_volterra", 1e-3, 1, 251, 7, "additive", 42)


def test_there_are_twelve_methods_or_more_of_all_families():
    assert len(METHODS) - 1 >= 12 and len({method.family for method in METHODS}) >= 12
    assert len(BY_NAME) == len(METHODS)


@pytest.mark.parametrize("system", CENTRAL_DIFFERENCE)
def test_central_difference_has_the_published_error(system):
    values = []
    for trial in (1, 2, 3):
        signal = make_signal(system, 1e-8, trial, 251, 1, "additive", 42)
        values.append(score(run("central-difference", signal, [1])[1], signal.truth[1])["nrmse"])
    assert np.mean(values) == pytest.approx(CENTRAL_DIFFERENCE[system], rel=0.003)


@pytest.mark.parametrize("name", BY_NAME)
def test_every_method_gives_every_order_it_promises(name, signal):
    orders = list(range(BY_NAME[name].highest + 1))
    values = run(name, signal, orders)
    assert list(values) == orders
    for order in orders:
        assert values[order].shape == (251,) and values[order].dtype == float and np.isfinite(values[order]).all()
    assert list(run(name, signal, [1])) == [1]


@pytest.mark.parametrize("name", BY_NAME)
def test_methods_give_the_same_answer_twice(name, signal):
    first, second = (run(name, signal, [0, 1]) for _ in range(2))
    assert all(np.array_equal(first[order], second[order]) for order in first)


@pytest.mark.parametrize("name", SMOOTHERS)
def test_methods_beat_the_plain_difference_where_there_is_noise(name):
    signal = make_signal("lotka_volterra", 1e-2, 1, 251, 1, "additive", 42)
    plain = score(run("central-difference", signal, [1])[1], signal.truth[1])["nrmse"]
    limit = 1.3 if name == "chebyshev-aicc" else 1.0  # a polynomial over the whole time swings at the ends
    assert score(run(name, signal, [1])[1], signal.truth[1])["nrmse"] < limit * plain


@pytest.mark.parametrize("name", [method.name for method in METHODS if method.family not in ("baseline", "Chebyshev")])
def test_methods_are_accurate_where_there_is_no_noise(name):
    signal = make_signal("lotka_volterra", 1e-8, 1, 251, 1, "additive", 42)
    bound = {"forward-difference": 0.08, "savgol-fixed": 0.02, "tv-regularisation": 0.01}.get(name, 0.006)
    assert score(run(name, signal, [1])[1], signal.truth[1])["nrmse"] < bound


@pytest.mark.parametrize("name", ["gp-rbf", "gp-matern", "kalman-rts", "quintic-spline", "fourier-continuation"])
def test_derivatives_belong_to_the_curve_of_order_zero(name):
    # Analytic derivatives of one curve: a fine difference of a lower order must meet the next one.
    signal = make_signal("lorenz", 1e-3, 1, 1001, 3, "additive", 42) if name == "quintic-spline" else make_signal("lorenz", 1e-3, 1, 251, 3, "additive", 42)
    values = run(name, signal, [0, 1, 2, 3])
    step = signal.times[1] - signal.times[0]
    for order in (1, 2):
        below = values[order - 1]
        slope = (below[:-4] - 8 * below[1:-3] + 8 * below[3:-1] - below[4:]) / (12 * step)
        assert np.abs(slope - values[order][2:-2])[5:-5].max() < 0.02 * np.abs(values[order]).max()


def test_weights_are_those_of_the_tables():
    assert weights(np.array([-1.0, 0.0, 1.0]), 1) == pytest.approx([-0.5, 0, 0.5])
    assert weights(np.array([-2.0, -1, 0, 1, 2]), 4) == pytest.approx([1, -4, 6, -4, 1])
    assert weights(np.arange(3.0), 1) == pytest.approx([-1.5, 2, -0.5])


@pytest.mark.parametrize(("order", "window", "degree"), [(0, 15, 3), (1, 15, 3), (4, 21, 7), (7, 27, 9)])
def test_savitzky_golay_agrees_with_scipy(signal, order, window, degree):
    step = signal.times[1] - signal.times[0]
    expected = savgol_filter(signal.samples, window, degree, deriv=order, delta=step, mode="interp")
    found = savgol(signal.times, signal.samples, [order], window, degree)[order]
    assert np.abs(found - expected).max() < 1e-6 * np.abs(expected).max()


def test_aaa_finds_the_poles_that_scipy_finds():
    from rational import greedy_fits, poles_of

    places = np.linspace(-1, 1, 101)
    samples = 1 / (1 + 4 * places**2) + 0.5 / (places - 1.7)
    nodes, values, _ = next(fit for fit in greedy_fits(places, samples) if fit[2] < 1e-12)
    found, expected = poles_of(nodes, values), AAA(places, samples, rtol=1e-12).poles()
    for poles in (found, expected):
        assert sorted(poles, key=lambda pole: pole.imag) == pytest.approx([-0.5j, 1.7, 0.5j], abs=1e-7)


def test_gaussian_process_takes_the_most_likely_length_and_noise():
    from gaussian_process import fit, rbf

    signal = make_signal("lotka_volterra", 1e-2, 1, 101, 0, "additive", 42)
    values = (signal.samples - signal.samples.mean()) / signal.samples.std()
    distances = signal.times[:, None] - signal.times[None]

    def loss(logs):
        covariance = rbf(distances, np.exp(logs[0]), 0) + np.exp(logs[1]) * np.eye(101)
        explained = values @ np.linalg.solve(covariance, values) / 101
        return 0.5 * 101 * np.log(explained) + 0.5 * np.linalg.slogdet(covariance)[1]

    best = min((minimize(loss, [np.log(start), np.log(1e-4)], method="Nelder-Mead") for start in (0.3, 1.0)), key=lambda found: found.fun)
    length, _ = fit(rbf, signal.times, values)
    assert length == pytest.approx(np.exp(best.x[0]), rel=0.02)


@pytest.mark.parametrize("level", [1e-3, 1e-2, 5e-2])
def test_noise_is_estimated_from_the_samples_alone(level):
    signal = make_signal("lotka_volterra", level, 1, 251, 0, "additive", 42)
    assert noise_of(signal.samples) == pytest.approx(signal.sigma, rel=0.25)
