"""What the engine is told about one import: the file, how to read it, the columns and the names of units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from calidez import engine
from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.jobs import enqueue
from calidez.monitoring.loading.services.before import Before, before
from calidez.monitoring.measuring.definitions import sentence
from calidez.monitoring.models import Dataset, Import, Indicator
from calidez.monitoring.store import store
from calidez.people.models import Unit

# The fields of an indicator that hold expressions over its dataset.
EXPRESSIONS = ("numerator", "denominator", "value", "condition")


@dataclass(frozen=True)
class Plan:
    """`held` is None while the dataset is still to be created."""

    path: Path
    schema: Any
    held: Any
    options: Any
    reject_dir: Path
    known_branches: frozenset[str] | None
    branch_map: Mapping[str, str]
    needed: frozenset[str]
    skip_alike: bool = False
    before: Before | None = None

    @property
    def arguments(self) -> dict[str, Any]:
        return {
            "reject_dir": self.reject_dir,
            "known_branches": self.known_branches,
            "branch_map": dict(self.branch_map),
            "options": self.options,
            "needed": self.needed,
            "skip_alike": self.skip_alike,
            **(self.before.arguments(self.branch_map) if self.before else {}),
        }


def plan_of(item: Import) -> Plan:
    """The plan as confirmed so far; RuleBroken where a step is still open or the file is gone."""
    if not item.mapping.get("schema"):
        raise RuleBroken(_("First say what the columns of the file mean."))
    path = file_of(item)
    schema = engine.Schema.from_json(item.mapping["schema"])
    return Plan(
        path=path,
        schema=schema,
        held=store().open(item.dataset.code) if item.dataset else None,
        options=options_of(item),
        reject_dir=Path(settings.REJECTS_DIR) / item.uid.hex,
        known_branches=frozenset(units_below(item.unit)) if schema.branch else None,
        branch_map=item.mapping.get("branches", {}),
        needed=needed_columns(item.dataset) if item.dataset else frozenset(),
        skip_alike=bool(item.mapping.get("skip_alike")),
        before=before(item, schema),
    )


def needed_columns(dataset: Dataset) -> frozenset[str]:
    """The columns of which some indicator computes its figures: there a cell that cannot be read costs the row, since a
    share of the others would not be that of all."""
    schema = engine.Schema.from_json(dataset.schema) if dataset.schema else engine.Schema(())
    found: set[str] = set()
    indicators = Indicator.objects.filter(dataset=dataset).exclude(state=Indicator.State.RETIRED)
    for texts in indicators.values_list(*EXPRESSIONS):
        for text in filter(None, texts):
            try:
                found |= engine.columns_of(engine.parse_expression(text, schema))
            except engine.EngineError:
                continue  # what does not make sense computes nothing
    return frozenset(found)


def file_of(item: Import) -> Path:
    path = Path(item.path)
    if not path.is_file():
        raise RuleBroken(
            _("The file %(name)s is no longer on the server: load it again.") % {"name": item.file_name}
        )
    return path


def options_of(item: Import) -> Any:
    """As somebody said; the sheets as they were found, so that nobody looks through the others again."""
    options = engine.ReadOptions.from_json(item.reading.get("options", {}))
    sheets = ((item.reading.get("profile") or {}).get("found") or {}).get("sheets")
    return replace(options, sheets=tuple(sheets)) if sheets else options


def units_below(unit: Unit, *, only_active: bool = False) -> dict[str, str]:
    """Code and name of every unit that a file of `unit` may speak of."""
    found = Unit.objects.filter(path__startswith=unit.path).order_by("path")
    if only_active:
        found = found.filter(is_active=True)
    return dict(found.values_list("code", "name"))


def need_permission(item: Import, by: Any) -> None:
    """Before long work that writes nothing; the operations look again when they write."""
    entity = catalog.of(Import)
    if not access.scope(by, entity.key, access.CREATE).covers(item.unit.path):
        raise access.refuse(entity.create_label, entity.label)


def refusal(error: Any) -> RuleBroken:
    return RuleBroken(sentence(error))


def is_for_later(refused: RuleBroken) -> bool:
    """Whether a file was not read only because a page waits no longer."""
    return getattr(refused.__cause__, "code", "") in {"too_long", "reader_busy"}


def queue(item: Import, job: str, *, by: Any, **more: Any) -> Import:
    """Leave it to the worker, and let the page watch."""
    need_permission(item, by)
    with transaction.atomic():
        locked = Import.objects.select_for_update().get(pk=item.pk)
        locked.job = enqueue(job, import_id=locked.pk, by=by.pk, **more)
        locked.save(update_fields=["job"])
    return locked
