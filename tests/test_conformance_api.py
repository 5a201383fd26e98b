"""Every registered kind of record over the programming interface, from its factory alone."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from calidez.kit.catalog import Entity
from calidez.kit.conformance import World, kinds, load_factories, make
from calidez.kit.core import audit
from calidez.kit.faces.api import extend, writing

load_factories()
from calidez.kit.tests.factories import issued  # noqa: E402

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12
every_kind = pytest.mark.parametrize("entity", kinds(), ids=lambda e: e.key, scope="module")


class Api:
    """A program with a token that may do all that its owner may."""

    def __init__(self, owner: Any, language: str = "en") -> None:
        self.headers = {"Authorization": f"Bearer {issued(owner).secret}", "Accept-Language": language}
        self.client = Client()

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        content = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        path = path if path.startswith("/api/") else f"/api/v1/{path}"
        return self.client.generic(method, path, headers={**self.headers, **headers}, **content)


def written(entity: Entity, record: dict[str, Any], names: Any) -> dict[str, Any]:
    """What was read, as it is sent back: references by their identifier."""
    found = {}
    for name in names:
        value = record[name]
        if isinstance(value, dict) and "label" in value:
            value = value["uid"]
        elif isinstance(value, list):
            value = [item["uid"] if isinstance(item, dict) else item for item in value]
        found[name] = value
    return found


@every_kind
def test_reads_a_list_and_a_record(entity: Entity, world: World) -> None:
    record = make(entity, world, world.north, 1)
    api = Api(world.auditor)
    listed = api("GET", entity.slug)
    assert listed.status_code == 200, listed.content
    by_uid = {item["uid"]: item for item in listed.json()["items"]}
    assert str(record.uid) in by_uid
    alone = api("GET", f"{entity.slug}/{record.uid}")
    assert alone.json() == by_uid[str(record.uid)]
    assert alone["ETag"] == f'"{record.version}"'
    history = api("GET", f"{entity.slug}/{record.uid}/history")
    assert history.status_code == 200


@every_kind
def test_what_is_given_out_is_what_the_description_says(entity: Entity, world: World) -> None:
    from calidez.kit.faces.api.site import description

    record = make(entity, world, world.north, 1)
    described = description()["components"]["schemas"][entity.model.__name__]
    given = Api(world.admin)("GET", f"{entity.slug}/{record.uid}").json()
    assert set(given) == set(described["properties"])


@every_kind
def test_whoever_may_not_hears_so_in_their_language(entity: Entity, world: World) -> None:
    record = make(entity, world, world.north, 1)
    for language, word in (("es", "sesión"), ("en", "signed in")):
        refused = Client().get(f"/api/v1/{entity.slug}", headers={"Accept-Language": language})
        assert refused.status_code == 401
        assert refused["Content-Type"] == "application/problem+json"
        assert word in refused.json()["title"]
    outsider = Api(world.outsider, "es")
    for path in (entity.slug, f"{entity.slug}/{record.uid}", f"{entity.slug}/{uuid.uuid4()}", "no-such-kind"):
        absent = outsider("GET", path)
        assert absent.status_code == 404
        assert absent["Content-Language"] == "es"
        assert absent.json()["instance"] == f"/api/v1/{path}"


@every_kind
def test_a_role_ends_at_its_subtree(entity: Entity, world: World) -> None:
    if entity.scope is None:
        pytest.skip("belongs to the whole organisation")
    there, here = make(entity, world, world.south, 1), make(entity, world, world.north, 2)
    api = Api(world.north_manager)
    uids = {item["uid"] for item in api("GET", f"{entity.slug}?limit=200").json()["items"]}
    assert str(here.uid) in uids
    assert str(there.uid) not in uids
    assert api("GET", f"{entity.slug}/{there.uid}").status_code == 404


@every_kind
def test_a_change_says_which_version_it_changes(entity: Entity, world: World) -> None:
    record = make(entity, world, world.north, 1)
    api = Api(world.admin)
    path = f"{entity.slug}/{record.uid}"
    if entity.edition is None:
        assert api("PATCH", path, {}).status_code == 405
        return
    read = api("GET", path)
    change = written(entity, read.json(), entity.edition.fields)
    assert api("PATCH", path, change).status_code == 428
    assert api("PATCH", path, change, **{"If-Match": '"99"'}).status_code == 412
    done = api("PATCH", path, change, **{"If-Match": read["ETag"]})
    assert done.status_code == 200, done.content
    assert done.json()["version"] == record.version + 1
    assert audit.history(record, limit=1)[0].verb == "edit"
    stale = api("PATCH", path, change, **{"If-Match": read["ETag"]})
    assert stale.status_code == 412
    assert stale["ETag"] == done["ETag"]
    wrong = api("PATCH", path, {"no_such_field": 1}, **{"If-Match": done["ETag"]})
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["field"] == "no_such_field"


@every_kind
def test_creates_with_every_fault_named(entity: Entity, world: World) -> None:
    make(entity, world, world.north, 1)
    api = Api(world.admin)
    names = writing.creation_fields(entity)
    count = entity.model._default_manager.count()
    refused = api("POST", entity.slug, {})
    if not names and extend.creation_of(entity) is None:
        assert refused.status_code == 405
        return
    assert refused.status_code == 422, refused.content
    assert refused.json()["errors"]
    nonsense = api("POST", entity.slug, {"no_such_field": 1})
    assert nonsense.status_code == 422
    assert entity.model._default_manager.count() == count


@every_kind
def test_an_auditor_changes_nothing(entity: Entity, world: World) -> None:
    record = make(entity, world, world.north, 1)
    before = audit.snapshot(record)
    api = Api(world.auditor)
    assert api("POST", entity.slug, {}).status_code in {403, 405, 422}
    path = f"{entity.slug}/{record.uid}"
    assert api("PATCH", path, {}, **{"If-Match": "*"}).status_code in {403, 405}
    for step in entity.steps:
        refused = api("POST", f"{path}/{step.name}", {"note": "Because."})
        assert refused.status_code == 403, step.name
    record.refresh_from_db()
    assert audit.snapshot(record) == before


@every_kind
def test_a_list_costs_a_fixed_number_of_queries(entity: Entity, world: World) -> None:
    api = Api(world.admin)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert api("GET", entity.slug).status_code == 200
        return len(captured)

    for number in range(2):
        make(entity, world, world.north, number)
    queries()  # the first use of a token is noted
    few = queries()
    for number in range(2, 8):
        make(entity, world, world.north, number)
    assert queries() == few
    assert few <= MOST_QUERIES


@every_kind
def test_pages_hold_each_record_once_in_every_order(entity: Entity, world: World) -> None:
    from calidez.kit.faces.api.listing import sortable

    wanted = {str(make(entity, world, world.north, number).uid) for number in range(4)}
    api = Api(world.admin)
    for sort in ("", *sortable(entity), *(f"-{name}" for name in sortable(entity))):
        seen: list[str] = []
        path: str | None = f"{entity.slug}?limit=2&sort={sort}"
        while path:
            page = api("GET", path)
            assert page.status_code == 200, page.content
            seen += [item["uid"] for item in page.json()["items"]]
            path = page.json()["next"]
        assert len(seen) == len(set(seen)), sort
        assert wanted <= set(seen), sort


@every_kind
def test_filters_are_strict(entity: Entity, world: World) -> None:
    from calidez.kit.faces.api.listing import filter_names

    make(entity, world, world.north, 1)
    api = Api(world.admin)
    for name in (*filter_names(entity), "sort", "limit", "changed_since", "no_such_filter"):
        refused = api("GET", f"{entity.slug}?{name}=not-a-value")
        assert refused.status_code == 422, name
        assert refused.json()["errors"][0]["field"] == name
    assert api("GET", f"{entity.slug}?cursor=bm9uc2Vuc2U").status_code == 400
    assert api("GET", f"{entity.slug}?changed_since=2000-01-01T00:00:00Z").json()["items"]
    assert not api("GET", f"{entity.slug}?changed_since=2900-01-01T00:00:00Z").json()["items"]
