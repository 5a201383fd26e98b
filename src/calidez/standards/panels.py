"""Blocks of a standard's page: what it rests on, where another target holds, and its versions with their differences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from calidez.kit.catalog import catalog
from calidez.kit.core import cells
from calidez.kit.core.cells import Column
from calidez.kit.desk.panels import readable
from calidez.kit.platform.display import Badge, Change, Tone
from calidez.kit.platform.formats import day
from calidez.standards.demonstrated import demonstrated
from calidez.standards.models import LocalTarget, QualityDimension, Standard, StandardBasis, StandardVersion
from calidez.standards.words import shown_to_be_possible, target_sentence, target_words, unacceptable_words


def tolerance_words(standard: Standard) -> str:
    return target_words(standard.tolerance, standard.measured_in) if standard.tolerance else ""


FACTS = (
    "requirement",
    Column("target", gettext_lazy("Target"), target_sentence),
    Column("tolerance", gettext_lazy("Tolerance"), tolerance_words),
    Column("unacceptable", gettext_lazy("Unacceptable"), unacceptable_words),
    "reaction",
    "remedy",
    "commitment",
    "kind",
    "dimension",
    "frequency",
    "sampling",
    "owner",
    "unit",
    "units",
    "readers_positions",
    "readers_units",
    "document",
    "starts",
    "ends",
    "proposed_by",
)


def local_target(row: LocalTarget) -> str:
    return target_sentence(row.standard, row.target)


@dataclass(frozen=True)
class Stretch:
    figures: str
    reason: str
    plan: str
    until: dt.date | None


def stretch(standard: Standard, user: Any, request: Any) -> Stretch | None:
    """The reason and the plan for a promise above what was demonstrated."""
    if not standard.stretch_reason:
        return None
    return Stretch(
        shown_to_be_possible(demonstrated(standard), standard, asking=False),
        standard.stretch_reason,
        standard.stretch_plan,
        standard.stretch_until,
    )


@dataclass(frozen=True)
class VersionShown:
    number: int
    badge: Badge
    span: str
    target: str
    approval: str
    changes: tuple[Change, ...]
    stretch: str


def versions(standard: Standard, user: Any, request: Any) -> tuple[VersionShown, ...] | None:
    """The newest first, each with what it changed."""
    found = list(standard.versions.select_related("proposed_by", "approved_by").order_by("number"))
    if not found:
        return None
    before: Sequence[StandardVersion | None] = [None, *found[:-1]]
    shown = [_shown(one, earlier) for one, earlier in zip(found, before, strict=True)]
    return tuple(reversed(shown))


def _shown(version: StandardVersion, before: StandardVersion | None) -> VersionShown:
    stretch = ""
    if version.stretch_until is not None:
        stretch = _("More than was shown to be possible; possible by %(day)s: %(plan)s") % {
            "day": day(version.stretch_until),
            "plan": version.stretch_plan,
        }
    return VersionShown(
        number=version.number,
        badge=_badge(version),
        span=_span(version),
        target=target_sentence(version),
        approval=_approval(version),
        changes=_differences(before.promised, version.promised) if before is not None else (),
        stretch=stretch,
    )


def _badge(version: StandardVersion) -> Badge:
    today = timezone.localdate()
    if version.holds_on(today):
        return Badge(_("In force"), Tone.GOOD)
    return (
        Badge(_("Not begun yet"), Tone.NEUTRAL)
        if version.starts > today
        else Badge(pgettext("version", "Past"), Tone.QUIET)
    )


def _span(version: StandardVersion) -> str:
    values = {"first": day(version.starts), "last": day(version.ends) if version.ends else ""}
    return (_("%(first)s to %(last)s") if version.ends else _("since %(first)s")) % values


def _approval(version: StandardVersion) -> str:
    if version.approved_by is None:
        return _("Put in force before a second person was asked.")
    return _("Proposed by %(proposer)s, put in force by %(approver)s on %(day)s.") % {
        "proposer": version.proposed_by or "–",
        "approver": version.approved_by,
        "day": day(version.approved_at),
    }


def _differences(before: dict[str, Any], after: dict[str, Any]) -> tuple[Change, ...]:
    return tuple(
        Change(_label(name), _said(name, before.get(name)), _said(name, after.get(name)))
        for name in after
        if _compared(before.get(name)) != _compared(after.get(name))
    )


def _compared(value: Any) -> Any:
    """By identifier: that a unit or person is called otherwise now is no change of the promise."""
    if isinstance(value, dict) and "uid" in value:
        return value["uid"]
    if isinstance(value, dict):
        return {name: _compared(part) for name, part in value.items()}
    return [_compared(part) for part in value] if isinstance(value, list) else value


def _label(name: str) -> str:
    inside = {"basis": _("What it rests on"), "local_targets": _("Where another target holds")}
    return inside.get(name) or cells.column_label(catalog.of(Standard), name)


def _said(name: str, value: Any) -> str:
    if not value and value != 0:
        return "–"
    if name == "basis":
        kinds = dict(StandardBasis.Kind.choices)
        return "; ".join(f"{kinds.get(row['kind'], row['kind'])}: {row['reference']}" for row in value)
    if name == "local_targets":
        return "; ".join(f"{row['unit']['label']}: {target_words(row['target'], '')}" for row in value)
    if name == "dimension":
        named = QualityDimension.objects.filter(uid=value["uid"]).first()
        return str(named) if named is not None else str(value["label"])
    if isinstance(value, list):
        return "; ".join(str(one["label"]) for one in value)
    return readable(catalog.of(Standard), name, value)
