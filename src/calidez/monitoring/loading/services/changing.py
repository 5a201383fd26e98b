"""Other columns for a dataset that holds rows: tried first on its kept files, then read again from them, all or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from calidez import engine
from calidez.kit.core import access
from calidez.kit.core.following import following
from calidez.kit.core.operations import NotOffered, operation
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.formats import number
from calidez.kit.platform.jobs import describe, enqueue
from calidez.monitoring.column_words import role_name, type_name
from calidez.monitoring.loading.services.columns import Choice, said_of, suggested
from calidez.monitoring.loading.services.datasets import note_rows
from calidez.monitoring.loading.services.keeping import is_kept
from calidez.monitoring.loading.services.loading import show_progress
from calidez.monitoring.loading.services.plans import needed_columns, options_of, refusal, units_below
from calidez.monitoring.loading.services.reading import profile_of
from calidez.monitoring.measuring.definitions import definition_of
from calidez.monitoring.models import Dataset, Import, Indicator
from calidez.monitoring.store import store

State = Import.State
NAMED = 5
# What a column is for matters to the engine only where it tells time or unit; the rest is said for people.
PLAIN = (engine.Role.SEGMENT, engine.Role.VALUE, engine.Role.TEXT)


@dataclass(frozen=True)
class Again:
    """A file to be read again, with the loads that came of the same content."""

    item: Import
    others: tuple[Import, ...]

    @property
    def branches(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for one in (self.item, *self.others):
            found |= one.mapping.get("branches") or {}
        return found

    @property
    def rejected(self) -> int:
        """How many of its rows are out at present: what was mended or given a unit later is in."""
        return min(int(one.report.get("rows_rejected") or 0) for one in (self.item, *self.others))


@dataclass(frozen=True)
class ColumnsNow:
    """The newest kept file, and what each of its columns is at present; those that were left out may come in."""

    item: Import
    choices: tuple[Choice, ...]
    one_day: str = ""  # of which all rows are, where no column says it

    def named(self, choices: Sequence[Choice], dataset: Dataset) -> tuple[Choice, ...]:
        """A day for all rows keeps the name that it has."""
        time = engine.Schema.from_json(dataset.schema).time
        return tuple(
            replace(choice, name=time.name) if choice.constant and time is not None else choice
            for choice in choices
        )


def columns_now(dataset: Dataset) -> ColumnsNow:
    item = next((item for item in _loads(dataset).order_by("-loaded_at") if is_kept(item)), None)
    if item is None or (profile := profile_of(item)) is None:
        raise RuleBroken(
            _(
                "No file of this dataset is kept any more, so that its columns cannot be read otherwise. Load a file again first."
            )
        )
    read_as = {c.source: c for c in engine.Schema.from_json(item.mapping["schema"]).columns}
    held = {column.name: column for column in engine.Schema.from_json(dataset.schema).stored}
    choices = []
    for seen in profile.columns:
        written = read_as.get(seen.source)
        column = held.get(written.name) if written is not None else None
        if written is None or column is None:
            choices.append(replace(suggested(seen, ()), role=str(engine.Role.IGNORE), name="", joined=()))
        else:
            said = replace(written, role=column.role, key=column.key, unit=column.unit)
            choices.append(replace(said_of(said, seen), label=column.label))
    read = engine.Schema.from_json(item.mapping["schema"])
    return ColumnsNow(item, tuple(choices), read.time.constant if read.time else "")


@operation(Dataset, label=gettext_lazy("Say other columns"), verb=access.EDIT, drawn=False)
def ask_columns(dataset: Dataset, *, by: Any, schema: engine.Schema) -> None:
    """What people alone read is changed at once; for the rest the files are tried, and nothing changes yet."""
    if _underway(dataset):
        raise RuleBroken(_("This dataset is being read again already. Wait until that is done."))
    present = engine.Schema.from_json(dataset.schema)
    _need_indicators(dataset, schema)
    if _same_for_the_engine(present, schema):
        dataset.schema, dataset.wanted = schema.to_json(), {}
        return
    _need_files(dataset)
    job = enqueue("monitoring.try_columns", dataset_id=dataset.pk, by=by.pk)
    dataset.wanted = {"schema": schema.to_json(), "job": str(job)}


def try_columns(dataset: Dataset, *, by: Any) -> None:
    """The worker's first part: what would come of every file."""
    if not dataset.wanted.get("schema") or dataset.wanted.get("found"):
        return
    try:
        found = _read(dataset, commit=False)
    except (engine.EngineError, RuleBroken) as error:
        _note_refusal(dataset, error, by)
        return
    with following(dataset, "tried_columns", by=by) as tried:
        tried.wanted = {**tried.wanted, "found": _told(dataset, *found), "job": ""}


