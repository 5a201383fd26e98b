"""The pages of every kind of record: they show it, refuse what they must, and change it with version and trail."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from calidez.kit.catalog import Entity, catalog
from calidez.kit.conformance import World
from calidez.kit.core import audit, verification
from calidez.kit.core.conditions import not_asked
from calidez.kit.tests.visits import content, posted, queries

pytestmark = pytest.mark.django_db
AsSomebody = Callable[[str], Client]
# What surrounds the content of every page may cost, above what a click on the page costs.
FRAME = 1  # the unit looked at


@pytest.mark.smoke
@pytest.mark.parametrize("language", ["es", pytest.param("en", marks=pytest.mark.nightly)])
def test_pages_show_the_record(
    entity: Entity, language: str, world: World, record: Any, admin: Client
) -> None:
    """In Spanish; nearly every other test reads the pages in English."""
    type(world.admin).objects.filter(pk=world.admin.pk).update(language=language)
    listed = content(admin, entity.list_url())
    assert str(record.uid) in listed
    assert f'lang="{language}"' in listed
    assert str(record.uid) in content(admin, entity.list_url(), click=True)
    content(admin, entity.url(record))


def test_an_empty_list_says_what_belongs_there(entity: Entity, record: Any, admin: Client) -> None:
    assert str(entity.empty), f"{entity.key} has no sentence for its empty page"
    assert str(entity.help), f"{entity.key} does not say what it is"
    content(admin, entity.list_url(), {"q": "zzz-nothing-has-this-name"}, click=True)


def test_nonsense_in_the_address_is_ignored(entity: Entity, record: Any, admin: Client) -> None:
    nonsense = {"page": "99999", "sort": "password", "q": "%_'\"\\;--"}
    for name in entity.filters:
        nonsense[name] = nonsense[f"{name}_from"] = "not-a-value"
    content(admin, entity.list_url(), nonsense, click=True)
    assert admin.get(f"{entity.list_url()}{uuid.uuid4()}/").status_code == 404


@pytest.mark.parametrize(
    "params", [{"page": "-1"}, {"page": "x" * 50}, {"sort": "-nothing"}, {"group": "no"}]
)
def test_nonsense_of_any_list_is_ignored(params: dict[str, str], admin: Client) -> None:
    content(admin, "/positions/", params)


def test_the_frame_costs_the_same_on_every_page(admin: Client) -> None:
    def visit(*, click: bool) -> int:
        return queries(lambda: content(admin, "/positions/", click=click))

    visit(click=False)  # what a process asks once
    assert visit(click=False) - visit(click=True) <= FRAME


def test_whoever_has_no_role_finds_no_page(entity: Entity, record: Any, client_as: AsSomebody) -> None:
    client = client_as("outsider")
    for address in (entity.list_url(), entity.url(record), entity.list_url() + "export.csv"):
        assert client.get(address).status_code == 404
    anonymous = Client().get(entity.url(record))
    assert anonymous.status_code == 302
    assert "/login/" in anonymous["Location"]


@pytest.mark.smoke
def test_an_auditor_reads_and_changes_nothing(entity: Entity, record: Any, client_as: AsSomebody) -> None:
    client = client_as("auditor")
    content(client, entity.url(record))
    before = audit.snapshot(record)
    assert client.post(entity.list_url() + "new/", {}).status_code == 403
    assert client.post(entity.url(record) + "edit/", {}).status_code == 403
    for step in entity.steps:
        assert client.post(f"{entity.url(record)}do/{step.name}/", {}).status_code == 403
    record.refresh_from_db()
    assert audit.snapshot(record) == before


def test_an_empty_form_is_refused_beside_its_fields(entity: Entity, record: Any, admin: Client) -> None:
    if entity.creation is None or not entity.created_in_form:
        pytest.skip("is not made in a form")
    content(admin, entity.list_url() + "new/")
    count = entity.model._default_manager.count()
    refused = admin.post(entity.list_url() + "new/", {})
    assert refused.status_code == 422
    assert entity.model._default_manager.count() == count


@pytest.mark.smoke
def test_an_edit_raises_the_version_and_enters_the_trail(
    entity: Entity, world: World, record: Any, admin: Client
) -> None:
    """And whoever had the form open meanwhile gets the page of the conflict."""
    if entity.edition is None:
        pytest.skip("is never edited")
    address = entity.url(record) + "edit/"
    asked = content(admin, address)
    needless = not_asked(entity.conditions, record, entity.edition.fields)  # a page may leave it out
    fields = [name for name in entity.edition.fields if name not in needless]
    assert [name for name in fields if f'"id_{name}' not in asked] == []
    form = posted(entity, record)
    response = admin.post(address, form)
    assert response.status_code == 302, response.content.decode()[-3000:]
    version = record.version
    record.refresh_from_db()
    assert record.version == version + 1
    event = audit.history(record, limit=1)[0]
    assert (event.verb, event.actor) == ("edit", str(world.admin))
    assert verification.verify().intact
    assert admin.post(address, form).status_code == 409
    assert admin.post(address, form | {"version": record.version}).status_code == 302


@pytest.mark.thorough
def test_steps_keep_to_their_states(entity: Entity, record: Any) -> None:
    states = {str(step.target) for step in entity.steps if step.target is not None}
    for state in states:
        record.state = state
        shut = [s for s in entity.steps if s.source is not None and state not in s.source]
        for step in shut:
            assert not step.open_for(record)


def test_every_part_with_models_registers_them() -> None:
    for entity in catalog:
        assert entity.section or entity.key, entity
        for column in entity.columns:
            assert column
