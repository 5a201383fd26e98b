"""The counts of simulated charts as tables and sentences of the page of measurements."""

from __future__ import annotations

from collections.abc import Mapping

import truth_oracles
from page import table
from truth_read import SEED, Counts, Scenario
from truth_scenarios import CHANGES, PEER, STEADY, THROUGHOUT

Found = Mapping[tuple[str, int, int], Counts]
TENTH = 0.1
LASTS = (1, 6, 12, 24)


def text(found: Found, runs: Mapping[str, int]) -> str:
    """The section of the page."""
    parts = [
        "Written by `make truth`: services are drawn by chance from laws that are known, written down as measured rows and read\n"
        "by the way that pages read them (axis, choice of chart, limits, rules, adjacent signals as one, patterns). "
        f"{runs['steady']:,} series a row\n"
        f"where nothing happens, {runs['changes']:,} where something does, seed {SEED}; the same command gives the same figures.",
        "### When nothing happens",
        "Every signal is a false alarm. What the page states is the sentence under the chart: how many of 100 stretches of 24\n"
        "periods have a false alarm; the ratio is of pages that state it (others say why signals come more easily). `Named` are\n"
        "charts of which a season, a long trend, a change of level or a wandering level is named.",
        _steady(found),
        *_explained(found),
        "### When something happens",
        "The share of series on which a signal on the side of the change holds one of the changed periods, read so many periods\n"
        "after it began. `qicharts2` is what its rules (points beyond three sigma, Anhøj's runs) find anywhere on the same charts\n"
        "after 12 (one, for a single period).",
        _changes(found),
        "### What goes on throughout",
        "`Named` is the share of charts of which it is named for what it is, `as something else` that of another of the three. The\n"
        "rest is told by signals, or not at all.",
        _throughout(found),
        "### Beside qicharts2",
        "By Anhøj's rules (`preset` anhoej) on the same series: charts with any signal when nothing happens. The rules of qicharts2 are\n"
        "worked out from the drawn lines with its own table of runs, stored with the tests. Where the answers differ, Calidez does not tell\n"
        "of runs that a single far point or lopsided counts make.",
        _peer(found),
        "On the data that qicharts2 itself comes with (stored with its answers in `tests/oracles/spc`, from version 0.8.1):",
        truth_oracles.compared(),
    ]
    return "\n\n".join(part for part in parts if part)


def _steady(found: Found) -> str:
    lines = []
    for place, scenario in enumerate(STEADY):
        counts = found.get(("steady", place, 0))
        if counts is None:
            continue
        signals, around = counts.per_hundred
        share, half = counts.share
        ratio = counts.ratio
        lines.append(
            (
                scenario.about,
                f"{signals:.2f} ± {around:.2f}",
                f"{_cent(share)} ± {_cent(half)}",
                _cent(counts.claimed),
                _cent(counts.telling / counts.series, 0),
                "–" if ratio is None else f"{ratio[0]:.2f} ± {ratio[1]:.2f}",
                "–" if ratio is None else ("yes" if _kept(ratio[0]) else "NO"),
                _cent(counts.patterns, 2),
            )
        )
    headings = (
        "Series",
        "False signals per 100 points",
        "% of 24 with one",
        "The page states, %",
        "Pages that do, %",
        "Ratio",
        "Within a tenth",
        "Named, %",
    )
    return table(headings, lines)


def _explained(found: Found) -> list[str]:
    """One sentence for each row that is not within a tenth."""
    lines = []
    for place, scenario in enumerate(STEADY):
        counts = found.get(("steady", place, 0))
        ratio = None if counts is None else counts.ratio
        if counts is not None and ratio is not None and not _kept(ratio[0]):
            lines.append(f"- **{scenario.about}**: {_because(scenario, ratio)}.")
    return ["Where the statement is not kept:", "\n".join(lines)] if lines else []


def _because(scenario: Scenario, ratio: tuple[float, float]) -> str:
    if not scenario.because:
        return (
            "the interval reaches into the tenth, so that more series would have to tell"
            if abs(ratio[0] - 1) - ratio[1] <= TENTH
            else "no reason is known yet"
        )
    return scenario.because


def _changes(found: Found) -> str:
    lines = []
    for place, change in enumerate(CHANGES):
        counts = {last: found.get(("changes", place, last)) for last in LASTS}
        held = [one for one in counts.values() if one is not None]
        if not held:
            continue
        middle = counts[12] or counts[1] or held[-1]
        lines.append(
            (
                change.about,
                *("–" if one is None else _cent(one.share[0], 0) for one in counts.values()),
                _cent(middle.patterns, 1),
                _cent(middle.theirs / middle.series, 0),
            )
        )
    return table(
        ("What happens", "1", "Within 6", "12", "24", "Pattern named instead, %", "qicharts2"),
        [tuple(line) for line in lines],
    )


def _throughout(found: Found) -> str:
    lines = []
    for place, (kind, scenario, _rise) in enumerate(THROUGHOUT):
        counts = found.get(("throughout", place, 0))
        if counts is None:
            continue
        right = counts.named[kind] / counts.series
        lines.append(
            (
                scenario.about,
                kind,
                _cent(right, 0),
                _cent(counts.patterns - right, 1),
                _cent(counts.ours / counts.series, 0),
            )
        )
    return table(("What there is", "Kind", "Named, %", "As something else, %", "With a signal, %"), lines)


def _peer(found: Found) -> str:
    lines = []
    for place, scenario in enumerate(PEER):
        counts = found.get(("peer", place, 0))
        if counts is None:
            continue
        lines.append(
            (
                scenario.about,
                _cent(counts.ours / counts.series),
                _cent(counts.theirs / counts.series),
                _cent(counts.same / counts.series),
            )
        )
    return table(("Series", "Calidez, %", "qicharts2, %", "The same answer, %"), lines)


def _kept(ratio: float) -> bool:
    return abs(ratio - 1) <= TENTH


def _cent(share: float | None, places: int = 1) -> str:
    return "–" if share is None else f"{100 * share:.{places}f}"
