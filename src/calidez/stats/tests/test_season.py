"""Seasons: found where there is one and not where there is none; charts follow them and alarm no more than others."""

import numpy as np
import pytest

from calidez.stats import charts, rules
from calidez.stats.charts import ChartKind, Form, FrozenLimits, Phase, season, season_fit
from calidez.stats.rules import Rule

NAN = float("nan")
WAVE = np.sin(2 * np.pi * np.arange(12) / 12)


def clock(count, length):
    return np.arange(count) % length, np.arange(count) // length


def remembering(random, count, phi):
    noise = random.standard_normal(count + 50)
    for i in range(1, count + 50):
        noise[i] = phi * noise[i - 1] + np.sqrt(1 - phi * phi) * noise[i]
    return noise[50:]


def test_effects_of_a_complete_table_are_its_column_means():
    # A level that jumps between the cycles, which no straight line between their middles follows.
    table = np.array([[3.0, 5, 4], [36, 38, 39], [4, 7, 5], [33, 36, 35]])
    found = season.effects(table.ravel(), *clock(12, 3))
    by_hand = table.mean(axis=0) - table.mean()
    np.testing.assert_allclose(found.effects, by_hand, atol=1e-9)
    rows, columns = table.mean(axis=1, keepdims=True), table.mean(axis=0)
    left = ((table - rows - columns + table.mean()) ** 2).sum()
    assert found.f == pytest.approx(4 * (by_hand**2).sum() / 2 / (left / 6))
    assert (found.df, found.cycles) == (2, 4)


def test_factors_keep_the_totals_of_cycles_and_positions():
    random = np.random.default_rng(3)
    size = random.uniform(5, 50, 36)
    count = random.poisson(size * 2 * (1 + 0.6 * np.tile(WAVE, 3))).astype(float)
    found = season.effects(count / size, *clock(36, 12), size, form=Form.FACTOR)
    assert np.average(found.effects, weights=found.information) == pytest.approx(1)
    chart = charts.u(count, size, season=found)
    assert (chart.centre * size).sum() == pytest.approx(count.sum())
    for place in range(12):
        assert (chart.centre * size)[place::12].sum() == pytest.approx(count[place::12].sum(), rel=0.08)


def test_shares_stay_between_none_and_all():
    random = np.random.default_rng(4)
    met = random.binomial(200, 1 / (1 + np.exp(-(3.5 + 2 * np.tile(WAVE, 4))))).astype(float)
    n = np.full(48, 200.0)
    found = season.effects(met / n, *clock(48, 12), n, form=Form.ODDS)
    chart = charts.p(met, n, season=found)
    assert season.found(found)
    assert ((chart.centre > 0) & (chart.centre < 1)).all()
    assert (chart.centre * n).sum() == pytest.approx(met.sum())
    assert np.ptp(chart.centre) > 0.1


def test_what_never_happened_in_a_position_is_rare_and_not_impossible():
    count = np.tile([5.0, 7, 6, 4, 8, 0, 0], 6)
    found = season.effects(count, *clock(42, 7), form=Form.FACTOR)
    assert 0 < found.effects[6] < 0.05
    met = np.tile([5.0, 7, 6, 4, 8, 10, 0], 6)
    odds = season.effects(met / 10, *clock(42, 7), np.full(42, 10.0), form=Form.ODDS)
    assert np.isfinite(odds.effects).all()


def test_closed_weekdays_and_missing_days_are_no_positions():
    place, week = clock(84, 7)
    y = np.where(place < 5, 10.0 + place, NAN)
    y += np.random.default_rng(5).normal(0, 0.5, 84)
    y[[3, 21, 22]] = NAN
    found = season.effects(y, place, week)
    assert found.df == 4
    assert np.isnan(found.effects[5:]).all() or len(found.effects) == 7
    np.testing.assert_allclose(found.effects[:5], np.arange(5) - 2, atol=0.4)
    assert np.isfinite(charts.draw("i", values=y, season=found).centre[np.isfinite(y)]).all()


def test_a_position_seen_in_one_cycle_only_has_no_effect_to_know():
    place, week = clock(28, 7)
    y = np.random.default_rng(6).normal(size=28)
    assert season.effects(y, place, week) is not None
    y[[6, 13, 20]] = NAN
    assert season.effects(y, place, week) is None
    assert season.effects(y[:7], place[:7], week[:7]) is None
    assert season.effects(np.full(28, 3.0), place, week) is None
    assert not season.found(None)


def test_what_rounding_sets_apart_is_no_season():
    y = 1e9 + 1e-7 * np.random.default_rng(14).integers(0, 3, 48)
    weights = np.random.default_rng(15).choice([1.0, 100, 1e6], 48)
    assert season.effects(y, *clock(48, 12), weights) is None
    far = season.effects(
        1e9 + 3 * np.tile(WAVE, 4) + np.random.default_rng(16).normal(size=48), *clock(48, 12)
    )
    np.testing.assert_allclose(far.effects, 3 * WAVE, atol=1.3)


