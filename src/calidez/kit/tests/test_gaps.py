"""Broken links: counted within the reader's units, with who can mend them, and the way there only for those who may."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext

from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.core.edges import Way
from calidez.kit.desk import gaps
from calidez.kit.desk.gaps import add_gap
from calidez.kit.desk.gaps.board import FIRST, PAGE_SIZE, Asked, board, counts
from calidez.kit.desk.gaps.finding import beside, may_mend, menders, seen
from calidez.kit.desk.gaps.mending import way
from calidez.kit.desk.thread import strands
from calidez.kit.platform.display import Link
from calidez.monitoring.tests.factories import indicator
from calidez.people.models import Position, Unit
from calidez.people.tests.factories import create, person
from calidez.standards.models import Standard
from calidez.standards.tests.factories import standard, standard_in_force

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def declared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what this file declares is looked for."""
    monkeypatch.setattr(gaps, "_gaps", {})
    monkeypatch.setattr(gaps, "of_links", lambda: ())
    monkeypatch.setattr(gaps, "of_held", lambda: ())
    add_gap(
        "purpose",
        label="Position without purpose",
        subject="people.position",
        broken=lambda positions: positions.filter(purpose=""),
        sentence="Nobody can learn it.",
    )
    add_gap(
        "proof",
        label="Standard without indicator",
        subject="standards.standard",
        # As parts may write it: joined, counted and ordered.
        broken=lambda found: found.annotate(proofs=Count("indicators")).filter(proofs=0).order_by("-title"),
        sentence=lambda record: f"Nothing proves {record.code}.",
        verb=access.CREATE,
        mender="monitoring.indicator",
        edge="monitoring.indicator",
    )


def gap(key: str) -> gaps.Gap:
    return next(one for one in gaps.gaps() if one.key == key)


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def position(world: Any, unit: Any, name: str, purpose: str = "") -> Position:
    return create(Position, world.admin, name=name, unit=unit, purpose=purpose)


def numbers(user: Any, **narrowed: Any) -> dict[str, int]:
    return {one.key: count for one, count in counts(user, **narrowed).items()}


def test_a_person_of_the_north_does_not_hear_of_the_south(world: Any) -> None:
    position(world, world.north, "Porter")
    position(world, world.south, "Guide")
    position(world, world.south, "Cook", "Cooks.")
    standard(world, world.south, 1)
    assert numbers(world.admin) == {"purpose": 2, "proof": 1}
    assert numbers(world.north_manager) == {"purpose": 1, "proof": 0}
    assert numbers(world.admin, unit=world.south.path) == {"purpose": 1, "proof": 1}
    assert numbers(world.north_manager, unit=world.south.path) == {"purpose": 0, "proof": 0}
    shown = client_of(world.north_manager).get("/broken-links/").content.decode()
    assert "Porter" in shown
    assert "Guide" not in shown
    assert seen(world.outsider) == ()
    assert client_of(world.outsider).get("/broken-links/").status_code == 403


def test_the_scope_switch_of_the_frame_narrows_the_page(world: Any) -> None:
    position(world, world.north, "Porter")
    position(world, world.south, "Guide")
    client = client_of(world.admin)
    client.post("/scope/", {"unit": str(world.south.uid)})
    shown = client.get("/broken-links/").content.decode()
    assert "Guide" in shown
    assert "Porter" not in shown


def test_the_way_to_the_form_stands_only_before_those_who_may_go_it(world: Any) -> None:
    here = position(world, world.north, "Porter")
    address = f"/positions/{here.uid}/edit/"
    for page in ("/broken-links/", f"/positions/{here.uid}/"):
        assert f'href="{address}"' in client_of(world.admin).get(page).content.decode()
        refused = client_of(world.auditor).get(page).content.decode()
        assert f'href="{address}"' not in refused
        assert "Ask Nora North, Ada Administrator" in refused  # who is nearest stands first
    assert client_of(world.admin).get(address).status_code == 200
    assert client_of(world.auditor).get(address).status_code == 403
    assert numbers(world.auditor, mine=True)["purpose"] == 0
    assert numbers(world.north_manager, mine=True)["purpose"] == 1


