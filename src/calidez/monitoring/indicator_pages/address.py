"""The address of a view: everything that decides what an indicator's page shows, and nothing else."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from calidez.kit.core import access
from calidez.kit.faces.pages.common import record_or_404, viewable_entity
from calidez.kit.platform import far_days
from calidez.monitoring import selectors
from calidez.monitoring.measuring.charting import Reading
from calidez.monitoring.measuring.drawing import ALTERNATIVES, BY_DATA, STATS_MEASURE
from calidez.monitoring.measuring.findings import ended
from calidez.monitoring.measuring.season import Adjust, possible
from calidez.monitoring.models import Indicator, IndicatorVersion
from calidez.monitoring.page_unit import shown_unit
from calidez.monitoring.rules import Promise, Schedule
from calidez.monitoring.sentences import decimals
from calidez.people.models import Unit

TABS = ("chart", "between", "promise", "branches", "signals", "definition")
SPANS = ("rolling", "year")


@dataclass(frozen=True)
class View:
    """One reproducible view; made from an address, it gives the address back."""

    indicator: Indicator
    unit: Unit
    version: IndicatorVersion | None
    show: str = "chart"
    segment: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    chart: str = ""
    preset: str = ""
    span: str = "rolling"
    rows: str = ""
    adjust: str = ""

    @property
    def old(self) -> bool:
        """Whether a definition that no longer holds is shown."""
        return self.version is not None and not self.version.current

    @cached_property
    def promised(self) -> Schedule | None:
        """What was promised here, version after version."""
        return selectors.promise_of(self.indicator, self.unit)

    @cached_property
    def promise(self) -> Promise | None:
        """The promise in force, else the last or the coming one."""
        return self.promised.spoken_of_on(timezone.localdate()) if self.promised is not None else None

    @cached_property
    def reading(self) -> Reading:
        """The chart over all periods: the window shown cuts the picture, never the limits."""
        return selectors.reading_of(
            self.indicator,
            self.unit,
            segment=self.segment,
            version=self.version,
            chart=self.chart,
            preset=self.preset,
            adjust=self.adjust,
        )

    @cached_property
    def kept(self) -> Reading:
        """The chart as it is kept for the indicator, whatever way of looking at it the address asks for."""
        if not (self.chart or self.preset or self.adjust):
            return self.reading
        return selectors.reading_of(self.indicator, self.unit, segment=self.segment, version=self.version)

    @cached_property
    def window(self) -> range:
        """The positions of the periods from–until."""
        periods = self.reading.series.periods
        inside = [
            i
            for i, start in enumerate(periods)
            if (self.since is None or start >= self.since) and (self.until is None or start <= self.until)
        ]
        return range(inside[0], inside[-1] + 1) if inside else range(0)

    @cached_property
    def decimals(self) -> int:
        """Those of all values of the chart."""
        return decimals(self.reading.series.values.tolist(), self.indicator.measured_in)

    @cached_property
    def limit_decimals(self) -> int:
        """Those of its limits and its centre: never fewer than its values have."""
        lines = (self.reading.lower, self.reading.centre, self.reading.upper)
        found = decimals([v for line in lines for v in line.tolist()], self.indicator.measured_in)
        return max(found, self.decimals) if self.decimals else found

    @cached_property
    def ended(self) -> str:
        """What follows “until” where the figures say nothing of the present any more; empty where they do."""
        return ended(self.reading, self.indicator.period)

    @property
    def params(self) -> dict[str, str]:
        given = {
            "unit": self.unit.code,
            "show": "" if self.show == "chart" else self.show,
            "segment": self.segment,
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
            "chart": self.chart,
            "rules": self.preset,
            "season": self.adjust,
            "version": str(self.version.number) if self.version is not None and self.old else "",
            "span": "" if self.span == "rolling" else self.span,
            "rows": self.rows,
        }
        return {name: value for name, value in given.items() if value}

    def url(self, **changes: str) -> str:
        """The page's address with some parts changed; an empty part is left out."""
        merged = {**self.params, **changes}
        return self.path + "?" + urlencode({name: value for name, value in merged.items() if value})

    @property
    def path(self) -> str:
        return reverse("indicator", args=[self.indicator.uid])

    def url_of(self, name: str) -> str:
        """Another address about the same unit of the indicator."""
        return reverse(name, args=[self.indicator.uid]) + "?" + urlencode({"unit": self.unit.code})

    def file_url(self, form: str) -> str:
        """Of the chart that is drawn: the figures', or that of the stretches between events."""
        params = {k: v for k, v in self.params.items() if k != "show" or v == "between"}
        return reverse("indicator_file", args=[self.indicator.uid, form]) + "?" + urlencode(params)


def view_of(request: HttpRequest, uid: uuid.UUID) -> View:
    """The view that the address asks for; a unit outside the person's scope is a 404, nonsense is left out."""
    entity = viewable_entity(request, "indicators")
    indicator = record_or_404(request, entity, uid)
    params = request.GET
    unit = _unit(request, indicator, params.get("unit", ""))
    version = selectors.version_numbered(indicator, _number(params.get("version", "")))
    measure = STATS_MEASURE[indicator.measure]
    return View(
        indicator=indicator,
        unit=unit,
        version=version,
        # The past stands where the fields do.
        show=_one_of(params, "show", TABS) or ("definition" if {"on", "after"} & params.keys() else "chart"),
        segment=_segment(indicator, params.get("segment", "")),
        since=far_days.day_asked(params.get("since", "")),
        until=far_days.day_asked(params.get("until", "")),
        chart=_one_of(params, "chart", (BY_DATA, *ALTERNATIVES[measure])),
        preset=_one_of(params, "rules", Indicator.Preset.values),
        span=_one_of(params, "span", SPANS) or "rolling",
        rows=_one_of(params, "rows", ("all",)),
        adjust=_one_of(params, "season", (Adjust.NONE, *possible(indicator.period))),
    )


def _unit(request: HttpRequest, indicator: Indicator, code: str) -> Unit:
    missing = Http404(_("This record does not exist, or it belongs to a unit that you cannot see."))
    if not code:
        unit = shown_unit(request, indicator.unit)
    else:
        unit = Unit.objects.filter(code=code, path__startswith=indicator.unit.path).first()
    granted = access.scope(request.user, "indicator", access.VIEW)
    if unit is None or not granted.covers(unit.path):
        raise missing
    return unit


def _segment(indicator: Indicator, text: str) -> str:
    column, _equals, value = text.partition("=")
    return text[:200] if value and column in indicator.segment_columns else ""


def _one_of(params: Mapping[str, Any], name: str, allowed: Any) -> str:
    value = params.get(name, "")
    return value if value in allowed else ""


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 6 else None
