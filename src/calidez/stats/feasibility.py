"""Whether a target can be promised: what share of past periods met it, and which target nine in ten of them met.

Sources: C. J. Clopper and E. S. Pearson, Biometrika 26 (1934) 404 (exact interval of a share); S. S. Wilks, Annals of
Mathematical Statistics 12 (1941) 91 (limits from order statistics that hold for any distribution); R. J. Hyndman and
Y. Fan, The American Statistician 50 (1996) 361 (definition 1 of a sample quantile).
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy import special

from . import capability as capable
from ._types import FloatLike, Floats, floats
from .capability import Capability, Interval, ProportionCapability

GOAL = 0.9
"""The share of periods that must meet a target before it counts as demonstrated."""

SHOWN = 8
"""Periods below which not even the share is told: with seven the interval of "all met it" still begins below 60 %."""

ENOUGH = 12
"""Periods below which there is no verdict and no target for nine in ten: below ten a single miss decides alone (the
value that nine in ten met is then the worst one seen), and with twelve months every season is in once."""


class Verdict(StrEnum):
    WITHIN_REACH = "within_reach"
    OPEN = "open"
    BEYOND = "beyond"
    NOT_ENOUGH = "not_enough"


@dataclass(frozen=True)
class Met:
    """How many periods would have met the target, with the exact interval of that share."""

    periods: int
    met: int
    interval: Interval

    @property
    def share(self) -> float:
        return self.met / self.periods


@dataclass(frozen=True)
class Reachable:
    """The hardest value seen that `goal` of the periods met: the ceil(goal n)-th best (Hyndman and Fan's definition 1).

    `safe` is the hardest value seen of which one may be as sure as `confidence` that `goal` of the periods meet it,
    whatever their distribution: for 90 % with 95 % confidence it takes 29 periods, and is None before. `hopeful` is
    the easiest value seen of which one may be as sure that fewer than `goal` meet it.
    """

    value: float
    rank: int
    safe: float | None
    hopeful: float | None


@dataclass(frozen=True)
class Feasibility:
    """What the past says of a target.

    `met` is None below `SHOWN` periods, `reachable` and the verdict below `ENOUGH`. `certain` says that the interval of
    the share lies on one side of the goal. `cases` is the capability of a share counted in cases, `index` that of values;
    the one that does not apply is None. What came of an unstable series says what was, not what can be expected.
    """

    target: float | None
    at_least: bool
    periods: int
    met: Met | None
    reachable: Reachable | None
    verdict: Verdict
    certain: bool
    cases: ProportionCapability | None
    index: Capability | None
    stable: bool | None
    goal: float
    confidence: float

    @property
    def divided(self) -> bool:
        """Whether single periods answer otherwise than all cases together: few cases let chance decide a period."""
        if self.cases is None or not self.cases.allowed or self.verdict is Verdict.NOT_ENOUGH:
            return False
        together = {True: Verdict.WITHIN_REACH, None: Verdict.OPEN, False: Verdict.BEYOND}
        return together[self.cases.meets] is not self.verdict


def feasibility(
    values: FloatLike,
    target: float | None,
    *,
    at_least: bool,
    good: float | None = None,
    cases: float | None = None,
    stable: bool | None = None,
    goal: float = GOAL,
    confidence: float = 0.95,
    capability: bool = True,
) -> Feasibility:
    """The past against a target, from one value per period (NaN where there is none) in the unit of the target.

    For a share in per cent, `good` and `cases` are the cases of all these periods. Without a target only what can be
    reached is told. Beyond reach is a target that fewer than `goal` of the periods met and whose interval lies below
    `goal` too; open is one that fewer met, by no more than chance explains. Without `capability` the index of the values
    is left out, which takes most of the time: for hundreds of branches of which only the verdict is told.
    """
    known = _known(values)
    _check(target, goal, confidence)
    n = len(known)
    reachable = reach(known, at_least=at_least, goal=goal, confidence=confidence) if n >= ENOUGH else None
    met = None
    verdict, certain = Verdict.NOT_ENOUGH, False
    if target is not None and n >= SHOWN:
        met = share_met(known, target, at_least=at_least, confidence=confidence)
        if n >= ENOUGH:
            verdict, certain = _verdict(met, goal)
    return Feasibility(
        target=target,
        at_least=at_least,
        periods=n,
        met=met,
        reachable=reachable,
        verdict=verdict,
        certain=certain,
        cases=_of_cases(good, cases, target, at_least, stable, confidence),
        index=_of_values(known, target, at_least, stable, confidence)
        if cases is None and capability
        else None,
        stable=stable,
        goal=goal,
        confidence=confidence,
    )


def meets(values: FloatLike, target: float, *, at_least: bool) -> np.ndarray:
    """Which values meet the target; a hair of rounding (0.95 times 100 is less than 95) is no miss."""
    array, slack = np.asarray(values, dtype=np.float64), abs(target) * 1e-9
    return array >= target - slack if at_least else array <= target + slack


def share_met(values: FloatLike, target: float, *, at_least: bool, confidence: float = 0.95) -> Met:
    """The share of periods that met the target, with the exact interval."""
    known = _known(values)
    if len(known) == 0:
        raise ValueError("a share of periods needs at least one period")
    met = int(meets(known, target, at_least=at_least).sum())
    found = capable.proportion(met, len(known), confidence=confidence)
    return Met(len(known), met, found.interval)


def reach(values: FloatLike, *, at_least: bool, goal: float = GOAL, confidence: float = 0.95) -> Reachable:
    """The target that `goal` of the periods met, and its limits by order statistics."""
    known = _known(values)
    n = len(known)
    if n == 0:
        raise ValueError("what can be reached needs at least one period")
    best_first = np.sort(known)[::-1] if at_least else np.sort(known)
    rank = math.ceil(goal * n - 1e-9)
    fewest, most = _limits(n, goal, confidence)
    return Reachable(
        value=float(best_first[rank - 1]),
        rank=rank,
        safe=float(best_first[n - fewest]) if fewest else None,
        hopeful=float(best_first[n - most]) if most else None,
    )


@functools.lru_cache(maxsize=1024)
def _limits(n: int, goal: float, confidence: float) -> tuple[int, int]:
    """The ranks from the worst of the limits that hold for any distribution; 0 where n values are too few for one.

    How many of n periods miss what exactly `goal` of all periods meet is binomial with 1 - goal. The branches of an
    organisation mostly have the same number of periods.
    """
    at_most = [float(special.bdtr(misses, n, 1 - goal)) for misses in range(n)]
    fewest = max((r for r in range(1, n + 1) if 1 - at_most[r - 1] >= confidence), default=0)
    most = min((s for s in range(1, n + 1) if at_most[s - 1] >= confidence), default=0)
    return fewest, most


def _verdict(met: Met, goal: float) -> tuple[Verdict, bool]:
    if met.share >= goal - 1e-12:
        return Verdict.WITHIN_REACH, met.interval.lower >= goal
    beyond = met.interval.upper < goal
    return (Verdict.BEYOND if beyond else Verdict.OPEN), beyond


def _of_cases(
    good: float | None,
    cases: float | None,
    target: float | None,
    at_least: bool,
    stable: bool | None,
    confidence: float,
) -> ProportionCapability | None:
    """The share of single cases outside the promise; `good` are those that count towards the share."""
    if good is None or cases is None or cases < 1 or target is None or not 0 <= target <= 100:
        return None
    bad, allowed = (cases - good, 1 - target / 100) if at_least else (good, target / 100)
    bad = min(max(bad, 0.0), cases)
    return capable.proportion(
        bad, cases, allowed=allowed if allowed < 1 else None, confidence=confidence, stable=stable
    )


def _of_values(
    known: Floats, target: float | None, at_least: bool, stable: bool | None, confidence: float
) -> Capability | None:
    if target is None or len(known) < ENOUGH:
        return None
    if np.ptp(known) <= 1e-9 * np.abs(known).max() or known.std() == 0:
        return None
    lower, upper = (target, None) if at_least else (None, target)
    return capable.capability(known, lower=lower, upper=upper, confidence=confidence, stable=stable)


def _known(values: FloatLike) -> Floats:
    array = floats(np.asarray(values, dtype=np.float64), "the values of the periods")
    return array[np.isfinite(array)]


def _check(target: float | None, goal: float, confidence: float) -> None:
    if target is not None and not math.isfinite(target):
        raise ValueError("a target must be a finite number")
    if not 0 < goal < 1 or not 0 < confidence < 1:
        raise ValueError("the goal and the confidence lie between 0 and 1")