def cannot_change(dataset: Dataset, by: Any) -> Any:
    if dataset.wanted.get("found") and not _underway(dataset):
        return None
    return NotOffered(_("First say which columns it is to have, and see what would change."))


def what_would_change(dataset: Dataset) -> str:
    """What became of the trial, for whoever decides."""
    return " ".join(trial_sentences(dataset))


@operation(
    Dataset,
    label=gettext_lazy("Change the columns"),
    verb=access.EDIT,
    note=True,
    icon="edit",
    blocked=cannot_change,
    help=what_would_change,
    bulk=False,
)
def change_columns(dataset: Dataset, *, by: Any) -> None:
    """Leave it to the worker: all files are read again, and then all indicators measured."""
    _need_files(dataset)
    _need_indicators(dataset, engine.Schema.from_json(dataset.wanted["schema"]))
    job = enqueue("monitoring.change_columns", dataset_id=dataset.pk, by=by.pk)
    dataset.wanted = {**dataset.wanted, "changing": True, "job": str(job)}


@operation(
    Dataset,
    label=gettext_lazy("Leave the columns as they are"),
    verb=access.EDIT,
    icon="x",
    blocked=lambda dataset, by: None if dataset.wanted and not _underway(dataset) else NotOffered(),
    help=gettext_lazy("What was tried is forgotten; the dataset stays as it is."),
    bulk=False,
)
def keep_columns(dataset: Dataset, *, by: Any) -> None:
    dataset.wanted = {}


def run_change(dataset: Dataset, *, by: Any) -> None:
    """The worker's second part. Run again after a kill it reads once more, to the same end."""
    if not dataset.wanted.get("changing"):
        return
    try:
        reports, _values = _read(dataset, commit=True)
    except (engine.EngineError, RuleBroken) as error:
        _note_refusal(dataset, error, by)
        return
    _note_change(dataset, reports, by)


def trial_sentences(dataset: Dataset) -> Iterator[str]:
    found = dataset.wanted.get("found")
    if not found:
        return
    present = engine.Schema.from_json(dataset.schema)
    yield from _columns_told(present, engine.Schema.from_json(dataset.wanted["schema"]))
    before, after = found["before"], found["after"]
    yield _("%(files)s read again: %(after)s rows, where there are %(before)s now.") % {
        "files": ngettext("One file", "%(count)s files", found["files"]) % {"count": number(found["files"])},
        "after": number(after),
        "before": number(before),
    }
    if found["rejected"]:
        reasons = ", ".join(
            f"{_(engine.CODES.get(code, code)).rstrip('.')} ({number(count)})"
            for code, count in list(found["reasons"].items())[:NAMED]
        )
        yield _left_out_told(found["rejected"], found.get("rejected_before", 0)) % {
            "rows": number(found["rejected"]),
            "reasons": reasons,
        }
    stored = {column.name for column in present.stored}
    more = {name: counts for name, counts in found.get("more", {}).items() if name in stored}
    for name, (had, has) in (found["fewer"] | more).items():
        yield _("“%(column)s” would have a value in %(after)s rows, where it has one in %(before)s now.") % {
            "column": name,
            "after": number(has),
            "before": number(had),
        }
    if found["indicators"]:
        yield _("Everything is measured anew of: %(indicators)s.") % {
            "indicators": ", ".join(found["indicators"])
        }


def _columns_told(present: engine.Schema, wanted: engine.Schema) -> Iterator[str]:
    """What becomes of each column that is not to stay as it is."""
    before = {column.name: column for column in present.stored}
    after = {column.name: column for column in wanted.stored}
    for name, column in after.items():
        old = before.get(name)
        if old is None:
            yield _("%(column)s comes in.") % {"column": name}
        elif old.type != column.type:
            yield f"{name}: {type_name(old.type)} → {type_name(column.type)}."
        elif _writing(old) != _writing(column):
            yield _("%(column)s is read in another way.") % {"column": name}
        if old is not None and old.role != column.role:
            yield f"{name}: {role_name(old.role)} → {role_name(column.role)}."
        if old is not None and old.is_key != column.is_key:
            words = _("%(column)s becomes part of the key.")
            yield (words if column.is_key else _("%(column)s is no longer part of the key.")) % {
                "column": name
            }
    for name in before.keys() - after.keys():
        yield _("%(column)s is no longer loaded: its values leave.") % {"column": name}


