"""Taking a load back: its rows leave the dataset as a batch left, and every figure is as if they had never come."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from calidez import engine
from calidez.kit.core import access
from calidez.kit.core.following import following
from calidez.kit.core.operations import NotOffered, operation, transition
from calidez.kit.platform.formats import day, number
from calidez.kit.platform.jobs import describe, enqueue
from calidez.monitoring.loading.services.before import added_later
from calidez.monitoring.loading.services.datasets import happened, note_rows
from calidez.monitoring.loading.services.discarding import forget_rejects
from calidez.monitoring.loading.services.plans import refusal
from calidez.monitoring.loading.services.uploads import forget_file
from calidez.monitoring.measuring.definitions import definition_of
from calidez.monitoring.measuring.services.days import touched_periods
from calidez.monitoring.models import Import, Indicator, Measurement
from calidez.monitoring.store import store

State = Import.State
NAMED = 5


def cannot_take_back(item: Import, by: Any) -> Any:
    """Only a load that brought rows, by who keeps the dataset; again where its work ended without a word."""
    if item.dataset is None or not _rows_of(item):
        return NotOffered()
    if by is not None and not access.scope(by, "dataset", access.EDIT).covers(item.dataset.unit.path):
        return NotOffered(_("Only who may edit the dataset takes a load back."))
    if item.state == State.TAKING_BACK:
        status = describe(item.job) if item.job else None
        return None if status is None or status.over else NotOffered()
    if (later := added_later(item)) is not None:
        return _(
            "%(later)s added what it had left out. Take that load back first: else the file could not be loaded again without counting rows twice."
        ) % {"later": later}
    return None


def what_it_changes(item: Import) -> str:
    """Rows, days and points that go, for whoever is about to take the load back."""
    return " ".join(_told(item))


@transition(
    Import,
    source=[State.LOADED, State.TAKING_BACK],
    target=State.TAKING_BACK,
    label=gettext_lazy("Take this load back"),
    verb=access.CREATE,
    note=True,
    icon="arrow-back-up",
    blocked=cannot_take_back,
    help=what_it_changes,
    bulk=False,
    grave=True,
)
def take_back(item: Import, *, by: Any, background: bool = True) -> None:
    """Leave it to the worker: another load into the dataset may have to end first."""
    item.report = {name: value for name, value in item.report.items() if name != "error"}
    item.job = enqueue("monitoring.take_back_import", import_id=item.pk, by=by.pk) if background else None


def run_taking_back(item: Import, *, by: Any) -> Import:
    """Remove the rows, then note it. Run again after a kill it finds them gone, and only notes it."""
    if item.state != State.TAKING_BACK:
        return item
    try:
        _remove(item)
    except engine.EngineError as error:
        _note_failure(item, error, by)
        raise refusal(error) from error
    return _note_taken_back(item, by)


@operation(
    Import,
    label=gettext_lazy("Do not propose this reading again"),
    verb=access.CREATE,
    source=[State.LOADED],
    icon="x",
    blocked=lambda item, by: None if item.remembered else NotOffered(),
    help=gettext_lazy(
        "The next file with the same headings is proposed as the file itself looks. What was loaded stays."
    ),
)
def forget_reading(item: Import, *, by: Any) -> None:
    item.remembered = False


def _rows_of(item: Import) -> int:
    """How many rows are there by this load: none where their content had come before."""
    return 0 if item.report.get("already_loaded") else int(item.report.get("rows_loaded") or 0)


def _remove(item: Import) -> None:
    """The same content may have been loaded again meanwhile: only the batch that bears this import's code goes."""
    assert item.dataset is not None
    held, wanted = store().open(item.dataset.code), item.report["batch"]
    if any(batch.id == wanted and batch.label == item.code for batch in held.batches()):
        held.remove_batch(wanted)


def _note_failure(item: Import, error: engine.EngineError, by: Any) -> None:
    params = {name: str(value) for name, value in error.params.items()}
    with following(item, "not_taken_back", by=by, note=str(error)) as failed:
        failed.state = State.LOADED
        failed.report = {**failed.report, "error": {"code": error.code, "params": params, "text": str(error)}}


def _note_taken_back(item: Import, by: Any) -> Import:
    """In one transaction with the order to measure, so that no figure keeps what is gone."""
    with transaction.atomic():
        locked = Import.objects.select_for_update().get(pk=item.pk)
        if locked.state != State.TAKING_BACK or locked.dataset is None:
            return locked
        with following(locked, "taken_back", by=by) as done:
            done.state = State.TAKEN_BACK
            done.taken_back_at = timezone.now()
            done.reject_file = ""
            path, done.path = done.path, ""
            done.report = {**done.report, "emptied_file": None}
        transaction.on_commit(lambda: forget_file(path))
        note_rows(locked.dataset)
        enqueue("monitoring.measure_import", import_id=done.pk)
        forget_rejects(done)
    return done


# What it changes, in words


def _told(item: Import) -> Iterator[str]:
    assert item.dataset is not None
    report = engine.LoadReport.from_json(item.report)
    schema = engine.Schema.from_json(item.dataset.schema)
    rows = _rows_of(item)
    first, last = happened(schema, report.time_from), happened(schema, report.time_to)
    given = {"rows": number(rows), "dataset": item.dataset}
    yield (
        ngettext("One row leaves “%(dataset)s”.", "%(rows)s rows leave “%(dataset)s”.", rows) % given
        if first is None or last is None
        else ngettext(
            "One row leaves “%(dataset)s”, of %(first)s.",
            "%(rows)s rows leave “%(dataset)s”, from %(first)s to %(last)s.",
            rows,
        )
        % {**given, "first": day(first), "last": day(last)}
    )
    yield from _indicators_told(item, report, schema)
    if left := _left_out_later(item):
        yield (
            ngettext(
                "One row of a later file was left out because the dataset already held it; if it came by this load, load that file again afterwards.",
                "%(rows)s rows of later files were left out because the dataset already held them; if they came by this load, load those files again afterwards.",
                left,
            )
            % {"rows": number(left)}
        )
    yield _("The file may be loaded again afterwards, read otherwise. That it was here stays in the history.")


def _indicators_told(item: Import, report: engine.LoadReport, schema: engine.Schema) -> Iterator[str]:
    found = [
        (indicator, _points(indicator, report, schema))
        for indicator in Indicator.objects.filter(
            dataset=item.dataset, state=Indicator.State.ACTIVE
        ).select_related("dataset", "unit")
    ]
    if not found:
        yield _("No indicator counts them.")
        return
    words = [
        ngettext("%(indicator)s (one period)", "%(indicator)s (%(count)s periods)", points)
        % {"indicator": indicator, "count": number(points)}
        for indicator, points in found[:NAMED]
    ]
    if len(found) > NAMED:
        words.append(_("%(count)s more") % {"count": number(len(found) - NAMED)})
    yield _("These indicators are computed again: %(indicators)s.") % {"indicators": ", ".join(words)}


def _points(indicator: Indicator, report: engine.LoadReport, schema: engine.Schema) -> int:
    """In how many periods of the unit's own chart there are rows of this load."""
    touched = touched_periods(definition_of(indicator), [report], schema)
    return Measurement.objects.filter(
        version__indicator=indicator,
        version__current=True,
        unit=indicator.unit,
        segment="",
        period_start__in=touched,
    ).count()


def _left_out_later(item: Import) -> int:
    later = Import.objects.filter(
        dataset=item.dataset, state=State.LOADED, loaded_at__gt=item.loaded_at or item.created_at
    )
    return sum(int(report.get("rows_known") or 0) for report in later.values_list("report", flat=True))
