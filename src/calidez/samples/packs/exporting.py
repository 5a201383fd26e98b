"""What a unit has, as a starter pack: the way back from records to a file that another organisation can load."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext as _

from calidez import engine
from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.platform.errors import RuleBroken
from calidez.monitoring.models import Dataset, Indicator
from calidez.objectives.models import Objective
from calidez.people.models import Unit
from calidez.policy.models import ENDED_STATES, Policy
from calidez.samples.models import PackEntry
from calidez.samples.packs import writing
from calidez.samples.packs.checking import KEY
from calidez.samples.packs.format import COMMITMENT, DATASET, FORMAT, INDICATOR, OBJECTIVE, POLICY, STANDARD
from calidez.samples.packs.schemas import columns_of_schema
from calidez.standards.models import QualityDimension, Standard


def export_pack(unit: Unit, *, by: Any, key: str = "") -> str:
    """The policy, standards, indicators and objectives of this very unit as YAML, in the language they are written in.

    Figures, people, dates and states stay behind: a pack is what to begin from. `key` names the pack.
    """
    if key and not KEY.fullmatch(key):
        raise RuleBroken(_("A key has small letters, digits and _ or -, a letter first."))
    return writing.to_yaml(_Export(unit, by, key or _proper(unit.name, "pack")).values())


def _proper(text: str, otherwise: str) -> str:
    plain = slugify(text)[:60].strip("-")
    return plain if KEY.fullmatch(plain) else otherwise


class _Export:
    def __init__(self, unit: Unit, by: Any, key: str) -> None:
        self.unit, self.by, self.key = unit, by, key
        self.keys: dict[Any, str] = {}  # by the record's identifier

    def values(self) -> dict[str, Any]:
        policy = self._policy()
        indicators = list(
            self._of(Indicator).filter(state=Indicator.State.ACTIVE).select_related("dataset", "standard")
        )
        used = {indicator.dataset_id for indicator in indicators}
        here = models.Q(unit=self.unit) | models.Q(pk__in=used)
        datasets = [d for d in self._seen(Dataset).filter(here).order_by("pk") if d.schema]
        standards = list(self._of(Standard).exclude(state=Standard.State.RETIRED))
        open_ = (Objective.State.DRAFT, Objective.State.ACTIVE)
        objectives = list(self._of(Objective).filter(state__in=open_))
        commitments = list(policy.commitments.standing().order_by("place", "pk")) if policy else []
        for section, records in (
            ("policy", [policy] if policy else []),
            ("commitments", commitments),
            ("datasets", datasets),
            ("standards", standards),
            ("indicators", indicators),
            ("objectives", objectives),
        ):
            self._name(section, records)
        found: dict[str, Any] = {"pack": self.key, "format": FORMAT, "name": self.unit.name}
        if policy is not None:
            found["policy"] = self._said(policy, POLICY) | {
                "commitments": [self._said(one, COMMITMENT) for one in commitments]
            }
        found["datasets"] = [self._dataset(one) for one in datasets]
        found["standards"] = [self._standard(one) for one in standards]
        found["indicators"] = [self._said(one, INDICATOR) for one in indicators]
        found["objectives"] = [self._objective(one) for one in objectives]
        return {name: value for name, value in found.items() if value not in (None, [], "")}

    def _seen(self, model: Any) -> Any:
        return catalog.of(model).queryset(self.by, access.EXPORT)

    def _of(self, model: Any) -> Any:
        return self._seen(model).filter(unit=self.unit).order_by("pk")

    def _policy(self) -> Policy | None:
        """The one in force, else the newest that is being written."""
        found = self._of(Policy).exclude(state__in=ENDED_STATES)
        holds: Policy | None = found.filter(in_force_from__isnull=False).first()
        newest: Policy | None = found.last()
        return holds or newest

    def _name(self, section: str, records: Iterable[Any]) -> None:
        """The key that an entry had when it was loaded, else one from the record's code."""
        records = list(records)
        known = dict(
            PackEntry._default_manager.filter(
                section=section, unit=self.unit, record__in=[r.uid for r in records]
            ).values_list("record", "key")
        )
        taken: set[str] = set()
        for record in records:
            wanted = known.get(record.uid) or _key_of(section, record)
            key = next(k for k in (wanted, *(f"{wanted}_{n}" for n in range(2, 9999))) if k not in taken)
            taken.add(key)
            self.keys[record.uid] = key

    def _said(self, record: Any, items: Mapping[str, Any]) -> dict[str, Any]:
        """Every word of the format that is a field of the record and says something beyond what goes without saying."""
        said: dict[str, Any] = {"key": self.keys[record.uid]}
        for name, item in items.items():
            if name == "key" or not hasattr(record, name) or item.of:
                continue
            value = getattr(record, name)
            if item.to:
                value = self.keys.get(value.uid) if value is not None else None
            if value not in (None, "") and value != _default(record, name):
                said[name] = _plain(value)
        return said

    def _dataset(self, dataset: Dataset) -> dict[str, Any]:
        columns = columns_of_schema(engine.Schema.from_json(dataset.schema))
        return self._said(dataset, DATASET) | {"columns": [writing.Inline(one) for one in columns]}

    def _standard(self, standard: Standard) -> dict[str, Any]:
        said = self._said(standard, STANDARD) | {"measured_in": standard.measured_in}
        if standard.dimension is not None:
            own = standard.dimension.family == QualityDimension.Family.OWN
            said["dimension"] = standard.dimension.name if own else standard.dimension.key
        if standard.case_limit is not None:
            case = {
                "limit": _plain(standard.case_limit),
                "direction": standard.case_direction,
                "measured_in": standard.case_measured_in,
            }
            said["case"] = writing.Inline(case)
        rows = [
            {name: getattr(row, name) for name in ("kind", "reference", "explanation") if getattr(row, name)}
            for row in standard.basis.order_by("pk")
        ]
        if rows:
            said["basis"] = rows
        return {name: said[name] for name in STANDARD if name in said}

    def _objective(self, objective: Objective) -> dict[str, Any]:
        said = self._said(objective, OBJECTIVE)
        if objective.starts and objective.due:
            months = (objective.due.year - objective.starts.year) * 12
            said["months"] = max(1, months + objective.due.month - objective.starts.month)
        return {name: said[name] for name in OBJECTIVE if name in said}


def _key_of(section: str, record: Any) -> str:
    if section == "datasets":
        return str(record.code)
    if section == "policy":
        return "policy"
    return _proper(record.code, section)


def _default(record: Any, name: str) -> Any:
    """Only what is empty or zero by itself goes without saying; a choice is always said."""
    field = record._meta.get_field(name)
    default = field.get_default() if field.has_default() else None
    return default if default in (0, 1) and not field.choices else None


def _plain(value: Any) -> Any:
    """A whole number is written as one; a choice as its word."""
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    return re.sub(r"\r\n?", "\n", str(value)) if isinstance(value, str) else value
