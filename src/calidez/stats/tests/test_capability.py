"""Capability: never silently normal, and open about how little it knows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from calidez.stats import capability
from calidez.stats.capability import fits, shape

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
        freedom_within=whole.freedom_within,
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
        (lambda: capability.capability([0.3] * 11 + [0.1 * 3], upper=4), "values that vary"),
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


def test_values_of_hundreds_of_powers_of_ten_give_no_index():
    found = capability.capability([1.0] * 10 + [2e-309, 5e-324], lower=0.0)
    assert (found.method, found.percentiles, found.ppk, found.pp) == ("unknown", None, None, None)


def test_a_few_who_did_not_wait_change_nothing():
    waits = np.random.default_rng(5).lognormal(4, 0.6, 500)
    true = (240 - np.exp(4)) / (np.exp(4 + 3 * 0.6) - np.exp(4))
    plain = capability.capability(waits, upper=240)
    assert plain.ppk.value == pytest.approx(true, abs=0.08)
    for zeros in (1, 5, 50):
        found = capability.capability(np.append(waits, np.zeros(zeros)), upper=240)
        assert (found.method, found.percentiles.source) == ("percentile", "lognormal")
        assert found.ppk.value == pytest.approx(plain.ppk.value, abs=0.03)
    # With a share of zeros the percentiles are those of all values.
    few = capability.capability(np.append(waits, np.zeros(50)), upper=240)
    assert few.percentiles.low == 0
    assert few.percentiles.median < plain.percentiles.median


SHAPES = {
    "lognormal": (lambda rng: rng.lognormal(2, 0.7, 400), np.exp(2 + 0.7 * 3)),
    "weibull": (lambda rng: 50 * rng.weibull(1.5, 400), 50 * (-np.log(0.00135)) ** (1 / 1.5)),
    "gamma": (lambda rng: rng.gamma(2, 10, 400), 10 * special.gammaincinv(2, 0.99865)),
    "shifted_lognormal": (lambda rng: rng.lognormal(3, 0.5, 400) - 30, np.exp(3 + 0.5 * 3) - 30),
    "leaning_left": (lambda rng: 100 - rng.lognormal(1, 0.5, 400), 100 - np.exp(1 - 0.5 * 3)),
}


@pytest.mark.parametrize("name", SHAPES)
def test_the_outer_percentile_of_each_shape_is_found(name):
    draw, true = SHAPES[name]
    rng = np.random.default_rng(6)
    found = [shape.percentiles(draw(rng)) for _ in range(40)]
    told = [one.high for one in found if one is not None]
    assert len(told) >= 36
    assert np.median(told) == pytest.approx(true, rel=0.05)
    wanted = "shifted_lognormal" if name == "leaning_left" else name
    assert sum(one is not None and one.source == wanted for one in found) > 20


def test_what_follows_no_shape_has_no_index():
    rng = np.random.default_rng(7)
    two_hills = np.where(rng.random(200) < 0.5, rng.normal(10, 1, 200), rng.normal(30, 1, 200))
    found = capability.capability(two_hills, upper=40)
    assert (found.method, found.ppk, found.expected) == ("unknown", None, None)
    assert found.observed.above == 0
    many = capability.capability(np.tile(two_hills, 6), upper=40)
    assert many.percentiles.source == "observed"
    mostly_zero = capability.capability([0.0] * 20 + list(WAITING[:15]), upper=40)
    assert mostly_zero.method == "unknown"


def test_the_test_of_fit_holds_its_level():
    rng = np.random.default_rng(8)
    for fit in (fits._weibull, fits._gamma, fits._lognormal):
        draws = [rng.gamma(3, 2, 80) if fit is fits._gamma else None for _ in range(400)]
        if fit is fits._weibull:
            draws = [rng.weibull(1.3, 80) for _ in range(400)]
        if fit is fits._lognormal:
            draws = [rng.lognormal(1, 0.8, 80) for _ in range(400)]
        refused = np.mean([fits.p_value(x, fit(x).cdf) < 0.05 for x in draws])
        assert 0.02 < refused < 0.085


@pytest.mark.slow
@pytest.mark.parametrize("size", [(30,), (25, 5)])
def test_intervals_from_ranges_hold_their_confidence(size):
    rng = np.random.default_rng(9)
    hits = []
    for _ in range(1500):
        found = capability.capability(rng.normal(0, 1, size), lower=-4, upper=4, assume_normal=True)
        hits.append(
            [index.interval.lower <= 4 / 3 <= index.interval.upper for index in (found.cp, found.cpk)]
        )
    # Counted with n - 1 degrees of freedom it was 0.88 and 0.90.
    assert (np.mean(hits, axis=0) >= 0.93).all()


def test_bounds_of_one_side_say_so():
    found = capability.capability(STEADY, lower=12, upper=27)
    assert [index.one_sided for index in (found.ppl, found.ppu, found.cpl, found.cpu)] == [True] * 4
    assert not found.ppk.one_sided
    assert not found.cpk.one_sided
