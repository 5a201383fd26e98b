"""The models, made in a row: what only declares, what has an owner and a life, what is linked, and what has all of it and rows."""

from __future__ import annotations

import os
from typing import Any

from django.db import models

from calidez.kit.core import fields
from calidez.kit.core.record import Record
from calidez.kit.platform.display import Tone
from calidez.people.models import Unit, User
from calidez.standards.models import Standard

MANY = int(os.environ.get("DOUBLES", "23"))
# Of four kinds one only declares, as few of the shipped ones do.
SORTS = ("owned", "linked", "rich", "plain")


class State(fields.States):
    DRAFT = "draft", "Draft", Tone.QUIET
    ACTIVE = "active", "Active"
    CLOSED = "closed", "Closed", Tone.GOOD


def sort_of(number: int) -> str:
    return SORTS[number % len(SORTS)]


def _made(name: str, base: type[models.Model], meta: dict[str, Any], **body: Any) -> Any:
    inner = type("Meta", (), meta)
    return type(base)(name, (base,), {"__module__": __name__, "Meta": inner, **body})


def _double(number: int) -> type[Record]:
    sort = sort_of(number)
    body: dict[str, Any] = {
        "code": fields.code(),
        "title": models.CharField("title", max_length=200),
        "text": models.TextField("text", blank=True),
        "day": models.DateField("day", null=True, blank=True),
        "amount": models.FloatField("amount", null=True, blank=True),
        "unit": fields.place(Unit),
        "__str__": lambda self: self.title,
    }
    if sort != "plain":
        body["owner"] = fields.owner(User)
    if sort in {"owned", "rich"}:
        body["state"] = models.CharField(
            "state", max_length=10, choices=State.choices, default=State.DRAFT, editable=False
        )
    if sort in {"linked", "rich"}:
        body["standard"] = models.ForeignKey(
            Standard, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
        )
        body["before"] = models.ForeignKey(
            f"doubles.Double{number - 1}", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
        )
    names = {"verbose_name": f"double {number}", "verbose_name_plural": f"doubles {number}"}
    return _made(f"Double{number}", Record, names, **body)


def _row(number: int) -> type[models.Model]:
    return _made(
        f"Row{number}",
        models.Model,
        {"verbose_name": f"row {number}"},
        record=models.ForeignKey(f"doubles.Double{number}", on_delete=models.CASCADE, related_name="rows"),
        text=models.CharField("text", max_length=100),
        value=models.FloatField("value", null=True, blank=True),
        __str__=lambda self: self.text,
    )


DOUBLES = tuple(_double(number) for number in range(MANY))
ROWS = {number: _row(number) for number in range(MANY) if sort_of(number) == "rich"}
