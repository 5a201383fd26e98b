"""What a token may do, as people say it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from calidez.kit.core import access
from calidez.kit.desk import verbs
from calidez.kit.faces.api.callers import unit_kind
from calidez.kit.platform.display import Option


def lines_in_words(token: Any) -> str:
    names = _unit_names(token.lines)
    return "; ".join(_line(line, names) for line in token.lines)


def kinds() -> list[Option]:
    """Everything, then the kinds in the order of the alphabet."""
    found = [Option(s.key, s.label) for group in verbs.groups() for s in group.subjects]
    everything = verbs.everything()
    return [Option(everything.key, everything.label), *sorted(found, key=lambda o: o.text.casefold())]


def all_verbs() -> list[Option]:
    """Every verb that any kind knows; those that all know come first."""
    subjects = (verbs.everything(), *(s for group in verbs.groups() for s in group.subjects))
    found: dict[str, str] = {}
    for subject in subjects:
        for verb in subject.verbs:
            found.setdefault(verb.name, verb.label)
    return [Option(access.ALL, _("All that I may do")), *(Option(v, t) for v, t in found.items())]


def _line(line: Mapping[str, str], units: Mapping[str, str]) -> str:
    said = verbs.words_of(line["entity"], line["verb"])
    if not line["unit"]:
        return said
    where = units.get(line["unit"], _("a unit that is gone"))
    return _("%(what)s, in %(unit)s and below") % {"what": said, "unit": where}


def _unit_names(lines: Iterable[Mapping[str, str]]) -> dict[str, str]:
    kind, uids = unit_kind(), {line["unit"] for line in lines if line["unit"]}
    if kind is None or not uids:
        return {}
    return {str(unit.uid): str(unit) for unit in kind.model._default_manager.filter(uid__in=uids)}
