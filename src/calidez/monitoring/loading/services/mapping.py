"""What each column of the file means and where it goes: proposed, then said by the person, then remembered."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez import engine
from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.core.operations import operation
from calidez.kit.platform.errors import RuleBroken
from calidez.monitoring.loading.services.plans import refusal
from calidez.monitoring.loading.services.reading import profile_of
from calidez.monitoring.loading.services.repairing import repaired, signatures_of
from calidez.monitoring.models import Dataset, Import

State = Import.State
CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")
# Beyond this many columns the person first chooses which ones to load.
MANY_COLUMNS = 60
DATES = (engine.ColumnType.DATE, engine.ColumnType.TIMESTAMP)


@dataclass(frozen=True)
class Choice:
    """One column as said on the page. `kind` is the type with what must be known to read it: date:dmy, number:,"""

    source: str
    kind: str  # empty: still to be said
    role: str
    key: bool = False
    unit: str = ""
    name: str = ""

    @property
    def loaded(self) -> bool:
        return self.role != engine.Role.IGNORE


@dataclass(frozen=True)
class Proposal:
    """`since` is set when the same headings were loaded before: then everything is as it was that day."""

    choices: tuple[Choice, ...]
    dataset: Dataset | None = None
    since: dt.datetime | None = None
    earlier: Import | None = None


def propose(item: Import, *, by: Any, anew: bool = False) -> Proposal:
    """As said on this import, else as loaded the last time, else as the file looks: `anew` asks for that alone.

    Where one dataset waits for its first file and finds all its columns in this one, it is proposed.
    """
    profile = profile_of(item)
    earlier = None if anew else earlier_import(item, by=by)
    if item.mapping.get("schema") and not anew:
        found = Proposal(_choices_of(item.mapping["schema"], profile), item.dataset)
    elif earlier is not None:
        found = Proposal(
            _choices_of(earlier.mapping["schema"], profile), earlier.dataset, earlier.created_at, earlier
        )
    else:
        found = Proposal(
            tuple(suggested(column, profile.proposed_key) for column in profile.columns),
            _waiting_for_it(item, by),
        )
    chosen = set(item.mapping.get("chosen", ()))
    if not chosen:
        return found
    return replace(found, choices=tuple(choice for choice in found.choices if choice.source in chosen))


def earlier_import(item: Import, *, by: Any) -> Import | None:
    """The newest file with the same headings that this person may see loaded; for rejected rows, the load that rejected them."""
    seen = (
        catalog.of(Import)
        .queryset(by)
        .filter(signature__in=signatures_of(profile_of(item)), state=State.LOADED, remembered=True)
    )
    found: Import | None = seen.exclude(pk=item.pk).select_related("dataset").order_by("-created_at").first()
    return found


def targets(item: Import, *, by: Any) -> list[tuple[Dataset, bool]]:
    """The datasets that may receive the file, those whose columns are all in it first."""
    headings = {column.source for column in profile_of(item).columns}
    names = {column.name for column in profile_of(item).columns}
    found = [
        (d, _fits(d, headings, names))
        for d in catalog.of(Dataset).queryset(by).filter(state=Dataset.State.IN_USE).order_by("name")
        if d.schema
    ]
    return sorted(found, key=lambda pair: not pair[1])


def _waiting_for_it(item: Import, by: Any) -> Dataset | None:
    waiting = [dataset for dataset, fits in targets(item, by=by) if fits and not dataset.rows]
    return waiting[0] if len(waiting) == 1 else None


def _fits(dataset: Dataset, headings: set[str], names: set[str]) -> bool:
    columns = [c for c in dataset.schema["columns"] if c["role"] != engine.Role.IGNORE]
    return all(c["source"] in headings or c["name"] in names for c in columns)


def choices_for(item: Import, dataset: Dataset, *, by: Any) -> tuple[Choice, ...]:
    """The dataset's own columns, each beside the heading that seems to mean it; `source` empty where none does."""
    profile = profile_of(item)
    kept = _said_before(item, dataset, by)
    by_source = {column.source: column for column in profile.columns}
    by_name = {column.name: column for column in profile.columns}
    choices = []
    for column in engine.Schema.from_json(dataset.schema).stored:
        said = kept.get(column.name, column)
        seen = by_source.get(said.source) or by_name.get(column.name)
        kind = kind_of(said) if seen is None else _kind_again(said, seen)
        choices.append(
            Choice(
                seen.source if seen else "", kind, column.role, column.is_key, column.unit, name=column.name
            )
        )
    return tuple(choices)


