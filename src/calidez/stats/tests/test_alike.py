"""What rules cost on charts of counts, against whole charts drawn and judged one by one."""

import numpy as np
import pytest

from calidez.stats import charts, rules
from calidez.stats.charts import Phase
from calidez.stats.rules import PRESETS

RUNS = 1500


def measured(draw, chart, *, learned=0):
    """Share of charts with a signal among the last 24 points, of those that would be drawn as this one is."""
    hits = []
    for _ in range(RUNS):
        drawn = draw()
        if drawn.kind is not chart.kind:
            continue  # it would be another chart
        told = rules.tenable(drawn, rules.find_signals(drawn, "default"))
        hits.append(any(s.index >= max(learned, len(drawn) - 24) for s in told))
    return float(np.mean(hits))


@pytest.mark.slow
@pytest.mark.parametrize(("met", "cases"), [(360, 400), (9, 10), (29, 30)])
def test_shares_are_stated_as_they_alarm(met, cases):
    random = np.random.default_rng(5)
    sizes = np.full(36, cases)

    def draw():
        return charts.p(random.binomial(cases, met / cases, 36), sizes)

    chart = charts.p(np.full(36, met), sizes, laney=False)
    found = rules.false_alarms_of(chart, "default").within_24
    assert measured(draw, chart) == pytest.approx(found, rel=0.25)


@pytest.mark.slow
def test_rare_events_are_stated_as_they_alarm():
    random = np.random.default_rng(6)
    chart = charts.c([0, 1, 0] * 12)
    found = rules.false_alarms_of(chart, "default").within_24
    assert measured(lambda: charts.c(random.poisson(1 / 3, 36)), chart) == pytest.approx(found, rel=0.2)
    assert found > 2 * rules.false_alarms("default", 36, frozen=False).within_24


def test_few_cases_alarm_more_often_than_many():
    many = charts.p(np.full(36, 360), np.full(36, 400), laney=False)
    few = charts.p(np.full(36, 9), np.full(36, 10), laney=False)
    some, more = (rules.false_alarms_of(chart, "default") for chart in (many, few))
    assert 0.08 < some.within_24 < 0.13
    assert 0.17 < more.within_24 < 0.25
    assert (more.points, more.within_points) == (36, None)
    assert more.average_run_length == pytest.approx(24 / -np.log1p(-more.within_24))
    assert "4,000 charts" in more.method


def test_the_same_chart_is_answered_the_same():
    sizes = np.array([90, 110, 100, 95] * 9)
    one = charts.p(np.round(0.9 * sizes), sizes, laney=False)
    assert rules.false_alarms_of(one, "default") == rules.false_alarms_of(one, PRESETS["default"])


def test_what_has_no_law_of_its_own_is_answered_from_the_table():
    values = np.random.default_rng(7).normal(50, 4, 30)
    single = charts.individuals(values)
    assert rules.false_alarms_of(single, "default") == rules.false_alarms("default", 30, frozen=False)
    counts = charts.c(np.random.default_rng(8).poisson(9, 30))
    assert rules.false_alarms_of(counts, "anhoej") == rules.false_alarms("anhoej", 30, frozen=False)


def test_patterns_do_not_cross_gaps():
    sizes = np.full(60, 100.0)
    whole = charts.p(np.full(60, 90), sizes, laney=False)
    held = sizes.copy()
    held[[40, 45, 50, 55]] = 0
    broken = charts.p(0.9 * held, held, laney=False)
    missing = charts.p(np.full(60, 90), sizes, laney=False, gaps=[40, 45, 50, 55])
    of = [rules.false_alarms_of(chart, "default").within_24 for chart in (whole, broken, missing)]
    assert of[1] < 0.85 * of[0]
    assert of[2] < 0.85 * of[0]


def test_limits_that_somebody_set_are_asked_about_what_comes():
    sizes = np.full(48, 100)
    met = np.full(48, 90)
    whole = charts.p(met, sizes, laney=False)
    frozen = charts.p(met, sizes, laney=False, phases=[Phase(0, 48, 24, whole.phases[0].limits)])
    fewer = charts.p(met[:24], sizes[:24], laney=False).phases[0].limits
    early = charts.p(met, sizes, laney=False, phases=[Phase(0, 48, 24, fewer)])
    answers = [rules.false_alarms_of(chart, "default") for chart in (whole, frozen, early)]
    assert answers[0].within_24 < answers[1].within_24 < answers[2].within_24
    assert [answer.points for answer in answers] == [48, 48, 24]


