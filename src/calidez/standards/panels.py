"""Blocks of a standard's page: what it rests on, where another target holds, and what its versions say."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez.kit.catalog import catalog
from calidez.kit.core import cells
from calidez.kit.core.cells import Column
from calidez.kit.platform.display import Header, Link, Row, Table
from calidez.kit.platform.formats import day
from calidez.people.models import Unit
from calidez.standards.demonstrated import demonstrated
from calidez.standards.models import QualityDimension, Standard, StandardVersion
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
    "document",
    "starts",
    "ends",
    "proposed_by",
)
READERS = ("readers_positions", "readers_units")


def basis(standard: Standard, user: Any, request: Any) -> Table | None:
    rows = tuple(
        Row("", (cells.cell(row.get_kind_display()), cells.cell(row.reference), cells.cell(row.explanation)))
        for row in standard.basis.order_by("pk")
    )
    heads = (_("It rests on"), _("Source"), _("What it says"))
    return Table(tuple(Header(head) for head in heads), rows) if rows else None


def local_targets(standard: Standard, user: Any, request: Any) -> Table | None:
    units = catalog.of(Unit)
    rows = tuple(
        Row(
            "",
            (
                cells.cell(Link(str(row.unit), units.url(row.unit))),
                cells.cell(target_sentence(standard, row.target)),
            ),
        )
        for row in standard.local_targets.filter(unit__in=units.queryset(user))
        .select_related("unit")
        .order_by("unit__path")
    )
    return Table((Header(_("Unit")), Header(_("Target"))), rows) if rows else None


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


def stretch_of(version: StandardVersion) -> str:
    if version.stretch_until is None:
        return ""
    return _("More than was shown to be possible; possible by %(day)s: %(plan)s") % {
        "day": day(version.stretch_until),
        "plan": version.stretch_plan,
    }


def dimension_named(value: dict[str, str]) -> str:
    """The shipped ones have a name in each language; a version keeps the one of whoever put it in force."""
    found = QualityDimension.objects.filter(uid=value["uid"]).first()
    return str(found) if found is not None else value["label"]
