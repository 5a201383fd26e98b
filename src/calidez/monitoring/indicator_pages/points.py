"""The points of a control chart: as a drawing, in words, and as a table."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from calidez import engine
from calidez.kit.platform.display import Badge, Tone
from calidez.monitoring import selectors, vega
from calidez.monitoring.defining.words import cases_of
from calidez.monitoring.indicator_pages.address import View
from calidez.monitoring.measuring.charting import Memory, Reading
from calidez.monitoring.measuring.findings import when, when_in_column
from calidez.monitoring.models import Baseline, Indicator
from calidez.monitoring.sentences import figure, range_words, reason_names
from calidez.standards.sentences import target_words

# What these add up says nothing of how many cases there were: a row may stand for thousands.
ADDED_UP = {Indicator.Measure.SUM, Indicator.Measure.RATE, Indicator.Measure.RATIO}

SHORT_UNIT = 4


KIND_TONES = {"improvement": Tone.GOOD, "concern": Tone.CONCERN, "change": Tone.NEUTRAL}


def kind_badge(kind: str) -> Badge:
    """What a signal means for the service."""
    words = {"improvement": _("Improvement"), "concern": _("Concern"), "change": _("Change")}
    return Badge(words[kind], KIND_TONES[kind])


@dataclass(frozen=True)
class TableRow:
    period: str
    value: str
    n: str
    expected: str
    signal: str
    tone: Tone


def specification(view: View, *, notes: Any = None) -> vega.Spec:
    """The same drawing for page and files."""
    if notes is None:
        notes = [(a.on, a.text) for a in selectors.annotations_for(view.indicator, view.unit)]
    unit = view.indicator.measured_in
    points, below, observed = drawn_points(view)
    first, last = (points[0].start, points[-1].start) if points else (None, None)
    end = view.window[-1] if view.window else None
    words = vega.Words(
        unit="" if below else unit,
        **_limit_words(view, end, unit),
    )
    inside = [vega.Event(on, text) for on, text in notes if first and last and first <= on <= last]
    return vega.control_chart(
        points,
        period=view.indicator.period,
        words=words,
        phases=_phases(view),
        notes=inside,
        below=below,
        observed=observed,
        title=_("standard deviations") if below else None,
    )


def drawn_points(view: View) -> tuple[list[vega.Point], list[vega.Point], list[vega.Point]]:
    """What is drawn: as a rule the values. Of a chart that remembers what it remembers, and beside it what was measured."""
    points, memory = points_of(view), view.reading.memory
    if memory is None:
        return points, [], []
    if memory.below is None:
        plain = [replace(p, signal="") for p in points]
        return _remembered(view, points, memory.statistic, memory), [], plain
    upper, lower = (
        [replace(p, signal=_kind_towards(view, i, side)) for i, p in _placed(view, points)]
        for side in (1, -1)
    )
    return (
        _remembered(view, upper, memory.statistic, memory),
        _remembered(view, lower, memory.below, memory),
        [],
    )


def _placed(view: View, points: list[vega.Point]) -> Iterator[tuple[int, vega.Point]]:
    return zip(view.window, points, strict=True)


def _kind_towards(view: View, i: int, side: int) -> str:
    """The kind of the signal on this side that the point is part of: it may be part of one on each."""
    return next((s.kind for s in view.reading.signals if i in s.members and s.direction == side), "")


def _remembered(view: View, points: list[vega.Point], line: Any, memory: Memory) -> list[vega.Point]:
    """The points at the height of the statistic; a target of the values has no place beside a sum."""
    return [
        replace(
            p,
            value=known(line[i]),
            lower=known(memory.lower[i]),
            upper=known(memory.upper[i]),
            centre=known(memory.centre[i]),
            target=p.target if memory.below is None else None,
            aside=False,
            unfinished=False,
        )
        for i, p in _placed(view, points)
    ]


def points_of(view: View) -> list[vega.Point]:
    reading = view.reading
    kinds = _kinds(reading)
    beyond = {i for s in reading.signals for i in s.shown_by.get("beyond_limits", ())}
    phase_of, weak = phase_index(reading)
    return [
        vega.Point(
            start=reading.series.periods[i],
            value=_shown(reading, i),
            unfinished=i in reading.series.so_far,
            aside=i in reading.aside,
            lower=known(reading.lower[i]),
            upper=known(reading.upper[i]),
            centre=known(reading.centre[i]),
            label=sentence(view, i),
            phase=phase_of[i],
            provisional=weak[i],
            signal=kinds.get(i, ""),
            beyond=i in beyond,
            **_target(reading, i, view.indicator.measured_in),
        )
        for i in view.window
    ]


def _shown(reading: Reading, i: int) -> float | None:
    """What was measured, or what there is so far of a period that is not whole."""
    so_far = reading.series.so_far.get(i)
    return so_far.value if so_far is not None else known(reading.series.values[i])


def cases(reading: Reading, i: int) -> int:
    so_far = reading.series.so_far.get(i)
    return so_far.n if so_far is not None else int(reading.series.n[i])


def _target(reading: Reading, i: int, unit: str) -> dict[str, Any]:
    """The target of the promise in force in the period, where there was one."""
    promise = reading.promises[i]
    if promise is None:
        return {}
    word = _("target %(value)s") % {"value": target_words(promise.target, unit)}
    return {"target": promise.target, "target_word": word}


def sentence(view: View, i: int) -> str:
    """One point, read out: period, value, expected range, cases, and the rules that it is part of."""
    reading, unit = view.reading, view.indicator.measured_in
    period = when(reading.series.periods[i], view.indicator.period)
    value = _shown(reading, i)
    if value is None:
        return _("%(when)s: no data") % {"when": period}
    lines = [f"{period}: {figure(value, unit, digits=view.decimals)}"]
    if i in reading.series.so_far:
        lines.append(why_unfinished(view, i))
    low, high = known(reading.lower[i]), known(reading.upper[i])
    if low is not None and high is not None:
        lines.append(
            _("expected %(range)s") % {"range": range_words(low, high, unit, digits=view.limit_decimals)}
        )
    if view.indicator.measure not in ADDED_UP:
        rows = cases_of(view.indicator)
        lines.append(_("of %(n)s %(rows)s") % {"n": number_format(cases(reading, i)), "rows": rows})
    lines += _marks_at(view, i)
    return "\n".join(lines)


def expected_word(view: View) -> str:
    """What the table's third column is."""
    memory = view.reading.memory
    if memory is None:
        return _("Expected")
    return _("Weighted average (its limits)") if memory.below is None else _("Upper and lower sum")


