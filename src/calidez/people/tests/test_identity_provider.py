"""Signing in with the organisation's identity provider: known people, invited people, nobody else."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from calidez.config.environment import Oidc, read
from calidez.people.models import Invitation, Role, User
from calidez.people.services import set_password, users
from calidez.people.tests.factories import PASSWORD, create, person
from calidez.people.tests.identity_provider import CLIENT, SECRET, provider

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def running():
    with provider() as known:
        yield known


@pytest.fixture
def idp(running, settings):
    oidc = Oidc(running.address, CLIENT, SECRET, "Northwind", "")
    settings.OIDC_NAME = oidc.name
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": oidc.apps()}}
    running.asked.clear()
    return running


@pytest.fixture
def here(world):
    set_password(world.admin, PASSWORD, by=world.admin)
    return world


def comes_in(idp, *, client: Client | None = None, **who):
    """The whole dance: to the provider, and back with a code."""
    client = client or Client()
    idp.who = {"sub": "77", "email_verified": True, "name": "Somebody"} | who
    there = client.get("/oidc/organisation/login/?next=/security/")
    asked = parse_qs(urlsplit(there["Location"]).query)
    assert there["Location"].startswith(f"{idp.address}/authorize?")
    assert asked["code_challenge_method"] == ["S256"]
    back = client.get("/oidc/organisation/login/callback/", {"code": "c", "state": asked["state"][0]})
    return client, back


def inside(client: Client) -> bool:
    return client.get("/security/").status_code == 200


def test_a_known_person_is_found_by_the_verified_address_and_then_by_the_link(here, idp):
    client, back = comes_in(idp, email="ADMIN@example.org")
    assert back["Location"] == "/security/"
    assert inside(client)
    assert idp.asked[0]["code_verifier"]
    assert SocialAccount.objects.get().user == here.admin
    client, _back = comes_in(idp, email="changed@example.org")
    assert inside(client)
    here.admin.refresh_from_db()
    assert here.admin.check_password(PASSWORD), "the password stays"


def test_an_address_that_nobody_vouches_for_identifies_nobody(here, idp):
    for said in (False, "false", None):
        client, back = comes_in(idp, email="admin@example.org", email_verified=said)
        assert back.status_code == 403
        assert "does not vouch" in back.content.decode()
        assert not inside(client)


def test_strangers_are_refused_and_none_is_made(here, idp):
    count = User.objects.count()
    client, back = comes_in(idp, email="stranger@example.org")
    assert back.status_code == 403
    assert "Ask an administrator for an invitation" in back.content.decode()
    assert not inside(client)
    assert User.objects.count() == count


def test_strangers_come_in_where_the_operator_says_with_which_role(here, idp, settings):
    settings.OIDC_NEW_PEOPLE_ROLE = "employee"
    client, _back = comes_in(idp, email="new@example.org", name="Nina New")
    assert inside(client)
    nina = User.objects.get(email="new@example.org")
    assert (nina.name, nina.grants.get().role.code, nina.has_usable_password()) == (
        "Nina New",
        "employee",
        False,
    )


def test_an_invitation_is_accepted_by_coming_in(here, idp):
    role = Role.objects.get(code="manager")
    invitation = create(
        Invitation, here.admin, email="rita@example.org", role=role, unit=here.north, language="en"
    )
    client, _back = comes_in(idp, email="rita@example.org", name="Rita Reyes")
    assert inside(client)
    invitation.refresh_from_db()
    assert invitation.state == "accepted"
    assert User.objects.get(email="rita@example.org").grants.get().unit == here.north


def test_a_deactivated_person_stays_out(here, idp):
    clerk = person(here.admin, here.north, "clerk@example.org", "Cleo")
    users.deactivate(clerk, by=here.admin, note="Left.")
    client, _back = comes_in(idp, email="clerk@example.org")
    assert not inside(client)


def test_a_made_up_answer_is_refused(here, idp):
    client = Client()
    client.get("/oidc/organisation/login/")
    assert (
        client.get("/oidc/organisation/login/callback/", {"code": "c", "state": "forged"}).status_code == 403
    )
    assert client.get("/oidc/organisation/login/callback/", {"error": "access_denied"}).status_code == 403
    assert not inside(client)


def test_passwords_can_be_switched_off_except_in_an_emergency(here, idp, settings):
    settings.PASSWORD_SIGN_IN = False
    page = Client().get("/login/").content.decode()
    assert "Sign in with Northwind" in page
    assert 'type="password"' not in page
    assert 'type="password"' in Client().get("/login/?password").content.decode()
    clerk = person(here.admin, here.north, "clerk@example.org", "Cleo", role="employee")
    set_password(clerk, PASSWORD, by=clerk)
    refused = Client().post("/login/", {"username": clerk.email, "password": PASSWORD})
    assert refused.status_code == 200
    assert "Here people sign in with Northwind." in refused.content.decode()
    assert Client().post("/login/", {"username": here.admin.email, "password": PASSWORD}).status_code == 302


def test_without_a_provider_there_is_no_such_door(here, settings):
    settings.OIDC_NAME, settings.SOCIALACCOUNT_PROVIDERS = "", {}
    assert "/oidc/" not in Client().get("/login/").content.decode()
    assert Client().get("/oidc/organisation/login/").status_code == 404


def test_the_environment_names_the_provider(tmp_path):
    environ = {"CALIDEZ_DATA": str(tmp_path), "CALIDEZ_OIDC_URL": "https://id.example.org/realms/main/"}
    oidc = read(environ).oidc
    assert oidc is not None
    assert (oidc.url, oidc.name) == ("https://id.example.org/realms/main", "id.example.org")
    assert read({"CALIDEZ_DATA": str(tmp_path)}).oidc is None
