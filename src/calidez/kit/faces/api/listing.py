"""A list over the interface: the filters of the page, said strictly, and pages that stay true while records are added."""

from __future__ import annotations

import base64
import datetime as dt
import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from calidez.kit.catalog import Entity
from calidez.kit.core import cells, finding
from calidez.kit.core.admission import admit
from calidez.kit.core.any_record import AnyRecord
from calidez.kit.core.events import AuditEvent
from calidez.kit.core.values import Unreadable
from calidez.kit.desk.lists import ListQuery
from calidez.kit.desk.lists.selecting import narrowed
from calidez.kit.faces.api import records
from calidez.kit.faces.api.problems import Problem
from calidez.kit.platform import far_days

USUAL_PAGE, LARGEST_PAGE = 50, 200
OWN = ("q", "sort", "limit", "cursor", "changed_since")


@dataclass(frozen=True)
class Key:
    """One part of the order: the path it sorts by, and whether backwards. Records without a value stand last."""

    path: str
    backwards: bool
    nullable: bool

    @property
    def order(self) -> Any:
        if not self.nullable:
            return f"-{self.path}" if self.backwards else self.path
        column = F(self.path)
        return column.desc(nulls_last=True) if self.backwards else column.asc(nulls_last=True)

    def same(self, value: Any) -> Q:
        return Q(**{f"{self.path}__isnull": True}) if value is None else Q(**{self.path: value})

    def after(self, value: Any) -> Q | None:
        """The records that follow one with this value; None where none can."""
        if value is None:
            return None
        beyond = Q(**{f"{self.path}__{'lt' if self.backwards else 'gt'}": value})
        return beyond | Q(**{f"{self.path}__isnull": True}) if self.nullable else beyond


def page(entity: Entity, user: Any, params: Mapping[str, str], path: str) -> dict[str, Any]:
    """The records and, where there are more, the address of those that follow."""
    keys = _keys(entity, params.get("sort", ""))
    limit = _limit(params.get("limit", ""))
    found = narrowed(entity, user, ListQuery(_checked(entity, user, params))).order_by(
        *(key.order for key in keys)
    )
    if since := params.get("changed_since"):
        found = _changed(entity, found, since)
    if cursor := params.get("cursor"):
        found = found.filter(_following(keys, _opened(entity, cursor, keys)))
    rows = list(records.with_relations(entity, found)[: limit + 1])
    following = None
    if len(rows) > limit:
        rows = rows[:limit]
        again = {name: value for name, value in params.items() if name != "cursor"}
        following = f"{path}?{urlencode({**again, 'cursor': _closed(keys, rows[-1])})}"
    return {"items": records.represent_all(entity, rows, user), "next": following}


def sortable(entity: Entity) -> list[str]:
    return sorted({cells.column_sort(entity, column) for column in entity.columns} - {""})


def filter_names(entity: Entity) -> Iterator[str]:
    for name in entity.narrowing:
        if isinstance(cells.field_of(entity.model, name), models.DateField):
            yield from (f"{name}_from", f"{name}_to")
        else:
            yield name


def _checked(entity: Entity, user: Any, params: Mapping[str, str]) -> dict[str, str]:
    """The page ignores nonsense; a program must hear of it, or it would take all records for those it asked for."""
    known = {*OWN, *filter_names(entity)}
    errors = {
        name: _("There is no such parameter; there are: %(names)s.") % {"names": ", ".join(sorted(known))}
        for name in params
        if name not in known
    }
    said: dict[str, str] = {"q": params.get("q", "")}
    for name in filter_names(entity):
        if given := params.get(name, ""):
            try:
                said[name] = _filter_value(entity, name, given, user)
            except ValidationError as error:
                errors[name] = " ".join(error.messages)
    if errors:
        raise Unreadable(errors)
    return said


def _filter_value(entity: Entity, name: str, given: str, user: Any) -> str:
    if not cells.has_field(entity.model, name.split("__")[0]):  # one side of a span of dates
        day = far_days.day_asked(given)
        if day is None:
            raise ValidationError(_("Write a date as 2026-03-12."))
        return day.isoformat()
    field = cells.field_of(entity.model, name)
    if field.is_relation:
        return str(finding.find(field.related_model, given, user).uid)
    if isinstance(field, AnyRecord):
        return given if finding.is_kind(given) else str(finding.find_any(given, user))
    if isinstance(field, models.BooleanField):
        words = {"true": "yes", "yes": "yes", "false": "no", "no": "no"}
        if given not in words:
            raise ValidationError(_("Write true or false."))
        return words[given]
    codes = [str(code) for code, _label in field.flatchoices or ()]
    if codes and given not in codes:
        raise ValidationError(_("One of: %(codes)s.") % {"codes": ", ".join(codes)})
    return given


