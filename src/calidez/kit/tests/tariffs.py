"""A tariff that is kept version by version: its declaration and its people, for tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from calidez.kit.catalog import Entity, catalog
from calidez.kit.conformance import create
from calidez.kit.core.children import Child
from calidez.kit.core.editions import Editioned
from calidez.kit.core.life_in_force import Life
from calidez.kit.desk.editions import Versions
from calidez.kit.desk.panels import Fields
from calidez.kit.tests.ledger.models import Rebate, Tariff, TariffEdition
from calidez.people.tests.factories import person

State = Tariff.State
DAY = dt.timedelta(days=1)
FIRST = dt.date(2024, 1, 1)
LIFE = Life(Tariff, blocked=lambda tariff, by: "Say what it costs first." if tariff.price is None else None)


class Tariffs(Entity):
    model = Tariff
    slug = "tariffs"
    scope = None
    columns = ("title", "price", "state")
    fields = ("title", "kind", "price", "secret", "since", "owner", "tellers", "starts", "ends")
    children = (Child(Rebate, ("to", "rate"), "Rebates"),)
    editions = Editioned(TariffEdition, headline=lambda edition: f"{edition.price:g} an hour")
    panels = (Fields(), Versions())
    steps, moves = LIFE.steps, LIFE.moves
    edit_states = LIFE.edit_states


@pytest.fixture
def tariffs(monkeypatch):
    entity = Tariffs()
    monkeypatch.setitem(catalog._by_model, Tariff, entity)
    monkeypatch.setitem(catalog._by_slug, "tariffs", entity)
    return entity


@pytest.fixture
def second(world):
    return person(world.admin, world.root, "second@example.org", "Sofia Second", role="administrator")


@pytest.fixture
def third(world):
    return person(world.admin, world.root, "third@example.org", "Tom Third", role="administrator")


def draft(world: Any, **values: Any) -> Tariff:
    return create(Tariff, world.admin, **{"title": "Night", "price": 90.0, **values})


def in_force(tariff: Any, by: Any, second: Any, starts: dt.date = FIRST) -> Any:
    return LIFE.put_in_force(LIFE.propose(tariff, by=by), by=second, starts=starts)


def edit(tariff: Any, by: Any, **values: Any) -> Any:
    return catalog.of(Tariff).edition(tariff, by=by, **values)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
