"""Where a button leads back to: to a page of this site, whatever came along with the request."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from calidez.kit.catalog import catalog
from calidez.kit.conformance import World
from calidez.standards.tests.factories import standard_in_force

ELSEWHERE = (
    "https://elsewhere.example/",
    "//elsewhere.example/",
    "javascript:alert(1)",
    "",
    "a@b",
    "kit:list",
)


@pytest.fixture
def client(world: World) -> Client:
    browser = Client()
    browser.force_login(world.admin, "django.contrib.auth.backends.ModelBackend")
    return browser


def refused(world: World, client: Client, came_from: str) -> Any:
    """A button whose rule is broken: the standard is in force already."""
    done = standard_in_force(world, world.north, 1)
    address = f"{catalog.of(type(done)).url(done)}do/put_in_force/"
    return client.post(address, {"version": done.version}, headers={"Referer": came_from})


def test_a_refused_button_leads_back_to_its_page(world: World, client: Client) -> None:
    here = "http://testserver/standards/?state=draft"
    assert refused(world, client, here)["Location"] == here


@pytest.mark.parametrize("came_from", ELSEWHERE)
def test_a_refused_button_leads_nowhere_but_to_its_record(
    world: World, client: Client, came_from: str
) -> None:
    assert refused(world, client, came_from)["Location"].startswith("/standards/")


@pytest.mark.parametrize("target", ELSEWHERE)
def test_the_choice_of_a_unit_leads_nowhere_else(world: World, client: Client, target: str) -> None:
    answer = client.post("/scope/", {"unit": str(world.north.uid), "next": target})
    assert answer["Location"] == "/"


def test_a_page_that_turns_people_away_does_not_lead_to_itself(world: World, client: Client) -> None:
    """A browser sends the page along on which it is: it would go round for ever."""
    done = standard_in_force(world, world.north, 1)
    own = catalog.of(type(done)).url(done)
    step = f"{own}do/put_in_force/"
    for came in (f"http://testserver{step}", f"http://testserver{step}?a=1", ""):
        for ask in (client.get, client.post):
            assert ask(step, headers={"Referer": came})["Location"] == own
