"""Control charts against R (qcc, qicharts2) and published tables."""

import numpy as np
import pytest

from calidez.stats import charts, constants, rules
from calidez.stats.charts import Phase


def beyond(chart):
    """Positions beyond the limits, from 1."""
    found = rules.find_signals(chart, "limits_only")
    return [signal.index + 1 for signal in found]


def violations(chart, which):
    """Positions by rule number, from 1, in the end-point convention."""
    order = {"nelson": rules.NELSON, "western_electric": rules.WESTERN_ELECTRIC}[which]
    mask = rules.evaluate(chart.z, order, steps=chart.values)
    return {
        str(number): (np.flatnonzero(rules.flagged(mask, rule)) + 1).tolist()
        for number, rule in enumerate(order, start=1)
    }


def same_rules(chart, expected):
    for which, by_number in expected["violations"].items():
        assert violations(chart, which) == by_number


def same_runs(result, expected):
    assert result.useful == expected.get("n_useful", result.useful)
    assert result.longest_run == expected["longest_run"]
    assert result.longest_run_max == expected["longest_run_max"]
    assert result.crossings == expected["n_crossings"]
    assert result.crossings_min == expected["n_crossings_min"]
    assert result.signal == expected["runs_signal"]


def same_lines(file, chart, expected):
    file.agrees(chart.centre, expected["center"])
    file.agrees(chart.lower, expected["lcl"])
    file.agrees(chart.upper, expected["ucl"])


@pytest.mark.slow
def test_constants(oracle):
    file = oracle("o22")
    for row in file.expected["constants"]:
        n = row["n"]
        own = {
            "d2": constants.d2(n),
            "d3": constants.d3(n),
            "c4": constants.c4(n),
            "A": constants.mean_factor(n),
            "A2": constants.mean_factor_by_range(n),
            "A3": constants.mean_factor_by_sd(n),
            "E2": 3 / constants.d2(n),
            **dict(zip(("B3", "B4"), constants.sd_limits_by_sd(n), strict=True)),
            **dict(zip(("B5", "B6"), constants.sd_limits(n), strict=True)),
            **dict(zip(("D1", "D2"), constants.range_limits(n), strict=True)),
            **dict(zip(("D3", "D4"), constants.range_limits_by_range(n), strict=True)),
        }
        for name, value in own.items():
            assert value == pytest.approx(float(row[name]), rel=1e-9, abs=1e-12), (name, n)


@pytest.mark.parametrize(
    ("name", "draw"), [("xbar", charts.xbar_r), ("R", charts.ranges), ("S", charts.deviations)]
)
def test_pistonrings(oracle, name, draw):
    file = oracle(f"o01_pistonrings_{name}")
    chart = draw(file.input["subgroups"], phases=[Phase(0, 40, baseline_stop=25)])
    expected = file.expected["exact_constants"]
    file.agrees(chart.values, expected["statistics"])
    file.agrees(chart.phases[0].sigma, expected["sigma"])
    same_lines(file, chart, expected)
    same_rules(chart, expected)


def test_xbar_from_ranges_and_deviations_of_the_same_rings(oracle):
    file = oracle("o01_pistonrings_xbar")
    groups = charts.summarise(file.input["subgroups"])
    chart = charts.xbar_r(
        means=groups.means, ranges=groups.ranges, sizes=groups.sizes, phases=[Phase(0, 40, 25)]
    )
    same_lines(file, chart, file.expected["exact_constants"])
    by_sd = charts.xbar_s(file.input["subgroups"], phases=[Phase(0, 40, 25)])
    assert by_sd.phases[0].sigma == pytest.approx(0.009829977, abs=5e-10)  # printed by the R package


def test_orange_juice_proportions(oracle):
    file = oracle("o02")
    given, expected = file.input, file.expected
    trial = np.array(given["trial"])
    events, sizes = np.array(given["D"], float), np.array(given["n"], float)
    first = charts.p(events[trial], sizes[trial], laney=False)
    same_lines(file, first, expected["phase1_p"])
    same_rules(first, expected["phase1_p"])
    counts = charts.np_(events[trial], sizes[trial])
    same_lines(file, counts, expected["phase1_np"])
    same_rules(counts, expected["phase1_np"])

    kept = np.ones(len(events), bool)
    kept[np.array(given["excluded"]) - 1] = False
    start = int((trial & kept).sum())
    later = charts.p(events[kept], sizes[kept], laney=False, phases=[Phase(0, int(kept.sum()), start)])
    same_lines(file, later, expected["excluded_then_phase2"])
    same_rules(later, expected["excluded_then_phase2"])
    # Drawn and set aside they leave the same limits as left out.
    shown = charts.p(
        events, sizes, laney=False, excluded=~kept, phases=[Phase(0, len(events), int(trial.sum()))]
    )
    np.testing.assert_allclose(shown.lower[kept], later.lower, rtol=1e-12)
    np.testing.assert_allclose(shown.upper[kept], later.upper, rtol=1e-12)

    improved = charts.p(
        given["D2"], given["n2"], laney=False, phases=[Phase(0, len(given["D2"]), sum(given["trial2"]))]
    )
    same_lines(file, improved, expected["orangejuice2"])
    same_rules(improved, expected["orangejuice2"])


