"""Which chart suits an indicator: decided from the kind of measure and from how the data vary."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from .. import constants
from .._types import FloatLike, Floats, floats
from .core import ChartKind, find_breaks, resolve_phases
from .dispersion import Dispersion, overdispersion
from .season import Course, Season, course
from .season_fit import Form
from .subgroups import Subgroups, from_sums, rational_sigma

RARE = 1.0
"""Fewer events than this per period and counts are mostly zeros and ones."""


class Measure(StrEnum):
    PROPORTION = "proportion"
    RATE = "rate"
    COUNT = "count"
    MEAN = "mean"
    PERCENTILE = "percentile"
    RATIO = "ratio"
    NPS = "nps"


class Reason(StrEnum):
    """Why a chart was chosen; the interface has one sentence for each."""

    NOT_ENOUGH_DATA = "not_enough_data"
    RARE_EVENTS = "rare_events"
    PROPORTION_BINOMIAL = "proportion_binomial"
    PROPORTION_OVERDISPERSED = "proportion_overdispersed"
    RATE_POISSON = "rate_poisson"
    RATE_OVERDISPERSED = "rate_overdispersed"
    COUNT_POISSON = "count_poisson"
    COUNT_OVERDISPERSED = "count_overdispersed"
    MEANS_WITHIN_PERIODS = "means_within_periods"
    MEANS_BETWEEN_PERIODS = "means_between_periods"
    SINGLE_VALUES = "single_values"
    PERCENTILE_INDIVIDUALS = "percentile_individuals"
    RATIO_INDIVIDUALS = "ratio_individuals"
    NPS_INDIVIDUALS = "nps_individuals"


REASONS: tuple[str, ...] = tuple(Reason)

_INDIVIDUALS = {
    Measure.PERCENTILE: Reason.PERCENTILE_INDIVIDUALS,
    Measure.RATIO: Reason.RATIO_INDIVIDUALS,
    Measure.NPS: Reason.NPS_INDIVIDUALS,
}

FORMS = {Measure.PROPORTION: Form.ODDS, Measure.RATE: Form.FACTOR, Measure.COUNT: Form.FACTOR}
"""How a season acts on each measure; on the others it adds."""


@dataclass(frozen=True)
class Choice:
    """The chart, why, and the figures that the sentence quotes."""

    kind: ChartKind
    reason: str
    figures: dict[str, float] = field(default_factory=dict)


def choose(
    measure: Measure,
    *,
    values: FloatLike | None = None,
    numerator: FloatLike | None = None,
    denominator: FloatLike | None = None,
    n: FloatLike | None = None,
    total: FloatLike | None = None,
    sum_squares: FloatLike | None = None,
    centred_squares: FloatLike | None = None,
    season: Season | Iterable[Season] | None = None,
) -> Choice:
    """The chart for period statistics of a measure; what is missing or NaN is a period without data.

    Proportions and rates take numerator and denominator, counts numerator (or values), means n, total and
    sum of squares (or values), the rest values. Dispersion is judged by `dispersion.overdispersion`, around the season where
    one is given (of the form that `FORMS` says): what comes back each week is not more than chance.
    """
    measure = Measure(measure)
    periods = _periods_with_data(
        sizes=(denominator, n), amounts=(values, numerator, total, sum_squares, centred_squares)
    )
    if periods < 2:
        return Choice(ChartKind.RUN, Reason.NOT_ENOUGH_DATA, {"periods": float(periods)})
    if measure in (Measure.PROPORTION, Measure.RATE, Measure.COUNT):
        events = numerator if numerator is not None else values
        if events is None or (denominator is None and measure is not Measure.COUNT):
            raise ValueError("a proportion or a rate needs its numerator and its denominator")
        return _for_counts(measure, floats(events, "the numerators"), denominator, season)
    if measure is Measure.MEAN:
        if n is None or total is None or (sum_squares is None and centred_squares is None):
            return Choice(ChartKind.I, Reason.SINGLE_VALUES, {"periods": float(periods)})
        return _for_means(from_sums(n, total, sum_squares, centred_squares=centred_squares), season)
    return Choice(ChartKind.I, _INDIVIDUALS[measure], {"periods": float(periods)})


def _periods_with_data(*, sizes: tuple[FloatLike | None, ...], amounts: tuple[FloatLike | None, ...]) -> int:
    """Periods in which every size given is above zero and every amount given is known."""
    known = [np.nan_to_num(floats(given, "the sizes")) > 0 for given in sizes if given is not None]
    known += [np.isfinite(floats(given, "the values")) for given in amounts if given is not None]
    if not known:
        raise ValueError("there is nothing to choose a chart for")
    if len({len(flags) for flags in known}) > 1:
        raise ValueError("the statistics of the periods must be equally many")
    return int(np.logical_and.reduce(known).sum())


def _for_counts(
    measure: Measure, events: Floats, denominator: FloatLike | None, season: Season | Iterable[Season] | None
) -> Choice:
    known = np.isfinite(events).astype(np.float64)
    if measure is Measure.COUNT and not _are_counts(events[known > 0]):
        return Choice(ChartKind.I, Reason.SINGLE_VALUES, {"periods": float(known.sum())})
    sizes = known if denominator is None else known * np.nan_to_num(floats(denominator, "the denominators"))
    counts = np.where(sizes > 0, events, 0.0)
    periods = float((sizes > 0).sum())
    centre = float(counts.sum() / sizes.sum())
    scarce = min(counts.sum(), sizes.sum() - counts.sum()) if measure is Measure.PROPORTION else counts.sum()
    figures = {"events_per_period": float(scarce) / periods}
    kinds = {
        Measure.PROPORTION: (ChartKind.P, Reason.PROPORTION_BINOMIAL),
        Measure.RATE: (ChartKind.U, Reason.RATE_POISSON),
        Measure.COUNT: (ChartKind.C, Reason.COUNT_POISSON),
    }
    if figures["events_per_period"] < RARE:
        return Choice(kinds[measure][0], Reason.RARE_EVENTS, figures)
    found = _dispersion(counts, sizes, centre, measure, course(season, len(events), (FORMS[measure],)))
    if found is not None:
        figures |= {"sigma_z": found.sigma_z, "p_value": found.p_value}
    if found is None or not found.overdispersed:
        return Choice(*kinds[measure], figures)
    wider = {
        Measure.PROPORTION: (ChartKind.P_PRIME, Reason.PROPORTION_OVERDISPERSED),
        Measure.RATE: (ChartKind.U_PRIME, Reason.RATE_OVERDISPERSED),
        Measure.COUNT: (ChartKind.I, Reason.COUNT_OVERDISPERSED),
    }
    return Choice(*wider[measure], figures)


def _are_counts(events: Floats) -> bool:
    """Amounts of money or time add up too, but Poisson's law is not theirs."""
    return bool((events >= 0).all() and np.array_equal(events, np.round(events)))


