"""How often rules alarm for nothing on a very chart: on charts like it, drawn from its own law with its own sizes.

Tables of false alarms are made for single normal values. Counts differ: limits of shares and rates rest on their
centre alone, few cases are lopsided and take few values, sizes vary, and no pattern crosses a gap. Charts of that
kind are drawn anew by chance here, some thousands of times, and read by the rules and by `tenable`'s criterion.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import special

from .. import constants
from .._types import Flags, Floats, Ints
from ..charts.core import ChartKind, ControlChart, PhaseLimits
from ..charts.dispersion import FEWEST_PAIRS, LEVEL
from .definitions import RUNS, TOLERANCE, WHOLE_PHASE, Rule
from .learned import false_alarms
from .presets import PRESETS, FalseAlarm, Preset
from .tenable import LOPSIDED
from .vectors import SMALL, evaluate

SEED = 20261101
SERIES = 4000
"""Charts drawn: a stated eighth is known within half a per cent (standard error)."""

STRETCH = 24
EDGE = 64
"""Of longer charts only so many last points are drawn one by one; what was before is drawn as one."""

TINY = 1e-6
FEW = 10.0
"""With so many events a point no counts are lopsided (in Poisson's law the last are at seven)."""

SIMULATED = f"simulation of {SERIES:,} charts of the same law and sizes, seed {SEED}"
MANY = 1e6
"""So many events a point are as even as any normal values."""

_LAWS = {
    ChartKind.P: "binomial",
    ChartKind.NP: "binomial",
    ChartKind.U: "poisson",
    ChartKind.C: "poisson",
    ChartKind.P_PRIME: "binomial",
    ChartKind.U_PRIME: "poisson",
    ChartKind.XBAR_S: "normal",
    ChartKind.XBAR_R: "normal",
}
_PRIMES = frozenset({ChartKind.P_PRIME, ChartKind.U_PRIME})


@dataclass(frozen=True)
class _Like:
    """What the answer depends on. `sizes` are those of the last points (0: none), `before` that of all earlier ones."""

    law: str
    centre: float
    sizes: tuple[float, ...]
    before: float
    learned: int  # of the points in `sizes`, those among the first that limits were learned from
    points: int  # from which the limits were learned
    sigma_z: float | None  # how much wider than the law, on charts that find out from moving ranges


def false_alarms_of(chart: ControlChart, preset: Preset | str, *, counts: bool = False) -> FalseAlarm:
    """False alarms if nothing changes, on charts like this one: as `false_alarms`, from the chart's own law where it has one.

    For limits that somebody set, in the next 24 points; else among the last 24 of the chart. Charts of shares, rates,
    counts and subgroup means are simulated (4000 of them, always the same; remembered for charts that are alike);
    the others are answered from the table for individuals. With `counts` the single values of an individuals chart
    are counts that vary more than chance explains, which are lopsided too.
    """
    chosen = PRESETS[preset] if isinstance(preset, str) else preset
    phase = chart.phases[-1]
    law = "poisson" if counts and chart.kind is ChartKind.I else _LAWS.get(chart.kind)
    if law is None or phase.points == 0 or WHOLE_PHASE.intersection(chosen.rules):
        return false_alarms(chosen, phase.points, frozen=phase.frozen)
    like = _like(chart, law)
    if like is None:
        return false_alarms(chosen, phase.points, frozen=phase.frozen)
    chance, shown = _chance(like, chosen.rules)
    rate = -math.log1p(-min(chance, 1 - 1 / SERIES)) * STRETCH / shown
    length = math.inf if rate == 0 else STRETCH / rate
    return FalseAlarm(length, -math.expm1(-rate), SIMULATED, phase.points)


def _like(chart: ControlChart, law: str) -> _Like | None:
    """None where there is nothing to draw from the law: no sizes, or so many events that only wider limits count."""
    phase = chart.phases[-1]
    sizes = np.ones(len(chart)) if chart.denominators is None else np.nan_to_num(chart.denominators)
    if law == "binomial":
        sizes = np.round(sizes)
    sizes = np.where(np.isfinite(chart.judged), sizes, 0.0)[phase.start : phase.stop]
    sizes = _with_breaks(sizes, chart.breaks[phase.start : phase.stop])
    if not (sizes > 0).any():
        return None
    typical = float(np.median(sizes[sizes > 0]))
    if law == "binomial":
        typical = float(round(typical))
    elsewhere = 0.0
    learned = len(sizes)
    if phase.frozen:
        base = sizes[: _until(sizes, phase.points)]
        learned = len(base)
        # What is still to come is as large as what was typical, as were periods of the limits that are not on the chart.
        elsewhere = typical * (phase.points - int((base > 0).sum()))
        sizes = np.concatenate([base, np.full(STRETCH, typical)])
    wider = _wider(chart, phase)
    if law != "normal" and phase.centre * typical > MANY:
        if wider is not None:
            return None
        law = "normal"
    cut = max(0, len(sizes) - EDGE)
    return _Like(
        law=law,
        centre=_rounded(phase.centre) if law != "normal" else 0.0,
        sizes=tuple(_rounded(size) for size in sizes[cut:]),
        before=_rounded(float(sizes[:cut].sum()) + elsewhere),
        learned=max(0, learned - cut),
        points=phase.points,
        sigma_z=wider,
    )


def _wider(chart: ControlChart, phase: PhaseLimits) -> float | None:
    """How much wider than the law its limits are, on charts that learn it from moving ranges."""
    if chart.kind is ChartKind.I:
        found = phase.sigma / math.sqrt(phase.centre) if phase.centre > 0 else 1.0
    elif chart.kind in _PRIMES:
        found = phase.sigma_z
    else:
        return None
    return max(1.0, float(f"{found:.2g}"))


def _rounded(number: float) -> float:
    """Charts that are nearly alike have one answer."""
    return float(f"{number:.3g}")


def _with_breaks(sizes: Floats, breaks: Flags) -> Floats:
    """With an empty place where a point does not continue from the one before and no missing period says so."""
    at = [i for i in np.flatnonzero(breaks) if i and sizes[i - 1] > 0]
    return np.insert(sizes, at, 0.0)


def _until(sizes: Floats, points: int) -> int:
    known = np.flatnonzero(sizes > 0)
    return int(known[min(points, len(known)) - 1]) + 1 if len(known) else 0


@lru_cache(maxsize=1024)
def _chance(like: _Like, rules: tuple[Rule, ...]) -> tuple[float, int]:
    """Chance of an alarm among the last 24 points, and how many points those are."""
    random = np.random.default_rng(SEED)
    sizes, earlier = np.array(like.sizes), like.before
    known = sizes > 0
    counts = _drawn(random, like, np.broadcast_to(sizes, (SERIES, len(sizes))))
    total = counts[:, : like.learned].sum(axis=1) + _together(random, like, earlier)
    centre = (total / (sizes[: like.learned].sum() + earlier))[:, None]
    variance = {"binomial": centre * (1 - centre), "poisson": centre}.get(like.law, np.ones((SERIES, 1)))
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (counts / sizes - centre) / np.sqrt(variance / sizes)
    z[~np.isfinite(z)] = 0.0  # nothing varies
    z[:, ~known] = np.nan
    all_drawn = like.learned == len(sizes) and not earlier
    kept = np.ones(SERIES, np.bool_)
    if like.sigma_z is not None:
        z /= _found_width(z[:, : like.learned], like)
    elif all_drawn:
        kept = ~_wide(z)  # where points vary more than chance explains another chart would be drawn
    side = _sides(z, recentred=all_drawn)
    if like.sigma_z is None and like.law != "normal" and _few(like) < FEW:
        side[_on_median(like, counts, centre[:, 0], sizes)] = 0
    judged = np.flatnonzero(known)[-STRETCH:]
    hit = _pointwise(z, judged, [rule for rule in rules if rule not in RUNS])
    for rule in rules:
        if rule in RUNS:
            hit |= _held_runs(z, side, RUNS[rule])[:, judged].any(axis=1)
    return float(hit[kept].mean()), len(judged)


def _found_width(z: Floats, like: _Like) -> Floats:
    """The factor by which each chart would find its points to vary more than the law has it."""
    ranges = _ranges(z)
    if not ranges.shape[1]:
        return np.full((len(z), 1), like.sigma_z)
    found = ranges.mean(axis=1, keepdims=True) / constants.D2_PAIR
    # More ranges than those drawn tell it more surely.
    usual = found.mean()
    surer: Floats = usual + (found - usual) * math.sqrt(min(1.0, (ranges.shape[1] + 1) / like.points))
    return np.maximum(surer, TINY)


def _pointwise(z: Floats, judged: Ints, rules: Sequence[Rule]) -> Flags:
    hit = np.zeros(len(z), np.bool_)
    rows = max(1, SMALL // z.shape[1])  # in parts for which compiled code is not loaded
    for start in range(0, len(z), rows):
        mask = evaluate(z[start : start + rows], rules)
        hit[start : start + rows] = (mask[:, judged] != 0).any(axis=1)
    return hit


def _together(random: np.random.Generator, like: _Like, sizes: float) -> Floats:
    """Events of all earlier points, of such sizes together: each of them had a chance of its own."""
    if like.sigma_z is None or not sizes:
        return _drawn(random, like, np.full(SERIES, sizes))
    variance = like.centre * (1 - like.centre) if like.law == "binomial" else like.centre
    spread = like.sigma_z * math.sqrt(max(sizes * variance, 0.0))
    return np.clip(random.normal(sizes * like.centre, spread, SERIES), 0.0, None)


def _wide(z: Floats) -> Flags:
    """The series that `charts.overdispersion` calls so."""
    ranges = _ranges(z)
    m = ranges.shape[1]
    if m < FEWEST_PAIRS:
        return np.zeros(len(z), np.bool_)
    freedom = 2 * m * m / (3 * m - 1)
    p_value = special.chdtrc(freedom, freedom * (ranges**2).mean(axis=1) / 2)
    wide: Flags = (p_value < LEVEL) & (ranges.mean(axis=1) > constants.D2_PAIR)
    return wide


def _few(like: _Like) -> float:
    """The rarer of the two outcomes that a typical point has."""
    rarer = min(like.centre, 1 - like.centre) if like.law == "binomial" else like.centre
    return rarer * _typical(like)


def _typical(like: _Like) -> float:
    return float(np.median([size for size in like.sizes if size > 0]))


def _drawn(random: np.random.Generator, like: _Like, sizes: Floats) -> Floats:
    """Events (or sums) of points of such sizes; beyond the law, chances are of a beta and rates of a gamma distribution."""
    if like.law == "normal":
        return random.standard_normal(sizes.shape) * np.sqrt(sizes)
    more = 0.0 if like.sigma_z is None else like.sigma_z**2 - 1
    typical = _typical(like)
    if like.law == "binomial":
        chance: Floats | float = min(max(like.centre, 0.0), 1.0)
        if more and 0 < chance < 1:
            strength = 1 / min(max(more / max(typical - 1, 1.0), TINY), 0.5) - 1
            chance = random.beta(chance * strength, (1 - chance) * strength, sizes.shape)
        return random.binomial(sizes.astype(np.int64), chance).astype(np.float64)
    rate: Floats | float = max(like.centre, 0.0)
    if more and rate > 0:
        shape = rate * typical / more
        rate = random.gamma(shape, rate / shape, sizes.shape)
    return random.poisson(sizes * rate).astype(np.float64)


def _ranges(z: Floats) -> Floats:
    """Distances between neighbours; gaps are at the same places in all series."""
    ranges: Floats = np.abs(np.diff(z, axis=1))
    return ranges[:, np.isfinite(ranges[0])]


def _sides(z: Floats, *, recentred: bool) -> Floats:
    """As `tenable` sees them: around the mean of the points within the limits."""
    outside = np.abs(z) > 3 + TOLERANCE
    distance = z - np.nanmean(np.where(outside, np.nan, z), axis=1, keepdims=True) if recentred else z
    side = np.sign(np.where(np.abs(distance) <= TOLERANCE, 0.0, np.nan_to_num(distance)))
    side[outside] = np.sign(z)[outside]
    return side


def _on_median(like: _Like, counts: Floats, centre: Floats, sizes: Floats) -> Flags:
    """Counts that equal the median of a lopsided law, which `tenable` leaves out of runs."""
    centres, row = np.unique(centre, return_inverse=True)
    held, column = np.unique(sizes, return_inverse=True)
    expected = centres[:, None] * held

    def at_most(count: Floats) -> Floats:
        some = np.maximum(count, 0)
        if like.law == "poisson":
            chance: Floats = special.pdtr(some, expected)
        else:
            chance = special.bdtr(some, np.broadcast_to(held, some.shape).astype(np.int64), centres[:, None])
        return np.where(count >= 0, chance, 0.0)

    lopsided = np.maximum(at_most(np.ceil(expected) - 1), 1 - at_most(np.floor(expected))) > LOPSIDED
    # Less than one lies between the mean of such a law and its median.
    median = np.maximum(np.floor(expected) - 1, 0)
    for _step in range(2):
        median += at_most(median) < 0.5
    flags: Flags = lopsided[row][:, column] & (counts == median[row][:, column])
    return flags


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
