"""Charts: what must hold for any data, and what is refused."""

import dataclasses
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from calidez.stats import charts, constants, icons, rules
from calidez.stats.charts import ChartKind, FrozenLimits, Measure, Phase

modest = settings(max_examples=40, derandomize=True)
NAN = float("nan")
values = arrays.arrays(np.float64, st.integers(3, 40), elements=st.integers(-50, 50).map(float))
counts = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 200)), min_size=3, max_size=30)


def lines(chart):
    return np.array([chart.centre, chart.lower, chart.upper])


@modest
@given(values, st.integers(-1000, 1000), st.sampled_from([0.5, 2.0, 8.0]))
def test_individuals_follow_shift_and_scale(y, shift, scale):
    plain = charts.individuals(y)
    moved = charts.individuals(y * scale + shift)
    np.testing.assert_allclose(lines(moved), lines(plain) * scale + shift, atol=1e-9)


@modest
@given(values)
def test_mirrored_individuals_mirror_their_limits(y):
    plain, mirrored = charts.individuals(y), charts.individuals(-y)
    np.testing.assert_allclose(mirrored.upper, -plain.lower, atol=1e-9)
    np.testing.assert_allclose(mirrored.centre, -plain.centre, atol=1e-9)


@modest
@given(values, values)
def test_phases_do_not_know_each_other(first, second):
    size = len(first) + len(second)
    phases = [Phase(0, len(first)), Phase(len(first), size)]
    both = charts.individuals(np.concatenate([first, second]), phases=phases)
    alone = np.hstack([lines(charts.individuals(first)), lines(charts.individuals(second))])
    np.testing.assert_array_equal(lines(both), alone)


@modest
@given(values)
def test_freezing_the_limits_changes_nothing(y):
    free = charts.individuals(y)
    stored = json.loads(json.dumps(dataclasses.asdict(free.phases[0].limits)))
    frozen = charts.individuals(y, phases=[Phase(0, len(y), frozen=FrozenLimits(**stored))])
    np.testing.assert_array_equal(lines(frozen), lines(free))
    assert frozen.phases[0].frozen
    assert frozen.phases[0].points == len(y)


@modest
@given(counts, st.sampled_from([True, False, None]))
def test_limits_of_proportions_stay_within_zero_and_one(pairs, laney):
    chart = charts.p([min(a, b) for a, b in pairs], [b for _, b in pairs], laney=laney)
    assert (chart.lower >= 0).all()
    assert (chart.upper <= 1).all()
    assert (chart.lower <= chart.centre).all()
    assert (chart.centre <= chart.upper).all()


@modest
@given(counts)
def test_failed_proportions_mirror_met_ones(pairs):
    n = np.array([b for _, b in pairs], float)
    met = np.minimum([a for a, _ in pairs], n)
    good, bad = charts.p(met, n, laney=True), charts.p(n - met, n, laney=True)
    np.testing.assert_allclose(bad.upper, 1 - good.lower, atol=1e-9)


def test_a_gap_is_never_a_zero():
    chart = charts.individuals([1, 2, NAN, 9, 8])
    assert chart.phases[0].centre == 5
    assert chart.phases[0].sigma == pytest.approx(np.sqrt(np.pi) / 2)  # ranges 1 and 1, never 7
    assert np.isnan([chart.centre[2], chart.lower[2], chart.upper[2], chart.z[2]]).all()
    attribute = charts.p([5, 0, 6], [10, 0, 10])
    assert attribute.phases[0].centre == 0.55
    assert np.isnan(attribute.values[1])


def test_moving_ranges_span_neither_boundary_nor_missing_time():
    rebased = charts.moving_range([1, 2, 11, 12], phases=[Phase(0, 2), Phase(2, 4)])
    assert np.isnan(rebased.values[2])
    gap = charts.individuals([1, 2, 11, 12], gaps=[2])
    assert gap.phases[0].sigma == pytest.approx(np.sqrt(np.pi) / 2)


def test_limits_are_provisional_below_twenty_points():
    assert charts.individuals(np.arange(19.0)).phases[0].provisional
    assert not charts.individuals(np.arange(20.0)).phases[0].provisional
    later = charts.individuals(np.arange(40.0), phases=[Phase(0, 40, baseline_stop=12)])
    assert later.phases[0].provisional
    assert later.phases[0].points == 12


