"""People and programs that try every kind of record, and what their visits cost the database."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.test import Client

from calidez.kit.desk.child_forms import child_forms
from calidez.kit.desk.forms import record_form

CLICK = {"HX-Request": "true"}  # as a person's click asks: for the table without the page around it


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def content(
    client: Client, address: str, params: Any = None, *, click: bool = False, status: int = 200
) -> str:
    """What is at this address, whole or as a click fetches it, and that the answer was as expected."""
    answer = client.get(address, params, headers=CLICK if click else {})
    assert answer.status_code == status, f"{address} answered {answer.status_code}"
    return answer.content.decode()


def downloaded(client: Client, address: str, params: Any = None) -> bytes:
    answer = client.get(address, params)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)  # type: ignore[arg-type]


class Api:
    """A program with a token that may do all that its owner may."""

    def __init__(self, secret: str, language: str = "en") -> None:
        self.headers = {"Authorization": f"Bearer {secret}", "Accept-Language": language}
        self.client = Client()

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        content = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        path = path if path.startswith("/api/") else f"/api/v1/{path}"
        return self.client.generic(method, path, headers={**self.headers, **headers}, **content)


def queries(visit: Callable[[], Any]) -> int:
    """How many queries a visit costs; counted without the quoting that Django's own log pays for each."""
    with queries_counted() as asked:
        visit()
    return len(asked)


@contextmanager
def queries_counted() -> Iterator[list[str]]:
    asked: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield asked


def posted(entity: Any, record: Any) -> dict[str, Any]:
    """The edit form's own values, as a browser would send them back."""
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


def written(record: dict[str, Any], names: Any) -> dict[str, Any]:
    """What the programming interface gave, as it is sent back: references by their identifier."""
    found = {}
    for name in names:
        value = record[name]
        if isinstance(value, dict) and "label" in value:
            value = value["uid"]
        elif isinstance(value, list):
            value = [item["uid"] if isinstance(item, dict) else item for item in value]
        found[name] = value
    return found
