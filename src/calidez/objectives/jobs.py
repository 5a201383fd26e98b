"""Background work of objectives: what stands still grows old by itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from calidez.kit.platform.jobs import job
from calidez.objectives.models import Objective


@job(title=_("Comparing objectives with their plans"), every="41 4 * * *")
def look_at_objectives() -> None:
    """The figures are compared when they are measured; each day shows which of them became too old to speak."""
    from calidez.objectives.services import refresh

    refresh(Objective.objects.filter(state=Objective.State.ACTIVE).select_related("indicator", "unit"))