def test_binomial_counts_keep_plain_limits_and_weather_widens_them():
    random = np.random.default_rng(5)
    n = np.full(60, 5000.0)
    steady = charts.p(random.binomial(5000, 0.9, 60), n)
    assert steady.kind is ChartKind.P
    assert steady.overdispersion == pytest.approx(1, abs=0.3)
    swinging = charts.p(random.binomial(5000, np.clip(random.normal(0.9, 0.02, 60), 0, 1)), n)
    assert swinging.kind is ChartKind.P_PRIME
    assert swinging.overdispersion > 3


def test_the_test_of_overdispersion_keeps_its_level():
    random = np.random.default_rng(6)
    widened = 0
    for _ in range(400):
        widened += charts.p(random.binomial(300, 0.3, 24), np.full(24, 300.0)).kind is ChartKind.P_PRIME
    assert widened / 400 <= 0.08


def test_a_shift_of_level_is_not_taken_for_overdispersion():
    random = np.random.default_rng(7)
    met = np.concatenate([random.binomial(400, 0.9, 30), random.binomial(400, 0.8, 30)])
    assert charts.p(met, np.full(60, 400.0)).kind is ChartKind.P


def test_a_frozen_factor_keeps_the_prime():
    frozen = FrozenLimits(0.9, NAN, sigma_z=2.0, points=30)
    chart = charts.p([90, 91, 89], [100, 100, 100], phases=[Phase(0, 3, frozen=frozen)])
    assert chart.kind is ChartKind.P_PRIME
    assert chart.sigma[0] == pytest.approx(2 * 0.03)


def test_autocorrelation_is_found_and_not_invented():
    random = np.random.default_rng(8)
    noise = random.normal(size=200)
    slow = noise.copy()
    for i in range(1, 200):
        slow[i] += 0.6 * slow[i - 1]
    assert charts.individuals(slow).autocorrelation.significant
    assert charts.individuals(slow).autocorrelation.r == pytest.approx(0.6, abs=0.12)
    assert not charts.individuals(noise).autocorrelation.significant
    assert charts.individuals(noise[:8]).autocorrelation is None


def test_means_of_unequal_subgroups_have_limits_of_their_own():
    chart = charts.xbar_s(means=[10, 11, 9, 10], sds=[1, 2, 1, NAN], sizes=[4, 16, 4, 1])
    width = chart.upper - chart.centre
    assert width[0] == pytest.approx(2 * width[1])
    assert width[3] == pytest.approx(2 * width[0])


def test_sums_tell_the_same_as_values():
    groups = [[1.0, 2, 4], [2.0, 2, 5], [3.0, 1, 1]]
    found = charts.draw(
        ChartKind.XBAR_S,
        n=[3, 3, 3],
        total=[sum(group) for group in groups],
        sum_squares=[sum(x * x for x in group) for group in groups],
    )
    np.testing.assert_allclose(lines(found), lines(charts.xbar_s(groups)))


def test_time_between_events_is_read_from_counts():
    np.testing.assert_allclose(charts.between_events([0, 1, 0, 0, 2, 0]), [4.25 - 1.5, 0.5])


SCARCE = {"numerator": [0, 1, 0], "denominator": [100, 100, 100]}


@pytest.mark.parametrize(
    ("measure", "statistics", "kind", "reason"),
    [
        (Measure.PROPORTION, SCARCE, "p", "rare_events"),
        (Measure.PROPORTION, {"numerator": [9], "denominator": [10]}, "run", "not_enough_data"),
        (Measure.RATE, {"numerator": [NAN, NAN, 3], "denominator": [9, 9, 9]}, "run", "not_enough_data"),
        (Measure.PROPORTION, {"numerator": [5, 6, 4], "denominator": [9, 9, 9]}, "p", "proportion_binomial"),
        (Measure.PERCENTILE, {"values": [9.0, 8, 9]}, "i", "percentile_individuals"),
        (Measure.RATIO, {"values": [9.0, 8, 9]}, "i", "ratio_individuals"),
        (Measure.NPS, {"values": [9.0, 8, 9]}, "i", "nps_individuals"),
        (Measure.MEAN, {"values": [9.0, 8, 9]}, "i", "single_values"),
        (Measure.COUNT, {"values": [9.5, 8, 9]}, "i", "single_values"),
        (Measure.COUNT, {"numerator": [9, 8, 12, 7, 9, 11, 10]}, "c", "count_poisson"),
        (Measure.COUNT, {"numerator": [9, 80, 12, 70, 9, 110, 10]}, "i", "count_overdispersed"),
        (Measure.RATE, {"numerator": [9, 8, 12], "denominator": [3.0, 3, 4]}, "u", "rate_poisson"),
    ],
)
def test_choice(measure, statistics, kind, reason):
    choice = charts.choose(measure, **statistics)
    assert (choice.kind, choice.reason) == (kind, reason)
    assert choice.reason in charts.REASONS
    assert len(charts.draw(choice.kind, **statistics)) == len(next(iter(statistics.values())))


