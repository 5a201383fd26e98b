"""Branches side by side: which really differ, and how each stands to the promise."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from django.db.models import Case, FloatField, QuerySet, Sum, Value, When
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calidez.kit.core import access
from calidez.kit.platform.display import Badge, Link, Tone
from calidez.monitoring import vega
from calidez.monitoring.indicator_pages.address import View
from calidez.monitoring.indicator_pages.chart import ADDED_UP
from calidez.monitoring.measuring.branches import Tally, branches_of, known_below, worst_first
from calidez.monitoring.measuring.findings import is_past, standing_badge, when
from calidez.monitoring.measuring.periods import year_before
from calidez.monitoring.models import Measurement, Standing
from calidez.monitoring.sentences import figure, whole
from calidez.people.models import Unit
from calidez.stats import funnel

PER_CENT = 100.0
OUTSIDE_BY_CHANCE = 0.002
LABELLED = 12  # names on the funnel; more would cover each other
FEW = 25  # rows of the table until all are asked for
# Branches that vary so many times as much as chance explains do not do the same work: no limits compare them.
INCOMPARABLE = 10.0


@dataclass(frozen=True)
class Compared:
    """One branch in the table."""

    name: str
    url: str
    badge: Badge | None
    value: str
    n: str
    since: str
    against: str
    tone: Tone
    here: bool


@dataclass(frozen=True)
class FunnelPart:
    title: str
    subtitle: str
    caption: tuple[str, ...]
    spec: vega.Spec
    rows: tuple[tuple[str, str, str, str], ...]
    apart: str  # what to compare by instead, where the branches are not comparable
    segments: tuple[Link, ...]


@dataclass(frozen=True)
class Columns:
    """Which columns of the table have something to say."""

    state: bool
    cases: bool
    against: bool


@dataclass(frozen=True)
class Comparison:
    base: str
    up: Link | None
    funnel: FunnelPart | None
    no_funnel: str
    tally: Tally | None
    title: str
    columns: Columns
    rows: tuple[Compared, ...]
    missing: str
    latest: str
    more: Link | None


@dataclass(frozen=True)
class _Place:
    """Where a branch lies: outside the outer limits above (1) or below (−1), or inside (0), and how far off."""

    side: int
    distance: float


NOWHERE = _Place(0, 0.0)


@dataclass(frozen=True)
class _Cases:
    """What each branch did in the time compared."""

    units: tuple[int, ...]
    names: tuple[str, ...]
    met: np.ndarray
    n: np.ndarray


def comparison(view: View, user: Any) -> Comparison:
    base = _base(view, user)
    if base is None:
        return _alone(view)
    known = known_below(base, view.indicator)
    if not known.branches:
        return _alone(view)
    drawn, why_not, outside = _funnel(view, base)
    promised = view.promise is not None
    ordered = worst_first(view.indicator, base) if promised else _farthest_first(view, base, outside)
    return Comparison(
        base=base.name,
        up=None if base.pk == view.unit.pk else Link(base.name, view.url(unit=base.code)),
        funnel=drawn,
        no_funnel=why_not,
        tally=replace(
            known.tally, past=known.newest is not None and is_past(known.newest, view.indicator.period)
        )
        if promised
        else None,
        title=_("Branches by compliance") if promised else _("Branches"),
        columns=Columns(
            state=promised,
            cases=view.indicator.measure not in ADDED_UP,
            against=any(place.side for place in outside.values()),
        ),
        rows=tuple(_row(view, s, outside.get(s.unit_id, NOWHERE).side) for s in _first(view, ordered)),
        missing="",
        latest=_latest(view, known.newest),
        more=_all_rows(view, known.branches),
    )


def _base(view: View, user: Any) -> Unit | None:
    """The unit whose branches are compared: a branch is compared with its neighbours, if they may be seen."""
    if branches_of(view.unit).exists():
        return view.unit
    parent = view.unit.parent
    granted = access.scope(user, "indicator", access.VIEW)
    if (
        parent is not None
        and granted.covers(parent.path)
        and parent.path.startswith(view.indicator.unit.path)
    ):
        return parent
    return None


def _alone(view: View) -> Comparison:
    sentence = _(
        "There are no branches below %(unit)s with data for this indicator, so there is nothing to compare."
    )
    return Comparison(
        "",
        None,
        None,
        "",
        None,
        "",
        Columns(False, False, False),
        (),
        sentence % {"unit": view.unit.name},
        "",
        None,
    )


def _farthest_first(view: View, base: Unit, outside: dict[int, _Place]) -> QuerySet[Standing]:
    """Without a promise nothing is worst: those farthest from the others, else the largest figures first."""
    found = Standing.objects.filter(indicator=view.indicator, unit__in=branches_of(base))
    found = found.select_related("unit").defer("trace")
    if not outside:
        return found.order_by("-value", "unit__name")
    whens = [When(unit=unit, then=Value(place.distance)) for unit, place in outside.items()]
    distance = Case(*whens, default=Value(0.0), output_field=FloatField())
    return found.annotate(distance=distance).order_by("-distance", "unit__name")


def _first(view: View, ordered: QuerySet[Standing]) -> list[Standing]:
    """The worst ones, and always the unit that is looked at."""
    if view.rows == "all":
        return list(ordered)
    rows = list(ordered[:FEW])
    if all(row.unit_id != view.unit.pk for row in rows):
        rows += ordered.filter(unit=view.unit)
    return rows


def _all_rows(view: View, count: int) -> Link | None:
    if view.rows == "all" or count <= FEW:
        return None
    return Link(_("Show all %(count)s branches") % {"count": number_format(count)}, view.url(rows="all"))


def _funnel(view: View, base: Unit) -> tuple[FunnelPart | None, str, dict[int, _Place]]:
    if not view.indicator.is_share:
        return (
            None,
            _("A funnel compares shares of cases; this indicator is not one, so only the table is shown."),
            {},
        )
    span = _span(view)
    if span is None or view.version is None:
        return None, _("There is no data in this time."), {}
    cases = _cases(view, base, *span)
    try:
        found = funnel.funnel(cases.met, cases.n, names=list(cases.names))
    except ValueError:
        return None, _("A funnel needs at least two branches with cases in this time."), {}
    apart = _times_chance(found) >= INCOMPARABLE
    places = {
        unit: _Place(0 if apart else side, abs(distance))
        for unit, side, distance in zip(
            cases.units, found.outside_998.tolist(), np.nan_to_num(found.z_judged).tolist(), strict=True
        )
    }
    written = [
        (figure(value, "%"), whole(int(n)))
        for value, n in zip((found.proportion * PER_CENT).tolist(), found.n.tolist(), strict=True)
    ]
    column, links = _separating(view, base, span) if apart else ("", ())
    part = FunnelPart(
        title=_incomparable_title(found) if apart else _title(found),
        subtitle=_("%(name)s by branch of %(unit)s, %(first)s to %(last)s")
        % {
            "name": view.indicator.name,
            "unit": base.name,
            "first": when(span[0], view.indicator.period),
            "last": when(span[1], view.indicator.period),
        },
        caption=_caption(found, apart=apart),
        spec=_draw(view, found, cases, written, places),
        rows=_table(found, written),
        apart=_apart_words(column) if apart else "",
        segments=links,
    )
    return part, "", places


def _times_chance(found: funnel.Funnel) -> float:
    """How many times as much as chance explains the branches vary."""
    return float(found.phi**0.5)


def _separating(view: View, base: Unit, span: tuple[dt.date, dt.date]) -> tuple[str, tuple[Link, ...]]:
    """The segment within whose values the branches are most alike, with a link to each; nothing where none helps."""
    if view.segment or view.version is None:
        return "", ()
    best: tuple[float, str, list[str]] | None = None
    for column in view.indicator.segment_columns:
        ratio, shown = _ratio_within(view, base, span, column)
        if shown and ratio < INCOMPARABLE and (best is None or ratio < best[0]):
            best = (ratio, column, shown)
    if best is None:
        return "", ()
    _ratio, column, shown = best
    return column, tuple(Link(value, view.url(segment=f"{column}={value}")) for value in shown)


def _ratio_within(
    view: View, base: Unit, span: tuple[dt.date, dt.date], column: str
) -> tuple[float, list[str]]:
    """How far branches vary inside the values of a segment, each value weighing by its branches."""
    rows = (
        Measurement.objects.filter(
            version=view.version,
            segment__startswith=f"{column}=",
            unit__in=branches_of(base),
            period_start__gte=span[0],
            period_start__lte=span[1],
        )
        .order_by("segment")
        .values_list("segment", "unit")
        .annotate(good=Sum("met"), bad=Sum("unmet"))
    )
    grouped: dict[str, list[tuple[float, float]]] = {}
    for segment, _unit, good, bad in rows:
        if (good or 0.0) + (bad or 0.0) > 0:
            value = segment.partition("=")[2]
            grouped.setdefault(value, []).append((good or 0.0, (good or 0.0) + (bad or 0.0)))
    squares = branches = 0.0
    shown = []
    for value, pairs in grouped.items():
        met, n = (np.array(one) for one in zip(*pairs, strict=True))
        try:
            found = funnel.funnel(met, n)
        except ValueError:
            continue
        squares, branches = squares + found.phi * len(met), branches + len(met)
        shown.append(value)
    return (float((squares / branches) ** 0.5), shown) if branches else (np.inf, [])


def _incomparable_title(found: funnel.Funnel) -> str:
    return _("These branches are not comparable: they vary %(times)s times as much as chance explains") % {
        "times": number_format(round(_times_chance(found), 1), 1)
    }


def _apart_words(column: str) -> str:
    if not column:
        return _(
            "Whatever sets them apart is in no segment of this indicator: compare branches that do the same work."
        )
    return _("Separate them by “%(column)s”, within which they are more alike:") % {"column": column}


def _span(view: View) -> tuple[dt.date, dt.date] | None:
    """The periods between the dates chosen, else the latest year."""
    periods, last = view.reading.series.periods, view.reading.last
    if last is None:
        return None
    if view.since or view.until:
        return (periods[view.window[0]], periods[view.window[-1]]) if view.window else None
    return periods[year_before(periods, last)], periods[last]


def _cases(view: View, base: Unit, first: dt.date, last: dt.date) -> _Cases:
    summed = (
        Measurement.objects.filter(
            version=view.version,
            segment=view.segment,
            unit__in=branches_of(base),
            period_start__gte=first,
            period_start__lte=last,
        )
        .order_by("unit__name")
        .values_list("unit", "unit__name")
        .annotate(good=Sum("met"), bad=Sum("unmet"))
    )
    rows = [(unit, name, good or 0.0, bad or 0.0) for unit, name, good, bad in summed]
    rows = [row for row in rows if row[2] + row[3] > 0]
    return _Cases(
        units=tuple(row[0] for row in rows),
        names=tuple(row[1] for row in rows),
        met=np.array([row[2] for row in rows], dtype=float),
        n=np.array([row[2] + row[3] for row in rows], dtype=float),
    )


def _draw(
    view: View,
    found: funnel.Funnel,
    cases: _Cases,
    written: list[tuple[str, str]],
    places: dict[int, _Place],
) -> vega.Spec:
    sides = [places[unit].side for unit in cases.units]
    far = [i for i in np.argsort(-np.abs(np.nan_to_num(found.z_judged))) if sides[i]][:LABELLED]
    named = {int(i) for i in far} | {i for i, unit in enumerate(cases.units) if unit == view.unit.pk}
    values, sizes = (found.proportion * PER_CENT).tolist(), found.n.tolist()
    inner, outer = found.outside_95.tolist(), sides
    labels = _labels(found, written, sides)
    branches = [
        vega.Branch(
            n=sizes[i],
            value=values[i],
            outside_95=inner[i],
            outside_998=outer[i],
            tone=str(_tone(view, outer[i])),
            name=found.names[i] if i in named else "",
            label=labels[i],
            here=unit == view.unit.pk,
        )
        for i, unit in enumerate(cases.units)
    ]
    lines = [
        vega.FunnelLine(*(float(v) for v in row))
        for row in zip(
            found.lines.n,
            found.lines.lower_998 * PER_CENT,
            found.lines.lower_95 * PER_CENT,
            found.lines.upper_95 * PER_CENT,
            found.lines.upper_998 * PER_CENT,
            strict=True,
        )
    ]
    words = vega.Words(
        upper=_("%(share)s %% limit") % {"share": _outer()},
        lower=_("%(share)s %% limit") % {"share": _outer()},
        centre=_("all %(value)s") % {"value": figure(found.p0 * PER_CENT, "%")},
        unit="%",
    )
    return vega.funnel(
        branches, lines, centre=found.p0 * PER_CENT, words=words, cases=_("cases of the branch")
    )


def _tone(view: View, side: int) -> Tone:
    """Above or below is good or bad only where the indicator says so."""
    if not side or view.indicator.better == "none":
        return Tone.NEUTRAL
    good = (side > 0) == (view.indicator.better == "up")
    return Tone.GOOD if good else Tone.CONCERN


def _labels(found: funnel.Funnel, written: list[tuple[str, str]], sides: list[int]) -> list[str]:
    """What each branch says when it is pointed at."""
    said = _("%(name)s: %(value)s of %(n)s cases")
    far = "\n" + _("outside the %(share)s %% limits") % {"share": _outer()}
    near = "\n" + _("outside the 95 %% limits, within the %(share)s %% ones") % {"share": _outer()}
    return [
        said % {"name": name, "value": value, "n": n} + (far if outer else near if inner else "")
        for name, (value, n), inner, outer in zip(
            found.names, written, found.outside_95.tolist(), sides, strict=True
        )
    ]


def _title(found: funnel.Funnel) -> str:
    outside = int(np.sum(found.outside_998 != 0))
    total = int(np.sum(found.n > 0))
    if not outside:
        return _("No branch differs from the others by more than chance and ordinary differences explain")
    return ngettext(
        "%(count)s of %(total)s branches differs from the others beyond the ordinary",
        "%(count)s of %(total)s branches differ from the others beyond the ordinary",
        outside,
    ) % {"count": outside, "total": total}


def _caption(found: funnel.Funnel, *, apart: bool) -> tuple[str, ...]:
    compared = int(np.sum(found.n > 0))
    lines = [
        _("n = %(cases)s cases in %(total)s branches. Dashed: %(share)s %% limits; dotted: 95 %% limits.")
        % {"cases": number_format(int(found.n.sum())), "total": number_format(compared), "share": _outer()}
    ]
    if apart:
        return tuple(lines)
    if found.tau2 > 0:
        lines.append(
            _(
                "Branches vary %(phi)s times as much as chance alone explains, so the limits are widened by the "
                "ordinary difference between branches."
            )
            % {"phi": number_format(round(_times_chance(found), 1), 1)}
        )
    lines.append(_by_chance(compared))
    return tuple(lines)


def _by_chance(compared: int) -> str:
    """How far the mark of a branch is to be trusted, from how many are compared."""
    values = {"share": _outer(), "total": number_format(compared)}
    expected = compared * OUTSIDE_BY_CHANCE
    if expected < 0.5:
        return (
            _(
                "Only what lies outside the %(share)s %% limits is called different; of %(total)s alike branches chance alone would seldom put one there."
            )
            % values
        )
    return _(
        "Only what lies outside the %(share)s %% limits is called different; of %(total)s alike branches chance alone would put about %(chance)s there."
    ) % {**values, "chance": number_format(round(expected))}


def _table(found: funnel.Funnel, written: list[tuple[str, str]]) -> tuple[tuple[str, str, str, str], ...]:
    order = np.argsort(-np.abs(np.nan_to_num(found.z_judged)))
    return tuple(
        (found.names[i], *written[i], figure(float(found.z_judged[i]), digits=1))
        for i in order
        if found.n[i] > 0
    )


def _row(view: View, standing: Standing, side: int) -> Compared:
    indicator = view.indicator
    judged = standing.state not in {Standing.State.NO_TARGET}
    words = {1: _("above the others"), -1: _("below the others"), 0: ""}
    return Compared(
        name=standing.unit.name,
        url=view.url(unit=standing.unit.code, show=""),
        badge=standing_badge(standing, short=True) if judged else None,
        value=figure(standing.value, indicator.measured_in),
        n=whole(standing.n),
        since=when(standing.since, indicator.period) if standing.since and judged else "",
        against=words[side],
        tone=_tone(view, side),
        here=standing.unit_id == view.unit.pk,
    )


def _latest(view: View, newest: dt.date | None) -> str:
    if newest is None:
        return ""
    values = {"when": when(newest, view.indicator.period)}
    if view.promise is not None:
        return (
            _("State and value of each branch in its newest period, at the latest %(when)s; the worst first.")
            % values
        )
    if view.indicator.is_share:
        return (
            _(
                "Value of each branch in its newest period, at the latest %(when)s; the farthest from the others first."
            )
            % values
        )
    return _("Value of each branch in its newest period, at the latest %(when)s; the highest first.") % values


def _outer() -> str:
    """The outer limits' share in the reader's decimals."""
    return str(number_format(99.8, 1))
