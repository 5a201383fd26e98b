"""The past periods against the target: the drawing, its table, and how many branches would meet it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calidez.kit.platform.display import Badge, Link
from calidez.monitoring import vega
from calidez.monitoring.feasibility.capability import of_standing
from calidez.monitoring.feasibility.pages.address import View
from calidez.monitoring.feasibility.sentences import badge, easier_than, history_title
from calidez.monitoring.measuring.branches import branches_of
from calidez.monitoring.measuring.findings import when, when_in_column
from calidez.monitoring.models import Standing
from calidez.monitoring.page_unit import indicator_url
from calidez.monitoring.sentences import figure
from calidez.standards.sentences import target_words
from calidez.stats.feasibility import Verdict, meets

FEW = 12
MOST_BRANCHES = 2000
READ = ("indicator", "demonstrated", "unit__code", "unit__name", "unit__path")
HARDEST_FIRST = (Verdict.BEYOND, Verdict.OPEN, Verdict.WITHIN_REACH, Verdict.NOT_ENOUGH)


@dataclass(frozen=True)
class History:
    title: str
    spec: vega.Spec
    subtitle: str
    rows: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class BranchRow:
    name: str
    url: str
    badge: Badge
    met: str
    reachable: str


@dataclass(frozen=True)
class Branches:
    title: str
    note: str
    rows: tuple[BranchRow, ...]
    more: Link | None


def history(view: View) -> History | None:
    series, indicator = view.reading.series, view.indicator
    assert indicator is not None
    if not len(series) or view.reading.last is None:
        return None
    unit = indicator.measured_in
    counts = set(view.counted.places)
    past, rows = [], []
    for i, start in enumerate(series.periods):
        value = float(series.values[i]) if math.isfinite(series.values[i]) else None
        met = _met(view, value) if i in counts else None
        period = when(start, indicator.period)
        said = _said(met, value, counted=i in counts)
        past.append(
            vega.Past(start, value, met, f"{period}: {figure(value, unit)}\n{said}" if said else period)
        )
        rows.append((when_in_column(start, indicator.period), figure(value, unit), said))
    reachable = view.found.reachable
    return History(
        title=history_title(view.found, unit),
        spec=vega.history(
            past,
            period=indicator.period,
            unit=unit,
            target=vega.Line(view.target, _("target %(value)s") % {"value": target_words(view.target, unit)})
            if view.target is not None
            else None,
            reachable=vega.Line(
                reachable.value,
                _("90%% of the periods: %(value)s")
                % {"value": figure(easier_than(reachable.value, at_least=view.at_least), unit)},
            )
            if reachable is not None
            else None,
        ),
        subtitle=f"{indicator.description.rstrip('.') or indicator.name} · {view.unit}",
        rows=tuple(reversed(rows)),
    )


def branches(view: View, *, every: bool) -> Branches | None:
    """From the kept standings alone: what each branch did is never counted again for a page."""
    indicator, unit = view.indicator, view.unit
    assert indicator is not None
    if unit is None or view.target is None:
        return None
    standings = Standing.objects.filter(indicator=indicator, unit__in=branches_of(unit))
    # Hundreds are judged and a dozen shown: only what both need is read.
    rows = list(standings.select_related("unit").only(*READ).order_by("unit__name")[:MOST_BRANCHES])
    if not rows:
        return None
    judged = [(row, of_standing(row, view.target, at_least=view.at_least)) for row in rows]
    judged.sort(
        key=lambda pair: (HARDEST_FIRST.index(pair[1].verdict), pair[1].met.share if pair[1].met else 0)
    )
    able = sum(found.verdict is Verdict.WITHIN_REACH for _row, found in judged)
    known = sum(found.verdict is not Verdict.NOT_ENOUGH for _row, found in judged)
    shown = judged if every else judged[:FEW]
    values = {"able": number_format(able), "known": number_format(known)}
    title = (
        ngettext(
            "%(able)s of %(known)s unit could keep it",
            "%(able)s of %(known)s units could keep it",
            known,
        )
        % values
        if known
        else _("No unit has enough data to judge it")
    )
    without = len(judged) - known
    note = _("A unit could keep it where nine in ten of its periods met it.")
    if without:
        note += " " + ngettext(
            "%(count)s unit has not enough data.", "%(count)s units have not enough data.", without
        ) % {"count": number_format(without)}
    more = None
    if len(shown) < len(judged):
        text = _("All %(count)s units") % {"count": number_format(len(judged))}
        more = Link(text, view.url(rows="all") + "#branches")
    return Branches(
        title=title,
        note=note,
        rows=tuple(
            BranchRow(
                name=row.unit.name,
                url=indicator_url(indicator, row.unit),
                badge=badge(found.verdict),
                met=_("%(kept)s of %(total)s")
                % {"kept": number_format(found.met.met), "total": number_format(found.met.periods)}
                if found.met is not None
                else "–",
                reachable=figure(
                    easier_than(found.reachable.value, at_least=view.at_least), indicator.measured_in
                )
                if found.reachable
                else "–",
            )
            for row, found in shown
        ),
        more=more,
    )


def _met(view: View, value: float | None) -> bool | None:
    if value is None or view.target is None:
        return None
    return bool(meets([value], view.target, at_least=view.at_least)[0])


def _said(met: bool | None, value: float | None, *, counted: bool) -> str:
    if value is None:
        return _("no data")
    if not counted:
        return _("does not count")
    if met is None:
        return ""
    return _("met the target") if met else _("missed the target")
