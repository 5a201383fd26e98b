"""Work that a kind of record declares: for whom it waits, until when, and who is reminded of it when."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from calidez.kit.catalog import catalog
from calidez.kit.core.waits import Waits
from calidez.kit.desk import inbox
from calidez.kit.desk.inbox import daily, declared, feed, jobs, reminders, rules, services, sources
from calidez.kit.desk.inbox.models import Reminder, Snooze
from calidez.kit.desk.notifications.models import Notification
from calidez.kit.platform.formats import day
from calidez.kit.platform.jobs.worker import run_queued
from calidez.people.models import Invitation, Role, User
from calidez.people.services import invitations
from calidez.people.tests.factories import create, person

TODAY = timezone.localdate()
DAY = dt.date(2026, 3, 12)
OWN = Waits(
    Invitation.State.SENT,
    say="Follow up: %(record)s",
    who="created_by",
    due="ends",
    soon=30,
    label="To follow",
)
OTHERS = Waits(
    Invitation.State.SENT,
    say="%(created_by)s invited %(record)s",
    who=invitations.revoke,
    but_not="created_by",
    due="ends",
    soon=-1,
    key="people.late",
)


@pytest.fixture
def declare(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Only these wait, whatever the parts declare."""

    def these(*waits: Waits) -> None:
        for entity in catalog:
            monkeypatch.setattr(entity, "waits", (), raising=False)
        monkeypatch.setattr(catalog.of(Invitation), "waits", waits, raising=False)
        monkeypatch.setattr(sources, "_sources", {})
        declared.add_declared()

    return these


def invited(world: Any, days: int | None, name: str = "Nina New", by: Any = None) -> Invitation:
    """An invitation whose role ends in so many days: of all that there is here, this has a day."""
    made = create(
        Invitation,
        by or world.admin,
        name=name,
        email=f"{name.split()[0].lower()}@example.org",
        role=Role.objects.get(code="employee"),
        unit=world.north,
    )
    Invitation.objects.filter(pk=made.pk).update(
        ends=None if days is None else TODAY + dt.timedelta(days=days)
    )
    mail.outbox.clear()
    return made


def again(who: Any) -> Any:
    return User.objects.get(pk=who.pk)


def texts(who: Any) -> list[str]:
    """What waits, and that the count of the frame says the same."""
    found = [item.text for item in inbox.pending(again(who))]
    assert inbox.count(again(who)) == len(found)
    return found


@pytest.mark.django_db
def test_it_waits_for_its_person_from_some_days_before(world: Any, declare: Any) -> None:
    declare(OWN)
    soon = invited(world, 30)
    invited(world, 31, "Later One")
    invited(world, None, "Never One")
    assert texts(world.admin) == ["Follow up: Nina New"]
    assert texts(world.north_manager) == texts(world.auditor) == []
    (item,) = inbox.pending(again(world.admin))
    assert (item.kind, item.due, item.uid) == ("Invitation", TODAY + dt.timedelta(days=30), soon.uid)
    assert item.url == catalog.of(Invitation).url(soon)
    invitations.revoke(soon, by=world.admin)
    assert texts(world.admin) == [], "in another state it asks nothing"


@pytest.mark.django_db
def test_it_waits_earlier_where_something_else_presses(world: Any, declare: Any) -> None:
    declare(Waits(OWN.states, OWN.say, who="created_by", due="ends", soon=30, early=Q(name="Late One")))
    invited(world, 300, "Late One")
    invited(world, 300, "Nina New")
    assert texts(world.admin) == ["Follow up: Late One"]


@pytest.mark.django_db
def test_it_waits_for_whoever_may_do_it_there_but_not_for_the_one_who_began_it(
    world: Any, declare: Any
) -> None:
    declare(OTHERS)
    invited(world, -1)
    invited(world, 0, "Today One")
    south = person(world.admin, world.south, "sue@example.org", "Sue South", role="administrator")
    assert texts(world.north_manager) == ["Ada Administrator invited Nina New"]
    assert texts(world.admin) == texts(south) == texts(world.auditor) == []


@pytest.mark.django_db
def test_several_ways_to_wait_are_told_apart(world: Any, declare: Any) -> None:
    declare(OWN, OTHERS)
    invited(world, -1)
    assert [item.key.split("/")[0] for item in inbox.pending(again(world.admin))] == ["people.invitation"]
    assert [item.key.split("/")[0] for item in inbox.pending(again(world.north_manager))] == ["people.late"]
    with pytest.raises(ValueError, match="two sources"):
        declare(OWN, OWN)


@pytest.mark.django_db
def test_what_waits_costs_the_same_however_much_it_is(world: Any, declare: Any) -> None:
    declare(OWN, OTHERS)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert inbox.pending(again(world.north_manager))
        return len(captured)

    invited(world, -1)
    few = queries()
    for number in range(4):
        invited(world, -number - 1, f"Nina{number} New")
    assert queries() == few


