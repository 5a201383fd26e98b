"""What was reached against what might be promised, and what customers answered at each measured value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from calidez.monitoring.vega.parts import Spec, haloed, moment, time_axis, unit_labels

NARROW = 460
APART = 0.07  # of the height: words of two lines closer than that would cover each other


@dataclass(frozen=True)
class Past:
    """One period: what it reached, whether that meets the target (None: it does not count), and its sentence."""

    start: dt.date
    value: float | None
    met: bool | None
    label: str


@dataclass(frozen=True)
class Line:
    value: float
    word: str


@dataclass(frozen=True)
class Answer:
    """The answers at one stretch of the measured value: their mean with its interval, and what the curve says there."""

    value: float
    mean: float
    low: float
    high: float
    fitted: float | None
    label: str


def history(
    past: Sequence[Past], *, period: str, unit: str, target: Line | None, reachable: Line | None
) -> Spec:
    """The periods with two lines: the target asked about, and what nine in ten reached."""
    values = [p.value for p in past if p.value is not None]
    domain = _domain([*values, *(line.value for line in (target, reachable) if line is not None)])
    x = {"field": "start", "type": "temporal", "axis": time_axis([p.start for p in past], period)}
    y = {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": list(domain), "nice": False},
        "axis": {"title": None, "labelExpr": unit_labels(unit)},
    }
    line = [{"start": moment(p.start), "value": p.value} for p in past]
    dots = [
        {"index": i, "start": moment(p.start), "value": p.value, "met": p.met, "label": p.label}
        for i, p in enumerate(past)
        if p.value is not None
    ]
    layers: list[Spec] = [
        {
            "data": {"values": line},
            "mark": {"type": "line", "style": "measured"},
            "encoding": {"x": x, "y": y},
        }
    ]
    marks: tuple[tuple[bool | None, Spec], ...] = (
        (True, {"style": "measured", "size": 44}),
        (False, {"style": "signal-concern", "size": 90}),
        (None, {"style": "measured", "filled": False, "size": 44}),
    )
    for met, mark in marks:
        rows = [dot for dot in dots if dot["met"] is met]
        if rows:
            layers.append(
                {"data": {"values": rows}, "mark": {"type": "point", **mark}, "encoding": {"x": x, "y": y}}
            )
    close = (
        target is not None
        and reachable is not None
        and abs(target.value - reachable.value) < APART * (domain[1] - domain[0])
    )
    for one, style, below in ((target, "target", False), (reachable, "limit", True)):
        if one is None or not past:
            continue
        data = {"values": [{"start": moment(past[0].start), "value": one.value, "word": one.word}]}
        under = below and close and target is not None and one.value <= target.value
        word: Spec = {"type": "text", "style": "target-word"}
        if style == "limit":
            # On a phone the words would lie over the line, and the figure stands above the chart already.
            word = {**word, "color": "--c-quiet", "text": {"expr": f"width < {NARROW} ? '' : datum.word"}}
        if under:
            word = {**word, "baseline": "top", "dy": 6}
        layers.append({"data": data, "mark": {"type": "rule", "style": style}, "encoding": {"y": y}})
        text = {} if style == "limit" else {"text": {"field": "word"}}
        layers += haloed({"data": data, "mark": word, "encoding": {"x": x, "y": y, **text}})
    return {"padding": {"left": 4, "top": 10, "right": 12, "bottom": 20}, "layer": layers}


def curve(
    answers: Sequence[Answer],
    *,
    value_title: str,
    score_domain: tuple[float, float],
    at: Line | None,
    between: tuple[float, float] | None,
    target: Line | None,
) -> Spec:
    """Mean answers with their intervals over the measured value, the fitted curve, and where it breaks."""
    means = [v for a in answers for v in (a.low, a.high)]
    low, high = _domain(means)
    domain = [max(low, score_domain[0]), min(high, score_domain[1])]
    x = {
        "field": "value",
        "type": "quantitative",
        "scale": {"zero": False, "nice": True},
        "axis": {"title": value_title, "grid": False, "tickCount": 8},
    }
    y = {
        "field": "mean",
        "type": "quantitative",
        "scale": {"domain": domain, "nice": False},
        "axis": {"title": None},
    }
    rows = [
        {
            "index": i,
            "value": a.value,
            "mean": a.mean,
            "low": max(a.low, domain[0]),
            "high": min(a.high, domain[1]),
            "fitted": a.fitted,
            "label": a.label,
        }
        for i, a in enumerate(answers)
    ]
    layers: list[Spec] = []
    if between is not None:
        layers.append(
            {
                "data": {"values": [{"from": between[0], "to": between[1]}]},
                "mark": {"type": "rect", "style": "limits-band"},
                "encoding": {"x": {**x, "field": "from"}, "x2": {"field": "to"}},
            }
        )
    layers += [
        {
            "data": {"values": rows},
            "mark": {"type": "rule", "color": "--c-limit"},
            "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
        },
        {
            "data": {"values": rows},
            "mark": {"type": "point", "style": "measured", "size": 44},
            "encoding": {"x": x, "y": y},
        },
    ]
    if any(a.fitted is not None for a in answers):
        layers.append(
            {
                "data": {"values": [{"value": r["value"], "mean": r["fitted"]} for r in rows]},
                "mark": {"type": "line", "style": "centre", "strokeWidth": 2},
                "encoding": {"x": x, "y": y},
            }
        )
    for one, style, top in ((at, "phase", True), (target, "target", False)):
        if one is None:
            continue
        data = {"values": [{"value": one.value, "word": one.word}]}
        word = {"type": "text", "style": "phase-word" if top else "target-word", "align": "left", "dx": 6}
        place = {"value": 4} if top else {"value": 24}
        layers.append(
            {
                "data": data,
                "mark": {"type": "rule", "style": style, "strokeWidth": 1.75},
                "encoding": {"x": x},
            }
        )
        layers.append(
            {
                "data": data,
                "mark": {**word, "baseline": "top", "dy": 0},
                "encoding": {"x": x, "y": place, "text": {"field": "word"}},
            }
        )
    return {"layer": layers}


def _domain(values: Sequence[float]) -> tuple[float, float]:
    if not values:
        return 0.0, 1.0
    low, high = min(values), max(values)
    air = (high - low) * 0.12 or abs(high) * 0.05 or 0.5
    return low - air, high + air
