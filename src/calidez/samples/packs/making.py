"""How each kind of entry of a pack becomes a record, through the creation that its part declares."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from calidez import engine
from calidez.kit.catalog import catalog
from calidez.kit.core.children import Row
from calidez.kit.platform.errors import RuleBroken
from calidez.monitoring.loading.services.datasets import create_dataset
from calidez.monitoring.measuring.definitions import sentence
from calidez.monitoring.models import Dataset, Indicator
from calidez.objectives.models import Objective
from calidez.people.models import Unit
from calidez.policy.models import Commitment, Policy
from calidez.samples.packs.schemas import schema_of_entry
from calidez.standards.models import QualityDimension, Standard, StandardBasis

Entry = Mapping[str, Any]


class LeftOut(Exception):
    """This entry cannot be created now; the sentence says why, and the rest is loaded."""


@dataclass(frozen=True)
class Context:
    """`made(section, key)` is the record that an entry of the same pack became; None where it was left out."""

    by: Any
    unit: Unit
    language: str
    pack: str
    made: Callable[[str, str], Any]

    def linked(self, section: str, entry: Entry, name: str) -> Any:
        return self.made(section, entry[name]) if name in entry else None


def _create(model: Any, context: Context, **values: Any) -> Any:
    creation = catalog.of(model).creation
    assert creation is not None
    return creation(by=context.by, **values)


def _given(entry: Entry, *names: str) -> dict[str, Any]:
    return {name: entry[name] for name in names if name in entry}


def _policy(entry: Entry, context: Context) -> Policy:
    made: Policy = _create(
        Policy,
        context,
        unit=context.unit,
        owner=context.by,
        language=context.language,
        **_given(entry, "title", "introduction"),
    )
    return made


def _commitment(entry: Entry, context: Context) -> Commitment:
    policy = context.linked("policy", entry, "policy")
    if policy is None:
        raise LeftOut(_("Its policy is no longer there."))
    if not policy.is_open:
        raise LeftOut(
            _("“%(policy)s” is not being written now: revise it, then load the pack again.")
            % {"policy": policy}
        )
    made: Commitment = _create(
        Commitment,
        context,
        policy=policy,
        owner=context.by,
        **_given(entry, "statement", "for_whom", "why", "remedy", "process"),
    )
    return made


def dataset_there(entry: Entry, unit: Unit) -> Dataset | None:
    """A dataset of this code that the unit can use and that holds all the columns asked for."""
    found = Dataset.objects.filter(code=entry["key"]).select_related("unit").first()
    if found is None or not found.schema or not unit.path.startswith(found.unit.path):
        return None
    held = {c.name: (c.type, c.role) for c in engine.Schema.from_json(found.schema).stored}
    asked = {c.name: (c.type, c.role) for c in schema_of_entry(entry).stored}
    return found if asked.items() <= held.items() else None


def _dataset(entry: Entry, context: Context) -> Dataset:
    try:
        return create_dataset(
            code=_free_code(entry["key"]),
            unit=context.unit,
            schema=schema_of_entry(entry),
            by=context.by,
            **_given(entry, "name", "description", "source"),
        )
    except engine.EngineError as error:
        raise RuleBroken(sentence(error), field="columns") from error


def _free_code(wanted: str) -> str:
    """Codes are the whole organisation's; a pack may be loaded in several units."""
    taken = set(Dataset.objects.filter(code__startswith=wanted).values_list("code", flat=True))
    code, number = wanted, 2
    while code in taken:
        code, number = f"{wanted[:55]}_{number}", number + 1
    return code


def _standard(entry: Entry, context: Context) -> Standard:
    case = entry.get("case", {})
    rows = [
        Row(
            {"reference": _proposal(row, context), **_given(row, "kind", "reference", "explanation")}, place=n
        )
        for n, row in enumerate(entry.get("basis", ()))
    ]
    made: Standard = _create(
        Standard,
        context,
        unit=context.unit,
        owner=context.by,
        commitment=context.linked("commitments", entry, "commitment"),
        dimension=_dimension(entry, context),
        child_rows={f"rows_{StandardBasis._meta.model_name}": rows},
        **{f"case_{name}": value for name, value in case.items()},
        **_given(entry, "title", "requirement", "kind", "direction", "target", "tolerance", "measured_in"),
        **_given(entry, "unacceptable", "reaction", "sampling", "frequency", "remedy"),
    )
    return made


def _proposal(row: Entry, context: Context) -> str:
    """A need or a capability that nobody has looked into yet is called what it is; a norm has to be named."""
    if row["kind"] == StandardBasis.Kind.NORM:
        return ""
    return _("Proposed by the starter pack “%(pack)s”; replace it with your own") % {"pack": context.pack}


def _dimension(entry: Entry, context: Context) -> QualityDimension | None:
    """A shipped dimension by its key, one of the company's own by its name; made where there is none yet."""
    said = entry.get("dimension", "")
    if not said:
        return None
    named = QualityDimension.objects.filter(key=said) | QualityDimension.objects.filter(name=said)
    return named.order_by("pk").first() or _create(QualityDimension, context, name=said)


def _indicator(entry: Entry, context: Context) -> Indicator:
    dataset = context.linked("datasets", entry, "dataset")
    if dataset is None:
        raise LeftOut(_("Its dataset is no longer there."))
    made: Indicator = _create(
        Indicator,
        context,
        unit=context.unit,
        owner=context.by,
        dataset=dataset,
        standard=context.linked("standards", entry, "standard"),
        **_given(entry, "name", "description", "measure", "numerator", "denominator", "value", "quantile"),
        **_given(entry, "condition", "segments", "period", "better", "measured_in", "multiplier"),
    )
    return made


def _objective(entry: Entry, context: Context) -> Objective:
    starts = timezone.localdate()
    dates = {"starts": starts, "due": months_after(starts, entry["months"])} if "months" in entry else {}
    made: Objective = _create(
        Objective,
        context,
        unit=context.unit,
        owner=context.by,
        commitment=context.linked("commitments", entry, "commitment"),
        indicator=context.linked("indicators", entry, "indicator"),
        **dates,
        **_given(entry, "title", "direction", "target", "measured_in", "resources", "evaluation"),
    )
    return made


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


MAKERS: Mapping[str, Callable[[Entry, Context], Any]] = {
    "policy": _policy,
    "commitments": _commitment,
    "datasets": _dataset,
    "standards": _standard,
    "indicators": _indicator,
    "objectives": _objective,
}
