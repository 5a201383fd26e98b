"""Values that lie further out on one side are told from even ones, from a change of level and from one accident."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from calidez.stats import charts
from calidez.stats.charts.skewness import skewness_z

RUNS = 200


def leanings(draw, *, side: int = 1) -> float:
    rng = np.random.default_rng(20261101)
    found = [charts.leaning(charts.individuals(draw(rng))) for _run in range(RUNS)]
    return float(np.mean([one == side for one in found]))


def spiked(rng: np.random.Generator) -> np.ndarray:
    y = rng.normal(20, 1, 36)
    y[17] += 8
    return y


def shifted(rng: np.random.Generator) -> np.ndarray:
    y = rng.normal(20, 1, 48)
    y[36:] += 3
    return y


@pytest.mark.parametrize("draw", [lambda rng: rng.normal(20, 1, 36), spiked, shifted])
def test_even_values_are_seldom_called_lopsided(draw) -> None:
    assert leanings(draw) <= 0.1
    assert leanings(draw, side=-1) <= 0.1


def test_waits_are_lopsided_upwards_and_what_is_left_of_them_downwards() -> None:
    assert leanings(lambda rng: rng.gamma(2, 1, 80)) >= 0.8
    assert leanings(lambda rng: 100 - rng.gamma(2, 1, 80), side=-1) >= 0.8


@pytest.mark.parametrize("size", [8, 24, 36, 400])
def test_the_test_is_that_of_scipy(size: int) -> None:
    y = np.random.default_rng(size).gamma(3, 1, size)
    assert skewness_z(y) == pytest.approx(float(stats.skewtest(y).statistic), rel=1e-12)


@pytest.mark.parametrize("values", [[5.0] * 30, [1.0, 9.0] * 5, [*[3.0] * 25, 90.0]])
def test_few_or_steady_points_tell_nothing(values: list[float]) -> None:
    assert charts.leaning(charts.individuals(values)) == 0


def test_points_set_aside_have_no_say() -> None:
    rng = np.random.default_rng(3)
    y = rng.normal(20, 1, 40)
    y[::5] += 9
    aside = np.arange(40) % 5 == 0
    assert charts.leaning(charts.individuals(y)) == 1
    assert charts.leaning(charts.individuals(y, excluded=aside)) == 0


@pytest.mark.parametrize(
    ("draw", "cases", "wanted"),
    [
        (lambda rng, size: rng.normal(size=size), 9, 0),
        (lambda rng, size: rng.lognormal(0, 0.6, size), 9, 1),
        (lambda rng, size: -rng.lognormal(0, 0.6, size), 9, -1),
        (lambda rng, size: rng.lognormal(0, 0.6, size), 12, 1),
        (lambda rng, size: rng.lognormal(0, 0.8, size), 30, 1),
        # Of so many cases the mean is even, whatever they are.
        (lambda rng, size: rng.gamma(2, 1, size), 200, 0),
        (lambda rng, size: rng.lognormal(0, 0.6, size), 400, 0),
    ],
)
def test_means_of_few_lopsided_cases_are_told_from_those_of_many(draw, cases, wanted) -> None:
    rng = np.random.default_rng(12)
    found = []
    for _run in range(40):
        x = draw(rng, (36, cases))
        low, high = x.min(axis=1), x.max(axis=1)
        found.append(charts.leaning_within(np.full(36, cases), x.mean(axis=1), low, high))
    assert found.count(wanted) >= 36
