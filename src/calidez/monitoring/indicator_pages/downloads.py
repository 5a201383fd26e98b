"""The chart as a file: the same specification as on the page, and the numbers behind it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import vl_convert
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.dates import MONTHS, MONTHS_3, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import get_format
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from calidez.kit.core import access
from calidez.kit.faces.pages.common import csv_response
from calidez.kit.platform.chart_theme import themed
from calidez.monitoring import vega
from calidez.monitoring.indicator_pages import between, caption, points
from calidez.monitoring.indicator_pages.address import View, view_of
from calidez.monitoring.measuring.findings import finding
from calidez.monitoring.sentences import reason_names

WIDTH, HEIGHT = 1080, 420
VEGA_LITE = "6.4"  # as in package.json: page and file draw alike
TYPES = {"svg": "image/svg+xml", "png": "image/png"}


def download(request: HttpRequest, uid: uuid.UUID, form: str) -> HttpResponse | StreamingHttpResponse:
    if form not in (*TYPES, "csv"):
        raise Http404(_("There is no page at this address."))
    view = view_of(request, uid)
    if not access.scope(request.user, "indicator", access.EXPORT).covers(view.unit.path):
        raise access.refuse(access.EXPORT, view.indicator._meta.verbose_name)
    part = "-between" if view.show == "between" else ""
    name = f"{view.indicator.code}-{view.unit.code}{part}.{form}"
    if view.show == "between" and not between.drawn(view):
        raise Http404(_("There is no page at this address."))
    if form == "csv":
        return csv_response(between.numbers(view) if view.show == "between" else numbers(view), name)
    response = HttpResponse(picture(view, form), content_type=TYPES[form])
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


def picture(view: View, form: str) -> bytes:
    """SVG or PNG in the light theme, with its title, definition and caption on it."""
    spec, title, lines = _drawn(view)
    drawn = {
        **spec,
        "width": WIDTH,
        "height": HEIGHT,
        "autosize": {"type": "fit", "contains": "padding"},
    }
    spec = themed(vega.titled(drawn, title, lines))
    said: dict[str, Any] = {
        "vl_version": VEGA_LITE,
        "format_locale": _number_locale(),
        "time_format_locale": _time_locale(),
    }
    if form == "png":
        return bytes(vl_convert.vegalite_to_png(spec, scale=2.0, **said))
    return vl_convert.vegalite_to_svg(spec, **said).encode()


def _drawn(view: View) -> tuple[vega.Spec, str, list[str]]:
    """What is drawn, with its title and the lines under it: as the part of the page has them."""
    if view.show == "between":
        part = between.between_page(view)
        return part.spec, between.headline(view), [part.subtitle, part.now, *part.caption]
    title = finding(view.reading, view.indicator, view.promised)
    return points.specification(view), title, [caption.definition(view), *caption.caption(view)]


def numbers(view: View) -> Iterator[list[Any]]:
    """What the chart shows, one row for each period: values, limits, verdict and signals."""
    reading = view.reading
    yield [
        _("Period"),
        _("Indicator"),
        _("Unit"),
        _("Value"),
        _("Unit of measure"),
        _("Cases"),
        _("Lower limit"),
        _("Centre line"),
        _("Upper limit"),
        _("Limits are provisional"),
        _("Weighted average or upper sum"),
        _("Lower sum"),
        _("Whole period"),
        _("Left out of the limits"),
        _("Target"),
        _("Signals"),
    ]
    for position, point in zip(view.window, points.points_of(view), strict=True):
        signals = [s for s in reading.signals if position in s.members]
        yield [
            point.start.isoformat(),
            view.indicator.name,
            view.unit.code,
            points.number(point.value),
            view.indicator.measured_in,
            points.cases(reading, position),
            points.number(point.lower),
            points.number(point.centre),
            points.number(point.upper),
            _("yes") if point.provisional else _("no"),
            *_remembered(view, position),
            _("no") if point.unfinished else _("yes"),
            reading.aside.get(position, ""),
            points.number(point.target),
            "; ".join(reason_names(s.reasons) for s in signals),
        ]


def _remembered(view: View, position: int) -> tuple[float | str, float | str]:
    """What a chart that remembers draws in place of the value: empty on any other."""
    memory = view.reading.memory
    if memory is None:
        return "", ""
    lower = None if memory.below is None else points.known(memory.below[position])
    return points.number(points.known(memory.statistic[position])), points.number(lower)


def _number_locale() -> dict[str, Any]:
    return {
        "decimal": get_format("DECIMAL_SEPARATOR"),
        "thousands": get_format("THOUSAND_SEPARATOR"),
        "grouping": [3],
        "currency": ["", ""],
    }


def _time_locale() -> dict[str, Any]:
    # d3 begins the week on Sunday, Django on Monday.
    days = [6, 0, 1, 2, 3, 4, 5]
    return {
        "dateTime": "%e %b %Y %H:%M",
        "date": "%d/%m/%Y",
        "time": "%H:%M",
        "periods": ["AM", "PM"],
        "days": [str(WEEKDAYS[d]) for d in days],
        "shortDays": [str(WEEKDAYS_ABBR[d]) for d in days],
        "months": [str(MONTHS[m]) for m in range(1, 13)],
        "shortMonths": [str(MONTHS_3[m]) for m in range(1, 13)],
    }
