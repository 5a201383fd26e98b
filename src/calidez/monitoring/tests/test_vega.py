"""Specifications: gaps stay gaps, only points can be read, and every file can be drawn."""

from __future__ import annotations

import datetime as dt
from typing import Any

import vl_convert

from calidez.kit.platform.chart_theme import themed
from calidez.monitoring import vega


def points(values: list[float | None], targets: list[float | None] | None = None) -> list[vega.Point]:
    return [
        vega.Point(
            start=dt.date(2023 + i // 12, i % 12 + 1, 1),
            value=value,
            lower=None if value is None else 80.0,
            upper=None if value is None else 90.0,
            centre=None if value is None else 85.0,
            label=f"point {i}",
            signal="concern" if value is not None and value < 80 else "",
            beyond=value is not None and value < 80,
            target=targets[i] if targets else None,
            target_word=f"target {targets[i]:g}" if targets and targets[i] is not None else "",
        )
        for i, value in enumerate(values)
    ]


def chart(values: list[float | None], targets: list[float | None] | None = None, **more: Any) -> vega.Spec:
    return vega.control_chart(points(values, targets), period="month", words=vega.Words(unit="%"), **more)


def styled(spec: vega.Spec, style: str) -> list[vega.Spec]:
    return [layer for layer in spec["layer"] if layer["mark"].get("style") == style]


def test_a_gap_breaks_the_line_and_has_no_point() -> None:
    spec = chart([85.0, None, 86.0])
    line = next(x for x in styled(spec, "measured") if x["mark"]["type"] == "line")
    assert [row["value"] for row in line["data"]["values"]] == [85.0, None, 86.0]
    assert [row["centre"] for row in styled(spec, "centre")[0]["data"]["values"]] == [85.0, None, 85.0]
    assert _readable(spec) == {0, 2}


def test_only_points_carry_what_the_keyboard_reads() -> None:
    for layer in chart([85.0, 70.0, 86.0], [95.0] * 3)["layer"]:
        rows = layer["data"]["values"]
        assert all(("index" in row) == (layer["mark"]["type"] == "point") for row in rows)


def test_each_point_is_drawn_once_and_signals_larger() -> None:
    spec = chart([85.0, 70.0, 86.0])
    signals = styled(spec, "signal-concern")
    assert [row["value"] for layer in signals for row in layer["data"]["values"]] == [70.0]
    ordinary = next(x for x in styled(spec, "measured") if x["mark"]["type"] == "point")
    assert [row["value"] for row in ordinary["data"]["values"]] == [85.0, 86.0]


def test_the_target_is_inside_the_picture() -> None:
    spec = chart([85.0, 84.0], [95.0, 95.0])
    low, high = spec["layer"][0]["encoding"]["y"]["scale"]["domain"]
    assert low < 80 < 95 < high
    (line,) = styled(spec, "target")
    assert line["mark"]["type"] == "rule"


def test_a_target_that_changed_is_drawn_in_steps_with_a_word_at_each() -> None:
    spec = chart([85.0, 84.0, 85.0, 86.0], [None, 90.0, 90.0, 80.0])
    (line,) = styled(spec, "target")
    assert line["mark"]["interpolate"] == "step-after"
    assert [row["value"] for row in line["data"]["values"]] == [None, 90.0, 90.0, 80.0]
    ground, words = styled(spec, "target-word")
    assert ground["mark"]["stroke"] == "--c-surface"  # the curve may pass behind the word
    assert spec["layer"][-2:] == [ground, words]
    assert [(row["start"][:7], row["word"]) for row in words["data"]["values"]] == [
        ("2023-02", "target 90"),
        ("2023-04", "target 80"),
    ]
    assert not styled(chart([85.0, 84.0]), "target")


def test_provisional_limits_are_drawn_lighter() -> None:
    weak = [vega.Point(**{**vars(p), "provisional": True}) for p in points([85.0, 84.0])]
    spec = vega.control_chart(weak, period="month", words=vega.Words())
    assert styled(spec, "provisional")
    assert not styled(spec, "limit")


def test_figures_of_limits_that_would_cover_each_other_are_left_out() -> None:
    near = [vega.Point(**{**vars(p), "upper": 85.05, "lower": 84.95}) for p in points([85.0, 99.0])]
    spec = vega.control_chart(near, period="month", words=vega.Words(upper="u", centre="c", lower="l"))
    assert [row["word"] for layer in styled(spec, "limit-word") for row in layer["data"]["values"]] == ["c"]


def test_every_kind_of_axis_and_chart_can_be_drawn() -> None:
    days = [dt.date(2024, 1, 1) + dt.timedelta(days=i) for i in range(60)]
    funnel = vega.funnel(
        [
            vega.Branch(100, 80.0, -1, -1, "concern", "N1", "N1: 80%"),
            vega.Branch(400, 90.0, 0, 0, "neutral", "", "N2"),
        ],
        [vega.FunnelLine(100, 70, 75, 95, 99), vega.FunnelLine(400, 80, 82, 92, 95)],
        centre=88.0,
        words=vega.Words(upper="99.8%", lower="99.8%", centre="all 88%", unit="%"),
        cases="cases",
    )
    daily = vega.control_chart(
        [
            vega.Point(d, 5.0, 4.0, 6.0, 5.0, str(d), target=float(5 + i // 30), target_word="target")
            for i, d in enumerate(days)
        ],
        period="day",
        words=vega.Words(),
        phases=[vega.Event(days[30], "New desk")],
        notes=[vega.Event(days[40], "A strike of the porters for many days")],
    )
    burn = vega.bars(
        [(days[0], 0.5, False, "a"), (days[1], None, False, ""), (days[2], 2.0, True, "c")],
        period="day",
        line=1.0,
        word="allowed",
    )
    for spec in (funnel, daily, burn, chart([85.0, None, 70.0]), chart([None, None])):
        drawn = vl_convert.vegalite_to_svg(themed({**spec, "width": 600, "height": 300}), vl_version="6.4")
        assert drawn.startswith("<svg")
        assert "--c-" not in drawn
        assert "NaN" not in drawn


def test_bars_leave_out_periods_without_cases() -> None:
    spec = vega.bars(
        [(dt.date(2024, 1, 1), None, False, ""), (dt.date(2024, 2, 1), 1.5, True, "b")],
        period="month",
        line=1.0,
        word="allowed",
    )
    assert [row["index"] for row in spec["data"]["values"]] == [1]


def test_long_notes_are_shortened() -> None:
    spec = chart([85.0, 86.0], notes=[vega.Event(dt.date(2023, 1, 20), "x" * 80)])
    (word,) = [row["word"] for layer in styled(spec, "note") for row in layer["data"]["values"]]
    assert len(word) == vega.NOTE_LETTERS
    assert word.endswith("…")


def _readable(spec: vega.Spec) -> set[int]:
    return {row["index"] for layer in spec["layer"] for row in layer["data"]["values"] if "index" in row}