def test_what_another_kind_mends_is_made_for_the_record_with_its_unit(world: Any) -> None:
    promise = standard(world, world.north, 1)
    one = gap("proof")
    assert may_mend(one, promise, world.north_manager)
    assert not may_mend(one, standard(world, world.south, 2), world.north_manager)
    assert not may_mend(one, promise, world.auditor)
    link = way(one, promise)
    assert link is not None
    assert link.url == f"/indicators/new/?standard={promise.uid}&unit={world.north.uid}"
    form = client_of(world.north_manager).get(link.url).content.decode()
    assert re.search(rf'<option value="{promise.pk}"[^>]* selected', form)
    assert numbers(world.north_manager, mine=True) == {"purpose": 0, "proof": 1}
    indicator(world, world.north, 1, standard=promise)
    assert numbers(world.north_manager) == {"purpose": 0, "proof": 0}


def test_what_is_closed_to_everybody_says_so_and_counts_for_nobody(world: Any) -> None:
    add_gap(
        "source",
        label="Standard without source",
        subject="standards.standard",
        broken=lambda found: found.all(),
        sentence="Nobody knows why.",
    )
    draft, kept = standard(world, world.north, 1), standard_in_force(world, world.north, 2)
    one, entity = gap("source"), catalog.of(Standard)
    assert may_mend(one, draft, world.admin)
    if entity.edition is not None and not entity.edition.open_for(kept):
        assert not may_mend(one, kept, world.admin)
        assert numbers(world.admin)["source"] == 2
        assert numbers(world.admin, mine=True)["source"] == 1
        page = client_of(world.admin).get(entity.url(kept)).content.decode()
        assert f"{kept.uid}/edit/" not in page
        assert "is not possible now" in page


def test_who_can_mend_is_who_holds_the_permission_and_the_owner_stands_first(world: Any) -> None:
    owner = person(world.admin, world.root, "otto@example.org", "Otto Owner", role="quality_manager")
    promise = standard(world, world.north, 1)
    catalog.of(Standard).edition(promise, by=world.admin, owner=owner)
    promise.refresh_from_db()
    one = gap("proof")
    found = menders([(one, promise)])[one.key, promise.uid]
    assert found[0] == owner
    assert found[1] == world.north_manager
    # The kind that mends has its unit where the record has its own.
    may = access.audience(catalog.of(Position), position(world, world.north, "x"), access.EDIT)
    asked = access.audiences([("position", access.EDIT, world.north.path), ("position", access.EDIT, None)])
    assert set(asked["position", access.EDIT, world.north.path]) == set(may)
    assert set(asked["position", access.EDIT, None]) >= set(may)
    line = board(world.north_manager, Asked(kind="proof")).blocks[0].lines[0]
    assert line.who.startswith("Otto Owner, you")
    assert line.owner == "Otto Owner"
    assert line.sentence == f"Nothing proves {promise.code}."


def test_the_page_costs_the_same_however_many_links_are_broken(world: Any) -> None:
    def queries(address: str) -> int:
        client = client_of(world.admin)
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    position(world, world.north, "First")
    standard(world, world.north, 0)
    addresses = ("/broken-links/", "/broken-links/?kind=purpose", "/broken-links/?mine=1")
    few = [queries(address) for address in addresses]
    for number in range(PAGE_SIZE + 3):
        position(world, (world.north, world.south)[number % 2], f"Post {number:02}")
    standard(world, world.south, 1)
    assert [queries(address) for address in addresses] == few
    with CaptureQueriesContext(connection) as captured:
        assert numbers(world.admin) == {"purpose": PAGE_SIZE + 4, "proof": 2}
    assert sum("COUNT(" in query["sql"] for query in captured) == 2


def test_many_stand_behind_all_and_come_in_pages(world: Any) -> None:
    for number in range(PAGE_SIZE + 2):
        position(world, world.north, f"Post {number:02}")
    (block,) = board(world.admin, Asked()).blocks
    assert (block.count, len(block.lines)) == (PAGE_SIZE + 2, FIRST)
    (first,) = board(world.admin, Asked(kind="purpose")).blocks
    (second,) = board(world.admin, Asked(kind="purpose", page=99)).blocks
    names = [line.link.text for line in (*first.lines, *second.lines)]
    assert names == [f"Post {number:02}" for number in range(PAGE_SIZE + 2)]
    assert first.pager is not None
    assert first.pager.next_url == "/broken-links/?kind=purpose&page=2"
    assert client_of(world.admin).get("/broken-links/?kind=x&page=-1&mine=2").status_code == 200


def test_where_nothing_is_broken_the_page_says_what_was_looked_for(world: Any) -> None:
    page = client_of(world.admin).get("/broken-links/").content.decode()
    assert "No broken links." in page
    assert "Position without purpose" in page
    assert "Standard without indicator" in page