def _said_before(item: Import, dataset: Dataset, by: Any) -> dict[str, Any]:
    """By stored name, the columns as said on this import or on the last one with the same headings."""
    source = (
        item if item.dataset_id == dataset.pk and item.mapping.get("schema") else earlier_import(item, by=by)
    )
    if source is None or source.dataset_id != dataset.pk:
        return {}
    return {column.name: column for column in engine.Schema.from_json(source.mapping["schema"]).columns}


def proposed_code(item: Import) -> str:
    """A code for a new dataset, from the file's name."""
    base = engine.safe_name(Path(item.file_name).stem.removesuffix(".csv"))[:50]
    taken = set(Dataset.objects.filter(code__startswith=base).values_list("code", flat=True))
    code, number = base, 2
    while code in taken:
        code, number = f"{base}_{number}", number + 1
    return code


def proposed_name(item: Import) -> str:
    words = re.sub(r"[_\-.]+", " ", Path(item.file_name).stem.removesuffix(".csv")).strip()
    return (words[:1].upper() + words[1:]) or item.file_name


# What was said


@operation(
    Import,
    label=gettext_lazy("Say what the columns mean"),
    verb=access.CREATE,
    source=[State.UPLOADED, State.CHECKED, State.FAILED],
    target=State.UPLOADED,
)
def confirm_mapping(
    item: Import,
    *,
    by: Any,
    schema: Any,
    dataset: Dataset | None = None,
    code: str = "",
    name: str = "",
    description: str = "",
    origin: str = "",
) -> None:
    """Into an existing dataset, or into a new one with this code and name (made when the load begins)."""
    if dataset is None:
        _need_new_dataset(item, by, code)
    elif (
        dataset.state == Dataset.State.REMOVED
        or not catalog.of(Dataset).queryset(by).filter(pk=dataset.pk).exists()
    ):
        raise RuleBroken(_("This dataset does not exist, or you cannot see it."), field="dataset")
    same = item.mapping.get("schema") == schema.to_json()
    item.dataset = dataset
    item.mapping = {
        "schema": schema.to_json(),
        "code": code,
        "name": name.strip() or code,
        "description": description,
        "source": origin,
        "chosen": item.mapping.get("chosen", []),
        "repairs": repaired(item, dataset),
        "branches": item.mapping.get("branches", {}) if same else {},
    }
    item.report = {}


def _need_new_dataset(item: Import, by: Any, code: str) -> None:
    entity = catalog.of(Dataset)
    if not access.scope(by, entity.key, access.CREATE).covers(item.unit.path):
        raise RuleBroken(
            _(
                "You may not create datasets. Choose an existing one, or ask the quality manager to load the first file."
            ),
            field="dataset",
        )
    if not CODE.fullmatch(code):
        raise RuleBroken(_("Small letters, digits and underscores, a letter first."), field="code")
    if Dataset.objects.filter(code=code).exists():
        raise RuleBroken(
            _("A dataset with this code already exists: choose it above, or take another code."), field="code"
        )


@operation(
    Import,
    label=gettext_lazy("Choose the columns"),
    verb=access.CREATE,
    source=[State.UPLOADED, State.CHECKED, State.FAILED],
    target=State.UPLOADED,
)
def choose_columns(item: Import, *, by: Any, sources: Sequence[str]) -> None:
    """Of a very wide file only the chosen columns are asked about; the others are not loaded."""
    known = {column.source for column in profile_of(item).columns}
    chosen = [source for source in sources if source in known]
    if not chosen:
        raise RuleBroken(_("Choose at least one column."), field="sources")
    item.mapping = {"chosen": chosen}


def schema_for_new(choices: Sequence[Choice]) -> Any:
    """The schema of a new dataset; RuleBroken beside the column that is not settled."""
    loaded = [choice for choice in choices if choice.loaded]
    if not loaded:
        raise RuleBroken(_("Every column is left out: choose at least one to load."))
    _need_one(
        choices, engine.Role.TIME, _("Only one column can be the time of each row; the others may be values.")
    )
    _need_one(
        choices,
        engine.Role.BRANCH,
        _("Only one column can say the unit of each row; the others may be segments."),
    )
    names: list[str] = []
    columns = []
    for position, choice in enumerate(choices):
        if not choice.loaded:
            continue
        names.append(choice.name or engine.safe_name(choice.source, names))
        columns.append(_column(choice, names[-1], position))
    return _schema(columns)