def _left_out_told(rows: int, before: int) -> str:
    """Rows that were out already are no news."""
    if rows == before:
        return ngettext(
            "One row stays out, as before: %(reasons)s.",
            "%(rows)s rows stay out, as before: %(reasons)s.",
            rows,
        )
    return ngettext(
        "One row would be left out: %(reasons)s.", "%(rows)s rows would be left out: %(reasons)s.", rows
    )


def is_underway(dataset: Dataset) -> bool:
    return _underway(dataset)


def _underway(dataset: Dataset) -> bool:
    job = dataset.wanted.get("job")
    status = describe(job) if job else None
    return status is not None and not status.over


def _loads(dataset: Dataset) -> Any:
    """The loads whose rows are there."""
    return Import.objects.filter(dataset=dataset, state=State.LOADED, report__rows_loaded__gt=0)


def _files(dataset: Dataset) -> list[Again]:
    """By content, in the order in which they came: what was added to a load later is read with it."""
    groups: dict[str, list[Import]] = {}
    for item in _loads(dataset).select_related("unit").order_by("loaded_at"):
        groups.setdefault(item.sha256 or item.code, []).append(item)
    return [Again(items[0], tuple(items[1:])) for items in groups.values()]


def _need_files(dataset: Dataset) -> None:
    lost = [again.item for again in _files(dataset) if not is_kept(again.item)]
    if not lost:
        return
    named = ", ".join(f"{item.code} {item.file_name}" for item in lost[:NAMED])
    more = " …" if len(lost) > NAMED else ""
    raise RuleBroken(
        _(
            "These files are no longer kept, so that the dataset cannot be read again: %(files)s. Take those loads back and load the files again, or leave the columns as they are."
        )
        % {"files": named + more}
    )


def _need_indicators(dataset: Dataset, schema: engine.Schema) -> None:
    """Each indicator must make sense with the new columns as well."""
    for indicator in Indicator.objects.filter(dataset=dataset, state=Indicator.State.ACTIVE):
        indicator.dataset = Dataset(pk=dataset.pk, code=dataset.code, schema=schema.to_json())
        try:
            definition_of(indicator)
        except RuleBroken as refused:
            raise RuleBroken(
                _("The indicator %(indicator)s would no longer make sense: %(reason)s")
                % {"indicator": f"{indicator.code} {indicator.name}", "reason": refused}
            ) from refused


def _same_for_the_engine(present: engine.Schema, wanted: engine.Schema) -> bool:
    def plain(schema: engine.Schema) -> list[Any]:
        return sorted(
            (
                replace(
                    c, source="", unit="", label="", role=engine.Role.VALUE if c.role in PLAIN else c.role
                )
                for c in schema.stored
            ),
            key=lambda column: column.name,
        )

    return plain(present) == plain(wanted)


def _read(
    dataset: Dataset, *, commit: bool
) -> tuple[list[tuple[Again, engine.LoadReport]], dict[str, tuple[int, int]]]:
    """What came of each file; and by column, how many rows had a value before and have one afterwards."""
    _need_files(dataset)
    schema = engine.Schema.from_json(dataset.wanted["schema"])
    again, newest = _files(dataset), _newest(dataset)
    needed = needed_columns(dataset) & {column.name for column in schema.stored}
    found = engine.read_again(
        store().open(dataset.code),
        schema,
        [_file(one, schema, newest, needed) for one in again],
        commit=commit,
        known=[item.code for one in again for item in (one.item, *one.others)],
        stage=engine.stage_apart,
        progress=show_progress,
    )
    values = {name: (found.before.get(name, 0), count) for name, count in found.after.items()}
    return list(zip(again, found.reports, strict=True)), values


def _file(
    again: Again, schema: engine.Schema, newest: engine.Schema, needed: frozenset[str]
) -> engine.FileAgain:
    item = again.item
    return engine.FileAgain(
        Path(item.path),
        mapping_again(item, schema, newest),
        item.code,
        {
            "reject_dir": Path(settings.REJECTS_DIR) / item.uid.hex,
            "known_branches": frozenset(units_below(item.unit)) if schema.branch else None,
            "branch_map": again.branches,
            "options": options_of(item),
            "needed": needed,
            "skip_alike": bool(item.mapping.get("skip_alike")),
        },
    )


