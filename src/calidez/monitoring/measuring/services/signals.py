"""Signals follow from the charts; people only acknowledge them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from calidez.kit.core.operations import transition
from calidez.monitoring.measuring.charting import Reading
from calidez.monitoring.models import IndicatorVersion, Signal


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


def keep_signals(version: IndicatorVersion, readings: Iterable[tuple[int, Reading]]) -> int:
    """Bring the stored signals of some units in line with their charts; returns how many are new.

    A signal that the data no longer show leaves, unless somebody acknowledged it: then it stays, marked as past.
    """
    wanted: dict[_Key, Signal] = {}
    units = []
    for unit, reading in readings:
        units.append(unit)
        for found in reading.signals:
            signal = _signal(version, unit, reading, found)
            wanted[_Key(unit, signal.rule, signal.period_start)] = signal
    stored = {
        _Key(s.unit_id, s.rule, s.period_start): s
        for s in Signal.objects.filter(indicator_version=version, unit__in=units, segment="")
    }
    new = [signal for key, signal in wanted.items() if key not in stored]
    Signal.objects.bulk_create(new, batch_size=500)
    changed = []
    for key, signal in stored.items():
        fresh = wanted.get(key)
        holds = fresh is not None
        if signal.holds != holds or (fresh is not None and signal.evidence != fresh.evidence):
            signal.holds = holds
            if fresh is not None:
                signal.evidence, signal.kind = fresh.evidence, fresh.kind
            changed.append(signal)
    past = [s.pk for s in changed if not s.holds and s.state == Signal.State.NEW]
    Signal.objects.filter(pk__in=past).delete()
    kept = [s for s in changed if s.pk not in set(past)]
    Signal.objects.bulk_update(kept, ["holds", "evidence", "kind"], batch_size=500)
    return len(new)


def _signal(version: IndicatorVersion, unit: int, reading: Reading, found: Any) -> Signal:
    periods = [reading.series.periods[i].isoformat() for i in found.members]
    return Signal(
        indicator_id=version.indicator_id,
        indicator_version=version,
        unit_id=unit,
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
