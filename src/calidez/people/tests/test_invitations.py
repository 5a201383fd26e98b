"""People come in by a link that works once, and mend a forgotten password by another; neither tells who exists."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from calidez.kit.core import audit
from calidez.kit.platform.errors import NotAllowed, RuleBroken
from calidez.kit.platform.jobs.worker import run_queued
from calidez.kit.platform.mail.models import Mail
from calidez.people.models import Invitation, Role, Session, User
from calidez.people.services import invitations, users
from calidez.people.tests.factories import create, person

pytestmark = pytest.mark.django_db(transaction=False)
PASSWORD = "seven quiet harbour lamps"


def invite(world, **values) -> Invitation:
    usual = {"email": "Rita@Example.org ", "role": Role.objects.get(code="employee"), "unit": world.north}
    return create(Invitation, world.admin, language="en", **usual | values)


def path_of(invitation: Invitation) -> str:
    return invitations.link(invitation).split("8000", 1)[1]


def join(path: str, **values: str):
    return Client().post(path, {"name": "Rita Reyes", "password": PASSWORD} | values)


def sent_link() -> str:
    written = Mail.objects.order_by("-pk").first()
    assert written is not None
    return re.search(r"http://127\.0\.0\.1:8000(/\S+)", written.text)[1]


def test_an_invitation_brings_a_person_in_once(world):
    invitation = invite(world)
    path = sent_link()
    client = Client()
    assert "Welcome" in client.get(path).content.decode()
    assert client.post(path, {"name": "Rita Reyes", "password": PASSWORD})["Location"] == "/"
    assert client.get("/security/").status_code == 200
    rita = User.objects.get(email="rita@example.org")
    grant = rita.grants.get()
    assert (rita.name, grant.role.code, grant.unit) == ("Rita Reyes", "employee", world.north)
    invitation.refresh_from_db()
    assert (invitation.state, invitation.person) == ("accepted", rita)
    assert audit.history(invitation, limit=1)[0].actor == "Rita Reyes"
    assert join(path).status_code == 410
    assert User.objects.filter(email="rita@example.org").count() == 1


def test_a_weak_password_is_answered_beside_its_field(world):
    answer = join(path_of(invite(world)), password="password1234")
    assert answer.status_code == 422
    assert "too common" in answer.content.decode()
    assert not User.objects.filter(email="rita@example.org").exists()


def test_links_end(world):
    first = invite(world)
    old = path_of(first)
    again = invitations.send_again(first, by=world.admin)
    assert join(old).status_code == 410, "sending again makes the earlier link void"
    assert Client().get(path_of(again)).status_code == 200
    Invitation.objects.filter(pk=again.pk).update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert join(path_of(again)).status_code == 410
    late = path_of(invitations.send_again(again, by=world.admin))
    invitations.revoke(again, by=world.admin)
    assert join(late).status_code == 410
    assert join("/invitation/nonsense/").status_code == 410


def test_nobody_invites_to_more_than_they_may_give(world):
    with pytest.raises(RuleBroken, match="until when"):
        invite(world, role=Role.objects.get(code="auditor"))
    manager = person(world.admin, world.north, "m@example.org", "Manuel", role="manager")
    with pytest.raises(NotAllowed):
        create(
            Invitation,
            manager,
            email="x@example.org",
            role=Role.objects.get(code="employee"),
            unit=world.north,
        )
    with pytest.raises(NotAllowed):
        create(
            Invitation,
            world.north_manager,
            email="x@example.org",
            role=Role.objects.get(code="employee"),
            unit=world.root,
        )
    with pytest.raises(RuleBroken, match="already has an account"):
        invite(world, email="ADMIN@example.org")
    invite(world)
    with pytest.raises(RuleBroken, match="open invitation"):
        invite(world)


def test_an_inviter_who_was_shut_out_has_invited_nobody(world):
    invitation = create(
        Invitation,
        world.north_manager,
        email="x@example.org",
        role=Role.objects.get(code="employee"),
        unit=world.north,
        language="en",
    )
    users.deactivate(world.north_manager, by=world.admin, note="Left.")
    answer = join(path_of(invitation))
    assert answer.status_code == 422
    assert "ask for a new invitation" in answer.content.decode()
    assert not User.objects.filter(email="x@example.org").exists()


def test_the_link_is_shown_to_those_who_may_send_it(world, client):
    invitation = invite(world)
    for who, sees in ((world.admin, True), (world.auditor, False)):
        client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
        page = client.get(f"/invitations/{invitation.uid}/").content.decode()
        assert ("/invitation/" in page) is sees


def test_who_may_not_invite_reads_who_does(world, client):
    for who, told in ((world.admin, False), (world.auditor, True)):
        client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
        page = client.get("/invitations/").content.decode()
        assert ("Ask an administrator: they invite people." in page) is told


def test_a_forgotten_password_is_answered_alike_for_everybody(world):
    pages = [
        Client().post("/password/forgotten/", {"email": email}).content.decode().replace(email, "")
        for email in ("admin@example.org", "nobody@example.org")
    ]
    assert re.sub("csrf.*?>", "", pages[0]) == re.sub("csrf.*?>", "", pages[1])
    run_queued()
    assert [message.to for message in mail.outbox] == [["admin@example.org"]]


def test_the_link_changes_the_password_once_and_ends_all_sessions(world):
    from calidez.people.services import resets

    resets.send_link("admin@example.org")
    path = sent_link()
    inside = Client()
    inside.force_login(world.admin, backend="django.contrib.auth.backends.ModelBackend")
    resets.send_link("admin@example.org")
    path = sent_link()
    assert Client().post(path, {"password": "short"}).status_code == 422
    assert Client().post(path, {"password": PASSWORD}).status_code == 302
    assert not Session.objects.filter(user=world.admin).exists()
    assert Client().post(path, {"password": PASSWORD}).status_code == 410
    world.admin.refresh_from_db()
    assert world.admin.check_password(PASSWORD)


def test_deactivation_says_what_waits_keeps_the_history_and_can_be_undone(world, client):
    clerk = person(world.admin, world.north, "clerk@example.org", "Cleo Clerk", role="employee")
    client.force_login(world.admin, backend="django.contrib.auth.backends.ModelBackend")
    address = f"/people/{clerk.uid}/do/deactivate/"
    assert "Nothing waits" in client.get(address).content.decode()
    assert client.post(address, {"note": "Moved away.", "version": clerk.version}).status_code == 302
    clerk.refresh_from_db()
    assert not clerk.is_active
    page = client.get(f"/people/{clerk.uid}/?whole=1").content.decode()
    assert "Moved away." in page
    for told in ("Cannot sign in", "deactivated the account"):
        assert told in page
    assert "give_password" not in page
    assert "Make a link for a new password" not in page
    users.reactivate(clerk, by=world.admin)
    clerk.refresh_from_db()
    assert clerk.is_active
    with pytest.raises(RuleBroken, match="your own access"):
        users.deactivate(world.admin, by=world.admin, note="Me.")
    with pytest.raises(NotAllowed):
        users.deactivate(world.outsider, by=world.north_manager, note="Not mine.")


@pytest.mark.parametrize(
    ("given", "leads_to"),
    [("", "http://quality.example.org:8012/"), ("https://q.example.org", "https://q.example.org/")],
)
def test_links_lead_back_by_the_name_by_which_the_request_came(world, settings, given, leads_to):
    """Mail and page alike; what the operator said in CALIDEZ_ADDRESS holds before."""
    settings.ALLOWED_HOSTS = ["quality.example.org"]
    if given:
        settings.SITE_ADDRESS, settings.SITE_ADDRESS_GIVEN = given, True
    client = Client(headers={"host": "quality.example.org:8012"})
    client.force_login(world.admin)
    role = Role.objects.get(code="employee")
    asked = {"email": "rita@example.org", "role": role.pk, "unit": world.north.pk, "language": "en"}
    made = client.post("/invitations/new/", asked)
    assert made.status_code == 302, made.content.decode()
    assert f"{leads_to}invitation/" in client.get(made["Location"]).content.decode()
    assert f"{leads_to}invitation/" in Mail.objects.order_by("-pk")[0].text