def _expected(view: View, i: int) -> str:
    memory, unit = view.reading.memory, view.indicator.measured_in
    lines: Reading | Memory = view.reading if memory is None else memory
    low, high = known(lines.lower[i]), known(lines.upper[i])
    if low is None or high is None:
        return "–"
    expected = range_words(low, high, unit, digits=None if memory is not None else view.limit_decimals)
    if memory is None:
        return expected
    if memory.below is None:
        return f"{figure(known(memory.statistic[i]), unit)} ({expected})"
    return f"{figure(known(memory.statistic[i]), digits=1)} / {figure(known(memory.below[i]), digits=1)}"


def table(view: View) -> tuple[TableRow, ...]:
    reading, unit = view.reading, view.indicator.measured_in
    kinds = _kinds(reading)
    rows = []
    for i in reversed(view.window):
        value = _shown(reading, i)
        rows.append(
            TableRow(
                period=when_in_column(reading.series.periods[i], view.indicator.period),
                value=figure(value, unit, digits=view.decimals),
                n=number_format(cases(reading, i)),
                expected=_expected(view, i),
                signal=why_unfinished(view, i)
                if i in reading.series.so_far
                else " · ".join(_marks_at(view, i)),
                tone=KIND_TONES.get(kinds.get(i, ""), Tone.NEUTRAL),
            )
        )
    return tuple(rows)


