"""The picture of an objective: what was measured, how sure it is, and the line that the plan draws to the target."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from calidez.monitoring.vega.parts import Spec, moment, time_axis, unit_labels
from calidez.objectives.rules import Status

NEAR = 4  # so many periods lie under a word

_STYLES = {
    Status.BEHIND: "signal-concern",
    Status.AHEAD: "signal-good",
    Status.REACHED: "signal-good",
}


@dataclass(frozen=True)
class Dot:
    """One measured period; `status` colours it, `label` reads it out."""

    start: dt.date
    value: float
    label: str
    low: float | None = None
    high: float | None = None
    status: Status = Status.UNKNOWN


@dataclass(frozen=True)
class PlanPoint:
    start: dt.date
    value: float
    milestone: bool = False


@dataclass(frozen=True)
class Words:
    plan: str
    target: str
    baseline: str
    unit: str


def progress_chart(
    dots: Sequence[Dot],
    plan: Sequence[PlanPoint],
    *,
    target: float,
    baseline: tuple[dt.date, dt.date, float] | None,
    period: str,
    words: Words,
) -> Spec:
    """Measured periods with their intervals, the plan between start and due, baseline and target as quiet lines."""
    starts = sorted({*(d.start for d in dots), *(p.start for p in plan)})
    low, high = _domain(dots, plan, target, baseline)
    x = {
        "field": "start",
        "type": "temporal",
        "axis": time_axis(starts, period) if starts else {"title": None},
    }
    y = {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": [low, high], "nice": False},
        "axis": {"title": None, "labelExpr": unit_labels(words.unit)},
    }
    layers = [
        *_target(starts, target, dots, words, y),
        *_baseline(baseline, words, x, y),
        *_plan(plan, dots, words, x, y),
        *_measured(dots, x, y),
    ]
    return {"padding": {"left": 4, "top": 10, "right": 12, "bottom": 20}, "layer": layers}


def _target(
    starts: Sequence[dt.date], target: float, dots: Sequence[Dot], words: Words, y: Spec
) -> list[Spec]:
    if not starts:
        return []
    at_end = _free(starts[-1], target, dots) > _free(starts[0], target, dots)
    start = starts[-1] if at_end else starts[0]
    mark = {"type": "text", "style": "target-word", **({"align": "right", "dx": -2} if at_end else {})}
    data = {"values": [{"start": moment(start), "value": target, "word": words.target}]}
    text = {"x": {"field": "start", "type": "temporal"}, "y": y, "text": {"field": "word"}}
    return [
        {"data": data, "mark": {"type": "rule", "style": "target"}, "encoding": {"y": y}},
        {"data": data, "mark": mark, "encoding": text},
    ]


def _baseline(baseline: tuple[dt.date, dt.date, float] | None, words: Words, x: Spec, y: Spec) -> list[Spec]:
    if baseline is None:
        return []
    first, last, value = baseline
    line = {"values": [{"start": moment(day), "value": value} for day in (first, last)]}
    word = {"values": [{"start": moment(first), "value": value, "word": words.baseline}]}
    mark = {"type": "text", "style": "note", "dx": 2, "dy": 14, "baseline": "top", "color": "--c-quiet"}
    return [
        {"data": line, "mark": {"type": "line", "style": "centre"}, "encoding": {"x": x, "y": y}},
        {"data": word, "mark": mark, "encoding": {"x": x, "y": y, "text": {"field": "word"}}},
    ]


def _free(day: dt.date, value: float, dots: Sequence[Dot]) -> float:
    """How far the measured values keep away from a word that stands there."""
    near = sorted(dots, key=lambda dot: abs((dot.start - day).days))[:NEAR]
    return min((abs(dot.value - value) for dot in near), default=0.0)


def _plan(plan: Sequence[PlanPoint], dots: Sequence[Dot], words: Words, x: Spec, y: Spec) -> list[Spec]:
    if not plan:
        return []
    line = {"values": [_at(p.start, p.value) for p in plan]}
    corners = {"values": [_at(p.start, p.value) for p in plan if p.milestone]}
    # The word stands on the part of the line that the measured values keep away from; not at its end, where it has no room.
    named = max(plan[: max(1, len(plan) * 3 // 4)], key=lambda point: _free(point.start, point.value, dots))
    word = {"values": [{**_at(named.start, named.value), "word": words.plan}]}
    stroke = {"type": "line", "style": "limit"}
    corner = {"type": "point", "shape": "diamond", "size": 60, "color": "--c-limit", "filled": True}
    text = {"type": "text", "style": "note", "color": "--c-quiet", "dx": 4, "dy": 8, "baseline": "top"}
    return [
        {"data": line, "mark": stroke, "encoding": {"x": x, "y": y}},
        {"data": corners, "mark": corner, "encoding": {"x": x, "y": y}},
        {"data": word, "mark": text, "encoding": {"x": x, "y": y, "text": {"field": "word"}}},
    ]


def _measured(dots: Sequence[Dot], x: Spec, y: Spec) -> list[Spec]:
    rows = [
        {
            "index": i,
            "start": moment(d.start),
            "value": d.value,
            "label": d.label,
            "low": d.low,
            "high": d.high,
            "style": _STYLES.get(d.status, "measured"),
        }
        for i, d in enumerate(dots)
    ]
    intervals = [row for row in rows if row["low"] is not None and row["high"] is not None]
    layers: list[Spec] = [
        {
            "data": {"values": intervals},
            "mark": {"type": "rule", "color": "--c-data", "opacity": 0.45, "strokeWidth": 2},
            "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
        },
        {
            "data": {"values": [_at(d.start, d.value) for d in dots]},
            "mark": {"type": "line", "style": "measured"},
            "encoding": {"x": x, "y": y},
        },
    ]
    for style in ("measured", "signal-good", "signal-concern"):
        held = [row for row in rows if row["style"] == style]
        if held:
            mark = {"type": "point", "style": style, **({} if style == "measured" else {"size": 90})}
            layers.append({"data": {"values": held}, "mark": mark, "encoding": {"x": x, "y": y}})
    return layers


def _at(day: dt.date, value: float) -> dict[str, Any]:
    return {"start": moment(day), "value": value}


def _domain(
    dots: Sequence[Dot],
    plan: Sequence[PlanPoint],
    target: float,
    baseline: tuple[dt.date, dt.date, float] | None,
) -> tuple[float, float]:
    known = [target, *(p.value for p in plan), *(d.value for d in dots)]
    known += [v for d in dots for v in (d.low, d.high) if v is not None]
    if baseline is not None:
        known.append(baseline[2])
    low, high = min(known), max(known)
    air = (high - low) * 0.09 or abs(high) * 0.05 or 0.5
    return low - air, high + air
