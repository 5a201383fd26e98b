"""Signals as they are told: what several rules find on one side and in one stretch is one episode."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from calidez.monitoring.rules import kind_of_signal
from calidez.stats import charts, icons, rules

# With fewer periods behind the limits nothing is called a signal.
FEWEST_TO_FLAG = 8
NEAR_A_LIMIT = frozenset({rules.Rule.TWO_OF_THREE, rules.Rule.TWO_OF_THREE_ONE_SIDE, rules.Rule.FOUR_OF_FIVE})


@dataclass(frozen=True)
class Found:
    """One signal in reading terms: an episode in which the points stand out on one side. Values in the shown unit.

    Several rules may find it and further points may go on with it: that is one signal, known by the point at which it
    first showed (`index`). The figures are those of the period `at`: its newest beyond a limit, or else its newest
    (`last`). `rule` is the plainest of its `reasons`.
    """

    reasons: tuple[str, ...]
    kind: str
    index: int
    last: int
    at: int
    members: tuple[int, ...]
    direction: int
    value: float
    lower: float
    upper: float
    centre: float
    shown_by: Mapping[str, frozenset[int]] = field(default_factory=dict)  # which members each rule found

    @property
    def rule(self) -> str:
        return self.reasons[0]

    def reasons_at(self, index: int) -> tuple[str, ...]:
        """The rules by which this point is part of it."""
        return tuple(rule for rule in self.reasons if index in self.shown_by.get(rule, ()))


def signals_on(chart: charts.ControlChart, preset: str, better: str) -> tuple[Found, ...]:
    """The signals of a chart as they are told, in the unit of the chart."""
    return joined(found_by(chart, preset), chart, 1.0, better)


def joined(
    signals: Sequence[rules.Signal], chart: charts.ControlChart, scale: float, better: str
) -> tuple[Found, ...]:
    found = tuple(_found(group, chart, scale, better) for group in _episodes(signals))
    return _without_its_beginning(found, chart) if chart.kind in charts.MEMORY else found


def _without_its_beginning(found: tuple[Found, ...], chart: charts.ControlChart) -> tuple[Found, ...]:
    """Without what limits learned from all of it say of the beginning: what came first is not worse than before.

    A later change moves the centre away from where the series began, and that one is told.
    """
    begun = {
        int(np.flatnonzero(np.isfinite(chart.values[p.start : p.stop]))[0]) + p.start
        for p in chart.phases
        if not p.frozen and np.isfinite(chart.values[p.start : p.stop]).any()
    }
    return tuple(
        one
        for one in found
        if min(one.members) not in begun
        or not any(o.direction == -one.direction and o.index > one.index for o in found)
    )


def found_by(chart: charts.ControlChart, preset: str) -> tuple[rules.Signal, ...]:
    """What the rules find, but for runs that only the place of the centre makes and single events that are rare.

    Where less than one event is expected, one is beyond the limits and says nothing, and two of them are no better near
    a limit. Limits learned from a handful of periods flag nothing.
    """
    weak = [p for p in chart.phases if 0 < p.points < FEWEST_TO_FLAG]
    lone = rules.lone_events(chart)
    near = NEAR_A_LIMIT if rules.expects_less_than_one(chart) else frozenset()
    held = [
        s
        for s in rules.tenable(chart, rules.find_signals(chart, preset))
        if s.rule not in near and (s.rule is not rules.Rule.BEYOND_LIMITS or not lone[s.index])
    ]
    return tuple(s for s in held if not any(p.start <= s.index < p.stop for p in weak))


def _episodes(signals: Sequence[rules.Signal]) -> list[list[rules.Signal]]:
    """Signals of one direction whose points overlap or follow each other have one cause, by whatever rule they show."""
    groups: list[list[rules.Signal]] = []
    for direction in (1, -1, 0):
        reached = -2
        for signal in sorted((s for s in signals if s.direction == direction), key=lambda s: min(s.members)):
            if min(signal.members) > reached + 1:
                groups.append([])
                reached = -2
            groups[-1].append(signal)
            reached = max(reached, *signal.members, signal.index)
    return sorted(groups, key=lambda group: min(signal.index for signal in group))


def _found(group: Sequence[rules.Signal], chart: charts.ControlChart, scale: float, better: str) -> Found:
    if chart.kind in charts.MEMORY:
        return _lasting(group, chart, scale, better)
    last = max(signal.index for signal in group)
    direction = group[0].direction
    beyond = [s.index for s in group if s.rule is rules.Rule.BEYOND_LIMITS]
    at = max(beyond, default=last)
    return Found(
        reasons=tuple(str(rule) for rule in sorted({s.rule for s in group}, key=icons.rank)),
        kind=str(kind_of_signal(direction, better)),
        index=min(signal.index for signal in group),
        last=last,
        at=at,
        members=tuple(sorted({int(member) for signal in group for member in signal.members})),
        direction=direction,
        value=float(chart.values[at] * scale),
        lower=float(chart.lower[at] * scale),
        upper=float(chart.upper[at] * scale),
        centre=float(chart.centre[at] * scale),
        shown_by={
            str(rule): frozenset(int(m) for s in group if s.rule is rule for m in s.members)
            for rule in {s.rule for s in group}
        },
    )


def _lasting(group: Sequence[rules.Signal], chart: charts.ControlChart, scale: float, better: str) -> Found:
    """A lasting change on a chart that remembers: its value is the mean of what was measured since it began."""
    members = tuple(sorted({int(member) for signal in group for member in signal.members}))
    last, direction, rule = max(s.index for s in group), group[0].direction, str(chart.kind)
    observed = chart.values if chart.observed is None else chart.observed
    return Found(
        reasons=(rule,),
        kind=str(kind_of_signal(direction, better)),
        index=min(signal.index for signal in group),
        last=last,
        at=last,
        members=members,
        direction=direction,
        value=float(np.nanmean(observed[list(members)]) * scale),
        lower=float("nan"),
        upper=float("nan"),
        centre=next(p for p in chart.phases if p.start <= last < p.stop).limits.centre * scale,
        shown_by={rule: frozenset(members)},
    )
