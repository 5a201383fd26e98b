"""The way of a file of records: taken in, rehearsed, loaded as a whole or not at all."""

from __future__ import annotations

import json
import shutil
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from calidez.kit.catalog import Entity, catalog
from calidez.kit.core import access, audit
from calidez.kit.core.values import Notation
from calidez.kit.desk.intake.matching import Matched, match
from calidez.kit.desk.intake.models import Intake
from calidez.kit.desk.intake.rows import Fate, Fault, Outcome, Rows
from calidez.kit.desk.intake.sheet import Sheet, read_sheet
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.jobs import report_progress

LIMIT_BYTES = 50 * 1024 * 1024
AT_ONCE = 100  # rows of a rehearsal between which other people's writes get their turn
SHOWN = 200  # faults and examples kept with the record; the rest lie in the file beside it
LONG_HOLD = 20_000  # rows: some ten seconds, beyond which a waiting write of somebody else may give up
State = Intake.State


def may_load(entity: Entity, user: Any) -> bool:
    """Whether this person may bring records of the kind in by file: new ones, or changes to those that exist."""
    creation, edition = entity.creation, entity.edition
    fillable = creation is not None and entity.created_in_form and (creation.fields or entity.all_fields)
    if fillable and entity.may(user, access.CREATE):
        return True
    return edition is not None and bool(edition.fields) and entity.may(user, access.EDIT)


def take_in(entity: Entity, name: str, chunks: Iterable[bytes], *, by: Any) -> Intake:
    """Keep the file until it is loaded or forgotten; refuses what is too large or cannot be a table of records."""
    if not may_load(entity, by):
        raise access.refuse(_("Load from a file"), entity.label)
    folder = Path(settings.UPLOADS_DIR) / f"records-{uuid.uuid4().hex}"
    folder.mkdir(parents=True)
    path = folder / ("records" + Path(name).suffix.lower()[:6])
    try:
        _write(path, chunks)
        sheet = read_sheet(path)
        match(entity, sheet.headings)
        return Intake.objects.create(
            entity=entity.key,
            person=by,
            file_name=Path(name).name[:200] or path.name,
            path=str(path),
            notation={"decimal": sheet.decimal, "dates": "iso"},
        )
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def read_as(intake: Intake, *, decimal: str, dates: str) -> None:
    """The person says how the file writes numbers and dates; the check starts again."""
    if decimal not in {".", ","} or dates not in {"iso", "dmy", "mdy"}:
        raise RuleBroken(_("Choose how the file writes numbers and dates from the lists."))
    if intake.state != State.CHECKED:
        raise RuleBroken(_("This file is being worked on, or is loaded already."))
    intake.notation = {"decimal": decimal, "dates": dates}
    intake.state = State.CHECKING
    intake.report = {}
    intake.save(update_fields=["notation", "state", "report"])


def rehearse(intake: Intake) -> None:
    """Work off every row and undo it again; what would happen becomes the report. Nothing else changes."""
    entity, sheet, matched = _opened(intake)
    rows = Rows(entity, matched, intake.person, Notation(**intake.notation))
    total = len(sheet.rows)
    outcomes: list[Outcome] = []
    for part in _parts(sheet.rows, total if _refers_to_itself(entity, matched) else AT_ONCE):
        with transaction.atomic():
            with audit.sealed_at_end():
                outcomes.extend(rows.work(part))
            transaction.set_rollback(True)
        report_progress(len(outcomes), total)
    _keep(intake, matched, outcomes)
    intake.state = State.CHECKED
    intake.save(update_fields=["state", "report"])


def start_loading(intake: Intake) -> None:
    """Only what was checked without a fault may be loaded."""
    if intake.state != State.CHECKED:
        raise RuleBroken(_("This file is being worked on, or is loaded already."))
    if intake.report.get("refused"):
        raise RuleBroken(_("Some rows have faults: mend the file and upload it again. Nothing was loaded."))
    intake.state = State.LOADING
    intake.save(update_fields=["state"])