def _dispersion(
    counts: Floats, sizes: Floats, centre: float, measure: Measure, moving: Course | None
) -> Dispersion | None:
    expected = np.full(len(counts), centre) if moving is None else moving.expected(centre)
    variance = expected * (1 - expected) if measure is Measure.PROPORTION else expected
    if (variance[sizes > 0] <= 0).any():
        return None
    scale = 1.0 if moving is None else moving.spread
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(sizes > 0, (counts / sizes - expected) / (np.sqrt(variance / sizes) * scale), np.nan)
    return _differences(z)


def _for_means(groups: Subgroups, season: Season | Iterable[Season] | None) -> Choice:
    """Xbar-S only where the spread inside periods explains how their means differ.

    Means of large groups hardly vary by chance, yet days differ: limits from inside a day would be far too
    tight, so the means are then charted as single values.
    """
    known = np.isfinite(groups.means)
    typical = float(np.median(groups.sizes[known]))
    figures = {"median_size": typical}
    if int((np.isfinite(groups.sds) & known).sum()) < 2 or typical < 2:
        return Choice(ChartKind.I, Reason.SINGLE_VALUES, figures)
    sigma = rational_sigma(groups.sds, groups.sizes, constants.c4)
    if sigma <= 0:
        return Choice(ChartKind.I, Reason.MEANS_BETWEEN_PERIODS, figures)
    centre = float(np.average(groups.means[known], weights=groups.sizes[known]))
    moving = course(season, len(groups.means), (Form.ADDITIVE,))
    distance = groups.means - (centre if moving is None else moving.expected(centre))
    found = _differences(
        distance * np.sqrt(groups.sizes) / sigma / (1.0 if moving is None else moving.spread)
    )
    if found is None:
        return Choice(ChartKind.I, Reason.MEANS_BETWEEN_PERIODS, figures)
    figures |= {"sigma_z": found.sigma_z, "p_value": found.p_value}
    if found.overdispersed:
        return Choice(ChartKind.I, Reason.MEANS_BETWEEN_PERIODS, figures)
    return Choice(ChartKind.XBAR_S, Reason.MEANS_WITHIN_PERIODS, figures)


def _differences(z: Floats) -> Dispersion | None:
    return overdispersion([(z, find_breaks(z, resolve_phases(len(z), ())))])
