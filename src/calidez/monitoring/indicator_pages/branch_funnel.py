"""The funnel of the branches below a unit: which of them really differ, and whether they compare at all."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from django.db.models import Sum
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calidez.kit.platform.display import Link, Tone
from calidez.kit.platform.spoken import spoken
from calidez.monitoring import vega
from calidez.monitoring.indicator_pages.address import View
from calidez.monitoring.measuring.branches import branches_of
from calidez.monitoring.measuring.periods import since_period, year_before
from calidez.monitoring.models import Measurement
from calidez.monitoring.sentences import figure, whole
from calidez.people.models import Unit
from calidez.stats import funnel

PER_CENT = 100.0
OUTSIDE_BY_CHANCE = 0.002
LABELLED = 12  # names on the funnel; more would cover each other
# Branches that vary so many times as much as chance explains do not do the same work: no limits compare them.
INCOMPARABLE = 10.0


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
class Place:
    """Where a branch lies: outside the outer limits above (1) or below (−1), or inside (0), and how far off.

    `value` and `n` are what the funnel has of it, written.
    """

    side: int
    distance: float
    value: str = "–"
    n: str = "0"


NOWHERE = Place(0, 0.0)


@dataclass(frozen=True)
class _Cases:
    """What each branch did in the time compared."""

    units: tuple[int, ...]
    names: tuple[str, ...]
    met: np.ndarray
    n: np.ndarray


def branch_funnel(view: View, base: Unit) -> tuple[FunnelPart | None, str, dict[int, Place]]:
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
        return None, _("A funnel needs at least two units with cases in this time."), {}
    apart = _times_chance(found) >= INCOMPARABLE
    written = [
        (figure(value, "%"), whole(int(n)))
        for value, n in zip((found.proportion * PER_CENT).tolist(), found.n.tolist(), strict=True)
    ]
    distances = np.abs(np.nan_to_num(found.z_judged)).tolist()
    places = {
        unit: Place(0 if apart else side, distance, *words)
        for unit, side, distance, words in zip(
            cases.units, found.outside_998.tolist(), distances, written, strict=True
        )
    }
    column, links = _separating(view, base, span) if apart else ("", ())
    part = FunnelPart(
        title=_incomparable_title(found) if apart else _title(found),
        subtitle=spoken(
            _("%(name)s by unit of %(unit)s, %(first)s to %(last)s")
            % {
                "name": view.indicator.name,
                "unit": base.name,
                "first": since_period(span[0], view.indicator.period),
                "last": since_period(span[1], view.indicator.period),
            }
        ),
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
            found = funnel.funnel(met, n, as_published=True)  # what chance alone gives has no part in it
        except ValueError:
            continue
        squares, branches = squares + found.phi * len(met), branches + len(met)
        shown.append(value)
    return (float((squares / branches) ** 0.5), shown) if branches else (np.inf, [])


def _incomparable_title(found: funnel.Funnel) -> str:
    return _("These units are not comparable: they vary %(times)s times as much as chance explains") % {
        "times": number_format(round(_times_chance(found), 1), 1)
    }


def _apart_words(column: str) -> str:
    if not column:
        return _(
            "Whatever sets them apart is in no segment of this indicator: compare units that do the same work."
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
    places: dict[int, Place],
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
            tone=str(tone_of(view, outer[i])),
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
        upper=_("%(share)s%% limit") % {"share": _outer()},
        lower=_("%(share)s%% limit") % {"share": _outer()},
        centre=_("all %(value)s") % {"value": figure(found.p0 * PER_CENT, "%")},
        unit="%",
    )
    return vega.funnel(branches, lines, centre=found.p0 * PER_CENT, words=words, cases=_("cases of the unit"))


def tone_of(view: View, side: int) -> Tone:
    """Above or below is good or bad only where the indicator says so."""
    if not side or view.indicator.better == "none":
        return Tone.NEUTRAL
    good = (side > 0) == (view.indicator.better == "up")
    return Tone.GOOD if good else Tone.CONCERN


def _labels(found: funnel.Funnel, written: list[tuple[str, str]], sides: list[int]) -> list[str]:
    """What each branch says when it is pointed at."""
    said = _("%(name)s: %(value)s of %(n)s cases")
    far = "\n" + _("outside the %(share)s%% limits") % {"share": _outer()}
    near = "\n" + _("outside the 95%% limits, within the %(share)s%% ones") % {"share": _outer()}
    return [
        said % {"name": name, "value": value, "n": n} + (far if outer else near if inner else "")
        for name, (value, n), inner, outer in zip(
            found.names, written, found.outside_95.tolist(), sides, strict=True
        )
    ]


def _title(found: funnel.Funnel) -> str:
    outside = int(np.sum(found.outside_998 != 0))
    total = int(np.sum(found.n > 0))
    if total < funnel.FEWEST_TO_WIDEN:
        if not outside:
            return _("No unit differs from the others by more than chance explains")
        return ngettext(
            "%(count)s of %(total)s units differs from the others by more than chance explains",
            "%(count)s of %(total)s units differ from the others by more than chance explains",
            outside,
        ) % {"count": outside, "total": total}
    if not outside:
        return _("No unit differs from the others by more than chance and ordinary differences explain")
    return ngettext(
        "%(count)s of %(total)s units differs from the others beyond the ordinary",
        "%(count)s of %(total)s units differ from the others beyond the ordinary",
        outside,
    ) % {"count": outside, "total": total}


def _caption(found: funnel.Funnel, *, apart: bool) -> tuple[str, ...]:
    compared = int(np.sum(found.n > 0))
    lines = [
        _("n = %(cases)s cases in %(total)s units. Dashed: %(share)s%% limits; dotted: 95%% limits.")
        % {"cases": number_format(int(found.n.sum())), "total": number_format(compared), "share": _outer()}
    ]
    if apart:
        return tuple(lines)
    if found.tau2 > 0:
        lines.append(
            _(
                "Units vary %(phi)s times as much as chance alone explains, so the limits are widened by the "
                "ordinary difference between units."
            )
            % {"phi": number_format(round(_times_chance(found), 1), 1)}
        )
    elif compared < funnel.FEWEST_TO_WIDEN:
        lines.append(
            _(
                "Of fewer than %(fewest)s units nothing tells what is an ordinary difference between them, so the limits are those of chance alone."
            )
            % {"fewest": number_format(funnel.FEWEST_TO_WIDEN)}
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
                "Only what lies outside the %(share)s%% limits is called different; of %(total)s alike units chance alone would seldom put one there."
            )
            % values
        )
    return _(
        "Only what lies outside the %(share)s%% limits is called different; of %(total)s alike units chance alone would put about %(chance)s there."
    ) % {**values, "chance": number_format(round(expected))}


def _table(found: funnel.Funnel, written: list[tuple[str, str]]) -> tuple[tuple[str, str, str, str], ...]:
    order = np.argsort(-np.abs(np.nan_to_num(found.z_judged)))
    return tuple(
        (found.names[i], *written[i], figure(float(found.z_judged[i]), digits=1))
        for i in order
        if found.n[i] > 0
    )


def _outer() -> str:
    """The outer limits' share in the reader's decimals."""
    return str(number_format(99.8, 1))
