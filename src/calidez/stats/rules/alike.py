"""How often rules alarm for nothing on a very chart: on charts like it, drawn from its own law with its own sizes.

Tables of false alarms are made for single normal values. Counts differ: limits of shares and rates rest on their
centre alone, few cases are lopsided and take few values, sizes vary, and no pattern crosses a gap. Charts of that
kind are drawn anew by chance here, some thousands of times, and read by the rules and by `tenable`'s criterion.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import special

from .._types import Flags, Floats
from ..charts.core import ChartKind, ControlChart
from .definitions import OVERLAP, RUNS, TOLERANCE, WHOLE_PHASE, Rule
from .learned import false_alarms
from .presets import PRESETS, FalseAlarm, Preset
from .tenable import LOPSIDED
from .vectors import SMALL, evaluate

SEED = 20261101
SERIES = 4000
"""Charts drawn: a stated eighth is known within half a per cent (standard error)."""

STRETCH = 24
EDGE = STRETCH + OVERLAP
"""Points that the answer depends on, besides the limits."""

FEW = 10.0
"""With so many events a point no counts are lopsided (in Poisson's law the last are at seven)."""

SIMULATED = f"simulation of {SERIES:,} charts of the same law and sizes, seed {SEED}"
_LAWS = {
    ChartKind.P: "binomial",
    ChartKind.NP: "binomial",
    ChartKind.U: "poisson",
    ChartKind.C: "poisson",
    ChartKind.XBAR_S: "normal",
    ChartKind.XBAR_R: "normal",
}


@dataclass(frozen=True)
class _Like:
    """What the answer depends on. `sizes` are those of the last points (0: none), `before` that of all earlier ones."""

    law: str
    centre: float
    sizes: tuple[float, ...]
    before: float
    learned: int  # of the points in `sizes`, those among the first that limits were learned from


def false_alarms_of(chart: ControlChart, preset: Preset | str) -> FalseAlarm:
    """False alarms if nothing changes, on charts like this one: as `false_alarms`, from the chart's own law where it has one.

    For limits that somebody set, in the next 24 points; else among the last 24 of the chart. Charts of shares, rates,
    counts and subgroup means are simulated (4000 of them, always the same; remembered for charts that are alike);
    the others are answered from the table for individuals.
    """
    chosen = PRESETS[preset] if isinstance(preset, str) else preset
    phase = chart.phases[-1]
    law = _LAWS.get(chart.kind)
    if law is None or phase.points == 0 or WHOLE_PHASE.intersection(chosen.rules):
        return false_alarms(chosen, phase.points, frozen=phase.frozen)
    chance, shown = _chance(_like(chart, law), chosen.rules)
    rate = -np.log1p(-min(chance, 1 - 1 / SERIES)) * STRETCH / shown
    length = float("inf") if rate == 0 else STRETCH / float(rate)
    return FalseAlarm(length, float(-np.expm1(-rate)), SIMULATED, phase.points)


def _like(chart: ControlChart, law: str) -> _Like:
    phase = chart.phases[-1]
    sizes = np.ones(len(chart)) if chart.denominators is None else np.nan_to_num(chart.denominators)
    sizes = np.where(np.isfinite(chart.judged), sizes, 0.0)[phase.start : phase.stop]
    sizes = _with_breaks(sizes, chart.breaks[phase.start : phase.stop])
    if phase.frozen:
        # What is still to come is as large as what was typical; where the limits came from, no more than their points.
        typical = float(np.median(sizes[sizes > 0])) if (sizes > 0).any() else 1.0
        base = sizes[: _until(sizes, phase.points)]
        sizes = np.concatenate([base, np.full(STRETCH, typical)])
        learned = len(base)
    else:
        learned = len(sizes)
    cut = max(0, len(sizes) - EDGE)
    held = tuple(float(f"{size:.3g}") for size in sizes[cut:])
    return _Like(
        law,
        float(f"{phase.centre:.3g}") if law != "normal" else 0.0,
        held,
        float(f"{sizes[:cut].sum():.3g}"),
        min(len(held), max(0, learned - cut)),
    )


def _with_breaks(sizes: Floats, breaks: Flags) -> Floats:
    """With an empty place where a point does not continue from the one before and no missing period says so."""
    at = [i for i in np.flatnonzero(breaks) if i and sizes[i - 1] > 0]
    return np.insert(sizes, at, 0.0)


def _until(sizes: Floats, points: int) -> int:
    known = np.flatnonzero(sizes > 0)
    return int(known[min(points, len(known)) - 1]) + 1 if len(known) else 0


@lru_cache(maxsize=4096)
def _chance(like: _Like, rules: tuple[Rule, ...]) -> tuple[float, int]:
    """Chance of an alarm among the last 24 points, and how many points those are."""
    random = np.random.default_rng(SEED)
    sizes = np.array(like.sizes)
    known = sizes > 0
    shape = (SERIES, len(sizes))
    whole = np.round(sizes) if like.law == "binomial" else sizes
    earlier = np.round(like.before) if like.law == "binomial" else like.before
    counts = _drawn(random, like, np.broadcast_to(whole, shape))
    total = counts[:, : like.learned].sum(axis=1) + _drawn(random, like, np.full(SERIES, earlier))
    base = whole[: like.learned].sum() + earlier
    centre = (total / base)[:, None]
    variance = {"binomial": centre * (1 - centre), "poisson": centre}.get(like.law, np.ones((SERIES, 1)))
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (counts / whole - centre) / np.sqrt(variance / whole)
    z[~np.isfinite(z) & known] = 0.0  # nothing varies
    z[:, ~known] = np.nan
    judged = np.flatnonzero(known)[-STRETCH:]
    hit = np.zeros(SERIES, np.bool_)
    runs = [rule for rule in rules if rule in RUNS]
    others = [rule for rule in rules if rule not in RUNS]
    rows = max(1, SMALL // len(sizes))  # in parts for which compiled code is not loaded
    for start in range(0, SERIES, rows):
        mask = evaluate(z[start : start + rows], others)
        hit[start : start + rows] = (mask[:, judged] != 0).any(axis=1)
    own = like.learned == len(sizes)
    side = _sides(like, z, counts, centre, whole, recentred=own and not like.before)
    for rule in runs:
        hit |= _held_runs(z, side, RUNS[rule])[:, judged].any(axis=1)
    return float(hit.mean()), len(judged)


def _few(like: _Like) -> float:
    """The rarer of the two outcomes that a typical point has."""
    typical = float(np.median([size for size in like.sizes if size > 0]))
    rarer = min(like.centre, 1 - like.centre) if like.law == "binomial" else like.centre
    return rarer * typical


def _drawn(random: np.random.Generator, like: _Like, sizes: Floats) -> Floats:
    if like.law == "binomial":
        return random.binomial(sizes.astype(np.int64), min(max(like.centre, 0.0), 1.0)).astype(np.float64)
    if like.law == "poisson":
        return random.poisson(sizes * max(like.centre, 0.0)).astype(np.float64)
    return random.standard_normal(sizes.shape) * np.sqrt(sizes)


def _sides(
    like: _Like, z: Floats, counts: Floats, centre: Floats, sizes: Floats, *, recentred: bool
) -> Floats:
    """As `tenable` sees them: around the mean of the points within the limits, the median of lopsided counts on the line."""
    outside = np.abs(z) > 3 + TOLERANCE
    distance = z
    if recentred:
        inside = np.where(outside, np.nan, z)
        distance = z - np.nanmean(inside, axis=1, keepdims=True)
    side = np.sign(np.where(np.abs(distance) <= TOLERANCE, 0.0, np.nan_to_num(distance)))
    side[outside] = np.sign(z)[outside]
    if like.law != "normal" and _few(like) < FEW:
        expected = centre * sizes
        below = _at_most(like, np.ceil(expected) - 1, expected, sizes)
        above = 1 - _at_most(like, np.floor(expected), expected, sizes)
        lopsided = np.maximum(below, above) > LOPSIDED
        middle = (_at_most(like, counts, expected, sizes) >= 0.5) & (
            _at_most(like, counts - 1, expected, sizes) < 0.5
        )
        side[lopsided & middle] = 0
    return side


def _at_most(like: _Like, counts: Floats, expected: Floats, sizes: Floats) -> Floats:
    held = np.maximum(counts, 0)
    if like.law == "poisson":
        chance = special.pdtr(held, expected)
    else:
        with np.errstate(divide="ignore", invalid="ignore"):
            chance = special.bdtr(
                held, np.broadcast_to(sizes, held.shape).astype(np.int64), np.nan_to_num(expected / sizes)
            )
    return np.where(counts >= 0, chance, 0.0)


def _held_runs(z: Floats, side: Floats, length: int) -> Flags:
    """Where a run of the length is complete that is long enough without what `tenable` does not count."""
    found = np.zeros(z.shape, np.bool_)
    before, run, counted, most = (np.zeros(len(z)) for _ in range(4))
    for place in range(z.shape[1]):
        here = np.nan_to_num(z[:, place])
        now = np.where(np.abs(here) <= TOLERANCE, 0.0, np.sign(here))
        goes_on = (now == before) & (now != 0)
        run = np.where(goes_on, run, 0) + (now != 0)
        counted, most = np.where(goes_on, counted, 0), np.where(goes_on, most, 0)
        counted = np.where(side[:, place] == -now, 0, counted + (side[:, place] == now))
        most = np.maximum(most, counted)
        found[:, place] = (run >= length) & (most >= length)
        before = now
    return found
