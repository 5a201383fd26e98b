"""The lists of every kind of record: columns, groups, filters, downloads, and what they cost however long they are."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from calidez.kit.catalog import Entity
from calidez.kit.conformance import World
from calidez.kit.desk.bulk.offers import offers
from calidez.kit.desk.lists import columns, grouping, list_page
from calidez.kit.tests.copies import more
from calidez.kit.tests.visits import CLICK, content, downloaded, queries

pytestmark = pytest.mark.django_db
AsSomebody = Callable[[str], Client]
MOST_QUERIES = 13
# Groups are counted, and on a page their names are asked for together.
GROUPED = 3


@pytest.mark.smoke
def test_a_list_costs_the_same_however_long_it_is(
    entity: Entity, world: World, record: Any, admin: Client
) -> None:
    """With its own columns, with all there are, and in every group."""

    def costs(way: dict[str, str]) -> int:
        return queries(lambda: pages.append(content(admin, entity.list_url(), way, click=True)))

    pages: list[str] = []
    everything = {"columns": ",".join(columns.available(entity))}
    more(record, world, 1)
    costs({})  # what is remembered between requests is asked for before it counts
    usual, wide = costs({}), costs(everything)
    more(record, world, 4)
    assert (costs({}), costs(everything)) == (usual, wide)
    assert str(record.uid) in pages[-1]
    assert 'class="c-group"' not in pages[-1]
    assert max(usual, wide) <= MOST_QUERIES
    groups = list(grouping.groupable(entity))
    for name in groups:
        assert queries(lambda way={"group": name}: list_page(entity, world.admin, way)) <= usual + GROUPED, (
            name
        )
    if groups:
        assert costs({"group": groups[-1]}) <= usual + GROUPED
        assert 'class="c-group"' in pages[-1]


def test_every_column_sorts_and_every_filter_filters(entity: Entity, world: World, record: Any) -> None:
    for header in list_page(entity, world.admin, {}).headers:
        if header.sort_url:
            way = dict(pair.split("=") for pair in header.sort_url.lstrip("?").split("&"))
            found = list_page(entity, world.admin, way).rows
            assert any(str(record.uid) in row.url for row in found), header.text
    for item in list_page(entity, world.admin, {}).filters:
        for option in item.options[:2]:
            list_page(entity, world.admin, {item.name: option.value})


@pytest.mark.smoke
def test_a_role_ends_at_its_subtree(entity: Entity, record: Any, there: Any, client_as: AsSomebody) -> None:
    if entity.scope is None:
        pytest.skip("belongs to the whole organisation")
    client = client_as("north_manager")
    assert client.get(entity.url(record)).status_code == 200
    assert client.get(entity.url(there)).status_code == 404
    listed = content(client, entity.list_url(), click=True)
    assert str(record.uid) in listed
    assert str(there.uid) not in listed
    export = entity.list_url() + "export.csv"
    mine, all_of_them = (rows_of(downloaded(one, export)) for one in (client, client_as("admin")))
    assert len(mine) < len(all_of_them)


@pytest.mark.thorough
def test_a_spreadsheet_has_the_rows_of_the_csv(
    entity: Entity, world: World, record: Any, client_as: AsSomebody
) -> None:
    client = client_as("auditor")
    assert len(rows_of(downloaded(client, f"{entity.list_url()}export.csv"))[0]) >= len(entity.columns)
    names = {"columns": ",".join(columns.available(entity))}
    expected = rows_of(downloaded(client, f"{entity.list_url()}export.csv", names))
    sheets = downloaded(client, f"{entity.list_url()}export.xlsx", names)
    book = CalamineWorkbook.from_filelike(io.BytesIO(sheets))
    assert len(book.sheet_names) == 2
    found = book.get_sheet_by_index(0).to_python()
    assert len(found) == len(expected) >= 2
    for row, line in zip(found, expected, strict=True):
        assert [as_csv(value) for value in row] == [as_read(text) for text in line]
    about = book.get_sheet_by_index(1).to_python()
    assert len(found) - 1 in [row[1] for row in about]
    assert str(world.auditor) in [row[1] for row in about]


def rows_of(file: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.decode("utf-8-sig"))))


def as_csv(value: Any) -> str:
    """A spreadsheet's value as comparable text."""
    if isinstance(value, (dt.datetime, dt.date)):
        return value.isoformat()[:16]
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def as_read(text: str) -> str:
    """A value of the CSV likewise: moments in the reader's time, to the minute."""
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        pass
    else:
        if len(text) > 10:
            return timezone.make_naive(moment).isoformat()[:16]
    if text.startswith("'"):
        return text[1:]
    try:
        return as_csv(float(text))
    except ValueError:
        return text


def test_many_records_at_once_are_for_those_who_may(
    entity: Entity, world: World, record: Any, client_as: AsSomebody
) -> None:
    """Whoever only reads gets no boxes and no step; each thing offered to others asks or answers, and never fails."""
    reader, boss = client_as("auditor"), client_as("admin")
    assert 'name="pick"' not in content(reader, entity.list_url(), click=True)
    found = offers(entity, world.admin)
    assert ('name="pick"' in content(boss, entity.list_url(), click=True)) == bool(found)
    done = None
    for offer in found:
        chosen = {"action": offer.key, "pick": f"{record.uid}:{record.version}"}
        assert reader.post(f"{entity.list_url()}bulk/", {**chosen, "meant": "yes"}).status_code == 403
        assert boss.post(f"{entity.list_url()}bulk/", chosen, headers=CLICK).status_code == 200
        answer = boss.post(f"{entity.list_url()}bulk/", {**chosen, "meant": "yes"})
        assert answer.status_code in {302, 422}
        done = answer if answer.status_code == 302 else done
    if done is not None:
        content(boss, done["Location"])
        assert reader.get(done["Location"]).status_code == 404
