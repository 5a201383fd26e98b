"""Every kind of record is found, and told of, by those who may see it, and by nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from calidez.kit.catalog import Entity
from calidez.kit.conformance import World
from calidez.kit.desk.notifications import notify
from calidez.kit.desk.notifications.declare import NotificationKind, When
from calidez.kit.desk.notifications.listing import items
from calidez.kit.desk.search import finding, indexing
from calidez.kit.desk.search.terms import words_of

pytestmark = pytest.mark.django_db
PING = NotificationKind("ping", "Pings", "Somebody pinged you.", mail=When.NEVER)


def test_a_record_is_found_by_the_words_of_its_title(entity: Entity, world: World, record: Any) -> None:
    indexing.index(entity, [record])
    text = " ".join(words_of(entity, record)[:3])
    address = entity.url(record)
    assert address in {hit.url for hit in finding.find(text, world.admin, shown=200)}
    assert finding.find(text, world.outsider) == ()


def test_only_those_who_see_a_record_hear_of_it(entity: Entity, world: World, record: Any) -> None:
    """And what is told of it leads to its page."""
    assert notify(world.outsider, PING, text="Secret", record=record, by=world.admin) is None
    told = notify(world.auditor, PING, text="Open", record=record, by=world.admin)
    assert told is not None
    assert told.url == entity.url(record)
    (shown,) = items(world.auditor, [told])
    assert shown.text == "Open"
    (hidden,) = items(world.outsider, [told])
    assert (hidden.text == "Open", hidden.url, hidden.by) == (False, "", "")
