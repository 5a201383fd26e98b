"""Service calendars and closed days as records: what is refused, what holds where, and many days at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import translation

from calidez.kit.catalog import catalog
from calidez.kit.conformance import World
from calidez.kit.platform.errors import NotAllowed, RuleBroken
from calidez.kit.tests.visits import client_of
from calidez.people.models import WEEKDAYS, ClosedDay, ServiceCalendar
from calidez.people.selectors import calendar_of, opening_known
from calidez.people.sentences import opening_week
from calidez.people.services.calendars import Closing, close_days
from calidez.people.tests.factories import create

pytestmark = pytest.mark.django_db
OFFICE = dict.fromkeys(WEEKDAYS[:5], "08:00-15:00")
LONG_AGO = dt.date(2020, 1, 1)
MONDAY, SATURDAY, SUNDAY = dt.date(2026, 3, 2), dt.date(2026, 3, 7), dt.date(2026, 3, 8)


def written(world: World, unit: Any = None, **values: Any) -> ServiceCalendar:
    given = {"unit": unit or world.root, "starts": LONG_AGO, **OFFICE, **values}
    made: ServiceCalendar = create(ServiceCalendar, world.admin, **given)
    return made


def test_a_unit_follows_the_organisation_until_it_has_its_own(world: World) -> None:
    assert calendar_of(world.north) is None
    written(world)
    create(ClosedDay, world.admin, unit=world.root, first=MONDAY, name="Holiday")
    written(world, world.south, saturday="10:00-14:00", adds_above=False)
    known = opening_known([world.root, world.north, world.south])
    answers = {
        unit.code: tuple(known.at(unit.path).is_open(day) for day in (MONDAY, SATURDAY, SUNDAY))  # type: ignore[union-attr]
        for unit in (world.root, world.north, world.south)
    }
    assert set(answers.values()) == {(False, False, False), (True, True, False)}
    assert answers[world.south.code] == (True, True, False)


def test_what_is_not_in_use_does_not_count(world: World, django_assert_num_queries: Any) -> None:
    written(world, is_active=False)
    create(ClosedDay, world.admin, unit=world.root, first=MONDAY, is_active=False)
    with django_assert_num_queries(1):
        assert calendar_of(world.root) is None


def test_closed_days_of_a_range_and_of_every_year(world: World) -> None:
    create(
        ClosedDay,
        world.admin,
        unit=world.root,
        first=dt.date(2025, 8, 1),
        last=dt.date(2025, 8, 31),
        yearly=True,
    )
    calendar = calendar_of(world.north)
    assert calendar is not None
    assert calendar.open_days(dt.date(2026, 7, 31), dt.date(2026, 9, 1)) == 2
    assert calendar.is_open(dt.date(2024, 8, 15))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (dict.fromkeys(WEEKDAYS, ""), "monday"),
        ({"monday": "8 to 3"}, "monday"),
        ({"monday": "08:00-12:00 11:00-15:00"}, "monday"),
    ],
)
def test_hours_that_cannot_be_meant_are_refused(world: World, values: dict[str, str], field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        written(world, **values)
    assert field in {refused.value.field, *refused.value.errors}


def test_two_calendars_cannot_begin_on_one_day_and_none_changes_its_unit(world: World) -> None:
    calendar = written(world)
    with pytest.raises(RuleBroken, match="begins on this day"):
        written(world)
    edition = catalog.of(ServiceCalendar).edition
    assert edition is not None
    with pytest.raises(RuleBroken, match="stays with its unit"):
        edition(calendar, by=world.admin, unit=world.north)


def test_a_closure_in_the_wrong_order_or_too_long_is_refused(world: World) -> None:
    for last in (MONDAY - dt.timedelta(days=1), MONDAY + dt.timedelta(days=400)):
        with pytest.raises(RuleBroken):
            create(ClosedDay, world.admin, unit=world.root, first=MONDAY, last=last)


def test_a_week_is_said_in_one_line(world: World) -> None:
    calendar = written(world, wednesday="08:00-12:00 14:00-18:00", sunday="00:00-24:00")
    assert opening_week(calendar) == (
        "Monday and Tuesday 08:00–15:00; Wednesday 08:00–12:00, 14:00–18:00; "
        "Thursday and Friday 08:00–15:00; Saturday closed; Sunday open all day"
    )


def test_two_days_are_joined_and_several_agree_in_spanish(world: World) -> None:
    with translation.override("es"):
        assert opening_week(written(world)) == "Lunes a viernes 08:00–15:00; sábado y domingo, cerrado"
        week = written(world, world.north, sunday="00:00-24:00", monday="", tuesday="", wednesday="")
        assert opening_week(week) == (
            "Lunes a miércoles, cerrado; jueves y viernes 08:00–15:00; sábado cerrado; domingo abierto todo el día"
        )


def test_a_night_does_not_last_into_the_hours_of_the_next_day(world: World) -> None:
    bar = {**dict.fromkeys(WEEKDAYS, ""), "monday": "22:00-06:00"}
    with pytest.raises(RuleBroken, match="Monday, 22:00–06:00, last into those of Tuesday") as refused:
        written(world, **{**bar, "tuesday": "05:00-08:00"})
    assert refused.value.field == "tuesday"
    with pytest.raises(RuleBroken) as refused:
        written(world, **{**bar, "sunday": "20:00-23:00", "saturday": "22:00-21:00"})
    assert refused.value.field == "sunday"
    written(world, **{**bar, "tuesday": "06:00-08:00"})


def test_the_form_reads_ticks_and_times(world: World) -> None:
    visitor = client_of(world.admin)
    given = {
        "unit": world.root.pk,
        "starts": "2026-01-01",
        "adds_above": "on",
        "is_active": "on",
        "monday-open": "on",
        "monday-0-from": "08:00",
        "monday-0-until": "12:00",
        "monday-1-from": "20:00",
        "monday-1-until": "00:00",
        "tuesday-open": "on",
        "wednesday-0-from": "08:00",  # not ticked: closed
    }
    answer = visitor.post("/service-calendars/new/", given)
    assert answer.status_code == 302, answer.content
    calendar = ServiceCalendar.objects.get()
    assert (calendar.monday, calendar.tuesday, calendar.wednesday) == (
        "08:00-12:00 20:00-24:00",
        "00:00-24:00",
        "",
    )
    page = visitor.get(f"{answer['Location']}edit/").content.decode()
    assert 'name="monday-1-until" value="00:00"' in page
    assert 'name="tuesday-0-from" value=""' in page


def test_proposed_days_are_written_down_when_ticked(world: World) -> None:
    visitor = client_of(world.admin)
    days = ("2025-12-25..2025-12-25*", "2026-05-01..2026-05-02", "2026-13-01..2026-13-02", "nonsense")
    address = "/closed-days/several/?" + "&".join([f"unit={world.root.uid}", *(f"day={day}" for day in days)])
    page = visitor.get(address).content.decode()
    assert page.count('name="closed:') == 2
    assert "no data" not in page  # whoever wrote the address may have named any day
    assert not ClosedDay.objects.exists()
    assert visitor.post(address, {}).status_code == 422
    answer = visitor.post(
        address,
        {f"closed:{days[0]}": "on", f"yearly:{days[0]}": "on", f"name:{days[0]}": "Christmas"},
    )
    assert answer.status_code == 302
    found = ClosedDay.objects.get()
    assert (found.first, found.last, found.name, found.yearly) == (
        dt.date(2025, 12, 25),
        None,
        "Christmas",
        True,
    )
    again = visitor.post(address, {f"closed:{day}": "on" for day in days[:2]})
    assert again.status_code == 422  # one of them is there already, so none is written
    assert ClosedDay.objects.count() == 1


def test_who_may_not_write_closed_days_gets_no_form(world: World) -> None:
    address = f"/closed-days/several/?unit={world.root.uid}&day=2025-12-25..2025-12-25"
    assert client_of(world.auditor).get(address).status_code == 403
    assert client_of(world.outsider).get(address).status_code == 404
    assert client_of(world.admin).get("/closed-days/several/?unit=x").status_code == 404
    with pytest.raises(NotAllowed):
        close_days(world.root, [Closing(MONDAY, MONDAY)], by=world.auditor)


def test_the_page_of_a_calendar_tells_the_closed_days_that_hold(world: World) -> None:
    calendar = written(world, world.north)
    create(
        ClosedDay, world.admin, unit=world.root, first=dt.date(2020, 12, 25), name="Christmas", yearly=True
    )
    create(ClosedDay, world.admin, unit=world.north, first=MONDAY, name="Works")
    page = client_of(world.admin).get(catalog.of(ServiceCalendar).url(calendar)).content.decode()
    assert page.index("Christmas") < page.index("Works")
    assert f"as in {world.root.name}" in page


def test_a_page_without_closed_days_says_only_what_is_known(world: World) -> None:
    visitor, kind = client_of(world.admin), catalog.of(ServiceCalendar)
    follows, alone, whole = (
        written(world, world.north),
        written(world, world.south, adds_above=False),
        written(world),
    )
    said = [visitor.get(kind.url(one)).content.decode() for one in (follows, alone, whole)]
    assert "neither for the unit nor for those above it" in said[0]
    assert "serves on holidays too" not in said[0]
    assert "None: the unit serves on holidays too." in said[1]
    assert "by this calendar it serves on holidays too" in said[2]
