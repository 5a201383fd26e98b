"""Days at the ends of the calendar, numbers beyond reckoning and letters that nobody sees, at every door of every kind."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import models
from django.test import Client

from calidez.kit.catalog import Entity
from calidez.kit.core import cells
from calidez.kit.faces.api import writing
from calidez.kit.faces.api.listing import filter_names
from calidez.kit.tests.visits import Api, posted, written

pytestmark = pytest.mark.django_db
ApiAs = Callable[..., Api]

DAYS = ("0001-01-01", "9999-12-31", "0999-12-31", "3000-01-01", "1000-01-01", "2999-12-31", "20260312")
MOMENTS = (
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-14:00",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999Z",
    "2026-03-12T09:40",
)
# As they stand in the JSON itself: Python would write some of them otherwise.
NUMBERS = ("1e999", "-1e999", "1e400", "NaN", "Infinity", "-Infinity", "-0", "-0.0", "1e308", "5e-324")
NUMBERS += ("1" + "0" * 400, "9" * 30, "123456789012345678901234.5", "-" + "9" * 19, "true")
TEXTS = (
    "a\u202eb",
    "\u2066a",
    "a\x1b[2Jb",
    "a\x7fb",
    "a\u0085b",
    "a\ufffeb",
    "a\x00b",
    "a\r\nBcc: b@example.org",
    "\u200b\u2060\ufeff",
    "x" * 100_000,
)


FEW = [
    pytest.param(False, id="few", marks=pytest.mark.machine),
    pytest.param(True, id="all", marks=pytest.mark.overnight),
]


def answered(answer: Any, asked: Any = "") -> Any:
    assert answer.status_code < 500, f"{asked}: {answer.content[:300]!r}"
    return answer


@pytest.mark.parametrize("every", FEW)
def test_addresses_take_every_day_and_moment(
    entity: Entity, every: bool, record: Any, api_as: ApiAs, admin: Client
) -> None:
    api = api_as("admin")
    sides = [name for name in filter_names(entity) if name.endswith(("_from", "_to"))]
    for value in (*DAYS, *MOMENTS, "9" * 400, "-1") if every else (MOMENTS[0], DAYS[1]):
        said = urlencode({"changed_since": value})
        assert answered(api("GET", f"{entity.slug}?{said}"), said).status_code in (200, 422)
        query = urlencode({**dict.fromkeys(sides, value), "on": value, "after": value, "page": value})
        answered(admin.get(f"{entity.list_url()}?{query}", headers={"HX-Request": "true"}), query)
        answered(admin.get(f"{entity.url(record)}?{query}"), query)
        answered(api("GET", f"{entity.slug}/{record.uid}/versions?{urlencode({'on': value})}"), value)
        if sides:
            query = urlencode(dict.fromkeys(sides, value))
            assert answered(api("GET", f"{entity.slug}?{query}"), query).status_code in (200, 422)
    # From the beginning is from the beginning, and after the end nothing follows.
    for moment, count in (("0001-01-01T00:00:00+23:59", 1), ("9999-12-31T23:59:59-14:00", 0)):
        found = api("GET", f"{entity.slug}?{urlencode({'changed_since': moment})}").json()["items"]
        assert min(len(found), 1) == count


@pytest.mark.overnight
def test_the_interface_keeps_no_odd_value(entity: Entity, record: Any, api_as: ApiAs, admin: Client) -> None:
    """What is taken stands well on every page; all else is refused in words."""
    if entity.edition is None:
        pytest.skip("is never edited")
    api = api_as("admin")
    path = f"{entity.slug}/{record.uid}"
    as_read = written(api("GET", path).json(), entity.edition.fields)
    for name in entity.edition.fields:
        for value in _odd(cells.field_of(entity.model, name)):
            answer = _sent(api, "PATCH", path, {**as_read, name: "?"}, value, **{"If-Match": "*"})
            answered(answer, (name, value[:60]))
            if answer.status_code == 200:
                assert answered(admin.get(entity.url(record)), (name, value[:60])).status_code == 200
                assert answered(api("GET", entity.slug)).status_code == 200
    answered(admin.get(entity.list_url()))


@pytest.mark.machine
def test_a_new_record_of_odd_values_is_no_failure(entity: Entity, record: Any, api_as: ApiAs) -> None:
    names = writing.creation_fields(entity)
    if not names:
        pytest.skip("is not made like this")
    for value in (
        "1e999",
        "-0",
        "9" * 30,
        "1" + "0" * 400,
        *map(json.dumps, (DAYS[1], MOMENTS[0], *TEXTS[:2])),
    ):
        answer = _sent(api_as("admin"), "POST", entity.slug, dict.fromkeys(names, "?"), value)
        assert answer.status_code in (201, 400, 422), value[:60]


@pytest.mark.parametrize("every", FEW)
def test_forms_keep_no_odd_value(entity: Entity, every: bool, record: Any, admin: Client) -> None:
    if entity.edition is None:
        pytest.skip("is never edited")
    address = entity.url(record) + "edit/"
    form = posted(entity, record)
    plain = [name for name in entity.edition.fields if name in form]
    few = (DAYS[1], "9" * 30, TEXTS[0])
    for value in (*DAYS[:4], *MOMENTS[:2], *NUMBERS, *TEXTS) if every else few:
        everywhere = {**form, **dict.fromkeys(plain, value)}
        assert answered(admin.post(address, everywhere), value[:60]).status_code in (400, 409, 422, 302)
        if every:
            answered(admin.post(entity.list_url() + "new/", everywhere), value[:60])
            answered(admin.get(f"{entity.list_url()}new/?{urlencode(dict.fromkeys(plain, value[:200]))}"))
    assert answered(admin.get(entity.url(record))).status_code == 200


@pytest.mark.machine
def test_names_hold_no_letter_that_deceives(entity: Entity, record: Any, api_as: ApiAs) -> None:
    changed = entity.edition.fields if entity.edition is not None else ()
    names = [name for name in changed if _is_a_line(cells.field_of(entity.model, name))]
    if not names:
        pytest.skip("has no text of one line")
    api, path = api_as("admin"), f"{entity.slug}/{record.uid}"
    for name in names[:2]:
        for letters in ("a\u202eb", "a\u2067b", "a\x1bb", "a\x9db"):
            refused = api("PATCH", path, {name: letters}, **{"If-Match": "*"})
            assert refused.status_code == 422, (name, letters)
            assert refused.json()["errors"][0]["field"] == name
            assert f"U+{ord(letters[1]):04X}" in refused.json()["errors"][0]["message"]
    done = api("PATCH", path, {names[0]: " A\u00a0b\u200b\u00adc\r\nd\u200e "}, **{"If-Match": "*"})
    assert "\u200b" not in done.content.decode()
    if done.status_code == 200:
        assert done.json()[names[0]] == "A bc d"


def _is_a_line(field: Any) -> bool:
    return type(field) is models.CharField and not field.choices


def _odd(field: Any) -> Iterator[str]:
    """As JSON."""
    if field.is_relation or isinstance(field, models.BooleanField):
        yield from NUMBERS[:2]
        yield json.dumps(TEXTS[0])
    elif isinstance(field, models.DateField):
        yield from map(json.dumps, (*DAYS, *MOMENTS))
        yield NUMBERS[0]
    elif isinstance(field, (models.IntegerField, models.FloatField, models.DecimalField)):
        yield from NUMBERS
        yield from map(json.dumps, ("1e999", "1" + "0" * 400, "NaN", "-0"))
    elif isinstance(field, (models.CharField, models.TextField)):
        yield from map(json.dumps, TEXTS)
        yield from ("1e999", "1e22", "12.0", "NaN")
    else:
        yield from NUMBERS[:3]
        yield from map(json.dumps, TEXTS[:3])


def _sent(api: Api, method: str, path: str, values: dict[str, Any], value: str, **headers: str) -> Any:
    body = json.dumps(values).replace('"?"', value)
    return api.client.generic(
        method, f"/api/v1/{path}", body, "application/json", headers={**api.headers, **headers}
    )
