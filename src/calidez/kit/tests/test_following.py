"""What follows without anybody pressing a button: checked, locked, told to the trail and to all who listen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from calidez.documents.models import Document
from calidez.kit.catalog import catalog
from calidez.kit.core import audit, reactions, verification
from calidez.kit.core.following import created, created_many, deleted_many, following, following_many, noted
from calidez.kit.core.reactions import Happening
from calidez.kit.platform.errors import NotAllowed, RuleBroken, VersionConflict
from calidez.people.models import Position, Unit
from calidez.people.tests.factories import World, create
from calidez.standards.models import Standard
from calidez.standards.services import retire
from calidez.standards.tests.factories import standard

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Happening]:
    happenings: list[Happening] = []
    monkeypatch.setattr(reactions, "_everywhere", [happenings.append])
    return happenings


@pytest.fixture
def followed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[Model, str]]]:
    """What an upper part hears of positions."""
    came: list[tuple[Model, str]] = []
    monkeypatch.setitem(reactions._reactions, "people.position", [lambda one, verb: came.append((one, verb))])
    return came


def position(world: World, name: str = "Receptionist") -> Position:
    return create(Position, world.admin, name=name, unit=world.north)


def test_a_change_that_follows_is_one_event(
    world: World, heard: list[Happening], followed: list[tuple[Model, str]]
) -> None:
    made = position(world)
    heard.clear()
    followed.clear()
    with following(made, "rename", by=None, note="The house was renamed.") as it:
        it.name = "Front desk"
    made.refresh_from_db()
    event = audit.history(made, limit=1)[0]
    assert (made.name, made.version) == ("Front desk", 2)
    assert (event.verb, event.actor, event.note) == ("rename", "", "The house was renamed.")
    assert (event.before, event.after) == ({"name": "Receptionist"}, {"name": "Front desk"})
    assert [(h.verb, list(h.records), h.by, h.at) for h in heard] == [("rename", [made], None, event.at)]
    assert followed == [(made, "rename")]


def test_the_row_is_read_anew(world: World) -> None:
    """What somebody else saved in the meantime is not undone by an old copy."""
    old = position(world)
    catalog.of(Position).edition(Position.objects.get(), by=world.admin, purpose="Welcomes people.")
    with following(old, "rename", by=None) as it:
        it.name = "Front desk"
    assert Position.objects.values_list("name", "purpose", "version").get() == (
        "Front desk",
        "Welcomes people.",
        3,
    )


def test_the_row_is_locked(world: World) -> None:
    made = position(world)
    with CaptureQueriesContext(connection) as captured, following(made, "rename", by=None):
        pass
    reading = next(query["sql"] for query in captured if "people_position" in query["sql"])
    assert ("FOR UPDATE" in reading) == connection.features.has_select_for_update


def test_whoever_opened_it_before_is_told(world: World) -> None:
    made = position(world)
    with following(made, "rename", by=None) as it:
        it.name = "Front desk"
    with pytest.raises(VersionConflict):
        catalog.of(Position).edition(made, by=world.admin, version=1, name="Desk")


def test_a_refusal_inside_undoes_everything(world: World, heard: list[Happening]) -> None:
    made, unit = position(world), world.south
    heard.clear()

    def rename() -> None:
        with following(made, "rename", by=None) as it:
            it.name = "Front desk"
            with following(unit, "rename", by=None) as other:
                other.name = "Harbour clinic"
            raise RuleBroken("Not today.")

    with pytest.raises(RuleBroken):
        rename()
    assert Position.objects.get().name == "Receptionist"
    assert Unit.objects.get(pk=unit.pk).name == unit.name
    assert [event.verb for event in audit.history(made)] == ["create"]


def test_a_wrong_value_is_refused_in_words(world: World) -> None:
    made = position(world)
    with pytest.raises(RuleBroken) as refused, following(made, "rename", by=None) as it:
        it.name = ""
    assert refused.value.field == "name"


def test_a_second_write_inside_the_first_is_a_mistake(world: World) -> None:
    made = position(world)
    first, second = following(made, "a", by=None), following(made, "b", by=None)
    with pytest.raises(RuntimeError, match="being written already"), first, second:
        pass
    with following(made, "c", by=None):
        pass
    assert [event.verb for event in audit.history(made)] == ["c", "create"]


def test_what_the_program_creates_has_its_number_and_its_trail(world: World, heard: list[Happening]) -> None:
    draft = Document(kind=Document.Kind.POLICY, title="Service policy", unit=world.north, owner=world.admin)
    made = created(draft, by=world.admin)
    event = audit.history(made)[0]
    assert made.code.startswith(catalog.of(Document).code.split("{", maxsplit=1)[0])
    assert (event.verb, event.actor, event.after["title"]) == ("create", str(world.admin), made.title)
    assert [happening.verb for happening in heard] == ["create"]


def test_a_step_that_follows_asks_no_permission_but_its_rules(world: World) -> None:
    made = standard(world, world.north, 1)
    with pytest.raises(NotAllowed):
        retire(made, by=world.outsider)
    done = retire.follow(made, by=world.outsider, note="Its service ended.")
    assert done.state == Standard.State.RETIRED
    event = audit.history(done, limit=1)[0]
    assert (event.verb, event.actor, event.note) == ("retire", str(world.outsider), "Its service ended.")
    with pytest.raises(RuleBroken):
        retire.follow(done, by=world.outsider)


def test_something_beside_a_record_is_heard_but_moves_nothing(
    world: World, heard: list[Happening], followed: list[tuple[Model, str]]
) -> None:
    made = position(world)
    heard.clear()
    followed.clear()
    noted(made, "praise", by=world.admin, note="Well kept.")
    made.refresh_from_db()
    assert made.version == 1
    assert [event.verb for event in audit.history(made)] == ["praise", "create"]
    assert [(happening.verb, happening.beside) for happening in heard] == [("praise", True)]
    assert followed == []


def test_masses_cost_a_fixed_number_of_statements(
    world: World, heard: list[Happening], followed: list[tuple[Model, str]]
) -> None:
    def make(count: int, name: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            created_many(
                [Position(name=f"{name} {n}", unit=world.north) for n in range(count)], by=world.admin
            )
        return len(captured)

    def rename(name: str, to: str) -> int:
        found = Position.objects.select_related("unit").filter(name__startswith=name)
        renaming = following_many(found, "rename", fields=("name",), by=None)
        with CaptureQueriesContext(connection) as captured, renaming as those:
            for one in those:
                one.name = f"{to} {one.pk}"
        return len(captured)

    def remove(name: str) -> int:
        found = list(Position.objects.select_related("unit").filter(name__startswith=name))
        with CaptureQueriesContext(connection) as captured:
            deleted_many(found, by=None)
        return len(captured)

    make(1, "Warm")
    heard.clear()
    followed.clear()
    assert make(2, "Few") == make(40, "Many")
    assert rename("Few", "Fewer") == rename("Many", "More")
    one = Position.objects.filter(name__startswith="More").first()
    assert one is not None
    assert one.version == 2
    assert [event.verb for event in audit.history(one)] == ["rename", "create"]
    assert remove("Fewer") == remove("More")
    assert [event.verb for event in audit.history(one)] == ["delete", "rename", "create"]
    assert [(happening.verb, len(happening.records)) for happening in heard] == [
        ("create", 2),
        ("create", 40),
        ("rename", 2),
        ("rename", 40),
        ("delete", 2),
        ("delete", 40),
    ]
    assert len(followed) == 3 * 42
    assert verification.verify().intact


def test_nothing_is_told_of_none(world: World, heard: list[Happening]) -> None:
    created_many([], by=None)
    deleted_many([], by=None)
    with following_many(Position.objects.none(), "rename", fields=("name",), by=None) as none:
        assert none == []
    assert heard == []


def test_a_comparison_of_two_fields_is_refused_beside_the_later_one() -> None:
    """Of every kind of record: whoever swapped two days finds the sentence where one of them is."""
    from calidez.kit.core.compared import said_beside

    found = {
        constraint.name: next(iter(said_beside(model, [str(constraint.get_violation_error_message())])))
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if "order" in constraint.name or "after" in constraint.name
    }
    assert found["people_closed_days_in_order"] == "last"
    assert found["people_grant_ends_after_start"] == "ends"
    assert found["objectives_due_after_start"] == "due"
    assert all(found.values()), found
    assert said_beside(apps.get_model("people", "ClosedDay"), ["Another one."]) == {"": ["Another one."]}
