"""Charts that remember: chosen in a view or kept, their statistic apart from the values."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from calidez.kit.conformance import World
from calidez.kit.platform.errors import RuleBroken
from calidez.monitoring import selectors
from calidez.monitoring.models import Indicator
from calidez.monitoring.services import check_indicator, rebase
from calidez.monitoring.tests.conftest import client_of
from calidez.monitoring.tests.factories import measured
from calidez.stats import charts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "just_measured")]

RNG = np.random.default_rng(12)
# Two years of months of 1,000 cases; in the second one two in a hundred more are served in time.
SHARES = [round(float(s), 3) for s in RNG.normal(0.90, 0.01, 24)]
SHARES[12:] = [round(s + 0.02, 3) for s in SHARES[12:]]


@pytest.fixture
def shifted(world: World) -> Indicator:
    return measured(world, world.north, shares=SHARES)


def test_an_average_that_remembers_tells_since_when_and_how_much(world: World, shifted: Indicator) -> None:
    reading = selectors.reading_of(shifted, world.north, chart="ewma")
    drawn = charts.ewma_chart(np.array(SHARES))
    assert reading.memory is not None
    np.testing.assert_allclose(reading.memory.statistic, drawn.values * 100)
    np.testing.assert_allclose(reading.memory.upper, drawn.upper * 100)
    assert np.isnan(reading.upper).all(), "the values have no limits here"
    np.testing.assert_allclose(reading.centre, 100 * drawn.phases[0].limits.centre)
    up = [s for s in reading.signals if s.direction > 0]
    assert len(up) == 1
    assert up[0].reasons == ("ewma",)
    assert up[0].value == pytest.approx(np.mean(reading.series.values[list(up[0].members)]))
    assert abs(up[0].members[0] - 12) <= 4


def test_sums_are_in_standard_deviations_and_the_values_in_their_unit(
    world: World, shifted: Indicator
) -> None:
    reading = selectors.reading_of(shifted, world.north, chart="cusum")
    drawn = charts.cusum_chart(np.array(SHARES))
    assert reading.memory is not None
    assert reading.memory.below is not None
    np.testing.assert_allclose(reading.memory.below, drawn.below)
    assert reading.memory.upper[0] == 5
    assert 85 < reading.centre[0] < 95
    assert all(85 < s.value < 95 for s in reading.signals)


def test_what_to_expect_of_the_values_is_told_by_the_chart_for_the_data(
    world: World, shifted: Indicator
) -> None:
    plain = selectors.reading_of(shifted, world.north)
    assert selectors.reading_of(shifted, world.north, chart="ewma").assurance == plain.assurance


def test_what_is_kept_for_the_indicator_holds_everywhere_and_a_view_may_look_at_the_data_again(
    world: World, shifted: Indicator
) -> None:
    shifted.chart = "cusum"
    shifted.save()
    assert selectors.reading_of(shifted, world.north).kind == "cusum"
    assert selectors.reading_of(shifted, world.north, chart="data").memory is None


def test_a_chart_of_other_data_is_refused(world: World, shifted: Indicator) -> None:
    shifted.chart = "xbar_s"
    with pytest.raises(RuleBroken, match="does not suit"):
        check_indicator(shifted, by=world.admin)


def test_limits_that_a_person_set_for_single_values_hold_for_what_remembers_them(
    world: World, shifted: Indicator
) -> None:
    shifted.chart = "i"
    shifted.save()
    held = rebase(
        by=world.admin,
        indicator=shifted,
        unit=world.north,
        starts=dt.date(2024, 1, 1),
        learned_until=dt.date(2025, 12, 1),
        reason="As it was.",
    )
    assert held.chart == "i"
    reading = selectors.reading_of(shifted, world.north, chart="ewma")
    assert reading.kind == "ewma"
    assert reading.chart is not None
    assert reading.chart.phases[0].frozen
    assert reading.centre[0] == pytest.approx(100 * held.centre)


@pytest.mark.parametrize("kind", ["ewma", "cusum"])
def test_the_page_says_which_chart_it_is_and_offers_to_keep_it(
    world: World, shifted: Indicator, kind: str
) -> None:
    client = client_of(world.admin)
    page = client.get(
        f"/indicators/{shifted.uid}/", {"unit": world.north.code, "chart": kind}
    ).content.decode()
    assert f"?chart={kind}" in page
    assert "Keep it for this indicator" in page
    assert "small lasting changes sooner" in page
    assert "Lastingly above the usual" in page
    for form in ("svg", "csv"):
        assert (
            client.get(
                f"/indicators/{shifted.uid}/chart.{form}", {"unit": world.north.code, "chart": kind}
            ).status_code
            == 200
        )
