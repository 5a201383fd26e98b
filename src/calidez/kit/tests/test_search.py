"""Search over everything: accents ignored, slips forgiven, and nothing shown that the person may not see."""

from __future__ import annotations

import pytest
from django.test import Client

from calidez.kit.catalog import catalog
from calidez.kit.conformance import World, create
from calidez.kit.core import audit
from calidez.kit.desk.search import commands, finding, indexing
from calidez.kit.desk.search.models import SearchEntry, SearchPosting
from calidez.kit.desk.search.words import words
from calidez.people.models import Position, Unit
from calidez.people.tests.factories import person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sealed(monkeypatch: pytest.MonkeyPatch) -> None:
    """On PostgreSQL the worker seals the trail, and the index follows the seals: here nobody else does it."""

    def follow() -> int:
        audit.seal()
        return indexing.follow_trail()

    monkeypatch.setattr(finding, "follow_trail", follow)


def titles(text: str, user: object) -> list[str]:
    return [hit.title for hit in finding.find(text, user)]


def test_words_are_without_accents_and_capitals() -> None:
    assert words("Atención a Niños, STD-001 de_turno") == [
        "atencion",
        "a",
        "ninos",
        "std",
        "001",
        "de",
        "turno",
    ]


def test_what_was_just_written_is_found_by_the_beginning_of_its_words(world: World) -> None:
    create(Position, world.admin, name="Recepción de urgencias", unit=world.north, purpose="Recibe pacientes")
    for text in ("recepcion", "RECEP urg", "Recepción", "pacien"):
        assert titles(text, world.admin) == ["Recepción de urgencias"], text
    assert titles("zzz", world.admin) == []
    assert titles("  ", world.admin) == []
    assert titles("%_'\"\\;--", world.admin) == []


def test_slips_of_the_finger_are_forgiven_and_said(world: World) -> None:
    create(Position, world.admin, name="Enfermera de triaje", unit=world.north)
    for text in ("enfermra", "enferemra", "emfermera triaje", "enfermrea", "trieje"):
        hits = finding.find(text, world.admin)
        assert [hit.title for hit in hits] == ["Enfermera de triaje"], text
        assert hits[0].forgiven
    assert titles("conductor", world.admin) == []


def test_a_code_comes_first_and_then_titles_that_say_all(world: World) -> None:
    create(Unit, world.admin, code="W-7", name="North-west ward", parent=world.north)
    create(Unit, world.admin, code="NORTH2", name="Second north clinic building", parent=world.north)
    assert titles("north", world.admin)[0] == "North clinic"
    assert titles("w-7", world.admin) == ["North-west ward"]


def test_nobody_finds_what_they_may_not_see(world: World) -> None:
    for unit in (world.north, world.south):
        create(Position, world.admin, name=f"Porter of {unit.name}", unit=unit)
    assert set(titles("porter", world.north_manager)) == {"Porter of North clinic"}
    assert len(titles("porter", world.admin)) == 2
    assert titles("porter", world.outsider) == []
    assert all(c.url != "/positions/new/" for c in commands.commands(world.auditor))


def test_many_hidden_records_do_not_hide_the_one_that_may_be_seen(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "ROUND", 3)
    monkeypatch.setattr(finding, "BROAD", 4)
    create(Position, world.admin, name="Cleaner north", unit=world.north)
    for number in range(8):
        create(Position, world.admin, name=f"Cleaner {number}", unit=world.south)
    assert titles("cleaner", world.north_manager) == ["Cleaner north"]


def test_the_index_follows_changes_and_forgets_what_is_gone(world: World) -> None:
    post = create(Position, world.admin, name="Gardener", unit=world.north)
    assert titles("gardener", world.admin) == ["Gardener"]
    edition = catalog.of(Position).edition
    assert edition is not None
    edition(post, by=world.admin, name="Florist")
    assert titles("florist", world.admin) == ["Florist"]
    assert titles("gardener", world.admin) == []
    Unit.objects.filter(pk=world.north.pk).update(name="Changed behind the trail")
    Position.objects.filter(pk=post.pk).delete()
    indexing.renew()
    assert "Changed behind the trail" in titles("behind", world.admin)
    assert not SearchEntry.objects.filter(entity="position").exists()
    assert not SearchPosting.objects.filter(entry__entity="position").exists()


def test_records_without_a_line_in_the_trail_are_swept_up(world: World) -> None:
    while finding.follow_trail():
        pass
    indexing.sweep()
    quiet = Position(name="Lighthouse keeper", unit=world.north)
    Position.objects.bulk_create([quiet])
    assert titles("lighthouse", world.admin) == []
    assert indexing.sweep() == 1
    assert titles("lighthouse", world.admin) == ["Lighthouse keeper"]
    assert indexing.sweep() == 0


def test_pages_and_new_records_are_commands(world: World) -> None:
    assert [c.url for c in commands.matching("posit", world.admin)][:2] == ["/positions/", "/positions/new/"]
    assert commands.matching("indicatros", world.admin)[0].url == "/indicators/"
    assert commands.matching("", world.admin)[0].url == "/"


def test_the_page_works_without_javascript_and_the_fragment_without_the_frame(world: World) -> None:
    client = Client()
    client.force_login(world.admin, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/search/", {"q": "north"}).content.decode()
    assert "North clinic" in page
    assert "shell-top" in page
    part = client.get("/search/", {"q": "north"}, headers={"HX-Request": "true"}).content.decode()
    assert "North clinic" in part
    assert "shell-top" not in part
    assert client.get("/search/", {"q": "south clinic", "go": ""}).status_code == 302
    assert "Nothing is called" in client.get("/search/", {"q": "<script>"}).content.decode()


def test_records_made_in_masses_do_not_hide_what_is_looked_for_by_name(world: World) -> None:
    for number in range(12):
        person(world.admin, world.north, f"w{number}@example.org", f"Wanda {number}", role="employee")
    hits = finding.find("north", world.admin, shown=8)
    assert hits[0].title == "North clinic"
    kinds = [hit.kind for hit in hits]
    assert kinds.index("Granted role") > kinds.index("Unit")
    assert kinds == sorted(kinds, key=lambda kind: kind == "Granted role")
