"""What a token may do, as people say it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from calidez.kit import access
from calidez.kit.api.callers import unit_kind
from calidez.kit.catalog import Entity, catalog
from calidez.kit.display import Option

ALL = "*"


def lines_in_words(token: Any) -> str:
    return "; ".join(
        line_in_words(line, names) for names in [_unit_names(token.lines)] for line in token.lines
    )


def line_in_words(line: dict[str, str], units: dict[str, str]) -> str:
    entity = catalog.by_key(line["entity"])
    kind = _("everything") if entity is None else entity.label_plural
    said = _("%(verb)s: %(kind)s") % {"verb": verb_words(line["verb"], entity), "kind": kind}
    if not line["unit"]:
        return said
    where = units.get(line["unit"], _("a unit that is gone"))
    return _("%(what)s, in %(unit)s and below") % {"what": said, "unit": where}


def verb_words(verb: str, entity: Entity | None = None) -> str:
    if verb == ALL:
        return _("All that its owner may do")
    known = dict(_verbs(entity))
    return known.get(verb, verb)


def kinds() -> list[Option]:
    found = [Option(e.key, e.label_plural[:1].upper() + e.label_plural[1:]) for e in catalog]
    return [Option(ALL, _("Everything")), *sorted(found, key=lambda option: option.text.casefold())]


def verbs() -> list[Option]:
    """Every verb that any kind of record knows; the same words may stand for one verb of several kinds."""
    found = {verb: text for entity in catalog for verb, text in _verbs(entity)}
    return [Option(ALL, verb_words(ALL)), *(Option(verb, text) for verb, text in found.items())]


def _verbs(entity: Entity | None) -> list[tuple[str, str]]:
    common = {
        access.VIEW: _("Read"),
        access.CREATE: _("Create"),
        access.EDIT: _("Edit"),
        access.EXPORT: _("Download"),
    }
    for step in entity.steps if entity else ():
        common.setdefault(step.verb, str(step.label))
    return list(common.items())


def _unit_names(lines: Any) -> dict[str, str]:
    kind, uids = unit_kind(), {line["unit"] for line in lines if line["unit"]}
    if kind is None or not uids:
        return {}
    return {str(unit.uid): str(unit) for unit in kind.model._default_manager.filter(uid__in=uids)}
