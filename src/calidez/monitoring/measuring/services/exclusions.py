"""Leaving periods out of the limits: a person says that what happened then is no part of the service as it works."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez import engine
from calidez.kit.core.operations import creation, transition
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.jobs import enqueue
from calidez.kit.platform.spoken import spoken
from calidez.monitoring import selectors
from calidez.monitoring.measuring.drawing import SetAside, set_aside
from calidez.monitoring.measuring.periods import since_period
from calidez.monitoring.measuring.services.baselines import MIN_POINTS, refuse_reversed
from calidez.monitoring.models import Exclusion
from calidez.people.models import Unit


def _draw_again(exclusion: Exclusion, *, by: Any) -> None:
    """The unit's own chart at once, as the person looks at it; those below soon."""
    from calidez.monitoring.measuring.services.measuring import refresh_standings

    version = selectors.current_version(exclusion.indicator)
    if version is None:
        return
    refresh_standings(version, [exclusion.unit_id])
    below = Unit.objects.filter(path__startswith=exclusion.unit.path).exclude(pk=exclusion.unit_id)
    if below.exists():
        enqueue("monitoring.draw_again", indicator=exclusion.indicator_id)


@creation(Exclusion, fields=("indicator", "unit", "starts", "ends", "reason"), after=_draw_again)
def leave_out(exclusion: Exclusion, *, by: Any) -> None:
    """The periods stay in every figure and in the drawing; the limits are learned without them."""
    refuse_reversed(exclusion.starts, exclusion.ends, field="ends")
    indicator, unit = exclusion.indicator, exclusion.unit
    _refuse_twice(exclusion)
    series = selectors.series_of(indicator, unit)
    _frozen, aside = selectors.set_by_people(indicator, unit)
    options = selectors.options_of(indicator, unit, (), set_aside=aside)
    before = set(set_aside(series, options))
    one = SetAside(exclusion.starts, exclusion.ends, exclusion.reason)
    chosen = set(set_aside(series, replace(options, set_aside=(one,))))
    if not chosen:
        raise RuleBroken(_("There are no periods with data between these days."), field="ends")
    left = int(np.isfinite(series.values).sum()) - len(before | chosen)
    if left < MIN_POINTS:
        raise RuleBroken(
            _("Limits need at least %(count)s periods to learn from, and %(left)s would be left.")
            % {"count": MIN_POINTS, "left": left},
            field="ends",
        )


def _refuse_twice(exclusion: Exclusion) -> None:
    """A period is left out once: a second exclusion would add nothing, and withdrawing one of them would change nothing."""
    step = engine.Period(exclusion.indicator.period)
    first, last = (engine.period_start(day, step) for day in (exclusion.starts, exclusion.ends))
    held = Exclusion.objects.filter(
        indicator=exclusion.indicator, unit=exclusion.unit, state=Exclusion.State.IN_FORCE
    ).order_by("starts")
    for one in held:
        if engine.period_start(one.starts, step) <= last and first <= engine.period_start(one.ends, step):
            raise RuleBroken(
                spoken(
                    _(
                        "What lies between %(first)s and %(last)s is left out already: “%(reason)s”. Choose other days, or withdraw that exclusion first."
                    )
                    % {
                        "first": since_period(one.starts, "day"),
                        "last": since_period(one.ends, "day"),
                        "reason": one.reason.strip().rstrip("."),
                    }
                ),
                field="starts",
            )


@transition(
    Exclusion,
    source=[Exclusion.State.IN_FORCE],
    target=Exclusion.State.WITHDRAWN,
    label=gettext_lazy("Withdraw"),
    note=True,
    icon="arrow-back-up",
    after=_draw_again,
    help=gettext_lazy("The periods count again for the limits."),
)
def count_again(exclusion: Exclusion, *, by: Any) -> None:
    """Withdrawn exclusions stay in the list with their reason."""
