"""Every registered kind of record, from its factory alone: pages, refusals, history, export, fixed queries."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from calidez.kit.catalog import Entity, catalog
from calidez.kit.conformance import World, kinds, load_factories, make
from calidez.kit.core import audit

load_factories()

pytestmark = pytest.mark.django_db
MOST_QUERIES = 16
ALL = kinds()
every_kind = pytest.mark.parametrize("entity", ALL, ids=lambda e: e.key, scope="module")


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def posted(entity: Entity, record: Any) -> dict[str, Any]:
    """The edit form's own values, as a browser would send them back."""
    from calidez.kit.desk.child_forms import child_forms
    from calidez.kit.desk.forms import record_form

    assert entity.edition is not None
    form = record_form(entity, entity.edition.fields, record.created_by, instance=record)
    data: dict[str, Any] = {}
    for name, field in form.fields.items():
        value = form.get_initial_for_field(field, name)
        value = field.prepare_value(value)
        if value is None or value is False or field.widget.needs_multipart_form:
            continue
        data[name] = value
    for rows in child_forms(entity, record.created_by, record, None):
        management = rows.formset.management_form
        data |= {management.add_prefix(name): management[name].value() for name in management.fields}
        for form in rows.formset.forms:
            values = {form.add_prefix(name): form[name].value() for name in form.fields}
            data |= {name: value for name, value in values.items() if value not in (None, False)}
    return data


@every_kind
@pytest.mark.parametrize("language", ["es", "en"])
def test_pages_show_the_record_in_both_languages(
    entity: Entity, language: str, world: World, record: Any
) -> None:
    world.admin.language = language
    type(world.admin).objects.filter(pk=world.admin.pk).update(language=language)
    client = client_of(world.admin)
    listed = client.get(entity.list_url())
    assert listed.status_code == 200
    assert str(record.uid) in listed.content.decode()
    assert f'lang="{language}"' in listed.content.decode()
    detail = client.get(entity.url(record))
    assert detail.status_code == 200
    assert client.get(entity.list_url(), headers={"HX-Request": "true"}).status_code == 200


@every_kind
def test_an_empty_list_says_what_belongs_there(entity: Entity, world: World, record: Any) -> None:
    assert str(entity.empty), f"{entity.key} has no sentence for its empty page"
    assert str(entity.help), f"{entity.key} does not say what it is"
    page = client_of(world.admin).get(entity.list_url() + "?q=zzz-nothing-has-this-name")
    assert page.status_code == 200


@every_kind
def test_nonsense_in_the_address_is_ignored(entity: Entity, world: World, record: Any) -> None:
    client = client_of(world.admin)
    nonsense = {"page": "99999", "sort": "password", "q": "%_'\"\\;--"}
    for name in entity.filters:
        nonsense[name] = nonsense[f"{name}_from"] = "not-a-value"
    for params in ({"page": "-1"}, {"page": "x" * 50}, {"sort": "-nothing"}, nonsense):
        assert client.get(entity.list_url(), params).status_code == 200
    assert client.get(f"{entity.list_url()}{uuid.uuid4()}/").status_code == 404


@every_kind
def test_every_column_sorts_and_every_filter_filters(entity: Entity, world: World, record: Any) -> None:
    from calidez.kit.desk.lists import list_page

    page = list_page(entity, world.admin, {})
    client = client_of(world.admin)
    click = {"HX-Request": "true"}  # as a person's click asks: for the table without the page around it
    for header in page.headers:
        if header.sort_url:
            answer = client.get(entity.list_url() + header.sort_url, headers=click)
            assert str(record.uid) in answer.content.decode()
    for item in page.filters:
        for option in item.options[:3]:
            chosen = client.get(entity.list_url(), {item.name: option.value}, headers=click)
            assert chosen.status_code == 200


@every_kind
def test_a_list_costs_a_fixed_number_of_queries(entity: Entity, world: World, record: Any) -> None:
    client = client_of(world.admin)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(entity.list_url()).status_code == 200
        return len(captured)

    make(entity, world, world.north, 2)
    queries()  # the first page of a process also asks what no later one does
    few = queries()
    for number in range(3, 9):
        make(entity, world, world.north, number)
    assert queries() == few
    assert few <= MOST_QUERIES


