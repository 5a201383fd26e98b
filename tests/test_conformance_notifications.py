"""Every kind of record: nobody is told of one that they may not see, and what is told of it leads to its page."""

from __future__ import annotations

from typing import Any

import pytest

from calidez.kit.catalog import Entity
from calidez.kit.conformance import World, kinds, load_factories
from calidez.kit.desk.notifications import notify
from calidez.kit.desk.notifications.declare import NotificationKind, When
from calidez.kit.desk.notifications.showing import items

load_factories()

pytestmark = pytest.mark.django_db
PING = NotificationKind("ping", "Pings", "Somebody pinged you.", mail=When.NEVER)


@pytest.mark.parametrize("entity", kinds(), ids=lambda e: e.key, scope="module")
def test_only_those_who_see_a_record_hear_of_it(entity: Entity, world: World, record: Any) -> None:
    assert notify(world.outsider, PING, text="Secret", record=record, by=world.admin) is None
    told = notify(world.auditor, PING, text="Open", record=record, by=world.admin)
    assert told is not None
    assert told.url == entity.url(record)
    (shown,) = items(world.auditor, [told])
    assert shown.text == "Open"
    (hidden,) = items(world.outsider, [told])
    assert (hidden.text == "Open", hidden.url, hidden.by) == (False, "", "")
