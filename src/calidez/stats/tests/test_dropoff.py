"""Planted bends and steps are found where they were put; noise, steady falls and too few answers are named as such."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calidez.stats.dropoff import FEWEST_ANSWERS, Bins, Shape, dropoff

RUNS = 40


def level(x):
    return 4.2 + 0 * x


def bend(x):
    return 4.2 - 0.06 * np.maximum(0, x - 30)


def step(x):
    return 4.2 - 0.8 * (x > 25)


def steady(x):
    return 4.2 - 0.02 * x


def answers(seed, n, curve, *, count=20):
    """Waiting times in minutes with answers from 1 to 5, in bins of equal numbers."""
    rng = np.random.default_rng(seed)
    x = np.sort(rng.gamma(2, 10, n))
    y = np.clip(np.round(curve(x) + rng.normal(0, 1, n)), 1, 5)
    return binned(x, y, count)


def binned(x, y, count=20):
    parts = np.array_split(np.arange(len(x)), count)
    return Bins.of(
        [len(p) for p in parts],
        [x[p].mean() for p in parts],
        [y[p].sum() for p in parts],
        [(y[p] ** 2).sum() for p in parts],
    )


def shapes(curve, n):
    found = [dropoff(answers(seed, n, curve), seed=seed, simulations=99) for seed in range(RUNS)]
    return found, [f.shape for f in found]


@pytest.mark.slow
@pytest.mark.parametrize("n", [300, 5000])
def test_noise_is_seldom_taken_for_a_drop(n):
    _, seen = shapes(level, n)
    assert (
        sum(shape is not Shape.NO_DROP for shape in seen) <= 4
    )  # 5 % of 40 is two; five or more has a chance of 4 %


def test_a_steady_fall_is_seldom_taken_for_a_break():
    _, seen = shapes(steady, 1000)
    assert sum(shape is Shape.STEADY for shape in seen) >= 35


@pytest.mark.slow
@pytest.mark.parametrize(("curve", "shape", "at"), [(bend, Shape.BEND, 30), (step, Shape.STEP, 25)])
def test_a_planted_break_is_found_with_its_interval(curve, shape, at):
    found, seen = shapes(curve, 2000)
    assert sum(s is shape for s in seen) >= 38
    held = [f.low <= at <= f.high for f in found if f.at is not None]
    assert np.mean(held) >= 0.9
    assert np.median([f.at for f in found]) == pytest.approx(at, abs=3)


def test_what_is_told_of_a_step():
    found = dropoff(answers(1, 20_000, step))
    assert found.before == pytest.approx(4.1, abs=0.1)
    assert found.before - found.after == pytest.approx(0.75, abs=0.1)
    assert found.effect == pytest.approx(0.8, abs=0.15)
    assert (found.p_drop, found.p_break) == (1 / 500, 1 / 500)
    assert len(found.fitted) == 20
    assert found.slope is None


def test_rising_satisfaction_is_no_drop():
    assert dropoff(answers(3, 5000, lambda x: 3.5 + 0.02 * x)).shape is Shape.NO_DROP


def test_a_fall_that_nobody_would_notice_is_no_drop():
    found = dropoff(answers(4, 400_000, lambda x: 4.2 - 0.0005 * x))
    assert found.p_drop < 0.05
    assert found.shape is Shape.NO_DROP
    assert found.effect < 0.1


def test_too_few_answers_or_values_are_not_enough():
    assert dropoff(answers(1, FEWEST_ANSWERS - 1, step)).shape is Shape.NOT_ENOUGH
    assert dropoff(answers(1, 5000, step, count=5)).shape is Shape.NOT_ENOUGH


def test_answers_that_all_agree_show_no_drop():
    x = np.arange(1000.0)
    assert dropoff(binned(x, np.full(1000, 5.0))).shape is Shape.NO_DROP


def test_a_curve_without_noise_by_hand():
    # Six bins of a hundred: half say one more, half one less than 5, 5, 5, 4, 3, 2.
    means = np.array([5.0, 5, 5, 4, 3, 2])
    found = dropoff(Bins.of([100] * 6, [10, 20, 30, 40, 50, 60], means * 100, (means**2 + 1) * 100))
    assert found.shape is Shape.BEND
    assert found.at == pytest.approx(30, abs=0.3)
    assert found.slope == pytest.approx(-0.1, abs=0.002)
    assert (found.before, found.after) == pytest.approx((5, 2), abs=0.03)


@pytest.mark.parametrize("curve", [bend, step, steady])
def test_lower_values_or_lower_scores_may_be_the_worse(curve):
    rng = np.random.default_rng(6)
    x = np.sort(rng.gamma(2, 10, 3000))
    y = np.clip(np.round(curve(x) + rng.normal(0, 1, 3000)), 1, 5)
    plain = dropoff(binned(x, y))
    turned = dropoff(binned(x, 6 - y), higher_score_better=False)
    mirrored = dropoff(binned((100 - x)[::-1], y[::-1]), worse_above=False)
    assert plain.shape is turned.shape is mirrored.shape
    assert (6 - turned.before, 6 - turned.after) == pytest.approx((plain.before, plain.after))
    if plain.at is not None:
        assert (turned.at, 100 - mirrored.at) == pytest.approx((plain.at, plain.at))
        assert (100 - mirrored.high, 100 - mirrored.low) == pytest.approx((plain.low, plain.high))


@settings(max_examples=15, derandomize=True)
@given(st.floats(0.01, 1000), st.floats(-500, 500))
def test_the_unit_of_the_value_moves_the_break_along(scale, shift):
    bins = answers(8, 3000, bend)
    plain = dropoff(bins, simulations=99)
    other = dropoff(Bins.of(bins.n, bins.value * scale + shift, bins.total, bins.squares), simulations=99)
    assert other.shape is plain.shape
    assert other.at == pytest.approx(plain.at * scale + shift, rel=1e-6, abs=1e-6)


def test_the_same_seed_gives_the_same_result():
    assert dropoff(answers(2, 800, bend), seed=3) == dropoff(answers(2, 800, bend), seed=3)


@pytest.mark.parametrize(
    "columns",
    [
        ([1, 1], [1, 2], [1], [1, 1]),
        ([1, 0], [1, 2], [1, 1], [1, 1]),
        ([1, 1], [2, 1], [1, 1], [1, 1]),
        ([1, 1], [1, float("nan")], [1, 1], [1, 1]),
    ],
)
def test_bins_that_make_no_sense_are_refused(columns):
    with pytest.raises(ValueError, match="bin"):
        Bins.of(*columns)
