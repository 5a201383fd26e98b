"""Patterns of a whole chart: each is told apart from the others, and clean shifts and chance are none."""

import numpy as np
import pytest

from calidez.stats import charts
from calidez.stats.charts import Phase, pattern
from calidez.stats.charts.pattern import Kind

from .test_season import WAVE, clock, remembering

NAN = float("nan")


def kinds(make, count, runs, seed):
    """How often each pattern is found in series drawn by `make(random)`."""
    random = np.random.default_rng(seed)
    found = [pattern.find(make(random, np.arange(count))) for _ in range(runs)]
    return {kind: np.mean([f is not None and f.kind is kind for f in found]) for kind in Kind}


def test_a_season_is_found_before_anything_else():
    place, year = clock(48, 12)
    y = 20 + 4 * WAVE[place] + np.random.default_rng(1).normal(size=48)
    found = pattern.find(charts.draw("i", values=y), position=place, cycle=year)
    assert found.kind is Kind.SEASON
    np.testing.assert_allclose(found.season.effects, 4 * WAVE, atol=1.5)
    followed = charts.draw("i", values=y, season=found.season)
    assert pattern.find(followed) is None


def test_a_trend_says_where_to_and_how_fast():
    y = 100 - 0.5 * np.arange(40) + np.random.default_rng(2).normal(size=40)
    y[[3, 17]] = NAN
    found = pattern.find(y)
    assert (found.kind, found.direction) == (Kind.TREND, -1)
    assert found.slope == pytest.approx(-0.5, abs=0.05)
    assert found.share > 0.9


def test_a_level_that_wanders_says_how_much_it_remembers():
    found = pattern.find(remembering(np.random.default_rng(3), 100, 0.8))
    assert found.kind is Kind.WANDERING
    assert found.r == pytest.approx(0.8, abs=0.15)


def test_a_clean_shift_is_a_signal_and_no_pattern():
    random = np.random.default_rng(4)
    y = np.concatenate([random.normal(90, 1, 30), random.normal(80, 1, 30)])
    assert pattern.find(y) is None
    assert pattern.find(charts.draw("i", values=y)) is None
    assert pattern.parts(y) == (0, 30)


def test_memory_does_not_reach_over_breaks():
    y = remembering(np.random.default_rng(5), 60, 0.8)
    assert pattern.find(y).kind is Kind.WANDERING
    assert pattern.find(y, breaks=np.ones(60, bool)) is None
    with pytest.raises(ValueError, match="one break"):
        pattern.find(y, breaks=np.ones(59, bool))


def test_limits_by_part_are_judged_part_by_part():
    random = np.random.default_rng(6)
    y = np.concatenate([random.normal(level, 1, 15) for level in (0, 3, 6, 9)])
    assert pattern.find(y) is not None
    cuts = pattern.parts(y)
    np.testing.assert_allclose(cuts, (0, 15, 30, 45), atol=1)
    phases = [Phase(a, b) for a, b in zip(cuts, (*cuts[1:], 60), strict=True)]
    assert pattern.find(charts.draw("i", values=y, phases=phases)) is None


def test_parts_are_positions_in_the_series_with_its_gaps():
    y = np.concatenate([np.random.default_rng(7).normal(0, 1, 20), np.full(5, NAN), np.full(15, 9.0)])
    y[25:] += np.random.default_rng(8).normal(0, 1, 15)
    assert pattern.parts(y) == (0, 25)
    assert pattern.parts([3.0] * 40) == (0,)
    assert pattern.parts([1.0, 9.0] * 6) == (0,)
    assert pattern.parts([NAN] * 20) == (0,)


def test_short_or_unchanging_series_have_no_pattern():
    assert pattern.find(np.arange(10.0)) is None
    assert pattern.find([5.0] * 40) is None


@pytest.mark.slow
@pytest.mark.parametrize("count", [16, 24, 40, 100, 200])
def test_chance_is_no_pattern_and_needs_no_parts(count):
    found = kinds(lambda random, at: random.standard_normal(len(at)), count, 800, seed=11)
    assert sum(found.values()) <= 0.02
    random = np.random.default_rng(12)
    assert np.mean([len(pattern.parts(random.standard_normal(count))) > 1 for _ in range(800)]) < 0.01


@pytest.mark.slow
def test_each_pattern_is_told_as_what_it_is():
    wandering = kinds(lambda random, at: remembering(random, len(at), 0.8), 60, 400, seed=13)
    assert wandering[Kind.WANDERING] >= 0.8
    rising = kinds(lambda random, at: random.standard_normal(36) + at / 6, 36, 400, seed=14)
    assert rising[Kind.TREND] >= 0.9
    stepping = kinds(lambda random, at: random.standard_normal(40) + 2 * (at >= 20), 40, 400, seed=15)
    assert sum(stepping.values()) <= 0.1
    twice = kinds(lambda r, at: r.standard_normal(60) + 3 * (at >= 20) - 2 * (at >= 40), 60, 400, seed=16)
    assert sum(twice.values()) <= 0.1


@pytest.mark.parametrize("count", [24, 60, 200])
def test_a_level_that_changed_for_good_is_told_from_lines_breakdowns_and_chance(count):
    rng = np.random.default_rng(count)
    at = np.arange(count)

    def found(make, times=200):
        drawn = (charts.draw(charts.ChartKind.I, values=make()) for _time in range(times))
        return [pattern.changes_of_level(chart) for chart in drawn]

    steps = found(lambda: rng.normal(size=count) + np.where(at >= count // 2, 3.0, 0.0))
    assert sum(len(cuts) == 1 and abs(cuts[0] - count // 2) <= 2 for cuts in steps) >= 170
    assert sum(bool(cuts) for cuts in found(lambda: rng.normal(size=count))) <= 4
    breakdown = np.where((at >= count // 3) & (at < count // 3 + 2), 9.0, 0.0)
    assert sum(bool(cuts) for cuts in found(lambda: rng.normal(size=count) + breakdown)) <= 4
    steep = found(lambda: rng.normal(size=count) * 0.5 + at * 12 / count)
    assert sum(bool(cuts) for cuts in steep) <= 4