def _phases(view: View) -> list[vega.Event]:
    """Where new limits start, named by the reason that the person gave."""
    if not view.window or view.reading.chart is None or len(view.reading.chart.phases) < 2:
        return []
    periods = view.reading.series.periods
    first, last = periods[view.window[0]], periods[view.window[-1]]
    found = Baseline.objects.filter(
        indicator=view.indicator, unit=view.unit, segment=view.segment, state=Baseline.State.IN_FORCE
    ).order_by("starts")
    return [vega.Event(b.starts, b.reason) for b in found if first < b.starts <= last]


def phase_index(reading: Reading) -> tuple[list[int], list[bool]]:
    """For each period the number of its phase, and whether that phase's limits are provisional."""
    numbers, weak = [0] * len(reading.series), [False] * len(reading.series)
    for number, phase in enumerate(reading.chart.phases if reading.chart is not None else ()):
        for i in range(phase.start, phase.stop):
            numbers[i], weak[i] = number, phase.provisional
    return numbers, weak


def _limit_words(view: View, end: int | None, unit: str) -> dict[str, str]:
    reading = view.reading
    digits = view.limit_decimals if reading.memory is None else None
    if end is None or reading.chart is None:
        return {}
    lines: Reading | Memory = reading
    if reading.memory is not None:
        lines = reading.memory
        unit = unit if reading.memory.below is None else ""
    held = [i for i in range(end + 1) if math.isfinite(lines.centre[i])]
    if not held:
        return {}
    at = held[-1]
    # Beside the drawing there is room for “%” or “min”, not for “patients”.
    unit = unit if len(unit) <= SHORT_UNIT else ""
    return {
        "upper": figure(known(lines.upper[at]), unit, digits=digits)
        if math.isfinite(lines.upper[at])
        else "",
        "centre": figure(known(lines.centre[at]), unit, digits=digits),
        "lower": figure(known(lines.lower[at]), unit, digits=digits)
        if math.isfinite(lines.lower[at])
        else "",
    }


def _kinds(reading: Reading) -> dict[int, str]:
    """The kind of the signals that each point is part of, concern before the rest."""
    kinds: dict[int, str] = {}
    for signal in reading.signals:
        for member in signal.members:
            if kinds.get(member) != "concern":
                kinds[member] = signal.kind
    return kinds


def _marks_at(view: View, i: int) -> list[str]:
    """The rules that a point is part of, or why none looks at it."""
    reading = view.reading
    if i in reading.aside:
        return [_("left out of the limits: %(reason)s") % {"reason": reading.aside[i]}]
    if reading.memory is not None:
        return [_("part of a lasting change")] if any(i in s.members for s in reading.signals) else []
    found = [reason_names(s.reasons_at(i)) for s in reading.signals if i in s.members]
    return list(dict.fromkeys(text for text in found if text))


def why_unfinished(view: View, i: int) -> str:
    """Why a period is drawn but not judged."""
    start = view.reading.series.periods[i]
    step = engine.Period(view.indicator.period)
    if engine.next_start(start, step) > timezone.localdate():
        return _("so far; it is not over yet, so it is not judged")
    axis = view.reading.series.axis
    if axis.ends is not None and engine.period_start(axis.ends, step) == start:
        return _("only until %(day)s, where the data end, so it is not judged") % {
            "day": when(axis.ends, "day")
        }
    end = engine.next_start(start, step)
    for first, last in axis.silences:
        if first < end and last >= start:
            return _("rows are missing from %(first)s to %(last)s, so it is not judged") % {
                "first": when(first, "day"),
                "last": when(last, "day"),
            }
    begins = axis.begins or start
    return _("only from %(day)s, where the data begin, so it is not judged") % {"day": when(begins, "day")}


def number(value: float | None) -> float | str:
    """For a file: twelve digits are more than any measurement has, without the noise of binary fractions."""
    return "" if value is None else float(f"{value:.12g}")


def known(value: Any) -> float | None:
    """The number, or None where there is none."""
    number = float(value) if value is not None else math.nan
    return number if math.isfinite(number) else None
