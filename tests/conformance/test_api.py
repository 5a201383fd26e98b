"""Every kind of record over the programming interface: read, changed, refused, and what a list costs."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from calidez.kit.catalog import Entity
from calidez.kit.conformance import World
from calidez.kit.core import audit
from calidez.kit.faces.api import extend, writing
from calidez.kit.faces.api.listing import filter_names, sortable
from calidez.kit.faces.api.site import description
from calidez.kit.tests.copies import more
from calidez.kit.tests.visits import Api, queries, written

pytestmark = pytest.mark.django_db
ApiAs = Callable[..., Api]
MOST_QUERIES = 12


@pytest.mark.smoke
def test_reads_a_list_and_a_record(entity: Entity, record: Any, api_as: ApiAs) -> None:
    api = api_as("auditor")
    listed = api("GET", entity.slug)
    assert listed.status_code == 200, listed.content
    by_uid = {item["uid"]: item for item in listed.json()["items"]}
    assert str(record.uid) in by_uid
    alone = api("GET", f"{entity.slug}/{record.uid}")
    assert alone.json() == by_uid[str(record.uid)]
    assert alone["ETag"] == f'"{record.version}"'
    history = api("GET", f"{entity.slug}/{record.uid}/history")
    assert history.status_code == 200


def test_what_is_given_out_is_what_the_description_says(entity: Entity, record: Any, api_as: ApiAs) -> None:
    described = description()["components"]["schemas"][entity.model.__name__]
    given = api_as("admin")("GET", f"{entity.slug}/{record.uid}").json()
    assert set(given) == set(described["properties"])


@pytest.mark.machine
def test_whoever_may_not_hears_so_in_their_language(entity: Entity, record: Any, api_as: ApiAs) -> None:
    for language, word in (("es", "sesión"), ("en", "signed in")):
        refused = Client().get(f"/api/v1/{entity.slug}", headers={"Accept-Language": language})
        assert refused.status_code == 401
        assert refused["Content-Type"] == "application/problem+json"
        assert word in refused.json()["title"]
    outsider = api_as("outsider", "es")
    for path in (entity.slug, f"{entity.slug}/{record.uid}", f"{entity.slug}/{uuid.uuid4()}", "no-such-kind"):
        absent = outsider("GET", path)
        assert absent.status_code == 404
        assert absent["Content-Language"] == "es"
        assert absent.json()["instance"] == f"/api/v1/{path}"


@pytest.mark.smoke
def test_a_role_ends_at_its_subtree(entity: Entity, record: Any, there: Any, api_as: ApiAs) -> None:
    if entity.scope is None:
        pytest.skip("belongs to the whole organisation")
    api = api_as("north_manager")
    uids = {item["uid"] for item in api("GET", f"{entity.slug}?limit=200").json()["items"]}
    assert str(record.uid) in uids
    assert str(there.uid) not in uids
    assert api("GET", f"{entity.slug}/{there.uid}").status_code == 404


def test_a_change_says_which_version_it_changes(entity: Entity, record: Any, api_as: ApiAs) -> None:
    api = api_as("admin")
    path = f"{entity.slug}/{record.uid}"
    if entity.edition is None:
        assert api("PATCH", path, {}).status_code == 405
        return
    read = api("GET", path)
    change = written(read.json(), entity.edition.fields)
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


def test_creates_with_every_fault_named(entity: Entity, record: Any, api_as: ApiAs) -> None:
    api = api_as("admin")
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


@pytest.mark.smoke
def test_an_auditor_changes_nothing(entity: Entity, record: Any, api_as: ApiAs) -> None:
    before = audit.snapshot(record)
    api = api_as("auditor")
    assert api("POST", entity.slug, {}).status_code in {403, 405, 422}
    path = f"{entity.slug}/{record.uid}"
    assert api("PATCH", path, {}, **{"If-Match": "*"}).status_code in {403, 405}
    for step in entity.steps:
        refused = api("POST", f"{path}/{step.name}", {"note": "Because."})
        assert refused.status_code == 403, step.name
    record.refresh_from_db()
    assert audit.snapshot(record) == before


def test_a_list_costs_the_same_however_long_it_is(
    entity: Entity, world: World, record: Any, api_as: ApiAs
) -> None:
    api = api_as("admin")

    def costs() -> int:
        return queries(lambda: listed(api, entity.slug))

    more(record, world, 1)
    costs()  # the first use of a token is noted
    few = costs()
    more(record, world, 4)
    assert costs() == few
    assert few <= MOST_QUERIES


@pytest.mark.thorough
def test_pages_hold_each_record_once_in_every_order(
    entity: Entity, world: World, record: Any, api_as: ApiAs
) -> None:
    """Copies are equal in most that one can sort by: where a page ends among equals, none may be lost."""
    api = api_as("admin")
    wanted = {str(record.uid), *(str(one.uid) for one in more(record, world, 3))}
    half = -(-entity.queryset(world.admin).count() // 2)
    for place, name in enumerate(("", *sortable(entity))):
        sort = f"-{name}" if name and place % 2 else name
        first = listed(api, f"{entity.slug}?limit={half}&sort={sort}")
        second = listed(api, first["next"])
        assert second["next"] is None
        seen = [item["uid"] for page in (first, second) for item in page["items"]]
        assert len(seen) == len(set(seen)), sort
        assert wanted <= set(seen), sort


def listed(api: Api, path: str) -> Any:
    page = api("GET", path)
    assert page.status_code == 200, page.content
    return page.json()


@pytest.mark.thorough
def test_filters_are_strict(entity: Entity, record: Any, api_as: ApiAs) -> None:
    api = api_as("admin")
    for name in (*filter_names(entity), "sort", "limit", "changed_since", "no_such_filter"):
        refused = api("GET", f"{entity.slug}?{name}=not-a-value")
        assert refused.status_code == 422, name
        assert refused.json()["errors"][0]["field"] == name
    assert api("GET", f"{entity.slug}?cursor=bm9uc2Vuc2U").status_code == 400
    assert api("GET", f"{entity.slug}?changed_since=2000-01-01T00:00:00Z").json()["items"]
    assert not api("GET", f"{entity.slug}?changed_since=2900-01-01T00:00:00Z").json()["items"]