def test_a_record_names_its_own_first_by_one_query(world: Any) -> None:
    here, well = position(world, world.north, "Porter"), position(world, world.north, "Cook", "Cooks.")
    promise = standard(world, world.north, 1)
    with CaptureQueriesContext(connection) as captured:
        found = beside([here, well, promise])
    assert len(captured) == 1
    assert {uid: [one.key for one in many] for uid, many in found.items()} == {
        here.uid: ["purpose"],
        promise.uid: ["proof"],
    }
    page = client_of(world.admin).get(f"/positions/{here.uid}/").content.decode()
    assert page.index('id="panel-gaps"') < page.index('id="panel-fields"')
    assert "panel-gaps" not in client_of(world.admin).get(f"/positions/{well.uid}/").content.decode()


def test_the_thread_draws_the_gap_where_the_record_is_missing_and_marks_its_neighbours(world: Any) -> None:
    promise = standard(world, world.north, 1)
    down = strands(promise, Way.DOWN, world.admin, passed=())
    drawn = [one for strand in down for one in strand.gaps if one.kind == "Indicator"]
    assert [one.text for one in drawn] == [f"Nothing proves {promise.code}."]
    assert drawn[0].mend is not None
    for_reader = [g for s in strands(promise, Way.DOWN, world.auditor, passed=()) for g in s.gaps]
    assert [one.mend for one in for_reader if one.kind == "Indicator"] == [None]
    proof = indicator(world, world.north, 1)
    catalog.of(type(proof)).edition(proof, by=world.admin, standard=promise)
    assert not any(s.gaps for s in strands(promise, Way.DOWN, world.admin, passed=()) if s.nodes)
    add_gap(
        "source",
        label="Standard without source",
        subject="standards.standard",
        broken=lambda found: found.all(),
        sentence="Nobody knows why.",
    )
    proof.refresh_from_db()
    up = strands(proof, Way.UP, world.admin, passed=())
    assert [n.broken for s in up for n in s.nodes if n.text == str(promise)] == ["1 broken link"]


def test_programs_read_the_counts_and_the_records_of_one_kind(world: Any) -> None:
    for number in range(PAGE_SIZE + 1):
        position(world, world.north, f"Post {number:02}")
    client = client_of(world.north_manager)
    found = client.get("/api/v1/broken-links").json()
    assert found["total"] == PAGE_SIZE + 1
    assert found["kinds"][0] == {
        "key": "purpose",
        "label": "Position without purpose",
        "kind": "positions",
        "count": PAGE_SIZE + 1,
        "url": "/api/v1/broken-links/purpose",
    }
    page = client.get(found["kinds"][0]["url"]).json()
    assert (len(page["items"]), page["items"][0]["may_mend"]) == (PAGE_SIZE, True)
    assert page["items"][0]["mend_page"].endswith("/edit/")
    assert len(client.get(page["next"]).json()["items"]) == 1
    assert client.get("/api/v1/broken-links/nothing").status_code == 404
    reader = client_of(world.auditor).get("/api/v1/broken-links/purpose").json()
    assert (reader["items"][0]["may_mend"], reader["items"][0]["mend_page"]) == (False, "")
    assert client_of(world.outsider).get("/api/v1/broken-links").json() == {"total": 0, "kinds": []}


def test_two_of_one_name_are_refused_and_units_have_broken_links_too(world: Any) -> None:
    with pytest.raises(ValueError, match="purpose"):
        add_gap("purpose", label="x", subject="people.unit", broken=lambda q: q, sentence="x")
    add_gap(
        "empty",
        label="Unit without positions",
        subject="people.unit",
        broken=lambda units: units.filter(positions=None),
        sentence="Nobody works there.",
    )
    position(world, world.north, "Porter", "Opens.")
    assert numbers(world.north_manager)["empty"] == 0
    assert numbers(world.admin)["empty"] == Unit.objects.count() - 1
    assert numbers(world.admin, unit=world.south.path)["empty"] == 1


def test_a_way_that_the_part_knows_is_open_in_every_state(world: Any) -> None:
    add_gap(
        "unproven",
        label="Standard in force without proof",
        subject="standards.standard",
        broken=lambda found: found.all(),
        sentence="Look at what the data say.",
        mend=lambda record: Link("Look", f"/standards/{record.uid}/look/"),
    )
    kept = standard_in_force(world, world.north, 2)
    page = client_of(world.admin).get(catalog.of(Standard).url(kept)).content.decode()
    assert f"/standards/{kept.uid}/look/" in page
    assert numbers(world.admin, mine=True)["unproven"] == 1
    assert (
        f"/standards/{kept.uid}/look/" not in client_of(world.auditor).get("/broken-links/").content.decode()
    )
