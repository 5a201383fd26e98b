"""Branches side by side: which really differ, and how each stands to the promise."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Case, FloatField, QuerySet, Value, When
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
from calidez.monitoring.models import Standing
from calidez.monitoring.sentences import figure, whole
from calidez.people.models import Unit

FEW = 25  # rows of the table until all are asked for


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


def _farthest_first(view: View, base: Unit, outside: dict[int, Place]) -> QuerySet[Standing]:
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


def _row(view: View, standing: Standing, side: int) -> Compared:
    indicator = standing.indicator = view.indicator  # at hand; reading it for each row costs a query a branch
    judged = standing.state not in {Standing.State.NO_TARGET}
    words = {1: _("above the others"), -1: _("below the others"), 0: ""}
    return Compared(
        name=standing.unit.name,
        url=view.url(unit=standing.unit.code, show=""),
        badge=standing_badge(standing, short=True) if judged else None,
        value=figure(standing.value, indicator.measured_in),
        n=whole(standing.n),
        since=since_words(standing) if judged else "",
        against=words[side],
        tone=tone_of(view, side),
        here=standing.unit_id == view.unit.pk,
    )


def _latest(view: View, newest: dt.date | None) -> str:
    if newest is None:
        return ""
    values = {"when": in_period(newest, view.indicator.period)}
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
