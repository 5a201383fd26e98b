"""Editions of a record for other programs: all of them, or the one that was in force on a day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from calidez.kit.catalog import Entity
from calidez.kit.core import editions
from calidez.kit.core.editions import EditionInForce
from calidez.kit.faces.api import records
from calidez.kit.faces.api.problems import Problem
from calidez.kit.platform import far_days


def told(request: HttpRequest, entity: Entity, record: Any) -> dict[str, Any]:
    """The newest first; with `on`, the one of that day or none."""
    day, hidden = _day(request.GET.get("on", "")), entity.withheld(record, request.user)
    if day is None:
        found = list(editions.of(record).select_related("made_by", *_proposer(entity)))
    else:
        found = list(filter(None, [editions.holding(record, day)]))
    return {"items": [_represent(edition, hidden) for edition in found]}


def schema(entity: Entity) -> dict[str, Any]:
    reference = {"anyOf": [{"$ref": "#/components/schemas/Reference"}, {"type": "null"}]}
    properties: dict[str, Any] = {
        "number": {"type": "integer"},
        "made_at": {"type": "string", "format": "date-time"},
        "made_by": reference,
        "content": {
            "type": "object",
            "description": _("Fields and rows as they were then, other records by identifier."),
        },
    }
    if _dated(entity):
        properties |= {
            "starts": {"type": "string", "format": "date"},
            "ends": {"type": ["string", "null"], "format": "date"},
            "proposed_by": reference,
        }
    edition = {"type": "object", "properties": properties, "required": list(properties)}
    return {
        "type": "object",
        "properties": {"items": {"type": "array", "items": edition}},
        "required": ["items"],
    }


def parameters(entity: Entity) -> list[dict[str, Any]]:
    if not _dated(entity):
        return []
    said = _("Only the one that was in force on this day.")
    day = {"type": "string", "format": "date"}
    return [{"name": "on", "in": "query", "required": False, "description": said, "schema": day}]


def _represent(edition: Any, hidden: Any) -> dict[str, Any]:
    found = {
        "number": edition.number,
        "made_at": records.plain(edition.made_at),
        "made_by": records.reference(edition.made_by),
        "content": {name: value for name, value in edition.content.items() if name not in hidden},
    }
    if isinstance(edition, EditionInForce):
        found |= {
            "starts": records.plain(edition.starts),
            "ends": records.plain(edition.ends),
            "proposed_by": records.reference(edition.proposed_by),
        }
    return found


def _day(text: str) -> dt.date | None:
    found = far_days.day_asked(text)
    if text and found is None:
        raise Problem(
            422, "invalid", _("“%(text)s” is no day: write it as 2026-01-31.") % {"text": text[:40]}
        )
    return found


def _dated(entity: Entity) -> bool:
    return entity.editions is not None and issubclass(entity.editions.model, EditionInForce)


def _proposer(entity: Entity) -> list[str]:
    return ["proposed_by"] if _dated(entity) else []
