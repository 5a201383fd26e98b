"""What the past says of a target: by hand, against tables, and whatever the values."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calidez.stats.feasibility import ENOUGH, SHOWN, Verdict, feasibility, meets, reach, share_met

modest = settings(max_examples=60, derandomize=True)
series = st.lists(st.floats(0, 100, allow_nan=False), min_size=ENOUGH, max_size=60)


def months(good: int, bad: int) -> list[float]:
    return [96.0] * good + [90.0] * bad


def test_the_interval_is_clopper_and_pearsons():
    found = share_met(months(11, 1), 95, at_least=True)
    assert (found.met, found.periods) == (11, 12)
    # By hand: 11 of 12 or more has a chance of 12 p^11 - 11 p^12, 11 or fewer one of 1 - p^12.
    low, high = found.interval.lower, found.interval.upper
    assert 12 * low**11 - 11 * low**12 == pytest.approx(0.025)
    assert high == pytest.approx(0.975 ** (1 / 12))
    assert share_met([96] * 10, 95, at_least=True).interval.lower == pytest.approx(0.025 ** (1 / 10))


def test_nine_in_ten_of_twenty_is_the_eighteenth_best():
    values = np.arange(1.0, 21.0)
    assert (reach(values, at_least=True).rank, reach(values, at_least=True).value) == (18, 3.0)
    assert reach(values, at_least=False).value == 18.0


def test_to_be_sure_of_nine_in_ten_takes_29_periods():
    # Wilks: 1 - 0.9 ** 28 = 0.9477 and 1 - 0.9 ** 29 = 0.9529
    assert reach(np.arange(28.0), at_least=True).safe is None
    assert reach(np.arange(29.0), at_least=True).safe == 0.0
    assert reach(np.arange(29.0), at_least=False).safe == 28.0
    # At most one of 46 below the tenth: 1 - 0.9 ** 46 - 46 * 0.1 * 0.9 ** 45 = 0.9520
    assert (reach(np.arange(45.0), at_least=True).safe, reach(np.arange(46.0), at_least=True).safe) == (
        0.0,
        1.0,
    )
    # Of twelve, at most three are among the worst tenth with 97.4 %, at most two with 88.9 %: the fourth worst.
    assert reach(np.arange(12.0), at_least=True).hopeful == 3.0


@pytest.mark.parametrize(
    ("good", "bad", "verdict", "certain"),
    [
        (36, 0, Verdict.WITHIN_REACH, True),
        (35, 0, Verdict.WITHIN_REACH, False),  # 0.025 ** (1 / 35) is 0.8999846
        (11, 1, Verdict.WITHIN_REACH, False),
        (10, 2, Verdict.OPEN, False),
        (7, 5, Verdict.BEYOND, True),
        (0, 36, Verdict.BEYOND, True),
        (11, 0, Verdict.NOT_ENOUGH, False),
    ],
)
def test_the_verdict(good, bad, verdict, certain):
    found = feasibility(months(good, bad), 95, at_least=True)
    assert (found.verdict, found.certain) == (verdict, certain)
    mirrored = feasibility([-v for v in months(good, bad)], -95, at_least=False)
    assert (mirrored.verdict, mirrored.certain) == (verdict, certain)


def test_what_can_be_said_of_few_periods():
    nothing = feasibility(months(SHOWN - 1, 0), 95, at_least=True)
    assert (nothing.met, nothing.reachable, nothing.verdict) == (None, None, Verdict.NOT_ENOUGH)
    little = feasibility(months(SHOWN, 0), 95, at_least=True)
    assert little.met is not None
    assert little.met.interval.lower == pytest.approx(0.025 ** (1 / 8))
    assert (little.reachable, little.verdict) == (None, Verdict.NOT_ENOUGH)


def test_a_share_has_the_capability_of_its_cases_and_values_their_index():
    share = feasibility(months(12, 0), 95, at_least=True, good=960.0, cases=1000.0, stable=True)
    assert share.cases is not None
    assert (share.cases.share, share.index, share.cases.stable) == (pytest.approx(0.04), None, True)
    worse = feasibility(months(12, 0), 97, at_least=False, good=960.0, cases=1000.0)
    assert worse.cases is not None
    assert (worse.cases.share, worse.cases.allowed) == (pytest.approx(0.96), pytest.approx(0.97))
    minutes = feasibility(np.arange(20.0), 25, at_least=False)
    assert minutes.cases is None
    assert minutes.index is not None
    assert minutes.index.ppk.value == pytest.approx((25 - 9.5) / (3 * np.arange(20.0).std(ddof=1)))
    assert feasibility([5.0] * 20, 25, at_least=False).index is None  # values that never vary have no index
    assert feasibility(months(12, 0), 100, at_least=False, good=1.0, cases=1000.0).cases is not None


def test_without_a_target_only_what_can_be_reached_is_told():
    found = feasibility(np.arange(20.0), None, at_least=True)
    assert (found.met, found.verdict) == (None, Verdict.NOT_ENOUGH)
    assert found.reachable is not None


def test_missing_periods_do_not_count_and_rounding_is_no_miss():
    assert feasibility([math.nan, *months(12, 0), math.nan], 95, at_least=True).periods == 12
    assert meets([0.95 * 100], 95, at_least=True).all()


@pytest.mark.parametrize(
    "arguments", [{"target": math.inf}, {"target": 1, "goal": 1.0}, {"target": 1, "confidence": 0}]
)
def test_nonsense_is_refused(arguments):
    with pytest.raises(ValueError, match=r"finite|between 0 and 1"):
        feasibility([1.0] * 12, arguments.pop("target"), at_least=True, **arguments)


@modest
@given(series, st.booleans())
def test_what_nine_in_ten_reached_is_met_by_nine_in_ten(values, at_least):
    found = reach(values, at_least=at_least)
    assert meets(values, found.value, at_least=at_least).mean() >= 0.9
    harder = [v for v in values if (v > found.value if at_least else v < found.value)]
    if harder:
        assert meets(values, min(harder) if at_least else max(harder), at_least=at_least).mean() < 0.9
    for easier in (found.safe,):
        assert easier is None or (easier <= found.value if at_least else easier >= found.value)
    assert found.hopeful is None or (
        found.hopeful >= found.value if at_least else found.hopeful <= found.value
    )


@modest
@given(series, st.floats(0, 100), st.floats(0, 20), st.booleans())
def test_a_harder_target_is_never_more_feasible(values, target, more, at_least):
    order = [Verdict.BEYOND, Verdict.OPEN, Verdict.WITHIN_REACH]
    harder = target + more if at_least else target - more
    easy, hard = (feasibility(values, t, at_least=at_least).verdict for t in (target, harder))
    assert order.index(hard) <= order.index(easy)


@modest
@given(series, st.floats(0, 100), st.sampled_from([0.01, 60.0, 1000.0]))
def test_the_unit_of_measure_changes_nothing(values, target, scale):
    plain = feasibility(values, target, at_least=True)
    scaled = feasibility([v * scale for v in values], target * scale, at_least=True)
    assert (plain.verdict, plain.met and plain.met.met) == (scaled.verdict, scaled.met and scaled.met.met)


def test_the_safe_target_is_met_by_nine_in_ten_as_often_as_said():
    rng = np.random.default_rng(5)
    true = -1.2815515655446004  # the tenth of a standard normal
    held = [reach(rng.standard_normal(48), at_least=True).safe <= true for _ in range(400)]
    assert np.mean(held) >= 0.93
