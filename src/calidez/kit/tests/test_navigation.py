"""The administration page and the person's own menu: what is registered is found, by those who may see it."""

from __future__ import annotations

import pytest
from django.test import Client

from calidez.kit.conformance import World
from calidez.kit.desk import navigation
from calidez.kit.desk.navigation import PageEntry

pytestmark = pytest.mark.django_db


def _client(user: object) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_administration_shows_what_this_person_finds_there(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = PageEntry("Clockwork", lambda: "/clockwork/", lambda user: user == world.admin, "clock", "Ticks.")
    monkeypatch.setitem(navigation._pages, navigation.ADMINISTRATION, [entry])
    page = _client(world.admin).get("/administration/").content.decode()
    assert 'href="/clockwork/"' in page
    assert "Ticks." in page
    assert "/clockwork/" not in _client(world.auditor).get("/administration/").content.decode()
    assert _client(world.outsider).get("/administration/").status_code == 403


def test_the_persons_menu_holds_what_is_their_own(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = PageEntry("My clock", lambda: "/my-clock/", lambda user: True, "clock")
    monkeypatch.setitem(navigation._pages, navigation.PERSONAL, [entry])
    assert 'href="/my-clock/"' in _client(world.outsider).get("/").content.decode()


def test_a_page_needs_a_known_place() -> None:
    with pytest.raises(ValueError, match="no place"):
        navigation.add_page("cellar", PageEntry("Wine", lambda: "/", lambda user: True))


def test_a_page_that_leads_on_is_marked_where_it_leads(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = PageEntry("My clock", lambda: "/my-clock/", lambda user: True, also=lambda: "/clocks/")
    monkeypatch.setitem(navigation._pages, "design", [entry])
    for path, marked in (("/my-clock/", True), ("/clocks/?mine=1", True), ("/watches/", False)):
        items = [i for section in navigation.side_bar(world.admin, path) for i in section.items]
        assert next(i for i in items if i.text == "My clock").current is marked
