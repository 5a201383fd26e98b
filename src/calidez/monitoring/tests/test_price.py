"""Where the price of rules is told, and where the page says why it cannot be."""

import datetime as dt

import numpy as np
import pytest

from calidez.monitoring.measuring import change
from calidez.monitoring.measuring.drawing import Options, Series
from calidez.monitoring.measuring.price import can_be_told, price_of, resembling, skewed
from calidez.stats import rules


@pytest.fixture
def random():
    return np.random.default_rng(41)


def months(count):
    return tuple(dt.date(2020 + m // 12, m % 12 + 1, 1) for m in range(count))


def reading_of(values, measure="mean", chart="", floor=None):
    values = np.asarray(values, dtype=float)
    series = Series(months(len(values)), values, np.ones(len(values)), floor=floor)
    return change.read(series, Options(measure=measure, chart=chart))


def test_independent_figures_have_the_price_of_the_table(random):
    reading = reading_of(random.normal(50, 4, 36))
    assert price_of(reading, "default") == rules.false_alarms("default", 36, frozen=False)
    assert not skewed(reading)


def test_figures_that_follow_one_another_have_none(random):
    reading = reading_of(np.convolve(random.normal(50, 4, 60), np.full(6, 1 / 6), "valid"))
    assert resembling(reading) > 0.4
    assert price_of(reading, "default") is None


def test_figures_that_swing_do_not_resemble_each_other(random):
    reading = reading_of([10, 20] * 12 + random.normal(0, 1, 24))
    assert reading.chart.autocorrelation.significant
    assert resembling(reading) is None
    assert can_be_told(reading, "default")


def test_waits_down_to_nothing_have_none(random):
    reading = reading_of(random.lognormal(1, 0.8, 36), floor=0.0)
    assert skewed(reading)
    assert price_of(reading, "default") is None


def test_counts_have_it_by_their_law(random):
    scattered = random.poisson(random.gamma(2, 10, 36))
    reading = reading_of(scattered, measure="count", floor=0.0)
    assert reading.reason == "count_overdispersed"
    assert price_of(reading, "default").within_24 > rules.false_alarms("default", 36, frozen=False).within_24


@pytest.mark.parametrize(("values", "chart"), [([3, 4, 5, 4, 3, 5], ""), ([4, 5] * 15, "run")])
def test_where_no_rule_speaks_of_limits_nothing_is_said(values, chart):
    assert price_of(reading_of(values, chart=chart), "default") is None
