"""Signals follow from the charts; people only acknowledge them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from calidez.kit.core.following import created_many, deleted_many, following_many
from calidez.kit.core.operations import transition
from calidez.monitoring.measuring.charting import Reading
from calidez.monitoring.models import IndicatorVersion, Signal
from calidez.people.models import Unit

TOLD = ("rule", "kind", "period_start", "evidence")  # what the charts say of a signal


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


@dataclass
class _Match:
    """A signal that the charts show, the stored one that it goes on from, and those that turned out to be part of it."""

    fresh: Signal
    stored: Signal | None = None
    parts: list[Signal] = field(default_factory=list)

    def take(self, candidates: list[Signal]) -> None:
        """What somebody acknowledged goes on before what nobody did, the same rule before others, the earlier first."""
        ordered = sorted(
            candidates,
            key=lambda s: (s.state == Signal.State.NEW, s.rule != self.fresh.rule, s.period_start),
        )
        self.stored, self.parts = ordered[0], ordered[1:]


def keep_signals(
    version: IndicatorVersion, readings: Iterable[tuple[Unit, Reading]], *, without: Iterable[int] = ()
) -> int:
    """Bring the stored signals of some units in line with their charts; returns how many are new.

    Units in `without` have no chart any more.
    A stored signal whose periods are among those of one that the charts show is that one. A signal that the data no
    longer show leaves, unless somebody acknowledged it: then it stays, marked as past or as part of another. Units in
    `without` have no chart any more.
    """
    fresh: list[_Match] = []
    units = list(without)
    for unit, reading in readings:
        units.append(unit.pk)
        fresh += [_Match(_signal(version, unit, reading, found)) for found in reading.signals]
    stored = Signal.objects.filter(indicator_version=version, unit__in=units, segment="")
    at_side: dict[tuple[int, int], list[Signal]] = defaultdict(list)
    for signal in stored:
        at_side[_side(signal)].append(signal)
    # A point may stand out within a level that is a signal itself: what was told of either goes on with its like.
    alike = {(*_side(s), s.rule, s.period_start): s for rest in at_side.values() for s in rest}
    like = [alike.get((*_side(m.fresh), m.fresh.rule, m.fresh.period_start)) for m in fresh]
    for match, same in zip(fresh, like, strict=True):
        side = _side(match.fresh)
        others = [s for s in like if s is not None and s is not same]
        mine = [s for s in at_side[side] if s is same or (s not in others and _overlap(s, match.fresh))]
        if mine:
            match.take(mine)
            at_side[side] = [signal for signal in at_side[side] if signal not in mine]
    parts = {part.pk: match.fresh for match in fresh for part in match.parts}
    past = [*(s for rest in at_side.values() for s in rest), *(p for m in fresh for p in m.parts)]
    goes_on = {match.stored.pk: match.fresh for match in fresh if match.stored is not None}
    deleted_many(_at_hand(s for s in past if s.state == Signal.State.NEW), by=None)
    _end((s for s in past if s.state != Signal.State.NEW and (s.holds or s.pk in parts)), parts)
    kept = [match.stored for match in fresh if match.stored is not None]
    _follow((s for s in kept if not s.holds), goes_on, "return")
    _follow((s for s in kept if s.holds and _changed(s, goes_on[s.pk])), goes_on, "renew")
    new = [match.fresh for match in fresh if match.stored is None]
    created_many(new, by=None)
    return len(new)


def kept_of(stored: Iterable[Signal], version: IndicatorVersion, unit: Unit, reading: Reading) -> bool:
    """Whether the stored signals are those of this reading; else the work that keeps them has yet to come."""
    shown = [_signal(version, unit, reading, found) for found in reading.signals]
    return {_said(signal) for signal in stored if signal.holds} == {_said(signal) for signal in shown}


def _said(signal: Signal) -> tuple[Any, ...]:
    """What a page tells of it, as exactly as it is written."""
    evidence = signal.evidence
    figures = tuple(
        None if (value := evidence.get(name)) is None else f"{value:.6g}"
        for name in ("value", "lower", "upper", "centre")
    )
    return (signal.rule, signal.kind, signal.period_start, tuple(evidence["periods"]), *figures)


def _side(signal: Signal) -> tuple[int, int]:
    return signal.unit_id, signal.evidence.get("direction", 0)


def _overlap(stored: Signal, fresh: Signal) -> bool:
    periods = set(fresh.evidence["periods"])
    return stored.period_start.isoformat() in periods or not periods.isdisjoint(stored.evidence["periods"])


def _changed(stored: Signal, fresh: Signal) -> bool:
    return any(getattr(stored, name) != getattr(fresh, name) for name in TOLD)


def _at_hand(signals: Iterable[Signal]) -> QuerySet[Signal]:
    """With what the trail says of them."""
    found = Signal.objects.filter(pk__in=[signal.pk for signal in signals])
    return found.select_related("indicator", "indicator_version", "unit", "acknowledged_by", "created_by")


def _follow(signals: Iterable[Signal], wanted: Mapping[int, Signal], verb: str) -> None:
    """The data say something else of these than they did."""
    with following_many(_at_hand(signals), verb, fields=("holds", *TOLD), by=None) as changed:
        for signal in changed:
            signal.holds = True
            for name in TOLD:
                setattr(signal, name, getattr(wanted[signal.pk], name))


def _end(signals: Iterable[Signal], parts: Mapping[int, Signal]) -> None:
    """They no longer stand for themselves: the data do not show them, or show them as part of a longer one."""
    with following_many(_at_hand(signals), "end", fields=("holds", "evidence"), by=None) as changed:
        for signal in changed:
            signal.holds = False
            if signal.pk in parts:
                begun = parts[signal.pk].period_start.isoformat()
                signal.evidence = {**signal.evidence, "part_of": begun}


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
            "reasons": list(found.reasons),
            "direction": found.direction,
            "value": _rounded(found.value),
            "lower": _rounded(found.lower),
            "upper": _rounded(found.upper),
            "centre": _rounded(found.centre),
            "last": reading.series.periods[found.last].isoformat(),
            "at": reading.series.periods[found.at].isoformat(),  # the period whose figures these are
            "n": int(reading.series.n[found.at]),
        },
    )


def _rounded(value: float) -> float | None:
    # NaN has no place in JSON; ten digits are more than any page shows.
    return None if value != value else float(f"{value:.10g}")
