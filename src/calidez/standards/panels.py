"""Blocks of a standard's page: what it rests on, where another target holds, and what its versions say."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez.kit.core.cells import Column
from calidez.kit.platform.formats import day
from calidez.standards.demonstrated import demonstrated
from calidez.standards.models import LocalTarget, QualityDimension, Standard, StandardVersion
from calidez.standards.sentences import (
    shown_to_be_possible,
    target_sentence,
    tolerance_words,
    unacceptable_words,
)

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
