"""What objectives add to everybody's work and to the pages of what they serve."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from calidez.kit.desk import inbox
from calidez.kit.desk.panels import Custom, add_panel
from calidez.monitoring.measuring.followers import follow_measuring
from calidez.monitoring.models import IndicatorVersion
from calidez.objectives import gaps, services, tables, waiting
from calidez.objectives.measures import measures
from calidez.objectives.models import Objective
from calidez.policy.measures import add_measures


def _measured(version: IndicatorVersion) -> None:
    found = Objective.objects.filter(indicator=version.indicator_id, state__in=gaps.OPEN)
    services.refresh(found.select_related("indicator", "unit"))


follow_measuring(_measured)
add_measures(measures)
inbox.add_source(
    waiting.objectives_waiting, key="objectives", label=_("Objectives"), verb="edit", rows=waiting.pressing
)
add_panel(
    "monitoring.indicator",
    Custom(
        "objectives", _("Objectives it measures"), "kit/panels/table.html", tables.objectives_of_indicator
    ),
)
add_panel(
    "policy.commitment",
    Custom("objectives", _("Objectives"), "kit/panels/table.html", tables.objectives_of_commitment),
)
gaps.register()
