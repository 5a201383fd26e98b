"""What a request wants written: read by kit's reader, done by the kind's own operations."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from calidez.kit.catalog import Entity
from calidez.kit.core import children
from calidez.kit.core.operations import Operation
from calidez.kit.core.values import Reader, Unreadable
from calidez.kit.faces.api import extend, problems
from calidez.kit.faces.api.problems import Problem
from calidez.kit.platform.errors import RuleBroken

MOST_AT_ONCE = 1000
NOTE = "note"  # why; kept in the trail


def body_of(request: HttpRequest) -> Any:
    kind = request.content_type or ""
    if request.body and kind not in {"application/json", "application/merge-patch+json"}:
        raise Problem(415, "media-type", _("Send JSON, with the content type application/json."))
    try:
        found = json.loads(request.body or b"{}", parse_constant=_no_constant, parse_float=_number)
        if b"\\u" in request.body:
            _check_texts(found)
        return found
    except (ValueError, RecursionError):
        raise Problem(400, "malformed", _("The content is not valid JSON.")) from None


def object_of(request: HttpRequest) -> dict[str, Any]:
    return as_object(body_of(request))


def as_object(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise Problem(422, "malformed", _('A JSON object is needed here: {"field": value, …}.'))
    return given


def creation_fields(entity: Entity) -> tuple[str, ...]:
    """The fields of a new record; empty where records of this kind come into being some other way."""
    if entity.creation is None or not entity.created_in_form:
        return ()
    return tuple(entity.creation.fields or entity.all_fields)


def create(entity: Entity, given: Any, *, by: Any, reader: Reader | None = None) -> Any:
    """One record, from the JSON of its fields."""
    special = extend.creation_of(entity)
    if special is not None:
        return special.create(as_object(given), by)
    names = creation_fields(entity)
    if entity.creation is None or not names:
        raise Problem(405, "method", _("Records of this kind are not created here."))
    said = dict(as_object(given))
    note, rows = _note(said), _rows(entity, said, by)
    values = (reader or Reader(entity, names, by)).read(said)
    _need_all(entity, names, values)
    return entity.creation(by=by, note=note, child_rows=rows, **values)


def reader_for(entity: Entity, by: Any) -> Reader:
    return Reader(entity, creation_fields(entity), by)


def perform(
    entity: Entity, operation: Operation, record: Any, given: Any, *, by: Any, version: int | None
) -> Any:
    """A step or a change: only the fields that are named."""
    said = dict(as_object(given))
    note = _note(said)
    if not operation.permitted(record, by):
        from calidez.kit.core import access

        raise access.refuse(operation.label, entity.label)
    if operation.note and not note:
        raise Unreadable({NOTE: _("Say why; it is kept in the history.")})
    if not operation.open_for(record, by):
        raise Problem(409, "closed", entity.closed_sentence(operation, record))
    rows = _rows(entity, said, by) if operation is entity.edition else {}
    values = Reader(entity, operation.fields, by).read(said)
    return operation(record, by=by, version=version, note=note, child_rows=rows, **values)


def version_asked(request: HttpRequest, *, needed: bool) -> int | None:
    """The version in If-Match; `*` stands for whichever there is."""
    given = request.headers.get("If-Match", "").strip()
    if not given:
        if needed:
            raise Problem(
                428,
                "version-missing",
                _(
                    "Send If-Match with the version that you read (the ETag), so that nobody's change is lost."
                ),
            )
        return None
    if given == "*":
        return None
    plain = given.removeprefix("W/").strip('"')
    if not (plain.isascii() and plain.isdecimal() and len(plain) < 10):
        raise Problem(412, "version-changed", _('If-Match is the version of the record, as "3".'))
    return int(plain)


def errors_of_row(index: int, error: Exception) -> tuple[list[dict[str, Any]], Problem]:
    """The faults of one row among many, each with the row's place."""
    problem = problems.of(error)
    found: Sequence[Mapping[str, Any]] = problem.errors or ({"field": "", "message": str(problem.detail)},)
    return [{"index": index, **fault} for fault in found], problem


def _note(said: dict[str, Any]) -> str:
    note = said.pop(NOTE, "")
    if not isinstance(note, str):
        raise Unreadable({NOTE: _("A text is needed here.")})
    return note.strip()


def _rows(entity: Entity, said: dict[str, Any], by: Any) -> dict[str, list[children.Row]]:
    """Rows are sent whole: those given take the place of those that were there; not named, they stay."""
    found = {}
    for child in entity.children:
        name = children.accessor(child, entity.model)
        if name in said:
            found[child.name] = _read_rows(child, name, said.pop(name), by)
    return found


def _read_rows(child: children.Child, name: str, given: Any, by: Any) -> list[children.Row]:
    if not isinstance(given, list):
        raise Unreadable({name: _('A JSON array of objects is needed here: [{"field": value, …}].')})
    reader, rows = Reader(_RowKind(child.model), child.fields, by), []
    for place, row in enumerate(given):
        try:
            rows.append(children.Row(reader.read(as_object(row), needed=child.fields), place=place))
        except Unreadable as error:
            raise Unreadable(
                {f"{name}.{place}.{field}": said for field, said in error.errors.items()}
            ) from None
    return rows


@dataclass(frozen=True)
class _RowKind:
    """What the reader asks of a kind of record."""

    model: Any


def _need_all(entity: Entity, names: Sequence[str], values: Mapping[str, Any]) -> None:
    """Every needed field that is missing, in one answer; what has a default may be left out."""
    missing = {}
    for name in names:
        field: Any = entity.model._meta.get_field(name)
        if name not in values and not field.blank and not field.has_default() and not field.many_to_many:
            missing[name] = _("A value is needed here.")
    if missing:
        raise Unreadable(missing)


def _check_texts(found: Any) -> None:
    """Half a character and the null character are JSON, but no database keeps them."""
    if isinstance(found, str):
        found.encode()
        if "\x00" in found:
            raise ValueError("a text holds the null character")
    elif isinstance(found, list):
        for item in found:
            _check_texts(item)
    elif isinstance(found, dict):
        for pair in found.items():
            _check_texts(list(pair))


def _number(text: str) -> float:
    """JSON knows numbers that no computer does: 1e999 would become “infinity”, and a name “inf”."""
    number = float(text)
    if not math.isfinite(number):
        raise Problem(
            422, "invalid", _("The number %(number)s is too large to reckon with.") % {"number": text[:40]}
        )
    return number


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


__all__ = [
    "MOST_AT_ONCE",
    "RuleBroken",
    "create",
    "creation_fields",
    "errors_of_row",
    "object_of",
    "perform",
    "reader_for",
    "version_asked",
]
