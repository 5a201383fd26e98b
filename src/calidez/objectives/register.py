"""What objectives add to everybody's work and to the pages of what they serve."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from calidez.kit.desk.panels import add_panel
from calidez.kit.desk.related import Related
from calidez.monitoring.measuring.followers import follow_measuring
from calidez.monitoring.models import IndicatorVersion
from calidez.objectives import gaps, services
from calidez.objectives.measures import measures
from calidez.objectives.models import Objective
from calidez.policy.measures import add_measures


def _measured(version: IndicatorVersion) -> None:
    found = Objective.objects.filter(indicator=version.indicator_id, state__in=gaps.OPEN)
    services.refresh(found.select_related("indicator", "unit"))


follow_measuring(_measured)
add_measures(measures)
for kind, by, title in (
    ("monitoring.indicator", "indicator", _("Objectives it measures")),
    ("policy.commitment", "commitment", _("Objectives")),
):
    add_panel(
        kind,
        Related(
            Objective,
            by=by,
            columns=("code", "title", "unit", "target", "due", "progress"),
            title=title,
            where=~Q(state=Objective.State.WITHDRAWN),
            order=("due",),
        ),
    )
gaps.register()
