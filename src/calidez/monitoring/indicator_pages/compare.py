"""Branches side by side: which really differ, and how each stands to the promise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Case, FloatField, IntegerField, QuerySet, Value, When
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from calidez.kit.core import access
from calidez.kit.platform.display import Badge, Link, Tone
from calidez.monitoring.indicator_pages.address import View
from calidez.monitoring.indicator_pages.branch_funnel import (
    NOWHERE,
    FunnelPart,
    Place,
    branch_funnel,
    tone_of,
)
from calidez.monitoring.indicator_pages.points import ADDED_UP
from calidez.monitoring.measuring.branches import Tally, branches_of, known_below, worst_first
from calidez.monitoring.measuring.findings import is_past, since_words, standing_badge
from calidez.monitoring.measuring.periods import in_period
from calidez.monitoring.models import Indicator, Standing
from calidez.monitoring.rules import ENOUGH_CASES
from calidez.monitoring.sentences import figure, whole
from calidez.people.models import Unit

# Here the number of cases is the figure itself, or says nothing of how sure it is.
COUNTS = {*ADDED_UP, Indicator.Measure.COUNT}
FEW = 25  # rows of the table until all are asked for


@dataclass(frozen=True)
class Compared:
    """One branch in the table."""

    name: str
    url: str
    badge: Badge | None
    value: str
    n: str
    few: bool  # so few cases that the figure says little
    whole: str  # the figure of the time that the funnel shows
    whole_n: str
    since: str
    against: str
    tone: Tone
    here: bool


@dataclass(frozen=True)
class Columns:
    """Which columns of the table have something to say."""

    state: bool
    cases: bool
    against: bool
    whole: bool
    value: str  # what the column of the newest figures is called beside that one


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


def comparison(view: View, user: Any) -> Comparison:
    base = _base(view, user)
    if base is None:
        return _alone(view)
    known = known_below(base, view.indicator)
    if not known.branches:
        return _alone(view)
    drawn, why_not, outside = branch_funnel(view, base)
    promised = view.promise is not None
    ordered = worst_first(view.indicator, base) if promised else _farthest_first(view, base, outside)
    rows = tuple(_row(view, s, outside.get(s.unit_id, NOWHERE)) for s in _first(view, ordered))
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
        title=_("Units by compliance") if promised else _("Units"),
        columns=Columns(
            state=promised,
            cases=view.indicator.measure not in ADDED_UP,
            against=any(place.side for place in outside.values()),
            whole=bool(outside),
            value=_("Newest value") if outside else _("Value"),
        ),
        rows=rows,
        missing="",
        latest=_latest(view, known.newest, rows, by_funnel=bool(outside)),
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
        "There are no units below %(unit)s with data for this indicator, so there is nothing to compare."
    )
    return Comparison(
        "",
        None,
        None,
        "",
        None,
        "",
        Columns(False, False, False, False, ""),
        (),
        sentence % {"unit": view.unit.name},
        "",
        None,
    )


def _farthest_first(view: View, base: Unit, outside: dict[int, Place]) -> QuerySet[Standing]:
    """Without a promise nothing is worst: those farthest from the others, else the largest figures first.

    Figures of few cases are high or low by chance, so they do not come first.
    """
    found = Standing.objects.filter(indicator=view.indicator, unit__in=branches_of(base))
    found = found.select_related("unit").defer("trace")
    if not outside and view.indicator.measure in COUNTS:
        return found.order_by("-value", "unit__name")
    if not outside:
        few = Case(When(n__lt=ENOUGH_CASES, then=Value(1)), default=Value(0), output_field=IntegerField())
        return found.annotate(few=few).order_by("few", "-value", "unit__name")
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
    return Link(_("Show all %(count)s units") % {"count": number_format(count)}, view.url(rows="all"))


def _row(view: View, standing: Standing, place: Place) -> Compared:
    indicator = standing.indicator = view.indicator  # at hand; reading it for each row costs a query a branch
    judged = standing.state not in {Standing.State.NO_TARGET}
    words = {1: _("above the others"), -1: _("below the others"), 0: ""}
    return Compared(
        name=standing.unit.name,
        url=view.url(unit=standing.unit.code, show=""),
        badge=standing_badge(standing, short=True) if judged else None,
        value=figure(standing.value, indicator.measured_in),
        n=whole(standing.n) if standing.value is not None else "",
        few=standing.value is not None and view.indicator.measure not in COUNTS and standing.n < ENOUGH_CASES,
        whole=place.value,
        whole_n=place.n,
        since=since_words(standing) if judged else "",
        against=words[place.side],
        tone=tone_of(view, place.side),
        here=standing.unit_id == view.unit.pk,
    )


def _latest(view: View, newest: dt.date | None, rows: Iterable[Compared], *, by_funnel: bool) -> str:
    """Of when the figures are and by what the rows are ordered."""
    if newest is None:
        return ""
    values = {"when": in_period(newest, view.indicator.period)}
    few = any(row.few for row in rows)
    if view.promise is not None:
        said = _(
            "State and value of each unit in its newest period, at the latest %(when)s; the worst first."
        )
    elif by_funnel:
        said = _(
            "Newest value of each unit, at the latest %(when)s, and the value of the time that the funnel shows; the farthest from the others in the funnel first."
        )
    elif few:
        said = _(
            "Value of each unit in its newest period, at the latest %(when)s; the highest first, those of few cases last."
        )
    else:
        said = _("Value of each unit in its newest period, at the latest %(when)s; the highest first.")
    if not few:
        return said % values
    return (
        said % values
        + " "
        + _("Few cases: fewer than %(enough)s. Chance alone may put their figures far up or down.")
        % {"enough": ENOUGH_CASES}
    )
