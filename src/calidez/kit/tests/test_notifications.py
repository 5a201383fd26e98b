"""Who is told what, in which language, why, and how they stop it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext as _

from calidez.kit.desk.notifications import When, declare, kind, notify, services
from calidez.kit.desk.notifications.models import Notification
from calidez.kit.platform.jobs.worker import run_queued
from calidez.kit.platform.mail.models import Mail
from calidez.people.models import User
from calidez.people.tests.factories import person, world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ping(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(declare, "_kinds", {})
    return kind("ping", label="Pings", why="Somebody pinged you.", mail=When.AT_ONCE)


@pytest.fixture
def people() -> Any:
    return world()


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_person_is_told_in_their_own_language(people: Any, ping: Any) -> None:
    User.objects.filter(pk=people.auditor.pk).update(language="es")
    people.auditor.refresh_from_db()
    with translation.override("en"):
        told = notify(people.auditor, ping, text=lambda: _("Home"), by=people.admin)
    assert told is not None
    assert told.text == "Inicio"
    run_queued()
    (sent,) = mail.outbox
    assert "Abrir en Calidez" in sent.body
    assert 'lang="es"' in sent.alternatives[0].content


def test_nobody_hears_of_what_they_did_themselves(people: Any, ping: Any) -> None:
    assert notify(people.admin, ping, text="You", by=people.admin) is None
    assert not Notification.objects.exists()


def test_nobody_hears_of_a_record_that_they_cannot_see(people: Any, ping: Any) -> None:
    assert notify(people.outsider, ping, text="Secret", record=people.north) is None
    assert notify(people.north_manager, ping, text="Secret", record=people.south) is None
    told = notify(people.north_manager, ping, text="Open", record=people.north)
    assert told is not None
    assert told.url == f"/units/{people.north.uid}/"


def test_nobody_without_access_is_told(people: Any, ping: Any) -> None:
    User.objects.filter(pk=people.auditor.pk).update(is_active=False)
    people.auditor.refresh_from_db()
    assert notify(people.auditor, ping, text="Gone") is None


def test_a_record_that_goes_out_of_reach_says_nothing_any_more(people: Any, ping: Any) -> None:
    notify(people.north_manager, ping, text="Something about North", record=people.north, by=people.admin)
    people.north_manager.grants.all().delete()
    for address in ("/notifications/", "/notifications/latest/"):
        page = client_of(people.north_manager).get(address).content.decode()
        assert "Something about North" not in page
        assert "can no longer see" in page


def test_the_bell_counts_what_is_unread_and_each_item_says_why(people: Any, ping: Any) -> None:
    told = notify(people.auditor, ping, text="Hear <me>", url="/units/", by=people.admin)
    assert told is not None
    client = client_of(people.auditor)
    assert "1 unread" in client.get("/my-work/counts/").json()["said"]["unread"]
    menu = client.get("/notifications/latest/").content.decode()
    assert "Hear &lt;me&gt;" in menu
    assert "Somebody pinged you." in menu
    assert "/notifications/settings/#ping" in menu
    assert client.get(f"/notifications/{told.uid}/")["Location"] == "/units/"
    assert client.get("/my-work/counts/").json()["unread"] == 0
    assert "Hear" not in client.get("/notifications/?show=unread").content.decode()
    assert "Hear" in client.get("/notifications/").content.decode()


def test_all_are_marked_as_read_at_once(people: Any, ping: Any) -> None:
    for number in range(3):
        notify(people.auditor, ping, text=f"Ping {number}")
    client_of(people.auditor).post("/notifications/read/")
    assert not Notification.objects.filter(read_at=None).exists()


def test_nobody_opens_what_was_told_to_another(people: Any, ping: Any) -> None:
    told = notify(people.auditor, ping, text="Private")
    assert told is not None
    assert client_of(people.admin).get(f"/notifications/{told.uid}/").status_code == 404
    client_of(people.admin).post("/notifications/read/", {"uid": told.uid})
    told.refresh_from_db()
    assert told.read_at is None


def test_a_person_chooses_and_it_holds_from_then_on(people: Any, ping: Any) -> None:
    client = client_of(people.auditor)
    page = client.get("/notifications/settings/").content.decode()
    assert "Somebody pinged you." in page
    client.post("/notifications/settings/", {"mail-ping": "never", "days": "none"})
    assert notify(people.auditor, ping, text="Not heard") is None
    client.post("/notifications/settings/", {"mail-ping": "daily", "app-ping": "on", "days": "all"})
    told = notify(people.auditor, ping, text="Heard")
    assert told is not None
    assert told.waits_for_mail
    assert not Mail.objects.exists()


def test_the_mail_says_why_and_how_to_stop_it(people: Any, ping: Any, client: Client) -> None:
    notify(people.auditor, ping, text="Hello & <b>welcome</b>\nSubject: forged", by=people.admin)
    run_queued()
    (sent,) = mail.outbox
    assert sent.to == ["auditor@example.org"]
    assert "\n" not in sent.subject
    assert "Hello & <b>welcome</b>" in sent.body
    assert "Hello &amp; &lt;b&gt;welcome&lt;/b&gt;" in sent.alternatives[0].content
    assert "Somebody pinged you." in sent.body
    assert "<img" not in sent.alternatives[0].content
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = sent.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://127.0.0.1:8000")
    assert address in sent.body
    looked = client.get(address)
    assert looked.status_code == 200
    assert notify(people.auditor, ping, text="Still") is not None, "a look stops nothing"
    assert (
        Client(enforce_csrf_checks=True).post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    )
    Mail.objects.all().delete()
    assert notify(people.auditor, ping, text="Only in the pages") is not None
    assert not Mail.objects.exists()


def test_a_forged_stop_link_stops_nothing(people: Any, ping: Any, client: Client) -> None:
    assert client.get("/notifications/stop/forged:token/").status_code == 404


def test_a_mail_lives_and_dies_with_its_transaction(people: Any, ping: Any) -> None:
    from django.db import transaction

    with transaction.atomic():
        assert notify(people.auditor, ping, text="Never said") is not None
        transaction.set_rollback(True)
    run_queued()
    assert mail.outbox == []
    assert not Notification.objects.exists()


def test_a_mail_is_sent_once_and_its_words_are_not_kept(people: Any, ping: Any) -> None:
    from calidez.kit.platform.mail.jobs import send_mail

    notify(people.auditor, ping, text="Once")
    run_queued()
    written = Mail.objects.get()
    assert (written.text, written.html) == ("", "")
    assert written.sent_at is not None
    send_mail(mail=str(written.uid))
    assert len(mail.outbox) == 1
    assert re.fullmatch(rf"<{written.uid}@127\.0\.0\.1>", mail.outbox[0].extra_headers["Message-ID"])


def test_a_mail_server_that_is_away_is_tried_again(people: Any, ping: Any, monkeypatch: Any) -> None:
    from calidez.kit.platform.jobs.models import Job

    def away(*arguments: Any, **options: Any) -> None:
        raise ConnectionRefusedError("nobody there")

    notify(people.auditor, ping, text="Later")
    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", away)
    run_queued()
    job = Job.objects.get(name="kit.mail.send_mail")
    assert (job.state, job.attempts) == (Job.State.QUEUED, 1)
    assert Mail.objects.get().sent_at is None


def test_two_kinds_cannot_share_a_name(ping: Any) -> None:
    with pytest.raises(ValueError, match="'ping'"):
        kind("ping", label="Other", why="Other.")


def test_a_page_of_notifications_costs_a_fixed_number_of_queries(people: Any, ping: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_of(people.auditor)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/notifications/").status_code == 200
        return len(captured)

    for number in range(2):
        notify(people.auditor, ping, text=f"{number}", record=people.north, by=people.admin)
    few = queries()
    for number in range(12):
        who = person(people.admin, people.root, f"p{number}@example.org", f"P {number}")
        notify(people.auditor, ping, text=f"{number}", record=who, by=who)
    assert queries() <= few + 1  # one more kind of record


def test_old_notifications_are_forgotten(people: Any, ping: Any) -> None:
    import datetime as dt

    from django.utils import timezone

    notify(people.auditor, ping, text="Old")
    assert services.forget(timezone.now()) == 0
    assert services.forget(timezone.now() + dt.timedelta(days=366)) == 1
