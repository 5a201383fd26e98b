"""Run rules against brute force and R, icons against NHS England's, run lengths against the literature."""

import numpy as np
import pytest

from calidez.stats import charts, icons, rules
from calidez.stats.charts import Phase
from calidez.stats.rules import Rule, kernel


def by_number(mask, order):
    return {
        str(number): (np.flatnonzero(rules.flagged(mask, rule)) + 1).tolist()
        for number, rule in enumerate(order, start=1)
    }


@pytest.mark.slow
@pytest.mark.parametrize("compiled", [False, True])
def test_standardised_series(oracle, compiled):
    expected = oracle("o23").expected
    for case in expected["hand"] + expected["random"]:
        z = np.array(case["z"], dtype=float)
        for name, order in (("nelson", rules.NELSON), ("western_electric", rules.WESTERN_ELECTRIC)):
            mask = kernel.evaluate(z, z, order, False) if compiled else rules.evaluate(z, order)
            assert by_number(mask, order) == case[name], case.get("name")


def standard_chart(z):
    """A chart whose standardised values are z."""
    frozen = charts.FrozenLimits(centre=0.0, sigma=1.0)
    return charts.individuals(z, phases=[Phase(0, len(z), frozen=frozen)])


def test_members_of_patterns(oracle):
    expected = oracle("o23").expected
    preset = rules.PRESETS["nelson"]
    for case in expected["hand"] + expected["random"]:
        found = rules.find_signals(standard_chart(case["z"]), preset)
        for number, rule in enumerate(rules.NELSON, start=1):
            signals = [signal for signal in found if signal.rule is rule]
            assert [signal.index + 1 for signal in signals] == case["nelson"][str(number)]
            members = sorted({index + 1 for signal in signals for index in signal.members})
            assert members == case["nelson_members"][str(number)], (case.get("name"), rule)


LABELS = {
    None: "Common Cause",
    (Rule.BEYOND_LIMITS, 1): "Above UCL",
    (Rule.BEYOND_LIMITS, -1): "Below LCL",
    (Rule.RUN_OF_SEVEN, 1): "7 Points Above CL",
    (Rule.RUN_OF_SEVEN, -1): "7 Points Below CL",
    (Rule.TREND_OF_SEVEN, 1): "7 Point Trend (Increasing)",
    (Rule.TREND_OF_SEVEN, -1): "7 Point Trend (Decreasing)",
    (Rule.TWO_OF_THREE_ONE_SIDE, 1): "2 in 3 Above CL",
    (Rule.TWO_OF_THREE_ONE_SIDE, -1): "2 in 3 Below CL",
}
VARIATION = {
    "common_cause": {icons.VariationIcon.COMMON_CAUSE},
    "special_cause_improvement": {icons.VariationIcon.IMPROVEMENT_HIGH, icons.VariationIcon.IMPROVEMENT_LOW},
    "special_cause_concern": {icons.VariationIcon.CONCERN_HIGH, icons.VariationIcon.CONCERN_LOW},
    "special_cause_neutral_high": {icons.VariationIcon.NEITHER_HIGH},
    "special_cause_neutral_low": {icons.VariationIcon.NEITHER_LOW},
}
ASSURANCE = {
    None: icons.AssuranceIcon.NO_TARGET,
    "inconsistent": icons.AssuranceIcon.HIT_AND_MISS,
    "consistent_pass": icons.AssuranceIcon.CONSISTENTLY_MET,
    "consistent_fail": icons.AssuranceIcon.CONSISTENTLY_MISSED,
}
BETTER = {
    "increase": icons.Direction.UP,
    "decrease": icons.Direction.DOWN,
    "neutral": icons.Direction.NONE,
}


def icon_after(chart, signals, stop, better):
    """The variation icon of the point before `stop`, whose neighbours to the right do not matter to it."""
    strongest = icons.point_signal(signals, stop - 1)
    if strongest is None:
        return icons.VariationIcon.COMMON_CAUSE
    only = [signal for signal in signals if signal is strongest]
    last = charts.FrozenLimits(float(chart.centre[stop - 1]), float(chart.sigma[stop - 1]))
    alone = charts.individuals(chart.values[:stop], phases=[Phase(0, stop, frozen=last)])
    return icons.variation(alone, only, better)


