"""Signals follow from the charts; people only acknowledge them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from calidez.kit.core.following import created_many, deleted_many, following_many
from calidez.kit.core.operations import transition
from calidez.monitoring.measuring.charting import Reading
from calidez.monitoring.models import IndicatorVersion, Signal
from calidez.people.models import Unit


@transition(
    Signal,
    source=[Signal.State.NEW],
    target=Signal.State.ACKNOWLEDGED,
    label=_("Acknowledge"),
    note=True,
    primary=True,
    icon="eye-check",
    help=_("Say what you know about it: a known cause, a data error, or what is being done."),
)
def acknowledge(signal: Signal, *, by: Any) -> None:
    signal.acknowledged_by = by
    signal.acknowledged_at = timezone.now()


@dataclass(frozen=True)
class _Key:
    unit: int
    rule: str
    period: dt.date


def keep_signals(version: IndicatorVersion, readings: Iterable[tuple[Unit, Reading]]) -> int:
    """Bring the stored signals of some units in line with their charts; returns how many are new.

    A signal that the data no longer show leaves, unless somebody acknowledged it: then it stays, marked as past.
    """
    wanted: dict[_Key, Signal] = {}
    units = []
    for unit, reading in readings:
        units.append(unit)
        for found in reading.signals:
            signal = _signal(version, unit, reading, found)
            wanted[_key(signal)] = signal
    stored = {
        _key(s): s for s in Signal.objects.filter(indicator_version=version, unit__in=units, segment="")
    }
    new = [signal for key, signal in wanted.items() if key not in stored]
    created_many(new, by=None)
    past = [s for key, s in stored.items() if key not in wanted]
    deleted_many(_at_hand(s for s in past if s.state == Signal.State.NEW), by=None)
    _follow((s for s in past if s.state != Signal.State.NEW and s.holds), wanted, "end")
    again = [s for key, s in stored.items() if key in wanted]
    _follow((s for s in again if not s.holds), wanted, "return")
    _follow((s for s in again if s.holds and s.evidence != wanted[_key(s)].evidence), wanted, "renew")
    return len(new)


def _key(signal: Signal) -> _Key:
    return _Key(signal.unit_id, signal.rule, signal.period_start)


def _at_hand(signals: Iterable[Signal]) -> QuerySet[Signal]:
    """With what the trail says of them."""
    found = Signal.objects.filter(pk__in=[signal.pk for signal in signals])
    return found.select_related("indicator", "indicator_version", "unit", "acknowledged_by", "created_by")


def _follow(signals: Iterable[Signal], wanted: Mapping[_Key, Signal], verb: str) -> None:
    """The data say something else of these than they did."""
    fields = ("holds", "evidence", "kind")
    with following_many(_at_hand(signals), verb, fields=fields, by=None) as changed:
        for signal in changed:
            fresh = wanted.get(_key(signal))
            signal.holds = fresh is not None
            if fresh is not None:
                signal.evidence, signal.kind = fresh.evidence, fresh.kind


def _signal(version: IndicatorVersion, unit: Unit, reading: Reading, found: Any) -> Signal:
    periods = [reading.series.periods[i].isoformat() for i in found.members]
    return Signal(
        indicator=version.indicator,
        indicator_version=version,
        unit=unit,
        rule=found.rule,
        kind=found.kind,
        period_start=reading.series.periods[found.index],
        evidence={
            "periods": periods,
            "direction": found.direction,
            "value": _rounded(found.value),
            "lower": _rounded(found.lower),
            "upper": _rounded(found.upper),
            "centre": _rounded(found.centre),
            "last": reading.series.periods[found.last].isoformat(),
            "n": int(reading.series.n[found.last]),
        },
    )


def _rounded(value: float) -> float | None:
    # NaN has no place in JSON; ten digits are more than any page shows.
    return None if value != value else float(f"{value:.10g}")
