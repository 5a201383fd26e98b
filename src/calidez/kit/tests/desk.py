"""Work that waits, for tests of the inbox: positions without a purpose, for whoever may edit them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from calidez.kit.desk import inbox
from calidez.kit.desk.inbox import Pending, sources
from calidez.people.models import Position
from calidez.people.tests.factories import create


def item(position: Position, due: dt.date | None = None) -> Pending:
    return Pending(
        text=f"Describe {position.name}",
        url=f"/positions/{position.uid}/",
        kind=str(position.unit),
        due=due,
        subject="people.position",
        uid=position.uid,
    )


class Desk:
    """Positions without a purpose wait for whoever may edit them; due days as the test says."""

    def __init__(self, people: Any) -> None:
        self.people = people
        self.due: dict[str, dt.date] = {}
        self.asked = 0

    def items(self, who: Any) -> list[Pending]:
        from calidez.kit.catalog import catalog

        self.asked += 1
        mine = catalog.of(Position).queryset(who, "edit").filter(purpose="").select_related("unit")
        return [item(p, self.due.get(p.name)) for p in mine.order_by("name")]

    def add(self, name: str, unit: Any = None, due: dt.date | None = None) -> str:
        made = create(Position, self.people.admin, name=name, unit=unit or self.people.north)
        if due is not None:
            self.due[name] = due
        return f"desk/people.position/{made.uid}"


def desk_of(people: Any, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The only source of work there is."""
    monkeypatch.setattr(sources, "_sources", {})
    made = Desk(people)
    inbox.add_source(made.items, key="desk", label="Positions", verb="edit")
    return made


def again(who: Any) -> Any:
    """The same person in another request: nothing read before is kept."""
    return type(who).objects.get(pk=who.pk)


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
