"""Refused is written down: who, what and where, never what was typed; nobody ends the sessions of who may do more."""

from __future__ import annotations

import logging
import re
from typing import Any

import pytest
from django.test import Client

from calidez.kit.conformance import World
from calidez.kit.core.events import AuditEvent
from calidez.kit.platform import log_lines
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.jobs.models import Job
from calidez.kit.platform.jobs.worker import run_queued
from calidez.kit.platform.mail.jobs import send_mail
from calidez.kit.tests.factories import issued
from calidez.kit.tests.visits import Api, client_of
from calidez.people.models import Invitation, Role
from calidez.people.passwords import NoWordOfTheLists
from calidez.people.services import resets, set_password
from calidez.people.services.sessions import end_sessions
from calidez.people.tests.factories import create, person

pytestmark = pytest.mark.django_db
PASSWORD = "seven quiet harbour lamps"


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Any:
    caplog.set_level(logging.INFO)
    return lambda name="calidez.access": [r.getMessage() for r in caplog.records if r.name == name]


def test_a_refusal_names_person_verb_and_place(world: World, told: Any) -> None:
    assert client_of(world.auditor).post("/units/new/", {}).status_code == 403
    (line,) = [line for line in told() if "Refused" in line]
    assert line.startswith(f"Refused: person {world.auditor.uid}, POST /units/new/: ")
    token = issued(world.auditor).secret
    assert Api(token)("POST", "units", {"code": "X"}).status_code == 403
    assert told()[-1].startswith(f"Refused: person {world.auditor.uid}, POST /api/v1/units: ")
    assert Api("cal_unknown")("GET", "units").status_code == 401
    assert "person nobody, GET /api/v1/units" in told()[-1]
    assert "cal_unknown" not in "".join(told())


def test_signing_in_is_written_down_and_what_was_typed_is_not(world: World, told: Any) -> None:
    set_password(world.auditor, PASSWORD, by=world.admin)
    post = lambda **given: Client().post("/login/", given, REMOTE_ADDR="203.0.113.9")  # noqa: E731
    post(username=world.auditor.email, password="wrong horse")
    post(username="my secret password", password="wrong horse")
    post(username=world.auditor.email, password=PASSWORD)
    assert told() == [
        f"Not signed in: person {world.auditor.uid} from 203.0.113.9: the password or code was wrong",
        "Not signed in: person nobody from 203.0.113.9: the password or code was wrong",
        f"Signed in: person {world.auditor.uid} from 203.0.113.9",
    ]


def test_a_password_that_was_not_tried_is_not_called_wrong(world: World, told: Any) -> None:
    set_password(world.auditor, PASSWORD, by=world.admin)
    post = lambda word: Client().post(  # noqa: E731
        "/login/", {"username": world.auditor.email, "password": word}, REMOTE_ADDR="203.0.113.9"
    )
    for _try in range(8):
        post("wrong horse")
    assert "the password or code was wrong" in told()[-1], "also the one that closes the door"
    assert post(PASSWORD).status_code == 429
    assert told()[-1] == (
        f"Not signed in: person {world.auditor.uid} from 203.0.113.9: "
        "signing in is closed after too many wrong tries; this one was not tried"
    )


def test_a_link_that_lets_in_stands_in_no_line(world: World, caplog: pytest.LogCaptureFixture) -> None:
    from django.conf import settings

    from calidez.kit.platform.mail.models import Mail

    resets.send_link(world.auditor.email)
    path = Mail.objects.get().text.split(settings.SITE_ADDRESS)[1].split()[0]
    answer = Client().post(path, {"password": "short"})
    assert answer.status_code == 422
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"
    formatter = log_lines.formatter("text")
    lines = [formatter.format(record) for record in caplog.records]
    assert any("/password/new/…" in line for line in lines)
    assert path.split("/")[3] not in "".join(lines)