@pytest.mark.parametrize("name", ["o03", "o30"])
def test_rates_of_defects(oracle, name):
    file = oracle(name)
    chart = charts.u(file.input["x"], file.input["n"], laney=False)
    file.agrees(chart.values, file.expected["statistics"])
    same_lines(file, chart, file.expected)
    same_rules(chart, file.expected)


def test_viscosity(oracle):
    file = oracle("o04")
    x = file.input["x"]
    phases = [Phase(0, len(x), sum(file.input["trial"]))]
    expected = file.expected["exact_constants"]
    chart = charts.individuals(x, phases=phases)
    same_lines(file, chart, expected)
    same_rules(chart, expected)
    file.agrees(chart.phases[0].sigma, expected["sigma"])
    moving = charts.moving_range(x, phases=phases)
    file.agrees(moving.values, expected["mr"]["statistics"])
    file.agrees(moving.upper[1:], expected["mr"]["ucl"])
    file.agrees(moving.centre[1:], expected["mr"]["center"])
    assert beyond(moving) == expected["mr"]["violations_beyond"]
    for spread, sigma in (
        (charts.Spread.DEVIATION, expected["sigma_sd"]),
        (charts.Spread.MEDIAN_RANGE, expected["sigma_median_mr"]),
    ):
        file.agrees(charts.individuals(x, phases=phases, spread=spread).phases[0].sigma, sigma)


def test_ewma_and_cusum(oracle):
    file = oracle("o05")
    given = file.input
    ewma = charts.ewma(given["x"], target=given["target"], sigma=given["sigma"], weight=0.1, width=2.7)
    file.agrees(ewma.ewma, file.expected["ewma"]["ewma"])
    file.agrees(ewma.lower, file.expected["ewma"]["lcl"])
    file.agrees(ewma.upper, file.expected["ewma"]["ucl"])
    assert [i + 1 for i in ewma.beyond] == file.expected["ewma"]["beyond"]
    cusum = charts.cusum(given["x"], target=given["target"], sigma=given["sigma"], slack=0.5, decision=5)
    file.agrees(cusum.above, file.expected["cusum"]["pos"])
    file.agrees(cusum.below, file.expected["cusum"]["neg"])
    assert [i + 1 for i in cusum.beyond_upper] == file.expected["cusum"]["beyond_upper"]
    assert [i + 1 for i in cusum.beyond_lower] == file.expected["cusum"]["beyond_lower"]
    known = [Phase(0, len(given["x"]), frozen=charts.FrozenLimits(given["target"], given["sigma"]))]
    average = charts.ewma_chart(given["x"], phases=known, weight=0.1, width=2.7)
    file.agrees(average.values, file.expected["ewma"]["ewma"])
    file.agrees(average.upper, file.expected["ewma"]["ucl"])
    sums = charts.cusum_chart(given["x"], phases=known)
    file.agrees(sums.values, file.expected["cusum"]["pos"])
    file.agrees(sums.below, file.expected["cusum"]["neg"])
    for chart, name in ((average, "ewma"), (sums, "cusum")):
        told = [signal.index + 1 for signal in rules.find_signals(chart, "limits_only")]
        assert told == file.expected[name]["beyond" if name == "ewma" else "beyond_upper"]


def test_boiler_t_squared(oracle):
    file = oracle("o06")
    result = charts.t_squared(file.input["x"], confidence=0.999)
    file.agrees(result.statistics, file.expected["statistics"])
    file.agrees(result.centre, file.expected["center"])
    file.agrees(result.covariance, file.expected["cov"])
    file.agrees(result.upper, file.expected["ucl_phase1"])
    file.agrees(result.upper_new, file.expected["upl_phase2"])
    assert [i + 1 for i in result.beyond] == file.expected["violations_phase1"]


@pytest.mark.parametrize(
    ("case", "phases"),
    [
        ("all", []),
        ("freeze24", [Phase(0, 36, baseline_stop=24)]),
        ("part24", [Phase(0, 24), Phase(24, 36)]),
    ],
)
def test_infections_run_chart(oracle, case, phases):
    file = oracle("o08")
    chart = charts.run_chart(file.input["n"], phases=phases)
    expected = file.expected[case]
    file.agrees(chart.centre, expected["center"])
    assert np.isnan(chart.upper).all()
    for part in expected.get("parts", {"1": {"from": 1, "to": 36, **expected}}).values():
        window = slice(part["from"] - 1, part["to"])
        same_runs(charts.runs(chart.values[window], chart.centre[window]), part)


