"""JSON Schema of the fields of a kind of record, as they are given out and as they are taken."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from calidez.kit.catalog import Entity
from calidez.kit.core.any_record import AnyRecord
from calidez.kit.core.children import Child, accessor
from calidez.kit.core.operations import Operation
from calidez.kit.faces.api import records, writing
from calidez.kit.faces.api.records import Kind

Json = dict[str, Any]
_REFERENCE: Json = {"$ref": "#/components/schemas/Reference"}
# What may be written where a record is meant.
_MEANT: Json = {"$ref": "#/components/schemas/Meant"}
_ANY_REFERENCE: Json = {"$ref": "#/components/schemas/AnyReference"}
_ANY_MEANT: Json = {"$ref": "#/components/schemas/AnyMeant"}


def record_schema(entity: Entity) -> Json:
    """What is given out; every property is always there, but for those that only some are told."""
    properties: Json = {
        "uid": {"type": "string", "format": "uuid"},
        "version": {"type": "integer"},
        "label": {"type": "string", "description": _("What the pages call it.")},
        "url": {"type": "string", "format": "uri-reference"},
    }
    for item in records.shape(entity):
        properties[item.name] = _given_out(item)
        if item.kind == Kind.CHOICE:
            properties[f"{item.name}_label"] = {"type": "string"}
    properties["created_at"] = {"type": "string", "format": "date-time"}
    if not entity.log:
        properties["created_by"] = {"anyOf": [_REFERENCE, {"type": "null"}]}
    return {
        "type": "object",
        "title": entity.label,
        "properties": properties,
        "required": [name for name in properties if name not in entity.secret_fields],
    }


def creation_schema(entity: Entity) -> Json:
    names = writing.creation_fields(entity)
    fields: list[Any] = [entity.model._meta.get_field(name) for name in names]
    needed = [f.name for f in fields if not f.blank and not f.has_default() and not f.many_to_many]
    schema = _object(entity, names, note=True, rows=True)
    return {**schema, "required": needed} if needed else schema


def change_schema(entity: Entity) -> Json:
    assert entity.edition is not None
    return _object(entity, entity.edition.fields, note=True, rows=True)


def step_schema(entity: Entity, step: Operation) -> Json:
    schema = _object(entity, step.fields, note=True)
    return {**schema, "required": [writing.NOTE]} if step.note else schema


def common_schemas() -> Json:
    """What all kinds share."""
    return {
        "Reference": {
            "type": "object",
            "required": ["label"],
            "properties": {
                "uid": {"type": "string", "format": "uuid"},
                "code": {"type": "string"},
                "label": {"type": "string"},
            },
        },
        "Meant": {
            "description": _("A record: its identifier or code as text, or an object with one of them."),
            "anyOf": [
                {"type": "string", "minLength": 1},
                {
                    "type": "object",
                    "properties": {"uid": {"type": "string", "format": "uuid"}, "code": {"type": "string"}},
                },
            ],
        },
        "AnyReference": {
            "description": _("A record of any kind; of one that you may not see, the kind alone."),
            "type": "object",
            "required": ["kind", "label"],
            "properties": {
                "kind": {"type": "string"},
                "uid": {"type": "string", "format": "uuid"},
                "code": {"type": "string"},
                "label": {"type": "string"},
            },
        },
        "AnyMeant": {
            "description": _("A record of any kind: its code, or its kind and identifier as in an answer."),
            "anyOf": [
                {"type": "string", "minLength": 1},
                {
                    "type": "object",
                    "properties": {
                        "kind": {"type": "string"},
                        "uid": {"type": "string", "format": "uuid"},
                        "code": {"type": "string"},
                    },
                },
            ],
        },
        "Fault": {
            "type": "object",
            "required": ["field", "message"],
            "properties": {
                "index": {
                    "type": "integer",
                    "description": _("The place in the array that was sent, from 0."),
                },
                "field": {"type": "string"},
                "message": {"type": "string"},
            },
        },
        "Problem": {
            "type": "object",
            "required": ["type", "title", "status", "detail", "instance"],
            "properties": {
                "type": {"type": "string", "format": "uri"},
                "title": {"type": "string"},
                "status": {"type": "integer"},
                "detail": {"type": "string"},
                "instance": {"type": "string"},
                "reference": {
                    "type": "string",
                    "description": _(
                        "Where something went wrong on our side: under this the server's log tells it."
                    ),
                },
                "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Fault"}},
            },
        },
        "History": {
            "type": "object",
            "required": ["items"],
            "properties": {
                "items": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {
                            "at": {"type": "string", "format": "date-time"},
                            "actor": {"type": "string"},
                            "verb": {"type": "string"},
                            "before": {"type": ["object", "null"]},
                            "after": {"type": ["object", "null"]},
                            "note": {"type": "string"},
                        },
                    },
                }
            },
        },
    }


def _object(entity: Entity, names: Any, *, note: bool, rows: bool = False) -> Json:
    properties = {name: _taken(entity.model._meta.get_field(name)) for name in names}
    for child in entity.children if rows else ():
        properties[accessor(child, entity.model)] = _rows_taken(child)
    if note:
        properties[writing.NOTE] = {"type": "string", "description": _("Why; it is kept in the history.")}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _rows_taken(child: Child) -> Json:
    fields: list[Any] = [child.model._meta.get_field(name) for name in child.fields]
    needed = [f.name for f in fields if not f.blank and not f.has_default()]
    row = {"type": "object", "properties": {f.name: _taken(f) for f in fields}, "additionalProperties": False}
    return {
        "title": str(child.label),
        "type": "array",
        "maxItems": child.max,
        "items": {**row, **({"required": needed} if needed else {})},
    }


def _rows_given_out(child: Child) -> Json:
    fields: list[Any] = [child.model._meta.get_field(name) for name in child.fields]
    kinds = {True: Kind.ONE, False: Kind.PLAIN}
    shown = {
        f.name: _given_out(records.Item(f.name, kinds[isinstance(f, models.ForeignKey)], f)) for f in fields
    }
    row = {"type": "object", "properties": shown, "required": list(shown)}
    return {"title": str(child.label), "type": "array", "items": row}


def _given_out(item: records.Item) -> Json:
    if item.kind == Kind.ROWS:
        return _rows_given_out(item.source)
    if item.kind == Kind.COMPUTED:
        return {
            "type": ["string", "number", "boolean", "null"],
            "title": str(item.source.label),
            "readOnly": True,
        }
    words = _words(item.source)
    if isinstance(item.source, models.FileField):
        return {**words, "anyOf": [_file("sha256"), {"type": "null"}]}
    if item.kind == Kind.MANY:
        return {**words, "type": "array", "items": _REFERENCE}
    if item.kind == Kind.ONE:
        return {**words, **({"anyOf": [_REFERENCE, {"type": "null"}]} if item.source.null else _REFERENCE)}
    if item.kind == Kind.ANY:
        return {**words, "anyOf": [_ANY_REFERENCE, {"type": "null"}]}
    return {**words, **_typed(item.source, coming_in=False)}


def _taken(field: Any) -> Json:
    words = _words(field)
    if isinstance(field, models.FileField):
        return {**words, "anyOf": [_file("content"), {"type": "null"}]}
    if field.many_to_many:
        return {**words, "type": "array", "items": _MEANT}
    if isinstance(field, models.ForeignKey):
        return {**words, **({"anyOf": [_MEANT, {"type": "null"}]} if field.null else _MEANT)}
    if isinstance(field, AnyRecord):
        return {**words, **({"anyOf": [_ANY_MEANT, {"type": "null"}]} if field.null else _ANY_MEANT)}
    return {**words, **_typed(field, coming_in=True)}


def _file(what: str) -> Json:
    """Given out with its digest, taken with its content in Base64."""
    said = {"type": "string", "contentEncoding": "base64"} if what == "content" else {"type": "string"}
    return {
        "type": "object",
        "required": ["name", what],
        "properties": {"name": {"type": "string"}, what: said},
    }


def _words(field: Any) -> Json:
    said: Json = {"title": str(field.verbose_name)}
    if field.help_text:
        said["description"] = str(field.help_text)
    return said


def _typed(field: Any, *, coming_in: bool) -> Json:
    schema = _type(field)
    if field.choices:
        codes = [code for code, _label in field.flatchoices]
        schema["enum"] = [*codes, ""] if field.blank and "" not in codes else codes
        said = "; ".join(f"{code}: {label}" for code, label in field.flatchoices)
        schema["description"] = f"{field.help_text} {said}".strip()
    if coming_in and getattr(field, "max_length", None) and schema.get("type") == "string":
        schema["maxLength"] = field.max_length
    if field.null and "type" in schema:
        schema["type"] = [schema["type"], "null"]
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
    return schema


def _type(field: Any) -> Json:
    kinds: tuple[tuple[type[Any], Json], ...] = (
        (models.BooleanField, {"type": "boolean"}),
        (models.IntegerField, {"type": "integer"}),
        (models.FloatField, {"type": "number"}),
        (models.DecimalField, {"type": "string", "format": "decimal"}),
        (models.DateTimeField, {"type": "string", "format": "date-time"}),
        (models.DateField, {"type": "string", "format": "date"}),
        (models.UUIDField, {"type": "string", "format": "uuid"}),
        (models.EmailField, {"type": "string", "format": "email"}),
        (models.JSONField, {}),
    )
    return dict(next((schema for kind, schema in kinds if isinstance(field, kind)), {"type": "string"}))
