"""Charts of the data that qicharts2 comes with, beside its own answers as the tests store them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from page import table

from calidez.stats import charts, rules

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "oracles" / "spc"
TINY = 1e-12


def compared() -> str:
    """One line for each chart: how far apart the lines are, and what is a signal."""
    lines = [_line(about, chart, expected) for about, chart, expected in _charts()]
    headings = (
        "Data and chart",
        "Lines differ by at most",
        "Beyond the limits: ours, theirs",
        "Longest run",
        "Crossings",
        "The same signals",
    )
    return table(headings, lines)


def _charts() -> Iterator[tuple[str, charts.ControlChart, dict[str, Any]]]:
    infections = _stored("o08")
    months = infections["input"]["n"]
    yield "C. difficile by month, run chart", charts.run_chart(months), infections["expected"]["all"]
    frozen = [charts.Phase(0, len(months), 24)]
    yield (
        "the same, median of the first 24",
        charts.run_chart(months, phases=frozen),
        infections["expected"]["freeze24"],
    )

    hospital = _stored("o09")
    exposure = np.array(hospital["input"]["days"]) / hospital["input"]["multiply"]
    yield from _plain_and_prime(
        "hospital infections, rate", charts.u, hospital["input"]["n"], exposure, hospital, "u"
    )

    waits = _stored("o10")["input"]
    met, n = np.array(waits["r"], float), np.array(waits["n"], float)
    yield from _plain_and_prime("emergency departments by week, share", charts.p, met, n, _stored("o10"), "p")

    complaints = _stored("o31")
    counts = complaints["input"]["complaints"]
    yield "complaints, run chart", charts.run_chart(counts), complaints["expected"]["anhoej"]
    yield "complaints, single values", charts.individuals(counts), _exact(complaints["expected"]["i"])
    sales = np.array(complaints["input"]["sales"]) / 10_000
    yield from _plain_and_prime("complaints by sales, rate", charts.u, counts, sales, complaints, "u")

    between = _stored("o11")
    yield "time between failures", charts.t(between["input"]["hours"]), _exact(between["expected"]["t"])


def _plain_and_prime(
    about: str, draw: Any, events: Any, sizes: Any, stored: dict[str, Any], kind: str
) -> Iterator[tuple[str, charts.ControlChart, dict[str, Any]]]:
    yield f"{about} ({kind})", draw(events, sizes, laney=False), stored["expected"][kind]
    yield f"{about} ({kind}′)", draw(events, sizes, laney=True), _exact(stored["expected"][f"{kind}prime"])


def _line(about: str, chart: charts.ControlChart, expected: dict[str, Any]) -> tuple[str, ...]:
    ours = [s.index + 1 for s in rules.find_signals(chart, "limits_only")]
    theirs = expected["sigma_signal"]
    runs = charts.runs(chart.values, chart.centre)
    same_runs = (runs.longest_run, runs.crossings, runs.signal) == (
        expected["longest_run"],
        expected["n_crossings"],
        expected["runs_signal"],
    )
    return (
        about,
        f"{apart:.0e}" if (apart := _apart(chart, expected)) > TINY else "less than 1e-12",
        f"{len(ours)}, {len(theirs)}",
        f"{runs.longest_run}, {expected['longest_run']}",
        f"{runs.crossings}, {expected['n_crossings']}",
        "yes" if ours == theirs and same_runs else "NO",
    )


def _apart(chart: charts.ControlChart, expected: dict[str, Any]) -> float:
    """The largest relative difference of centre and limits."""
    worst = 0.0
    for name, line in (("center", chart.centre), ("lcl", chart.lower), ("ucl", chart.upper)):
        wanted = np.broadcast_to(np.array(expected[name], dtype=float), line.shape)
        known = np.isfinite(wanted) & np.isfinite(line)
        if known.any():
            apart = np.abs(line - wanted)[known] / np.maximum(np.abs(wanted[known]), TINY)
            worst = max(worst, float(apart[np.abs(line - wanted)[known] > TINY].max(initial=0.0)))
    return worst


def _exact(expected: dict[str, Any]) -> dict[str, Any]:
    """Without screened moving ranges and with constants in full precision, as charts here are drawn."""
    held: dict[str, Any] = expected["unscreened"]["exact_constants"]
    return held


def _stored(name: str) -> dict[str, Any]:
    (path,) = FOLDER.glob(f"{name}*.json")
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content