def mapping_again(item: Import, schema: engine.Schema, newest: engine.Schema) -> engine.Schema:
    """How this file fills the new columns: from where it filled the old, and read as it was, unless that was changed.

    What was said on the page was said of the `newest` file; another may write its dates otherwise.
    """
    before = {column.name: column for column in engine.Schema.from_json(item.mapping["schema"]).columns}
    shown = {column.name: column for column in newest.columns}
    profile = profile_of(item)
    headings = {column.source for column in profile.columns} if profile else set()
    columns = []
    for column in schema.stored:
        old, seen = before.get(column.name), shown.get(column.name)
        if old is None and column.source and headings and column.source not in headings:
            continue  # a column that this file never had
        if old is None:
            columns.append(replace(column, label=""))
        elif seen is not None and _writing(column) == _writing(seen):
            columns.append(
                replace(old, role=column.role, key=column.key, unit=column.unit, required=column.required)
            )
        else:
            columns.append(replace(column, source=old.source or column.source, label=""))
    return engine.Schema(tuple(columns))


def _writing(column: engine.Column) -> engine.Column:
    """What a column says of how its cells are written."""
    return replace(
        column, name="x", source="", role=engine.Role.TEXT, key=False, unit="", label="", required=False
    )


def _newest(dataset: Dataset) -> engine.Schema:
    item = _loads(dataset).order_by("-loaded_at").first()
    return engine.Schema.from_json(item.mapping["schema"] if item else dataset.schema)


def _told(
    dataset: Dataset,
    reports: Sequence[tuple[Again, engine.LoadReport]],
    values: Mapping[str, tuple[int, int]],
) -> dict[str, Any]:
    reasons: dict[str, int] = {}
    for _again, report in reports:
        for code, count in report.reasons.items():
            reasons[code] = reasons.get(code, 0) + count
    indicators = Indicator.objects.filter(dataset=dataset, state=Indicator.State.ACTIVE).order_by("code")
    return {
        "files": len(reports),
        "fewer": {name: [before, after] for name, (before, after) in values.items() if after < before},
        "more": {name: [before, after] for name, (before, after) in values.items() if after > before},
        "before": dataset.rows,
        "after": sum(report.rows_loaded for _again, report in reports),
        "rejected": sum(report.rows_rejected for _again, report in reports),
        "rejected_before": sum(again.rejected for again, _report in reports),
        "reasons": reasons,
        "indicators": [f"{i.code} {i.name}" for i in indicators],
    }


def _note_refusal(dataset: Dataset, error: Exception, by: Any) -> None:
    said = str(refusal(error)) if isinstance(error, engine.EngineError) else str(error)
    with following(dataset, "refused_columns", by=by, note=said) as changed:
        changed.wanted = {"schema": changed.wanted.get("schema"), "error": said}


def _note_change(dataset: Dataset, reports: Sequence[tuple[Again, engine.LoadReport]], by: Any) -> None:
    """In one transaction with the order to measure, so that no figure keeps what was read otherwise."""
    with transaction.atomic():
        schema, newest = engine.Schema.from_json(dataset.wanted["schema"]), _newest(dataset)
        with following(dataset, "changed_columns", by=by) as changed:
            changed.schema, changed.wanted = schema.to_json(), {}
        for again, report in reports:
            _note_file(again, report, mapping_again(again.item, schema, newest), by)
        note_rows(dataset)
        indicators = Indicator.objects.filter(dataset=dataset, state=Indicator.State.ACTIVE)
        if found := list(indicators.values_list("pk", flat=True)):
            enqueue("monitoring.measure_indicators", indicators=found)


def _note_file(again: Again, report: engine.LoadReport, read_as: engine.Schema, by: Any) -> None:
    kept: Mapping[str, Any] = {**report.to_json(), "sample": again.item.report.get("sample", [])}
    mapping = read_as.to_json()
    with following(again.item, "read_again", by=by) as item:
        item.report = dict(kept)
        item.reject_file = str(report.reject_file or "")
        item.mapping = {**item.mapping, "schema": mapping, "branches": again.branches}
    for other in again.others:
        with following(other, "read_again", by=by) as item:
            # Its rows came with the first load of the same content.
            item.report = {"batch": report.batch, "already_loaded": True}
            item.mapping = {**item.mapping, "schema": mapping}
