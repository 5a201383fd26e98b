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
from calidez.people.tests.factories import person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ping(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(declare, "_kinds", {})
    return kind("ping", label="Pings", why="Somebody pinged you.", mail=When.AT_ONCE)


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_person_is_told_in_their_own_language(world: Any, ping: Any) -> None:
    User.objects.filter(pk=world.auditor.pk).update(language="es")
    world.auditor.refresh_from_db()
    with translation.override("en"):
        told = notify(world.auditor, ping, text=lambda: _("Home"), by=world.admin)
    assert told is not None
    assert told.text == "Inicio"
    run_queued()
    (sent,) = mail.outbox
    assert "Abrir en Calidez" in sent.body
    assert 'lang="es"' in sent.alternatives[0].content


def test_nobody_hears_of_what_they_did_themselves(world: Any, ping: Any) -> None:
    assert notify(world.admin, ping, text="You", by=world.admin) is None
    assert not Notification.objects.exists()


def test_nobody_hears_of_a_record_that_they_cannot_see(world: Any, ping: Any) -> None:
    assert notify(world.outsider, ping, text="Secret", record=world.north) is None
    assert notify(world.north_manager, ping, text="Secret", record=world.south) is None
    told = notify(world.north_manager, ping, text="Open", record=world.north)
    assert told is not None
    assert told.url == f"/units/{world.north.uid}/"


def test_nobody_without_access_is_told(world: Any, ping: Any) -> None:
    User.objects.filter(pk=world.auditor.pk).update(is_active=False)
    world.auditor.refresh_from_db()
    assert notify(world.auditor, ping, text="Gone") is None


def test_a_record_that_goes_out_of_reach_says_nothing_any_more(world: Any, ping: Any) -> None:
    notify(world.north_manager, ping, text="Something about North", record=world.north, by=world.admin)
    world.north_manager.grants.all().delete()
    for address in ("/notifications/", "/notifications/latest/"):
        page = client_of(world.north_manager).get(address).content.decode()
        assert "Something about North" not in page
        assert "can no longer see" in page


def test_the_bell_counts_what_is_unread_and_each_item_says_why(world: Any, ping: Any) -> None:
    told = notify(world.auditor, ping, text="Hear <me>", url="/units/", by=world.admin)
    assert told is not None
    client = client_of(world.auditor)
    assert "1 unread" in client.get("/my-work/counts/").json()["said"]["unread"]
    menu = client.get("/notifications/latest/").content.decode()
    assert "Hear &lt;me&gt;" in menu
    assert "Somebody pinged you." in menu
    assert "/notifications/settings/#ping" in menu
    assert client.get(f"/notifications/{told.uid}/")["Location"] == "/units/"
    assert client.get("/my-work/counts/").json()["unread"] == 0
    assert "Hear" not in client.get("/notifications/?show=unread").content.decode()
    assert "Hear" in client.get("/notifications/").content.decode()


def test_all_are_marked_as_read_at_once(world: Any, ping: Any) -> None:
    for number in range(3):
        notify(world.auditor, ping, text=f"Ping {number}")
    client_of(world.auditor).post("/notifications/read/")
    assert not Notification.objects.filter(read_at=None).exists()


def test_nobody_opens_what_was_told_to_another(world: Any, ping: Any) -> None:
    told = notify(world.auditor, ping, text="Private")
    assert told is not None
    assert client_of(world.admin).get(f"/notifications/{told.uid}/").status_code == 404
    client_of(world.admin).post("/notifications/read/", {"uid": told.uid})
    told.refresh_from_db()
    assert told.read_at is None


def test_a_person_chooses_and_it_holds_from_then_on(world: Any, ping: Any) -> None:
    client = client_of(world.auditor)
    page = client.get("/notifications/settings/").content.decode()
    assert "Somebody pinged you." in page
    client.post("/notifications/settings/", {"mail-ping": "never", "days": "none"})
    assert notify(world.auditor, ping, text="Not heard") is None
    client.post("/notifications/settings/", {"mail-ping": "daily", "app-ping": "on", "days": "all"})
    told = notify(world.auditor, ping, text="Heard")
    assert told is not None
    assert told.waits_for_mail
    assert not Mail.objects.exists()


def test_the_mail_says_why_and_how_to_stop_it(world: Any, ping: Any, client: Client) -> None:
    notify(world.auditor, ping, text="Hello & <b>welcome</b>\nSubject: forged", by=world.admin)
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
    assert notify(world.auditor, ping, text="Still") is not None, "a look stops nothing"
    assert (
        Client(enforce_csrf_checks=True).post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    )
    Mail.objects.all().delete()
    assert notify(world.auditor, ping, text="Only in the pages") is not None
    assert not Mail.objects.exists()


def test_a_forged_stop_link_stops_nothing(world: Any, ping: Any, client: Client) -> None:
    assert client.get("/notifications/stop/forged:token/").status_code == 404


def test_a_mail_lives_and_dies_with_its_transaction(world: Any, ping: Any) -> None:
    from django.db import transaction

    with transaction.atomic():
        assert notify(world.auditor, ping, text="Never said") is not None
        transaction.set_rollback(True)
    run_queued()
    assert mail.outbox == []
    assert not Notification.objects.exists()


def test_a_mail_is_sent_once_and_its_words_are_not_kept(world: Any, ping: Any) -> None:
    from calidez.kit.platform.mail.jobs import send_mail

    notify(world.auditor, ping, text="Once")
    run_queued()
    written = Mail.objects.get()
    assert (written.text, written.html) == ("", "")
    assert written.sent_at is not None
    send_mail(mail=str(written.uid))
    assert len(mail.outbox) == 1
    assert re.fullmatch(rf"<{written.uid}@127\.0\.0\.1>", mail.outbox[0].extra_headers["Message-ID"])


def test_a_mail_server_that_is_away_is_tried_again(world: Any, ping: Any, monkeypatch: Any) -> None:
    from calidez.kit.platform.jobs.models import Job

    def away(*arguments: Any, **options: Any) -> None:
        raise ConnectionRefusedError("nobody there")

    notify(world.auditor, ping, text="Later")
    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", away)
    run_queued()
    job = Job.objects.get(name="kit.mail.send_mail")
    assert (job.state, job.attempts) == (Job.State.QUEUED, 1)
    assert Mail.objects.get().sent_at is None


def test_two_kinds_cannot_share_a_name(ping: Any) -> None:
    with pytest.raises(ValueError, match="'ping'"):
        kind("ping", label="Other", why="Other.")


def test_a_page_of_notifications_costs_a_fixed_number_of_queries(world: Any, ping: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_of(world.auditor)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/notifications/").status_code == 200
        return len(captured)

    for number in range(2):
        notify(world.auditor, ping, text=f"{number}", record=world.north, by=world.admin)
    few = queries()
    for number in range(12):
        who = person(world.admin, world.root, f"p{number}@example.org", f"P {number}")
        notify(world.auditor, ping, text=f"{number}", record=who, by=who)
    assert queries() <= few + 1  # one more kind of record


def test_old_notifications_are_forgotten(world: Any, ping: Any) -> None:
    import datetime as dt

    from django.utils import timezone

    notify(world.auditor, ping, text="Old")
    assert services.forget(timezone.now()) == 0
    assert services.forget(timezone.now() + dt.timedelta(days=366)) == 1