def test_years_of_weeks_take_no_longer_than_they_must():
    place, week = clock(1100, 7)
    random = np.random.default_rng(17)
    n = random.integers(50, 300, 1100).astype(float)
    met = random.binomial(n.astype(int), np.where(place < 5, 0.8, 0.6)).astype(float)
    found = season.effects(met / n, place, week, n, form=Form.ODDS)
    assert season.found(found)
    assert found.effects[0] - found.effects[6] == pytest.approx(
        np.log(0.8 / 0.2) - np.log(0.6 / 0.4), abs=0.05
    )
    assert season_fit.free_level(season_fit.tabulate(met, n, place, week)).shape[1] <= season_fit.MOST_LEVELS


def test_weights_let_large_cells_speak_louder():
    place, cycle = clock(12, 3)
    y = np.array([1.0, 2, 3, 1, 2, 9, 1, 2, 3, 1, 2, 3])
    light = np.ones(12)
    light[5] = 1e-6
    told = season.effects(y, place, cycle, light).effects
    assert told[2] - told[1] == pytest.approx(1, abs=0.01)
    untold = season.effects(y, place, cycle).effects
    assert untold[2] - untold[1] > 2


def test_a_chart_follows_its_season_and_still_sees_a_change():
    random = np.random.default_rng(7)
    place, year = clock(48, 12)
    y = 50 + 5 * WAVE[place] + random.normal(size=48)
    found = season.effects(y, place, year)
    y[-1] += 8
    plain, moving = charts.draw("i", values=y), charts.draw("i", values=y, season=found)
    np.testing.assert_allclose(moving.centre - moving.phases[0].centre, found.at)
    assert {s.index for s in rules.find_signals(moving, "limits_only")} == {47}
    assert len(rules.find_signals(plain, "limits_only")) > 5  # every winter and every summer


def test_a_rise_of_the_season_is_no_trend():
    place, year = clock(60, 12)
    rising = np.where(np.arange(12) < 8, np.arange(12.0), 21 - 2.0 * np.arange(12))[place]
    y = 50 + 3 * rising + np.random.default_rng(8).normal(size=60)
    trends = lambda chart: [s for s in rules.find_signals(chart, "nhs") if s.rule is Rule.TREND_OF_SEVEN]  # noqa: E731
    assert trends(charts.draw("i", values=y))
    assert not trends(charts.draw("i", values=y, season=season.effects(y, place, year)))


@pytest.mark.parametrize(
    ("kind", "form"),
    [
        ("i", Form.ADDITIVE),
        ("i", Form.FACTOR),
        ("c", Form.FACTOR),
        ("u", Form.FACTOR),
        ("u_prime", Form.FACTOR),
        ("p", Form.ODDS),
        ("p_prime", Form.ODDS),
        ("xbar_s", Form.ADDITIVE),
    ],
)
def test_a_season_without_effect_leaves_the_lines_where_they_are(kind, form):
    random = np.random.default_rng(9)
    n = random.integers(20, 60, 36).astype(float)
    count = np.floor(n * random.uniform(0.2, 0.6, 36))
    given = {
        "i": {"values": count},
        "c": {"values": count},
        "xbar_s": {"n": n, "total": count, "sum_squares": count**2 / n + n},
    }.get(kind, {"numerator": count, "denominator": n})
    found = season.effects(count / n, *clock(36, 12), form=form)
    still = season.Season(
        **{**vars(found), "effects": (1.0 if form is Form.FACTOR else 0.0,) * 12, "leverage": np.zeros(36)}
    )
    plain, moving = charts.draw(kind, **given), charts.draw(kind, **given, season=still)
    assert moving.kind is ChartKind(kind)
    for line in ("centre", "lower", "upper", "z"):
        np.testing.assert_allclose(getattr(moving, line), getattr(plain, line), rtol=1e-9)


def test_later_periods_have_wider_limits_than_those_that_taught_the_season():
    place, year = clock(36, 12)
    y = WAVE[place] + np.random.default_rng(10).normal(size=36)
    found = season.effects(y, place, year)
    later = found.over(np.arange(12))
    frozen = [Phase(0, 12, frozen=FrozenLimits(0.0, 1.0, points=36))]
    chart = charts.draw("i", values=WAVE, season=later, phases=frozen)
    assert (chart.sigma > 1.1).all()
    assert (charts.draw("i", values=y, season=found).sigma < 1.1 * y.std()).all()
    np.testing.assert_allclose(found.spread**2 + (later.spread**2)[place], 2)


