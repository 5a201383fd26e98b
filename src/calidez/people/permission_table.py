"""A role's table of permissions as a model field: stored as entity → verbs, edited as a table of check boxes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from calidez.kit.core import access
from calidez.kit.desk import verbs
from calidez.people import rules

COMMON_VERBS = (access.VIEW, access.EXPORT, access.CREATE, access.EDIT)


@dataclass(frozen=True)
class Box:
    """One permission; `allowed` is None where the kind has no such verb."""

    value: str
    label: str
    allowed: bool | None


@dataclass(frozen=True)
class Line:
    label: str
    key: str
    all: Box
    common: tuple[Box, ...]
    others: tuple[Box, ...]


@dataclass(frozen=True)
class Block:
    title: str
    lines: tuple[Line, ...]


def blocks(table: rules.Table) -> tuple[Block, ...]:
    """The whole table, first the line for everything, then the kinds of record by part."""
    first = Block("", (_line(verbs.everything(), table),))
    return (first, *(Block(g.title, tuple(_line(s, table) for s in g.subjects)) for g in verbs.groups()))


class PermissionTable(models.JSONField):
    def formfield(self, **kwargs: Any) -> Any:
        return _TableField(
            label=str(self.verbose_name)[:1].upper() + str(self.verbose_name)[1:], required=True
        )

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        if not isinstance(value, Mapping) or not all(_texts(v) for v in value.values()):
            raise ValidationError(_("Give for each kind of record the list of what is allowed."))
        return rules.tidy(value)


class _Widget(forms.Widget):
    template_name = "people/permission_table.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        return {**super().get_context(name, value, attrs), "blocks": blocks(_read(value))}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return data.getlist(name) if hasattr(data, "getlist") else data.get(name, ())

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False  # no box ticked is an answer

    def id_for_label(self, id_: str) -> str:
        return ""


class _TableField(forms.Field):
    widget = _Widget

    def clean(self, value: Any) -> dict[str, list[str]]:
        return _read(value)

    def prepare_value(self, value: Any) -> Any:
        return [f"{e}:{v}" for e, v in sorted(rules.lines(value))] if isinstance(value, Mapping) else value


def _read(value: Any) -> dict[str, list[str]]:
    """The table, from its boxes' values or as it is stored."""
    if isinstance(value, Mapping):
        return rules.tidy(value)
    table: dict[str, list[str]] = {}
    for text in value or ():
        entity, _colon, verb = str(text).partition(":")
        table.setdefault(entity, []).append(verb)
    return rules.tidy(table)


def _line(subject: verbs.Subject, table: rules.Table) -> Line:
    held = table.get(subject.key, ())
    named = {v.name: v.label for v in subject.verbs}

    def box(name: str, label: str) -> Box:
        return Box(f"{subject.key}:{name}", label, name in held)

    return Line(
        subject.label,
        subject.key,
        box(access.ALL, _("All of it")),
        tuple(box(n, named[n]) if n in named else Box("", "", None) for n in COMMON_VERBS),
        tuple(box(n, label) for n, label in named.items() if n not in COMMON_VERBS),
    )


def _texts(value: Any) -> bool:
    return (
        isinstance(value, Iterable) and not isinstance(value, str) and all(isinstance(v, str) for v in value)
    )
