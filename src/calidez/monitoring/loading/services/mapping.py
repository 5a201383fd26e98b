"""What each column of the file means and where it goes: proposed, then said by the person, then remembered."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez import engine
from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.core.operations import operation
from calidez.kit.platform.errors import RuleBroken
from calidez.monitoring.loading.services.checking import recognised
from calidez.monitoring.loading.services.columns import (
    Choice,
    kind_of,
    need_time,
    said_of,
    suggested,
)
from calidez.monitoring.loading.services.reading import profile_of
from calidez.monitoring.loading.services.repairing import own_heading, repaired, signatures_of
from calidez.monitoring.models import Dataset, Import

State = Import.State
CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")
# Beyond this many columns the person first chooses which ones to load.
MANY_COLUMNS = 60


@dataclass(frozen=True)
class Proposal:
    """`since` is set when the same headings were loaded before: then everything is as it was that day.

    `one_day` is the day of which all rows are, where the file has no column with it and a person said so.
    """

    choices: tuple[Choice, ...]
    dataset: Dataset | None = None
    since: dt.datetime | None = None
    earlier: Import | None = None
    one_day: str = ""


def propose(item: Import, *, by: Any, anew: bool = False) -> Proposal:
    """As said on this import, else as loaded the last time, else as the file looks: `anew` asks for that alone.

    Where one dataset waits for its first file and finds all its columns in this one, it is proposed.
    """
    profile = profile_of(item)
    earlier = None if anew else earlier_import(item, by=by)
    if item.mapping.get("schema") and not anew:
        schema = engine.Schema.from_json(item.mapping["schema"])
        one_day = schema.time.constant if schema.time else ""
        found = Proposal(_choices_of(schema, profile), item.dataset, one_day=one_day)
    elif earlier is not None:
        schema = engine.Schema.from_json(earlier.mapping["schema"])
        choices = _choices_of(schema, profile)
        found = Proposal(choices, earlier.dataset, earlier.created_at, earlier)
    else:
        choices = tuple(suggested(column, profile.proposed_key) for column in profile.columns)
        found = Proposal(_with_units(item, choices), _waiting_for_it(item, by))
    chosen = set(item.mapping.get("chosen", ()))
    if not chosen:
        return found
    return replace(found, choices=tuple(choice for choice in found.choices if choice.source in chosen))


def _with_units(item: Import, choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """The column whose values are our units says the unit of each row, whatever its heading."""
    samples = {column.source: column.samples for column in profile_of(item).columns}

    def is_ours(choice: Choice) -> bool:
        values = {sample.strip() for sample in samples[choice.source]}
        return bool(values) and len(recognised(item, values)) == len(values)

    named = next((choice for choice in choices if choice.role == engine.Role.BRANCH), None)
    if named is not None and is_ours(named):
        return choices
    by_role = [c for c in choices if c.role in (engine.Role.SEGMENT, engine.Role.TEXT, engine.Role.VALUE)]
    ours = next((choice for choice in by_role if is_ours(choice)), None)
    if ours is None:
        return choices
    roles = {ours.source: engine.Role.BRANCH} | ({named.source: engine.Role.SEGMENT} if named else {})
    return tuple(
        replace(
            choice,
            role=str(roles.get(choice.source, choice.role)),
            kind="text" if choice is ours else choice.kind,
        )
        for choice in choices
    )


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
    headings = {own_heading(column.source) for column in profile_of(item).columns}
    names = {column.name for column in profile_of(item).columns}
    found = [
        (d, _fits(d, headings, names))
        for d in catalog.of(Dataset)
        .queryset(by)
        .filter(state=Dataset.State.IN_USE)
        .select_related("unit")
        .order_by("name")
        if d.schema and _may_take_it(item, d)
    ]
    return sorted(found, key=lambda pair: not pair[1])


def _may_take_it(item: Import, dataset: Dataset) -> bool:
    try:
        need_place(item, dataset)
    except RuleBroken:
        return False
    return True


def _waiting_for_it(item: Import, by: Any) -> Dataset | None:
    waiting = [dataset for dataset, fits in targets(item, by=by) if fits and not dataset.rows]
    return waiting[0] if len(waiting) == 1 else None


def _fits(dataset: Dataset, headings: set[str], names: set[str]) -> bool:
    columns = [c for c in dataset.schema["columns"] if c["role"] != engine.Role.IGNORE]
    return all(own_heading(c["source"]) in headings or c["name"] in names for c in columns)


def choices_for(item: Import, dataset: Dataset, *, by: Any) -> tuple[Choice, ...]:
    """The dataset's own columns, each beside the heading that seems to mean it; `source` empty where none does."""
    profile = profile_of(item)
    kept = _said_before(item, dataset, by)
    by_source = {own_heading(column.source): column for column in profile.columns}
    by_name = {column.name: column for column in profile.columns}
    choices = []
    for column in engine.Schema.from_json(dataset.schema).stored:
        said = kept.get(column.name, column)
        seen = by_source.get(own_heading(said.source)) or by_name.get(column.name)
        if seen is None:
            again = said.constant if item.mapping.get("schema") and column.name in kept else ""
            choice = Choice("", kind_of(said), "", constant=again)
        else:
            choice = said_of(said, seen)
            if not set(said.joined) <= {column.source for column in profile.columns}:
                choice = replace(choice, joined=seen.joined)
        choices.append(
            replace(choice, role=column.role, key=column.is_key, unit=column.unit, name=column.name)
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
    stem = Path(item.file_name).stem.removesuffix(".csv")
    base = engine.safe_name(stem.lstrip("0123456789_-. ") or stem)[:50]
    taken = set(Dataset.objects.filter(code__startswith=base).values_list("code", flat=True))
    code, number = base, 2
    while code in taken:
        code, number = f"{base}_{number}", number + 1
    return code


def proposed_name(item: Import) -> str:
    words = re.sub(r"[_\-.]+", " ", Path(item.file_name).stem.removesuffix(".csv")).strip()
    return (words[:1].upper() + words[1:]) or item.file_name


def _choices_of(schema: Any, profile: Any) -> tuple[Choice, ...]:
    """A kept schema over the columns of this file, in the file's order."""
    kept = {own_heading(column.source): column for column in schema.columns}
    choices = []
    for seen in profile.columns:
        column = kept.get(own_heading(seen.source))
        if column is None:
            left_out = suggested(seen, ())
            choices.append(replace(left_out, role=str(engine.Role.IGNORE), joined=()))
        else:
            choices.append(said_of(column, seen))
    return tuple(choices)


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
        need_time(schema)
    elif (
        dataset.state == Dataset.State.REMOVED
        or not catalog.of(Dataset).queryset(by).filter(pk=dataset.pk).exists()
    ):
        raise RuleBroken(_("This dataset does not exist, or you cannot see it."), field="dataset")
    else:
        need_place(item, dataset)
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
        "skip_alike": bool(same and item.mapping.get("skip_alike")),
    }
    item.report = {}


def need_place(item: Import, dataset: Dataset) -> None:
    """Into a dataset whose rows say no unit, only a file of its own unit or of one above brings rows."""
    held = dataset.schema and engine.Schema.from_json(dataset.schema)
    if held and held.branch is None and not dataset.unit.path.startswith(item.unit.path):
        raise RuleBroken(
            _("The rows of “%(dataset)s” do not say of which unit they are, and belong to %(unit)s.")
            % {"dataset": dataset, "unit": dataset.unit},
            field="dataset",
        )


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