def test_charts_on_which_nothing_varies_have_an_answer():
    never = charts.c(np.zeros(30))
    always = charts.p(np.full(30, 50), np.full(30, 50))
    assert rules.false_alarms_of(never, "default").within_24 == 0
    assert rules.false_alarms_of(always, "default").within_24 == 0


def test_means_of_periods_rest_on_the_spread_inside_them():
    means = np.random.default_rng(9).normal(100, 2, 36)
    chart = charts.xbar_s(means=means, sds=np.full(36, 10.0), sizes=25)
    stated = rules.false_alarms_of(chart, "nelson").within_24
    assert stated < rules.false_alarms("nelson", 36, frozen=False).within_24


def test_what_varies_more_than_chance_is_drawn_from_a_wider_law():
    random = np.random.default_rng(10)
    sizes = np.full(52, 200)
    near, far = (
        charts.p(random.binomial(200, random.beta(49 * m, 49 * (1 - m), 52)), sizes, laney=True)
        for m in (0.6, 0.95)
    )
    table = rules.false_alarms("default", 52, frozen=False).within_24
    assert rules.false_alarms_of(near, "default").within_24 == pytest.approx(table, rel=0.25)
    assert rules.false_alarms_of(far, "default").within_24 > 1.5 * table  # skewed towards what is possible
    counts = charts.individuals(random.gamma(4, 10, 52).round())
    assert rules.false_alarms_of(counts, "default", counts=True).within_24 > 1.4 * table
    assert rules.false_alarms_of(counts, "default").within_24 == pytest.approx(table)
    rates = charts.u(random.poisson(5 * random.gamma(4, 0.5, 52)), np.full(52, 5), laney=True)
    assert rules.false_alarms_of(rates, "default").within_24 > 1.3 * table


def test_a_long_chart_that_varies_widely_is_stated_like_a_shorter_one():
    random = np.random.default_rng(12)
    met = random.binomial(200, random.beta(44, 5, 300))
    long, short = (charts.p(met[:count], np.full(count, 200), laney=True) for count in (300, 60))
    stated = [rules.false_alarms_of(chart, "default").within_24 for chart in (long, short)]
    assert stated[0] == pytest.approx(stated[1], rel=0.4)


def test_a_short_chart_is_carried_on_to_the_stretch():
    counts = charts.c([4, 3, 5, 4, 6, 2, 4, 5, 3, 4])
    stated = rules.false_alarms_of(counts, "default")
    assert stated.points == 10
    assert 0.03 < stated.within_24 < 0.2


def test_odd_charts_have_an_answer():
    many = charts.c(np.round(np.random.default_rng(13).normal(4e12, 2e6, 30)))
    sums = charts.individuals(np.round(np.random.default_rng(13).normal(4e12, 9e9, 30)))
    weights = charts.p(np.full(20, 0.2), np.full(20, 0.4), laney=False)
    seen = charts.c([4.0, np.nan, np.nan, 5, np.nan, 4, 6, 3, np.nan, 4])
    one = charts.u([5], [2.5], phases=[Phase(0, 1, 1, charts.u([5, 6], [2.5, 3]).phases[0].limits)])
    table = rules.false_alarms("default", 30, frozen=False)
    assert rules.false_alarms_of(many, "default").within_24 == pytest.approx(table.within_24, rel=0.4)
    assert rules.false_alarms_of(sums, "default", counts=True) == table
    assert rules.false_alarms_of(weights, "default") == rules.false_alarms("default", 20, frozen=False)
    assert all(0 <= rules.false_alarms_of(chart, "nhs").within_24 <= 1 for chart in (seen, one))


def test_limits_learned_from_periods_that_are_not_shown_are_as_firm():
    sizes = np.full(48, 100)
    whole = charts.p(np.full(48, 90), sizes, laney=False)
    held = whole.phases[0].limits
    shown = charts.p(np.full(6, 90), np.full(6, 100), laney=False, phases=[Phase(0, 6, 6, held)])
    all_of_it = charts.p(np.full(48, 90), sizes, laney=False, phases=[Phase(0, 48, 48, held)])
    few, many = (rules.false_alarms_of(chart, "default").within_24 for chart in (shown, all_of_it))
    assert few == pytest.approx(many, abs=0.03)
