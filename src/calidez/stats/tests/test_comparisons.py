"""Funnels and many tests at once: who is told apart, and who is left in peace."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from calidez.stats import causes, funnel

modest = settings(max_examples=40, derandomize=True)
NAN = float("nan")


def test_chance_alone_keeps_binomial_limits():
    random = np.random.default_rng(1)
    n = random.integers(200, 4000, 60).astype(float)
    found = funnel.funnel(random.binomial(n.astype(int), 0.9), n)
    assert found.phi < 1.2
    assert np.abs(found.outside_998).sum() <= 1


def test_one_bad_branch_stands_out_among_branches_that_differ():
    random = np.random.default_rng(2)
    n = np.full(40, 3000.0)
    met = random.binomial(3000, np.clip(random.normal(0.9, 0.02, 40), 0, 1)).astype(float)
    met[7] = 3000 * 0.7
    found = funnel.funnel(met, n)
    assert found.method is funnel.Method.ADDITIVE
    assert np.flatnonzero(found.outside_998).tolist() == [7]
    assert found.outside_998[7] == -1
    unadjusted = funnel.funnel(met, n, adjust=False)
    assert np.abs(unadjusted.outside_998).sum() > 10


def outside(times, sizes, p0, tau, seed=11):
    """The shares of branches called low and high at 99.8 % over many comparisons of branches that differ by tau."""
    rng = np.random.default_rng(seed)
    low, high = [], []
    for _ in range(times):
        n = rng.integers(*sizes, 40)
        found = funnel.funnel(rng.binomial(n, np.clip(rng.normal(p0, tau, 40), 0, 1)), n, grid=2)
        low.append(np.mean(found.outside_998 < 0))
        high.append(np.mean(found.outside_998 > 0))
    return np.mean(low), np.mean(high)


@pytest.mark.slow
def test_an_innocent_branch_is_called_low_as_seldom_as_the_limits_say():
    low, high = outside(120, (20, 60), 0.98, 0.0)
    assert low <= 0.0022  # the normal limits: 0.0077
    assert high <= 0.001


@pytest.mark.slow
def test_branches_that_differ_as_modelled_stay_inside():
    low, high = outside(100, (200, 1000), 0.9, 0.02)
    assert low + high <= 0.005  # 0.0025 within three standard errors; as published 0.012


def test_chance_alone_is_judged_by_the_binomial_distribution():
    found = funnel.funnel([25, 29, 58], [30, 30, 60], target=0.98, adjust=False)
    middle = special.bdtr(24, 30, 0.98) + (special.bdtr(25, 30, 0.98) - special.bdtr(24, 30, 0.98)) / 2
    assert found.z_judged[0] == pytest.approx(special.ndtri(middle))
    assert found.z[0] < -5.5 < -3.6 < found.z_judged[0]
    assert found.tau2 == 0


def test_limits_are_drawn_where_branches_are_judged():
    rng = np.random.default_rng(12)
    n = rng.integers(30, 400, 60).astype(float)
    for spread in (0.0, 0.05):
        found = funnel.funnel(rng.binomial(n.astype(int), np.clip(rng.normal(0.9, spread, 60), 0, 1)), n)
        low, high = (
            np.interp(n, found.lines.n, line) for line in (found.lines.lower_95, found.lines.upper_95)
        )
        drawn = (found.proportion > high + 1e-3).astype(int) - (found.proportion < low - 1e-3).astype(int)
        assert (np.abs(drawn - found.outside_95) > 0).sum() <= 2  # those on a line that is drawn in pieces


def test_tau_is_found_in_spite_of_the_tails_pulled_in():
    rng = np.random.default_rng(13)
    taus = []
    for _ in range(40):
        n = rng.integers(200, 1000, 60)
        met = rng.binomial(n, np.clip(rng.normal(0.9, 0.02, 60), 0, 1))
        taus.append([funnel.funnel(met, n, grid=2, as_published=old).tau2 ** 0.5 for old in (False, True)])
    ours, published = np.mean(taus, axis=0)
    assert ours == pytest.approx(0.02, abs=0.0012)
    assert published < 0.016


@modest
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 50)), min_size=2, max_size=20))
def test_failed_proportions_mirror_the_funnel(pairs):
    met, n = np.array([a for a, _ in pairs], float), np.array([a + b for a, b in pairs], float)
    up, down = (funnel.funnel(x, n, as_published=True) for x in (met, n - met))
    np.testing.assert_allclose(down.z_adjusted, -up.z_adjusted, atol=1e-6)
    np.testing.assert_allclose(down.z_judged, -up.z_judged, atol=1e-6)
    np.testing.assert_allclose(down.lines.lower_998, 1 - up.lines.upper_998, atol=1e-7)


def test_a_branch_without_cases_is_no_data():
    found = funnel.funnel([9, 0, 7], [10, 0, 10], names=["a", "b", "c"], target=0.8)
    assert np.isnan(found.z[1])
    assert found.outside_95[1] == 0
    assert (found.p0, found.names) == (0.8, ("a", "b", "c"))
    assert (np.diff(found.lines.n) >= 0).all()


@modest
@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.sampled_from(list(causes.Method)))
def test_adjusting_keeps_order_and_never_lowers(p, method):
    adjusted = causes.adjust_p_values(p, method)
    order = np.argsort(p, kind="stable")
    assert (np.diff(adjusted[order]) >= -1e-12).all()
    assert (adjusted >= np.array(p) - 1e-12).all()
    assert (adjusted <= 1).all()


def test_tests_that_were_not_made_do_not_count():
    found = causes.adjust_p_values([0.01, NAN, 0.04])
    np.testing.assert_allclose(found, [0.02, NAN, 0.04])
    assert len(causes.adjust_p_values([])) == 0


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (lambda: funnel.funnel([1], [2]), "at least two branches"),
        (lambda: funnel.funnel([3, 1], [2, 2]), "between zero and the number of cases"),
        (lambda: funnel.funnel([1, 1], [2, 2], names=["a"]), "one name for each"),
        (lambda: funnel.funnel([1, 1], [2, 2], target=95), "between 0 and 1"),
        (lambda: funnel.funnel([1, 1], [2, 2], winsorise=0.6), "share to winsorise"),
        (lambda: causes.adjust_p_values([1.2]), "between 0 and 1"),
        (lambda: causes.adjust_p_values([0.2], "magic"), "not by 'magic'"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(wrong, sentence):
    with pytest.raises(ValueError, match=sentence):
        wrong()


def test_the_multiplicative_adjustment_only_widens_and_no_cases_are_no_limits():
    found = funnel.funnel([5, 10, 20], [50, 100, 200])
    assert found.phi < 1
    np.testing.assert_array_equal(found.z_multiplicative, found.z)
    with warnings.catch_warnings(action="error"):
        low, high = funnel.exact_limits([0, 10], 0.5, 0.025)
    assert np.isnan([low[0], high[0]]).all()
    assert (low[1], high[1]) == (0.2, 0.8)
