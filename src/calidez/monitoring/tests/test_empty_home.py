"""The first page before anything is measured."""

from __future__ import annotations

from calidez.kit.conformance import World

from .conftest import client_of


def test_home_of_an_empty_system_offers_the_first_step(world: World) -> None:
    text = client_of(world.admin).get("/").content.decode()
    assert "/imports/new/" in text
    assert "calidez demo" in text
