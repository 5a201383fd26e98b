"""Buckets on a logarithmic scale: counts that can be added up and still give percentiles within one per cent.

The scheme is that of DDSketch (Masson, Rim, Lee, PVLDB 12, 2019): a value x > 0 falls into bucket
ceil(ln x / ln g) with g = (1 + e) / (1 - e), and 2 g^k / (g + 1) lies within e of every value in bucket k.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pyarrow as pa

ERROR = 0.01
# Buckets of positive values are moved up by this, so that 0 is zero and negative values mirror them below.
OFFSET = 40_000
DENSE_LIMIT = 50_000_000

Histogram = Mapping[int, int]


def gamma(error: float = ERROR) -> float:
    return (1 + error) / (1 - error)


def log_gamma(error: float = ERROR) -> float:
    return math.log(gamma(error))


def buckets_of(values: np.ndarray, error: float = ERROR) -> np.ndarray:
    """The bucket of each value; order of buckets is order of values. Values must be finite."""
    values = np.asarray(values, dtype=float)
    if not np.isfinite(values).all():
        raise ValueError("a histogram takes finite values only")
    size = np.ceil(np.log(np.where(values == 0, 1.0, np.abs(values))) / log_gamma(error)) + OFFSET
    return (np.sign(values) * size).astype(np.int64)


def values_at(buckets: np.ndarray, error: float = ERROR) -> np.ndarray:
    """The value that stands for each bucket."""
    buckets = np.asarray(buckets)
    size = 2 * np.exp((np.abs(buckets) - OFFSET) * log_gamma(error)) / (gamma(error) + 1)
    return np.where(buckets == 0, 0.0, np.sign(buckets) * size)


def percentile(histogram: Histogram, q: float, error: float = ERROR) -> float | None:
    """The value with rank floor(q (n - 1)), within the relative error; None of nothing."""
    if not 0 <= q <= 1:
        raise ValueError("the share of a percentile lies between 0 and 1")
    if not histogram:
        return None
    buckets = np.array(sorted(histogram), dtype=np.int64)
    counts = np.array([histogram[int(bucket)] for bucket in buckets], dtype=float)
    total = counts.sum()
    if total <= 0:
        return None
    position = np.searchsorted(np.cumsum(counts), q * (total - 1), side="right")
    return float(values_at(buckets[min(int(position), len(buckets) - 1)], error))


def counted(lists: pa.Array) -> pa.MapArray:
    """The histogram of each list of buckets."""
    lengths = lists.value_lengths().fill_null(0).to_numpy(zero_copy_only=False)
    buckets = lists.flatten().to_numpy(zero_copy_only=False)
    return _grouped(lengths, buckets, None)


def merged(maps: pa.Array, groups: np.ndarray, size: int) -> pa.MapArray:
    """The histograms of rows with the same group added up; `groups` numbers the group of each row below `size`."""
    maps = maps.combine_chunks() if isinstance(maps, pa.ChunkedArray) else maps
    order = np.argsort(groups, kind="stable")
    maps = maps.take(pa.array(order))
    offsets = maps.offsets.to_numpy(zero_copy_only=False).astype(np.int64)
    lengths = np.bincount(np.asarray(groups)[order], weights=np.diff(offsets), minlength=size).astype(
        np.int64
    )
    start, end = (int(offsets[0]), int(offsets[-1])) if len(offsets) else (0, 0)
    buckets = maps.keys[start:end].to_numpy(zero_copy_only=False)
    counts = maps.items[start:end].to_numpy(zero_copy_only=False)
    return _grouped(lengths, buckets, counts)


def map_array(histograms: list[Histogram]) -> pa.MapArray:
    """Histograms as one column."""
    lengths = [len(histogram) for histogram in histograms]
    keys = [bucket for histogram in histograms for bucket in sorted(histogram)]
    counts = [histogram[bucket] for histogram in histograms for bucket in sorted(histogram)]
    return _map(
        np.concatenate([[0], np.cumsum(lengths)]),
        np.array(keys, dtype=np.int64),
        np.array(counts, dtype=np.int64),
    )


def _grouped(lengths: np.ndarray, buckets: np.ndarray, counts: np.ndarray | None) -> pa.MapArray:
    """The maps of groups that lie one after the other; a bucket without a count is one observation."""
    size = len(lengths)
    if not len(buckets):
        return _map(np.zeros(size + 1, dtype=np.int64), buckets, buckets)
    low = int(buckets.min())
    # Zero lies far from the smallest positive bucket: only buckets that occur get a place in the table.
    found = np.flatnonzero(np.bincount(buckets - low))
    place = np.zeros(int(found[-1]) + 1, dtype=np.int64)
    place[found] = np.arange(len(found))
    ends = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    at_once = max(1, DENSE_LIMIT // len(found))
    pieces = [
        _dense(ends[first : first + at_once + 1], buckets, counts, low, place, len(found))
        for first in range(0, size, at_once)
    ]
    places, sums, per_group = (np.concatenate(column) for column in zip(*pieces, strict=True))
    return _map(np.concatenate([[0], np.cumsum(per_group)]), found[places] + low, sums)


def _dense(
    ends: np.ndarray, buckets: np.ndarray, counts: np.ndarray | None, low: int, place: np.ndarray, width: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(places, sums, entries per group) of the groups that end at `ends`, counted in a table of groups by places."""
    groups, part = len(ends) - 1, slice(int(ends[0]), int(ends[-1]))
    combined = np.repeat(np.arange(groups, dtype=np.int64) * width, np.diff(ends))
    combined += place[buckets[part] - low]
    weights = None if counts is None else counts[part]
    table = np.bincount(combined, weights=weights, minlength=groups * width)
    present = np.flatnonzero(table)
    per_group = np.bincount(present // width, minlength=groups)
    return present % width, table[present].astype(np.int64), per_group


def _map(offsets: np.ndarray, buckets: np.ndarray, counts: np.ndarray) -> pa.MapArray:
    return pa.MapArray.from_arrays(
        pa.array(offsets, pa.int32()), pa.array(buckets, pa.int32()), pa.array(counts, pa.int64())
    )
