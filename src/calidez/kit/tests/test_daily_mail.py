"""The daily mail: to whom, on which days, with what, in which language, and never twice."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from calidez.kit.desk import inbox
from calidez.kit.desk.inbox import Pending, daily, jobs, sources
from calidez.kit.desk.inbox.models import DailyMail
from calidez.kit.desk.notifications import When, declare, kind, notify, services
from calidez.kit.desk.notifications.models import Notification
from calidez.kit.platform.jobs.models import Job
from calidez.kit.platform.jobs.worker import run_queued
from calidez.kit.platform.mail.models import Mail
from calidez.people.models import User

pytestmark = pytest.mark.django_db
WEDNESDAY = dt.date(2026, 3, 11)
SATURDAY = dt.date(2026, 3, 14)


@pytest.fixture(autouse=True)
def waiting_items(monkeypatch: pytest.MonkeyPatch) -> list[Pending]:
    monkeypatch.setattr(sources, "_sources", {})
    monkeypatch.setattr(declare, "_kinds", {})
    items: list[Pending] = []
    inbox.add_source(lambda who: items, key="desk", label="Desk")
    return items


def thing(name: str, due: dt.date | None = None) -> Pending:
    return Pending(text=name, url=f"/{name}/", kind="Desk", due=due, subject=name)


def again(who: Any) -> Any:
    return User.objects.get(pk=who.pk)


def test_it_says_what_is_late_what_is_due_and_what_is_new(world: Any, waiting_items: list[Pending]) -> None:
    waiting_items += [
        thing("late", WEDNESDAY - dt.timedelta(days=1)),
        thing("now", WEDNESDAY),
        thing("later"),
    ]
    assert daily.write(again(world.auditor), WEDNESDAY)
    run_queued()
    (sent,) = mail.outbox
    assert sent.subject == "3 things wait for you: 1 overdue, 1 due today"
    body = sent.body
    assert body.index("OVERDUE") < body.index("late") < body.index("DUE TODAY") < body.index("NEW FOR YOU")
    assert "http://127.0.0.1:8000/late/" in body
    assert "<h2>" in sent.alternatives[0].content
    assert "You want a mail in the morning" in body


def test_what_was_new_yesterday_is_not_new_today(world: Any, waiting_items: list[Pending]) -> None:
    waiting_items.append(thing("first"))
    assert daily.write(again(world.auditor), WEDNESDAY)
    assert not daily.write(again(world.auditor), WEDNESDAY + dt.timedelta(days=1)), "nothing to say"
    waiting_items.append(thing("second"))
    Mail.objects.all().delete()
    assert daily.write(again(world.auditor), WEDNESDAY + dt.timedelta(days=2))
    written = Mail.objects.get()
    assert "second" in written.text
    assert "first" not in written.text


def test_nothing_to_say_is_no_mail(world: Any) -> None:
    assert not daily.write(again(world.auditor), WEDNESDAY)
    assert not Mail.objects.exists()


def test_it_brings_the_notifications_kept_for_it_once(world: Any) -> None:
    ping = kind("ping", label="Pings", why="Somebody pinged you.", mail=When.DAILY)
    notify(world.auditor, ping, text="Come and see", record=world.north, by=world.admin)
    read = notify(world.auditor, ping, text="Seen already")
    assert read is not None
    services.mark_read(world.auditor, uid=read.uid)
    hidden = notify(world.auditor, ping, text="About the south", record=world.south)
    assert hidden is not None
    Notification.objects.filter(pk=hidden.pk).update(subject_uid="00000000-0000-0000-0000-000000000000")
    assert daily.write(again(world.auditor), WEDNESDAY)
    written = Mail.objects.get()
    assert "Come and see" in written.text
    assert "Seen already" not in written.text
    assert "About the south" not in written.text
    assert not Notification.objects.filter(waits_for_mail=True).exists()
    assert not daily.write(again(world.auditor), WEDNESDAY + dt.timedelta(days=1))


def test_once_a_day_however_often_it_is_asked(world: Any, waiting_items: list[Pending]) -> None:
    waiting_items.append(thing("one"))
    assert daily.write(again(world.auditor), WEDNESDAY)
    assert not daily.write(again(world.auditor), WEDNESDAY)
    assert Mail.objects.count() == 1


def test_a_kill_in_the_middle_loses_and_repeats_nothing(
    world: Any, waiting_items: list[Pending], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker dies after the mail is written and before the transaction ends; another takes the job up."""
    waiting_items.append(thing("one"))

    class Killed(BaseException):
        pass

    def die(notifications: Any) -> None:
        raise Killed

    reader = again(world.auditor)
    with monkeypatch.context() as patch:
        patch.setattr(daily.notifications, "mailed", die)
        with pytest.raises(Killed):
            daily.write(reader, WEDNESDAY)
    assert not Mail.objects.exists()
    assert not DailyMail.objects.exists()
    assert daily.write(again(world.auditor), WEDNESDAY)
    run_queued()
    assert len(mail.outbox) == 1


def test_weekdays_unless_a_person_says_otherwise(world: Any) -> None:
    assert world.auditor.uid in daily.readers(WEDNESDAY)
    assert world.auditor.uid not in daily.readers(SATURDAY)
    services.wish_days(world.auditor, "all")
    assert list(daily.readers(SATURDAY)) == [world.auditor.uid]
    services.wish_days(world.auditor, "none")
    assert world.auditor.uid not in daily.readers(WEDNESDAY)
    User.objects.filter(pk=world.admin.pk).update(is_active=False)
    assert world.admin.uid not in daily.readers(WEDNESDAY)


def test_it_speaks_the_persons_language(world: Any, waiting_items: list[Pending]) -> None:
    User.objects.filter(pk=world.auditor.pk).update(language="es")
    waiting_items.append(thing("tarde", WEDNESDAY - dt.timedelta(days=1)))
    daily.write(again(world.auditor), WEDNESDAY)
    written = Mail.objects.get()
    assert written.subject == "Le espera 1 cosa: 1 vencida"
    assert "VENCIDO" in written.text
    assert 'lang="es"' in written.html


def test_its_foot_stops_it(world: Any, waiting_items: list[Pending], client: Client) -> None:
    waiting_items.append(thing("one"))
    daily.write(again(world.auditor), WEDNESDAY)
    address = Mail.objects.get().headers["List-Unsubscribe"].strip("<>").removeprefix("http://127.0.0.1:8000")
    assert "no daily mail any more" in client.get(address).content.decode()
    assert client.post(address).status_code == 200
    assert world.auditor.uid not in daily.readers(WEDNESDAY)


def test_the_morning_asks_for_each_person_and_a_late_morning_is_no_second_one(
    world: Any, waiting_items: list[Pending], monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting_items.append(thing("one"))
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: WEDNESDAY)
    jobs.write_daily_mails()
    jobs.write_daily_mails()
    asked = Job.objects.filter(name="kit.inbox.write_daily_mail")
    assert asked.count() == User.objects.count()
    run_queued()
    assert len(mail.outbox) == User.objects.count()
    jobs.write_daily_mail(person=str(world.auditor.uid), day="2026-03-10")
    assert DailyMail.objects.filter(person=world.auditor).count() == 1
