"""What the figures say of standards, for the parts below: before one is proposed, and where a policy is checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from calidez.kit.catalog import catalog
from calidez.monitoring import selectors
from calidez.monitoring.feasibility.capability import (
    beyond,
    counted,
    indicators_of,
    of_standing,
    standings_of,
    target_of,
)
from calidez.monitoring.feasibility.sentences import easier_than
from calidez.monitoring.models import Standing
from calidez.policy.measures import Measure
from calidez.standards.demonstrated import Demonstrated
from calidez.standards.models import Standard
from calidez.stats.feasibility import Verdict, share_met

_WORST_FIRST = (Verdict.BEYOND, Verdict.OPEN, Verdict.WITHIN_REACH, Verdict.NOT_ENOUGH)


def demonstrated(standard: Standard) -> Demonstrated | None:
    """By the indicator that says least for it; from the kept values, against the target as it is written now."""
    rows = standings_of([standard]).get(standard.pk, [])
    found = [one for row in rows if (one := _of(standard, row)) is not None]
    return min(found, key=lambda pair: pair[0], default=(0, None))[1]


def measures(commitments: Sequence[Any], user: Any) -> Mapping[int, Sequence[Measure]]:
    """The standards that make commitments measurable, for the policy check."""
    entity = catalog.of(Standard)
    standards = list(
        entity.queryset(user)
        .filter(commitment__in=list(commitments))
        .exclude(state=Standard.State.RETIRED)
        .select_related("unit")
        .order_by("code")
    )
    proving, standing = indicators_of(standards), standings_of(standards)
    found: dict[int, list[Measure]] = {}
    for standard in standards:
        rows = standing.get(standard.pk, [])
        at_least = standard.direction == Standard.Direction.AT_LEAST
        reached = [row.reachable for row in rows if row.reachable is not None]
        measure = Measure(
            kind=_("Standard"),
            title=str(standard),
            url=entity.url(standard),
            at_least=at_least,
            target=standard.target,
            measured_in=standard.measured_in,
            has_indicator=bool(proving.get(standard.pk)),
            has_data=any(row.period_start is not None for row in rows),
            reachable=easier_than(min(reached) if at_least else max(reached), at_least=at_least)
            if reached
            else None,
            unit_path=standard.unit.path,
        )
        found.setdefault(standard.commitment_id or 0, []).append(measure)
    return found


def _of(standard: Standard, row: Standing) -> tuple[tuple[int, float], Demonstrated] | None:
    target = target_of(standard, row.unit)
    if target is None or not row.demonstrated:
        return None
    at_least = standard.direction == Standard.Direction.AT_LEAST
    judged = of_standing(row, target, at_least=at_least)
    met = share_met(row.demonstrated, target, at_least=at_least)
    known = judged.verdict is not Verdict.NOT_ENOUGH
    return (_WORST_FIRST.index(judged.verdict), met.share), Demonstrated(
        periods=met.periods,
        met=met.met,
        low=met.interval.lower,
        high=met.interval.upper,
        reachable=judged.reachable.value if judged.reachable is not None else None,
        beyond=_beyond(row, judged.verdict, target, at_least=at_least) if known else None,
    )


def _beyond(row: Standing, verdict: Verdict, target: float, *, at_least: bool) -> bool | None:
    """By the kept values; a share that they say is beyond is asked of its cases too, which takes the figures themselves."""
    if verdict is not Verdict.BEYOND:
        return False
    if not row.indicator.is_share:
        return True
    reading = selectors.reading_of(row.indicator, row.unit)
    return beyond(counted(row.indicator, reading), target, at_least=at_least)
