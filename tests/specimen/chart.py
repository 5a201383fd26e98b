"""A control chart of sample values, with its table twin."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

from calidez.kit.platform.display import Cell, CellKind, Header, Row


def monthly() -> list[float]:
    """A made series that falls slowly, with one good and two bad months."""
    values = [92 + 2.2 * math.sin(i * 0.9) - i * 0.09 + 1.1 * math.cos(i * 2.3) for i in range(40)]
    values[6], values[30], values[38] = 96.4, 83.4, 84.2
    return [round(v, 1) for v in values]


def control_chart(values: list[float]) -> dict[str, Any]:
    """The specification of a control chart as the protocol of docs/how-to/charts.md asks for it."""
    rows = [_point(i, value) for i, value in enumerate(values)]
    x = {"field": "period", "type": "temporal", "axis": {"title": None, "format": "%b %Y", "tickCount": 8}}
    y = {"type": "quantitative", "scale": {"zero": False}, "axis": {"title": None}}
    return {
        "data": {"values": rows},
        "encoding": {"x": x},
        "layer": [
            {
                "mark": {"type": "area", "style": "limits-band"},
                "encoding": {"y": {**y, "field": "lower"}, "y2": {"field": "upper"}},
            },
            {"mark": {"type": "line", "style": "limit"}, "encoding": {"y": {**y, "field": "lower"}}},
            {"mark": {"type": "line", "style": "limit"}, "encoding": {"y": {**y, "field": "upper"}}},
            {"mark": {"type": "line", "style": "centre"}, "encoding": {"y": {**y, "field": "centre"}}},
            {
                "data": {"values": [{}]},
                "mark": {"type": "rule", "style": "target"},
                "encoding": {"x": None, "y": {"datum": 95}},
            },
            {"mark": {"type": "line", "style": "measured"}, "encoding": {"y": {**y, "field": "value"}}},
            {"mark": {"type": "point", "style": "measured"}, "encoding": {"y": {**y, "field": "value"}}},
            {
                "transform": [{"filter": "datum.tone == 'concern'"}],
                "mark": {"type": "point", "style": "signal-concern"},
                "encoding": {"y": {**y, "field": "value"}},
            },
            {
                "transform": [{"filter": "datum.tone == 'good'"}],
                "mark": {"type": "point", "style": "signal-good"},
                "encoding": {"y": {**y, "field": "value"}},
            },
            {
                "data": {"values": [{"period": rows[0]["period"], "y": 95, "word": "target 95%"}]},
                "mark": {"type": "text", "style": "target-word"},
                "encoding": {"y": {"field": "y", "type": "quantitative"}, "text": {"field": "word"}},
            },
        ],
    }


def _point(index: int, value: float) -> dict[str, Any]:
    period = dt.date(2015 + index // 12, index % 12 + 1, 1)
    tone, word = ("concern", ", below the lower limit") if value < 86 else ("", "")
    tone, word = ("good", ", above the upper limit") if value > 95.5 else (tone, word)
    label = f"{period:%B %Y}: {value}%{word} (86.0–95.5%)"
    return {
        "index": index,
        "period": f"{period}T00:00:00",
        "value": value,
        "lower": 86.0,
        "upper": 95.5,
        "centre": 91.0,
        "tone": tone,
        "label": label,
    }


def chart_headers() -> tuple[Header, ...]:
    return (Header("Month"), Header("Within four hours, %", numeric=True), Header("Signal"))


def chart_rows(values: list[float]) -> tuple[Row, ...]:
    points = [_point(i, value) for i, value in enumerate(values)]
    return tuple(
        Row(
            "",
            (
                Cell(CellKind.DATE, dt.date.fromisoformat(p["period"][:10])),
                Cell(CellKind.NUMBER, p["value"]),
                Cell(CellKind.TEXT, p["tone"]) if p["tone"] else Cell(CellKind.EMPTY),
            ),
        )
        for p in points
    )