def test_weekday_and_month_are_taken_one_after_the_other():
    random = np.random.default_rng(11)
    day = np.arange(730)
    weekday, week, month, year = day % 7, day // 7, day % 365 * 12 // 365, day // 365
    y = 100 + np.array([6, 4, 3, 2, 5, -8, -12.0])[weekday] + 8 * WAVE[month] + random.normal(0, 2, 730)
    first = season.effects(y, weekday, week)
    second = season.effects(season.adjusted(y, first), month, year)
    assert season.found(first)
    assert season.found(second)
    chart = charts.draw("i", values=y, season=[first, second])
    assert chart.phases[0].sigma == pytest.approx(2, rel=0.1)
    assert chart.autocorrelation.r < 0.15
    np.testing.assert_allclose(np.array(second.effects), 8 * WAVE, atol=1)


def test_the_choice_of_a_chart_looks_past_the_season():
    random = np.random.default_rng(12)
    n = np.full(48, 400.0)
    met = random.binomial(400, 1 / (1 + np.exp(-1.5 * np.tile(WAVE, 4)))).astype(float)
    found = season.effects(met / n, *clock(48, 12), n, form=charts.FORMS["proportion"])
    assert charts.choose("proportion", numerator=met, denominator=n).kind is ChartKind.P_PRIME
    assert charts.choose("proportion", numerator=met, denominator=n, season=found).kind is ChartKind.P


def test_what_does_not_fit_is_refused():
    place, cycle = clock(24, 12)
    y = np.random.default_rng(13).uniform(1, 2, 24)
    found = season.effects(y, place, cycle)
    for call, sentence in [
        (lambda: season.effects(y, place[:-1], cycle), "one position"),
        (lambda: season.effects(y, place / 2, cycle), "whole numbers"),
        (lambda: season.effects(y, place, cycle, -y), "must not be negative"),
        (lambda: season.effects(-y, place, cycle, form=Form.FACTOR), "must not be negative"),
        (lambda: season.effects(y, place, cycle, form=Form.ODDS), "between 0 and 1"),
        (lambda: found.over([12]), "outside the cycle"),
        (lambda: charts.draw("run", values=y, season=found), "does not follow a season"),
        (lambda: charts.draw("c", values=y, season=found), "of the form factor"),
        (lambda: charts.draw("i", values=y[:-1], season=found), "position of every period"),
    ]:
        with pytest.raises(ValueError, match=sentence):
            call()


def offered(make, length, count, runs, seed):
    random = np.random.default_rng(seed)
    place, cycle = clock(count, length)
    return np.mean([season.found(season.effects(make(random, count), place, cycle)) for _ in range(runs)])


@pytest.mark.slow
@pytest.mark.parametrize(("length", "count"), [(12, 24), (12, 36), (12, 120), (7, 60), (7, 150), (5, 60)])
def test_no_season_is_offered_where_there_is_none(length, count):
    half = np.arange(count) >= count // 2 + 3
    for make in (
        lambda random, n: random.standard_normal(n),
        lambda random, n: random.standard_normal(n) + 3 * half,
        lambda random, n: random.standard_normal(n) + 6 * np.arange(n) / n,
    ):
        assert offered(make, length, count, 400, seed=21) <= 0.01
    assert offered(lambda random, n: remembering(random, n, 0.5), length, count, 400, seed=22) <= 0.015
    place, cycle = clock(count, length)
    for form, draw in (
        (Form.FACTOR, lambda r: r.poisson(1, count)),
        (Form.ODDS, lambda r: r.binomial(20, 0.97, count) / 20),
    ):
        random = np.random.default_rng(25)
        rare = [season.effects(draw(random).astype(float), place, cycle, form=form) for _ in range(300)]
        assert np.mean([season.found(s) for s in rare]) <= 0.01


@pytest.mark.slow
@pytest.mark.parametrize(("length", "count"), [(12, 36), (7, 56)])
def test_a_season_of_one_and_a_half_sigma_is_found(length, count):
    angle = 2 * np.pi * np.arange(count) / length
    assert offered(lambda r, n: r.standard_normal(n) + 1.5 * np.sin(angle + 1), length, count, 300, 23) >= 0.9


@pytest.mark.slow
def test_a_chart_with_a_season_alarms_for_nothing_as_often_as_one_without():
    random = np.random.default_rng(24)
    place, year = clock(60, 12)
    beyond, alarmed = {False: 0, True: 0}, {False: 0, True: 0}
    for _ in range(2500):
        for seasonal in beyond:
            y = random.standard_normal(60) + 2 * seasonal * WAVE[place]
            chart = charts.draw("i", values=y, season=season.effects(y, place, year) if seasonal else None)
            beyond[seasonal] += int((np.abs(chart.z) > 3).sum())
            alarmed[seasonal] += bool(rules.find_signals(chart))
    assert beyond[True] / beyond[False] == pytest.approx(1, abs=0.15)
    assert alarmed[True] / alarmed[False] == pytest.approx(1, abs=0.12)
