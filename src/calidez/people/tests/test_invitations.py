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
from calidez.people.models import Invitation, Role, Session, User
from calidez.people.services import invitations, users
from calidez.people.tests.factories import create, person, world

pytestmark = pytest.mark.django_db(transaction=False)
PASSWORD = "seven quiet harbour lamps"


@pytest.fixture
def here():
    return world()


def invite(here, **values) -> Invitation:
    usual = {"email": "Rita@Example.org ", "role": Role.objects.get(code="employee"), "unit": here.north}
    return create(Invitation, here.admin, language="en", **usual | values)


def path_of(invitation: Invitation) -> str:
    return invitations.link(invitation).split("8000", 1)[1]


def join(path: str, **values: str):
    return Client().post(path, {"name": "Rita Reyes", "password": PASSWORD} | values)


def sent_link() -> str:
    from calidez.kit.platform.mail.models import Mail

    written = Mail.objects.order_by("-pk").first()
    assert written is not None
    return re.search(r"http://127\.0\.0\.1:8000(/\S+)", written.text)[1]


def test_an_invitation_brings_a_person_in_once(here):
    invitation = invite(here)
    path = sent_link()
    client = Client()
    assert "Welcome" in client.get(path).content.decode()
    assert client.post(path, {"name": "Rita Reyes", "password": PASSWORD})["Location"] == "/"
    assert client.get("/security/").status_code == 200
    rita = User.objects.get(email="rita@example.org")
    grant = rita.grants.get()
    assert (rita.name, grant.role.code, grant.unit) == ("Rita Reyes", "employee", here.north)
    invitation.refresh_from_db()
    assert (invitation.state, invitation.person) == ("accepted", rita)
    assert audit.history(invitation, limit=1)[0].actor == "Rita Reyes"
    assert join(path).status_code == 410
    assert User.objects.filter(email="rita@example.org").count() == 1


def test_a_weak_password_is_answered_beside_its_field(here):
    answer = join(path_of(invite(here)), password="password1234")
    assert answer.status_code == 422
    assert "too common" in answer.content.decode()
    assert not User.objects.filter(email="rita@example.org").exists()


def test_links_end(here):
    first = invite(here)
    old = path_of(first)
    again = invitations.send_again(first, by=here.admin)
    assert join(old).status_code == 410, "sending again makes the earlier link void"
    assert Client().get(path_of(again)).status_code == 200
    Invitation.objects.filter(pk=again.pk).update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert join(path_of(again)).status_code == 410
    late = path_of(invitations.send_again(again, by=here.admin))
    invitations.revoke(again, by=here.admin)
    assert join(late).status_code == 410
    assert join("/invitation/nonsense/").status_code == 410


def test_nobody_invites_to_more_than_they_may_give(here):
    with pytest.raises(RuleBroken, match="until when"):
        invite(here, role=Role.objects.get(code="auditor"))
    manager = person(here.admin, here.north, "m@example.org", "Manuel", role="manager")
    with pytest.raises(NotAllowed):
        create(
            Invitation,
            manager,
            email="x@example.org",
            role=Role.objects.get(code="employee"),
            unit=here.north,
        )
    with pytest.raises(NotAllowed):
        create(
            Invitation,
            here.north_manager,
            email="x@example.org",
            role=Role.objects.get(code="employee"),
            unit=here.root,
        )
    with pytest.raises(RuleBroken, match="already has an account"):
        invite(here, email="ADMIN@example.org")
    invite(here)
    with pytest.raises(RuleBroken, match="open invitation"):
        invite(here)


def test_an_inviter_who_was_shut_out_has_invited_nobody(here):
    invitation = create(
        Invitation,
        here.north_manager,
        email="x@example.org",
        role=Role.objects.get(code="employee"),
        unit=here.north,
        language="en",
    )
    users.deactivate(here.north_manager, by=here.admin, note="Left.")
    answer = join(path_of(invitation))
    assert answer.status_code == 422
    assert "ask for a new invitation" in answer.content.decode()
    assert not User.objects.filter(email="x@example.org").exists()


def test_the_link_is_shown_to_those_who_may_send_it(here, client):
    invitation = invite(here)
    for who, sees in ((here.admin, True), (here.auditor, False)):
        client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
        page = client.get(f"/invitations/{invitation.uid}/").content.decode()
        assert ("/invitation/" in page) is sees


def test_a_forgotten_password_is_answered_alike_for_everybody(here):
    pages = [
        Client().post("/password/forgotten/", {"email": email}).content.decode().replace(email, "")
        for email in ("admin@example.org", "nobody@example.org")
    ]
    assert re.sub("csrf.*?>", "", pages[0]) == re.sub("csrf.*?>", "", pages[1])
    run_queued()
    assert [message.to for message in mail.outbox] == [["admin@example.org"]]


def test_the_link_changes_the_password_once_and_ends_all_sessions(here):
    from calidez.people.services import resets

    resets.send_link("admin@example.org")
    path = sent_link()
    inside = Client()
    inside.force_login(here.admin, backend="django.contrib.auth.backends.ModelBackend")
    resets.send_link("admin@example.org")
    path = sent_link()
    assert Client().post(path, {"password": "short"}).status_code == 422
    assert Client().post(path, {"password": PASSWORD}).status_code == 302
    assert not Session.objects.filter(user=here.admin).exists()
    assert Client().post(path, {"password": PASSWORD}).status_code == 410
    here.admin.refresh_from_db()
    assert here.admin.check_password(PASSWORD)


def test_deactivation_says_what_waits_keeps_the_history_and_can_be_undone(here, client):
    clerk = person(here.admin, here.north, "clerk@example.org", "Cleo Clerk", role="employee")
    client.force_login(here.admin, backend="django.contrib.auth.backends.ModelBackend")
    address = f"/people/{clerk.uid}/do/deactivate/"
    assert "Nothing waits" in client.get(address).content.decode()
    assert client.post(address, {"note": "Moved away.", "version": clerk.version}).status_code == 302
    clerk.refresh_from_db()
    assert not clerk.is_active
    assert "Moved away." in client.get(f"/people/{clerk.uid}/?whole=1").content.decode()
    users.reactivate(clerk, by=here.admin)
    clerk.refresh_from_db()
    assert clerk.is_active
    with pytest.raises(RuleBroken, match="your own access"):
        users.deactivate(here.admin, by=here.admin, note="Me.")
    with pytest.raises(NotAllowed):
        users.deactivate(here.outsider, by=here.north_manager, note="Not mine.")
