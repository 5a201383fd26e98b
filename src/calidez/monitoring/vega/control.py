"""The control chart: values, limits, phases, target, signals and what happened."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from calidez.monitoring.vega.parts import Spec, Words, haloed, moment, time_axis, unit_labels

NOTE_ROWS = 3  # annotations take turns on so many lines, so that neighbours do not cover each other
NOTE_LETTERS = 26
LATE = 0.72  # beyond this part of the time axis words stand at the left of their line
NARROW = 460  # a drawing narrower than this has no room for the words of events
# Left out of the limits: crossed out, but there.
CROSSED: Spec = {
    "type": "point",
    "style": "aside",
    "shape": "M-1,-1L1,1M-1,1L1,-1",
    "filled": False,
    "strokeWidth": 2,
}
MARKS = {"concern": "signal-concern", "improvement": "signal-good", "change": "signal-neutral"}


@dataclass(frozen=True)
class Point:
    """One period: what was measured, the limits that hold there, and the sentence that reads it out.

    `beyond` marks a point outside the limits; `signal` the kind of the signal that the point is part of; `unfinished`
    a period that still runs or is known in part only; `aside` one that the limits leave out.
    """

    start: dt.date
    value: float | None
    lower: float | None
    upper: float | None
    centre: float | None
    label: str
    phase: int = 0
    provisional: bool = False
    signal: str = ""
    beyond: bool = False
    target: float | None = None
    target_word: str = ""
    unfinished: bool = False
    aside: bool = False


@dataclass(frozen=True)
class Event:
    """Something on the time axis: where a phase starts, or what happened."""

    on: dt.date
    text: str


def control_chart(
    points: Sequence[Point],
    *,
    period: str,
    words: Words,
    phases: Sequence[Event] = (),
    notes: Sequence[Event] = (),
    below: Sequence[Point] = (),
    observed: Sequence[Point] = (),
    title: str | None = None,
) -> Spec:
    """Values with their limits, phases, the target of each period, signals and what happened.

    `below` is a second line under the same limits (the lower sum of a CUSUM), `observed` what the line was made from
    (faint), `title` names an axis that is not in the unit of the values.
    """
    domain = _domain(v for p in (*points, *below, *observed) for v in (p.value, p.lower, p.upper, p.target))
    layers = [
        *_limit_layers(points),
        *_phase_layers(phases, points, domain),
        *_target_line(points),
        *_observed_layers(observed),
        *_measured_layers(points),
        *(_measured_layers(below) if below else ()),
        *_note_layers(notes, points, domain),
        *_limit_words(points, words, domain),
        *_target_words(points),
    ]
    axis = {"title": title, "labelExpr": unit_labels(words.unit)}
    return _spec(
        layers,
        x={"field": "start", "type": "temporal", "axis": time_axis([p.start for p in points], period)},
        y={
            "field": "value",
            "type": "quantitative",
            "scale": {"domain": list(domain), "nice": False},
            "axis": axis,
        },
    )


def _spec(layers: list[Spec], *, x: Spec, y: Spec) -> Spec:
    """Every layer with the same axes; a layer names the field where it is not the value."""
    whole = []
    for layer in layers:
        encoding = dict(layer["encoding"])
        own = encoding.get("y", {})
        encoding["y"] = own if "value" in own else {**y, **own}  # a fixed place has no field
        if encoding.pop("across", None) is None:
            encoding["x"] = {**x, **encoding.get("x", {})}
        whole.append({**layer, "encoding": encoding})
    # The year stands on a second line under January, which the measured size of narrow axes forgets.
    return {"padding": {"left": 4, "top": 10, "right": 12, "bottom": 20}, "layer": whole}


def _limit_layers(points: Sequence[Point]) -> list[Spec]:
    # Points without limits stay in, so that the lines break where the data do.
    rows = [
        {
            "start": moment(p.start),
            "lower": p.lower,
            "upper": p.upper,
            "centre": p.centre,
            "phase": p.phase,
            "provisional": p.provisional,
        }
        for p in points
    ]
    if all(row["centre"] is None for row in rows):
        return []
    by_phase = {"detail": {"field": "phase"}}
    data = {"values": rows}
    step = {"interpolate": "step"}
    layers: list[Spec] = [
        {
            "data": data,
            "mark": {"type": "area", "style": "limits-band", **step},
            "encoding": {"y": {"field": "lower"}, "y2": {"field": "upper"}, **by_phase},
        }
    ]
    for provisional, style in ((False, "limit"), (True, "provisional")):
        held = [row for row in rows if row["provisional"] == provisional]
        if not held:
            continue
        for name in ("lower", "upper"):
            mark = {"type": "line", "style": style, **step}
            layers.append(
                {"data": {"values": held}, "mark": mark, "encoding": {"y": {"field": name}, **by_phase}}
            )
    centre = {"type": "line", "style": "centre", **step}
    layers.append({"data": data, "mark": centre, "encoding": {"y": {"field": "centre"}, **by_phase}})
    return layers


def _phase_layers(
    phases: Sequence[Event], points: Sequence[Point], domain: tuple[float, float]
) -> list[Spec]:
    """Where new limits start; the reason stands above the picture."""
    rows = [(event, domain[1]) for event in phases]
    return _event_layers(rows, points, {"style": "phase-word", "baseline": "bottom", "dx": 0, "dy": -6})


def _note_layers(notes: Sequence[Event], points: Sequence[Point], domain: tuple[float, float]) -> list[Spec]:
    """What happened; the words stand at the foot, in turns on several lines."""
    line = (domain[1] - domain[0]) / 18
    rows = [(event, domain[0] + line * (0.5 + i % NOTE_ROWS)) for i, event in enumerate(notes)]
    return _event_layers(rows, points, {"style": "note", "baseline": "middle", "dx": 5, "fontSize": 12})


def _event_layers(rows: Sequence[tuple[Event, float]], points: Sequence[Point], mark: Spec) -> list[Spec]:
    """An upright line for each event and its words beside it, towards the side that has room."""
    if not rows or not points:
        return []
    first, span = points[0].start, max(1, (points[-1].start - points[0].start).days)
    data = [
        {
            "start": moment(event.on),
            "value": height,
            "word": _short(event.text),
            "late": (event.on - first).days / span > LATE,
        }
        for event, height in rows
    ]
    layers: list[Spec] = [
        {
            "data": {"values": data},
            "mark": {"type": "rule", "style": "phase"},
            "encoding": {"y": {"value": 0}, "y2": {"value": "height"}},
        }
    ]
    for late in (False, True):
        chosen = [row for row in data if row["late"] == late]
        if not chosen:
            continue
        side = {"align": "right", "dx": -mark["dx"]} if late else {"align": "left"}
        text = {"expr": f"width < {NARROW} ? '' : datum.word"}
        layers.append(
            {
                "data": {"values": chosen},
                "mark": {"type": "text", **mark, **side, "text": text},
                "encoding": {},
            }
        )
    return layers


def _target_line(points: Sequence[Point]) -> list[Spec]:
    """One line where one target holds throughout; steps where it changed."""
    known = {p.target for p in points}
    if known <= {None}:
        return []
    line: Spec = {"data": {"values": _targets_begun(points)}, "mark": {"type": "rule", "style": "target"}}
    line["encoding"] = {"across": True}
    if len(known) > 1:
        steps = [{"start": moment(p.start), "value": p.target} for p in points]
        mark = {"type": "line", "style": "target", "interpolate": "step-after"}
        line = {"data": {"values": steps}, "mark": mark, "encoding": {}}
    return [line]


def _target_words(points: Sequence[Point]) -> list[Spec]:
    """The word of each target where it begins, over all else: the curve may pass there."""
    words = _targets_begun(points)
    if not words:
        return []
    mark = {"type": "text", "style": "target-word"}
    return haloed({"data": {"values": words}, "mark": mark, "encoding": {"text": {"field": "word"}}})


def _targets_begun(points: Sequence[Point]) -> list[dict[str, Any]]:
    if not points:
        return []
    earlier = [None, *(p.target for p in points[:-1])]
    return [
        {"start": moment(p.start), "value": p.target, "word": p.target_word}
        for p, before in zip(points, earlier, strict=True)
        if p.target is not None and p.target != before
    ]


def _observed_layers(points: Sequence[Point]) -> list[Spec]:
    layers: list[Spec] = []
    for aside, mark in ((False, {"type": "point", "style": "observed"}), (True, CROSSED)):
        rows = [
            {"start": moment(p.start), "value": p.value, "label": p.label}
            for p in points
            if p.value is not None and p.aside == aside
        ]
        if rows:
            layers.append({"data": {"values": rows}, "mark": mark, "encoding": {}})
    return layers


def _measured_layers(points: Sequence[Point]) -> list[Spec]:
    # What is not whole yet stands apart: the line goes on without it.
    line = [{"start": moment(p.start), "value": None if p.unfinished else p.value} for p in points]
    dots = [
        {
            "index": i,
            "start": moment(p.start),
            "value": p.value,
            "label": p.label,
            "signal": p.signal,
            "beyond": p.beyond,
            "unfinished": p.unfinished,
            "aside": p.aside,
        }
        for i, p in enumerate(points)
        if p.value is not None
    ]
    layers: list[Spec] = [
        {"data": {"values": line}, "mark": {"type": "line", "style": "measured"}, "encoding": {}},
        {
            "data": {"values": [d for d in dots if not (d["signal"] or d["unfinished"] or d["aside"])]},
            "mark": {"type": "point", "style": "measured"},
            "encoding": {},
        },
    ]
    if hollow := [d for d in dots if d["unfinished"]]:
        mark = {"type": "point", "style": "measured", "filled": False, "strokeWidth": 1.5}
        layers.append({"data": {"values": hollow}, "mark": mark, "encoding": {}})
    if crossed := [d for d in dots if d["aside"]]:
        layers.append({"data": {"values": crossed}, "mark": CROSSED, "encoding": {}})
    for kind, style in MARKS.items():
        for beyond in (False, True):
            rows = [d for d in dots if d["signal"] == kind and d["beyond"] == beyond]
            if not rows:
                continue
            # A point beyond the limits is larger than one that is part of a run.
            mark = {"type": "point", "style": style, **({} if beyond else {"size": 78})}
            layers.append({"data": {"values": rows}, "mark": mark, "encoding": {}})
    return layers


def _limit_words(points: Sequence[Point], words: Words, domain: tuple[float, float]) -> list[Spec]:
    """The figures of the newest limits in the margin at their right, unless they would cover each other."""
    held = [p for p in points if p.centre is not None]
    if not held:
        return []
    last = held[-1]
    rows = [
        {"start": moment(points[-1].start), "value": value, "word": word}
        for value, word in ((last.centre, words.centre), (last.upper, words.upper), (last.lower, words.lower))
        if value is not None and word
    ]
    apart = (domain[1] - domain[0]) / 20
    shown: list[dict[str, Any]] = []
    for row in rows:
        if all(abs(row["value"] - other["value"]) >= apart for other in shown):
            shown.append(row)
    mark = {"type": "text", "style": "limit-word", "align": "left", "baseline": "middle", "dx": 10, "dy": 0}
    return [{"data": {"values": shown}, "mark": mark, "encoding": {"text": {"field": "word"}}}]


def _domain(values: Iterable[float | None]) -> tuple[float, float]:
    """The vertical range with a little air; shares are cut at what a share can be by their limits already."""
    known = [v for v in values if v is not None and math.isfinite(v)]
    if not known:
        return 0.0, 1.0
    low, high = min(known), max(known)
    air = (high - low) * 0.09 or abs(high) * 0.05 or 0.5
    return low - air, high + air


def _short(text: str) -> str:
    return text if len(text) <= NOTE_LETTERS else text[: NOTE_LETTERS - 1].rstrip() + "…"
