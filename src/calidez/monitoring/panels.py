"""Panels that monitoring shows on its own records and adds to those of other parts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from calidez.kit.catalog import catalog
from calidez.kit.core import access, cells
from calidez.kit.desk.made_from import new_url
from calidez.kit.platform.display import Badge, Button, Cell, Change, Empty, Header, Link, Row, Table
from calidez.monitoring import dataset_rows, selectors
from calidez.monitoring.column_words import role_name, type_name
from calidez.monitoring.measuring.branches import Tally, tallies_below, worst_first
from calidez.monitoring.measuring.findings import (
    since_words,
    speaks_of_the_past,
    standing_badge,
    standing_sentence,
)
from calidez.monitoring.models import Dataset, Import, Indicator, Standing
from calidez.monitoring.overview import SmallChart, small_chart
from calidez.monitoring.page_unit import indicator_url, shown_unit
from calidez.monitoring.sentences import figure
from calidez.monitoring.unacceptable import reaction_to, required_sentence
from calidez.people.models import Unit
from calidez.standards.models import Standard
from calidez.standards.sentences import promised_sentence

BRANCHES_SHOWN = 25
NEWEST_ROWS = 10


def columns_table(dataset: Dataset, user: Any, request: Any) -> Table:
    """The declared columns: what each is called here, in the file, and what it is for."""
    columns = dataset.schema.get("columns", [])
    rows = tuple(
        Row(
            "",
            (
                cells.cell(_called(column)),
                cells.cell(column["source"]),
                cells.cell(type_name(column["type"])),
                cells.cell(role_name(column["role"])),
                cells.cell(column.get("unit") or ""),
            ),
        )
        for column in columns
        if column["role"] != "ignore"
    )
    headers = tuple(
        Header(t) for t in (_("Column"), _("In the file"), _("Type"), _("Role"), _("Unit of measure"))
    )
    empty = None if rows else Empty(_("The columns are known once a first file is loaded."))
    change = None
    if dataset.rows and access.scope(user, "dataset", access.EDIT).covers(dataset.unit.path):
        url = reverse("dataset-columns", args=[dataset.uid])
        change = Button(_("Change the columns"), url, icon="edit")
    return Table(headers, rows, empty, new=change)


def _called(column: Mapping[str, Any]) -> str:
    """By what people call it, with the name that expressions use."""
    label = column.get("label") or ""
    return f"{label} ({column['name']})" if label else str(column["name"])


def newest_rows(dataset: Dataset, user: Any, request: Any) -> Table | None:
    """A few of them, and the way to all."""
    if not dataset.rows:
        return None
    asked = dataset_rows.asked_of({}, dataset, user)
    page = dataset_rows.rows_page(dataset, asked, user, count=NEWEST_ROWS)
    more = Link(_("See the rows"), reverse("dataset-rows", args=[dataset.uid])) if page.table.rows else None
    return replace(page.table, empty=Empty(page.error) if page.error else page.table.empty, more=more)


def onward(dataset: Dataset, user: Any) -> tuple[Button, ...]:
    """Its first rows, then a figure of them, then the rows that go on from them."""
    if dataset.state == Dataset.State.REMOVED or dataset.wanted:
        return ()
    indicators, told = catalog.of(Indicator), []
    active = Indicator.objects.filter(dataset=dataset, state=Indicator.State.ACTIVE)
    if dataset.rows and indicators.may(user, access.CREATE) and not active.exists():
        url = new_url(indicators, dataset=dataset, unit=dataset.unit)
        told.append(Button(_("Create an indicator"), url, icon="chart-line", primary=True))
    if catalog.of(Import).may(user, access.CREATE):
        told.append(Button(_("Load a file"), reverse("imports-new"), icon="upload", primary=True))
    return tuple(told)


def rows_loaded(item: Import) -> Any:
    return (
        item.report.get("rows_loaded", "")
        if item.state == Import.State.LOADED
        else Cell(cells.CellKind.EMPTY)
    )


def import_report(item: Import, user: Any, request: Any) -> Any:
    return item.report or None


def first_fact(dataset: Dataset) -> Any:
    """When the oldest row happened: a day, where its rows say no time of day."""
    return _when(dataset, dataset.first_at)


def last_fact(dataset: Dataset) -> Any:
    return _when(dataset, dataset.last_at)


def column_changes(before: Any, after: Any) -> list[Change]:
    """What the history says of other columns: the type and the role of each that changed."""
    was, became = (_columns_in_words(schema) for schema in (before, after))
    names = dict.fromkeys([*was, *became])
    return [
        Change(name, was.get(name, "–"), became.get(name, "–"))
        for name in names
        if was.get(name) != became.get(name)
    ]


def _columns_in_words(schema: Any) -> dict[str, str]:
    return {
        column["name"]: ", ".join(
            filter(None, (type_name(column["type"]), role_name(column["role"]), column.get("unit") or ""))
        )
        for column in (schema or {}).get("columns", ())
        if column["role"] != "ignore"
    }


def name_changes(before: Any, after: Any) -> list[Change]:
    """Which unit each name in the files has come to mean."""
    was, became = before or {}, after or {}
    return [
        Change(name, str(was.get(name) or "–"), str(unit or "–"))
        for name, unit in became.items()
        if was.get(name) != unit
    ]


def _when(dataset: Dataset, moment: Any) -> Any:
    ends = [timezone.localtime(end) for end in (dataset.first_at, dataset.last_at) if end is not None]
    if moment is None or any(end.time() != dt.time() for end in ends):
        return moment
    return timezone.localtime(moment).date()


@dataclass(frozen=True)
class ProofCard:
    """One indicator that proves a standard, as it stands in the unit looked at."""

    url: str
    name: str
    unit: str
    chart: SmallChart | None
    sentence: str
    tally: Tally | None


@dataclass(frozen=True)
class Proving:
    """The promise in large words, who answers for it, and what proves it."""

    requirement: str
    target: str
    owner: str
    unit: str
    reaction: str
    cards: tuple[ProofCard, ...]
    missing: Empty | None


@dataclass(frozen=True)
class BranchStanding:
    name: str
    url: str
    badge: Badge
    value: str
    n: str
    since: str


@dataclass(frozen=True)
class BranchTable:
    """Branches of one indicator, the worst first; `rest` says how many more there are."""

    indicator: str
    tally: Tally
    rows: tuple[BranchStanding, ...]
    more: Link | None


def proof(standard: Standard, user: Any, request: Any) -> Proving:
    unit = shown_unit(request, standard.unit) if request is not None else standard.unit
    indicators = selectors.proving(standard, user)
    rows = {row.indicator_id: row for row in selectors.standings([unit], indicators)} if unit else {}
    for indicator in indicators:
        if indicator.pk in rows:
            rows[indicator.pk].indicator = indicator  # with all that is known of its standard
    tallies = tallies_below(unit, rows) if unit else {}
    return Proving(
        requirement=standard.requirement,
        target=promised_sentence(standard),
        owner=str(standard.owner),
        unit=unit.name if unit else "",
        reaction=next((required_sentence(said) for row in rows.values() if (said := reaction_to(row))), ""),
        cards=tuple(_proof_card(i, unit, rows.get(i.pk), tallies.get(i.pk)) for i in indicators),
        missing=None if indicators else _no_proof(standard, user),
    )


def branches(standard: Standard, user: Any, request: Any) -> tuple[BranchTable, ...] | None:
    """For each indicator of the standard, how its branches stand; None where there are no branches."""
    unit = shown_unit(request, standard.unit) if request is not None else standard.unit
    if unit is None:
        return None
    indicators = selectors.proving(standard, user)
    tallies = tallies_below(unit, [i.pk for i in indicators])
    return tuple(branch_table(i, unit, tallies[i.pk]) for i in indicators if i.pk in tallies) or None


def branch_table(indicator: Indicator, unit: Unit, tally: Tally, limit: int = BRANCHES_SHOWN) -> BranchTable:
    standings = list(worst_first(indicator, unit)[:limit])
    for standing in standings:
        standing.indicator = indicator  # at hand, and each row asks it for its period
    rows = tuple(
        BranchStanding(
            name=row.unit.name,
            url=indicator_url(indicator, row.unit),
            badge=standing_badge(row, short=True),
            value=figure(row.value, indicator.measured_in),
            n=number_format(row.n),
            since=since_words(row),
        )
        for row in standings
    )
    more = None
    if tally.total > len(rows):
        text = _("Compare all %(count)s units") % {"count": number_format(tally.total)}
        more = Link(text, indicator_url(indicator, unit, show="branches"))
    past = bool(standings) and all(speaks_of_the_past(row) for row in standings)
    return BranchTable(indicator.name, replace(tally, past=past), rows, more)


def _proof_card(
    indicator: Indicator, unit: Unit | None, row: Standing | None, tally: Tally | None
) -> ProofCard:
    url = indicator_url(indicator, unit)
    chart = small_chart(row, url) if row is not None else None
    sentence = standing_sentence(row) if row is not None else _("Nothing has been measured here yet.")
    return ProofCard(url, indicator.name, unit.name if unit else "", chart, sentence, tally)


def _no_proof(standard: Standard, user: Any) -> Empty:
    entity = catalog.of(Indicator)
    action = None
    if entity.may(user, access.CREATE):
        url = new_url(entity, standard=standard, unit=standard.unit_id)
        action = Button(_("Create an indicator"), url, icon="plus")
    return Empty(_("No indicator proves this yet: nobody can tell whether the promise is kept."), action)