def test_making_data_count(oracle):
    for case in oracle("o21").expected["cases"]:
        given, expected = case["input"], case["expected"]
        n = len(given["y"])
        phases = []
        if "fix" in given:
            phases = [Phase(0, n, baseline_stop=given["fix"])]
        if "rebase" in given:
            phases = [Phase(0, given["rebase"] - 1), Phase(given["rebase"] - 1, n)]
        chart = charts.draw(
            "i",
            values=given["y"],
            phases=phases,
            screen=given.get("screen", rules.PRESETS["nhs"].screened),
            factors=charts.MAKING_DATA_COUNT,
        )
        np.testing.assert_allclose(chart.centre, expected["mean"], rtol=1e-9)
        np.testing.assert_allclose(chart.lower, expected["lpl"], rtol=1e-9)
        np.testing.assert_allclose(chart.upper, expected["upl"], rtol=1e-9)
        signals = rules.find_signals(chart, "nhs")
        strongest = [icons.point_signal(signals, index) for index in range(n)]
        keys = [None if signal is None else (signal.rule, signal.direction) for signal in strongest]
        assert [LABELS[key] for key in keys] == expected["special_cause_type"], case["name"]
        better = BETTER[given["dir"]]
        for stop, kind in enumerate(expected["point_type"], start=1):
            assert icon_after(chart, signals, stop, better) in VARIATION[kind], (case["name"], stop)
        assert icons.variation(chart, signals, better) in VARIATION[expected["variation_icon"]]
        assurance = icons.assurance(chart, given.get("target"), better)
        assert assurance is ASSURANCE[expected["assurance_icon"]]


EXACT = {
    "rule1": (Rule.BEYOND_LIMITS,),
    "rule1+9run": (Rule.BEYOND_LIMITS, Rule.RUN_OF_NINE),
    "rule1+8run": (Rule.BEYOND_LIMITS, Rule.RUN_OF_EIGHT),
    "WE 1-4 (8run)": rules.WESTERN_ELECTRIC,
    "Nelson 1,2,5,6": (Rule.BEYOND_LIMITS, Rule.RUN_OF_NINE, Rule.TWO_OF_THREE, Rule.FOUR_OF_FIVE),
    "rule1+5": (Rule.BEYOND_LIMITS, Rule.TWO_OF_THREE),
}
SIMULATED = {
    "Nelson 1-4": rules.NELSON[:4],
    "Nelson 1-8": rules.NELSON,
    "NHS-like (3s,7run,7trend,2of3)": (
        Rule.BEYOND_LIMITS,
        Rule.RUN_OF_SEVEN,
        Rule.TREND_OF_SEVEN,
        Rule.TWO_OF_THREE,
    ),
}


@pytest.mark.parametrize("name", EXACT)
def test_run_lengths(oracle, name):
    file = oracle("o29")
    for shift, expected in file.expected["arl"][name].items():
        found = rules.exact(EXACT[name], shift=float(shift)).average
        assert found == pytest.approx(expected, rel=file.tolerance["rel"]), shift
    if name in file.expected["published"]:
        assert rules.exact(EXACT[name]).average == pytest.approx(file.expected["published"][name], abs=0.01)


@pytest.mark.slow
@pytest.mark.parametrize("name", SIMULATED)
def test_simulated_run_lengths(oracle, name):
    file = oracle("o29")
    for shift, expected in file.expected["arl"][name].items():
        # Ten thousand runs have a standard error of 1 %; shifted series end within a fraction of the horizon.
        horizon = 512 if float(shift) < 1 else 128
        found = rules.simulate(
            SIMULATED[name], shift=float(shift), runs=10_000, seed=7, horizon=horizon
        ).average
        assert found == pytest.approx(expected, rel=file.tolerance["rel"] + 0.01), shift
