"""Funnels and many tests at once: who is told apart, and who is left in peace."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


@modest
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 50)), min_size=2, max_size=20))
def test_failed_proportions_mirror_the_funnel(pairs):
    met, n = np.array([a for a, _ in pairs], float), np.array([a + b for a, b in pairs], float)
    up, down = funnel.funnel(met, n), funnel.funnel(n - met, n)
    np.testing.assert_allclose(down.z_adjusted, -up.z_adjusted, atol=1e-6)
    np.testing.assert_allclose(down.lines.lower_998, 1 - up.lines.upper_998, atol=1e-9)


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
