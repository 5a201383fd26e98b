"""Simulates how often sets of rules alarm for nothing when their limits were learned from a few points.

Remakes the stored table in some three minutes: `python -m calidez.stats.rules.relearn > learned_table.py`, put in the
place of the old one and formatted by ruff.
Why it matters: C. P. Quesenberry, Journal of Quality Technology 25 (1993) 237; W. A. Jensen, L. A. Jones-Farmer,
C. W. Champ and W. H. Woodall, Journal of Quality Technology 38 (2006) 349.
"""

import sys
from collections.abc import Iterator, Sequence

import numpy as np

from .._types import Flags, Floats
from ..charts.run import crossings_min, longest_run_max
from ..charts.variables import EXACT, MAKING_DATA_COUNT
from .definitions import WHOLE_PHASE, Rule
from .presets import PRESETS, Preset
from .signals import FEWEST_FOR_RUNS
from .vectors import evaluate

SEED = 20261101
RUNS = 200_000
SIZES = (5, 6, 8, 10, 12, 15, 20, 24, 30, 40, 60, 100, 200, 400)
LATER = 24
"""Points over which false alarms are counted."""

Chances = tuple[float, float]


def later(sets: Sequence[Preset], points: int, *, runs: int, seed: int) -> list[float]:
    """For each set of rules: chance of a false alarm in the 24 points after the `points` that the limits come from.

    Individuals chart of independent normal points. Patterns go on across the boundary, as they do on a chart whose
    limits somebody set, and count where they are complete after it; Anhøj's rules are asked after each later point
    about all points so far. Ranges are screened where the preset says so.
    """
    hits = np.zeros(len(sets))
    for z in _series(points + LATER, runs, seed):
        standardised = {screen: _standardised(z, points, screen) for screen in (False, True)}
        for place, preset in enumerate(sets):
            shown = standardised[preset.screened]
            hit = _pointwise(shown, preset.rules)[:, points:].any(axis=1)
            if WHOLE_PHASE.intersection(preset.rules):
                hit |= _runs(shown, preset.rules, points)
            hits[place] += hit.sum()
    return [float(count) / runs for count in hits]


def own(sets: Sequence[Preset], points: int, *, runs: int, seed: int) -> list[Chances]:
    """As `later`, for the very points that the limits come from: among the last 24 of them, and among all.

    Anhøj's rules judge the chart as it ends; where there are fewer than 24 points, both chances are the same.
    """
    hits = np.zeros((len(sets), 2))
    for z in _series(points, runs, seed):
        standardised = {screen: _standardised(z, points, screen) for screen in (False, True)}
        for place, preset in enumerate(sets):
            shown = standardised[preset.screened]
            found = _pointwise(shown, preset.rules)
            whole = _runs(shown, preset.rules)
            hits[place] += [
                (found[:, -LATER:].any(axis=1) | whole).sum(),
                (found.any(axis=1) | whole).sum(),
            ]
    return [(float(last) / runs, float(every) / runs) for last, every in hits]


def _series(count: int, runs: int, seed: int) -> Iterator[Floats]:
    random = np.random.default_rng([seed, count])
    for start in range(0, runs, 5000):
        yield random.standard_normal((min(5000, runs - start), count))


def _standardised(z: Floats, points: int, screen: bool) -> Floats:
    base = z[:, :points]
    ranges = np.abs(np.diff(base, axis=1))
    mean = ranges.mean(axis=1, keepdims=True)
    if screen:
        mean = ranges.mean(axis=1, keepdims=True, where=ranges < MAKING_DATA_COUNT.screen * mean)
    factor = MAKING_DATA_COUNT.limit if screen else EXACT.limit
    shown: Floats = (z - base.mean(axis=1, keepdims=True)) / (mean * factor / 3)
    return shown


def _pointwise(z: Floats, rules: Sequence[Rule]) -> Flags:
    wanted = [rule for rule in rules if rule not in WHOLE_PHASE]
    return evaluate(np.ascontiguousarray(z), wanted) != 0


def _runs(z: Floats, rules: Sequence[Rule], since: int | None = None) -> Flags:
    """Which rows Anhøj's rules speak on, where the set asks for them: as the rows end.

    With `since`, after any point from that place on, where a longest run that ended before it is no news.
    """
    count, points = z.shape
    above = z > 0
    longest, run, end, crossings = (np.zeros(count, np.int64) for _ in range(4))
    hit = np.zeros(count, np.bool_)
    for place in range(points):
        if place:
            changed = above[:, place] != above[:, place - 1]
            crossings += changed
            run[changed] = 0
        run += 1
        longer = run > longest
        longest[longer], end[longer] = run[longer], place
        if place + 1 < FEWEST_FOR_RUNS or place < (points - 1 if since is None else since):
            continue
        if Rule.LONGEST_RUN in rules:
            hit |= (longest > longest_run_max(place + 1)) & (end >= (since or 0))
        if Rule.FEW_CROSSINGS in rules:
            hit |= crossings < crossings_min(place + 1)
    return hit


def main() -> None:
    names = list(PRESETS)
    sets = [PRESETS[name] for name in names]
    after = {size: later(sets, size, runs=RUNS, seed=SEED) for size in SIZES}
    same = {size: own(sets, size, runs=RUNS, seed=SEED) for size in SIZES}
    lines = [
        '"""Chances of false alarms with learned limits, as `relearn` simulates them (the command stands there)."""',
        "",
        f"SIZES = {SIZES!r}",
        '"""Points behind the limits."""',
        "",
        "LATER = {",
        *(f'    "{name}": {tuple(round(after[n][i], 4) for n in SIZES)!r},' for i, name in enumerate(names)),
        "}",
        '"""Chance of a signal in the 24 points after those."""',
        "",
        "OWN = {",
        *(
            f'    "{name}": {tuple(round(same[n][i][0], 4) for n in SIZES)!r},'
            for i, name in enumerate(names)
        ),
        "}",
        '"""Chance of a signal among the last 24 of those points."""',
        "",
        "ALL = {",
        *(
            f'    "{name}": {tuple(round(same[n][i][1], 4) for n in SIZES)!r},'
            for i, name in enumerate(names)
        ),
        "}",
        '"""Chance of a signal among all of those points."""',
    ]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
