"""From draft to result by the operations, with the sentence of every refusal."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from calidez.kit.catalog import catalog
from calidez.kit.conformance import World
from calidez.kit.core.children import Row
from calidez.kit.platform.errors import NotAllowed, RuleBroken
from calidez.monitoring.measuring.services.measuring import refresh_standings
from calidez.monitoring.models import Measurement
from calidez.monitoring.tests.factories import measured
from calidez.objectives import services
from calidez.objectives.models import Objective
from calidez.objectives.tests.factories import active, objective
from calidez.people.tests.factories import person

pytestmark = pytest.mark.django_db
State, Status = Objective.State, Objective.Status
DUE = dt.date(2025, 12, 31)


def refused(call: Any) -> RuleBroken:
    with pytest.raises(RuleBroken) as caught:
        call()
    return caught.value


def edit(one: Objective, world: World, **values: Any) -> Objective:
    edition = catalog.of(Objective).edition
    assert edition is not None
    return edition(one, by=world.admin, **values)


@pytest.fixture
def colleague(world: World) -> Any:
    return person(world.admin, world.root, "colleague@example.org", "Carla Colleague", role="administrator")


def test_the_baseline_is_taken_from_the_last_twelve_periods(world: World) -> None:
    one = objective(world, world.north, 1, baseline=None, starts=dt.date(2026, 1, 1))
    one = services.propose_baseline(one, by=world.admin)
    # Eleven months around 96 % and one at 60 %, a thousand cases each.
    assert one.baseline == pytest.approx(92.9, abs=0.2)
    assert one.baseline_low < one.baseline < one.baseline_high
    assert one.baseline_n == 12000
    assert (one.baseline_from, one.baseline_until) == (dt.date(2025, 1, 1), DUE)


def test_a_baseline_ends_where_the_objective_starts(world: World) -> None:
    one = services.propose_baseline(objective(world, world.north, 1, baseline=None), by=world.admin)
    assert (one.baseline_from, one.baseline_until) == (dt.date(2024, 1, 1), dt.date(2024, 12, 31))


def test_a_baseline_written_by_hand_keeps_no_interval_of_another_figure(world: World) -> None:
    one = services.propose_baseline(objective(world, world.north, 1, baseline=None), by=world.admin)
    assert edit(one, world, baseline=one.baseline).baseline_n == 12000
    assert edit(one, world, baseline=50.0).baseline_n is None


def test_no_baseline_is_taken_from_an_indicator_without_data(world: World) -> None:
    bare = measured(world, world.south, 7, name="Bare")
    Measurement.objects.filter(version__indicator=bare).delete()
    one = objective(world, world.south, 1, indicator=bare, baseline=None)
    assert "no data" in str(refused(lambda: services.propose_baseline(one, by=world.admin)))


def test_all_that_is_missing_is_said_before_it_is_active(world: World) -> None:
    one = objective(world, world.north, 1, target=None, resources="", baseline=None, indicator=None)
    refusal = refused(lambda: services.activate(one, by=world.admin))
    for words in ("Choose an indicator", "Give the objective a target", "no baseline", "what it takes"):
        assert words in str(refusal)
    assert refusal.field == "indicator"
    assert services.activate.why_not(one, world.admin)


def test_milestones_are_rows_of_the_form_and_lie_within_the_plan(world: World) -> None:
    one = objective(world, world.north, 1)
    outside = [Row({"on": dt.date(2030, 1, 1), "value": 95.0})]
    one = edit(one, world, child_rows={"rows_milestone": outside})
    assert "milestone" in str(refused(lambda: services.activate(one, by=world.admin)))
    inside = [Row({"on": dt.date(2025, 6, 30), "value": 97.0})]
    one = edit(one, world, child_rows={"rows_milestone": inside})
    assert services.activate(one, by=world.admin).state == State.ACTIVE


def test_the_newest_period_is_compared_with_the_plan(world: World) -> None:
    # 60 % in December 2025, where the plan from 90 to 98 asks 94.
    one = active(world, world.north)
    services.refresh([one], on=dt.date(2026, 1, 15))
    assert one.status == Status.BEHIND
    assert one.value == pytest.approx(60)
    assert one.asked == pytest.approx(94, abs=0.1)
    assert len(one.trace) == 24
    services.refresh([one], on=dt.date(2026, 6, 1))
    assert one.status == Status.UNKNOWN, "a figure of five months ago says nothing about now"


def test_new_measurements_renew_the_standing_without_a_version(world: World) -> None:
    one = active(world, world.north, due=DUE)
    assert one.indicator is not None
    version = one.indicator.versions.get(current=True)
    newest = Measurement.objects.filter(version=version, period_start=dt.date(2025, 12, 1))
    newest.update(met=990, unmet=10)
    refresh_standings(version, [world.north.pk])
    again = Objective.objects.get(pk=one.pk)
    assert (again.status, again.version) == (Status.REACHED, one.version)


def test_it_is_closed_with_its_result_by_somebody_else(world: World, colleague: Any) -> None:
    one = active(world, world.north, due=DUE)
    own = refused(lambda: services.close_not_reached(one, by=world.admin))
    assert "other than its owner" in str(own)
    early = refused(lambda: services.close_reached(one, by=colleague))
    assert "December 2025" in str(early)
    assert "does not meet the target of at least 98%" in str(early)
    one = services.close_not_reached(one, by=colleague, note="The second desk came late.")
    assert one.state == State.NOT_REACHED
    assert one.result == pytest.approx(60)
    assert one.result_low < 60 < one.result_high
    assert (one.result_n, one.result_on, one.closed_by) == (1000, dt.date(2025, 12, 1), colleague)


def test_the_result_is_that_of_the_period_in_which_it_was_due(world: World, colleague: Any) -> None:
    one = active(world, world.north, due=dt.date(2025, 11, 30), target=95.0)
    one = services.close_reached(one, by=colleague)
    assert one.result_on == dt.date(2025, 11, 1), "not the bad month after it"


def test_what_is_not_due_and_not_met_stays_open_or_is_withdrawn(world: World, colleague: Any) -> None:
    one = active(world, world.north)
    assert "not been measured yet" in str(refused(lambda: services.close_not_reached(one, by=colleague)))
    one = services.withdraw(one, by=colleague, note="The clinic moves.")
    assert (one.state, one.closed_by) == (State.WITHDRAWN, colleague)


def test_an_active_objective_is_planned_anew_only_by_its_step(world: World) -> None:
    one = active(world, world.north)
    refused(lambda: edit(one, world, target=95.0))
    one = services.plan_anew(one, by=world.admin, note="Asked too much.")
    assert edit(one, world, target=95.0).target == 95.0


def test_who_may_only_read_closes_nothing(world: World) -> None:
    one = active(world, world.north, due=DUE)
    with pytest.raises(NotAllowed):
        services.close_not_reached(one, by=world.auditor)


def test_the_indicator_must_be_measured_where_the_objective_stands(world: World) -> None:
    south = measured(world, world.south, 3)
    refusal = refused(lambda: objective(world, world.north, 2, indicator=south))
    assert refusal.field == "indicator"
    assert "North clinic" in str(refusal)


def test_a_share_belongs_to_a_unit_below_and_never_round(world: World) -> None:
    whole = objective(world, world.root, 1)
    share = objective(world, world.north, 2, parent=whole)
    assert "does not lie below" in str(refused(lambda: objective(world, world.south, 3, parent=share)))
    assert "does not lie below" in str(refused(lambda: objective(world, world.root, 3, parent=whole)))
    assert "circle" in str(refused(lambda: edit(whole, world, parent=share)))


def test_it_carries_the_unit_of_measure_of_its_indicator(world: World) -> None:
    assert objective(world, world.north, 1, measured_in="min").measured_in == "%"
    assert objective(world, world.north, 2, indicator=None, measured_in="min").measured_in == "min"
