"""Every kind of record is tried from its factory alone: one record is made, and all the tests of the kind start from it.

A kind joins by being registered. Most tests are for every kind; `thorough` ones spare kinds that only declare, and those
about the `machine` itself are tried on a sample, with every kind in it that decides who sees what. At night all get all;
the fast tests try every kind with the few that are marked `smoke`.
"""

from __future__ import annotations

import copy
import datetime as dt
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from calidez.kit.catalog import Entity
from calidez.kit.conformance import World, is_plain, kinds, load_factories, make, sample
from calidez.people.services.session_store import SEEN

load_factories()

DAY = 86_400
PEOPLE = ("admin", "auditor", "north_manager", "outsider")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--nightly"):
        return
    if config.getoption("--fast"):
        spared = {
            item for item in items if _kind_of(item) is not None and not item.get_closest_marker("smoke")
        }
        config.hook.pytest_deselected(items=list(spared))
        items[:] = [item for item in items if item not in spared]
        return
    tried = sample()
    spared = {
        item
        for item in items
        if (kind := _kind_of(item)) is not None
        and (
            (item.get_closest_marker("thorough") and is_plain(kind))
            or (item.get_closest_marker("machine") and kind not in tried)
        )
    }
    config.hook.pytest_deselected(items=list(spared))
    items[:] = [item for item in items if item not in spared]


def _kind_of(item: Any) -> Entity | None:
    found: Entity | None = item.callspec.params.get("entity") if hasattr(item, "callspec") else None
    return found


@pytest.fixture(scope="package", params=kinds(), ids=lambda entity: entity.key)
def entity(request: pytest.FixtureRequest) -> Any:
    """For the whole folder, so that pytest runs one kind after the other and makes its record once."""
    return request.param


@pytest.fixture(scope="package")
def shared_world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    from calidez.config.tests.layers import layer
    from calidez.people.tests.factories import world

    with django_db_blocker.unblock(), layer():
        yield world()


@pytest.fixture(scope="package")
def keys(shared_world: World) -> dict[str, tuple[str, str]]:
    """Of each person the session and the token, once for all tests: to sign in costs as much as a page."""
    from calidez.kit.tests.factories import issued
    from calidez.kit.tests.visits import client_of

    here = copy.deepcopy(shared_world)
    found = {}
    for name in PEOPLE:
        client, token = client_of(getattr(here, name)), issued(getattr(here, name))
        # That they are in use is noted now and then: on a busy machine in the midst of what counts queries.
        session = client.session
        session[SEEN] = int(time.time()) + DAY
        session.save()
        type(token.token).objects.filter(pk=token.token.pk).update(
            used_at=timezone.now() + dt.timedelta(seconds=DAY)
        )
        found[name] = (client.cookies["sessionid"].value, token.secret)
    return found


@pytest.fixture(scope="package")
def made(entity: Entity, shared_world: World, keys: Any) -> Iterator[Any]:
    from calidez.config.tests.layers import layer

    with layer():
        yield make(entity, copy.deepcopy(shared_world), shared_world.north, 1)


@pytest.fixture(scope="package")
def made_there(entity: Entity, shared_world: World, made: Any) -> Iterator[Any]:
    from calidez.config.tests.layers import layer

    with layer():
        yield make(entity, copy.deepcopy(shared_world), shared_world.south, 2)


@pytest.fixture
def record(made: Any, db: None) -> Any:
    """One record of the kind, number 1 in the north."""
    return copy.deepcopy(made)


@pytest.fixture
def there(made_there: Any, db: None) -> Any:
    """Another, in the south."""
    return copy.deepcopy(made_there)


@pytest.fixture
def client_as(keys: Any, db: None) -> Callable[[str], Client]:
    """The browser of one of the world's people, signed in."""

    def client(name: str) -> Client:
        found = Client()
        found.cookies["sessionid"] = keys[name][0]
        return found

    return client


@pytest.fixture
def admin(client_as: Callable[[str], Client]) -> Client:
    return client_as("admin")


@pytest.fixture
def api_as(keys: Any, db: None) -> Callable[..., Any]:
    """A program with a token of one of the world's people."""
    from calidez.kit.tests.visits import Api

    return lambda name, language="en": Api(keys[name][1], language)
