"""A definition whose figures are still being computed: the page waits for them by itself."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from calidez.kit.platform.jobs.models import Job
from calidez.monitoring.indicator_pages.address import View

MEASURING = (
    "monitoring.measure_indicators",
    "monitoring.measure_import",
    "monitoring.measure_again",
    "monitoring.measure_new_units",
)


@dataclass(frozen=True)
class Awaited:
    """`running`: they come by themselves; else something went wrong, and nothing comes."""

    sentence: str
    running: bool
    url: str


def awaited(view: View) -> Awaited | None:
    """None where the figures are there, or where there is nothing that they could be computed from."""
    indicator, version = view.indicator, view.version
    if version is None or view.old or not indicator.dataset.rows:
        return None
    if indicator.measured_at is not None and indicator.measured_at >= version.since:
        return None
    if len(view.reading.series):  # a definition to which somebody went back
        return None
    if Job.objects.filter(name__in=MEASURING, state__in=[Job.State.QUEUED, Job.State.RUNNING]).exists():
        sentence = _(
            "The first figures of this definition are being computed. This page shows them as they come."
        )
        return Awaited(sentence, True, view.url())
    sentence = _(
        "The figures of this definition could not be computed. See the background jobs for the reason."
    )
    return Awaited(sentence, False, view.url())
