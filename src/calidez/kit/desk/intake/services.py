"""The way of a file of records: taken in, rehearsed, loaded as a whole or not at all."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from calidez.kit.catalog import Entity, catalog
from calidez.kit.core import access, audit
from calidez.kit.core.values import Notation
from calidez.kit.desk.intake.matching import Matched, match
from calidez.kit.desk.intake.rows import Fate, Outcome, Rows
from calidez.kit.desk.intake.sheet import Sheet, read_sheet
from calidez.kit.desk.runs import services as runs
from calidez.kit.desk.runs.models import Run, RunOutcome
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.jobs import report_progress

CHECK, LOAD = "check", "load"
LIMIT_BYTES = 50 * 1024 * 1024
AT_ONCE = 100  # rows of a rehearsal between which other people's writes get their turn
FAULTS_AT_ONCE = 1000  # written to the report together
KEPT = dt.timedelta(days=7)
LONG_HOLD = 20_000  # rows: some ten seconds, beyond which a waiting write of somebody else may give up
State = Run.State


def may_load(entity: Entity, user: Any) -> bool:
    """Whether this person may bring records of the kind in by file: new ones, or changes to those that exist."""
    creation, edition = entity.creation, entity.edition
    fillable = creation is not None and entity.created_in_form and (creation.fields or entity.all_fields)
    if fillable and entity.may(user, access.CREATE):
        return True
    return edition is not None and bool(edition.fields) and entity.may(user, access.EDIT)


def take_in(entity: Entity, name: str, chunks: Iterable[bytes], *, by: Any) -> Run:
    """Keep the file until it is loaded or forgotten; refuses what is too large or cannot be a table of records."""
    if not may_load(entity, by):
        raise access.refuse(_("Load from a file"), entity.label)
    uid, ending = uuid.uuid4(), Path(name).suffix.lower()[:6]
    folder = runs.folder_of(uid)
    folder.mkdir(parents=True)
    path = folder / ("file" + ending)
    try:
        _write(path, chunks)
        file_name = Path(name).stem[:190] + ending
        sheet = read_sheet(path, file_name)
        match(entity, sheet.headings)
        notation = {"decimal": sheet.decimal, "dates": "iso"}
        return runs.ask(CHECK, entity, by=by, keep=KEPT, asked=notation, file_name=file_name, uid=uid)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def read_as(run: Run, *, decimal: str, dates: str) -> None:
    """The person says how the file writes numbers and dates; the check starts again."""
    if decimal not in {".", ","} or dates not in {"iso", "dmy", "mdy"}:
        raise RuleBroken(_("Choose how the file writes numbers and dates from the lists."))
    runs.go_on(run, CHECK, asked={"decimal": decimal, "dates": dates}, report={})


def rehearse(run: Run) -> None:
    """Work off every row and undo it again; what would happen becomes the report. Nothing else changes."""
    entity, sheet, matched = _opened(run)
    rows = Rows(entity, matched, run.person, Notation(**run.asked))
    total = len(sheet.rows)
    outcomes: list[Outcome] = []
    for part in [sheet.rows] if _refers_to_itself(entity, matched) else _parts(sheet.rows, AT_ONCE):
        with transaction.atomic():
            with audit.sealed_at_end():
                outcomes.extend(rows.work(part))
            transaction.set_rollback(True)
        report_progress(len(outcomes), total)
    _keep(run, matched, outcomes)


def start_loading(run: Run) -> None:
    """Only what was checked without a fault may be loaded."""
    if run.report.get("refused"):
        raise RuleBroken(_("Some rows have faults: mend the file and upload it again. Nothing was loaded."))
    runs.go_on(run, LOAD)


def load(run: Run) -> None:
    """All rows in one transaction: a row that is refused after all, or a crash, leaves everything as it was."""
    entity, sheet, matched = _opened(run)
    versions = json.loads(_versions(run).read_text())
    rows = Rows(
        entity,
        matched,
        run.person,
        Notation(**run.asked),
        {int(row): version for row, version in versions.items()},
    )
    total = len(sheet.rows)
    outcomes: list[Outcome] = []
    with transaction.atomic():
        locked = Run.objects.select_for_update().get(pk=run.pk)
        if (locked.state, locked.work) != (State.RUNNING, LOAD):  # taken up again after the work was done
            run.refresh_from_db()
            return
        with audit.sealed_at_end():
            for outcome in rows.work(sheet.rows):
                outcomes.append(outcome)
                if len(outcomes) % AT_ONCE == 0:
                    report_progress(len(outcomes), total)
        refused = any(outcome.fate == Fate.REFUSED for outcome in outcomes)
        if refused:
            transaction.set_rollback(True)
        else:
            runs.finish(run, _counts(outcomes))
    if refused:
        _keep(run, matched, outcomes, changed_meanwhile=True)
    else:
        runs.drop_files(run)


def holds_others(rows: int) -> bool:
    """Whether others wait noticeably: SQLite has one writer, and all rows come in by one transaction."""
    return connection.vendor == "sqlite" and rows > LONG_HOLD


def _opened(run: Run) -> tuple[Entity, Sheet, Matched]:
    entity = catalog.by_key(run.kind)
    if entity is None:
        raise RuleBroken(_("Records of this kind no longer exist here."))
    sheet = read_sheet(runs.file_of(run), run.file_name)
    return entity, sheet, match(entity, sheet.headings)


def _write(path: Path, chunks: Iterable[bytes]) -> None:
    size = 0
    with path.open("xb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > LIMIT_BYTES:
                raise RuleBroken(
                    _("The file is larger than %(limit)s MB: split it.") % {"limit": LIMIT_BYTES >> 20},
                    field="file",
                )
            file.write(chunk)


def _parts(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    remaining = iter(rows)
    while part := list(islice(remaining, size)):
        yield part


def _refers_to_itself(entity: Entity, matched: Matched) -> bool:
    """Rows may speak of earlier ones, as units of their parents: then the rehearsal must see them all together."""
    fields = (entity.model._meta.get_field(name) for name in matched.places)
    return any(field.is_relation and field.related_model is entity.model for field in fields)


def _counts(outcomes: Iterable[Outcome]) -> dict[str, int]:
    found = Counter(outcome.fate for outcome in outcomes)
    return {fate.value: found[fate] for fate in Fate}


def _keep(run: Run, matched: Matched, outcomes: list[Outcome], **more: Any) -> None:
    """What a check found, or a loading that came to nothing; now the person decides."""
    faults = [fault for outcome in outcomes for fault in outcome.faults]
    run.outcomes.all().delete()
    for number, part in enumerate(_parts(faults, FAULTS_AT_ONCE)):
        RunOutcome.objects.bulk_create(
            RunOutcome(
                run=run,
                position=number * FAULTS_AT_ONCE + place,
                row=fault.row,
                column=fault.column,
                value=fault.value,
                sentence=fault.sentence,
            )
            for place, fault in enumerate(part)
        )
    versions = {o.row: o.version for o in outcomes if o.version is not None}
    _versions(run).write_text(json.dumps(versions))
    found = {
        "rows": len(outcomes),
        "unknown": list(matched.unknown),
        "columns": list(matched.places),
        "faults": len(faults),
        "examples": [_example(o) for o in outcomes if o.fate in {Fate.NEW, Fate.CHANGED}][:20],
    }
    runs.finish(run, {**_counts(outcomes), **found, **more}, state=State.WAITING)


def _example(outcome: Outcome) -> Mapping[str, Any]:
    return {
        "row": outcome.row,
        "fate": outcome.fate,
        "label": outcome.label,
        "changes": list(outcome.changes),
    }


def _versions(run: Run) -> Path:
    """Of each record that a row changes, the version that the check saw: too many to stand in the report."""
    return runs.folder_of(run.uid) / "versions"
