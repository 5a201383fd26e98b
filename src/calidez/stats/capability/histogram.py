"""Capability from a histogram, for facts too many to bring together."""

import numpy as np

from .._types import FloatLike, Floats, floats
from .indices import Capability, Shares, assemble, check_limits
from .shape import HIGH, LOW, Percentiles, by_shape, moments


def from_histogram(
    edges: FloatLike,
    counts: FloatLike,
    *,
    lower: float | None = None,
    upper: float | None = None,
    target: float | None = None,
    confidence: float = 0.95,
    stable: bool | None = None,
    mean: float | None = None,
    sigma: float | None = None,
) -> Capability:
    """Overall capability from bucket edges (one more than counts, ascending) and counts.

    Inside a bucket values are taken as evenly spread, so shares and percentiles are as exact as the buckets
    are narrow. `mean` and `sigma` replace their bucket estimates where sums are known. Variation within
    periods is not in a histogram: Cp, Cpk and Cpm are None.
    """
    sides, held = floats(edges, "the edges"), floats(counts, "the counts")
    check_limits(lower, upper, target)
    if len(sides) != len(held) + 1 or (np.diff(sides) <= 0).any():
        raise ValueError("a histogram needs ascending edges, one more than there are counts")
    if (held < 0).any() or np.isnan(held).any():
        raise ValueError("the counts of a histogram must not be negative or missing")
    n = int(held.sum())
    middles = (sides[:-1] + sides[1:]) / 2
    if n < 2:
        raise ValueError("capability needs at least two values")
    centre = float(np.average(middles, weights=held)) if mean is None else mean
    spread = _sigma(middles, held, n) if sigma is None else sigma
    if not spread > 0:
        raise ValueError("capability needs values that vary")
    verdict = by_shape(n, *moments(middles, held))
    return assemble(
        n=n,
        mean=centre,
        within=None,
        overall=spread,
        limits=(lower, upper, target),
        confidence=confidence,
        stable=stable,
        observed=Shares(
            below=None if lower is None else _share_below(sides, held, lower),
            above=None if upper is None else 1 - _share_below(sides, held, upper),
        ),
        verdict=verdict,
        points=None if verdict.normal else _percentiles(sides, held),
    )


def _sigma(middles: Floats, counts: Floats, n: int) -> float:
    mean = np.average(middles, weights=counts)
    return float(np.sqrt(np.sum(counts * (middles - mean) ** 2) / (n - 1)))


def _share_below(edges: Floats, counts: Floats, limit: float) -> float:
    share = np.concatenate([[0.0], np.cumsum(counts)]) / counts.sum()
    return float(np.interp(limit, edges, share))


def _percentiles(edges: Floats, counts: Floats) -> Percentiles:
    share = np.concatenate([[0.0], np.cumsum(counts)]) / counts.sum()
    # Empty buckets make flat stretches; each share is read at its first edge.
    rising = np.concatenate([[True], np.diff(share) > 0])
    low, middle, high = np.interp([LOW, 0.5, HIGH], share[rising], edges[rising])
    return Percentiles(float(low), float(middle), float(high), "histogram")