def test_choice_for_means_asks_what_explains_their_spread():
    random = np.random.default_rng(9)

    def statistics(level):
        x = random.normal(level[:, None], 5, (40, 400))
        return {"n": np.full(40, 400.0), "total": x.sum(axis=1), "sum_squares": (x**2).sum(axis=1)}

    steady = charts.choose(Measure.MEAN, **statistics(np.full(40, 20.0)))
    assert (steady.kind, steady.reason) == (ChartKind.XBAR_S, "means_within_periods")
    days = charts.choose(Measure.MEAN, **statistics(random.normal(20, 2, 40)))
    assert (days.kind, days.reason) == (ChartKind.I, "means_between_periods")


def test_choice_for_overdispersed_counts_is_what_the_chart_itself_would_decide():
    random = np.random.default_rng(10)
    met = random.binomial(9000, np.clip(random.normal(0.9, 0.02, 30), 0, 1))
    statistics = {"numerator": met, "denominator": np.full(30, 9000.0)}
    choice = charts.choose(Measure.PROPORTION, **statistics)
    assert choice.reason == "proportion_overdispersed"
    assert choice.kind is charts.p(met, np.full(30, 9000.0)).kind
    rate = charts.choose(Measure.RATE, **statistics)
    assert (rate.kind, rate.reason) == (ChartKind.U_PRIME, "rate_overdispersed")


