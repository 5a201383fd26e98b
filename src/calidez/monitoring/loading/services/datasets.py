"""Datasets: their declaration, and what their files call our units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from calidez import engine
from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.core.following import following
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.jobs import enqueue
from calidez.monitoring.models import Dataset, SatisfactionCurve
from calidez.monitoring.store import store


def create_dataset(
    *,
    code: str,
    name: str,
    unit: Any,
    schema: Any,
    by: Any,
    description: str = "",
    source: str = "",
    rows_are: str = "",
) -> Dataset:
    """A dataset with its declared columns, empty."""
    creation = catalog.of(Dataset).creation
    if creation is None:
        raise RuleBroken(_("Datasets are created by loading a file."))
    with transaction.atomic():
        dataset: Dataset = creation(
            by=by, code=code, name=name, unit=unit, description=description, source=source, rows_are=rows_are
        )
        dataset.schema = schema.to_json()
        dataset.save(update_fields=["schema"])
        if store().exists(code):
            _clear_remains(code)
        store().create(code, schema)
    return dataset


def check_dataset(dataset: Dataset, *, by: Any) -> None:
    """Nobody knows yet what will happen."""
    if dataset.complete_until is not None and dataset.complete_until > timezone.localdate():
        raise RuleBroken(
            _("A record cannot be complete until a day that is still to come."), field="complete_until"
        )


def _clear_remains(code: str) -> None:
    """A creation that was undone leaves an empty table behind; facts that nobody declared are never thrown away."""
    if store().open(code).rows():
        raise RuleBroken(
            _("The data folder already holds facts under the code %(code)s. Choose another code.")
            % {"code": code},
            field="code",
        )
    store().remove(code)


def map_branches(dataset: Dataset, names: Mapping[str, str], *, by: Any) -> None:
    """Remember which unit (by code) each name in the files means."""
    if not access.scope(by, "dataset", access.EDIT).covers(dataset.unit.path):
        raise access.refuse(access.EDIT, dataset._meta.verbose_name)
    with following(dataset, "map_branches", by=by) as mapped:
        mapped.branch_map = {**mapped.branch_map, **names}


def note_load(dataset: Dataset) -> None:
    """Keep how many rows the dataset holds and from when to when; read from the engine, never counted here."""
    note_rows(dataset, loaded_at=timezone.now())


def note_rows(dataset: Dataset, **more: Any) -> None:
    """The same where rows left, which is no load. What was drawn from the rows themselves is drawn anew."""
    held = store().open(dataset.code)
    first, last = held.period_range() or (None, None)
    Dataset.objects.filter(pk=dataset.pk).update(
        rows=held.rows(),
        first_at=happened(held.schema, first),
        last_at=happened(held.schema, last),
        **more,
    )
    for curve in SatisfactionCurve.objects.filter(indicator__dataset=dataset, computed_at__isnull=False):
        enqueue("monitoring.draw_curve", curve=curve.pk)


def happened(schema: engine.Schema, moment: dt.datetime | None) -> dt.datetime | None:
    """When a fact happened, to be shown. The engine keeps a date as midnight in UTC; here it is a day of the house,
    or people west of Greenwich would read the day before."""
    if moment is None:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    if schema.time is None or schema.time.type is not engine.ColumnType.DATE:
        return moment
    return timezone.make_aware(moment.astimezone(dt.UTC).replace(tzinfo=None))
