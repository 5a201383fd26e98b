"""Lists of every registered kind, from its factory alone: columns, groups, spreadsheets, fixed queries."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from python_calamine import CalamineWorkbook

from calidez.kit.catalog import Entity
from calidez.kit.conformance import World, kinds, load_factories, make
from calidez.kit.desk.bulk.offers import offers
from calidez.kit.desk.lists import columns, grouping

load_factories()

pytestmark = pytest.mark.django_db
MOST_QUERIES = 16
every_kind = pytest.mark.parametrize("entity", kinds(), ids=lambda e: e.key, scope="module")
CLICK = {"HX-Request": "true"}  # as a person's click asks: for the table without the page around it


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def queries(client: Client, address: str, params: dict[str, str]) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address, params, headers=CLICK).status_code == 200
    return len(captured)


@every_kind
def test_every_column_and_every_group_can_be_shown_at_a_fixed_cost(
    entity: Entity, world: World, record: Any
) -> None:
    """All columns at once, then every group: with two records and with six it costs the same."""
    client = client_of(world.admin)
    names = list(columns.available(entity))
    ways = [{"columns": ",".join(names)}, *({"group": name} for name in grouping.groupable(entity))]
    make(entity, world, world.north, 2)
    client.get(
        entity.list_url(), headers=CLICK
    )  # what is remembered between requests is asked for before it counts
    few = [queries(client, entity.list_url(), way) for way in ways]
    for number in range(3, 7):
        make(entity, world, world.north, number)
    for way, before in zip(ways, few, strict=True):
        assert queries(client, entity.list_url(), way) == before <= MOST_QUERIES, way
        content = client.get(entity.list_url(), way, headers=CLICK).content.decode()
        assert str(record.uid) in content or "group" in way
        assert ('class="c-group"' in content) == ("group" in way)


@every_kind
def test_a_spreadsheet_has_the_rows_of_the_csv(entity: Entity, world: World, record: Any) -> None:
    make(entity, world, world.north, 2)
    client = client_of(world.auditor)
    names = ",".join(columns.available(entity))
    text = b"".join(client.get(f"{entity.list_url()}export.csv", {"columns": names}).streaming_content)
    expected = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
    answer = client.get(f"{entity.list_url()}export.xlsx", {"columns": names})
    assert answer.status_code == 200
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    assert len(book.sheet_names) == 2
    found = book.get_sheet_by_index(0).to_python()
    assert len(found) == len(expected) >= 3
    for row, line in zip(found, expected, strict=True):
        assert [as_csv(value) for value in row] == [as_read(text) for text in line]
    about = book.get_sheet_by_index(1).to_python()
    assert len(found) - 1 in [row[1] for row in about]
    assert str(world.auditor) in [row[1] for row in about]


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


@every_kind
def test_many_records_at_once_are_for_those_who_may(entity: Entity, world: World, record: Any) -> None:
    """Whoever only reads gets no boxes and no step; each thing offered to others asks or answers, and never fails."""
    reader, boss = client_of(world.auditor), client_of(world.admin)
    assert 'name="pick"' not in reader.get(entity.list_url(), headers=CLICK).content.decode()
    found = offers(entity, world.admin)
    assert ('name="pick"' in boss.get(entity.list_url(), headers=CLICK).content.decode()) == bool(found)
    for offer in found:
        chosen = {"action": offer.key, "pick": f"{record.uid}:{record.version}"}
        assert reader.post(f"{entity.list_url()}bulk/", {**chosen, "meant": "yes"}).status_code == 403
        assert boss.post(f"{entity.list_url()}bulk/", chosen).status_code == 200
        answer = boss.post(f"{entity.list_url()}bulk/", {**chosen, "meant": "yes"})
        assert answer.status_code in {302, 422}
        if answer.status_code == 302:
            assert boss.get(answer["Location"]).status_code == 200
            assert reader.get(answer["Location"]).status_code == 404
