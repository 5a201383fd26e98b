"""The figures of one chart have the same decimals: enough to tell them apart, and none that says nothing."""

from __future__ import annotations

import math

import pytest
from django.utils import translation

from calidez.monitoring.sentences import decimals, figure, range_words


@pytest.mark.parametrize(
    ("values", "unit", "places"),
    [
        ([], "", 0),
        ([math.nan, None], "%", 0),
        ([3.0, 17.0], "", 0),
        ([48.48, 49.56, 49.0], "%", 1),
        ([99.96, 99.97, 99.98], "%", 2),
        ([1200.4, 1300.6], "s", 0),
        ([0.528, 35.2], "%", 1),
        ([12.25, 12.5, 60.0], "min", 1),
        ([0.00041, 0.0012], "%", 4),
    ],
)
def test_decimals_of_a_chart(values, unit, places):
    assert decimals(values, unit) == places


def test_what_is_small_is_never_written_as_nothing():
    with translation.override("es"):
        assert figure(0.0004, "%") == "0,0004\N{NO-BREAK SPACE}%"
        assert figure(0.0, "%") == "0\N{NO-BREAK SPACE}%"
        assert figure(3e-14, "%") == "0\N{NO-BREAK SPACE}%"
        assert range_words(0.528, 35.2, "%") == "0,5–35,2\N{NO-BREAK SPACE}%"
