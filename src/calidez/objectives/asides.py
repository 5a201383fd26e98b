"""What the indicator's past says beside the form while an objective is being written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calidez.kit.core import access
from calidez.monitoring.measuring.findings import when
from calidez.monitoring.models import Indicator
from calidez.monitoring.sentences import figure
from calidez.objectives import sentences
from calidez.objectives.figures import last_periods, points_of
from calidez.objectives.models import Objective
from calidez.objectives.rules import Point, meets
from calidez.standards.sentences import target_words

PROPOSED_OVER = 12


@dataclass(frozen=True)
class Proposal:
    """What the indicator's past says while an objective is being written."""

    sentence: str
    gap: str
    short: str
    pace: str


def baseline_beside(values: Any, record: Any, user: Any) -> Proposal | None:
    """Where the figure stood in the last twelve periods, and how many of them met the target typed so far."""
    indicator, unit = values.get("indicator"), values.get("unit")
    if (
        indicator is None
        or unit is None
        or not access.scope(user, "indicator", access.VIEW).covers(unit.path)
    ):
        return None
    found = last_periods(indicator, unit, PROPOSED_OVER, before=values.get("starts"))
    if found is None:
        return Proposal(
            _("%(indicator)s has no data for %(unit)s.") % {"indicator": indicator, "unit": unit}, "", "", ""
        )
    shown, first, last = found
    sentence = _("From %(first)s to %(last)s: %(value)s.") % {
        "first": when(first, "day"),
        "last": when(last, "day"),
        "value": sentences.with_interval(
            shown.value, shown.low, shown.high, indicator.measured_in, n=shown.n
        ),
    }
    points = points_of(indicator, unit)[-PROPOSED_OVER:]
    return Proposal(sentence, *_against_target(values, points, shown.value, indicator))


def _against_target(
    values: Any, points: tuple[Point, ...], now: float, indicator: Indicator
) -> tuple[str, str, str]:
    target = values.get("target")
    if target is None:
        return "", "", ""
    at_least = values.get("direction", Objective.Direction.AT_LEAST) == Objective.Direction.AT_LEAST
    met = sum(meets(p.value, target, at_least=at_least) for p in points)
    gap = ngettext(
        "%(met)s of the last %(count)s period met a target of %(target)s.",
        "%(met)s of the last %(count)s periods met a target of %(target)s.",
        len(points),
    ) % {"met": met, "count": len(points), "target": target_words(target, indicator.measured_in)}
    if meets(now, target, at_least=at_least):
        return gap, _("The figure already meets this target: it asks for nothing more."), ""
    starts, due = values.get("starts"), values.get("due")
    if starts is None or due is None or due <= starts:
        return gap, "", ""
    months = max(1, round((due - starts).days / 30.44))
    pace = ngettext(
        "From there to the target takes %(step)s a month, for %(count)s month.",
        "From there to the target takes %(step)s a month, for %(count)s months.",
        months,
    ) % {"step": figure(abs(target - now) / months, indicator.measured_in, digits=2), "count": months}
    return gap, "", pace