@every_kind
def test_csv_has_a_heading_and_the_record(entity: Entity, world: World, record: Any) -> None:
    response = client_of(world.auditor).get(entity.list_url() + "export.csv")
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert len(text.splitlines()) >= 2
    assert text.splitlines()[0].count(",") >= len(entity.columns) - 1


@every_kind
def test_whoever_has_no_role_finds_no_page(entity: Entity, world: World, record: Any) -> None:
    client = client_of(world.outsider)
    for address in (entity.list_url(), entity.url(record), entity.list_url() + "export.csv"):
        assert client.get(address).status_code == 404
    anonymous = Client().get(entity.url(record))
    assert anonymous.status_code == 302
    assert "/login/" in anonymous["Location"]


@every_kind
def test_an_auditor_reads_and_changes_nothing(entity: Entity, world: World, record: Any) -> None:
    client = client_of(world.auditor)
    assert client.get(entity.url(record)).status_code == 200
    before = audit.snapshot(record)
    assert client.post(entity.list_url() + "new/", {}).status_code == 403
    assert client.post(entity.url(record) + "edit/", {}).status_code == 403
    for step in entity.steps:
        assert client.post(f"{entity.url(record)}do/{step.name}/", {}).status_code == 403
    record.refresh_from_db()
    assert audit.snapshot(record) == before


@every_kind
def test_a_role_ends_at_its_subtree(entity: Entity, world: World, record: Any) -> None:
    if entity.scope is None:
        pytest.skip("belongs to the whole organisation")
    there = make(entity, world, world.south, 1)
    here = record
    client = client_of(world.north_manager)
    assert client.get(entity.url(here)).status_code == 200
    assert client.get(entity.url(there)).status_code == 404
    listed = client.get(entity.list_url()).content.decode()
    assert str(here.uid) in listed
    assert str(there.uid) not in listed
    exported = b"".join(client.get(entity.list_url() + "export.csv").streaming_content).decode()
    assert len(exported.splitlines()) < len(
        b"".join(client_of(world.admin).get(entity.list_url() + "export.csv").streaming_content)
        .decode()
        .splitlines()
    )


@every_kind
def test_an_empty_form_is_refused_beside_its_fields(entity: Entity, world: World, record: Any) -> None:
    if entity.creation is None or not entity.created_in_form:
        pytest.skip("is not made in a form")
    client = client_of(world.admin)
    assert client.get(entity.list_url() + "new/").status_code == 200
    count = entity.model._default_manager.count()
    refused = client.post(entity.list_url() + "new/", {})
    assert refused.status_code == 422
    assert entity.model._default_manager.count() == count


@every_kind
def test_an_edit_raises_the_version_and_enters_the_trail(entity: Entity, world: World, record: Any) -> None:
    if entity.edition is None:
        pytest.skip("is never edited")
    client = client_of(world.admin)
    assert client.get(entity.url(record) + "edit/").status_code == 200
    response = client.post(entity.url(record) + "edit/", posted(entity, record))
    assert response.status_code == 302, response.content.decode()[-3000:]
    version = record.version
    record.refresh_from_db()
    assert record.version == version + 1
    event = audit.history(record, limit=1)[0]
    assert (event.verb, event.actor) == ("edit", str(world.admin))
    assert audit.verify().intact


@every_kind
def test_two_people_editing_get_the_conflict_page(entity: Entity, world: World, record: Any) -> None:
    if entity.edition is None:
        pytest.skip("is never edited")
    client = client_of(world.admin)
    form = posted(entity, record)
    assert client.post(entity.url(record) + "edit/", form).status_code == 302
    second = client.post(entity.url(record) + "edit/", form)
    assert second.status_code == 409
    again = {**form, "version": record.version + 1}
    assert client.post(entity.url(record) + "edit/", again).status_code == 302


@every_kind
def test_steps_keep_to_their_states(entity: Entity, world: World, record: Any) -> None:
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
