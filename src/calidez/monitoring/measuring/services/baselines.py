"""Rebasing: a person says that the service has changed for good, and the limits start anew."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez.kit.core.operations import creation, transition
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.formats import day
from calidez.monitoring import selectors
from calidez.monitoring.models import Baseline

MIN_POINTS = 6


def _remeasure(baseline: Baseline, *, by: Any) -> None:
    from calidez.monitoring.measuring.services.measuring import refresh_standings

    version = selectors.current_version(baseline.indicator)
    if version is not None:
        refresh_standings(version, [baseline.unit_id])


@creation(Baseline, fields=("indicator", "unit", "starts", "learned_until", "reason"), after=_remeasure)
def rebase(baseline: Baseline, *, by: Any) -> None:
    """Learn the limits from the chosen periods and freeze them: later data never move them."""
    refuse_reversed(baseline.starts, baseline.learned_until, field="learned_until")
    if baseline.learned_until > timezone.localdate():
        raise RuleBroken(
            _(
                "Limits are learned from periods that have been: %(day)s is still to come. Choose a day until today."
            )
            % {"day": day(baseline.learned_until)},
            field="learned_until",
        )
    periods = selectors.series_of(baseline.indicator, baseline.unit).periods
    chosen = [p for p in periods if baseline.starts <= p <= baseline.learned_until]
    if len(chosen) < MIN_POINTS:
        raise RuleBroken(
            _(
                "Limits need at least %(count)s periods to learn from; between %(start)s and %(end)s there are %(found)s."
            )
            % {
                "count": MIN_POINTS,
                "start": day(baseline.starts),
                "end": day(baseline.learned_until),
                "found": len(chosen),
            },
            field="learned_until",
        )
    reading = selectors.reading_of(
        baseline.indicator, baseline.unit, without_baselines=True, since=chosen[0], until=chosen[-1]
    )
    if reading.chart is None:
        raise RuleBroken(_("There is not enough data in these periods for limits."), field="learned_until")
    limits = reading.chart.phases[0].limits
    baseline.chart = reading.kind
    baseline.centre = limits.centre
    baseline.sigma = None if limits.sigma != limits.sigma else limits.sigma
    baseline.sigma_z = limits.sigma_z
    baseline.points = limits.points or len(chosen)


@transition(
    Baseline,
    source=[Baseline.State.IN_FORCE],
    target=Baseline.State.WITHDRAWN,
    label=gettext_lazy("Withdraw"),
    note=True,
    icon="arrow-back-up",
    after=_remeasure,
    help=gettext_lazy("The limits go back to those of the phase before."),
)
def withdraw(baseline: Baseline, *, by: Any) -> None:
    """Withdrawn baselines stay in the list with their reason."""


def refuse_reversed(first: dt.date, last: dt.date, *, field: str) -> None:
    """Otherwise it would only be said that between the two days there is nothing."""
    if last < first:
        raise RuleBroken(
            _("The last day, %(last)s, comes before the first one, %(first)s. Did you swap them?")
            % {"last": day(last), "first": day(first)},
            field=field,
        )
