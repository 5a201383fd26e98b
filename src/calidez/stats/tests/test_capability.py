"""Capability: never silently normal, and open about how little it knows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from calidez.stats import capability

modest = settings(max_examples=30, derandomize=True)
WAITING = np.random.default_rng(1).lognormal(2, 0.6, 400)
STEADY = np.random.default_rng(2).normal(20, 2, 400)


@modest
@given(st.floats(0.1, 50), st.floats(-100, 100))
def test_indices_do_not_change_with_the_unit(scale, shift):
    plain = capability.capability(STEADY, lower=12, upper=27, target=19)
    other = capability.capability(
        STEADY * scale + shift, lower=12 * scale + shift, upper=27 * scale + shift, target=19 * scale + shift
    )
    for name in ("cp", "cpk", "cpm", "pp", "ppk", "ppm"):
        assert getattr(other, name).value == pytest.approx(getattr(plain, name).value, rel=1e-6)


def test_normal_values_are_read_as_normal():
    found = capability.capability(STEADY, lower=12, upper=27, stable=True)
    assert (found.method, found.enough, found.stable) == ("normal", True, True)
    assert found.ppk.interval.lower < found.ppk.value < found.ppk.interval.upper
    assert found.observed.outside == pytest.approx(np.mean((STEADY < 12) | (STEADY > 27)))


def test_waiting_times_are_read_by_their_percentiles():
    found = capability.capability(WAITING, upper=40)
    assert (found.method, found.percentiles.source) == ("percentile", "lognormal")
    assert found.cpk is None
    assert found.expected is None
    assert found.pp is None
    # A lognormal reaches exp(mean + 3 sigma of the logarithms) where a normal would have its three sigma.
    logs = np.log(WAITING)
    middle, high = np.exp(logs.mean()), np.exp(logs.mean() + 3 * logs.std(ddof=1))
    assert found.ppk.value == pytest.approx((40 - middle) / (high - middle), rel=1e-3)
    believed = capability.capability(WAITING, upper=40, assume_normal=True)
    assert believed.method == "normal"


def test_many_values_show_their_own_tails():
    values = np.random.default_rng(3).gamma(2, 5, 20_000)
    found = capability.capability(values, upper=60)
    assert (found.normality.method, found.percentiles.source) == ("shape", "observed")
    assert found.percentiles.high == pytest.approx(np.quantile(values, 0.99865), rel=0.01)


def test_a_histogram_tells_what_the_values_tell():
    values = np.random.default_rng(4).lognormal(2, 0.6, 50_000)
    edges = 1.02 ** np.arange(-200, 300)
    counts, _ = np.histogram(values, edges)
    found = capability.from_histogram(edges, counts, lower=1, upper=40)
    whole = capability.capability(values, lower=1, upper=40)
    assert found.method == whole.method == "percentile"
    assert found.ppk.value == pytest.approx(whole.ppk.value, rel=0.02)
    assert found.observed.above == pytest.approx(whole.observed.above, rel=0.05)
    assert found.mean == pytest.approx(whole.mean, rel=0.01)
    assert found.sigma_overall == pytest.approx(whole.sigma_overall, rel=0.01)


def test_a_summary_gives_the_indices_of_the_values():
    whole = capability.capability(STEADY, lower=12, upper=27, assume_normal=True)
    found = capability.from_summary(
        n=whole.n,
        mean=whole.mean,
        sigma_overall=whole.sigma_overall,
        sigma_within=whole.sigma_within,
        lower=12,
        upper=27,
    )
    assert (found.cpk, found.ppk, found.cpm) == (whole.cpk, whole.ppk, whole.cpm)
    assert found.observed is None


def test_capability_of_a_proportion():
    found = capability.proportion(5, 200, allowed=0.05)
    assert found.share == 0.025
    # The ends are the shares at which five or fewer, or five or more, of 200 would be a 2.5 % chance.
    assert special.bdtr(5, 200, found.interval.upper) == pytest.approx(0.025)
    assert special.bdtrc(4, 200, found.interval.lower) == pytest.approx(0.025)
    assert found.meets is None
    assert capability.proportion(0, 500, allowed=0.05).meets is True
    assert capability.proportion(60, 500, allowed=0.05).meets is False
    assert capability.proportion(0, 10).interval.lower == 0
    assert capability.proportion(10, 10).interval.upper == 1


def test_few_values_are_called_few():
    found = capability.capability([1.0, 2.0, 3.0], upper=5)
    assert not found.enough
    assert found.normality is None


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (lambda: capability.capability([1.0, 2.0]), "a lower or an upper limit"),
        (lambda: capability.capability([1.0, 2.0], lower=5, upper=4), "below the upper"),
        (lambda: capability.capability([1.0], upper=4), "at least two values"),
        (lambda: capability.capability([1.0, 1.0], upper=4), "values that vary"),
        (lambda: capability.capability([0.0] * 11 + [2e-309], upper=4), "values that vary"),
        (lambda: capability.capability([1.0, 2.0], upper=4, confidence=95), "between 0 and 1"),
        (lambda: capability.capability(np.ones((2, 2, 2)), upper=4), "rows of subgroups"),
        (lambda: capability.from_summary(n=1, mean=1, sigma_overall=1, upper=2), "at least two values"),
        (lambda: capability.from_histogram([1, 2], [1, 1], upper=3), "ascending edges"),
        (lambda: capability.from_histogram([1, 2, 3], [1, -1], upper=3), "must not be negative"),
        (lambda: capability.from_histogram([1, 2, 3], [1, 0], upper=3), "at least two values"),
        (lambda: capability.proportion(3, 2), "no more bad cases"),
        (lambda: capability.proportion(1, 2, allowed=1.5), "share allowed"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(wrong, sentence):
    with pytest.raises(ValueError, match=sentence):
        wrong()


def test_a_lognormal_percentile_beyond_all_numbers_is_not_told():
    found = capability.capability([1.0] * 10 + [2e-309, 5e-324], lower=0.0)
    assert found.percentiles is None or found.percentiles.source == "normal"
