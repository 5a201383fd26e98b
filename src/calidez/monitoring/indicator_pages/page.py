"""The indicator's page: title, ways to look at it, and the part that was asked for."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.desk.made_from import new_url
from calidez.kit.faces.pages.details import detail_page
from calidez.kit.platform.display import Badge, Button, DetailPage, Link, Option
from calidez.kit.platform.formats import number
from calidez.monitoring import selectors
from calidez.monitoring.chart_names import CHART_NAMES
from calidez.monitoring.indicator_pages import between, chart, compare, offers, promise, signals
from calidez.monitoring.indicator_pages.address import View, view_of
from calidez.monitoring.indicator_pages.first_figures import awaited
from calidez.monitoring.measuring.drawing import BY_DATA
from calidez.monitoring.measuring.findings import TONES, finding, past_badge, unacceptable_badge
from calidez.monitoring.measuring.periods import in_period
from calidez.monitoring.measuring.season import Adjust, possible
from calidez.monitoring.measuring.sides import in_turns
from calidez.monitoring.models import Annotation, Indicator, Standing
from calidez.monitoring.page_unit import visible_below
from calidez.monitoring.unacceptable import reaction_of, required_sentence

MOST_UNITS = 1000
AWAITED = "monitoring/indicator/_awaited.html"

TAB_WORDS: dict[str, Any] = {
    "chart": gettext_lazy("Is it changing?"),
    "between": gettext_lazy("How long between?"),
    "promise": gettext_lazy("Is the promise kept?"),
    "branches": gettext_lazy("Where?"),
    "signals": gettext_lazy("Signals"),
    "definition": gettext_lazy("Definition and history"),
}


@dataclass(frozen=True)
class Choices:
    """What can be chosen for a view, with what is chosen now."""

    units: tuple[Link, ...]
    segments: tuple[Option, ...]
    charts: tuple[Option, ...]
    presets: tuple[Option, ...]
    seasons: tuple[Option, ...]
    versions: tuple[Option, ...]
    since: str
    until: str
    hidden: tuple[tuple[str, str], ...]
    clear_url: str  # set when something besides the unit was chosen


@dataclass(frozen=True)
class Part:
    """The part that the address asks for: a template and its values."""

    template: str
    content: Any


def indicator(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    view = view_of(request, uid)
    entity = catalog.of(Indicator)
    whole = view.show == "definition"  # the other parts draw no panel
    page = detail_page(request, entity, view.indicator, with_panels=whole)
    waits = None if whole else awaited(view)
    page = _titled(page, view, request.user)
    if waits is not None:
        page = replace(page, title=view.indicator.name, state=None)
    context = {
        "page": page,
        "view": view,
        "tabs": _tabs(view),
        "choices": _choices(view, request.user),
        "part": PARTS[view.show](view, request.user, page) if waits is None else Part(AWAITED, waits),
        "notice": _old_definition(view),
        "left_out": _left_out(view),
        "address": view.url(),
    }
    fragment = request.htmx and not request.htmx.boosted  # type: ignore[attr-defined]
    template = "monitoring/indicator/_fragment.html" if fragment else "monitoring/indicator/page.html"
    return render(request, template, context)


def _chart_part(view: View, user: Any, page: DetailPage) -> Part:
    return Part("monitoring/indicator/_chart.html", chart.chart_page(view, user))


def _between_part(view: View, user: Any, page: DetailPage) -> Part:
    return Part("monitoring/indicator/_between.html", between.between_page(view))


def _promise_part(view: View, user: Any, page: DetailPage) -> Part:
    return Part("monitoring/indicator/_promise.html", promise.promise_page(view))


def _branches_part(view: View, user: Any, page: DetailPage) -> Part:
    return Part("monitoring/indicator/_branches.html", compare.comparison(view, user))


def _signals_part(view: View, user: Any, page: DetailPage) -> Part:
    return Part("monitoring/indicator/_signals.html", signals.signals_page(view, user))


def _definition_part(view: View, user: Any, page: DetailPage) -> Part:
    return Part("monitoring/indicator/_definition.html", page)


PARTS: dict[str, Callable[[View, Any, DetailPage], Part]] = {
    "chart": _chart_part,
    "between": _between_part,
    "promise": _promise_part,
    "branches": _branches_part,
    "signals": _signals_part,
    "definition": _definition_part,
}


def _titled(page: DetailPage, view: View, user: Any) -> DetailPage:
    """kit's page with the finding as its title; to write down what happened is its first step."""
    offered = [page.primary] if page.primary is not None else []
    others = [
        *(replace(button, primary=False) for button in offered),
        *page.actions,
        *_limits(view, user),
    ]
    reading = view.reading
    state = Standing.State(str(reading.verdict))
    badge = None if state == Standing.State.NO_TARGET else Badge(_state_words(view, state), TONES[state])
    past = bool(view.ended)
    if reading.last is None:
        badge = Badge(_("Still without data"), Tone.QUIET)
    if past and badge is not None:
        badge = past_badge()
    worse = reading.last is not None and reading.unacceptable[reading.last] and not past
    return replace(
        page,
        title=between.headline(view)
        if view.show == "between"
        else finding(view.reading, view.indicator, view.promised),
        state=unacceptable_badge() if worse else badge,
        notice=required_sentence(reaction_of(view.indicator)) if worse else page.notice,
        primary=_annotate(view, user),
        actions=(*others, *_downloads(view, user)),
    )


def _state_words(view: View, state: Standing.State) -> str:
    """Where periods meet and miss the target in turns, the state is that of the newest one, which is named."""
    reading = view.reading
    if reading.last is None or view.promised is None or in_turns(reading, view.promised) is None:
        return str(state.label)
    newest = in_period(reading.series.periods[reading.last], view.indicator.period)
    return _("%(state)s %(when)s") % {"state": state.label, "when": newest}


