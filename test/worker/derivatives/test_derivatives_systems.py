import numpy as np
import pytest
from metrics import constant_errors, score, suspicion
from scipy.integrate import solve_ivp
from signals import make_signal
from systems import SYSTEMS, solve

RIGHT_HAND_SIDES = {
    "lotka_volterra": lambda t, u: [1.5 * u[0] - u[0] * u[1], u[0] * u[1] - 3 * u[1]],
    "van_der_pol": lambda t, u: [u[1], 3 * (1 - u[0] ** 2) * u[1] - u[0]],
    "lorenz": lambda t, u: [10 * (u[1] - u[0]), u[0] * (25 - u[2]) - u[1], u[0] * u[1] - 8 / 3 * u[2]],
}
SPREADS = {"lotka_volterra": 2.000, "van_der_pol": 1.538, "lorenz": 5.494}


@pytest.fixture(scope="module", params=SYSTEMS)
def solved(request):
    """Name, exact derivatives at 251 points, and an independent solution by a Runge-Kutta method of order 8."""
    times, derivatives = solve(request.param, 251, 7)
    system = SYSTEMS[request.param]
    other = solve_ivp(
        RIGHT_HAND_SIDES[request.param], (0, system.duration), system.initial, method="DOP853", rtol=1e-13, atol=1e-13, t_eval=times
    )
    return request.param, derivatives, other.y


def test_solution_agrees_with_an_independent_solver(solved):
    _, derivatives, other = solved
    assert np.abs(derivatives[0] - other[0]).max() < 2e-11


def test_first_derivative_is_the_right_hand_side(solved):
    name, derivatives, other = solved
    expected = np.array([RIGHT_HAND_SIDES[name](0.0, state)[0] for state in other.T])
    assert np.abs(derivatives[1] - expected).max() < 1e-11 * np.abs(expected).max()


def test_spread_of_the_signal_is_the_published_one(solved):
    name, derivatives, _ = solved
    assert np.std(derivatives[0], ddof=1) == pytest.approx(SPREADS[name], abs=6e-4)


@pytest.mark.parametrize("name", SYSTEMS)
def test_every_order_is_the_derivative_of_the_one_before(name):
    # Five-point differences on a fine grid; what they leave is their own error.
    times, fine = solve(name, 2001, 7)
    step = times[1] - times[0]
    for order in range(1, 8):
        below = fine[order - 1]
        slope = (below[:-4] - 8 * below[1:-3] + 8 * below[3:-1] - below[4:]) / (12 * step)
        assert np.abs(slope - fine[order][2:-2]).max() < 3e-3 * np.abs(fine[order]).max()


def test_solution_does_not_depend_on_where_it_is_looked_at():
    for name in SYSTEMS:
        _, coarse = solve(name, 51, 3)
        _, fine = solve(name, 251, 3)
        scale = np.abs(coarse).max(axis=1, keepdims=True)
        assert (np.abs(coarse - fine[:, ::5]) / scale).max() < 1e-10


def test_noise_depends_on_what_is_measured_and_on_nothing_else():
    first = make_signal("lorenz", 1e-2, 1, 101, 4, "additive", 42)
    same = make_signal("lorenz", 1e-2, 1, 101, 7, "additive", 42)
    assert np.array_equal(first.samples, same.samples)
    others = [
        make_signal("lorenz", 1e-2, 2, 101, 4, "additive", 42),
        make_signal("lorenz", 1e-2, 1, 101, 4, "additive", 43),
        make_signal("lorenz", 1e-2, 1, 101, 4, "proportional", 42),
    ]
    for other in others:
        assert not np.array_equal(first.samples, other.samples)
        assert np.array_equal(first.truth[0], other.truth[0])


@pytest.mark.parametrize("model", ["additive", "proportional"])
def test_noise_is_as_strong_as_asked(model):
    signal = make_signal("lotka_volterra", 1e-3, 1, 2001, 0, model, 42)
    errors = (signal.samples - signal.truth[0]) / (np.std(signal.truth[0], ddof=1) if model == "additive" else signal.truth[0])
    assert np.std(errors) == pytest.approx(1e-3, rel=0.06)
    assert np.std(signal.samples - signal.truth[0]) == pytest.approx(signal.sigma, rel=0.08)


def test_unsmoothed_samples_have_the_noise_as_error():
    for name in SYSTEMS:
        errors = [score(signal.samples, signal.truth[0])["nrmse"] for signal in (make_signal(name, 1e-2, trial, 251, 0, "additive", 1) for trial in range(3))]
        assert np.mean(errors) == pytest.approx(1e-2, rel=0.1)


def test_a_constant_has_an_error_of_about_one():
    for name in SYSTEMS:
        _, truth = solve(name, 101, 7)
        for order in range(1, 8):
            assert score(np.full(101, truth[order][1:-1].mean()), truth[order])["nrmse"] == pytest.approx((98 / 99) ** 0.5, rel=1e-9)
            assert score(np.zeros(101), truth[order])["nrmse"] == pytest.approx(1.0, abs=0.12)


def test_score_leaves_out_ends_and_what_is_not_finite():
    truth = np.array([0.0, 1.0, 2.0, 4.0, 0.0])
    result = score(np.array([np.nan, 2.0, np.inf, 4.0, 1e300]), truth)
    assert result["valid_points"] == 2 and result["total_points"] == 3
    assert result["mae"] == pytest.approx(0.5) and result["rmse"] == pytest.approx(0.5**0.5)
    assert result["nrmse"] == pytest.approx(0.5**0.5 / np.std([1.0, 2.0, 4.0], ddof=1))
    assert score(np.full(5, np.nan), truth)["nrmse"] is None
    assert score(np.array([0.0, 1e200, 1.0, 1.0, 0.0]), truth)["nrmse"] == np.inf


def test_suspicion_says_what_looks_wrong():
    _, truth = solve("lorenz", 101, 2)
    sigma = 0.01 * np.std(truth[0])

    def reason(estimate, order):
        return suspicion(score(estimate, truth[order]), order, truth[order], sigma)

    assert reason(np.zeros(101), 2) == "no better than a constant"
    assert reason(np.full(101, truth[2][1:-1].mean()), 2) == "no better than a constant"
    assert reason(truth[0], 0) == "better than the noise allows"
    assert reason(truth[1], 1) == ""
    assert reason(1e92 * truth[2], 2) == "diverged"
    assert reason(np.where(np.arange(101) == 5, np.nan, truth[1]), 1) == "1 values are not finite"
    assert reason(truth[0] + sigma * np.sin(np.arange(101)), 0) == ""
    low, high = sorted(constant_errors(truth[0]))
    assert low < 1 < high
