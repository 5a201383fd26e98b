"""Runs that only the place of the centre makes are none; those of a service that changed stay."""

from __future__ import annotations

import numpy as np
import pytest

from calidez.stats import charts, rules

RUNS = {rules.Rule.RUN_OF_NINE, rules.Rule.RUN_OF_EIGHT, rules.Rule.RUN_OF_SEVEN}


def runs_of(chart: charts.ControlChart, preset: str = "default") -> tuple[list[int], list[int]]:
    """Where runs are complete, before and after."""
    found = rules.find_signals(chart, preset)
    kept = rules.tenable(chart, found)
    assert set(kept) <= set(found)
    assert [s for s in found if s.rule not in RUNS] == [s for s in kept if s.rule not in RUNS]
    return [s.index for s in found if s.rule in RUNS], [s.index for s in kept if s.rule in RUNS]


def test_one_miss_after_fifteen_perfect_months_does_not_flag_the_fifteen() -> None:
    chart = charts.p([100.0] * 15 + [90.0], [100.0] * 16)
    before, after = runs_of(chart)
    assert before
    assert after == []


@pytest.mark.parametrize("preset", ["default", "nhs", "nelson", "western_electric"])
def test_a_far_point_does_not_make_a_run_of_all_the_others(preset: str) -> None:
    values = np.array([10.0, 10.4, 9.6, 10.2, 9.8, 10.1, 9.9] * 4)
    values[20] = 40.0
    before, after = runs_of(charts.individuals(values), preset)
    assert before
    assert after == []


@pytest.mark.parametrize("size", [1.5, 3.0, 6.0])
def test_a_shift_stays_a_run_however_far_it_goes(size: float) -> None:
    random = np.random.default_rng(7)
    values = random.normal(size=48)
    values[30:] += size
    before, after = runs_of(charts.individuals(values))
    assert before
    assert after == before


def test_frozen_limits_are_taken_at_their_word() -> None:
    limits = charts.FrozenLimits(10.0, 1.0, points=24)
    values = np.array([10.5] * 12 + [40.0])
    chart = charts.individuals(values, phases=[charts.Phase(0, 13, frozen=limits)])
    before, after = runs_of(chart)
    assert after == before != []


@pytest.mark.parametrize(("rate", "points"), [(0.1, 60), (0.4, 60), (1.2, 60)])
def test_lopsided_counts_raise_no_more_runs_than_fair_ones(rate: float, points: int) -> None:
    """Poisson counts whose mean lies far from their median: two thirds of the months below it by chance."""
    random = np.random.default_rng(20261101)
    false = raised = 0
    for _series in range(300):
        counts = random.poisson(rate, points).astype(float)
        if counts.sum() == 0:
            continue
        before, after = runs_of(charts.c(counts))
        raised += bool(before)
        false += bool(after)
    # Fair coins give a run of nine in about 10 % of series of 60 (Feller): points on the line make it rarer.
    assert raised / 300 > 0.2
    assert false / 300 < 0.12


@pytest.mark.parametrize("preset", ["default", "anhoej"])
def test_on_a_run_chart_around_the_median_all_runs_stay(preset: str) -> None:
    random = np.random.default_rng(8)
    chart = charts.run_chart(np.append(random.normal(0, 1, 12), random.normal(6, 1, 12)))
    found = rules.find_signals(chart, preset)
    assert found
    assert rules.tenable(chart, found) == found
