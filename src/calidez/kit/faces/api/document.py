"""The OpenAPI description of every kind of record, told from its declaration in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from calidez.kit.catalog import Entity, catalog
from calidez.kit.core import cells
from calidez.kit.core.any_record import AnyRecord
from calidez.kit.faces.api import editions, extend, listing, writing
from calidez.kit.faces.api.schemas import (
    change_schema,
    common_schemas,
    creation_schema,
    record_schema,
    step_schema,
)

Json = dict[str, Any]
_HISTORY: Json = {"$ref": "#/components/schemas/History"}


def complete(described: Json) -> Json:
    """Add the kinds of record to what the declared endpoints describe of themselves."""
    schemas, paths = described["components"].setdefault("schemas", {}), described["paths"]
    root = "/api/v1"
    schemas.update(common_schemas())
    tags = []
    for entity in catalog:
        tags.append({"name": entity.slug, "description": str(entity.help) or entity.label_plural})
        own = _schemas(entity)
        if taken := schemas.keys() & own.keys():
            raise ValueError(f"two parts of the description are called {', '.join(sorted(taken))}")
        schemas.update(own)
        for path, operations in _paths(entity).items():
            paths[root + path] = {**operations, **paths.get(root + path, {})}
    described["tags"] = tags
    for operations in paths.values():
        for operation in operations.values():
            operation.setdefault("responses", {})["default"] = _problem()
    described["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    described["security"] = [{"token": []}]
    for operations in paths.values():
        for operation in operations.values():
            operation.pop("security", None)
    described["components"]["schemas"] = dict(sorted(schemas.items()))
    described["paths"] = dict(sorted(paths.items()))
    return described


def _schemas(entity: Entity) -> Json:
    name = entity.model.__name__
    found = {
        name: record_schema(entity),
        f"{name}Page": {
            "type": "object",
            "required": ["items", "next"],
            "properties": {
                "items": {"type": "array", "items": _ref(name)},
                "next": {
                    "type": ["string", "null"],
                    "format": "uri-reference",
                    "description": _("The address of the records that follow; null at the end."),
                },
            },
        },
    }
    if _creatable(entity):
        special = extend.creation_of(entity)
        found[f"New{name}"] = creation_schema(entity) if special is None else _special(special, found)
    if entity.edition is not None:
        found[f"{name}Change"] = change_schema(entity)
    return found


def _special(special: extend.SpecialCreation, schemas: Json) -> Json:
    schema = special.body.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(schema.pop("$defs", {}))
    return schema


def _creatable(entity: Entity) -> bool:
    return extend.creation_of(entity) is not None or bool(writing.creation_fields(entity))


def _paths(entity: Entity) -> Json:
    name, slug = entity.model.__name__, entity.slug
    plural = entity.label_plural
    paths: Json = {
        f"/{slug}": {
            "get": _operation(
                entity,
                "list",
                _("List: %(kind)s") % {"kind": plural},
                parameters=_list_parameters(entity),
                responses={"200": _json(_ref(f"{name}Page"), _("One page of the list."))},
            )
        },
        f"/{slug}/{{id}}": {
            "get": _operation(
                entity,
                "get",
                _("One record: %(kind)s") % {"kind": entity.label},
                parameters=[_id()],
                responses={"200": _one(name)},
            )
        },
        f"/{slug}/{{id}}/history": {
            "get": _operation(
                entity,
                "history",
                _("What was done to it, the newest first"),
                parameters=[_id()],
                responses={"200": _json(_HISTORY, _("The events of the audit trail."))},
            )
        },
    }
    if entity.editions is not None:
        paths[f"/{slug}/{{id}}/versions"] = {
            "get": _operation(
                entity,
                "versions",
                _("What it said, version by version, the newest first"),
                parameters=[_id(), *editions.parameters(entity)],
                responses={"200": _json(editions.schema(entity), _("Its versions."))},
            )
        }
    if _creatable(entity):
        paths[f"/{slug}"]["post"] = _create(entity, name)
    if entity.edition is not None:
        paths[f"/{slug}/{{id}}"]["patch"] = _operation(
            entity,
            "change",
            _("Change the fields that are named"),
            parameters=[_id(), _if_match(required=True)],
            requestBody=_body(_ref(f"{name}Change")),
            responses={"200": _one(name)},
        )
    for step in () if entity.log else entity.steps:
        paths[f"/{slug}/{{id}}/{step.name}"] = {
            "post": _operation(
                entity,
                step.name,
                str(step.label),
                # A function says something about the record at hand; here there is none.
                description="" if callable(step.help) else str(step.help),
                parameters=[_id(), _if_match(required=False), _key()],
                requestBody=_body(step_schema(entity, step), required=bool(step.note)),
                responses={"200": _one(name)},
            )
        }
    return paths


def _create(entity: Entity, name: str) -> Json:
    many = {
        "type": "array",
        "items": _ref(f"New{name}"),
        "minItems": 1,
        "maxItems": writing.MOST_AT_ONCE,
    }
    special = extend.creation_of(entity)
    return _operation(
        entity,
        "create",
        entity.create_label,
        description=(str(special.help) + " " if special and special.help else "")
        + _("An object makes one record; an array makes all of its records or none, unless partial is true."),
        parameters=[
            _key(),
            _query("partial", {"type": "boolean"}, _("With an array: take the records that can be taken.")),
        ],
        requestBody=_body({"anyOf": [_ref(f"New{name}"), many]}),
        responses={
            "201": {
                **_one(name, _("Created.")),
                "content": {"application/json": {"schema": {"anyOf": [_ref(name), _made(name)]}}},
            }
        },
    )


def _made(name: str) -> Json:
    return {
        "type": "object",
        "required": ["items", "errors"],
        "properties": {
            "items": {"type": "array", "items": _ref(name)},
            "errors": {"type": "array", "items": _ref("Fault")},
        },
    }


def _operation(entity: Entity, verb: str, summary: str, **parts: Any) -> Json:
    found = {
        "operationId": f"{entity.slug.replace('-', '_')}_{verb}",
        "tags": [entity.slug],
        "summary": summary,
    }
    return {**found, **{name: value for name, value in parts.items() if value}}


def _list_parameters(entity: Entity) -> list[Json]:
    found = [
        _query(
            "limit",
            {"type": "integer", "minimum": 1, "maximum": listing.LARGEST_PAGE, "default": listing.USUAL_PAGE},
        ),
        _query(
            "cursor", {"type": "string"}, _("Where to go on: it stands in the address that “next” gives.")
        ),
        _query(
            "changed_since",
            {"type": "string", "format": "date-time"},
            _("Only what was created or changed from this moment on."),
        ),
    ]
    names = listing.sortable(entity)
    if names:
        found.append(
            _query(
                "sort", {"type": "string", "enum": [*names, *(f"-{name}" for name in names)]}, _("The order.")
            )
        )
    if entity.search:
        found.append(_query("q", {"type": "string"}, _("A text that the record contains.")))
    for name in entity.narrowing:
        found += _filter(entity, name)
    return found


def _filter(entity: Entity, name: str) -> list[Json]:
    from django.db import models

    field = cells.field_of(entity.model, name)
    label = cells.column_label(entity, name)
    if isinstance(field, models.DateField):
        day = {"type": "string", "format": "date"}
        return [
            _query(f"{name}_from", day, _("%(field)s: from this day on") % {"field": label}),
            _query(f"{name}_to", day, _("%(field)s: until this day") % {"field": label}),
        ]
    if field.is_relation:
        return [_query(name, {"type": "string"}, _("%(field)s: identifier or code") % {"field": label})]
    if isinstance(field, AnyRecord):
        said = _("%(field)s: a record by its code or kind and identifier, or a kind") % {"field": label}
        return [_query(name, {"type": "string"}, said)]
    if isinstance(field, models.BooleanField):
        return [_query(name, {"type": "boolean"}, label)]
    return [_query(name, {"type": "string", "enum": [str(code) for code, _l in field.flatchoices]}, label)]


# Small parts


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _json(schema: Json, description: str) -> Json:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _one(name: str, description: str = "") -> Json:
    etag = {"schema": {"type": "string"}, "description": _("The version, to be sent back as If-Match.")}
    return {**_json(_ref(name), description or _("The record as it now stands.")), "headers": {"ETag": etag}}


def _problem() -> Json:
    return {
        "description": _("A problem, told in the caller's language."),
        "content": {"application/problem+json": {"schema": _ref("Problem")}},
    }


def _body(schema: Json, *, required: bool = True) -> Json:
    return {"required": required, "content": {"application/json": {"schema": schema}}}


def _query(name: str, schema: Json, description: str = "") -> Json:
    found = {"in": "query", "name": name, "schema": schema, "required": False}
    return {**found, "description": description} if description else found


def _id() -> Json:
    return {
        "in": "path",
        "name": "id",
        "required": True,
        "schema": {"type": "string", "minLength": 1},
        "description": _("The record's identifier (uid), or the code that people know it by."),
    }


def _if_match(*, required: bool) -> Json:
    return {
        "in": "header",
        "name": "If-Match",
        "required": required,
        "schema": {"type": "string"},
        "description": _("The version that you read, so that nobody's change is lost."),
    }


def _key() -> Json:
    return {
        "in": "header",
        "name": "Idempotency-Key",
        "required": False,
        "schema": {"type": "string", "maxLength": 200},
        "description": _(
            "A new text for each new request; the same one again within a day gives the same answer."
        ),
    }
