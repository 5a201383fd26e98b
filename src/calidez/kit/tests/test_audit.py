"""The trail: sealed, append-only, and honest about the first broken link."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from calidez.kit.conformance import World
from calidez.kit.core import audit
from calidez.kit.core.events import AuditEvent, AuditSeal
from calidez.people.models import Unit
from calidez.people.tests.factories import PASSWORD, create

pytestmark = pytest.mark.django_db


def unprotected(sql: str, parameters: list[object]) -> None:
    """Change the trail as somebody with the database in hand would: triggers off, then on again."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Constraints deferred to the end of the test would keep the tables from being altered.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE kit_auditevent DISABLE TRIGGER USER")
            cursor.execute("ALTER TABLE kit_auditseal DISABLE TRIGGER USER")
        else:
            for table in ("kit_auditevent", "kit_auditseal"):
                for verb in ("update", "delete"):
                    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")
        cursor.execute(sql, parameters)


def test_an_untouched_trail_is_intact(world: World) -> None:
    result = audit.verify()
    assert result.intact
    assert result.events == AuditEvent.objects.count() > 5
    assert result.head == AuditSeal.objects.order_by("-position").first().digest


@pytest.mark.parametrize("table", [AuditEvent, AuditSeal])
def test_the_database_refuses_to_change_or_delete(world: World, table: type[AuditEvent]) -> None:
    audit.seal()
    for change in (
        lambda: table.objects.filter(pk=table.objects.first().pk).update(**{_text_field(table): "x"}),
        lambda: table.objects.all()._raw_delete(using="default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def _text_field(table: type) -> str:
    return "actor" if table is AuditEvent else "digest"


@pytest.mark.parametrize("field", ["actor", "verb", "label", "note"])
def test_a_changed_event_is_named(world: World, field: str) -> None:
    audit.seal()
    third = AuditSeal.objects.get(position=3)
    unprotected(f"UPDATE kit_auditevent SET {field} = 'forged' WHERE id = %s", [third.event_id])
    result = audit.verify()
    assert (result.intact, result.broken_at, result.reason) == (False, 3, "content")


def test_a_removed_event_is_named(world: World) -> None:
    audit.seal()
    third = AuditSeal.objects.get(position=3)
    unprotected("DELETE FROM kit_auditseal WHERE id = %s", [third.pk])
    result = audit.verify()
    assert (result.broken_at, result.reason) == (3, "missing")


def test_a_cut_tail_shows_against_a_head_noted_earlier(world: World) -> None:
    noted = audit.verify()
    last = AuditSeal.objects.order_by("-position").first()
    unprotected("DELETE FROM kit_auditseal WHERE id = %s", [last.pk])
    unprotected("DELETE FROM kit_auditevent WHERE id = %s", [last.event_id])
    assert audit.verify().intact  # the chain alone cannot know
    assert audit.verify(expected_head=noted.head, expected_events=noted.events).reason == "truncated"


def test_without_the_key_nobody_can_reseal(world: World, settings: object) -> None:
    audit.seal()
    settings.AUDIT_KEY = "another key"  # type: ignore[attr-defined]
    assert audit.verify().broken_at == 1


def test_only_what_changed_is_kept(world: World) -> None:
    from calidez.kit.catalog import catalog

    edit = catalog.of(Unit).edition
    edit(world.north, by=world.admin, name="Northern clinic")
    event = audit.history(world.north, limit=1)[0]
    assert event.before == {"name": "North clinic"}
    assert event.after == {"name": "Northern clinic"}


def test_a_password_never_enters_the_trail(world: World) -> None:
    for event in AuditEvent.objects.filter(subject="people.user"):
        assert "password" not in (event.after or {})
    assert world.admin.password
    assert PASSWORD not in world.admin.password


def test_a_refused_change_leaves_no_event(world: World) -> None:
    from calidez.kit.platform.errors import NotAllowed

    count = AuditEvent.objects.count()
    with pytest.raises(NotAllowed):
        create(Unit, world.auditor, code="X", name="X", parent=world.root)
    assert AuditEvent.objects.count() == count
