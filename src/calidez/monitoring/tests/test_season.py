"""What limits follow, and what is named where signals lie on many points."""

from __future__ import annotations

import datetime as dt

import numpy as np

from calidez.monitoring.measuring.change import read
from calidez.monitoring.measuring.drawing import FrozenPhase, Options, Series
from calidez.monitoring.measuring.season import Adjust, Measured, effects_of, offered, possible
from calidez.stats import charts

FROM_JANUARY = [dt.date(year, month, 1) for year in range(2015, 2025) for month in range(1, 8)]
NOISE = np.random.default_rng(20261101).normal(size=400)


def _measured(periods, values):
    return Measured(periods, np.asarray(values, float), None, charts.Form.ADDITIVE)


def test_a_year_of_seven_months_is_no_week():
    values = [10 + 4 * (day.month == 1) + noise for day, noise in zip(FROM_JANUARY, NOISE, strict=False)]
    found = effects_of(_measured(FROM_JANUARY, values), Adjust.MONTH)
    assert [season.part for season in found] == [Adjust.MONTH]
    assert len(found[0].effects.effects) == 7


def test_what_one_cycle_does_not_tell_is_not_followed():
    days = [dt.date(2025, 1, 6) + dt.timedelta(days=n) for n in range(60)]
    values = 10 + 3 * np.array([day.weekday() > 4 for day in days]) + NOISE[:60] / 3
    series = Series(tuple(days), values, np.full(60, 30.0))
    reading = read(series, Options("percentile", period="day", adjust=Adjust.BOTH))
    assert reading.follows is Adjust.WEEKDAY


def test_figures_of_years_have_no_season_and_noise_is_offered_none():
    assert possible("year") == ()
    assert offered(_measured(FROM_JANUARY, NOISE[: len(FROM_JANUARY)]), "month") is None


def test_a_trend_is_one_signal_but_limits_that_a_person_set_are_taken_at_their_word():
    months = tuple(dt.date(2015 + n // 12, n % 12 + 1, 1) for n in range(60))
    series = Series(months, np.arange(60) / 4 + NOISE[:60], np.full(60, 30.0))
    assert [s.rule for s in read(series, Options("percentile")).signals] == ["long_trend"]
    limits = charts.FrozenLimits(2.0, 1.0, 1.0, 12)
    set_by_hand = FrozenPhase(months[0], months[11], "i", limits)
    held = read(series, Options("percentile", baselines=(set_by_hand,)))
    assert held.pattern is None
    assert "beyond_limits" in {rule for s in held.signals for rule in s.reasons}