def load(intake: Intake) -> None:
    """All rows in one transaction: a row that is refused after all, or a crash, leaves everything as it was."""
    entity, sheet, matched = _opened(intake)
    versions = json.loads(_beside(intake, "versions").read_text())
    rows = Rows(
        entity,
        matched,
        intake.person,
        Notation(**intake.notation),
        {int(row): version for row, version in versions.items()},
    )
    total = len(sheet.rows)
    outcomes: list[Outcome] = []
    with transaction.atomic():
        locked = Intake.objects.select_for_update().get(pk=intake.pk)
        if locked.state != State.LOADING:  # a job that was taken up again after its work was done
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
            locked.state = State.LOADED
            locked.finished_at = timezone.now()
            locked.report = intake.report | _counts(outcomes)
            locked.save(update_fields=["state", "finished_at", "report"])
    if refused:
        _keep(intake, matched, outcomes)
        intake.report["changed_meanwhile"] = True
        intake.state = State.CHECKED
        intake.save(update_fields=["state", "report"])
        return
    intake.refresh_from_db()
    _forget_file(intake)


def holds_others(rows: int) -> bool:
    """Whether others wait noticeably: SQLite has one writer, and all rows come in by one transaction."""
    return connection.vendor == "sqlite" and rows > LONG_HOLD


def fail(intake: Intake, sentence: str) -> None:
    """The work ended with a refusal; what was loaded meanwhile stays loaded."""
    working = Intake.objects.filter(pk=intake.pk, state__in=[State.CHECKING, State.LOADING])
    working.update(state=State.FAILED, report={"sentence": sentence})
    intake.refresh_from_db()


def discard(intake: Intake) -> None:
    """The person wants nothing of it; what was loaded stays loaded."""
    _forget_file(intake)
    intake.delete()


def forget(before: Any) -> int:
    """Drop files and reports older than `before`; returns how many."""
    count = 0
    for intake in Intake.objects.filter(created_at__lt=before).exclude(state=State.LOADING):
        discard(intake)
        count += 1
    return count


def faults_of(intake: Intake) -> Iterator[Fault]:
    """Every fault that the check found, in the order of the file."""
    place = _beside(intake, "faults")
    if place.is_file():
        with place.open(encoding="utf-8") as file:
            for line in file:
                yield Fault(**json.loads(line))


def _opened(intake: Intake) -> tuple[Entity, Sheet, Matched]:
    entity = catalog.by_key(intake.entity)
    if entity is None:
        raise RuleBroken(_("Records of this kind no longer exist here."))
    sheet = read_sheet(Path(intake.path))
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


def _parts(rows: list[Any], size: int) -> Iterator[list[Any]]:
    remaining = iter(rows)
    while part := list(islice(remaining, max(size, 1))):
        yield part


def _refers_to_itself(entity: Entity, matched: Matched) -> bool:
    """Rows may speak of earlier ones, as units of their parents: then the rehearsal must see them all together."""
    fields = (entity.model._meta.get_field(name) for name in matched.places)
    return any(field.is_relation and field.related_model is entity.model for field in fields)


def _counts(outcomes: Iterable[Outcome]) -> dict[str, int]:
    found = Counter(outcome.fate for outcome in outcomes)
    return {fate.value: found[fate] for fate in Fate}


def _keep(intake: Intake, matched: Matched, outcomes: list[Outcome]) -> None:
    faults = [fault for outcome in outcomes for fault in outcome.faults]
    with _beside(intake, "faults").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(asdict(fault), ensure_ascii=False) + "\n" for fault in faults)
    versions = {o.row: o.version for o in outcomes if o.version is not None}
    _beside(intake, "versions").write_text(json.dumps(versions))
    intake.report = _counts(outcomes) | {
        "rows": len(outcomes),
        "unknown": list(matched.unknown),
        "columns": list(matched.places),
        "faults": len(faults),
        "first": [asdict(fault) for fault in faults[:SHOWN]],
        "examples": [_example(o) for o in outcomes if o.fate in {Fate.NEW, Fate.CHANGED}][:20],
    }


def _example(outcome: Outcome) -> Mapping[str, Any]:
    return {
        "row": outcome.row,
        "fate": outcome.fate,
        "label": outcome.label,
        "changes": list(outcome.changes),
    }


def _beside(intake: Intake, name: str) -> Path:
    return Path(intake.path).with_name(name)


def _forget_file(intake: Intake) -> None:
    folder = Path(intake.path).parent
    if folder.parent == Path(settings.UPLOADS_DIR):
        shutil.rmtree(folder, ignore_errors=True)