def schema_for_existing(dataset: Dataset, choices: Sequence[Choice]) -> Any:
    """How this file fills the columns of a dataset, whose types and roles stay as they are."""
    columns = []
    for position, (column, choice) in enumerate(
        zip(engine.Schema.from_json(dataset.schema).stored, choices, strict=True)
    ):
        if not choice.source:
            if column.is_required or column.is_key:
                raise RuleBroken(
                    _("Every row needs it: say which column of the file it is."), field=f"{position}-source"
                )
            continue
        said = _column(
            replace(choice, role=column.role, key=column.key, unit=column.unit), column.name, position
        )
        columns.append(replace(said, required=column.required, zone=column.zone))
    return _schema(columns)


def _need_one(choices: Sequence[Choice], role: Any, said: str) -> None:
    having = [position for position, choice in enumerate(choices) if choice.role == role]
    if len(having) > 1:
        raise RuleBroken(said, field=f"{having[1]}-role")


def _column(choice: Choice, name: str, position: int) -> Any:
    if not choice.kind:
        raise RuleBroken(
            _("Say whether the day or the month comes first: the file alone does not tell."),
            field=f"{position}-kind",
        )
    kind, _colon, detail = choice.kind.partition(":")
    type_ = engine.ColumnType(kind)
    if choice.role == engine.Role.TIME and type_ not in DATES:
        raise RuleBroken(
            _("The time of a row must be read as a date, or as a date and time."), field=f"{position}-kind"
        )
    try:
        return engine.Column(
            name=name,
            source=choice.source,
            type=type_,
            role=engine.Role(choice.role),
            unit=choice.unit.strip(),
            date_order=cast("engine.schema.DateOrder", detail) if type_ in DATES else None,
            decimal="," if type_ not in DATES and detail == "," else ".",
            zone=settings.TIME_ZONE,
            key=choice.key,
        )
    except engine.EngineError as error:
        raise refusal(error) from error


def _schema(columns: Sequence[Any]) -> Any:
    try:
        return engine.Schema(tuple(columns))
    except engine.EngineError as error:
        raise refusal(error) from error


# What the file looks like


def kind_of(column: Any) -> str:
    if column.type in DATES:
        return f"{column.type}:{column.date_order}"
    if column.type in (engine.ColumnType.NUMBER, engine.ColumnType.INTEGER):
        return f"{column.type}:{column.decimal}"
    return str(column.type)


def suggested(column: Any, key: Sequence[str]) -> Choice:
    if column.type in DATES:
        kind = _date_kind(column.type, column)
    elif column.type in (engine.ColumnType.NUMBER, engine.ColumnType.INTEGER):
        kind = f"{column.type}:{column.decimal}"
    else:
        kind = str(column.type)
    return Choice(column.source, kind, str(column.suggested_role), column.source in key, name=column.name)


def _date_kind(type_: Any, seen: Any) -> str:
    """Empty where day and month could be either: nobody guesses, the person says."""
    if _year_first(seen):
        return f"{type_}:ymd"
    return f"{type_}:{seen.date_orders[0]}" if len(seen.date_orders) == 1 and not seen.ambiguous else ""


def _year_first(seen: Any) -> bool:
    """A few slips among dates that begin with the year leave no doubt about the others."""
    return bool(seen.samples) and all(re.match(r"\s*\d{4}[-/]", sample) for sample in seen.samples)


def _choices_of(schema: Any, profile: Any) -> tuple[Choice, ...]:
    """A kept schema over the columns of this file, in the file's order; dates are looked at anew."""
    kept = {column.source: column for column in engine.Schema.from_json(schema).columns}
    choices = []
    for seen in profile.columns:
        column = kept.get(seen.source)
        if column is None:
            left_out = suggested(seen, ())
            choices.append(replace(left_out, role=str(engine.Role.IGNORE)))
            continue
        choices.append(
            Choice(
                seen.source,
                _kind_again(column, seen),
                str(column.role),
                column.key,
                column.unit,
                name=column.name,
            )
        )
    return tuple(choices)


def _kind_again(said: Any, seen: Any) -> str:
    """What a person said of these headings holds, unless this file's dates show that it cannot."""
    if said.type not in DATES:
        return kind_of(said)
    fits = not seen.date_orders or said.date_order in seen.date_orders
    if said.date_order and (fits or (said.date_order == "ymd" and _year_first(seen))):
        return kind_of(said)
    return _date_kind(said.type, seen)
