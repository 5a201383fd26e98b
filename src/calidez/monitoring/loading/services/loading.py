"""The load itself: one batch that comes in whole, is noted once even if the worker dies, and is measured afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez import engine
from calidez.kit.core import access
from calidez.kit.core.following import following
from calidez.kit.core.operations import operation, unless
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.jobs import describe, enqueue, report_progress
from calidez.monitoring.loading.services.checking import left_out_of, remember_branches
from calidez.monitoring.loading.services.datasets import create_dataset, note_load
from calidez.monitoring.loading.services.failing import note_failure
from calidez.monitoring.loading.services.keeping import keep_file
from calidez.monitoring.loading.services.plans import Plan, plan_of, refusal
from calidez.monitoring.loading.services.uploads import forget_file
from calidez.monitoring.measuring.services.measuring import measure
from calidez.monitoring.models import Dataset, Import, Indicator

State = Import.State
STEPS_SHOWN = 1000


def may_start(item: Import) -> bool:
    """Also where a load ended without a word, as when its worker was killed too often."""
    if item.state != State.LOADING:
        return True
    status = describe(item.job) if item.job else None
    return status is None or status.over


@operation(
    Import,
    label=gettext_lazy("Load"),
    verb=access.CREATE,
    source=[State.CHECKED, State.FAILED, State.LOADING],
    target=State.LOADING,
    blocked=unless(may_start),
)
def start_load(item: Import, *, by: Any, background: bool = True) -> None:
    """Make the dataset where it is new, and leave the rest to the worker."""
    if not item.report.get("rows_loaded") and not item.report.get("already_loaded"):
        raise RuleBroken(
            _("No row of this file would be loaded: mend the file or the columns, and check again.")
        )
    if item.dataset is None:
        item.dataset = _new_dataset(item, by)
    remember_branches(item, by=by)
    item.report = {name: value for name, value in item.report.items() if name != "error"}
    item.job = None
    if background:
        item.job = enqueue("monitoring.load_import", import_id=item.pk, by=by.pk)


def _new_dataset(item: Import, by: Any) -> Dataset:
    schema = engine.Schema.from_json(item.mapping["schema"])
    code, name = item.mapping["code"], item.mapping["name"]
    if Dataset.objects.filter(code=code).exists():
        raise RuleBroken(
            _(
                "Meanwhile somebody created a dataset with the code %(code)s. Go back to the columns and choose it, or another code."
            )
            % {"code": code}
        )
    try:
        return create_dataset(
            code=code,
            name=name,
            unit=item.unit,
            schema=schema,
            by=by,
            description=item.mapping.get("description", ""),
            source=item.mapping.get("source", ""),
        )
    except engine.EngineError as error:
        raise refusal(error) from error


def run_load(item: Import, *, by: Any, progress: Callable[[Any], None] | None = None) -> Import:
    """Load what was confirmed. Run again after a kill it finds the batch that came in, and only notes it."""
    if item.state != State.LOADING:
        return item
    try:
        plan = plan_of(item)
        report = _loaded(item, plan, progress)
    except engine.EngineError as error:
        note_failure(item, error, by)
        raise refusal(error) from error
    except RuleBroken as refused:
        note_failure(item, refused, by)
        raise
    return _note_success(item, report, by, left_out_of(plan), keep_file(item))


def _loaded(item: Import, plan: Plan, progress: Callable[[Any], None] | None) -> Any:
    report = engine.load_file(
        plan.held,
        plan.path,
        plan.schema,
        batch_label=item.code,
        progress=progress,
        stage=engine.stage_apart,
        **plan.arguments,
    )
    return _as_counted_before(item, report, plan.held) if report.already_loaded else report


def _as_counted_before(item: Import, report: Any, held: Any) -> Any:
    """A batch of our own that a killed worker committed: what was checked before it is what came in."""
    batch = next((b for b in held.batches() if b.id == report.batch), None)
    if batch is None or batch.label != item.code:
        return report
    checked = engine.LoadReport.from_json(item.report)
    if checked.batch != report.batch or checked.rows_loaded != batch.rows:
        span = (batch.time_from, batch.time_to)
        checked = replace(
            report,
            rows_read=batch.rows,
            rows_loaded=batch.rows,
            time_from=span[0],
            time_to=span[1],
            touched=_whole(span),
        )
    return replace(checked, already_loaded=False, dry_run=False)


def _whole(span: tuple[dt.datetime | None, dt.datetime | None]) -> tuple[Any, ...]:
    first, last = span
    return (engine.Interval(first, last + dt.timedelta(days=1)),) if first and last else ()


def _note_success(item: Import, report: Any, by: Any, left_out: dict[str, Any], kept: str) -> Import:
    """In one transaction with the order to measure, so that no load stays unmeasured."""
    with transaction.atomic():
        locked = Import.objects.select_for_update().get(pk=item.pk)
        if locked.state != State.LOADING or locked.dataset is None:
            return locked
        arrived = locked.path
        with following(locked, "loaded", by=by) as done:
            done.state = State.LOADED
            done.loaded_at = timezone.now()
            done.report = {**report.to_json(), "sample": item.report.get("sample", []), **left_out}
            done.reject_file = str(report.reject_file or "")
            done.path = kept
        note_load(locked.dataset)
        done.refresh_from_db(fields=["dataset"])
        if report.rows_loaded:
            enqueue("monitoring.measure_import", import_id=done.pk)
        if arrived != kept:
            transaction.on_commit(lambda: forget_file(arrived))
    return done


def show_progress(progress: Any) -> None:
    """The engine's steps for the bar of whoever waits."""
    report_progress(int(progress.done * STEPS_SHOWN), STEPS_SHOWN, step_name(progress.step))


def step_name(step: str) -> str:
    names = {
        "waiting": _("Waiting for another load into this dataset"),
        "reading": _("Reading the file"),
        "checking": _("Checking the rows"),
        "writing": _("Checking and writing the rows"),
        "comparing": _("Looking for rows that came before"),
        "rejecting": _("Writing down the rows that cannot be loaded"),
        "committing": _("Adding the rows to the dataset"),
        "done": _("Done"),
    }
    return names.get(step, "")


def measure_loaded(item: Import) -> int:
    """Measure the indicators of the dataset, only in the periods in which rows came in."""
    report = engine.LoadReport.from_json(item.report)
    indicators = Indicator.objects.filter(dataset=item.dataset, state=Indicator.State.ACTIVE)
    return measure(indicators.select_related("dataset"), loads=[report])
