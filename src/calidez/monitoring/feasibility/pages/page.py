"""The page: the finding as its title, what may be tried out, and what to do next."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.desk.made_from import new_url
from calidez.kit.faces.pages.common import crumbs
from calidez.kit.faces.pages.details import detail_page
from calidez.kit.platform.display import Badge, Button, DetailPage, Empty, Option
from calidez.kit.platform.errors import RuleBroken
from calidez.monitoring.feasibility import sentences
from calidez.monitoring.feasibility.pages.address import View, candidates, view_of
from calidez.monitoring.feasibility.pages.curve import CurveForm, CurvePart, curve_part, number_columns
from calidez.monitoring.feasibility.pages.history import Branches, History, branches, history
from calidez.monitoring.measuring.findings import ended
from calidez.monitoring.models import Indicator
from calidez.monitoring.page_unit import visible_below
from calidez.monitoring.services import ask_curve
from calidez.standards.sentences import target_sentence

MOST_UNITS = 1000


@dataclass(frozen=True)
class Content:
    """What the page shows of one view."""

    badge: Badge
    title: str
    advice: str
    unstable: str
    stats: tuple[sentences.Stat, ...]
    caveats: tuple[str, ...]
    history: History | None
    missing: str
    branches: Branches | None


@dataclass(frozen=True)
class Choices:
    indicators: tuple[Option, ...]
    units: tuple[Option, ...]
    target: str
    wrong: str
    own: str
    own_url: str


@dataclass(frozen=True)
class Unlinked:
    """No indicator proves the standard yet: those that could, and how to make one."""

    candidates: tuple[Option, ...]
    empty: Empty


def feasibility(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    return _page(request, view_of(request, uid))


@require_POST
def ask(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Look for a drop of satisfaction: the facts are read in the background."""
    view = view_of(request, uid)
    if view.indicator is None or view.unit is None:
        raise Http404(_("There is no page at this address."))
    form = CurveForm(number_columns(view.indicator), data=request.POST)
    if form.is_valid():
        try:
            ask_curve(view.indicator, view.unit, by=request.user, **form.cleaned_data)
        except RuleBroken as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            return redirect(view.url() + "#curve")
    return _page(request, view, form)


@require_POST
def link(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """An existing indicator proves the standard from now on; it is the indicator's own edit that says so."""
    view = view_of(request, uid)
    chosen = next(
        (i for i in candidates(view.standard, request.user) if i.code == request.POST.get("indicator")), None
    )
    if chosen is None:
        messages.error(request, _("Choose one of the indicators."))
        return redirect(view.path)
    edition = catalog.of(Indicator).edition
    assert edition is not None
    edition(chosen, by=request.user, standard=view.standard)
    messages.success(request, _("“%(indicator)s” proves this standard now.") % {"indicator": chosen})
    return redirect(view.path)


def _page(request: HttpRequest, view: View, posted: CurveForm | None = None) -> HttpResponse:
    entity = catalog.of(type(view.standard))
    base = detail_page(request, entity, view.standard, with_panels=False)
    content = _content(view, every=request.GET.get("rows") == "all") if view.indicator else None
    context = {
        "page": _titled(base, view, content),
        "view": view,
        "content": content,
        "promise": target_sentence(view.standard),
    }
    fragment = request.htmx and not request.htmx.boosted  # type: ignore[attr-defined]
    if fragment and request.method == "GET" and _replaces(request, "feasibility-found"):
        return render(request, "monitoring/feasibility/_found.html", context)
    if view.indicator is None:
        context["unlinked"] = _unlinked(view, request.user)
    else:
        context["choices"] = _choices(view, request.user)
        context["curve"] = _curve(view, request.user, posted)
    if fragment and request.method == "GET":
        return render(request, "monitoring/feasibility/_curve.html", context)
    status = 422 if posted is not None else 200
    return render(request, "monitoring/feasibility/page.html", context, status=status)


def _replaces(request: HttpRequest, place: str) -> bool:
    """Whether the answer is drawn in this place of the page; htmx names it with its tag, as div#place."""
    return str(request.htmx.target or "").rpartition("#")[2] == place  # type: ignore[attr-defined]


def _content(view: View, *, every: bool) -> Content:
    indicator = view.indicator
    assert indicator is not None
    found, unit, until = view.found, indicator.measured_in, ended(view.reading, indicator.period)
    drawn = history(view)
    return Content(
        badge=sentences.badge_of(found, until=until),
        title=sentences.finding(found, unit, until=until),
        advice=sentences.advice(found, unit, in_force=view.promised, until=until),
        unstable=sentences.unstable(found, until=until) if drawn is not None else "",
        stats=sentences.stats(found, unit),
        caveats=sentences.caveats(found, view.counted, view.reading.series.periods, indicator.period),
        history=drawn,
        missing=""
        if drawn is not None
        else _("%(unit)s has no data for this indicator.") % {"unit": view.unit},
        branches=branches(view, every=every),
    )


def _titled(page: DetailPage, view: View, content: Content | None) -> DetailPage:
    """The standard's own steps stay at hand: what follows from the figures is to promise it, or to change it."""
    way = crumbs(catalog.of(type(view.standard)), view.standard)
    return replace(page, title=_("Can it be kept? %(standard)s") % {"standard": view.standard}, crumbs=way)


def _choices(view: View, user: Any) -> Choices:
    assert view.indicator is not None
    assert view.unit is not None
    within = (
        view.indicator.unit
        if view.indicator.unit.path.startswith(view.standard.unit.path)
        else view.standard.unit
    )
    units = sorted(
        visible_below(user, within).values_list("code", "name", "path")[:MOST_UNITS],
        key=lambda row: (row[2].count("/"), row[1].casefold()),
    )
    own = view.own_target
    shown = view.asked or ("" if own is None else f"{own:g}")
    return Choices(
        indicators=tuple(
            Option(i.code, f"{i.code} · {i.name}", i == view.indicator) for i in view.indicators
        ),
        units=tuple(Option(code, name, code == view.unit.code) for code, name, _path in units),
        target=shown,
        wrong=_("Write a number, such as 95.") if view.wrong else "",
        own=sentences.bound(own, view.indicator.measured_in, at_least=view.at_least)
        if own is not None
        else "",
        own_url=view.url(target="") if view.asked else "",
    )


def _curve(view: View, user: Any, posted: CurveForm | None) -> CurvePart:
    assert view.indicator is not None
    assert view.unit is not None
    return curve_part(view.indicator, view.unit, user, at_least=view.at_least, posted=posted)


def _unlinked(view: View, user: Any) -> Unlinked:
    entity = catalog.of(Indicator)
    action = None
    if access.scope(user, entity.key, access.CREATE).covers(view.standard.unit.path):
        given = {
            "standard": view.standard.pk,
            "unit": view.standard.unit_id,
            "measured_in": view.standard.measured_in,
            "better": "up" if view.at_least else "down",
        }
        action = Button(entity.create_label, new_url(entity, **given), icon="plus", primary=True)
    text = _(
        "No indicator measures this standard yet. An indicator says what is counted in which dataset; from its past periods "
        "this page says what can be promised."
    )
    offered = candidates(view.standard, user)
    return Unlinked(tuple(Option(i.code, f"{i.name} · {i.unit}") for i in offered), Empty(text, action))
