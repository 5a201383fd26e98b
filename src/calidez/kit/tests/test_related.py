"""Tables of related records on a page: what the reader may see, how much of it, and the ways on from there."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext

from calidez.documents.models import Document
from calidez.documents.tests.factories import make_document
from calidez.kit.catalog import catalog
from calidez.kit.core.cells import Column
from calidez.kit.core.children import Child
from calidez.kit.desk.made_from import new_url
from calidez.kit.desk.related import Related, Rows
from calidez.kit.platform.display import CellKind, Table
from calidez.kit.tests.ledger.models import Ledger, Line
from calidez.people.models import Grant, Position, Role, Unit, User
from calidez.people.tests.factories import create, person, position

pytestmark = pytest.mark.django_db


def table(source: Related | Rows, record: Any, user: Any) -> Table | None:
    panel = source.build(catalog.get(type(record)), record, again(user))
    assert panel is None or isinstance(panel.content, Table)
    return panel.content if panel is not None else None


def again(who: Any) -> Any:
    """As in another request."""
    return User.objects.get(pk=who.pk)


def firsts(found: Table | None) -> list[str]:
    return [row.cells[0].value.text for row in found.rows] if found is not None else []


def heads(found: Table | None) -> list[str]:
    return [header.text for header in found.headers] if found is not None else []


def test_only_what_the_reader_may_see_stands_there(world: Any) -> None:
    role = Role.objects.get(code="employee")
    for unit in (world.north, world.south):
        someone = person(world.admin, unit, f"emma.{unit.code}@example.org", f"Emma {unit.code}")
        create(Grant, world.admin, user=someone, role=role, unit=unit)
    holders = Related(Grant, by="role", columns=("user", "unit"))
    assert firsts(table(holders, role, world.admin)) == ["Emma NORTH", "Emma SOUTH"]
    assert firsts(table(holders, role, world.north_manager)) == ["Emma NORTH"]
    assert table(holders, role, world.outsider) is None


def test_each_row_leads_to_its_record_and_other_links_only_where_the_reader_may_go(world: Any) -> None:
    role = Role.objects.get(code="employee")
    far = person(world.admin, world.south, "far@example.org", "Fay Far")
    one = create(Grant, world.admin, user=far, role=role, unit=world.north)
    holders = Related(Grant, by="role", columns=(Column("what", "What", str), "user", "unit"))
    (row,) = table(holders, role, world.admin).rows  # type: ignore[union-attr]
    assert row.url == row.cells[0].value.url == catalog.of(Grant).url(one)
    assert row.cells[1].value.url == catalog.of(User).url(far)
    (row,) = table(holders, role, world.north_manager).rows  # type: ignore[union-attr]
    assert (row.cells[1].kind, row.cells[1].value) == (CellKind.TEXT, "Fay Far")
    assert row.cells[2].kind == CellKind.LINK


def test_they_stand_in_the_order_of_their_kind_or_in_that_of_the_table(world: Any) -> None:
    for name in ("Porter", "Cook", "Nurse"):
        create(Position, world.admin, name=name, unit=world.north)
    assert firsts(table(Related(Position, by="unit"), world.north, world.admin)) == [
        "Cook",
        "Nurse",
        "Porter",
    ]
    latest = Related(Position, by="unit", order=("-pk",))
    assert firsts(table(latest, world.north, world.admin)) == ["Nurse", "Cook", "Porter"]
    some = Related(Position, by="unit", where=~Q(name="Cook"))
    assert firsts(table(some, world.north, world.admin)) == ["Nurse", "Porter"]


def test_columns_that_say_nothing_new_are_left_out(world: Any) -> None:
    """The link that all share, a column without any value, and the unit where it is the page's own."""
    create(Position, world.admin, name="Cook", unit=world.north)
    assert heads(table(Related(Position, by="unit"), world.north, world.admin)) == ["Name"]
    create(Position, world.admin, name="Nurse", unit=world.north, purpose="Looks after people.")
    assert heads(table(Related(Position, by="unit"), world.north, world.admin)) == ["Name", "Purpose"]
    role, user = Role.objects.get(code="employee"), world.outsider
    create(Grant, world.admin, user=user, role=role, unit=world.root)
    held = Related(Grant, by="user", columns=("role", "unit", "starts"))
    assert heads(table(held, user, world.admin)) == ["Role"]
    create(Grant, world.admin, user=user, role=role, unit=world.north, starts=dt.date(2026, 1, 1))
    assert heads(table(held, user, world.admin)) == ["Role", "Unit", "From"]


