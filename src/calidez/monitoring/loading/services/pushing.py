"""Facts that another program sends: taken in and understood at once, checked and loaded in the background."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from calidez import engine
from calidez.engine.arrow_copy import copy_stream
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.jobs import enqueue
from calidez.monitoring.loading.services import mapping as mappings
from calidez.monitoring.loading.services.before import loads_of
from calidez.monitoring.loading.services.checking import check, recognised
from calidez.monitoring.loading.services.columns import schema_for_existing
from calidez.monitoring.loading.services.failing import note_failure
from calidez.monitoring.loading.services.given import name_units
from calidez.monitoring.loading.services.loading import run_load, show_progress, start_load
from calidez.monitoring.loading.services.plans import file_of, is_for_later, refusal
from calidez.monitoring.loading.services.reading import confirm_reading, look, look_kept
from calidez.monitoring.loading.services.uploads import Received, begin, forget_file, too_large
from calidez.monitoring.models import Dataset, Import

State = Import.State
BEFORE = (State.UPLOADED, State.CHECKED, State.FAILED)
GONE = (State.FAILED, State.DISCARDED, State.TAKING_BACK, State.TAKEN_BACK)


@dataclass(frozen=True)
class Pushed:
    """`again` where the very same content is loaded or on its way already: then nothing was done."""

    item: Import
    again: bool


def already_pushed(dataset: Dataset, sha256: str) -> Import | None:
    """The import that brought the same bytes; one that failed, was discarded or taken back does not count."""
    same = Import.objects.filter(dataset=dataset, sha256=sha256)
    return same.exclude(state__in=GONE).order_by("-created_at").first()


def push(
    dataset: Dataset, received: Received, *, by: Any, mapping: engine.MappingFile | None = None
) -> Pushed:
    """Understand the file as the dataset's columns say, or as a mapping that came along, and leave the rest to the worker.

    What cannot be understood is refused here and leaves nothing behind, unless finding out takes so long that it is
    left to the worker too; a row that cannot be loaded is not refused: the report says which, as for every file.
    """
    if dataset.state == Dataset.State.REMOVED:
        forget_file(received.path)
        raise RuleBroken(_("The dataset %(name)s was removed.") % {"name": dataset})
    before = already_pushed(dataset, received.sha256)
    if before is not None and not _may_add(dataset, received.sha256):
        forget_file(received.path)
        return Pushed(before, again=True)
    try:
        # Before the transaction: nobody else's write waits until the file is read.
        profile = _looked_at_once(received, mapping)
        with transaction.atomic():
            item: Import = begin(
                by=by,
                file_name=received.name,
                path=str(received.path),
                size=received.size,
                sha256=received.sha256,
                unit=dataset.unit,
                dataset=dataset,
            )
            if mapping is not None:
                item.reading = {"given": mapping.to_json()}
                item.save(update_fields=["reading"])
            if profile is not None:
                item = _understand(item, dataset, profile, by)
            item.job = enqueue("monitoring.take_in", import_id=item.pk, by=by.pk)
            item.save(update_fields=["job"])
    except BaseException:
        forget_file(received.path)
        raise
    return Pushed(item, again=False)


def _may_add(dataset: Dataset, sha256: str) -> bool:
    """Whether units are known by now that were not when the same content was loaded."""
    newest = loads_of(dataset, sha256).first()
    return newest is not None and bool(recognised(newest, newest.report.get("unknown_branches") or ()))


def _looked_at_once(received: Received, given: engine.MappingFile | None) -> Any:
    """What is in the file; None where finding out takes longer than the program may be kept waiting."""
    try:
        return look(received.path, _options(given), limits=engine.LOOKING_AT_ONCE)
    except RuleBroken as refused:
        if is_for_later(refused):
            return None
        raise


def _understand(item: Import, dataset: Dataset, profile: Any, by: Any) -> Import:
    given = _given(item)
    item = confirm_reading(look_kept(item, by=by, profile=profile, options=_options(given)), by=by)
    schema = _schema(dataset, item, by) if given is None else given.schema
    understood: Import = mappings.confirm_mapping(
        item, by=by, schema=schema, dataset=dataset, code=dataset.code
    )
    return understood if given is None else name_units(understood, given.units, by=by)


def _given(item: Import) -> engine.MappingFile | None:
    """The mapping that came along with the facts."""
    kept = item.reading.get("given")
    return engine.MappingFile.from_json(kept) if kept else None


def _options(given: engine.MappingFile | None) -> dict[str, Any] | None:
    return None if given is None else given.options.to_json()


def check_and_load(item: Import, *, by: Any, progress: Callable[[Any], None] | None = None) -> Import:
    """The worker's part. Content whose rows are all known ends checked: there was nothing to add."""
    progress = progress or show_progress
    if item.state in BEFORE:
        try:
            if not item.mapping.get("schema") and item.dataset is not None:
                profile = look(file_of(item), _options(_given(item)))
                with transaction.atomic():  # the mapping that came along is there until it is followed
                    item = _understand(item, item.dataset, profile, by)
            item = check(item, by=by, progress=progress)
            if _nothing_new(item):
                return item
            item = start_load(item, by=by, background=False)
        except RuleBroken as refused:
            note_failure(item, refused, by)
            raise
    return run_load(item, by=by, progress=progress)


def from_arrow(received: Received) -> Received:
    """An Arrow stream as Parquet."""
    target = received.path.with_suffix(".parquet")
    try:
        copy_stream(received.path, target, most=settings.UPLOAD_LIMIT_BYTES)
    except engine.EngineError as error:
        forget_file(received.path)
        raise (
            too_large() if error.code == "too_large" else RuleBroken(str(refusal(error)), field="file")
        ) from error
    except BaseException:
        forget_file(received.path)
        raise
    received.path.unlink()
    return Received(target.name, target, target.stat().st_size, received.sha256)


def _schema(dataset: Dataset, item: Import, by: Any) -> Any:
    choices = mappings.choices_for(item, dataset, by=by)
    try:
        return schema_for_existing(dataset, choices)
    except RuleBroken as refused:
        # The page places it beside a row of its form; a program needs the column's name.
        place, _dash, _what = refused.field.partition("-")
        column = choices[int(place)].name if place.isdecimal() and int(place) < len(choices) else ""
        raise RuleBroken(
            _("Column “%(column)s”: %(sentence)s") % {"column": column, "sentence": refused}, field=column
        ) from refused


def _nothing_new(item: Import) -> bool:
    report = item.report
    known = report.get("rows_known", 0) + report.get("rows_repeated", 0)
    return bool(report.get("rows_read")) and known == report["rows_read"]
