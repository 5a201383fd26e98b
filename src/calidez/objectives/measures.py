"""Which objectives measure a commitment, for the check of the policy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from calidez.kit.catalog import catalog
from calidez.objectives.models import Objective
from calidez.policy.measures import Measure


def measures(commitments: Sequence[Any], user: Any) -> Mapping[int, Sequence[Measure]]:
    entity = catalog.of(Objective)
    states = (Objective.State.DRAFT, Objective.State.ACTIVE)
    rows = entity.queryset(user).filter(commitment__in=[one.pk for one in commitments], state__in=states)
    found: dict[int, list[Measure]] = defaultdict(list)
    for one in rows.select_related("unit", "indicator"):
        if one.commitment_id is not None:
            found[one.commitment_id].append(_measure(one, entity.url(one)))
    return found


def _measure(objective: Objective, url: str) -> Measure:
    return Measure(
        kind=_("Objective"),
        title=objective.title,
        url=url,
        at_least=objective.at_least,
        target=objective.target,
        measured_in=objective.measured_in,
        has_indicator=objective.indicator_id is not None,
        has_data=any(value is not None for value in objective.trace),
        reachable=None,  # an objective asks for more than was reached; only a promise should not
        unit_path=objective.unit.path,
    )
