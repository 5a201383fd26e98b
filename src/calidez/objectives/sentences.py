"""Objectives as people say them: target, baseline, and how the newest period stands to the plan."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from calidez.kit.catalog import catalog
from calidez.kit.platform.display import Badge, Tone
from calidez.kit.platform.sparkline import Sparkline, sparkline
from calidez.kit.platform.spoken import spoken
from calidez.monitoring.measuring.periods import in_period, since_period
from calidez.monitoring.sentences import figure, stretch
from calidez.objectives.models import Objective
from calidez.standards.sentences import target_words

Status = Objective.Status
TONES = {
    Status.AHEAD: Tone.GOOD,
    Status.ON_PLAN: Tone.GOOD,
    Status.BEHIND: Tone.CONCERN,
    Status.REACHED: Tone.GOOD,
    Status.UNKNOWN: Tone.UNKNOWN,
}


def target_sentence(objective: Objective) -> str:
    """“at least 95%”; empty where there is no target yet."""
    if objective.target is None:
        return ""
    return f"{objective.get_direction_display()} {target_words(objective.target, objective.measured_in)}"


def short_target(objective: Objective) -> str:
    """“≥ 95%”, for lists."""
    if objective.target is None:
        return ""
    sign = "≥" if objective.at_least else "≤"
    said = f"{sign} {target_words(objective.target, objective.measured_in)}"
    return said.replace(" ", "\N{NO-BREAK SPACE}")  # a column no wider than it takes, and never broken


def with_interval(
    value: float | None, low: float | None, high: float | None, measured_in: str, *, n: int | None = None
) -> str:
    """“91.2% (90.8–91.6)”, with “n = 12,300” where cases are given."""
    if value is None:
        return ""
    parts = []
    digits = telling_digits(low, high)
    if low is not None or high is not None:
        parts.append(interval(low, high, digits=digits))
    if n is not None:
        parts.append(_("n = %(n)s") % {"n": number_format(n)})
    said = figure(value, measured_in, digits=digits)
    return f"{said} ({'; '.join(parts)})" if parts else said


def interval(low: float | None, high: float | None, *, digits: int | None = None) -> str:
    """“90.8–91.6”, or the one bound that there is and why the other is missing."""
    if low is not None and high is not None:
        return stretch(figure(low, digits=digits), figure(high, digits=digits))
    if low is not None:
        return _("at least %(low)s, no upper bound from so few cases") % {"low": figure(low, digits=digits)}
    if high is not None:
        return _("at most %(high)s, no lower bound from so few cases") % {"high": figure(high, digits=digits)}
    return ""


def telling_digits(low: float | None, high: float | None) -> int | None:
    """As many decimals more as it takes to tell the ends of a narrow interval apart; two more at the most."""
    if low is None or high is None or low == high:
        return None
    usual = 0 if abs(high) >= 1000 else 1 if abs(high) >= 1 else 3
    apart = (places for places in range(usual, usual + 2) if round(low, places) != round(high, places))
    found = next(apart, usual + 2)
    return None if found == usual else found


def baseline_sentence(objective: Objective) -> str:
    if objective.baseline is None:
        return objective.no_baseline
    return with_interval(
        objective.baseline,
        objective.baseline_low,
        objective.baseline_high,
        objective.measured_in,
        n=objective.baseline_n,
    )


def result_sentence(objective: Objective) -> str:
    return with_interval(
        objective.result,
        objective.result_low,
        objective.result_high,
        objective.measured_in,
        n=objective.result_n,
    )


def status_badge(objective: Objective) -> Badge | None:
    """How an active objective stands; drafts and closed ones have no progress to speak of."""
    if objective.state != Objective.State.ACTIVE:
        return None
    status = Status(objective.status)
    return Badge(str(status.label), TONES[status], title=status_sentence(objective))


def progress_badge(objective: Objective) -> Badge | None:
    """The progress of what is active, and else the state."""
    return status_badge(objective) or catalog.of(Objective).state_badge(objective)


def status_sentence(objective: Objective) -> str:
    """“In March 2026 91.2% (90.8–91.6), the plan asks 93%”: from the stored figures alone."""
    if objective.indicator is None:
        return _("No indicator measures it yet.")
    if objective.period_start is None or objective.value is None:
        return _("Nothing has been measured since it started.")
    values: dict[str, Any] = {
        "when": _capital(in_period(objective.period_start, objective.indicator.period)),
        "until": since_period(objective.period_start, objective.indicator.period),
        "value": with_interval(objective.value, objective.low, objective.high, objective.measured_in),
        "asked": target_words(round(objective.asked, 1), objective.measured_in)
        if objective.asked is not None
        else "",
        "target": target_sentence(objective),
    }
    if objective.status == Status.REACHED:
        return _("%(when)s %(value)s: the target of %(target)s is met.") % values
    if objective.status == Status.UNKNOWN and objective.asked is not None:
        return spoken(_("The last data are of %(until)s: %(value)s.") % values)
    if objective.asked is None:
        return _("%(when)s %(value)s; without a baseline the plan asks nothing before its due date.") % values
    return _("%(when)s %(value)s, the plan asks %(asked)s.") % values


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def asked_of_owner(objective: Objective) -> str:
    values = {"objective": objective, "standing": status_sentence(objective)}
    assert objective.due is not None  # an active objective is planned: the database says so
    if objective.due < timezone.localdate():
        return _("Past its date: %(objective)s. %(standing)s") % values
    if objective.status == Status.BEHIND:
        return _("Behind its plan: %(objective)s. %(standing)s") % values
    return _("Due soon: %(objective)s. %(standing)s") % values


def asked_of_others(objective: Objective) -> str:
    values = {"objective": objective, "standing": status_sentence(objective)}
    return _("Was due and is to be closed: %(objective)s. %(standing)s") % values


def trend(objective: Objective) -> Sparkline | None:
    """The last periods drawn small, with the target as a line."""
    if not objective.trace:
        return None
    return sparkline(
        objective.trace,
        label=status_sentence(objective),
        target=objective.target,
        width=120,
        height=28,
    )
