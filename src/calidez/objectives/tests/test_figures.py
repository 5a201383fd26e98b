"""Every measure gives its figure and interval from sufficient statistics."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from django.utils import timezone, translation

from calidez import engine
from calidez.engine import Statistics
from calidez.engine.histogram import buckets_of
from calidez.kit.conformance import World
from calidez.monitoring.models import Indicator, Measurement
from calidez.monitoring.tests.factories import measured
from calidez.objectives.figures import figure_of, last_periods, points_of
from calidez.objectives.rules import Plan, Point, Status, judge
from calidez.objectives.sentences import with_interval

Measure = Indicator.Measure


def test_a_share_has_wilsons_interval_in_per_cent() -> None:
    found = figure_of(Indicator(measure=Measure.PROPORTION), Statistics(n=263, weight=263, met=81, unmet=182))
    assert found is not None
    assert found.value == pytest.approx(30.798, abs=1e-3)
    assert (round(found.low, 2), round(found.high, 2), found.n) == (25.53, 36.62, 263)


def test_few_cases_are_too_few_for_a_share_and_a_count_is_what_it_is() -> None:
    few = Statistics(n=9, weight=9, met=9, unmet=0)
    share = figure_of(Indicator(measure=Measure.COUNTED), few)
    count = figure_of(Indicator(measure=Measure.COUNT), Statistics(n=9))
    assert share is not None
    assert count is not None
    assert not share.enough
    assert count.enough


def test_a_mean_has_the_t_interval_of_its_values() -> None:
    # 2, 4, 4, 4, 5, 5, 7, 9: mean 5, variance 32/7, and t(0.975; 7) = 2.3646.
    cell = Statistics(n=8, weight=8, total=40, sum_squares=232)
    found = figure_of(Indicator(measure=Measure.MEAN), cell)
    assert found is not None
    assert found.value == 5
    assert found.high - 5 == pytest.approx(2.3646 * (32 / 7 / 8) ** 0.5, abs=1e-3)


def test_rates_and_counts_have_the_exact_interval_of_their_events() -> None:
    rate = figure_of(
        Indicator(measure=Measure.RATE, multiplier=1000), Statistics(n=12, weight=5000, total=10)
    )
    assert rate is not None
    assert (round(rate.value, 2), round(rate.low, 3), round(rate.high, 3)) == (2.0, 0.959, 3.678)
    year = figure_of(Indicator(measure=Measure.COUNT), Statistics(n=120), periods=12)
    assert year is not None
    assert year.value == 10
    assert year.low < 10 < year.high


def test_promoters_less_detractors() -> None:
    found = figure_of(Indicator(measure=Measure.NPS), Statistics(n=100, weight=100, met=50, unmet=20))
    assert found is not None
    assert found.value == pytest.approx(30)
    assert found.low == pytest.approx(14.139, abs=1e-2)


def test_a_percentile_lies_between_two_others_of_the_same_histogram() -> None:
    values = np.arange(10.0, 1010.0)
    buckets, counts = np.unique(buckets_of(values), return_counts=True)
    histogram = {int(bucket): int(count) for bucket, count in zip(buckets, counts, strict=True)}
    cell = Statistics(n=1000, weight=1000, histogram=histogram)
    found = figure_of(Indicator(measure=Measure.PERCENTILE, quantile=90), cell)
    assert found is not None
    assert found.low < found.value < found.high
    assert found.value == pytest.approx(909, rel=0.02)


def test_a_percentile_of_few_cases_claims_no_upper_bound() -> None:
    values = {float(value): 1 for value in range(1, 21)}
    cell = Statistics(n=20, weight=20, minimum=1, maximum=20, values=values)
    found = figure_of(Indicator(measure=Measure.PERCENTILE, quantile=95), cell)
    assert found is not None
    assert (found.value, found.low, found.high) == (19, 17, None)
    with translation.override("en"):
        said = with_interval(found.value, found.low, found.high, "min", n=found.n)
    assert said == "19\N{NO-BREAK SPACE}min (at least 17, no upper bound from so few cases; n = 20)"


def test_what_has_no_upper_bound_is_never_surely_below_the_plan() -> None:
    plan = Plan(dt.date(2024, 1, 1), dt.date(2024, 12, 31), target=10, at_least=False, baseline=30)
    point = Point(dt.date(2024, 6, 1), dt.date(2024, 6, 30), value=15, n=20, low=13)
    assert judge([point], plan).status == Status.ON_PLAN
    slow = Point(dt.date(2024, 6, 1), dt.date(2024, 6, 30), value=35, n=20, low=31)
    assert judge([slow], plan).status == Status.BEHIND


def test_sums_and_ratios_claim_no_interval() -> None:
    total = figure_of(Indicator(measure=Measure.SUM), Statistics(n=3, total=300.0))
    ratio = figure_of(Indicator(measure=Measure.RATIO), Statistics(n=3, weight=10, total=5))
    assert total is not None
    assert ratio is not None
    assert (total.value, total.low, ratio.value, ratio.low) == (300, None, 0.5, None)


@pytest.mark.parametrize("measure", list(Measure))
def test_nothing_measured_is_no_figure(measure: str) -> None:
    found = figure_of(Indicator(measure=measure), Statistics())
    if measure in {Measure.COUNT, Measure.SUM}:
        assert found is not None
        assert found.value == 0, "that nothing happened is a figure"
    else:
        assert found is None


@pytest.mark.django_db
def test_a_month_that_runs_is_neither_a_point_nor_in_the_baseline(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """24 months, the last one far lower because it had hardly begun."""
    indicator = measured(world, world.north)
    for today, newest in (
        (dt.date(2025, 12, 3), dt.date(2025, 11, 1)),
        (dt.date(2026, 1, 1), dt.date(2025, 12, 1)),
    ):
        monkeypatch.setattr(timezone, "localdate", lambda *_given, today=today, **_more: today)
        assert points_of(indicator, world.north)[-1].start == newest
        found = last_periods(indicator, world.north, 12)
        assert found is not None
        assert found[2] == engine.next_start(newest, engine.Period.MONTH) - dt.timedelta(days=1)


@pytest.mark.django_db
def test_a_month_in_which_nothing_happened_is_a_point_and_in_the_baseline(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *_given, **_more: dt.date(2026, 1, 20))
    indicator = measured(world, world.north, measure=Measure.COUNT, numerator="", denominator="")
    rows = Measurement.objects.filter(version__indicator=indicator)
    rows.exclude(period_start__in=[dt.date(2025, 2, 1), dt.date(2025, 9, 1)]).update(n=10)
    rows.filter(period_start__in=[dt.date(2025, 2, 1), dt.date(2025, 9, 1)]).delete()
    points = {point.start: point.value for point in points_of(indicator, world.north)}
    assert len(points) == 24
    assert points[dt.date(2025, 2, 1)] == points[dt.date(2025, 9, 1)] == 0
    found = last_periods(indicator, world.north, 12)
    assert found is not None
    figure, first, last = found
    assert figure.value == pytest.approx(10 * 10 / 12)
    assert (first, last) == (dt.date(2025, 1, 1), dt.date(2025, 12, 31))
    earlier = last_periods(indicator, world.north, 3, before=dt.date(2025, 10, 1))
    assert earlier is not None
    assert earlier[0].value == pytest.approx(20 / 3)
