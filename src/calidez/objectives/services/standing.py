"""How objectives stand now, kept where lists and the cascade read it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone

from calidez.objectives.models import Objective
from calidez.objectives.progress import standing


def refresh(objectives: Iterable[Objective], *, on: dt.date | None = None) -> None:
    """Keep how they stand now; no version rises, for nobody changed the objective."""
    today = on or timezone.localdate()
    for objective in objectives:
        for name, value in standing(objective, today).items():
            setattr(objective, name, value)
        Objective.objects.filter(pk=objective.pk).update(
            **{name: getattr(objective, name) for name in Objective.unrecorded}
        )
