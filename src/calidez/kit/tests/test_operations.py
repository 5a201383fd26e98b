"""Operations: permission, rule, transaction, version and trail, in that order."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from calidez.kit.catalog import catalog
from calidez.kit.conformance import World
from calidez.kit.core import audit
from calidez.kit.core.operations import NotOffered, Operation, unless
from calidez.kit.platform.errors import NotAllowed, RuleBroken, VersionConflict
from calidez.people.models import Grant, Position, Role, Unit
from calidez.people.tests.factories import create, person
from calidez.standards.models import Standard
from calidez.standards.services import propose, put_in_force, retire
from calidez.standards.tests.factories import second_person, standard

pytestmark = pytest.mark.django_db


def test_a_transition_moves_the_state_once(world: World) -> None:
    made = standard(world, world.north, 1)
    done = propose(made, by=world.admin)
    assert (done.state, done.version) == (Standard.State.PROPOSED, made.version + 1)
    with pytest.raises(RuleBroken):
        propose(done, by=world.admin)
    event = audit.history(done, limit=1)[0]
    assert (event.verb, event.before["state"], event.after["state"]) == ("propose", "draft", "proposed")


def test_whoever_may_not_is_refused_whatever_calls_it(world: World) -> None:
    """A button that is not drawn is no door that is shut: jobs, scripts and imports call the step itself."""
    made = standard(world, world.north, 1)
    with pytest.raises(NotAllowed):
        propose(made, by=world.auditor)
    made.refresh_from_db()
    assert made.state == Standard.State.DRAFT


def test_a_broken_rule_changes_nothing_and_names_the_field(world: World) -> None:
    made = propose(standard(world, world.north, 1, starts=None), by=world.admin)
    with pytest.raises(RuleBroken) as refusal:
        put_in_force(made, by=second_person(world))
    assert refusal.value.field == "starts"
    made.refresh_from_db()
    assert made.state == Standard.State.PROPOSED


def test_a_reason_is_kept(world: World) -> None:
    done = retire(standard(world, world.north, 1), by=world.admin, note="Nobody asks for it any more.")
    assert audit.history(done, limit=1)[0].note == "Nobody asks for it any more."


def test_an_old_version_is_refused(world: World) -> None:
    made = standard(world, world.north, 1)
    edit = catalog.of(Standard).edition
    edit(made, by=world.admin, version=1, title="First")
    with pytest.raises(VersionConflict) as conflict:
        edit(made, by=world.admin, version=1, title="Second")
    assert conflict.value.record.title == "First"


def test_nobody_moves_a_record_out_of_their_reach(world: World) -> None:
    made = standard(world, world.north, 1)
    edit = catalog.of(Standard).edition
    with pytest.raises(NotAllowed):
        edit(made, by=world.north_manager, unit=world.south)
    made.refresh_from_db()
    assert made.unit == world.north


def test_nobody_creates_where_they_have_no_role(world: World) -> None:
    with pytest.raises(NotAllowed):
        create(Unit, world.north_manager, code="S1", name="S1", parent=world.south)
    assert create(Unit, world.north_manager, code="N1", name="N1", parent=world.north).path.startswith(
        world.north.path
    )


def test_nobody_grants_more_than_their_own_subtree(world: World) -> None:
    who = person(world.admin, world.north, "new@example.org", "New")
    role = Role.objects.get(code="administrator")
    with pytest.raises(NotAllowed):
        create(Grant, world.north_manager, user=who, role=role, unit=world.root)


def test_codes_have_no_gaps_when_a_creation_fails(world: World) -> None:
    first = standard(world, world.north, 1)
    with pytest.raises(RuleBroken):
        create(Standard, world.admin, title="", requirement="R", owner=world.admin, unit=world.north)
    second = standard(world, world.north, 2)
    assert (first.code, second.code) == ("STD-001", "STD-002")


def test_a_role_that_ended_gives_nothing(world: World) -> None:
    who = person(world.admin, world.root, "old@example.org", "Old")
    create(
        Grant,
        world.admin,
        user=who,
        role=Role.objects.get(code="administrator"),
        unit=world.root,
        starts=dt.date(2020, 1, 1),
        ends=dt.date(2020, 12, 31),
    )
    assert not catalog.of(Standard).may(who, "view")


def test_moving_a_unit_moves_what_is_below(world: World) -> None:
    ward = create(Unit, world.admin, code="WARD", name="Ward", parent=world.north)
    desk = create(Unit, world.admin, code="DESK", name="Desk", parent=ward)
    catalog.of(Unit).edition(ward, by=world.admin, parent=world.south)
    ward.refresh_from_db()
    desk.refresh_from_db()
    assert ward.path.startswith(world.south.path)
    assert desk.path.startswith(ward.path)
    with pytest.raises(RuleBroken):
        catalog.of(Unit).edition(ward, by=world.admin, parent=desk)


def test_constraints_speak_to_people(world: World) -> None:
    with pytest.raises(RuleBroken, match="negative"):
        create(
            Standard,
            world.admin,
            title="T",
            requirement="R",
            target=1.0,
            tolerance=-1.0,
            owner=world.admin,
            unit=world.root,
        )
    with pytest.raises(RuleBroken) as twice:
        create(Unit, world.admin, code="NORTH", name="Again", parent=world.root)
    assert twice.value.field == "code"


def test_what_stands_in_the_way_is_said_and_refused_alike(world: World) -> None:
    """A sentence leaves the button; `NotOffered` takes it away; without words the step is closed as in another state."""
    made = create(Position, world.admin, name="Receptionist", unit=world.north)
    found: list[Any] = [None]
    paint = Operation(
        lambda position, *, by: None,
        Position,
        name="paint",
        label="Paint",
        verb="edit",
        blocked=lambda position, by: found[0],
    )

    def asked(answer: Any) -> tuple[bool, bool, str]:
        found[0], fresh = answer, Position.objects.get()
        seen = paint.open_for(fresh, world.admin), paint.offered_to(fresh, world.admin)
        return (*seen, paint.why_not(fresh, world.admin))

    def refusal(answer: Any) -> RuleBroken:
        found[0] = answer
        with pytest.raises(RuleBroken) as refused:
            paint(made, by=world.admin)
        with pytest.raises(RuleBroken):
            paint.follow(made, by=world.admin)
        return refused.value

    assert asked(None) == asked("") == (True, True, "")
    assert asked("Buy paint first.") == (True, True, "Buy paint first.")
    assert asked(NotOffered("Ada paints.")) == (True, False, "Ada paints.")
    assert asked(NotOffered()) == (False, False, "not possible yet")
    assert str(refusal("Buy paint first.")) == "Buy paint first."
    assert refusal(RuleBroken("Which colour?", field="purpose")).field == "purpose"
    assert str(refusal(NotOffered("Ada paints."))) == "Ada paints."
    assert "is not possible now" in str(refusal(NotOffered()))
    assert unless(lambda position: position.name == "Porter")(made, world.admin) == NotOffered()
    found[0] = None
    assert paint(made, by=world.admin).version == 2