def _limit(given: str) -> int:
    if not given:
        return USUAL_PAGE
    if not (given.isascii() and given.isdecimal() and len(given) < 6 and 1 <= int(given) <= LARGEST_PAGE):
        raise Unreadable({"limit": _("A whole number from 1 to %(most)s.") % {"most": LARGEST_PAGE}})
    return int(given)


def _changed(entity: Entity, found: Any, given: str) -> Any:
    """What the trail has seen since then, and what was made since then by the system itself."""
    since = far_days.moment_asked(given)
    if since is None:
        raise Unreadable({"changed_since": _("Write a moment as 2026-03-12T09:40:00Z.")})
    events = AuditEvent.objects.filter(subject=entity.model._meta.label_lower, at__gte=since)
    return found.filter(Q(uid__in=events.values("subject_uid")) | Q(created_at__gte=since))


# The order and the cursor


def _keys(entity: Entity, sort: str) -> tuple[Key, ...]:
    name = sort.removeprefix("-")
    if name and name not in sortable(entity):
        names = ", ".join(sortable(entity))
        raise Unreadable({"sort": _("One of: %(names)s; with - before it backwards.") % {"names": names}})
    keys: dict[str, Key] = {}
    for part in (*([sort] if name else ()), *entity.ordering, "pk"):
        path = _column(entity, part.removeprefix("-"))
        keys.setdefault(path, Key(path, part.startswith("-"), _nullable(entity, path)))
    return tuple(keys.values())


def _column(entity: Entity, path: str) -> str:
    """A reference is sorted by its key, as the database does; its name may change while somebody pages."""
    if path == "pk":
        return path
    field = cells.field_of(entity.model, path)
    return f"{path}_id" if field.is_relation and "__" not in path else path


def _nullable(entity: Entity, path: str) -> bool:
    if path == "pk":
        return False
    steps = ["__".join(path.split("__")[:depth]) for depth in range(1, path.count("__") + 2)]
    return any(_field(entity, step).null for step in steps)


def _field(entity: Entity, path: str) -> Any:
    return entity.model._meta.pk if path == "pk" else cells.field_of(entity.model, path)


def _following(keys: tuple[Key, ...], marks: list[Any]) -> Q:
    """After the marked record: equal in the first parts, beyond in the next one."""
    condition, equal = Q(pk__in=[]), Q()
    for key, mark in zip(keys, marks, strict=True):
        beyond = key.after(mark)
        if beyond is not None:
            condition |= equal & beyond
        equal &= key.same(mark)
    return condition


def _closed(keys: tuple[Key, ...], record: Any) -> str:
    marks = [_mark(_read(record, key.path)) for key in keys]
    text = json.dumps([[f"{'-' if k.backwards else ''}{k.path}" for k in keys], marks])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _opened(entity: Entity, cursor: str, keys: tuple[Key, ...]) -> list[Any]:
    try:
        order, marks = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if order != [f"{'-' if k.backwards else ''}{k.path}" for k in keys] or len(marks) != len(keys):
            raise ValueError
        return [_checked_mark(entity, key, _unmarked(mark)) for key, mark in zip(keys, marks, strict=True)]
    except (ValueError, TypeError, ArithmeticError, AttributeError, RecursionError, ValidationError):
        raise Problem(
            400,
            "malformed",
            _("This cursor belongs to another list or order. Take the address in “next” as it stands."),
        ) from None


def _checked_mark(entity: Entity, key: Key, mark: Any) -> Any:
    """Whoever writes a cursor of their own may only say what the column could hold."""
    if mark is None and key.nullable:
        return None
    field = _field(entity, key.path)
    return admit(field, field.to_python(mark))


def _read(record: Any, path: str) -> Any:
    for name in path.split("__"):
        record = None if record is None else getattr(record, name)
    return record


def _mark(value: Any) -> Any:
    kinds = {dt.datetime: "moment", dt.date: "date", Decimal: "decimal", uuid.UUID: "uid"}
    kind = kinds.get(type(value))
    return [kind, value.isoformat() if kind in {"moment", "date"} else str(value)] if kind else value


def _unmarked(mark: Any) -> Any:
    if mark is None or isinstance(mark, (str, int, float)):
        return mark
    kind, text = mark
    readers: dict[str, Any] = {
        "moment": dt.datetime.fromisoformat,
        "date": dt.date.fromisoformat,
        "decimal": Decimal,
        "uid": uuid.UUID,
    }
    return readers[kind](text)
