"""A standard over the programming interface: its rows come and go with it, and two people put it in force."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from calidez.kit.conformance import World
from calidez.kit.tests.factories import issued
from calidez.standards.tests.factories import second_person

pytestmark = pytest.mark.django_db
BASIS = {"kind": "norm", "reference": "ISO 9001, 8.2.1", "explanation": ""}


def ask(by: Any, method: str, path: str, body: Any = None, **headers: str) -> Any:
    given = {"Authorization": f"Bearer {issued(by).secret}", "Accept-Language": "en", **headers}
    return Client().generic(
        method, f"/api/v1/{path}", json.dumps(body or {}), content_type="application/json", headers=given
    )


def made(world: World, **more: Any) -> Any:
    given = {
        "title": "Calls answered",
        "requirement": "Calls are answered within 20 seconds.",
        "target": 95,
        "owner": str(world.admin.uid),
        "unit": "NW",
        "basis": [BASIS],
        **more,
    }
    return ask(world.admin, "POST", "standards", given)


def test_rows_are_given_read_changed_and_left(world: World) -> None:
    answer = made(world, local_targets=[{"unit": "NORTH", "target": 90}])
    assert answer.status_code == 201, answer.content
    found = answer.json()
    assert found["basis"] == [BASIS]
    (local,) = found["local_targets"]
    assert (local["unit"]["code"], local["target"]) == ("NORTH", 90.0)
    path = f"standards/{found['code']}"
    changed = ask(world.admin, "PATCH", path, {"title": "Other", "local_targets": []}, **{"If-Match": '"1"'})
    assert (changed.json()["basis"], changed.json()["local_targets"]) == ([BASIS], [])


@pytest.mark.parametrize(
    ("rows", "field"),
    [
        ({"basis": "ISO 9001"}, "basis"),
        ({"basis": [{"kind": "norm"}]}, "basis.0.reference"),
        ({"basis": [BASIS, {**BASIS, "kind": "rumour"}]}, "basis.1.kind"),
        ({"local_targets": [{"unit": "NOWHERE", "target": 90}]}, "local_targets.0.unit"),
    ],
)
def test_what_is_wrong_in_a_row_is_named_with_its_place(
    world: World, rows: dict[str, Any], field: str
) -> None:
    refused = made(world, **rows)
    assert refused.status_code == 422
    assert [fault["field"] for fault in refused.json()["errors"]] == [field]


def test_two_tokens_put_it_in_force(world: World) -> None:
    path = f"standards/{made(world).json()['code']}"
    assert ask(world.admin, "POST", f"{path}/propose").json()["state"] == "proposed"
    alone = ask(world.admin, "POST", f"{path}/put_in_force", {"starts": "2026-01-01"})
    assert alone.status_code == 422
    assert "somebody else" in alone.json()["detail"]
    done = ask(second_person(world), "POST", f"{path}/put_in_force", {"starts": "2026-01-01"})
    assert done.json()["state"] == "in_force"
