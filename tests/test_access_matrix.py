"""Who may do what, through which door: every shipped role, kind of record and verb is tried and compared with the stored
matrix. Run with SNAPSHOTS=write to renew it; what changed is then read in the difference of the file."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.backends.django import Template
from django.test import Client
from python_calamine import CalamineWorkbook

from calidez.kit.catalog import Entity
from calidez.kit.conformance import World, kinds, load_factories, make
from calidez.kit.core import access
from calidez.kit.desk.files.services import attach
from calidez.kit.desk.lists import list_page
from calidez.kit.desk.search import finding, indexing
from calidez.kit.desk.search.words import words_of

load_factories()
from calidez.config.tests.layers import layer  # noqa: E402
from calidez.people.rules import SHIPPED_ROLES  # noqa: E402
from calidez.people.tests.factories import person  # noqa: E402

STORED = Path(__file__).parent / "snapshots" / "access_matrix.csv"
HEADINGS = ["role", "kind", "verb", "doors"]
CLOSED = {401, 403, 404}
# An old version: whoever is allowed hears of the conflict, nobody changes anything.
JSON = {"content_type": "application/json", "headers": {"If-Match": '"999"'}}
NOBODY = "(no role)"


@dataclass(frozen=True)
class Visit:
    """Somebody with a role before one record."""

    client: Client
    user: Any
    entity: Entity
    record: Any
    file: Any

    def opens(self, path: str, **headers: str) -> bool:
        return self.client.get(path, headers=headers).status_code not in CLOSED

    def takes(self, path: str) -> bool:
        return self.client.post(path, {}).status_code not in CLOSED

    @property
    def api(self) -> str:
        return f"/api/v1/{self.entity.slug}"


def listed(visit: Visit) -> bool:
    answer = visit.client.get(visit.entity.list_url(), headers={"HX-Request": "true"})
    return answer.status_code == 200 and str(visit.record.uid) in answer.content.decode()


def counted(visit: Visit) -> bool:
    return list_page(visit.entity, visit.user, {}).pager.total > 0


def found(visit: Visit) -> bool:
    text = " ".join(words_of(visit.entity, visit.record)[:3])
    return visit.entity.url(visit.record) in {hit.url for hit in finding.find(text, visit.user, shown=200)}


def downloaded(visit: Visit) -> bool:
    answer = visit.client.get(visit.entity.list_url() + "export.csv")
    return answer.status_code == 200 and len(b"".join(answer.streaming_content).splitlines()) > 1


def downloaded_as_sheet(visit: Visit) -> bool:
    """With a row below the headings: who may download their own only gets an empty sheet of others'."""
    answer = visit.client.get(visit.entity.list_url() + "export.xlsx")
    if answer.status_code != 200:
        return False
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return len(book.get_sheet_by_index(0).to_python()) > 1


def listed_by_api(visit: Visit) -> bool:
    answer = visit.client.get(visit.api)
    return answer.status_code == 200 and str(visit.record.uid) in answer.content.decode()


def changed_by_api(visit: Visit) -> bool:
    return visit.client.patch(f"{visit.api}/{visit.record.uid}", {}, **JSON).status_code not in CLOSED


# A new door joins by its line: which verb it asks for, what it is called, and how one sees that it is open.
Door = tuple[str, str, Callable[[Visit], bool]]
DOORS: tuple[Door, ...] = (
    (access.VIEW, "list", listed),
    (access.VIEW, "counts", counted),
    (access.VIEW, "detail", lambda v: v.opens(v.entity.url(v.record))),
    (access.VIEW, "search", found),
    (access.VIEW, "files", lambda v: v.opens(f"{v.entity.url(v.record)}files/{v.file.uid}/content/")),
    (access.VIEW, "api", listed_by_api),
    (access.EXPORT, "csv", downloaded),
    (access.EXPORT, "xlsx", downloaded_as_sheet),
    (access.ATTACH, "files", lambda v: v.takes(f"{v.entity.url(v.record)}files/")),
    (access.COMMENT, "thread", lambda v: v.takes(f"{v.entity.url(v.record)}comments/")),
)
MAKING: tuple[Door, ...] = (
    (access.CREATE, "form", lambda v: v.opens(v.entity.list_url() + "new/")),
    (
        access.CREATE,
        "api",
        lambda v: v.client.post(v.api, {}, content_type="application/json").status_code not in CLOSED,
    ),
)
CHANGING: tuple[Door, ...] = (
    (access.EDIT, "form", lambda v: v.opens(v.entity.url(v.record) + "edit/")),
    (access.EDIT, "api", changed_by_api),
)


