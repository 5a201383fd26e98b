"""How a load was read is downloaded, and reads the next file: by the command, by programs, in the words of whoever asks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import override

from calidez.kit.conformance import World
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.jobs.worker import run_queued
from calidez.kit.tests.factories import issued
from calidez.monitoring.loading import services as imports
from calidez.monitoring.models import Dataset, Import
from calidez.monitoring.tests.loads import State, client, count, look_once, people

__all__ = ["look_once", "people"]  # fixtures
pytestmark = pytest.mark.django_db
HEAD = "Fecha;Sucursal;Espera (min)\n"
FIRST = HEAD + "".join(f"{day:02}/01/2026;Niño;{day},5\n" for day in range(1, 29))
SECOND = HEAD + "".join(f"{day:02}/02/2026;Niño;{day},5\n" for day in range(1, 29))


def first(people: World) -> Import:
    item = imports.receive_upload(
        imports.receive("a.csv", [FIRST.encode("cp1252")]), unit=people.admin.unit, by=people.admin
    )
    item = imports.confirm_reading(imports.look_at(item, by=people.admin), by=people.admin)
    choices = imports.propose(item, by=people.admin).choices
    roles = {"Sucursal": "branch"}
    choices = tuple(
        c.__class__(**{**vars(c), "role": roles.get(c.source, c.role), "key": False}) for c in choices
    )
    item = imports.confirm_mapping(
        item, by=people.admin, schema=imports.schema_for_new(choices), code="waits", name="Waits"
    )
    item = imports.resolve_branches(
        imports.check(item, by=people.admin),
        by=people.admin,
        decisions=[imports.Decision("Niño", unit="NORTH")],
    )
    item = imports.start_load(imports.check(item, by=people.admin), by=people.admin)
    run_queued()
    item.refresh_from_db()
    assert item.state == State.LOADED
    return item


def downloaded(people: World, item: Import) -> dict[str, Any]:
    browser = client(people.admin)
    address = f"/imports/{item.uid}/mapping.json"
    for page in (f"/imports/{item.uid}/", f"/imports/{item.uid}/load/"):
        assert address in browser.get(page).content.decode()
    answer = browser.get(address)
    assert answer["Content-Disposition"].startswith("attachment")
    found: dict[str, Any] = json.loads(answer.content)
    return found


def test_a_downloaded_mapping_reads_the_next_file(people: World, tmp_path: Path) -> None:
    found = downloaded(people, first(people))
    assert found["reading"]["delimiter"] == ";"
    assert found["units"] == {"Niño": "NORTH"}
    assert [c["date_order"] for c in found["columns"] if c["type"] == "date"] == ["dmy"]
    Import.objects.update(remembered=False)
    Dataset.objects.update(branch_map={})
    path = tmp_path / "b.csv"
    path.write_bytes(SECOND.encode("cp1252"))
    mapping = imports.given_mapping(json.dumps(found))
    item = imports.import_file(path, dataset="waits", by=people.admin, mapping=mapping)
    assert (item.state, item.report["rows_loaded"]) == (State.LOADED, 28)
    assert count("waits", "count(*) FILTER (sucursal = 'NORTH')") == 56


def test_before_anybody_said_how_there_is_nothing_to_download(people: World) -> None:
    item = imports.receive_upload(
        imports.receive("a.csv", [b"a\n1\n"]), unit=people.admin.unit, by=people.admin
    )
    assert client(people.admin).get(f"/imports/{item.uid}/mapping.json").status_code == 404


def test_a_unit_that_is_not_there_is_named(people: World, tmp_path: Path) -> None:
    found = downloaded(people, first(people)) | {"units": {"Niño": "NOWHERE"}}
    path = tmp_path / "b.csv"
    path.write_bytes(SECOND.encode("cp1252"))
    with pytest.raises(RuleBroken, match=r"units\.Niño: There is no unit with the code NOWHERE"):
        imports.import_file(
            path, dataset="waits", by=people.admin, mapping=imports.given_mapping(json.dumps(found))
        )


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "columns[0].typ: this name means nothing here. Did you mean type?"),
        ("es", "columns[0].typ: este nombre no significa nada aquí. ¿Quiso decir type?"),
    ],
)
def test_mistakes_are_told_in_the_readers_language(language: str, said: str) -> None:
    with override(language), pytest.raises(RuleBroken) as refused:
        imports.given_mapping('{"columns": [{"name": "day", "typ": "date"}]}')
    assert str(refused.value) == said


def send(people: World, content: bytes, mapping: str = "", name: str = "b.csv") -> Any:
    given = {"facts": SimpleUploadedFile(name, content)} if content else {}
    return Client().post(
        "/api/v1/datasets/waits/facts",
        {**given, **({"mapping": mapping} if mapping else {})},
        headers={"Authorization": f"Bearer {issued(people.admin).secret}", "Accept-Language": "en"},
    )


def test_a_program_sends_a_mapping_with_its_facts(people: World) -> None:
    found = downloaded(people, first(people))
    Import.objects.update(remembered=False)
    Dataset.objects.update(branch_map={})
    answer = send(people, SECOND.encode("cp1252"), json.dumps(found))
    assert answer.status_code == 202, answer.content
    run_queued()
    assert count("waits", "count(*) FILTER (sucursal = 'NORTH')") == 56


def test_a_program_hears_what_is_wrong_with_its_mapping(people: World, settings: Any) -> None:
    first(people)
    answer = send(people, SECOND.encode("cp1252"), '{"columns": [{"name": "Día"}]}')
    assert answer.status_code == 422
    assert "columns[0].name" in answer.content.decode()
    assert send(people, b"", "{}").status_code == 422
    assert [item.state for item in Import.objects.all()] == [State.LOADED]
    assert not [p for p in Path(settings.UPLOADS_DIR).rglob("*") if p.is_file() and p.name == "b.csv"]
