"""Drawings that compare: periods against a line, branches against each other."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from calidez.monitoring.vega.parts import Spec, Words, haloed, moment, unit_labels

LATE = 0.6  # of the width of a funnel: names of points beyond it stand at their left
NARROW = 460  # a drawing narrower than this has no margin for words


def bars(
    rows: Sequence[tuple[dt.date, float | None, bool, str]], *, period: str, line: float, word: str
) -> Spec:
    """One bar per period (start, height, whether it stands out, sentence) against one line."""
    data = [
        {"index": i, "start": moment(start), "value": value, "over": over, "label": label}
        for i, (start, value, over, label) in enumerate(rows)
        if value is not None
    ]
    y = {"field": "value", "type": "quantitative", "axis": {"title": None}}
    colour = {"condition": {"test": "datum.over", "value": "--c-concern"}, "value": "--c-ordinary"}
    width = {"band": 0.72}
    x = {
        "field": "start",
        "type": "ordinal",
        "axis": {**_ordinal_axis(period), "title": None},
        "scale": {"paddingOuter": 0.1},
    }
    held = {"field": "line", "type": "quantitative"}
    layers = [
        {"mark": {"type": "bar", "width": width}, "encoding": {"x": x, "y": y, "color": colour}},
        {
            "data": {"values": [{"line": line}]},
            "mark": {"type": "rule", "style": "target"},
            "encoding": {"y": held},
        },
        {
            "data": {"values": [{"line": line, "word": word}]},
            "mark": {"type": "text", "style": "target-word", "baseline": "middle", "dx": 8, "dy": 0},
            "encoding": {"x": {"value": "width"}, "y": held, "text": {"field": "word"}},
        },
    ]
    return {
        "data": {"values": data},
        "layer": layers,
    }


@dataclass(frozen=True)
class Branch:
    """A branch on a funnel: cases, value, +1/0/−1 against the inner and the outer limits, name, sentence."""

    n: float
    value: float
    outside_95: int
    outside_998: int
    tone: str
    name: str
    label: str
    here: bool = False


@dataclass(frozen=True)
class FunnelLine:
    n: float
    lower_998: float
    lower_95: float
    upper_95: float
    upper_998: float


def funnel(
    branches: Sequence[Branch], lines: Sequence[FunnelLine], *, centre: float, words: Words, cases: str
) -> Spec:
    """Branches by size against the limits within which chance (and ordinary difference) leaves them."""
    values = [b.value for b in branches]
    low = min([*values, *(line.lower_998 for line in lines if line.n >= _median([b.n for b in branches]))])
    domain = [max(0.0, low - 2), min(100.0, max([*values, centre]) + 1)]
    x = {
        "field": "n",
        "type": "quantitative",
        "scale": {"type": "sqrt", "nice": False, "zero": False},
        "axis": {
            "title": cases,
            "tickCount": {"expr": f"width < {NARROW} ? 3 : 6"},
            "format": ",.0f",
            "labelOverlap": "greedy",
            "labelSeparation": 12,
            "grid": False,
        },
    }
    y = {
        "type": "quantitative",
        "scale": {"domain": domain, "nice": False},
        "axis": {"title": None, "labelExpr": unit_labels(words.unit)},
    }
    edge = [vars_of(line) for line in lines]
    data = [{"index": i, **vars_of(b)} for i, b in enumerate(sorted(branches, key=lambda b: b.n))]
    limits = [
        {
            "data": {"values": edge},
            "mark": {"type": "line", "style": style, "clip": True},
            "encoding": {"x": x, "y": {**y, "field": name}},
        }
        for name, style in (
            ("lower_998", "limit"),
            ("upper_998", "limit"),
            ("lower_95", "provisional"),
            ("upper_95", "provisional"),
        )
    ]
    last = edge[-1] if edge else {}
    named = [
        {"n": last["n"], "y": last[name], "word": word}
        for name, word in (("upper_998", words.upper), ("lower_998", words.lower))
        if last and domain[0] <= last[name] <= domain[1] and word
    ]
    named.append({"n": last.get("n", 0), "y": centre, "word": words.centre})
    return {
        "data": {"values": data},
        "layer": [
            *limits,
            {
                "data": {"values": [{"y": centre}]},
                "mark": {"type": "rule", "style": "centre"},
                "encoding": {"y": {**y, "field": "y"}},
            },
            _funnel_points(
                "datum.outside_998 == 0",
                {"filled": True, "size": 34, "opacity": 0.62, "color": "--c-ordinary"},
                x,
                y,
            ),
            _funnel_points("datum.outside_998 != 0 && datum.tone == 'good'", {"style": "signal-good"}, x, y),
            _funnel_points(
                "datum.outside_998 != 0 && datum.tone == 'concern'", {"style": "signal-concern"}, x, y
            ),
            _funnel_points(
                "datum.outside_998 != 0 && datum.tone == 'neutral'", {"style": "signal-neutral"}, x, y
            ),
            *_names(branches, lines, x, y),
            *_margin_words(named, x, y),
        ],
    }


def _names(branches: Sequence[Branch], lines: Sequence[FunnelLine], x: Spec, y: Spec) -> list[Spec]:
    """Beside their points, towards the side that has room, so that no name makes the picture narrower."""
    sizes = [math.sqrt(n) for n in (*(b.n for b in branches), *(line.n for line in lines))]
    least, most = min(sizes, default=0.0), max(sizes, default=0.0)
    late = (least + LATE * (most - least)) ** 2
    layers: list[Spec] = []
    for right in (False, True):
        test = f"datum.name != '' && (datum.n > {late}) == {str(right).lower()}"
        side = {"align": "right", "dx": -9} if right else {"align": "left", "dx": 9}
        layers += haloed(
            {
                "transform": [{"filter": test}],
                "mark": {"type": "text", **side, "dy": 1, "baseline": "middle"},
                "encoding": {"x": x, "y": {**y, "field": "value"}, "text": {"field": "name"}},
            }
        )
    return layers


def _margin_words(named: Sequence[dict[str, Any]], x: Spec, y: Spec) -> list[Spec]:
    """What the lines are, in the margin at their right; on a phone, where there is none, above the lines."""
    narrow = f"width < {NARROW}"
    mark = {
        "type": "text",
        "style": "limit-word",
        "align": {"expr": f"{narrow} ? 'right' : 'left'"},
        "baseline": {"expr": f"{narrow} ? 'bottom' : 'middle'"},
        "dx": {"expr": f"{narrow} ? 0 : 6"},
        "dy": {"expr": f"{narrow} ? -4 : 0"},
    }
    encoding = {"x": x, "y": {**y, "field": "y"}, "text": {"field": "word"}}
    return haloed({"data": {"values": list(named)}, "mark": mark, "encoding": encoding})


def _funnel_points(test: str, mark: Spec, x: Spec, y: Spec) -> Spec:
    return {
        "transform": [{"filter": test}],
        "mark": {"type": "point", **mark},
        "encoding": {"x": x, "y": {**y, "field": "value"}},
    }


def _ordinal_axis(period: str) -> Spec:
    form = {"year": "%Y", "quarter": "%b %y", "month": "%b %y"}.get(period, "%e %b")
    return {
        "labelExpr": f"timeFormat(toDate(datum.value), '{form}')",
        "labelAngle": 0,
        "labelOverlap": "greedy",
    }


def _median(values: Sequence[float]) -> float:
    ordered = sorted(values)
    return ordered[len(ordered) // 2] if ordered else 0.0


def vars_of(row: Any) -> dict[str, Any]:
    """A frozen row as the values of a datum."""
    return dict(vars(row))