def test_of_many_the_first_stand_there_and_a_link_leads_to_all(world: Any) -> None:
    for number in range(1, 6):
        position(world, world.north, number)
    source = Related(Position, by="unit", most=3)
    found = table(source, world.north, world.admin)
    assert found is not None
    assert len(found.rows) == 3
    assert found.more is not None
    assert found.more.text == "All 5"
    client = Client()
    client.force_login(world.admin, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(found.more.url).content.decode()
    assert page.count("Receptionist") >= 5
    all_of_them = table(Related(Position, by="unit", most=5), world.north, world.admin)
    assert all_of_them is not None
    assert all_of_them.more is None


def test_the_number_of_all_is_that_of_the_list_it_leads_to(world: Any) -> None:
    """A list filtered by a unit shows those of the units below as well; what the table leaves out stands there too."""
    for number in range(1, 4):
        position(world, world.root, number)
    position(world, world.north, 4)
    found = table(
        Related(Position, by="unit", most=1, where=~Q(name="Receptionist 3")), world.root, world.admin
    )
    assert found is not None
    assert found.more is not None
    assert found.more.text == "All 4"


def test_a_path_and_a_many_to_many_field_lead_there_too_each_record_once(world: Any) -> None:
    nurse = create(Position, world.admin, name="Nurse", unit=world.north)
    user = person(world.admin, world.north, "n@example.org", "Nina Nurse", position=nurse)
    for unit in (world.north, world.south):
        create(Grant, world.admin, user=user, role=Role.objects.get(code="employee"), unit=unit)
    held = Related(Grant, by="user__position", columns=("user", "unit"))
    found = table(held, nurse, world.admin)
    assert firsts(found) == ["Nina Nurse", "Nina Nurse"]
    assert found is not None
    assert found.new is None, "a form has no field for a path"
    document = make_document(world.admin, world.root, approvers=[], readers_positions=[nurse])
    to_read = table(Related(Document, by="readers_positions", columns=("code", "title")), nurse, world.admin)
    assert firsts(to_read) == [document.code]
    assert to_read is not None
    assert to_read.new is not None


def test_a_new_one_is_one_click_away_with_what_is_known_filled_in(world: Any) -> None:
    role = Role.objects.get(code="employee")
    create(Grant, world.admin, user=world.outsider, role=role, unit=world.north)
    held = Related(Grant, by="user", columns=("role",))
    found = table(held, world.outsider, world.admin)
    assert found is not None
    assert found.new is not None
    given = dict(parse_qsl(urlsplit(found.new.url).query))
    assert given == {"user": str(world.outsider.uid), "unit": str(world.root.uid)}
    client = Client()
    client.force_login(world.admin, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(found.new.url).content.decode()
    assert f'<option value="{world.outsider.pk}" selected>Olga Outsider</option>' in page


def test_who_may_create_none_is_offered_none_and_below_the_unit_is_chosen(world: Any) -> None:
    role = Role.objects.get(code="employee")
    create(Grant, world.admin, user=world.outsider, role=role, unit=world.north)
    held = Related(Grant, by="role", columns=("user",))
    assert table(held, role, world.auditor).new is None  # type: ignore[union-attr]
    below = table(held, role, world.north_manager)
    assert below is not None
    assert below.new is not None
    assert dict(parse_qsl(urlsplit(below.new.url).query)) == {"role": str(role.uid)}
    for new in (False, lambda record: False):
        assert table(Related(Grant, by="role", columns=("user",), new=new), role, world.admin).new is None  # type: ignore[union-attr]


def test_without_any_it_is_hidden_or_says_what_belongs_there(world: Any) -> None:
    assert Related(Position, by="unit").build(catalog.of(Unit), world.south, again(world.admin)) is None
    said = table(Related(Position, by="unit", empty="Nobody works here yet."), world.south, world.admin)
    assert said is not None
    assert said.empty is not None
    assert said.empty.text == "Nobody works here yet."
    assert said.empty.action is not None
    nothing = table(Related(Position, by="unit", empty="Nobody works here."), world.south, world.auditor)
    assert nothing is not None
    assert nothing.empty is not None
    assert nothing.empty.action is None


def test_it_costs_the_same_however_many_there_are(world: Any) -> None:
    role = Role.objects.get(code="employee")
    holders = Related(Grant, by="role", columns=("user", "unit", "state"))

    def queries() -> int:
        reader = again(world.north_manager)
        with CaptureQueriesContext(connection) as captured:
            assert holders.build(catalog.of(Role), role, reader) is not None
        return len(captured)

    def add(number: int) -> None:
        someone = person(world.admin, world.north, f"p{number}@example.org", f"Person {number}")
        create(Grant, world.admin, user=someone, role=role, unit=world.north)

    add(0)
    few = queries()
    for number in range(1, 6):
        add(number)
    assert queries() == few <= 4


def test_addresses_of_forms_take_records_and_values(world: Any) -> None:
    url = new_url(catalog.of(Grant), user=world.admin, starts=dt.date(2026, 1, 1), ends=None)
    assert url == f"/grants/new/?user={world.admin.uid}&starts=2026-01-01"
    assert new_url(catalog.of(Grant)) == "/grants/new/"


class Lines:
    """The declaration of the ledger that the rows need."""

    model = Ledger
    children = (Child(Line, ("text", "amount"), "Lines", order="place"),)


def test_rows_of_a_form_stand_in_their_order_with_their_words(world: Any) -> None:
    ledger = Ledger.objects.create(title="January")
    shown = Rows(Line)
    assert shown.build(Lines, ledger, world.admin) is None
    for place, text in ((2, "Light"), (1, "Rent")):
        Line.objects.create(ledger=ledger, place=place, text=text)
    panel = shown.build(Lines, ledger, world.admin)
    assert panel is not None
    assert (panel.key, panel.title) == ("line", "Lines")
    assert [row.cells[0].value for row in panel.content.rows] == ["Rent", "Light"]
    assert heads(panel.content) == ["Text"], "no row has an amount"
    Line.objects.filter(text="Rent").update(amount=5)
    panel = shown.build(Lines, ledger, world.admin)
    assert panel is not None
    assert [(h.text, h.numeric) for h in panel.content.headers] == [("Text", False), ("Amount", True)]
    assert all(row.url == "" for row in panel.content.rows)


def test_rows_at_places_that_the_reader_may_not_see_are_left_out(world: Any) -> None:
    """A person's grants, taken as rows: of places, only those that may be opened."""
    role = Role.objects.get(code="employee")
    for unit in (world.north, world.south):
        create(Grant, world.admin, user=world.outsider, role=role, unit=unit)
    shown = Rows(Grant, ("unit", "role"), "Where", seen="unit", order=("unit__name",))
    everywhere, north = (
        shown.build(catalog.of(Role), role, again(w)) for w in (world.admin, world.north_manager)
    )
    assert [row.cells[0].value.text for row in everywhere.content.rows] == ["North clinic", "South clinic"]  # type: ignore[union-attr]
    assert [row.cells[0].value.text for row in north.content.rows] == ["North clinic"]  # type: ignore[union-attr]