@pytest.mark.django_db
def test_my_work_draws_the_step_that_settles_it(world: Any, declare: Any) -> None:
    declare(OTHERS)
    one = invited(world, -1)
    client = Client()
    client.force_login(world.north_manager, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/my-work/").content.decode()
    assert str(invitations.revoke.label) in page
    (item,) = inbox.pending(again(world.north_manager))
    assert item.act is not None
    assert item.act.url in page
    assert client.get(item.act.url).status_code == 200
    assert str(one.uid) in item.act.url


@pytest.mark.django_db
def test_the_mail_and_the_calendar_hold_it(world: Any, declare: Any, client: Client) -> None:
    declare(OWN)
    invited(world, -1)
    invited(world, 3, "Soon One")
    assert reminders.remind(TODAY) == 2
    assert daily.write(again(world.admin), TODAY)
    run_queued()
    (sent,) = [one for one in mail.outbox if one.to == [world.admin.email]]
    assert "Follow up: Nina New" in sent.body
    assert sent.body.count("Nina New") == 1, "what stands under “Overdue” is not told again as a notification"
    assert f"Due on {day(TODAY + dt.timedelta(days=3))}: Follow up: Soon One" in sent.body
    answer = client.get(f"/calendar/{feed.make_address(world.admin)}.ics")
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert {str(event["summary"]): event["dtstart"].dt for event in events} == {
        "Follow up: Nina New": TODAY - dt.timedelta(days=1),
        "Follow up: Soon One": TODAY + dt.timedelta(days=3),
    }


def told(who: Any) -> list[str]:
    return list(
        Notification.objects.filter(person=who, kind="due").order_by("id").values_list("text", flat=True)
    )


@pytest.mark.django_db
def test_each_stage_is_told_once_also_when_the_worker_stood_still(world: Any, declare: Any) -> None:
    declare(OWN)
    one = invited(world, 30)
    due = TODAY + dt.timedelta(days=30)
    days = (-31, -30, -29, 0, 1, 2, 8)
    assert [reminders.remind(due + dt.timedelta(days=offset)) for offset in days] == [0, 1, 0, 0, 1, 0, 1]
    said = day(due)
    assert told(world.admin) == [
        f"Due on {said}: Follow up: Nina New",
        *[f"Overdue since {said}: Follow up: Nina New"] * 2,
    ]
    slept = invited(world, 30, "Slept One")
    assert reminders.remind(due + dt.timedelta(days=9)) == 1, "after a month of sleep it is told, once"
    assert reminders.remind(due + dt.timedelta(days=9)) == 0
    Invitation.objects.filter(pk=slept.pk).update(ends=due + dt.timedelta(days=60))
    assert reminders.remind(due + dt.timedelta(days=31)) == 2, (
        "another day begins anew: one comes, one is overdue"
    )
    for each in (one, slept):
        each.refresh_from_db()
        invitations.revoke(each, by=world.admin)
    assert reminders.remind(due + dt.timedelta(days=90)) == 0


@pytest.mark.django_db
def test_those_nearest_who_may_do_it_are_reminded(world: Any, declare: Any) -> None:
    declare(OTHERS)
    invited(world, -1)
    others = [
        person(world.admin, world.root, f"a{n}@example.org", f"Admin {n}", role="administrator")
        for n in range(5)
    ]
    assert reminders.remind(TODAY) == reminders.NEAREST
    assert len(told(world.north_manager)) == 1, "their role was given nearest"
    assert told(world.admin) == [], "who began it is not asked"
    assert sum(len(told(one)) for one in others) == reminders.NEAREST - 1


@pytest.mark.django_db
def test_what_is_put_off_sleeps_and_what_is_handed_on_is_told_to_the_other(world: Any, declare: Any) -> None:
    declare(OWN)
    one = invited(world, -1)
    key = f"people.invitation/people.invitation/{one.uid}"
    services.snooze(key, TODAY + dt.timedelta(days=1), by=again(world.admin))
    assert texts(world.admin) == []
    assert reminders.remind(TODAY) == 0
    assert reminders.remind(TODAY + dt.timedelta(days=1)) == 1, "and once it is back it is told"
    Snooze.objects.all().delete()
    declare(Waits(OWN.states, OWN.say, who="created_by", due="ends", soon=30, step=invitations.revoke))
    services.delegate(key, world.north_manager, by=again(world.admin))
    assert texts(world.admin) == []
    assert texts(world.north_manager) == ["Follow up: Nina New"]
    assert reminders.remind(TODAY + dt.timedelta(days=1)) == 1
    assert (len(told(world.admin)), len(told(world.north_manager))) == (1, 1)


@pytest.mark.django_db
def test_personal_work_is_nobody_elses(world: Any, declare: Any) -> None:
    declare(Waits(OWN.states, OWN.say, who="created_by", personal=True))
    invited(world, 1)
    (source,) = sources.sources()
    assert source.verb == ""


@pytest.mark.django_db
def test_the_job_reminds_and_old_reminders_are_forgotten(world: Any, declare: Any) -> None:
    declare(OWN)
    invited(world, -1)
    jobs.remind()
    assert Reminder.objects.count() == 1
    assert reminders.forget(timezone.now()) == 0
    assert reminders.forget(timezone.now() + dt.timedelta(days=500)) == 1


def test_a_reminder_comes_before_and_again_after_whatever_days_the_jobs_run() -> None:
    def due(last: int | None, on: int) -> bool:
        before = None if last is None else DAY + dt.timedelta(days=last)
        return rules.reminder_due(DAY, before, on=DAY + dt.timedelta(days=on), before=3, again=7)

    assert not due(None, -4)
    assert due(None, -3)
    assert due(None, 30)  # the jobs stood still for a month
    assert not due(-3, -1)
    assert not due(-3, 0)
    assert due(-3, 1)
    assert not due(1, 7)
    assert due(1, 8)


@given(st.integers(-30, 60))
def test_from_the_first_day_on_nobody_is_forgotten(start: int) -> None:
    """Whenever the jobs begin to run daily, the person is told within a week of being overdue."""
    last, told = None, []
    for offset in range(start, 75):
        on = DAY + dt.timedelta(days=offset)
        if rules.reminder_due(DAY, last, on=on, before=3, again=7):
            last = on
            told.append(offset)
    late = [offset for offset in told if offset > 0]
    assert late
    assert all(b - a == 7 for a, b in itertools.pairwise(late))
