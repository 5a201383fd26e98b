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
from calidez.kit.desk.intake.sheet import Sheet, read_at_once, read_sheet
from calidez.kit.desk.runs import services as runs
from calidez.kit.desk.runs.models import Run, RunOutcome
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.formats import number
from calidez.kit.platform.jobs import report_progress
from calidez.kit.platform.turns import for_a_turn, turn

CHECK, LOAD = "check", "load"
LIMIT_BYTES = 50 * 1024 * 1024
AT_ONCE = 100  # rows of a rehearsal, at most, between which other people's writes get their turn
FAULTS_AT_ONCE = 1000  # written to the report together
KEPT = dt.timedelta(days=7)
MOST_TOGETHER = 2_000  # rows of one transaction where nobody else can write meanwhile: some seconds
GROUP = 1_000
State = Run.State


def may_load(entity: Entity, user: Any) -> bool:
    """Whether this person may bring records of the kind in by file: new ones, or changes to those that exist."""
    creation, edition = entity.creation, entity.edition
    fillable = creation is not None and entity.created_in_form and (creation.fields or entity.all_fields)
    if fillable and entity.may(user, access.CREATE):
        return True
    return edition is not None and bool(edition.fields) and entity.may(user, access.EDIT)


def take_in(entity: Entity, name: str, chunks: Iterable[bytes], *, by: Any) -> Run:
    """Keep the file until it is loaded or forgotten; refuses what is too large or cannot be a table of records.

    A file that takes longer to read than a page may wait is refused, or not, by the check.
    """
    if not may_load(entity, by):
        raise access.refuse(_("Load from a file"), entity.label)
    uid, ending = uuid.uuid4(), Path(name).suffix.lower()[:6]
    folder = runs.folder_of(uid)
    folder.mkdir(parents=True)
    path = folder / ("file" + ending)
    try:
        _write(path, chunks)
        file_name = Path(name).stem[:190] + ending
        sheet = read_at_once(path, file_name)
        if sheet is not None:
            match(entity, sheet.headings)
        notation = {"dates": "iso", **({"decimal": sheet.decimal} if sheet is not None else {})}
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
    if "decimal" not in run.asked:  # nobody had looked into the file before
        run.asked = {**run.asked, "decimal": sheet.decimal}
        run.save(update_fields=["asked"])
    rows = Rows(entity, matched, run.person, Notation(**run.asked))
    total = len(sheet.rows)
    together = _refers_to_itself(entity, matched)
    if together and comes_in_groups(total):
        raise RuleBroken(
            _(
                "Records that refer to one another are checked together, so that at most %(most)s rows come at a time: split the file, with those first to which others refer."
            )
            % {"most": number(MOST_TOGETHER)},
            field="file",
        )
    outcomes: list[Outcome] = []
    work = rows.work(sheet.rows)
    while len(outcomes) < total:
        with turn("checking records of a file"):
            with audit.sealed_at_end():
                outcomes.extend(work if together else for_a_turn(work, most=AT_ONCE))
            transaction.set_rollback(True)
        report_progress(len(outcomes), total)
    _keep(run, matched, outcomes)


def start_loading(run: Run) -> None:
    """Only what was checked without a fault may be loaded."""
    if run.report.get("refused"):
        raise RuleBroken(_("Some rows have faults: mend the file and upload it again. Nothing was loaded."))
    runs.go_on(run, LOAD)


def load(run: Run) -> None:
    """All rows or none; very many, where the database has one writer, in groups between which others write."""
    entity, sheet, matched = _opened(run)
    versions = json.loads(_versions(run).read_text())
    rows = Rows(
        entity,
        matched,
        run.person,
        Notation(**run.asked),
        {int(row): version for row, version in versions.items()},
    )
    if comes_in_groups(len(sheet.rows)):
        _load_in_groups(run, rows, sheet)
    else:
        _load_whole(run, rows, sheet)


def comes_in_groups(rows: int) -> bool:
    """Whether nobody else could write for longer than they would wait, were all rows one transaction."""
    return connection.vendor == "sqlite" and rows > MOST_TOGETHER


def _load_whole(run: Run, rows: Rows, sheet: Sheet) -> None:
    """In one transaction: a row that is refused after all, or a crash, leaves everything as it was."""
    outcomes: list[Outcome] = []
    with turn("loading records of a file"):
        if not _still_loading(run):
            return
        with audit.sealed_at_end():
            for outcome in rows.work(sheet.rows):
                outcomes.append(outcome)
                if len(outcomes) % AT_ONCE == 0:
                    report_progress(len(outcomes), len(sheet.rows))
        refused = any(outcome.fate == Fate.REFUSED for outcome in outcomes)
        if refused:
            transaction.set_rollback(True)
        else:
            runs.finish(run, _counts(outcomes))
    if refused:
        _keep(run, rows.matched, outcomes, changed_meanwhile=True)
    else:
        runs.drop_files(run)


def _load_in_groups(run: Run, rows: Rows, sheet: Sheet) -> None:
    """Each group in one transaction, which also says how far the file has come: after a crash the next one follows.

    All rows were checked without a fault before. One that is refused after all, since somebody changed something
    meanwhile, is left out and listed.
    """
    done = int(run.report.get("came_to", 0))
    work = rows.work(islice(sheet.rows, done, None))
    while done < len(sheet.rows):
        with turn("loading records of a file"):
            if not _still_loading(run):
                return
            with audit.sealed_at_end():
                outcomes = list(for_a_turn(work, most=GROUP))
            done += len(outcomes)
            _list_faults(run, outcomes)
            so_far = Counter({fate.value: run.report.get("so_far", {}).get(fate.value, 0) for fate in Fate})
            so_far.update(outcome.fate.value for outcome in outcomes)
            run.report = {**run.report, "came_to": done, "so_far": dict(so_far)}
            run.save(update_fields=["report"])
        report_progress(done, len(sheet.rows))
    with turn("loading records of a file"):
        if _still_loading(run):
            runs.finish(run, {fate.value: run.report["so_far"].get(fate.value, 0) for fate in Fate})
    runs.drop_files(run)


def _still_loading(run: Run) -> bool:
    """Not where it was taken up again after the work was done."""
    locked = Run.objects.select_for_update().get(pk=run.pk)
    if (locked.state, locked.work) == (State.RUNNING, LOAD):
        return True
    run.refresh_from_db()
    return False


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
    run.outcomes.all().delete()
    faults = _list_faults(run, outcomes)
    versions = {o.row: o.version for o in outcomes if o.version is not None}
    _versions(run).write_text(json.dumps(versions))
    found = {
        "rows": len(outcomes),
        "unknown": list(matched.unknown),
        "columns": list(matched.places),
        "faults": faults,
        "examples": [_example(o) for o in outcomes if o.fate in {Fate.NEW, Fate.CHANGED}][:20],
    }
    runs.finish(run, {**_counts(outcomes), **found, **more}, state=State.WAITING)


def _list_faults(run: Run, outcomes: Iterable[Outcome]) -> int:
    """Behind those that are listed already; returns how many there are in all."""
    count = run.outcomes.count()
    faults = [fault for outcome in outcomes for fault in outcome.faults]
    for part in _parts(faults, FAULTS_AT_ONCE):
        RunOutcome.objects.bulk_create(
            RunOutcome(
                run=run,
                position=count + place,
                row=fault.row,
                column=fault.column,
                value=fault.value,
                sentence=fault.sentence,
            )
            for place, fault in enumerate(part)
        )
        count += len(part)
    return count


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
