"""The progress of an objective against its plan: the finding, its drawing, and the table of the same numbers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from calidez.kit.core import cells
from calidez.kit.platform.display import Badge, Header, Row
from calidez.monitoring.measuring.findings import when, when_in_column
from calidez.monitoring.measuring.periods import in_period, last_day, sequence
from calidez.monitoring.models import Indicator
from calidez.monitoring.page_unit import indicator_url
from calidez.monitoring.sentences import figure
from calidez.monitoring.vega.parts import Spec
from calidez.objectives import progress, sentences
from calidez.objectives.drawing import Dot, PlanPoint, Words, progress_chart
from calidez.objectives.models import Objective
from calidez.objectives.rules import Plan, Point, Status, judge
from calidez.standards.sentences import target_words

BEFORE = 12  # periods before the start that are drawn, for what the plan starts from


@dataclass(frozen=True)
class ProgressPanel:
    """The finding as a sentence, its drawing and the table of the same numbers."""

    badge: Badge | None
    finding: str
    subtitle: str
    caption: str
    spec: Spec | None
    headers: tuple[Header, ...]
    rows: tuple[Row, ...]
    chart_url: str


def progress_panel(objective: Objective, user: Any, request: Any) -> ProgressPanel | None:
    indicator = objective.indicator
    if indicator is None:
        return None
    plan, points = progress.read_for_page(objective)
    points = _shown(points, plan, indicator)
    badge = sentences.status_badge(objective)
    if plan is None or not points:
        return ProgressPanel(
            badge, sentences.status_sentence(objective), "", "", None, (), (), _url(objective)
        )
    dots = tuple(_dot(p, plan, indicator) for p in points)
    values = {
        "name": indicator.name,
        "unit": objective.unit,
        "period": indicator.get_period_display().lower(),
    }
    return ProgressPanel(
        badge=badge,
        finding=finding(objective),
        subtitle=_("%(name)s, %(unit)s, by %(period)s") % values,
        caption=_caption(objective),
        spec=progress_chart(
            dots,
            _plan_points(plan, indicator.period),
            target=plan.target,
            baseline=_baseline(objective),
            period=indicator.period,
            words=Words(
                plan=_("plan"),
                target=_("target %(value)s") % {"value": target_words(plan.target, objective.measured_in)},
                baseline=_("baseline %(value)s") % {"value": figure(plan.baseline, objective.measured_in)},
                unit=objective.measured_in,
            ),
        ),
        headers=_headers(),
        rows=tuple(_row(p, plan, objective) for p in reversed(points)),
        chart_url=_url(objective),
    )


def finding(objective: Objective) -> str:
    """The title of the chart: how the newest period stands to the plan."""
    if objective.state in {Objective.State.REACHED, Objective.State.NOT_REACHED}:
        assert objective.result_on is not None  # closed with a result
        assert objective.indicator is not None
        values = {
            "when": in_period(objective.result_on, objective.indicator.period),
            "value": sentences.result_sentence(objective),
        }
        if objective.state == Objective.State.REACHED:
            return _("Reached: %(value)s %(when)s") % values
        return _("Not reached: %(value)s %(when)s") % values
    return sentences.status_sentence(objective)


def _url(objective: Objective) -> str:
    return indicator_url(objective.indicator, objective.unit) if objective.indicator is not None else ""


def _shown(points: tuple[Point, ...], plan: Plan | None, indicator: Indicator) -> tuple[Point, ...]:
    """The periods of the plan and some before it; after the due date two more, for how it went on."""
    if plan is None:
        return points
    before = [p for p in points if p.end < plan.starts][-BEFORE:]
    during = [p for p in points if p.end >= plan.starts and p.start <= plan.due]
    after = [p for p in points if p.start > plan.due][:2]
    return (*before, *during, *after)


def _dot(point: Point, plan: Plan, indicator: Indicator) -> Dot:
    status = judge([point], plan).status if point.enough else Status.UNKNOWN
    return Dot(point.start, point.value, _said(point, plan, indicator), point.low, point.high, status)


def _said(point: Point, plan: Plan, indicator: Indicator) -> str:
    asked = plan.asks(point.end)
    value = sentences.with_interval(point.value, point.low, point.high, indicator.measured_in, n=point.n)
    said = f"{when(point.start, indicator.period)}: {value}"
    if asked is None or point.end < plan.starts:
        return said
    asks = _("the plan asks %(value)s") % {"value": figure(asked, indicator.measured_in)}
    return f"{said}\n{asks}"


def _plan_points(plan: Plan, period: str) -> tuple[PlanPoint, ...]:
    """What the plan asks at the end of each period, drawn where the period is drawn."""
    first = progress.period_start(plan.starts, period)
    corners = [on for on, _value in plan.milestones]
    found = []
    for start in sequence(first, plan.due, period):
        end = last_day(start, period)
        asked = plan.asks(end)
        if asked is not None:
            found.append(PlanPoint(start, asked, any(start <= on <= end for on in corners)))
    return tuple(found)


def _baseline(objective: Objective) -> tuple[dt.date, dt.date, float] | None:
    if objective.baseline is None or objective.baseline_from is None or objective.baseline_until is None:
        return None
    return objective.baseline_from, objective.baseline_until, objective.baseline


def _caption(objective: Objective) -> str:
    baseline = sentences.baseline_sentence(objective)
    parts = []
    if objective.baseline is not None:
        parts.append(_("Baseline: %(value)s.") % {"value": baseline})
    elif baseline:
        parts.append(_("No baseline: %(why)s") % {"why": baseline})
    parts.append(_("Each period is compared with what the plan asks at its end."))
    if progress.has_interval(objective):
        parts.append(
            _("It is behind or ahead only where its whole 95% interval lies on one side of the plan.")
        )
    else:
        parts.append(
            _("This figure has no interval: it is behind or ahead only where two periods in a row are.")
        )
    return " ".join(parts)


def _headers() -> tuple[Header, ...]:
    return (
        Header(_("Period")),
        Header(_("Value"), numeric=True),
        Header(_("95% interval"), numeric=True),
        Header(_("Cases"), numeric=True),
        Header(_("The plan asks"), numeric=True),
        Header(_("Standing")),
    )


def _row(point: Point, plan: Plan, objective: Objective) -> Row:
    assert objective.indicator is not None  # the panel is drawn with one
    asked = plan.asks(point.end) if point.end >= plan.starts else None
    status = judge([point], plan).status if point.enough else Status.UNKNOWN
    badge = None
    if point.end >= plan.starts:
        shown = Objective.Status(str(status))
        badge = Badge(str(shown.label), sentences.TONES[shown])
    digits = sentences.telling_digits(point.low, point.high)
    interval = sentences.interval(point.low, point.high, digits=digits)
    return Row(
        "",
        (
            cells.cell(when_in_column(point.start, objective.indicator.period)),
            cells.cell(figure(point.value, objective.measured_in, digits=digits)),
            cells.cell(interval),
            cells.cell(point.n),
            cells.cell(figure(asked, objective.measured_in) if asked is not None else ""),
            cells.cell(badge),
        ),
    )
