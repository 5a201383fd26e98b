"""Rules: both implementations agree, nothing is read across gaps, and false alarms are as stated."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from calidez.stats import charts, icons, rules
from calidez.stats.charts import FrozenLimits, Phase
from calidez.stats.rules import PRESETS, Rule, kernel, relearn
from calidez.stats.rules import learned_table as table

modest = settings(max_examples=60, derandomize=True)
NAN = float("nan")
# Steps of a half put many points exactly on the lines, where conventions differ.
half_steps = st.integers(-8, 8).map(lambda k: k / 2)
series = arrays.arrays(np.float64, st.integers(1, 60), elements=half_steps)
gappy = arrays.arrays(
    np.float64, st.integers(1, 60), elements=st.one_of(half_steps, half_steps, half_steps, st.just(NAN))
)


def standard(z, **options):
    """A chart whose standardised values are z."""
    phases = options.pop("phases", [Phase(0, len(z), frozen=FrozenLimits(0.0, 1.0))])
    return charts.individuals(z, phases=phases, **options)


def told(signals):
    return {(signal.rule, signal.index, signal.direction) for signal in signals}


@modest
@given(gappy)
def test_compiled_and_plain_rules_agree(z):
    plain = rules.evaluate(z, rules.POINTWISE)
    np.testing.assert_array_equal(kernel.evaluate(z, z, rules.POINTWISE, False), plain)


@modest
@given(gappy, st.integers(0, 59))
def test_a_stretch_with_its_history_is_judged_like_the_whole(z, cut):
    whole = rules.evaluate(z, rules.POINTWISE)
    start = max(0, cut - rules.OVERLAP)
    np.testing.assert_array_equal(rules.evaluate(z[start:], rules.POINTWISE)[cut - start :], whole[cut:])


@modest
@given(series, series)
def test_a_gap_separates_what_lies_on_its_sides(first, second):
    joined = rules.evaluate(np.concatenate([first, [NAN], second]), rules.POINTWISE)
    apart = [rules.evaluate(first, rules.POINTWISE), [0], rules.evaluate(second, rules.POINTWISE)]
    np.testing.assert_array_equal(joined, np.concatenate(apart))


@modest
@given(series)
def test_a_mirrored_series_mirrors_its_signals(z):
    for preset in PRESETS:
        found = told(rules.find_signals(standard(z), preset))
        mirrored = told(rules.find_signals(standard(-z), preset))
        assert mirrored == {(rule, index, -direction) for rule, index, direction in found}


@modest
@given(series)
def test_rows_are_judged_one_by_one(z):
    both = rules.evaluate(np.vstack([z, -z]), rules.POINTWISE)
    np.testing.assert_array_equal(both[0], rules.evaluate(z, rules.POINTWISE))
    np.testing.assert_array_equal(both[1], rules.evaluate(-z, rules.POINTWISE))


def test_exactly_three_sigma_is_no_signal_and_neither_is_rounding():
    z = np.array([0, 3, -3, 3 + 1e-12, 3.001])
    assert [s.index for s in rules.find_signals(standard(z), "limits_only")] == [4]
    # 0.1 + 0.2 is a hair above 0.3, which is the limit here.
    chart = charts.individuals([0.1 + 0.2], phases=[Phase(0, 1, frozen=FrozenLimits(0.0, 0.1))])
    assert rules.find_signals(chart, "limits_only") == ()


@pytest.mark.parametrize(
    ("rule", "z", "direction", "members"),
    [
        (Rule.BEYOND_LIMITS, [0, 0, -3.1], -1, 1),
        (Rule.RUN_OF_SEVEN, [0.1] * 7, 1, 7),
        (Rule.RUN_OF_EIGHT, [-0.1] * 8, -1, 8),
        (Rule.RUN_OF_NINE, [0.1] * 9, 1, 9),
        (Rule.TREND_OF_SIX, [0, 0.1, 0.2, 0.3, 0.4, 0.5], 1, 6),
        (Rule.TREND_OF_SEVEN, [0, -0.1, -0.2, -0.3, -0.4, -0.5, -0.6], -1, 7),
        (Rule.ALTERNATING, [0.1, -0.1] * 7, 0, 14),
        (Rule.TWO_OF_THREE, [2.1, -1, 2.1], 1, 2),
        (Rule.TWO_OF_THREE_ONE_SIDE, [-2.1, -2.1, -0.1], -1, 2),
        (Rule.FOUR_OF_FIVE, [1.1, 1.1, -1, 1.1, 1.1], 1, 4),
        (Rule.FIFTEEN_WITHIN, [1, -1, 0] * 5, 0, 15),
        (Rule.EIGHT_OUTSIDE, [1.1, -1.1] * 4, 0, 8),
    ],
)
def test_each_rule_at_its_shortest(rule, z, direction, members):
    preset = rules.Preset("one", (rule,), PRESETS["default"].false_alarm)
    (signal,) = rules.find_signals(standard(np.array(z)), preset)
    assert (signal.index, signal.direction, len(signal.members)) == (len(z) - 1, direction, members)
    assert rules.find_signals(standard(np.array(z[:-1])), preset) == ()


def test_rules_do_not_cross_phases_or_missing_time():
    z = np.full(10, 0.5)
    frozen = FrozenLimits(0.0, 1.0)
    split = [Phase(0, 5, frozen=frozen), Phase(5, 10, frozen=frozen)]
    assert rules.find_signals(standard(z))
    assert rules.find_signals(standard(z, phases=split)) == ()
    assert rules.find_signals(standard(z, gaps=[5])) == ()


def test_moving_ranges_are_read_for_their_limit_alone():
    chart = charts.moving_range([0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 90.0])
    assert {signal.rule for signal in rules.find_signals(chart, "nelson")} == {Rule.BEYOND_LIMITS}


def test_proportions_use_the_sigma_of_each_point_and_trends_the_plotted_values():
    n = np.array([100, 100, 100, 100, 100, 10000, 10000.0])
    met = np.array([50, 51, 52, 53, 54, 5450, 5460])
    chart = charts.p(met, n, phases=[Phase(0, 7, frozen=FrozenLimits(0.5, NAN))], laney=False)
    found = told(rules.find_signals(chart, "nelson"))
    assert (Rule.BEYOND_LIMITS, 5, 1) in found
    assert (Rule.BEYOND_LIMITS, 4, 1) not in found
    assert (Rule.TREND_OF_SIX, 5, 1) in found


def test_a_run_chart_speaks_by_runs_only():
    chart = charts.run_chart([1.0] * 12 + [2.0] * 12)
    found = rules.find_signals(chart, "anhoej")
    assert {signal.rule for signal in found} == {Rule.LONGEST_RUN, Rule.FEW_CROSSINGS}
    assert rules.find_signals(chart, "limits_only") == ()
    longest = next(signal for signal in found if signal.rule is Rule.LONGEST_RUN)
    assert len(longest.members) == 12


def test_a_long_run_is_told_once():
    z = np.array([0.5] * 12 + [-0.5, 0.5, -0.5] + [-0.5] * 9)
    first, second = rules.episodes(rules.find_signals(standard(z), "default"))
    assert (first.start, first.stop, first.direction, len(first.signals)) == (0, 11, 1, 4)
    assert (second.start, second.stop, second.direction) == (14, 23, -1)


def test_a_scan_is_many_individuals_charts():
    random = np.random.default_rng(2)
    values = random.normal(50, 4, (6, 80))
    values[2, 10:13] = NAN
    values[4] += np.linspace(0, 30, 80)
    found = rules.scan(values)
    for row in range(len(values)):
        chart = charts.individuals(values[row])
        assert found.centre[row] == pytest.approx(chart.phases[0].centre, rel=1e-12)
        assert found.sigma[row] == pytest.approx(chart.phases[0].sigma, rel=1e-12)
        np.testing.assert_array_equal(found.mask[row], rules.evaluate(chart.z, rules.NELSON))
    np.testing.assert_array_equal(rules.scan(values[0]).mask, found.mask[0])


@pytest.mark.parametrize("name", ["default", "western_electric", "limits_only"])
def test_stated_false_alarms_are_exact(name):
    found, stated = rules.exact(PRESETS[name].rules), PRESETS[name].false_alarm
    assert stated.average_run_length == pytest.approx(found.average, abs=0.005)
    assert stated.within_24 == pytest.approx(found.within_24, abs=0.00005)


@pytest.mark.parametrize("name", ["nelson", "nhs", "anhoej"])
def test_stated_false_alarms_are_those_of_a_simulation(name):
    if name == "anhoej":
        found = rules.simulate_runs_analysis(runs=6000, seed=3, horizon=1500)
    else:
        found = rules.simulate(PRESETS[name].rules, runs=6000, seed=3)
    stated = PRESETS[name].false_alarm
    assert stated.average_run_length == pytest.approx(found.average, rel=0.05)
    assert stated.within_24 == pytest.approx(found.within_24, abs=0.02)


def test_the_chain_and_the_simulation_agree():
    chain = rules.exact([Rule.FIFTEEN_WITHIN, Rule.EIGHT_OUTSIDE, Rule.TWO_OF_THREE_ONE_SIDE])
    drawn = rules.simulate(
        [Rule.FIFTEEN_WITHIN, Rule.EIGHT_OUTSIDE, Rule.TWO_OF_THREE_ONE_SIDE], runs=4000, seed=4, horizon=1500
    )
    assert drawn.average == pytest.approx(chain.average, rel=0.05)
    assert drawn.within_24 == pytest.approx(chain.within_24, abs=0.02)


def test_importing_the_numbers_does_not_load_the_compiler():
    program = (
        "import sys; from calidez.stats import budget, capability, causes, charts, funnel, icons, rules;"
        "print(sorted({'numba', 'django', 'scipy.stats'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_icons_need_enough_points_and_a_direction():
    few = charts.individuals(np.arange(11.0))
    assert icons.variation(few, (), icons.Direction.UP) is icons.VariationIcon.NOT_ENOUGH_DATA
    assert icons.assurance(few, 3.0, icons.Direction.UP) is icons.AssuranceIcon.NOT_ENOUGH_DATA
    assert icons.assurance(few, None, icons.Direction.UP) is icons.AssuranceIcon.NO_TARGET
    run = charts.run_chart(np.arange(30.0))
    assert icons.assurance(run, 3.0, icons.Direction.UP) is icons.AssuranceIcon.NOT_ENOUGH_DATA


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (lambda: rules.find_signals(standard(np.zeros(3)), "none"), "no set of rules called"),
        (lambda: rules.evaluate([0.0], [Rule.LONGEST_RUN]), "judges a whole phase"),
        (lambda: rules.evaluate(np.zeros((1, 1, 1)), rules.NELSON), "one series or at rows"),
        (lambda: rules.evaluate([0.0, 1.0], rules.NELSON, steps=[0.0]), "must have the shape"),
        (lambda: rules.scan([1.0]), "at least two values"),
        (lambda: rules.exact([Rule.TREND_OF_SIX]), "simulate it"),
        (lambda: rules.simulate([Rule.FIFTEEN_WITHIN], runs=2, seed=1, horizon=2), "lengthen it"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(wrong, sentence):
    with pytest.raises(ValueError, match=sentence):
        wrong()


def test_limits_learned_from_few_points_alarm_more_often_than_known_ones():
    few, many, known = (rules.false_alarms("default", points, frozen=True) for points in (24, 400, 0))
    assert few.within_24 == pytest.approx(0.28, abs=0.02)
    assert few.average_run_length < 0.55 * known.average_run_length
    # Known limits are asked from the first point on; here patterns may have begun before.
    assert many.within_24 == pytest.approx(known.within_24, abs=0.03)
    assert known == PRESETS["default"].false_alarm
    assert (few.points, few.within_points) == (24, None)


@pytest.mark.parametrize("name", PRESETS)
def test_more_points_behind_the_limits_never_alarm_more(name):
    chances = [rules.false_alarms(name, points, frozen=True).within_24 for points in range(5, 200)]
    assert (np.diff(chances) < 0.004).all()  # what chance leaves of 200,000 series
    assert chances[0] > 1.5 * PRESETS[name].false_alarm.within_24
    own = [rules.false_alarms(name, points, frozen=False) for points in (6, 24, 30, 150, 900)]
    assert all(answer.within_points >= answer.within_24 - 0.01 for answer in own[1:])
    assert all(0 < answer.within_24 < 0.5 for answer in own)


@pytest.mark.parametrize("name", ["default", "nhs", "anhoej"])
def test_the_stored_chances_are_those_that_charts_show(name):
    """Whole charts, drawn and judged as a page does, against the table that was made from bare arrays."""
    random = np.random.default_rng(31)
    series = random.standard_normal((1500, 30))
    how = {"screen": True, "factors": charts.MAKING_DATA_COUNT} if PRESETS[name].screened else {}
    hit = np.array([bool(rules.find_signals(charts.individuals(y, **how), name)) for y in series])
    stated = rules.false_alarms(name, 30, frozen=False)
    assert hit.mean() == pytest.approx(stated.within_points, abs=0.035)


@pytest.mark.slow
@pytest.mark.parametrize("size", [8, 24, 60])
def test_the_stored_chances_are_those_of_the_simulation(size):
    names = list(PRESETS)
    place = table.SIZES.index(size)
    after = relearn.later([PRESETS[name] for name in names], size, runs=20_000, seed=32)
    same = relearn.own([PRESETS[name] for name in names], size, runs=20_000, seed=32)
    np.testing.assert_allclose(after, [table.LATER[name][place] for name in names], atol=0.015)
    np.testing.assert_allclose(
        [last for last, _ in same], [table.OWN[name][place] for name in names], atol=0.015
    )
    np.testing.assert_allclose(
        [every for _, every in same], [table.ALL[name][place] for name in names], atol=0.015
    )


def test_false_alarms_that_nobody_simulated_are_not_made_up():
    odd = rules.Preset("odd", (Rule.RUN_OF_SEVEN,), PRESETS["default"].false_alarm)
    with pytest.raises(ValueError, match="never simulated"):
        rules.false_alarms(odd, 24, frozen=True)
    with pytest.raises(ValueError, match="fewer than no points"):
        rules.false_alarms("default", -1, frozen=True)
    same = rules.Preset("mine", PRESETS["nhs"].rules, PRESETS["nhs"].false_alarm)
    assert rules.false_alarms(same, 24, frozen=True) == rules.false_alarms("nhs", 24, frozen=True)
