"""Capability, error budgets, funnel plots and false-discovery control against reference results."""

import math

import numpy as np
import pytest

from calidez.stats import budget, capability, causes, funnel

INDICES = {
    "cp": "Cp",
    "cpl": "Cp_l",
    "cpu": "Cp_u",
    "cpk": "Cp_k",
    "cpm": "Cpm",
    "pp": "Pp",
    "ppl": "Pp_l",
    "ppu": "Pp_u",
    "ppk": "Pp_k",
    "ppm": "Ppm",
}


@pytest.mark.parametrize("case", ["c1", "c2", "c3", "c4"])
def test_piston_rings_capability(oracle, case):
    file = oracle("o07")
    limits, expected = file.input["cases"][case], file.expected["exact_constants"][case]
    found = capability.capability(
        file.input["subgroups"],
        lower=limits["lsl"],
        upper=limits["usl"],
        target=limits.get("target"),
        cpm_freedom=capability.CpmFreedom.QCC,
        within_freedom=capability.WithinFreedom.QCC,
    )
    assert found.method == "normal"
    file.agrees(found.mean, expected["center"])
    file.agrees(found.sigma_within, expected["sigma_within"])
    file.agrees(found.sigma_overall, expected["sigma_overall"])
    for own, name in INDICES.items():
        index, wanted = getattr(found, own), expected["indices"][name]
        file.agrees(index.value, wanted["value"])
        file.agrees([index.interval.lower, index.interval.upper], [wanted["lcl"], wanted["ucl"]])
    observed = [100 * found.observed.below, 100 * found.observed.above]
    file.agrees(observed, expected["observed_pct_outside"])
    chance = [100 * found.expected.below, 100 * found.expected.above]
    # The R package prints nothing below a hundredth of a per cent.
    file.agrees([share if share >= 0.01 else 0.0 for share in chance], expected["expected_pct_outside"])


def test_budgets(oracle):
    file = oracle("o25")
    for case in file.expected["budget_cases"]:
        found = budget.spend(case["total"], case["bad"], case["objective"])
        file.agrees(found.sli, case["sli"])
        file.agrees(found.allowed, case["allowed_bad"])
        file.agrees(found.spent_share, case["consumed"])
        assert found.remaining_share == pytest.approx(case["remaining"], abs=1e-12)
        assert found.met == case["met"]
    for case in file.expected["max_burn_rate"]:
        file.agrees(budget.greatest_burn(case["objective"]), case["max_burn"])
    for case in file.expected["time_to_exhaustion_days"]:
        file.agrees(budget.time_to_exhaustion(case["period_days"], case["burn"]), case["days"])
    for case in file.expected["detection_time_h_full_outage"]:
        file.agrees(budget.detection_time(case["burn"], case["long_h"], case["objective"]), case["hours"])


@pytest.mark.parametrize(("days", "name"), [(30, "windows_30d"), (28, "windows_28d")])
def test_burn_thresholds(oracle, days, name):
    file = oracle("o25")
    for window in file.expected[name].values():
        own = budget.Window("x", window["budget_pct"] / 100, window["long_h"], 1)
        found = budget.threshold(own, days * 24, 0.999)
        file.agrees(found.burn, window["burn_rate"])
        assert not found.capped
    ours = {window.long: budget.threshold(window, 720, 0.999).burn for window in budget.windows(720)}
    assert ours == pytest.approx({1: 14.4, 6: 6.0, 24: 3.0, 72: 1.0})


def test_alerts(oracle):
    file = oracle("o25")
    expected = file.expected["alerts_hourly"]
    policy = [
        budget.Window(name, spec["burn"] * spec["long_h"] / 720, spec["long_h"], spec["short_h"])
        for name, spec in expected["spec"].items()
    ]
    found = budget.alerts(
        file.input["hourly_total"],
        file.input["hourly_bad"],
        file.input["objective"],
        period=720,
        policy=policy,
        fewest_bad=0,
        confidence=None,
    )
    for alert in found:
        # Ours count from 0 and end before the stop; the file counts from 1 and ends at it.
        intervals = [[start + 1, stop] for start, stop in alert.intervals]
        assert intervals == expected["firing_intervals"][alert.threshold.window.name]


def test_funnel(oracle):
    file = oracle("o19")
    met, n = file.input["r"], file.input["n"]
    found = funnel.funnel(met, n, as_published=True)
    expected = file.expected
    for own, name in (("p0", "p0"), ("z", "z"), ("phi", "phi"), ("tau2", "tau2")):
        file.agrees(getattr(found, own), expected[name])
    file.agrees(found.z_multiplicative, expected["z_mult"])
    file.agrees(found.z_adjusted, expected["z_add"])
    low, high = funnel.exact_limits(n, found.p0, 0.001)
    file.agrees(low, expected["exact_limits_998"]["lo"])
    file.agrees(high, expected["exact_limits_998"]["hi"])
    assert (np.flatnonzero(np.abs(found.z) > 3) + 1).tolist() == expected["outside_poisson3"]
    assert (np.flatnonzero(np.abs(found.z_adjusted) > 3) + 1).tolist() == expected["outside_additive3"]
    assert found.method is funnel.Method.ADDITIVE


def test_adjusted_p_values(oracle):
    file = oracle("o20")
    for method in causes.Method:
        found = causes.adjust_p_values(file.input["p"], method)
        np.testing.assert_allclose(found, file.expected[method], rtol=1e-10)
    rejected = np.flatnonzero(causes.adjust_p_values(file.input["p"]) <= 0.05) + 1
    assert rejected.tolist() == file.expected["rejected_bh_05"]


def test_interval_of_cpm_covers_what_it_claims():
    """Away from the target the interval of Boyles holds its confidence; the wider one holds far more."""
    random = np.random.default_rng(11)
    true = (10 - -10) / (6 * math.hypot(1, 3))
    covered = 0
    for _ in range(400):
        found = capability.capability(
            random.normal(3, 1, 60), lower=-10, upper=10, target=0, assume_normal=True
        ).ppm
        covered += found.interval.lower <= true <= found.interval.upper
    assert 0.92 <= covered / 400 <= 0.98
