"""A period is judged by the promise in force as it began: a changed target, a local one, an unacceptable figure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone

from calidez.kit.catalog import catalog
from calidez.kit.conformance import World
from calidez.kit.core.children import Row
from calidez.kit.platform.jobs.worker import run_queued
from calidez.monitoring import selectors, unacceptable
from calidez.monitoring.indicator_pages.address import View
from calidez.monitoring.indicator_pages.promise import promise_page
from calidez.monitoring.measuring.findings import finding, standing_badge
from calidez.monitoring.measuring.services.indicators import keep_version
from calidez.monitoring.measuring.services.measuring import refresh_standings
from calidez.monitoring.models import Indicator, IndicatorVersion, Measurement, Standing
from calidez.monitoring.rules import Promise, Schedule
from calidez.monitoring.tests import factories
from calidez.monitoring.tests.conftest import Network, client_of
from calidez.people.models import Unit
from calidez.people.tests.factories import create
from calidez.standards.models import Standard
from calidez.standards.services import propose, put_in_force, revise
from calidez.standards.tests.factories import BASIS, second_person, standard_in_force

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_month_is_over(monkeypatch: Any) -> None:
    """A version begins today at the earliest, and only months that are over are judged: the charts are read afterwards."""
    found = selectors.circumstances
    afterwards = timezone.localdate() + dt.timedelta(days=40)
    monkeypatch.setattr(
        selectors, "circumstances", lambda *given, **more: replace(found(*given, **more), today=afterwards)
    )


def months(count: int) -> list[dt.date]:
    """The first days of the latest months, the present one last."""
    today = timezone.localdate()
    numbers = [today.year * 12 + today.month - 1 - back for back in reversed(range(count))]
    return [dt.date(number // 12, number % 12 + 1, 1) for number in numbers]


def measured(world: World, unit: Any, standard: Any, shares: Sequence[float], n: int = 1000) -> Indicator:
    found = factories.indicator(world, world.root, unit.pk, name=f"Of {unit}", standard=standard)
    run_queued()  # what its creation asked for; there are no facts to measure
    add(keep_version(found), unit, shares, n)
    return found


def add(version: IndicatorVersion, unit: Any, shares: Sequence[float], n: int = 1000) -> None:
    Measurement.objects.bulk_create(
        Measurement(
            version=version,
            unit=unit,
            period_start=start,
            n=n,
            weight=n,
            total=n * share,
            met=n * share,
            unmet=n * (1 - share),
        )
        for start, share in zip(months(len(shares)), shares, strict=True)
    )
    refresh_standings(version, [unit.pk])


def changed(standard: Standard, world: World, starts: dt.date, **values: Any) -> Standard:
    """The next version, by two people."""
    edited = catalog.of(Standard).edition(revise(standard, by=world.admin), by=world.admin, **values)
    proposed = propose(
        edited,
        by=world.admin,
        # What was measured does not reach the new target.
        stretch_reason="The law asks for it.",
        stretch_plan="A second desk opens.",
        stretch_until=timezone.localdate() + dt.timedelta(days=90),
    )
    done: Standard = put_in_force(proposed, by=second_person(world), starts=starts)
    return done


def verdicts(indicator: Indicator, unit: Any) -> list[str]:
    indicator = Indicator.objects.get(pk=indicator.pk)
    return [str(v) for v in selectors.reading_of(indicator, unit).verdicts]


def test_a_schedule_knows_which_promise_held_when() -> None:
    first = Promise(90, 0, True, dt.date(2024, 1, 1), dt.date(2024, 6, 30))
    second = Promise(95, 0, True, dt.date(2024, 7, 1), None)
    schedule = Schedule((first, second))
    assert schedule.on(dt.date(2023, 12, 31)) is None
    assert schedule.on(dt.date(2024, 6, 30)) == first
    assert schedule.on(dt.date(2024, 7, 1)) == second
    assert schedule.spoken_of_on(dt.date(2023, 1, 1)) == first
    ended = Schedule((first,))
    assert ended.on(dt.date(2025, 1, 1)) is None
    assert ended.spoken_of_on(dt.date(2025, 1, 1)) == first


def test_a_changed_target_leaves_every_earlier_verdict_and_measurement_untouched(world: World) -> None:
    standard = standard_in_force(world, world.root, target=90.0, tolerance=2.0)
    indicator = measured(world, world.root, standard, [0.93] * 12)
    before = verdicts(indicator, world.root)
    assert set(before) == {"kept"}
    kept = list(Measurement.objects.order_by("pk").values())
    changed(standard, world, timezone.localdate(), target=97.0, tolerance=1.0)
    run_queued()
    assert list(Measurement.objects.order_by("pk").values()) == kept
    # The month that runs began under the first version, unless today is its first day.
    begun_today = timezone.localdate().day == 1
    assert verdicts(indicator, world.root) == [*before[:-1], "broken" if begun_today else "kept"]
    first, second = Standard.objects.get(pk=standard.pk).versions.order_by("number")
    assert (first.target, second.target) == (90.0, 97.0)
    assert first.ends == second.starts - dt.timedelta(days=1)


def two_versions(world: World, *, now: float = 0.93, **more: Any) -> tuple[Standard, Indicator]:
    """Ninety per cent until the last half year, and ninety-seven since; told so by the versions themselves."""
    standard = standard_in_force(world, world.root, target=90.0, tolerance=2.0, **more)
    indicator = measured(world, world.root, standard, [0.93] * 11 + [now])
    standard = changed(standard, world, timezone.localdate(), target=97.0, tolerance=1.0)
    turn = months(12)[6]
    first, second = standard.versions.order_by("number")
    type(first).objects.filter(pk=first.pk).update(ends=turn - dt.timedelta(days=1))
    type(first).objects.filter(pk=second.pk).update(starts=turn)
    run_queued()
    return Standard.objects.get(pk=standard.pk), Indicator.objects.get(pk=indicator.pk)


def test_each_period_is_judged_by_the_version_of_its_time(world: World) -> None:
    _standard, indicator = two_versions(world)
    assert verdicts(indicator, world.root) == ["kept"] * 6 + ["broken"] * 6
    standing = Standing.objects.get(indicator=indicator)
    assert (standing.state, standing.since) == ("broken", months(12)[6])
    assert standing.trace["targets"] == [90.0] * 6 + [97.0] * 6
    reading = selectors.reading_of(indicator, world.root)
    said = finding(reading, indicator, selectors.promise_of(indicator, world.root))
    assert said.startswith(f"{indicator.name}: below 97% since")


def test_the_sentence_says_that_the_target_was_another_one(world: World) -> None:
    standard, indicator = two_versions(world)
    first = standard.versions.order_by("number").first()
    type(first).objects.filter(pk=first.pk).update(target=95.0)
    indicator = Indicator.objects.get(pk=indicator.pk)
    reading = selectors.reading_of(indicator, world.root)
    said = finding(reading, indicator, selectors.promise_of(indicator, world.root))
    assert "short of the target of its time since" in said
    assert said.endswith("now 97%")


def test_the_page_draws_the_target_in_steps_and_the_margin_of_each_time(world: World) -> None:
    _standard, indicator = two_versions(world)
    client = client_of(world.admin)
    assert "step-after" in client.get(f"/indicators/{indicator.uid}/").content.decode()
    series = client.get(f"/api/v1/indicators/{indicator.code}/series?unit=NW").json()
    assert [point["target"] for point in series["points"]] == [90.0] * 6 + [97.0] * 6
    assert [target["value"] for target in series["targets"]] == [90.0, 97.0]
    page = promise_page(View(indicator, world.root, selectors.current_version(indicator)))
    assert page.target == "at least 97%"
    assert page.budget is not None
    assert page.ability is not None
    # 1,000 cases a month: 100 may fail in each of the first six, 30 in each of the last.
    assert page.budget.figures[0].value == "780"
    assert page.budget.figures[1].value == "840"
    periods = next(f for f in page.ability.figures if f.label == "Periods that met the target")
    assert periods.value == "6 of 12"


def test_a_local_target_judges_its_unit_and_those_below(world: World) -> None:
    ward = create(Unit, world.admin, code="WARD", name="Ward", parent=world.north)
    standard = standard_in_force(
        world,
        world.root,
        target=95.0,
        tolerance=0.0,
        child_rows={
            "rows_standardbasis": [BASIS],
            "rows_localtarget": [Row({"unit": world.north, "target": 80.0})],
        },
    )
    indicator = factories.indicator(world, world.root, 1, standard=standard)
    version = keep_version(indicator)
    for unit in (world.root, world.north, world.south, ward):
        add(version, unit, [0.85] * 6)
    states = dict(Standing.objects.filter(indicator=indicator).values_list("unit__code", "state"))
    assert states == {"NW": "broken", "SOUTH": "broken", "NORTH": "kept", "WARD": "kept"}


def test_an_unacceptable_figure_asks_for_its_reaction(
    network: Network, english: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = network.world
    standard = standard_in_force(
        world,
        world.root,
        target=90.0,
        tolerance=5.0,
        unacceptable=80.0,
        reaction="The manager opens a second desk the same day.",
    )
    indicator = measured(world, world.root, standard, [0.92] * 5 + [0.79])
    standing = Standing.objects.get(indicator=indicator)
    assert (standing.state, standing.unacceptable) == ("broken", True)
    assert standing_badge(standing).text == "Unacceptable: reaction required"
    (pending,) = unacceptable.waiting(world.admin)
    assert "79.0% in" in pending.text
    assert pending.since is None, "since when it is unacceptable is not known"
    assert pending.text.endswith("Required: The manager opens a second desk the same day.")
    assert unacceptable.waiting(world.north_manager) == ()  # answers for other standards
    client = client_of(world.admin)
    for address in (f"/indicators/{indicator.uid}/", "/", f"/standards/{standard.uid}/"):
        page = client.get(address).content.decode()
        assert "The manager opens a second desk the same day." in page, address
    add(keep_version(indicator), world.south, [0.70])
    assert "and 1 more unit" in unacceptable.waiting(world.admin)[0].text
    assert unacceptable.indicators(world.admin).count() == len(unacceptable.waiting(world.admin)) == 1
    assert unacceptable.indicators(world.north_manager).count() == 0
    # A year without figures later it is history, and asks nobody.
    later = timezone.now().date() + dt.timedelta(days=400)
    monkeypatch.setattr(timezone, "localdate", lambda *_given, **_more: later)
    assert unacceptable.waiting(world.admin) == ()
    assert unacceptable.indicators(world.admin).count() == 0


def test_a_few_cases_are_never_unacceptable(world: World) -> None:
    standard = standard_in_force(world, world.root, unacceptable=80.0, reaction="Call the owner.")
    indicator = measured(world, world.root, standard, [0.5] * 6, n=20)
    assert not Standing.objects.get(indicator=indicator).unacceptable


def test_what_is_written_for_the_next_version_judges_nothing(world: World) -> None:
    standard = standard_in_force(world, world.root, target=90.0)
    indicator = measured(world, world.root, standard, [0.93] * 6)
    catalog.of(Standard).edition(revise(standard, by=world.admin), by=world.admin, target=99.0)
    run_queued()
    assert set(verdicts(indicator, world.root)) == {"kept"}
    page = client_of(world.admin).get("/").content.decode()
    assert "at least 90%" in page
    assert "at least 99%" not in page
