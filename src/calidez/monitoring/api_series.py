"""A chart as plain values: what its page draws, for programs."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

from ninja import Schema

from calidez.monitoring.indicator_pages import points
from calidez.monitoring.indicator_pages.address import View
from calidez.monitoring.measuring.charting import Memory
from calidez.monitoring.measuring.findings import finding
from calidez.monitoring.rules import Promise
from calidez.monitoring.sentences import reason_names


class Point(Schema):
    """One period; what is not known is null, never zero. What is `unfinished` still runs or is known in part: it is not judged.

    Neither is what is `excluded`: somebody left it out of the limits. A chart that remembers has no limits for the
    values: `statistic` is then the weighted average of an EWMA, or the upper sum of a CUSUM in standard deviations with
    the lower one in `statistic_below`, and `statistic_lower` and `statistic_upper` are their limits.
    """

    period: dt.date
    value: float | None
    n: int
    lower: float | None
    centre: float | None
    upper: float | None
    provisional: bool
    unfinished: bool
    excluded: bool
    statistic: float | None
    statistic_below: float | None
    statistic_lower: float | None
    statistic_upper: float | None
    target: float | None
    verdict: str
    unacceptable: bool
    signal: str


class SignalShown(Schema):
    """One stretch of periods that chance seldom makes; `rule` is the plainest of the `rules` that find it."""

    rule: str
    rules: list[str]
    rule_label: str
    kind: str
    periods: list[dt.date]
    value: float | None


class Target(Schema):
    value: float
    tolerance: float
    at_least: bool
    unacceptable: float | None
    starts: dt.date | None
    ends: dt.date | None


class Series(Schema):
    """One indicator in one unit: the values, how they are judged, and in a sentence what they say.

    `target` is the one in force today; `targets` all that were, oldest first: a point is judged by that of its time.
    """

    indicator: str
    unit: str
    segment: str
    definition: int | None
    measured_in: str
    period: str
    finding: str
    verdict: str
    chart: str
    variation: str
    assurance: str
    target: Target | None
    targets: list[Target]
    points: list[Point]
    signals: list[SignalShown]


def series_of(view: View) -> dict[str, Any]:
    reading = view.reading
    periods = reading.series.periods
    return {
        "indicator": view.indicator.code,
        "unit": view.unit.code,
        "segment": view.segment,
        "definition": view.version.number if view.version else None,
        "measured_in": view.indicator.measured_in,
        "period": view.indicator.period,
        "finding": finding(reading, view.indicator, view.promised),
        "verdict": str(reading.verdict),
        "chart": reading.kind if reading.chart is not None else "",
        "variation": reading.variation,
        "assurance": reading.assurance,
        "target": None if view.promise is None else _target(view.promise),
        "targets": [_target(one) for one in view.promised.promises] if view.promised is not None else [],
        "points": [
            _point(view, i, point) for i, point in zip(view.window, points.points_of(view), strict=True)
        ],
        "signals": [
            {
                "rule": found.rule,
                "rules": list(found.reasons),
                "rule_label": reason_names(found.reasons),
                "kind": found.kind,
                "periods": [periods[i] for i in found.members],
                "value": found.value if math.isfinite(found.value) else None,
            }
            for found in reading.signals
            if found.index in view.window or found.last in view.window
        ],
    }


def _target(promise: Promise) -> dict[str, Any]:
    return {
        "value": promise.target,
        "tolerance": promise.tolerance,
        "at_least": promise.at_least,
        "unacceptable": promise.unacceptable,
        "starts": promise.starts,
        "ends": promise.ends,
    }


def _remembered(memory: Memory | None, i: int) -> dict[str, float | None]:
    lines: dict[str, Any] = {
        "statistic": None,
        "statistic_below": None,
        "statistic_lower": None,
        "statistic_upper": None,
    }
    if memory is not None:
        lines = {
            "statistic": memory.statistic,
            "statistic_below": memory.below,
            "statistic_lower": memory.lower,
            "statistic_upper": memory.upper,
        }
    return {name: None if line is None else points.known(line[i]) for name, line in lines.items()}


def _point(view: View, i: int, point: Any) -> dict[str, Any]:
    return {
        "period": point.start,
        "value": point.value,
        "n": points.cases(view.reading, i),
        "lower": point.lower,
        "centre": point.centre,
        "upper": point.upper,
        "provisional": point.provisional,
        "unfinished": point.unfinished,
        "excluded": point.aside,
        **_remembered(view.reading.memory, i),
        "target": point.target,
        "verdict": str(view.reading.verdicts[i]),
        "unacceptable": view.reading.unacceptable[i],
        "signal": point.signal,
    }
