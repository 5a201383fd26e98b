"""Error budgets: how many failures a promise allows, how many are spent, and when the pace is too high.

Source: B. Beyer and others, The Site Reliability Workbook (2018), chapter 5, carried over from availability in
"nines" to service standards of 80–95 %, where thresholds made for 99.9 % can never be reached.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from ._types import Flags, FloatLike, Floats, floats

REACHABLE = 0.8
"""A threshold is at most this part of the greatest possible burn: four failures in five must alert."""

CONFIDENCE = 0.99
"""How sure an alert must be that the burn lies above its threshold. A year has hundreds of looks, though windows overlap:
365 days of 30 cases at 95 % that burn 80 % of the budget alert in 88 % of years without such a bound, in 5 % at 95 %
confidence and in 0.7 % at 99 %. Burning four times the budget is told after 3, 5 and 6 days (median)."""

FEWEST_BAD = 5.0
"""Bad cases in the long window below which an alert would speak of one or two people."""


@dataclass(frozen=True, eq=False)
class Budget:
    """The failures that an objective allows over a compliance period, and what became of them.

    `allowed` and `spent` count cases, `spent_share` and `remaining_share` are parts of the budget (spent may
    pass 1), `burn` is the rate of each period: 1 spends the budget exactly by the end. `exhausted_at` is the
    first period after which nothing was left, `projected_share` what will be spent at the end of the period
    at the pace so far, `projected_exhaustion` the number of periods from the start at which nothing is left
    at that pace (None: it lasts). Without any case the shares, `sli` and `met` are None.
    """

    objective: float
    total: float
    bad: float
    sli: float | None
    met: bool | None
    allowed: float
    spent: float
    spent_share: float | None
    remaining_share: float | None
    burn: Floats
    spent_by: Floats
    average_burn: float | None
    exhausted_at: int | None
    elapsed: int
    periods: int
    projected_share: float | None
    projected_exhaustion: float | None


@dataclass(frozen=True)
class Window:
    """Alert when `fraction` of the budget burns within `long` steps, and still does within `short`."""

    name: str
    fraction: float
    long: int
    short: int


@dataclass(frozen=True)
class Threshold:
    """The burn that alerts; `capped` when the derived one could not be reached."""

    window: Window
    burn: float
    derived: float
    capped: bool


@dataclass(frozen=True, eq=False)
class Alert:
    """When one window fired: at each step, and as stretches start..stop (stop not included)."""

    threshold: Threshold
    firing: Flags
    intervals: tuple[tuple[int, int], ...]
    long_burn: Floats
    short_burn: Floats


def spend(
    total: FloatLike | float,
    bad: FloatLike | float,
    objective: FloatLike | float,
    *,
    periods: int | None = None,
    expected_total: float | None = None,
    start: int = 0,
) -> Budget:
    """The budget of one compliance period from cases and bad cases per step (or from two sums).

    `start` is the step at which the compliance period began; earlier steps belong to another budget. `periods`
    is its full length in steps when it is still running: the allowance then counts `expected_total` cases, or
    as many as the pace so far promises. Missing steps (NaN) have no cases.

    An objective for each step says what was promised then: each step allows its own share of its own cases, and the
    cases still to come are allowed the average share so far. The `objective` of the result is then that average.
    """
    cases, failures = _cases(total, bad)
    if not 0 <= start < len(cases):
        raise ValueError("the compliance period must begin inside the series")
    margins = _margins(objective, len(cases))[start:]
    cases, failures = cases[start:], failures[start:]
    length = len(cases) if periods is None else periods
    if length < len(cases):
        raise ValueError("the compliance period is shorter than the series: say where it starts")
    seen, lost = float(cases.sum()), float(failures.sum())
    whole = seen * length / len(cases) if expected_total is None else max(float(expected_total), seen)
    margin = _average(margins, cases)
    allowed = whole * margin
    spent_by = np.cumsum(failures) / allowed if allowed > 0 else np.full(len(cases), np.nan)
    gone = np.flatnonzero(np.cumsum(failures) > allowed * (1 + 1e-12))
    known = seen > 0
    pace = lost / len(cases)
    lasts = pace * length <= allowed * (1 + 1e-12)
    return Budget(
        objective=1 - margin if np.ndim(objective) else float(objective),  # type: ignore[arg-type]
        total=seen,
        bad=lost,
        sli=1 - lost / seen if known else None,
        met=lost <= seen * margin * (1 + 1e-12) if known else None,
        allowed=allowed,
        spent=lost,
        spent_share=lost / allowed if known else None,
        remaining_share=1 - lost / allowed if known else None,
        burn=burn_rates(cases, failures, 1 - margins),
        spent_by=spent_by,
        average_burn=lost / seen / margin if known else None,
        exhausted_at=start + int(gone[0]) if known and len(gone) else None,
        elapsed=len(cases),
        periods=length,
        projected_share=pace * length / allowed if known else None,
        projected_exhaustion=allowed / pace if known and not lasts else None,
    )


def burn_rates(total: FloatLike, bad: FloatLike, objective: FloatLike | float) -> Floats:
    """Share of bad cases over the share allowed, step by step; NaN where there are no cases."""
    cases, failures = _cases(total, bad)
    share = np.divide(failures, cases, out=np.full(len(cases), np.nan), where=cases > 0)
    burn: Floats = share / _margins(objective, len(cases))
    return burn


def greatest_burn(objective: float) -> float:
    """The burn when everything fails; no threshold above it can ever fire."""
    _check_objective(objective)
    return 1 / (1 - objective)


def time_to_exhaustion(period: float, burn: float) -> float:
    """How long a whole budget lasts at a burn, in the unit of the period."""
    return period / burn if burn > 0 else math.inf


def detection_time(threshold: float, long: float, objective: float) -> float:
    """How long everything must fail before the long window reaches the threshold; inf when it never does."""
    needed = threshold / greatest_burn(objective)
    return long * needed if needed < 1 else math.inf


def windows(period: int) -> tuple[Window, ...]:
    """Windows for a compliance period of so many steps.

    From 240 steps on (hours of ten days and more) those of the workbook, scaled: 2 % of the budget within
    1/720 of the period, 5 % within 1/120, 10 % within 1/30 and 1/10, each confirmed by a twelfth of its length.
    Coarser data (days of a month, months of a year) cannot show minutes: 20 %, 40 % and 60 % of the budget
    within 1/12, 1/4 and 1/2 of the period, burns of about 2.4, 1.6 and 1.2.
    """
    if period < 2:
        raise ValueError("a compliance period needs at least two steps")
    spans: tuple[tuple[str, float, int], ...]
    if period >= 240:
        spans = (("quick", 0.02, 720), ("fast", 0.05, 120), ("slow", 0.10, 30), ("steady", 0.10, 10))
    else:
        spans = (("quick", 0.2, 12), ("slow", 0.4, 4), ("steady", 0.6, 2))
    found = []
    for name, fraction, part in spans:
        long = max(1, round(period / part))
        # A window rounded up to a whole step keeps its burn, not its share of the budget.
        found.append(Window(name, fraction * part * long / period, long, max(1, round(long / 12))))
    return tuple({window.long: window for window in reversed(found)}.values())[::-1]


def threshold(window: Window, period: float, objective: float, *, reachable: float = REACHABLE) -> Threshold:
    """The burn fraction × period / long, lowered to a reachable part of the greatest possible burn."""
    if not 0 < reachable <= 1:
        raise ValueError("the reachable part of the greatest burn lies between 0 and 1")
    derived = window.fraction * period / window.long
    ceiling = reachable * greatest_burn(objective)
    return Threshold(window, min(derived, ceiling), derived, capped=derived > ceiling)


def alerts(
    total: FloatLike,
    bad: FloatLike,
    objective: FloatLike | float,
    *,
    period: int,
    policy: Sequence[Window] | None = None,
    fewest_bad: float = FEWEST_BAD,
    reachable: float = REACHABLE,
    confidence: float | None = CONFIDENCE,
) -> tuple[Alert, ...]:
    """Multi-window burn-rate alerts over steps of cases and bad cases.

    `period` is the compliance period in steps; `policy` defaults to `windows(period)`. A window fires where
    both its burns lie above the threshold, that of the long one by more than chance explains (its exact lower bound, at
    `confidence`, one-sided; None asks for none), and its long window holds `fewest_bad` bad cases. Windows at the
    beginning use the steps there are. Steps should be hours (days, months) of service: closed hours left out.
    With an objective for each step a window's burn counts what each of its steps allowed; how high a burn can get,
    and so the thresholds, follow from the newest.
    """
    if confidence is not None and not 0 < confidence < 1:
        raise ValueError("the confidence must lie between 0 and 1")
    cases, failures = _cases(total, bad)
    margins = _margins(objective, len(cases))
    newest = 1 - float(margins[-1])
    chosen = windows(period) if policy is None else tuple(policy)
    return tuple(
        _alert(
            cases,
            cases * margins,
            failures,
            threshold(window, period, newest, reachable=reachable),
            fewest_bad,
            confidence,
        )
        for window in chosen
    )


def _alert(
    cases: Floats,
    allowed: Floats,
    failures: Floats,
    limit: Threshold,
    fewest_bad: float,
    confidence: float | None,
) -> Alert:
    window = limit.window
    if not 0 < window.short <= window.long:
        raise ValueError("the short window of an alert must be within the long one")
    long_bad = _trailing(failures, window.long)
    long_allowed = _trailing(allowed, window.long)
    long_burn = _over(long_bad, long_allowed)
    short_burn = _over(_trailing(failures, window.short), _trailing(allowed, window.short))
    firing = (long_burn > limit.burn) & (short_burn > limit.burn) & (long_bad >= fewest_bad)
    if confidence is not None:
        firing &= _surely(long_bad, _trailing(cases, window.long), limit.burn * long_allowed, confidence)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], firing, [False]]).astype(np.int8)))
    intervals = tuple((int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True))
    return Alert(limit, firing, intervals, long_burn, short_burn)


def _surely(bad: Floats, cases: Floats, at_limit: Floats, confidence: float) -> Flags:
    """Where so many bad cases would be a chance below 1 − confidence if the burn lay at the limit.

    That is where the lower bound of Clopper and Pearson (Biometrika 26, 1934, 404) lies above the limit.
    """
    some = (cases > 0) & (bad > 0)
    share = np.clip(np.divide(at_limit, cases, out=np.ones(len(cases)), where=cases > 0), 0.0, 1.0)
    counted = np.where(some, np.minimum(bad, cases), 1.0)
    chance = special.betainc(counted, np.where(some, cases - counted + 1, 1.0), share)
    sure: Flags = some & (chance < 1 - confidence)
    return sure


def _trailing(values: Floats, window: int) -> Floats:
    """Sums over the last `window` steps, fewer at the beginning."""
    sums = np.cumsum(values)
    sums[window:] -= sums[:-window].copy() if window < len(values) else 0.0
    return sums


def _cases(total: FloatLike | float, bad: FloatLike | float) -> tuple[Floats, Floats]:
    cases, failures = floats(np.atleast_1d(total), "the cases"), floats(np.atleast_1d(bad), "the bad cases")
    if len(cases) != len(failures) or len(cases) == 0:
        raise ValueError("there must be bad cases for each number of cases")
    known = np.isfinite(cases) & np.isfinite(failures)
    cases, failures = np.where(known, cases, 0.0), np.where(known, failures, 0.0)
    if (failures < 0).any() or (failures > cases).any():
        raise ValueError("bad cases must lie between zero and the number of cases")
    return cases, failures


def _margins(objective: FloatLike | float, count: int) -> Floats:
    """The share that may fail, for each step."""
    given = np.atleast_1d(np.asarray(objective, dtype=np.float64))
    if len(given) not in (1, count):
        raise ValueError("there must be one objective, or one for each step")
    for one in np.unique(given):
        _check_objective(float(one))
    return np.broadcast_to(1 - given, (count,)).astype(np.float64)


def _average(margins: Floats, cases: Floats) -> float:
    """Weighted by the cases, so that the allowance is the sum of what each step allowed."""
    if (margins == margins[0]).all():
        return float(margins[0])
    return float((margins * cases).sum() / cases.sum()) if cases.sum() > 0 else float(margins[-1])


def _over(failures: Floats, allowed: Floats) -> Floats:
    return np.divide(failures, allowed, out=np.full(len(failures), np.nan), where=allowed > 0)


def _check_objective(objective: float) -> None:
    if not 0 < objective < 1:
        raise ValueError("an objective is a share between 0 and 1: with 100 % there is nothing to spend")
