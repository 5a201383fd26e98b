"""The numbers in the frame: asked for after the page, kept in a row, and true soon enough for whom they concern."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from calidez.kit.catalog import catalog
from calidez.kit.desk.inbox import badge, jobs, rules, services
from calidez.kit.desk.inbox.models import WaitingCount
from calidez.kit.desk.notifications import services as notifications
from calidez.kit.desk.notifications.models import Notification
from calidez.kit.tests.desk import Desk, again, client_of, desk_of
from calidez.people.models import Position

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 3, 11, 12, tzinfo=dt.UTC)


@pytest.fixture
def desk(world: Any, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return desk_of(world, monkeypatch)


def shown(who: Any) -> int:
    return int(client_of(who).get("/my-work/counts/").json()["pending"])


def aged(who: Any, **age: float) -> None:
    WaitingCount.objects.filter(person=who).update(counted_at=timezone.now() - dt.timedelta(**age))


@pytest.mark.parametrize(
    ("minutes", "told", "holds"),
    [
        (9, {}, True),
        (11, {}, False),  # not everything leaves an event
        (1, {"happened": True}, True),
        (4, {"happened": True}, False),
        (0, {"concerned": True}, False),
        (0, {"same_day": False}, False),
    ],
)
def test_how_long_a_number_holds(minutes: int, told: dict[str, bool], holds: bool) -> None:
    since = {"same_day": True, "concerned": False, "happened": False} | told
    counted = NOW - dt.timedelta(minutes=minutes)
    assert rules.count_holds(counted, NOW, others=dt.timedelta(minutes=3), **since) is holds


def test_no_page_counts_and_the_frame_costs_four_queries(world: Any, desk: Desk) -> None:
    client = client_of(world.north_manager)
    desk.add("Nurse")
    client.get("/administration/")
    with CaptureQueriesContext(connection) as captured:
        page = client.get("/administration/").content.decode()
    assert len(captured) <= 4, "session, person, roles, unit"
    assert desk.asked == 0
    assert 'data-counts="/my-work/counts/"' in page
    assert '<span class="nav-count" data-count="pending"' in page
    assert not WaitingCount.objects.exists()


def test_the_number_is_counted_when_it_is_asked_for_and_then_read(world: Any, desk: Desk) -> None:
    desk.add("Nurse")
    client = client_of(world.north_manager)
    assert client.get("/my-work/counts/").json() == {
        "pending": 1,
        "unread": 0,
        "said": {"pending": "1 thing waits for you", "unread": "0 unread notifications"},
    }
    asked = desk.asked
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/my-work/counts/").json()["pending"] == 1
    assert desk.asked == asked
    assert len(captured) <= 4, "session, person, roles, row"


def test_ones_own_doing_counts_at_once_and_that_of_others_soon(world: Any, desk: Desk) -> None:
    desk.add("Nurse")
    assert shown(world.admin) == shown(world.north_manager) == 1
    desk.add("Porter")  # by the administrator
    assert shown(world.admin) == 2
    assert shown(world.north_manager) == 1
    aged(world.north_manager, minutes=4)
    assert shown(world.north_manager) == 2
    edition = catalog.of(Position).edition
    assert edition is not None
    edition(Position.objects.get(name="Nurse"), by=world.north_manager, purpose="Nursing")
    assert shown(world.north_manager) == 1


def test_the_frame_agrees_with_the_page_that_shows_what_others_did(world: Any, desk: Desk) -> None:
    desk.add("Nurse")
    assert shown(world.north_manager) == 1
    desk.add("Porter")  # by the administrator
    assert shown(world.north_manager) == 1
    client_of(world.north_manager).get("/my-work/")
    assert shown(world.north_manager) == 2


def test_what_one_is_told_of_counts_at_once(world: Any, desk: Desk) -> None:
    assert shown(world.north_manager) == 0
    made = desk.add("Nurse")
    assert shown(world.north_manager) == 0
    position = Position.objects.get(uid=made.rpartition("/")[2])
    notifications.notify(world.north_manager, services.DELEGATED, text="Look", record=position)
    found = client_of(world.north_manager).get("/my-work/counts/").json()
    assert (found["pending"], found["unread"]) == (1, 1)
    Notification.objects.update(read_at=timezone.now())
    assert client_of(world.north_manager).get("/my-work/counts/").json()["unread"] == 0


def test_putting_off_and_handing_on_count_at_once_for_both(world: Any, desk: Desk) -> None:
    key = desk.add("Nurse")
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    assert shown(world.admin) == shown(world.north_manager) == 1
    services.snooze(key, tomorrow, by=again(world.admin))
    assert shown(world.admin) == 0
    services.wake(key, by=again(world.admin))
    assert shown(world.admin) == 1
    services.delegate(key, again(world.north_manager), by=again(world.admin))
    assert (shown(world.admin), shown(world.north_manager)) == (0, 1)
    assert WaitingCount.objects.filter(person=world.north_manager, counted_at__isnull=False).exists()


def test_a_new_day_counts_anew(world: Any, desk: Desk) -> None:
    key = desk.add("Nurse")
    services.snooze(key, timezone.localdate() + dt.timedelta(days=1), by=again(world.admin))
    assert shown(world.admin) == 0
    row = WaitingCount.objects.get(person=world.admin)
    badge_row = badge._rows(WaitingCount.objects.filter(pk=row.pk)).get()
    assert badge._holds(badge_row, row.counted_at)
    assert not badge._holds(badge_row, row.counted_at + dt.timedelta(days=1))


def test_the_worker_counts_ahead_for_those_who_are_at_work(world: Any, desk: Desk) -> None:
    for who in (world.admin, world.north_manager):
        assert shown(who) == 0
    desk.add("Nurse")
    gone = timezone.now() - badge.SEEN_LATELY - dt.timedelta(minutes=1)
    WaitingCount.objects.filter(person=world.admin).update(asked_at=gone)
    jobs.count_waiting()
    rows = dict(WaitingCount.objects.values_list("person", "count"))
    assert rows == {world.admin.pk: 0, world.north_manager.pk: 1}
    asked = desk.asked
    aged(world.north_manager, minutes=2)
    jobs.count_waiting()
    assert desk.asked == asked, "nothing happened since"
    assert jobs.count_waiting.every


def test_the_numbers_are_ones_own(world: Any, desk: Desk) -> None:
    desk.add("Nurse")
    assert shown(world.outsider) == 0
    assert shown(world.north_manager) == 1
    assert Client().get("/my-work/counts/").status_code == 302