@pytest.mark.parametrize("kind", [k for k in ChartKind if k not in (ChartKind.XBAR_R, ChartKind.R)])
def test_every_kind_is_drawn_through_one_door(kind):
    statistics = {
        "values": [8, 9, 7],
        "numerator": [8, 9, 7],
        "denominator": [10, 10, 10],
        "n": [10, 10, 10],
        "total": [80, 90, 70],
        "sum_squares": [650, 820, 500],
    }
    assert charts.draw(kind, **statistics).kind is kind


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (lambda: charts.individuals([1.0]), "at least two values"),
        (lambda: charts.individuals([1.0, NAN, 2.0]), "two values in a row"),
        (lambda: charts.individuals([NAN, NAN]), "at least one period with data"),
        (lambda: charts.individuals([]), "at least one period with data"),
        (lambda: charts.individuals([1.0, float("inf")]), "infinite"),
        (lambda: charts.individuals([[1.0, 2.0]]), "dimension"),
        (lambda: charts.individuals([1.0, 2.0], weights=[1.0]), "one weight for each value"),
        (lambda: charts.individuals([1.0, 2.0], gaps=[7]), "a gap must be"),
        (lambda: charts.individuals([1.0, 2.0, 3.0], phases=[Phase(0, 2)]), "must cover the series"),
        (lambda: charts.individuals([1.0, 2.0, 3.0], phases=[Phase(1, 3)]), "follow one another"),
        (lambda: charts.individuals([1.0, 2.0], phases=[Phase(0, 2, 3)]), "baseline of a phase"),
        (
            lambda: charts.individuals([1.0, 2.0], phases=[Phase(0, 2, frozen=FrozenLimits(1.0, NAN))]),
            "lack the standard deviation",
        ),
        (lambda: charts.p([11, 1], [10, 10]), "no more cases"),
        (lambda: charts.p([-1, 1], [10, 10]), "must not be negative"),
        (lambda: charts.p([1], [10, 10]), "one denominator"),
        (lambda: charts.p([1, 0], [10, 0]), "at least two periods"),
        (lambda: charts.p([0, 0], [0, 0]), "at least one period with data"),
        (lambda: charts.xbar_r(means=[1.0, 2.0], ranges=[1.0, 1.0]), "with their sizes"),
        (lambda: charts.xbar_r(means=[1.0, 2.0], ranges=[1.0, -1.0], sizes=5), "must not be negative"),
        (lambda: charts.t([1.0, -2.0]), "must not be negative"),
        (lambda: charts.ewma([1.0, 2.0], target=1, sigma=0), "above zero"),
        (lambda: charts.ewma([1.0, 2.0], target=1, sigma=1, weight=1.5), "weight of an EWMA"),
        (lambda: charts.t_squared(np.ones((5, 2))), "repeat one another"),
        (lambda: charts.t_squared(np.ones((3, 2))), "complete observations"),
        (lambda: charts.choose(Measure.PROPORTION, values=[0.5, 0.4]), "numerator and its denominator"),
        (lambda: charts.choose(Measure.MEAN), "nothing to choose"),
        (lambda: charts.draw(ChartKind.P, values=[0.5, 0.4]), "numerators and denominators"),
        (lambda: charts.draw(ChartKind.XBAR_R, values=[0.5, 0.4]), "subgroups themselves"),
        (lambda: charts.draw(ChartKind.I), "needs values"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(wrong, sentence):
    with pytest.raises(ValueError, match=sentence):
        wrong()


@pytest.mark.parametrize("rules_of", ["default", "nelson", "western_electric", "nhs", "anhoej"])
def test_a_series_that_does_not_change_is_no_signal(rules_of):
    """The mean of equal numbers may miss them by its last digit, and a share computed in two ways itself by as much."""
    for value in (0.3, 0.7, 0.1 * 3, 1e9 + 0.1, -17.2):
        for count in (12, 25, 36):
            for values in ([value] * count, [value, np.nextafter(value, 9e9)] * (count // 2)):
                for chart in (charts.individuals(values), charts.run_chart(values)):
                    assert not rules.find_signals(chart, rules_of), (chart.kind, value, count)


def test_a_scan_of_rows_that_do_not_change_finds_nothing():
    rows = np.array([[0.7] * 30, [0.1 * 3, 0.3] * 15, [0.3] * 29 + [0.4]])
    assert rules.scan(rows, rules.NELSON).mask.any(axis=1).tolist() == [False, False, True]


def test_the_smallest_real_change_in_a_steady_series_stays_one():
    chart = charts.individuals([0.3] * 20 + [0.3001])
    assert [signal.index for signal in rules.find_signals(chart, "limits_only")] == [20]
    assert charts.individuals([5.0] * 5 + [np.nan] + [5.0] * 5).centre[0] == 5.0


@pytest.mark.parametrize("n", [2, 50, 99, 100, 101, 102, 1000, 1_000_001, 10**9])
def test_the_constant_for_deviations_keeps_its_digits(n):
    """Two neighbours multiplied leave a square root, whatever their size."""
    product = constants.c4(n) * constants.c4(n + 1)
    assert product == pytest.approx(np.sqrt((n - 1) / n), rel=3e-14)


def test_events_at_once_are_no_error():
    for limits in charts.Limits:
        chart = charts.t([0.0] * 12, limits=limits)
        assert not rules.find_signals(chart)
        assert charts.g([0.0] * 12, limits=limits).upper[0] == 0
    assert charts.t([0.0] * 12 + [5.0], limits=charts.Limits.PROBABILITY).z[-1] > 0


@pytest.mark.parametrize(
    "draw",
    [
        lambda y: charts.individuals(y, screen=True),
        lambda y: charts.individuals(y, screen=True, factors=charts.MAKING_DATA_COUNT),
        lambda y: charts.individuals(y, spread=charts.Spread.MEDIAN_RANGE),
        lambda y: charts.t(y + 1, screen=True),
        lambda y: charts.u(y, np.ones(len(y)), laney=True, screen=True),
        lambda y: charts.p(y, np.full(len(y), 100.0), laney=True, screen=True),
    ],
)
def test_mostly_equal_values_keep_the_spread_they_have(draw):
    chart = draw(np.array([0.0] * 6 + [10.0] + [0.0] * 6))
    assert (chart.sigma > 0).all()
    assert {s.index for s in rules.find_signals(chart, "limits_only")} <= {6}


def test_events_at_one_time_are_a_little_apart():
    times = [4.0, 9, 0, 0, 3, 12, 1, 7, 5, 0, 8, 6]
    chart = charts.t(times)
    np.testing.assert_array_equal(chart.values[[2, 3, 9]], 0.5)
    assert chart.z.min() > -2.5
    assert charts.t([0.0] * 11 + [3.0]).values[0] == 1.5
    np.testing.assert_allclose(charts.between_events([1, 2, 1], [2.0, 0, 2]), [1, 0.5, 1])


def test_centred_squares_know_the_spread_of_values_far_from_zero():
    values = 1e9 + np.array([[0.0, 1, 2], [1, 1, 4], [0, 3, 3]])
    n, total, squares = np.full(3, 3.0), values.sum(axis=1), (values**2).sum(axis=1)
    centred = ((values - values.mean(axis=1, keepdims=True)) ** 2).sum(axis=1)
    exact = charts.from_sums(n, total, centred_squares=centred)
    np.testing.assert_allclose(exact.sds, values.std(axis=1, ddof=1))
    np.testing.assert_array_equal(charts.from_sums(n, total, squares, centred_squares=centred).sds, exact.sds)
    chart = charts.draw("xbar_s", n=n, total=total, centred_squares=centred)
    assert chart.phases[0].sigma == pytest.approx(np.mean(exact.sds / constants.c4(3)))
    with pytest.raises(ValueError, match="sums of squares"):
        charts.from_sums(n, total)


DRAWN = {
    "ewma": {"values": [5.0, 7, 6, 5, 40, 6, 7, 5, 6, 8, 5, 6]},
    "cusum": {"values": [5.0, 7, 6, 5, 40, 6, 7, 5, 6, 8, 5, 6]},
    "i": {"values": [5.0, 7, 6, 5, 40, 6, 7, 5, 6, 8, 5, 6]},
    "mr": {"values": [5.0, 7, 6, 5, 40, 6, 7, 5, 6, 8, 5, 6]},
    "run": {"values": [5.0, 7, 6, 5, 40, 6, 7, 5, 6, 8, 5, 6]},
    "c": {"values": [5.0, 7, 6, 5, 40, 6, 7, 5, 6, 8, 5, 6]},
    "t": {"values": [5.0, 7, 6, 5, 4000, 6, 7, 5, 6, 8, 5, 6]},
    "g": {"values": [5.0, 7, 6, 5, 400, 6, 7, 5, 6, 8, 5, 6]},
    **{
        kind: {"numerator": [5.0, 7, 6, 5, 40, 6, 7, 5, 6, 8, 5, 6], "denominator": [50.0] * 12}
        for kind in ("p", "p_prime", "np", "u", "u_prime")
    },
    **{
        kind: {
            "n": [4.0] * 12,
            "total": [20.0, 24, 22, 20, 90, 23, 24, 21, 22, 25, 20, 22],
            "centred_squares": [3.0, 4, 2, 3, 300, 2, 4, 3, 3, 2, 4, 3],
        }
        for kind in ("xbar_s", "s")
    },
}


@pytest.mark.parametrize("kind", DRAWN)
def test_an_excluded_point_is_drawn_and_neither_shapes_the_limits_nor_is_judged(kind):
    given = DRAWN[kind]
    out = np.arange(12) == 4
    aside = charts.draw(kind, **given, excluded=out)
    missing = charts.draw(kind, **{name: np.where(out, NAN, column) for name, column in given.items()})
    for name in ("centre", "lower", "upper"):
        kept = ~out & np.isfinite(missing.values)
        np.testing.assert_array_equal(getattr(aside, name)[kept], getattr(missing, name)[kept])
    np.testing.assert_array_equal(aside.breaks, missing.breaks)
    assert (aside.kind, aside.points, aside.last) == (missing.kind, missing.points, 11)
    assert np.isnan(aside.z[4])
    for preset in rules.PRESETS:
        assert rules.find_signals(aside, preset) == rules.find_signals(missing, preset)
    if kind in ("ewma", "cusum"):
        assert aside.observed[4] == 40
        np.testing.assert_array_equal(aside.values, missing.values)
    elif kind != "mr":  # a range to an excluded point is no range
        assert aside.values[4] == charts.draw(kind, **given).values[4]
        assert np.isfinite(aside.centre[4])


def test_exclusions_are_one_flag_for_each_period():
    for flags in ([True], [1, 0, 0], ["a", "b", "c"]):
        with pytest.raises(ValueError, match="true or false for each period"):
            charts.individuals([1.0, 2, 3], excluded=flags)
    assert charts.individuals([1.0, 2, 3], excluded=[False] * 3).excluded is None
    with pytest.raises(ValueError, match="at least two values"):
        charts.individuals([1.0, 2, 3], excluded=[True, True, False])


def test_charts_that_remember_are_those_of_the_textbook():
    y = np.random.default_rng(41).normal(10, 2, 30)
    frozen = [Phase(0, 30, frozen=FrozenLimits(10.0, 2.0))]
    average = charts.draw("ewma", values=y, phases=frozen)
    plain = charts.ewma(y, target=10, sigma=2, width=2.962)
    np.testing.assert_allclose(average.values, plain.ewma)
    np.testing.assert_allclose([average.lower, average.upper], [plain.lower, plain.upper])
    np.testing.assert_allclose(average.z, (plain.ewma - 10) / ((plain.upper - 10) / 2.962))
    sums, table = charts.draw("cusum", values=y, phases=frozen), charts.cusum(y, target=10, sigma=2)
    np.testing.assert_allclose([sums.values, sums.below], [table.above, table.below])
    assert (sums.upper == 5).all()
    assert (sums.lower == -5).all()
    learned = charts.draw("cusum", values=y)
    assert learned.phases[0].limits == charts.individuals(y).phases[0].limits


def test_a_small_lasting_shift_is_seen_by_charts_that_remember():
    random = np.random.default_rng(42)
    y = np.concatenate([random.normal(0, 1, 30), random.normal(-1.2, 1, 20)])
    phases = [Phase(0, 50, baseline_stop=30)]
    for kind in ("ewma", "cusum"):
        chart = charts.draw(kind, values=y, phases=phases)
        found = rules.find_signals(chart, "nelson")
        assert {s.rule for s in found} == {rules.Rule.BEYOND_LIMITS}
        assert {s.direction for s in found} == {-1}
        assert 30 <= found[0].index < 48
        assert icons.variation(chart, found, icons.Direction.UP) is icons.VariationIcon.CONCERN_LOW
        assert icons.assurance(chart, 0.0, icons.Direction.UP) is icons.AssuranceIcon.NOT_ENOUGH_DATA
        assert chart.autocorrelation is None
    # What built up the sum began about when the shift did.
    assert abs(found[0].members[0] - 30) <= 4
    assert found[0].value < -5


def test_memory_begins_anew_with_each_phase_and_passes_over_gaps():
    y = np.array([0.0, 1, 0, 1, 9, 10, NAN, 9, 10])
    phases = [Phase(0, 4), Phase(4, 9)]
    for kind in ("ewma", "cusum"):
        chart = charts.draw(kind, values=y, phases=phases)
        assert np.isnan(chart.values[6])
        alone = charts.draw(kind, values=y[4:])
        np.testing.assert_array_equal(chart.values[4:], alone.values)
        assert not rules.find_signals(chart)
        still = charts.draw(kind, values=[0.3] * 12)
        assert not rules.find_signals(still)
        moved = charts.draw(kind, values=[0.3] * 12 + [0.4], phases=[Phase(0, 13, baseline_stop=12)])
        assert [s.index for s in rules.find_signals(moved)] == [12]
        assert np.isfinite(moved.values).all()
    with pytest.raises(ValueError, match="lack the standard deviation"):
        charts.draw("ewma", values=[1.0, 2], phases=[Phase(0, 2, frozen=FrozenLimits(1.0, NAN))])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "shift", "length"), [("ewma", 1.0, 10.2), ("cusum", 1.0, 10.4), ("cusum", 0.5, 38.0)]
)
def test_charts_that_remember_see_shifts_as_soon_as_published(kind, shift, length):
    random = np.random.default_rng(43)
    firsts = []
    for _ in range(600):
        y = random.normal(shift, 1, 400)
        chart = charts.draw(kind, values=y, phases=[Phase(0, 400, frozen=FrozenLimits(0.0, 1.0))])
        beyond = (chart.values > chart.upper) | (
            (chart.values if chart.below is None else chart.below) < chart.lower
        )
        firsts.append(int(np.argmax(beyond)) + 1)
    assert np.mean(firsts) == pytest.approx(length, rel=0.08)
