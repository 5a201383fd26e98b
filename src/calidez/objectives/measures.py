"""Which objectives measure a commitment, for the check of the policy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from calidez.kit.catalog import catalog
from calidez.monitoring.feasibility_words import easier_than
from calidez.objectives.models import Objective
from calidez.policy.measures import Measure
from calidez.stats.feasibility import reach

FEWEST = 8  # periods from which it is said what nine in ten of them reach


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
        kind=str(objective._meta.verbose_name),
        title=objective.title,
        url=url,
        at_least=objective.at_least,
        target=objective.target,
        measured_in=objective.measured_in,
        has_indicator=objective.indicator_id is not None,
        has_data=any(value is not None for value in objective.trace),
        reachable=_reachable(objective),
        unit_path=objective.unit.path,
    )


def _reachable(objective: Objective) -> float | None:
    """The value that nine in ten of the last periods reached; an objective may ask for more, a promise should not."""
    known = [value for value in objective.trace if value is not None]
    if len(known) < FEWEST:
        return None
    return easier_than(reach(known, at_least=objective.at_least).value, at_least=objective.at_least)
