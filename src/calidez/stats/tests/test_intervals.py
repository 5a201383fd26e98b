"""Intervals against published and independently computed values."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from calidez.stats import intervals


@given(st.integers(0, 5000), st.integers(1, 5000))
def test_wilson_is_that_of_scipy(met: int, n: int) -> None:
    met = min(met, n)
    low, high = stats.binomtest(met, n).proportion_ci(method="wilson")
    found = intervals.share(met, n)
    assert found.lower == pytest.approx(low, abs=1e-9)
    assert found.upper == pytest.approx(high, abs=1e-9)
    assert found.lower - 1e-12 <= met / n <= found.upper + 1e-12


def test_wilson_as_newcombe_prints_it() -> None:
    # R. G. Newcombe, Statistics in Medicine 17 (1998) 857, table I: 81 of 263, method 3.
    found = intervals.share(81, 263)
    assert (round(found.lower, 4), round(found.upper, 4)) == (0.2553, 0.3662)


def test_garwood_as_printed_in_tables_of_poisson_limits() -> None:
    found = intervals.count(10)
    assert (round(found.lower, 3), round(found.upper, 3)) == (4.795, 18.390)
    none = intervals.count(0)
    assert none.lower == 0
    assert none.upper == pytest.approx(3.689, abs=5e-4)


@given(st.lists(st.floats(-1e4, 1e4), min_size=2, max_size=50).filter(lambda v: max(v) - min(v) > 1e-3))
def test_mean_is_the_t_interval_of_scipy(values: list[float]) -> None:
    n, average = len(values), sum(values) / len(values)
    variance = sum((v - average) ** 2 for v in values) / (n - 1)
    low, high = stats.t.interval(0.95, n - 1, loc=average, scale=math.sqrt(variance / n))
    found = intervals.mean(average, variance, n)
    assert found.lower == pytest.approx(low, rel=1e-6, abs=1e-6)
    assert found.upper == pytest.approx(high, rel=1e-6, abs=1e-6)


def test_a_rate_is_the_count_over_its_exposure() -> None:
    found = intervals.rate(10, 2000)
    assert found.lower == pytest.approx(4.795 / 2000, rel=1e-3)


def test_net_promoter_by_hand() -> None:
    # 50 promoters, 20 detractors of 100: shares 51/102 and 21/102; variance (72/102 - (30/102)²) / 102.
    half = 1.959964 * math.sqrt((72 / 102 - (30 / 102) ** 2) / 102)
    found = intervals.net_promoter(50, 20, 100)
    assert found.lower == pytest.approx(30 / 102 - half, abs=1e-6)
    assert found.upper == pytest.approx(30 / 102 + half, abs=1e-6)
    assert intervals.net_promoter(5, 0, 5).lower < 0.5, "five who agree are not everybody"


@pytest.mark.parametrize("shares", [(0.9, 0.08, 0.02), (0.5, 0.3, 0.2), (0.3, 0.3, 0.4), (0.97, 0.02, 0.01)])
@pytest.mark.parametrize("n", [5, 10, 20, 100])
def test_net_promoter_holds_its_confidence(n: int, shares: tuple[float, float, float]) -> None:
    """Summed over all that n answers can be."""
    held = 0.0
    for promoters in range(n + 1):
        for detractors in range(n + 1 - promoters):
            passive = n - promoters - detractors
            chance = stats.multinomial.pmf([promoters, passive, detractors], n, shares)
            found = intervals.net_promoter(promoters, detractors, n)
            held += chance * (found.lower <= shares[0] - shares[2] <= found.upper)
    assert held > 0.93


def test_percentile_ranks_narrow_with_the_cases():
    few, many = intervals.percentile_ranks(0.9, 60), intervals.percentile_ranks(0.9, 6000)
    assert few.lower / 60 < many.lower / 6000 < 0.9 < many.upper / 6000 < few.upper / 60 <= 1


def test_few_cases_bound_no_high_percentile_from_above():
    # The greatest of n values lies below the 95th percentile with a chance of 0.95 to the n.
    assert 0.95**71 > 0.025 >= 0.95**72
    assert intervals.percentile_ranks(0.95, 71).upper is None
    assert intervals.percentile_ranks(0.95, 72).upper == 72
    assert intervals.percentile_ranks(0.95, 58, confidence=0.9).upper is None
    assert intervals.percentile_ranks(0.95, 59, confidence=0.9).upper == 59
    low = intervals.percentile_ranks(0.05, 72)
    assert (low.lower, intervals.percentile_ranks(0.05, 71).lower) == (1, None)
    assert intervals.percentile_ranks(0.5, 1) == intervals.Ranks(None, None)


@pytest.mark.parametrize(
    ("q", "n"), [(0.5, 6), (0.5, 20), (0.9, 10), (0.9, 20), (0.9, 50), (0.95, 20), (0.95, 80), (0.95, 500)]
)
def test_percentile_ranks_hold_their_confidence(q, n):
    found = intervals.percentile_ranks(q, n)
    below = 0.0 if found.lower is None else special.bdtr(found.lower - 1, n, q)
    above = 0.0 if found.upper is None else special.bdtrc(found.upper - 1, n, q)
    assert below <= 0.025
    assert above <= 0.025
    # And no rank nearer to the percentile would.
    assert special.bdtr(found.lower or 0, n, q) > 0.025
    if found.upper is not None:
        assert special.bdtrc(found.upper - 2, n, q) > 0.025


@pytest.mark.parametrize(
    "call",
    [
        lambda: intervals.share(2, 1),
        lambda: intervals.share(0, 0),
        lambda: intervals.mean(1, 1, 1),
        lambda: intervals.mean(1, -1, 5),
        lambda: intervals.count(-1),
        lambda: intervals.rate(1, 0),
        lambda: intervals.net_promoter(60, 50, 100),
        lambda: intervals.percentile_ranks(1, 10),
        lambda: intervals.share(1, 2, confidence=1),
    ],
)
def test_bad_input_is_refused(call: object) -> None:
    with pytest.raises(ValueError, match=r"a |the "):
        call()  # type: ignore[operator]