@pytest.mark.parametrize("screen", [True, False])
def test_infections_rebased_individuals(oracle, screen):
    file = oracle("o08")
    expected = file.expected["i_chart_part24"]["screened" if screen else "unscreened"]["exact_constants"]
    chart = charts.individuals(file.input["n"], phases=[Phase(0, 24), Phase(24, 36)], screen=screen)
    same_lines(file, chart, expected)
    assert beyond(chart) == expected["sigma_signal"]
    for part in expected["parts"].values():
        window = slice(part["from"] - 1, part["to"])
        same_runs(charts.runs(chart.values[window], chart.centre[window]), part)


def counted_like_qicharts(file, draw, events, sizes, plain, prime):
    """Plain chart and Laney's, with and without screening of the moving ranges."""
    chart = draw(events, sizes, laney=False)
    same_lines(file, chart, file.expected[plain])
    assert beyond(chart) == file.expected[plain]["sigma_signal"]
    same_runs(charts.runs(chart.values, chart.centre), file.expected[plain])
    for screen in (True, False):
        expected = file.expected[prime]["screened" if screen else "unscreened"]["exact_constants"]
        wide = draw(events, sizes, laney=True, screen=screen)
        same_lines(file, wide, expected)
        assert beyond(wide) == expected["sigma_signal"]


def test_hospital_infections(oracle):
    file = oracle("o09")
    exposure = np.array(file.input["days"]) / file.input["multiply"]
    counted_like_qicharts(file, charts.u, file.input["n"], exposure, "u", "uprime")


def test_emergency_departments(oracle):
    file = oracle("o10")
    met, n = np.array(file.input["r"], float), np.array(file.input["n"], float)
    counted_like_qicharts(file, charts.p, met, n, "p", "pprime")
    assert charts.p(met, n).kind is charts.ChartKind.P_PRIME
    for screen in (True, False):
        expected = file.expected["iprime"]["screened" if screen else "unscreened"]["exact_constants"]
        same_lines(file, charts.individuals(met / n, weights=n, screen=screen), expected)


@pytest.mark.parametrize("screen", [True, False])
def test_times_between_failures(oracle, screen):
    file = oracle("o11")
    expected = file.expected["t"]["screened" if screen else "unscreened"]["exact_constants"]
    chart = charts.t(file.input["hours"], screen=screen)
    same_lines(file, chart, expected)
    assert beyond(chart) == expected["sigma_signal"]
    same_runs(charts.runs(chart.values, chart.centre), expected)


def test_cases_between_events(oracle):
    file = oracle("o11")
    chart = charts.g(file.input["g"])
    same_lines(file, chart, file.expected["g"])
    assert beyond(chart) == file.expected["g"]["sigma_signal"]
    same_runs(charts.runs(chart.values, chart.centre), file.expected["g"])


def test_probability_limits_of_rare_events(oracle):
    file = oracle("o11")
    exact = charts.g(file.input["g"], limits=charts.Limits.PROBABILITY)
    expected = file.expected["g_prob_limits"]
    assert (exact.lower[0], exact.centre[0], exact.upper[0]) == (
        expected["lcl"],
        expected["center"],
        expected["ucl"],
    )
    waiting = charts.t(file.input["hours"], limits=charts.Limits.PROBABILITY)
    same_lines(file, waiting, file.expected["t_exponential_prob_limits"])


def test_anhoej_table(oracle):
    file = oracle("o12")
    useful = file.input["n_useful"]
    assert [charts.longest_run_max(n) for n in useful] == file.expected["longest_run_max"]
    assert [charts.crossings_min(n) for n in useful] == file.expected["crossings_min"]


def test_parts_from_summaries(oracle):
    file = oracle("o27")
    given = file.input
    chart = charts.xbar_r(means=given["means"], ranges=given["ranges"], sizes=given["n"])
    file.agrees(chart.centre, file.expected["center"])
    file.agrees(chart.lower, file.expected["lcl"])
    file.agrees(chart.upper, file.expected["ucl"])
    got = violations(chart, "nelson")
    assert {number: got[number] for number in "12345"} == file.expected["nelson_1_to_5"]
    spread = charts.ranges(ranges=given["ranges"], sizes=given["n"])
    file.agrees(spread.centre, file.expected["Rbar"])


def test_complaints(oracle):
    file = oracle("o31")
    complaints = file.input["complaints"]
    chart = charts.run_chart(complaints)
    # The three methods differ in their boxes of limits; for these 20 points the boxes coincide.
    for method in ("anhoej", "bestbox", "cutbox"):
        file.agrees(chart.centre, file.expected[method]["center"])
        same_runs(charts.runs(chart.values, chart.centre), file.expected[method])
    for screen in (True, False):
        expected = file.expected["i"]["screened" if screen else "unscreened"]["exact_constants"]
        single = charts.individuals(complaints, screen=screen)
        same_lines(file, single, expected)
        assert beyond(single) == expected["sigma_signal"]
    exposure = np.array(file.input["sales"]) / 10_000
    counted_like_qicharts(file, charts.u, complaints, exposure, "u", "uprime")
