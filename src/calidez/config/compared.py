"""What a restore read again and compared, part by part and by the names that people know the records by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.apps import apps

from calidez.backups.restoring import Compared
from calidez.config.speech import gettext as _
from calidez.config.terminal import number
from calidez.kit.catalog import Entity, catalog
from calidez.kit.core.events import AuditEvent


def headings() -> tuple[str, ...]:
    return _("Part"), _("What"), _("How many"), _("Compared")


def rows(compared: Sequence[Compared]) -> list[tuple[str, ...]]:
    """Records by kind, datasets by code, files by folder; what people never see by a name is one line."""
    return [(part, what, number(count), _("equal")) for part, what, count in _lines(compared) if count]


def named(one: Compared) -> str:
    """For what differs: with the name that whoever looks for the reason needs."""
    entity = _kinds().get(one.name) if one.kind == "table" else None
    return f"{_capital(entity.label_plural)} ({one.name})" if entity else one.name


def _lines(compared: Sequence[Compared]) -> Iterator[tuple[str, str, int]]:
    tables = {one.name: one.rows for one in compared if one.kind == "table"}
    for label, entity in _kinds().items():
        yield _part(entity), _capital(entity.label_plural), tables.pop(label, 0)
    program = _("The program")
    yield program, _("Events of the audit trail"), tables.pop(AuditEvent._meta.label_lower, 0)
    yield program, _("Other rows: links, permissions, history, work"), sum(tables.values())
    yield from ((_("Datasets"), one.name, one.rows) for one in compared if one.kind == "dataset")
    folders = _folders()
    yield from ((_("Files"), folders[one.name], one.rows) for one in compared if one.kind == "files")


def _kinds() -> dict[str, Entity]:
    """By the name that the archive has for them; without the program's own logs."""
    return {entity.model._meta.label_lower: entity for entity in catalog.records()}


def _part(entity: Entity) -> str:
    label = entity.model._meta.app_label
    return _("Administration") if label == "kit" else str(apps.get_app_config(label).verbose_name)


def _folders() -> dict[str, str]:
    return {
        "datasets": _("Of datasets"),
        "files": _("Attached to records"),
        "uploads": _("Waiting to be loaded"),
        "rejects": _("Refused rows"),
        "runs": _("Results of long work"),
    }


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
