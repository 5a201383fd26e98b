"""Broken links that only measuring shows: figures that stopped coming, promises without data or above what was shown."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez.kit.core import access
from calidez.kit.core.links import Missing
from calidez.kit.desk.gaps import add_gap
from calidez.kit.platform.display import Link
from calidez.monitoring.measuring.periods import newest_due
from calidez.monitoring.models import Indicator, Standing
from calidez.standards.models import Standard
from calidez.standards.selectors import promised

WITHOUT_INDICATOR = Missing(
    "monitoring.without_indicator",
    gettext_lazy("Standard in force without indicator"),
    gettext_lazy("No indicator proves it, so nobody can tell whether the promise is kept."),
    expected=promised,
    counted=Q(state=Indicator.State.ACTIVE),
    yet=gettext_lazy("No indicator proves it yet."),
)


def stale(indicators: QuerySet[Any]) -> QuerySet[Any]:
    """Measured before, and not in the newest periods that are over, each by its own calendar."""
    today = timezone.localdate()
    late = Q()
    for period in Indicator.Period.values:
        late |= Q(indicator__period=period, period_start__lt=newest_due(period, on=today))
    last = Standing.objects.filter(late, indicator=OuterRef("pk"), unit=OuterRef("unit"))
    return indicators.filter(Exists(last), state=Indicator.State.ACTIVE)


def without_data(standards: QuerySet[Any]) -> QuerySet[Any]:
    """In force with an indicator, of which none has measured anything anywhere."""
    proving = Indicator.objects.filter(standard=OuterRef("pk"), state=Indicator.State.ACTIVE)
    measured = Standing.objects.filter(
        indicator__standard=OuterRef("pk"),
        indicator__state=Indicator.State.ACTIVE,
        period_start__isnull=False,
    )
    return promised(standards).filter(Exists(proving), ~Exists(measured))


def above_ability(standards: QuerySet[Any]) -> QuerySet[Any]:
    """In force, beyond what was shown to be possible, and without a plan that still runs."""
    beyond = Standing.objects.filter(
        Q(unit=OuterRef("unit"))
        | Q(unit=F("indicator__unit"), unit__path__startswith=OuterRef("unit__path")),
        indicator__standard=OuterRef("pk"),
        indicator__state=Indicator.State.ACTIVE,
        beyond=True,
    )
    running = Q(latest__stretch_until__gte=timezone.localdate())
    return promised(standards).filter(Exists(beyond)).exclude(running)


def load_data(record: Any) -> Link:
    """What brings figures is a file."""
    return Link(_("Load data"), reverse("imports-new"))


def look(standard: Standard) -> Link:
    return Link(_("See what can be kept"), reverse("feasibility", args=[standard.uid]))


def register() -> None:
    add_gap(
        "monitoring.stale",
        label=gettext_lazy("Indicator that is no longer measured"),
        subject="monitoring.indicator",
        broken=stale,
        sentence=gettext_lazy("Nothing was measured lately, so it says nothing about now."),
        verb=access.CREATE,
        mender="monitoring.import",
        mend=load_data,
    )
    add_gap(
        "monitoring.without_data",
        label=gettext_lazy("Standard in force whose indicator has no data"),
        subject="standards.standard",
        broken=without_data,
        sentence=gettext_lazy(
            "Its indicator has never measured anything, so nobody can tell whether it is kept."
        ),
        verb=access.CREATE,
        mender="monitoring.import",
        mend=load_data,
    )
    add_gap(
        "monitoring.above_ability",
        label=gettext_lazy("Standard in force above what was shown to be possible"),
        subject="standards.standard",
        broken=above_ability,
        sentence=gettext_lazy(
            "Fewer than nine in ten periods reached its target, and no plan is running that says how it becomes possible."
        ),
        mend=look,
    )
