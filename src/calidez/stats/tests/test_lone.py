"""One event where less than one is expected is no signal; two are."""

from __future__ import annotations

import numpy as np
import pytest

from calidez.stats import charts
from calidez.stats.rules import expects_less_than_one, lone_events


def test_one_fall_in_sixty_days_is_beyond_a_limit_that_lies_below_one() -> None:
    counts = np.zeros(600)
    counts[::60] = 1
    counts[300] = 2
    chart = charts.c(counts)
    assert expects_less_than_one(chart)
    assert lone_events(chart).sum() == 9
    assert not lone_events(chart)[300]


def test_of_a_share_the_scarcer_side_counts() -> None:
    cases = np.full(60, 10.0)
    met = cases.copy()
    met[7] = 9
    assert np.flatnonzero(lone_events(charts.p(met, cases))).tolist() == [7]
    assert np.flatnonzero(lone_events(charts.p(cases - met, cases))).tolist() == [7]


@pytest.mark.parametrize(
    "chart", [charts.c(np.tile([3.0, 5, 4], 8)), charts.individuals(np.tile([0.0, 0, 0.5], 9))]
)
def test_where_there_are_events_enough_none_is_lone(chart: charts.ControlChart) -> None:
    assert not lone_events(chart).any()
    assert not expects_less_than_one(chart)
