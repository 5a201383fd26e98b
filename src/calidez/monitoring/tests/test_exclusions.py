"""Periods that somebody left out of the limits: drawn, counted, and neither judged nor learned from."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import translation

from calidez.kit.catalog import catalog
from calidez.kit.conformance import World
from calidez.kit.core.edges import Way
from calidez.kit.desk.thread import strands
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.jobs.worker import run_queued
from calidez.kit.tests.visits import client_of
from calidez.monitoring import jobs, selectors, services
from calidez.monitoring.models import Exclusion, Indicator, Signal, Standing
from calidez.monitoring.tests.factories import measured
from calidez.people.models import Unit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

FLOOD = dt.date(2024, 7, 1)
STEADY = [0.95 + 0.01 * (month % 3) for month in range(24)]
FLOODED = [*STEADY[:6], 0.5, *STEADY[7:]]


@pytest.fixture
def flooded(world: World) -> Indicator:
    return measured(world, world.north, shares=FLOODED)


def left_out(world: World, indicator: Indicator, unit: Unit, **changes: object) -> Exclusion:
    given = {"starts": FLOOD, "ends": FLOOD, "reason": "The desk was flooded."} | changes
    return services.leave_out(by=world.admin, indicator=indicator, unit=unit, **given)


def test_limits_are_as_if_the_month_had_not_been(world: World, flooded: Indicator) -> None:
    before = selectors.reading_of(flooded, world.north)
    assert [s.rule for s in before.signals] == ["beyond_limits"]
    left_out(world, flooded, world.north)
    reading = selectors.reading_of(flooded, world.north)
    assert reading.signals == ()
    assert reading.series.values[6] == 50
    assert reading.aside == {6: "The desk was flooded."}
    assert reading.lower[0] > before.lower[0]
    assert reading.centre[0] == pytest.approx(100 * sum(FLOODED[:6] + FLOODED[7:]) / 23)
    assert reading.verdicts == before.verdicts


def test_the_signal_is_gone_and_comes_back_when_it_is_withdrawn(world: World, flooded: Indicator) -> None:
    assert Signal.objects.filter(indicator=flooded, holds=True).exists()
    made = left_out(world, flooded, world.north)
    assert not Signal.objects.filter(indicator=flooded, holds=True).exists()
    services.count_again(made, by=world.admin, note="It was an ordinary month after all.")
    assert Signal.objects.filter(indicator=flooded, holds=True).exists()


def test_the_periods_are_those_that_the_days_touch(world: World, flooded: Indicator) -> None:
    left_out(world, flooded, world.north, starts=dt.date(2024, 7, 14), ends=dt.date(2024, 8, 3))
    assert list(selectors.reading_of(flooded, world.north).aside) == [6, 7]


def test_what_happened_above_is_left_out_below(world: World, flooded: Indicator) -> None:
    above = Unit.objects.filter(
        path__in=[world.north.path[: i + 1] for i, c in enumerate(world.north.path) if c == "/"]
    )
    parent = above.exclude(pk=world.north.pk).order_by("-path").first()
    assert parent is not None
    Exclusion.objects.create(
        indicator=flooded, unit=parent, starts=FLOOD, ends=FLOOD, reason="A strike", created_by=world.admin
    )
    assert list(selectors.reading_of(flooded, world.north).aside) == [6]
    assert selectors.set_aside_in(parent, selectors.exclusions_of(flooded))
    other = Unit.objects.exclude(path__startswith=parent.path).first()
    if other is not None:
        assert selectors.set_aside_in(other, selectors.exclusions_of(flooded)) == ()


def test_limits_that_a_person_set_are_learned_without_it(world: World, flooded: Indicator) -> None:
    left_out(world, flooded, world.north)
    held = services.rebase(
        by=world.admin,
        indicator=flooded,
        unit=world.north,
        starts=dt.date(2024, 1, 1),
        learned_until=dt.date(2024, 12, 1),
        reason="As it has been.",
    )
    assert held.points == 11
    assert held.centre == pytest.approx(sum(FLOODED[:6] + FLOODED[7:12]) / 11)


@pytest.mark.parametrize(
    ("starts", "ends", "said"),
    [
        (dt.date(2020, 1, 1), dt.date(2020, 12, 31), "no periods with data"),
        (dt.date(2024, 1, 1), dt.date(2025, 8, 31), "4 would be left"),
    ],
)
def test_what_leaves_nothing_or_too_little_is_refused(
    world: World, flooded: Indicator, starts: dt.date, ends: dt.date, said: str
) -> None:
    with pytest.raises(RuleBroken, match=said):
        left_out(world, flooded, world.north, starts=starts, ends=ends)


def test_what_is_left_counts_what_was_left_out_before(world: World, flooded: Indicator) -> None:
    left_out(world, flooded, world.north, starts=dt.date(2024, 1, 1), ends=dt.date(2024, 12, 31))
    with pytest.raises(RuleBroken, match="3 would be left"):
        left_out(world, flooded, world.north, starts=dt.date(2025, 1, 1), ends=dt.date(2025, 9, 30))


def test_a_period_is_left_out_once(world: World, flooded: Indicator) -> None:
    made = left_out(world, flooded, world.north)
    with pytest.raises(
        RuleBroken, match=r"1 Jul 2024 .* left out already: “The desk was flooded”"
    ) as refused:
        left_out(world, flooded, world.north, starts=dt.date(2024, 7, 20), ends=dt.date(2024, 8, 3))
    assert refused.value.field == "starts"
    left_out(world, flooded, world.north, starts=dt.date(2024, 8, 1), ends=dt.date(2024, 8, 3))
    services.count_again(made, by=world.admin, note="It was an ordinary month after all.")
    left_out(world, flooded, world.north)


def test_the_newest_period_left_out_is_no_news(world: World) -> None:
    found = measured(world, world.north)  # its last month falls to 60 %
    standing = Standing.objects.get(indicator=found, unit=world.north)
    assert standing.variation == "concern_low"
    left_out(world, found, world.north, starts=dt.date(2025, 12, 1), ends=dt.date(2025, 12, 31))
    standing.refresh_from_db()
    assert standing.variation == "common_cause"
    assert standing.value == pytest.approx(60)
    run_queued()


def test_the_thread_says_both_ways_what_it_is_to_the_indicator(world: World, flooded: Indicator) -> None:
    made = left_out(world, flooded, world.north)
    with translation.override("es"):
        (above,) = strands(made, Way.UP, world.admin, passed=())
        below = {strand.label for strand in strands(flooded, Way.DOWN, world.admin, passed=())}
    assert above.label == "queda fuera de los límites de"
    assert "deja fuera de sus límites" in below


def test_signals_of_a_former_reading_are_not_shown_as_those_of_this_chart(
    world: World, flooded: Indicator
) -> None:
    def page() -> str:
        address = catalog.of(Indicator).url(flooded)
        client = client_of(world.admin)
        return client.get(address, {"unit": world.north.code, "show": "signals"}).content.decode()

    assert "/do/acknowledge/" in page()
    # As it is while the work that reads the chart anew still waits: of a unit below, or of another chart.
    Exclusion.objects.create(
        indicator=flooded,
        unit=world.north,
        starts=FLOOD,
        ends=FLOOD,
        reason="A strike",
        created_by=world.admin,
    )
    waiting = page()
    assert "is being read anew" in waiting
    assert "/do/acknowledge/" not in waiting
    assert "July 2024" not in waiting
    jobs.draw_again(indicator=flooded.pk)
    assert "is being read anew" not in page()