@pytest.mark.parametrize(
    ("server", "job", "said"),
    [
        (True, None, "The mail has not gone out yet"),
        (True, "failed", "The mail could not be sent"),
        (True, "done", "It went by mail"),
        (False, "done", "No mail server is set"),
    ],
)
def test_the_page_of_an_invitation_says_whether_a_mail_went(
    world: World, settings: Any, server: bool, job: str | None, said: str
) -> None:
    settings.MAIL_SERVER = server
    role = Role.objects.get(code="employee")
    invitation = create(
        Invitation, world.admin, email="rita@example.org", role=role, unit=world.north, language="en"
    )
    if job == "done":
        run_queued()
    elif job is not None:
        Job.objects.filter(name=send_mail.name).update(state=job)
    page = client_of(world.admin).get(f"/invitations/{invitation.uid}/").content.decode()
    assert said in page
    assert "/invitation/" in page
    listed = client_of(world.admin).get("/invitations/").content.decode()
    assert "Sent" not in listed, "nobody is known to have got it"
    english = Client(headers={"Accept-Language": "en"})
    for forgotten in (
        english.get("/password/forgotten/"),
        english.post("/password/forgotten/", {"email": "a@b.co"}),
    ):
        assert ("Ask your administrator" in forgotten.content.decode()) is not server


def test_who_forgot_the_password_gets_a_link_from_an_administrator(world: World) -> None:
    clerk = person(world.admin, world.north, "clerk@example.org", "Cleo Clerk")
    admin = client_of(world.admin)
    address = f"/password/of/{clerk.uid}/"
    assert address in admin.get(f"/people/{clerk.uid}/?whole=1").content.decode()
    answer = admin.post(address)
    assert "no-store" in answer["Cache-Control"]
    (path,) = re.findall(r"/password/new/[^\s\"<]+", answer.content.decode())
    assert AuditEvent.objects.filter(verb="give_link", subject_uid=clerk.uid).count() == 1
    assert Client().post(path, {"password": PASSWORD}).status_code == 302
    assert Client().post(path, {"password": PASSWORD}).status_code == 410, "it works once"
    clerk.refresh_from_db()
    assert clerk.check_password(PASSWORD)


def test_nobody_gives_a_link_to_who_may_do_more(world: World) -> None:
    boss = client_of(world.north_manager)
    assert boss.post(f"/password/of/{world.admin.uid}/").status_code == 404
    with pytest.raises(RuleBroken, match="may do more than you"):
        resets.give_link.follow(world.admin, by=world.north_manager)
    own = client_of(world.admin).post(f"/password/of/{world.admin.uid}/")
    assert own.status_code == 302, "one's own is changed under security"
    assert (
        "/password/of/"
        not in client_of(world.auditor).get(f"/people/{world.admin.uid}/?whole=1").content.decode()
    )


def test_nobody_ends_the_sessions_of_who_may_do_more(world: World) -> None:
    client = client_of(world.admin)
    with pytest.raises(RuleBroken, match="may do more than you"):
        end_sessions.follow(world.admin, by=world.north_manager)
    assert client.get("/").status_code == 200
    colleague = person(world.admin, world.north, "colleague@example.org", "Cora Colleague")
    theirs = client_of(colleague)
    end_sessions(colleague, by=world.admin)
    assert theirs.get("/").status_code == 302


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaa",
        "121212121212",
        "password12345",
        "!!P4ssw0rd!!2026",
        "Contraseña2026!",
        "Bienvenido-2026",
        "calidezcalidez",
        "administrador1",
        "qwertyqwerty",
    ],
)
def test_a_word_of_the_lists_is_no_password_however_long(world: World, password: str) -> None:
    with pytest.raises(RuleBroken, match=r"tries first|too common"):
        set_password(world.auditor, password, by=world.admin)


def test_a_password_is_neither_the_mail_nor_the_name(world: World) -> None:
    for password in (world.auditor.email, f"{world.auditor.name.lower()}1"):
        with pytest.raises(RuleBroken, match="similar"):
            set_password(world.auditor, password, by=world.admin)
    for password in (PASSWORD, "correct horse battery staple", "zapato lluvia tren 7", "Xk7#pQ2!vB9&"):
        NoWordOfTheLists().validate(password)
