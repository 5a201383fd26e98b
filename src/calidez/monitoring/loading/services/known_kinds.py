"""A file of a kind that was loaded before: it is read and understood as the last one, and nothing is asked twice."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from calidez import engine
from calidez.kit.catalog import catalog
from calidez.kit.platform.errors import RuleBroken
from calidez.monitoring.loading.services.columns import Choice, schema_for_existing
from calidez.monitoring.loading.services.mapping import choices_for, confirm_mapping, earlier_import
from calidez.monitoring.loading.services.reading import confirm_reading, look_at, profile_of
from calidez.monitoring.loading.services.repairing import signature_of
from calidez.monitoring.models import Dataset, Import

State = Import.State
KINDS_LOOKED_AT = 40


def go_on_as_before(item: Import, *, by: Any, limits: Any = None) -> bool:
    """Understand a file of a known kind as the last one, where nothing is left to be said: only the check is still to come."""
    if _understood(item, by):
        return True
    way = way_before(item, by=by)
    if way is None:
        return False
    try:
        return _understood(look_at(item, by=by, options=way, limits=limits), by)
    except RuleBroken:  # the person sees the file as it was found
        return False


def way_before(item: Import, *, by: Any) -> dict[str, Any] | None:
    """How the last file was read that becomes the same table as this one would: turned, or with the names of its sheets.

    None where this one differs in what somebody decided: other sheets left out, or months of which nobody says the year.
    """
    profile = profile_of(item)
    if item.mapping.get("schema") or profile is None or any((item.reading.get("options") or {}).values()):
        return None
    named = Q(reading__options__has_key="sheet_column") & ~Q(reading__options__sheet_column=None)
    decided = Q(reading__options__turn__has_key="names") | named
    seen = catalog.of(Import).queryset(by).filter(decided, state=State.LOADED, remembered=True)
    for earlier in seen.exclude(pk=item.pk).order_by("-created_at")[:KINDS_LOOKED_AT]:
        way = _same_way(profile, earlier)
        if way is not None and signature_of(_headings(profile, way)) == earlier.signature:
            return way
    return None


def _same_way(profile: Any, earlier: Import) -> dict[str, Any] | None:
    before = profile_of(earlier)
    if before is None or not _same_sheets(profile, before):
        return None
    said = earlier.reading["options"]
    way: dict[str, Any] = {"sheet_column": said.get("sheet_column")}
    if said.get("turn"):
        if not profile.found.wide or profile.found.year is not None:
            return None
        way["turn"] = {"headings": list(profile.found.wide), "names": said["turn"]["names"], "year": None}
    return way


def _same_sheets(profile: Any, before: Any) -> bool:
    """Whether the sheets found in this file are those that were taken of the other: the same, or all of either."""
    if set(profile.sheets) == set(before.sheets):
        return set(profile.found.sheets) == set(before.found.sheets)
    return set(profile.found.sheets) == set(profile.sheets) and set(before.found.sheets) == set(before.sheets)


def _headings(profile: Any, way: dict[str, Any]) -> list[str]:
    """Those of the table that this way of reading makes."""
    headings = [column.source for column in profile.columns]
    turn = engine.ReadOptions.from_json(way).turn if way.get("turn") else None
    if turn is not None:
        headings = engine.turned_headings(headings, turn)
    return [*headings, *([way["sheet_column"]] if way.get("sheet_column") else [])]


def _understood(item: Import, by: Any) -> bool:
    earlier = earlier_import(item, by=by)
    dataset = earlier.dataset if earlier is not None else None
    if earlier is None or dataset is None or not _may_follow(item, earlier):
        return False
    choices = choices_for(item, dataset, by=by)
    if any(_is_open(choice, item, earlier) for choice in choices):
        return False
    try:
        schema = schema_for_existing(dataset, choices)
    except RuleBroken:
        return False
    item = confirm_reading(item, by=by, like=earlier.code)
    confirm_mapping(item, by=by, schema=schema, dataset=dataset, code=dataset.code)
    return True


def _may_follow(item: Import, earlier: Import) -> bool:
    untouched = not item.mapping.get("schema") and not item.reading.get("confirmed")
    same = item.signature == earlier.signature and not _is_remarkable(item, earlier)
    return (
        untouched and same and earlier.dataset is not None and earlier.dataset.state == Dataset.State.IN_USE
    )


def _is_remarkable(item: Import, earlier: Import) -> bool:
    """Whether the look points at what it did not see in the earlier file: a person sees it before anything is left out."""
    now, before = profile_of(item), profile_of(earlier)
    if before is None:
        return True
    troubles = {problem.code for problem in now.problems} - {problem.code for problem in before.problems}
    left_out = {row.reason for row in now.found.offered} - {row.reason for row in before.found.offered}
    return bool(troubles or left_out)


def _is_open(choice: Choice, item: Import, earlier: Import) -> bool:
    """Whether a person has to say something of the column: where it is, how it is read, or what an odd number in it means."""
    told = {column["name"] for column in earlier.mapping["schema"]["columns"]}
    if not choice.source:
        return choice.name in told
    seen, before = profile_of(item).column(choice.source), profile_of(earlier)
    odd = seen.nothing is not None and seen.nothing[0] not in choice.missing
    known = before is not None and before.column(choice.source).nothing is not None
    return not choice.kind or (odd and not known)
