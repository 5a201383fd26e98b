"""The second factor: turned on with proof, asked for at the door, each code once, guessing is limited, a role can demand it."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from calidez.kit.catalog import catalog
from calidez.kit.core import audit
from calidez.kit.platform.errors import RuleBroken
from calidez.people.models import Role
from calidez.people.services import second_factor, set_password
from calidez.people.tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
NOW = 60_000_000


@pytest.fixture(autouse=True)
def still_clock(monkeypatch):
    """A code must not run out in the middle of a test."""
    monkeypatch.setattr(second_factor, "_interval", lambda: NOW)


@pytest.fixture
def here(world):
    set_password(world.admin, PASSWORD, by=world.admin)
    return world


def code(secret: str, ahead: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, NOW + ahead))


def enrolled(user) -> tuple[Client, str, list[str]]:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/security/second-factor/").content.decode()
    assert "data:image/svg+xml;base64," in page
    secret = client.session["second_factor_secret"]
    assert client.post("/security/second-factor/", {"code": "000000"}).status_code == 422
    done = client.post("/security/second-factor/", {"code": code(secret, -1)}).content.decode()
    return client, secret, re.findall(r"<code>(\d{8})</code>", done)


def at_the_door(user) -> Client:
    client = Client()
    answer = client.post("/login/", {"username": user.email, "password": PASSWORD})
    assert answer["Location"] == "/login/code/"
    assert client.get("/security/")["Location"].startswith("/login/"), "the password alone opens nothing"
    return client


def test_a_code_is_asked_for_and_works_once(here):
    _client, secret, _paper = enrolled(here.admin)
    assert audit.history(here.admin, limit=1)[0].verb == "second_factor_on"
    door = at_the_door(here.admin)
    assert door.post("/login/code/", {"code": "123"}).status_code == 422
    now = code(secret)
    assert door.post("/login/code/", {"code": now}).status_code == 302
    assert door.get("/security/").status_code == 200
    again = at_the_door(here.admin)
    assert again.post("/login/code/", {"code": now}).status_code == 422


def test_a_code_from_paper_works_once(here):
    _client, _secret, paper = enrolled(here.admin)
    assert len(set(paper)) == 10
    assert (
        at_the_door(here.admin).post("/login/code/", {"code": f"{paper[0][:4]} {paper[0][4:]}"}).status_code
        == 302
    )
    assert at_the_door(here.admin).post("/login/code/", {"code": paper[0]}).status_code == 422
    assert at_the_door(here.admin).post("/login/code/", {"code": paper[1]}).status_code == 302


def test_guessing_codes_ends_as_guessing_passwords_does(here):
    _client, secret, _paper = enrolled(here.admin)
    door = at_the_door(here.admin)
    for _ in range(8):
        door.post("/login/code/", {"code": "111111"})
    answer = door.post("/login/code/", {"code": code(secret)})
    assert answer.status_code == 422
    assert "Too many wrong codes" in answer.content.decode()


def test_the_code_page_needs_the_password_first(here):
    enrolled(here.admin)
    assert Client().post("/login/code/", {"code": "1"})["Location"] == "/login/"


def test_turning_it_off_and_new_codes_ask_for_the_password(here):
    client, _secret, paper = enrolled(here.admin)
    for address in ("/security/second-factor/off/", "/security/paper-codes/"):
        assert client.post(address, {"current": "wrong"}).status_code == 422
    fresh = re.findall(
        r"<code>(\d{8})</code>", client.post("/security/paper-codes/", {"current": PASSWORD}).content.decode()
    )
    assert not set(fresh) & set(paper)
    client.post("/security/second-factor/off/", {"current": PASSWORD})
    assert not Authenticator.objects.exists()
    assert Client().post("/login/", {"username": here.admin.email, "password": PASSWORD})["Location"] == "/"


def test_the_database_does_not_hold_the_secret(here):
    _client, secret, _paper = enrolled(here.admin)
    assert secret not in str(Authenticator.objects.get(type="totp").data)


def test_a_role_can_demand_it(here):
    client = Client()
    client.force_login(here.admin, backend="django.contrib.auth.backends.ModelBackend")
    role = Role.objects.get(code="administrator")
    catalog.of(Role).edition(role, by=here.admin, second_factor=True)
    assert client.get("/units/")["Location"] == "/security/second-factor/"
    assert "asks for a second factor" in client.get("/security/second-factor/").content.decode()
    other, _secret, _paper = enrolled(here.admin)
    assert other.get("/units/").status_code == 200
    auditor = Client()
    auditor.force_login(here.auditor, backend="django.contrib.auth.backends.ModelBackend")
    assert auditor.get("/units/").status_code == 200


def test_the_installation_can_demand_it_of_everybody(here, settings):
    settings.SECOND_FACTOR_FOR_ALL = True
    auditor = Client()
    auditor.force_login(here.auditor, backend="django.contrib.auth.backends.ModelBackend")
    assert auditor.get("/units/")["Location"] == "/security/second-factor/"


def test_somebody_with_the_same_rights_removes_a_lost_one(here):
    enrolled(here.admin)
    # Nora administers the north only; Ada's unit is moved there for the test.
    type(here.admin).objects.filter(pk=here.admin.pk).update(unit=here.north)
    with pytest.raises(RuleBroken, match="may do more than you"):
        second_factor.reset(here.admin, by=here.north_manager, note="Lost.")
    assert Authenticator.objects.exists()
    second_factor.reset(here.admin, by=here.admin, note="Lost.")
    assert not Authenticator.objects.exists()