def _annotate(view: View, user: Any) -> Button | None:
    entity = catalog.of(Annotation)
    if not access.scope(user, entity.key, access.CREATE).covers(view.unit.path):
        return None
    given: dict[str, Any] = {"unit": view.unit.pk, "indicator": view.indicator.pk}
    last = view.reading.last
    if last is not None:
        given["on"] = view.reading.series.periods[last].isoformat()
    return Button(_("Note what happened"), new_url(entity, **given), icon="flag", primary=True)


def _limits(view: View, user: Any) -> list[Button]:
    """What may be done with the limits, for the periods that are looked at."""
    chosen = view.window if view.since or view.until else range(0)
    ends = (chosen[0], chosen[-1]) if chosen else (None, None)
    anew, out = offers.new_limits_url(view, user, *ends), offers.leave_out_url(view, user, chosen)
    found = [Button(_("Set limits anew"), anew, icon="ruler-2")] if anew else []
    return [*found, Button(_("Leave periods out of the limits"), out, icon="slash")] if out else found


def _downloads(view: View, user: Any) -> list[Button]:
    if not access.scope(user, "indicator", access.EXPORT).covers(view.unit.path):
        return []
    if view.show == "between" and not between.drawn(view):
        return []
    words = {"svg": _("Download SVG"), "png": _("Download PNG"), "csv": _("Download CSV")}
    return [Button(text, view.file_url(form), icon="download") for form, text in words.items()]


def _tabs(view: View) -> tuple[Link, ...]:
    return tuple(
        Link(str(TAB_WORDS[name]), view.url(show="" if name == "chart" else name), current=view.show == name)
        for name in TAB_WORDS
        if name == view.show or _suits(name, view)
    )


def _suits(name: str, view: View) -> bool:
    if name == "promise":
        return view.promise is not None
    return name != "between" or offers.events_are_rare(view)


def _choices(view: View, user: Any) -> Choices:
    versions = selectors.versions_of(view.indicator)
    chosen = {k: v for k, v in view.params.items() if k not in {"unit", "show", "span"}}
    return Choices(
        units=_units(view, user),
        segments=_segments(view),
        charts=_charts(view),
        presets=tuple(
            Option(
                "" if value == view.indicator.preset else value,
                str(text),
                value == (view.preset or view.indicator.preset),
            )
            for value, text in Indicator.Preset.choices
        ),
        seasons=_seasons(view),
        versions=tuple(
            Option(
                "" if v.current else str(v.number),
                _("Definition %(number)s, the present one") % {"number": v.number}
                if v.current
                else _("Definition %(number)s") % {"number": v.number},
                view.version is not None and v.pk == view.version.pk,
            )
            for v in versions
        )
        if len(versions) > 1
        else (),
        since=view.since.isoformat() if view.since else "",
        until=view.until.isoformat() if view.until else "",
        hidden=tuple((k, v) for k, v in view.params.items() if k in {"unit", "show", "span"}),
        clear_url=view.path + "?" + urlencode({k: v for k, v in view.params.items() if k in {"unit", "show"}})
        if chosen
        else "",
    )


def _units(view: View, user: Any) -> tuple[Link, ...]:
    """Every unit that may be shown, groups before their branches; hundreds of addresses from one beginning."""
    found = visible_below(user, view.indicator.unit).values_list("code", "name", "path")[:MOST_UNITS]
    start, rest = view.path, urlencode({k: v for k, v in view.params.items() if k not in {"unit", "rows"}})
    ordered = sorted(found, key=lambda row: (row[2].count("/"), row[1].casefold()))
    return tuple(
        Link(
            name if name == code else f"{name} · {code}",
            f"{start}?unit={quote(code)}{'&' if rest else ''}{rest}",
            current=code == view.unit.code,
        )
        for code, name, _place in ordered
    )


def _charts(view: View) -> tuple[Option, ...]:
    """The address names what differs from the indicator's own choice."""
    kept = view.indicator.chart or BY_DATA
    chosen = view.chart or kept
    names = {BY_DATA: _("chosen for the data"), **{k: str(CHART_NAMES[k]) for k in view.reading.alternatives}}
    return tuple(Option("" if k == kept else k, text, k == chosen) for k, text in names.items())


def _seasons(view: View) -> tuple[Option, ...]:
    """What limits can follow; nothing where periods have no season."""
    offered = possible(view.indicator.period)
    chosen = view.adjust or view.indicator.adjust
    return tuple(
        Option(
            "" if value == view.indicator.adjust else value,
            str(Indicator.Adjust(value).label),
            value == chosen,
        )
        for value in ((Adjust.NONE, *offered) if offered else ())
    )


def _segments(view: View) -> tuple[Option, ...]:
    if view.version is None or not view.indicator.segment_columns:
        return ()
    values = selectors.segment_values(view.version, view.unit)
    return (
        Option("", _("all cases"), not view.segment),
        *(Option(v, v.replace("=", " = ", 1), v == view.segment) for v in values),
    )


def _old_definition(view: View) -> str:
    if not view.old or view.version is None:
        return ""
    return _(
        "This was measured under definition %(number)s, which no longer holds. It stays as it was; "
        "the present definition has its own figures."
    ) % {"number": view.version.number}


def _left_out(view: View) -> str:
    rows = view.reading.series.left_out
    if not rows:
        return ""
    return ngettext(
        "%(rows)s row is left out because its numbers cannot be: one is below zero, or more were met than there were.",
        "%(rows)s rows are left out because their numbers cannot be: one is below zero, or more were met than there were.",
        rows,
    ) % {"rows": number(rows)}