def doors_of(entity: Entity) -> Iterator[Door]:
    yield from DOORS
    if entity.creation is not None and entity.created_in_form:
        yield from MAKING
    if entity.edition is not None:
        yield from CHANGING
    for step in entity.steps:
        yield from (
            (step.name, "page", lambda v, s=step: v.opens(f"{v.entity.url(v.record)}do/{s.name}/")),
            (
                step.name,
                "api",
                lambda v, s=step: (
                    v.client.post(f"{v.api}/{v.record.uid}/{s.name}", {}, **JSON).status_code not in CLOSED
                ),
            ),
        )


@pytest.fixture(scope="module")
def undrawn() -> Iterator[None]:
    """Pages are decided but not drawn, but for the rows of lists: how they look is the work of other tests."""
    draw = Template.render

    def render(page: Any, context: Any = None, request: Any = None) -> Any:
        return draw(page, context, request) if page.template.name == "kit/_list_body.html" else ""

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "render", render)
        yield


@pytest.fixture(scope="module")
def walked(shared_world: World, undrawn: None) -> Iterator[dict[tuple[str, str, str], list[str]]]:
    """Every door that was open, by role, kind and verb."""
    here = shared_world
    with layer():
        records = {entity: make(entity, here, here.north, 1) for entity in kinds()}
        files = {}
        for entity, record in records.items():
            indexing.index(entity, [record])
            files[entity] = attach(record, [SimpleUploadedFile("note.txt", b"Evidence.")], by=here.admin)[0]
        people = {
            code: person(here.admin, here.root, f"matrix.{code}@example.org", code, role=code)
            for code in SHIPPED_ROLES
        }
        people[NOBODY] = here.outsider
        opened: dict[tuple[str, str, str], list[str]] = {}
        for code, user in people.items():
            client = Client(raise_request_exception=True)
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
            for entity, record in records.items():
                visit = Visit(client, user, entity, record, files[entity])
                for verb, name, is_open in doors_of(entity):
                    if is_open(visit):
                        opened.setdefault((code, entity.key, verb), []).append(name)
        yield opened


pytestmark = pytest.mark.django_db


def test_the_matrix_is_as_stored(walked: dict[tuple[str, str, str], list[str]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADINGS)
    writer.writerows([*line, " ".join(names)] for line, names in walked.items())
    if os.environ.get("SNAPSHOTS") == "write":
        STORED.parent.mkdir(exist_ok=True)
        STORED.write_text(text.getvalue(), encoding="utf-8")
    stored = STORED.read_text(encoding="utf-8") if STORED.is_file() else ""
    was, now = set(stored.splitlines()), set(text.getvalue().splitlines())
    told = [
        *(f"no longer: {line}" for line in sorted(was - now)),
        *(f"new: {line}" for line in sorted(now - was)),
    ]
    assert not told, "\n".join(
        ["Meant? Then SNAPSHOTS=write renews tests/snapshots/access_matrix.csv.", *told]
    )


def test_all_doors_of_a_permission_open_together(walked: dict[tuple[str, str, str], list[str]]) -> None:
    """A page that is shut while the programming interface is open would be a hole."""
    uneven = {
        line: names
        for line, names in walked.items()
        if set(names) != set(walked[("administrator", *line[1:])])
    }
    assert uneven == {}


def test_without_a_role_every_door_is_shut(walked: dict[tuple[str, str, str], list[str]]) -> None:
    assert [line for line in walked if line[0] == NOBODY] == []
