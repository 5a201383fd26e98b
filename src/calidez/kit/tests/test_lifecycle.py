"""The life cycle is drawn from the declared steps, and says what the trail and the reader's role know."""

from __future__ import annotations

import pytest

from calidez.kit.catalog import catalog
from calidez.kit.lifecycle import life_page, lifecycle
from calidez.kit.trail import events_of
from calidez.people.models import Unit
from calidez.people.tests.factories import world
from calidez.standards import services
from calidez.standards.models import Standard
from calidez.standards.tests.factories import standard


def test_states_and_moves_follow_from_the_declaration():
    life = lifecycle(catalog.of(Standard))
    assert [(s.value, s.initial, s.final) for s in life.states] == [
        ("draft", True, False),
        ("in_force", False, False),
        ("retired", False, True),
    ]
    assert {(m.name, m.source, m.target) for m in life.moves} == {
        ("put_in_force", "draft", "in_force"),
        ("retire", "draft", "retired"),
        ("retire", "in_force", "retired"),
    }
    assert lifecycle(catalog.of(Unit)) is None


@pytest.mark.django_db
def test_a_record_shows_what_it_passed_and_what_may_come_next():
    w, entity = world(), catalog.of(Standard)
    draft = standard(w, w.north, 1)
    Standard.objects.filter(pk=draft.pk).update(target=None)
    draft.refresh_from_db()

    def drawn(record, user):
        return {s.text: s for s in life_page(entity, record, user, events_of(record)).states}

    states = drawn(draft, w.admin)
    assert [s.status for s in states.values()] == ["present", "next", "next"]
    assert "target" in states["In force"].moves[0].why_not
    assert states["Retired"].moves[0].why_not == ""
    assert "role" in drawn(draft, w.auditor)["In force"].moves[0].why_not
    Standard.objects.filter(pk=draft.pk).update(target=95)
    kept = services.put_in_force(draft, by=w.admin)
    states = drawn(kept, w.admin)
    assert [s.status for s in states.values()] == ["passed", "present", "next"]
    assert states["In force"].by == "Ada Administrator"
    assert states["Draft"].moment < states["In force"].moment
