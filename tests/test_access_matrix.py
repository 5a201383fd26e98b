"""Who may do what, through which door.

What is decided for every shipped role, kind of record and verb is compared with the stored matrix; SNAPSHOTS=write
renews it, and what changed is then read in the difference of the file. That the doors obey (pages, files, search,
programming interface) is tried on the kinds that decide something themselves and on a plain one of each sort; on all
of them every night.
"""

from __future__ import annotations

import copy
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

from calidez.kit.catalog import Entity, catalog
from calidez.kit.conformance import World, kinds, load_factories, make, sample
from calidez.kit.core import access
from calidez.kit.desk.comments.services import may_comment
from calidez.kit.desk.files.services import attach, may_attach
from calidez.kit.desk.lists import list_page
from calidez.kit.desk.search import finding, indexing
from calidez.kit.desk.search.terms import words_of

load_factories()
from calidez.config.tests.layers import layer  # noqa: E402
from calidez.people.rules import SHIPPED_ROLES  # noqa: E402
from calidez.people.tests.factories import person  # noqa: E402

STORED = Path(__file__).parent / "snapshots" / "access_matrix.csv"
HEADINGS = ["role", "kind", "verb"]
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


def verbs_of(entity: Entity) -> list[str]:
    return list(dict.fromkeys(verb for verb, _name, _is_open in doors_of(entity)))


def decided(user: Any, entity: Entity, record: Any, verb: str) -> bool:
    """Whether this person may, by the decisions that every door must follow; no door is opened."""
    if verb == access.CREATE:
        return entity.may(user, verb)
    if not entity.queryset(user).filter(pk=record.pk).exists():
        return False
    if verb == access.EXPORT:
        return entity.queryset(user, verb).filter(pk=record.pk).exists()
    if verb == access.COMMENT:
        return may_comment(record, user)
    if verb == access.ATTACH:
        return may_attach(record, user)
    operation = entity.edition if verb == access.EDIT else entity.step(verb)
    return operation is None or operation.permitted(record, user)


@dataclass(frozen=True)
class Scene:
    """One record of each kind, and one person for each role."""

    people: dict[str, Any]
    records: dict[str, Any]
    files: dict[str, Any]

    def allowed(self, role: str, entity: Entity) -> set[str]:
        record = self.records[entity.key]
        return {verb for verb in verbs_of(entity) if decided(self.people[role], entity, record, verb)}


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
def scene(shared_world: World, undrawn: None) -> Iterator[Scene]:
    here = copy.deepcopy(shared_world)
    with layer():
        records = {entity.key: make(entity, here, here.north, 1) for entity in kinds()}
        files = {}
        for key, record in records.items():
            indexing.index(catalog.by_key(key), [record])
            files[key] = attach(record, [SimpleUploadedFile("note.txt", b"Evidence.")], by=here.admin)[0]
        people = {
            code: person(here.admin, here.root, f"matrix.{code}@example.org", code, role=code)
            for code in SHIPPED_ROLES
        }
        yield Scene(people | {NOBODY: here.outsider}, records, files)


pytestmark = pytest.mark.django_db


def test_the_matrix_is_as_stored(scene: Scene) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADINGS)
    for role in scene.people:
        for entity in kinds():
            allowed = scene.allowed(role, entity)
            writer.writerows([role, entity.key, verb] for verb in verbs_of(entity) if verb in allowed)
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


def test_without_a_role_nothing_is_allowed(scene: Scene) -> None:
    assert [entity.key for entity in kinds() if scene.allowed(NOBODY, entity)] == []


def test_an_administrator_may_everything(scene: Scene) -> None:
    """Otherwise a door that nobody can open would never be tried."""
    assert all(scene.allowed("administrator", entity) == set(verbs_of(entity)) for entity in kinds())


@pytest.mark.slow
@pytest.mark.parametrize("entity", sample(), ids=lambda entity: entity.key)
def test_every_door_obeys(entity: Entity, scene: Scene) -> None:
    """Once for every different set of permissions that the roles have: those with the same ones are alike to a door."""
    walks = {frozenset(scene.allowed(role, entity)): role for role in reversed(scene.people)}
    faults = [fault for role in walks.values() for fault in disobedient(scene, role, entity)]
    assert faults == []


@pytest.mark.nightly
@pytest.mark.parametrize("role", [*SHIPPED_ROLES, NOBODY])
def test_every_door_of_every_kind_obeys(role: str, scene: Scene) -> None:
    assert [fault for entity in kinds() for fault in disobedient(scene, role, entity)] == []


def disobedient(scene: Scene, role: str, entity: Entity) -> Iterator[str]:
    """Doors that are open though the role may not, or shut though it may: either is a hole or a lie."""
    user = scene.people[role]
    client = Client(raise_request_exception=True)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    visit = Visit(client, user, entity, scene.records[entity.key], scene.files[entity.key])
    allowed = scene.allowed(role, entity)
    for verb, name, is_open in doors_of(entity):
        if is_open(visit) != (verb in allowed):
            yield f"{role}, {entity.key}: {verb} by {name} is {'shut' if verb in allowed else 'open'}"
