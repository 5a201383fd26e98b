"""The life cycle is drawn from the declared steps, and says what the trail and the reader's role know."""

from __future__ import annotations

import pytest

from calidez.kit.catalog import catalog
from calidez.kit.core.lifecycle import life_page, lifecycle
from calidez.kit.core.trail import events_of
from calidez.people.models import Unit
from calidez.standards import services
from calidez.standards.models import Standard
from calidez.standards.tests.factories import standard, standard_in_force


def test_states_and_moves_follow_from_the_declaration():
    life = lifecycle(catalog.of(Standard))
    assert [(s.value, s.initial, s.final) for s in life.states] == [
        ("draft", True, False),
        ("proposed", False, False),
        ("in_force", False, False),
        ("revising", False, False),
        ("retired", False, True),
    ]
    assert {(m.name, m.source, m.target) for m in life.moves} == {
        ("propose", "draft", "proposed"),
        ("propose", "revising", "proposed"),
        ("send_back", "proposed", "draft"),
        ("send_back", "proposed", "revising"),
        ("put_in_force", "proposed", "in_force"),
        ("revise", "in_force", "revising"),
        ("drop_revision", "revising", "in_force"),
        *(("retire", state, "retired") for state in ("draft", "proposed", "in_force", "revising")),
    }
    assert lifecycle(catalog.of(Unit)) is None


@pytest.mark.django_db
def test_a_record_shows_what_it_passed_and_what_may_come_next(world):
    entity = catalog.of(Standard)
    draft = standard(world, world.north, 1)
    Standard.objects.filter(pk=draft.pk).update(target=None)
    draft.refresh_from_db()

    def drawn(record, user):
        return {s.text: s for s in life_page(entity, record, user, lambda: events_of(record)).states}

    states = drawn(draft, world.admin)
    assert [s.status for s in states.values()] == ["present", "next", "other", "other", "next"]
    assert "target" in states["Proposed"].moves[0].why_not
    assert states["Retired"].moves[0].why_not == ""
    assert "role" in drawn(draft, world.auditor)["Proposed"].moves[0].why_not
    Standard.objects.filter(pk=draft.pk).update(target=95)
    proposed = services.propose(draft, by=world.admin)
    states = drawn(proposed, world.admin)
    assert [s.status for s in states.values()] == ["passed", "present", "next", "other", "next"]
    assert states["Proposed"].by == "Ada Administrator"
    assert states["Draft"].moment < states["Proposed"].moment


@pytest.mark.django_db
def test_a_step_that_leads_to_one_of_two_states_is_drawn_to_that_one(world):
    entity = catalog.of(Standard)
    again = services.propose(
        services.revise(standard_in_force(world, world.north), by=world.admin), by=world.admin
    )
    states = {s.text: s for s in life_page(entity, again, world.admin, lambda: events_of(again)).states}
    assert [m.text for m in states["Being revised"].moves] == ["Send back"]
    assert states["Draft"].moves == ()
