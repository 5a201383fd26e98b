"""A person sees where they are signed in and can end it; time, a new password and a deactivation end it too."""

from __future__ import annotations

import pytest
from django.test import Client

from calidez.kit.catalog import catalog
from calidez.kit.platform.errors import RuleBroken
from calidez.people.devices import device_words
from calidez.people.models import Session, User
from calidez.people.services import sessions, users
from calidez.people.services.session_store import SEEN, SINCE
from calidez.people.tests.factories import PASSWORD, person

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile/15 Safari/604"
)
NEW = "seven quiet harbour lamps"


@pytest.fixture
def here(world):
    from calidez.people.services import set_password

    set_password(world.admin, PASSWORD, by=world.admin)  # hashed as cheaply as tests like it
    return world


def comes_in(person: User, agent: str = FIREFOX) -> Client:
    client = Client(headers={"User-Agent": agent})
    answer = client.post("/login/", {"username": person.email, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def inside(client: Client) -> bool:
    return client.get("/security/").status_code == 200


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox · Windows"),
        (IPHONE, "Safari · iPhone"),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge · Linux",
        ),
        ("curl/8", ""),
    ],
)
def test_devices_have_the_names_people_use(agent, words):
    assert device_words(agent) == words


def test_the_page_lists_every_place_and_ends_one(here):
    desk, phone = comes_in(here.admin), comes_in(here.admin, IPHONE)
    page = desk.get("/security/").content.decode()
    assert "Firefox · Windows" in page
    assert "Safari · iPhone" in page
    row = Session.objects.get(device="Safari · iPhone")
    desk.post(f"/security/sessions/{row.pk}/")
    assert inside(desk)
    assert not inside(phone)


def test_the_database_holds_no_key_that_opens_a_session(here):
    client = comes_in(here.admin)
    key = client.cookies["sessionid"].value
    assert not Session.objects.filter(session_key=key).exists()
    thief = Client()
    thief.cookies["sessionid"] = Session.objects.get().pk
    assert not inside(thief)


def test_nobody_ends_the_session_of_another(here):
    other = person(here.admin, here.north, "x@example.org", "Xenia")
    client, theirs = comes_in(here.admin), Client()
    theirs.force_login(other, backend="django.contrib.auth.backends.ModelBackend")
    client.post(f"/security/sessions/{Session.objects.get(user=other).pk}/")
    assert inside(theirs)


def test_a_new_password_ends_the_other_sessions(here):
    desk, phone = comes_in(here.admin), comes_in(here.admin, IPHONE)
    wrong = desk.post("/security/password/", {"current": "not it", "password": NEW})
    assert wrong.status_code == 422
    weak = desk.post("/security/password/", {"current": PASSWORD, "password": "password1234"})
    assert weak.status_code == 422
    assert desk.post("/security/password/", {"current": PASSWORD, "password": NEW}).status_code == 302
    assert inside(desk)
    assert not inside(phone)
    assert Session.objects.count() == 1


def test_a_session_ends_when_nobody_uses_it_and_when_it_is_old(here, settings):
    for name, age, said in ((SEEN, settings.SESSION_IDLE_LIMIT, "not used"), (SINCE, 86400, "longest time")):
        client = comes_in(here.admin)
        session = client.session
        session[name] -= age + 5
        session.save()
        answer = client.get("/security/", follow=True)
        assert answer.redirect_chain == [("/login/?next=/security/", 302)]
        assert said in answer.content.decode()


def test_use_is_noted_seldom(here, settings):
    client = comes_in(here.admin)
    session = client.session
    session[SEEN] -= settings.SESSION_NOTED_EVERY + 1
    session.save()
    before = Session.objects.get().seen
    assert inside(client)
    noted = Session.objects.get().seen
    assert noted > before
    assert inside(client)
    assert Session.objects.get().seen == noted


def test_a_page_that_asks_by_itself_keeps_no_session_open(here, settings):
    client = comes_in(here.admin)
    session = client.session
    session[SEEN] -= settings.SESSION_NOTED_EVERY + 1
    session.save()
    before = Session.objects.get().seen
    assert client.get("/my-work/counts/", headers={"X-Unattended": "1"}).status_code == 200
    assert Session.objects.get().seen == before


def test_whoever_is_deactivated_is_out_at_once(here):
    clerk = person(here.admin, here.north, "clerk@example.org", "Cleo")
    client = Client()
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    assert inside(client)
    users.deactivate(clerk, by=here.admin, note="Moved away.")
    assert not Session.objects.filter(user=clerk).exists()
    assert not inside(client)


def test_an_administrator_ends_all_sessions_of_a_person(here):
    clerk = person(here.admin, here.north, "clerk@example.org", "Cleo")
    client = Client()
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    sessions.end_sessions(clerk, by=here.north_manager)
    assert not inside(client)


def test_an_address_is_changed_only_by_somebody_with_the_same_rights(here):
    boss = person(here.admin, here.north, "boss@example.org", "Bea Boss")
    from calidez.people.models import Grant, Role
    from calidez.people.tests.factories import create

    create(Grant, here.admin, user=boss, role=Role.objects.get(code="administrator"), unit=here.root)
    with pytest.raises(RuleBroken, match="may do more than you"):
        catalog.of(User).edition(boss, by=here.north_manager, email="mine@example.org")
    catalog.of(User).edition(boss, by=here.admin, email="bea@example.org")
