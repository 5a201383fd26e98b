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
    lists = lists.cast(pa.large_list(pa.int32())) if not pa.types.is_large_list(lists.type) else lists
    lengths = np.nan_to_num(lists.value_lengths().to_numpy(zero_copy_only=False)).astype(np.int64)
    buckets = lists.flatten().to_numpy(zero_copy_only=False).astype(np.int64)
    groups = np.repeat(np.arange(len(lists), dtype=np.int64), lengths)
    return _grouped(groups, buckets, np.ones(len(buckets), dtype=np.int64), len(lists))


def merged(maps: pa.Array, groups: np.ndarray, size: int) -> pa.MapArray:
    """The histograms of rows with the same group added up; `groups` numbers the group of each row below `size`."""
    maps = maps.combine_chunks() if isinstance(maps, pa.ChunkedArray) else maps
    offsets = maps.offsets.to_numpy(zero_copy_only=False).astype(np.int64)
    lengths = np.where(maps.is_valid().to_numpy(zero_copy_only=False), np.diff(offsets), 0)
    start, end = int(offsets[0]) if len(offsets) else 0, int(offsets[-1]) if len(offsets) else 0
    buckets = maps.keys[start:end].to_numpy(zero_copy_only=False).astype(np.int64)
    counts = maps.items[start:end].to_numpy(zero_copy_only=False).astype(np.int64)
    return _grouped(np.repeat(np.asarray(groups, dtype=np.int64), lengths), buckets, counts, size)


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


def _grouped(groups: np.ndarray, buckets: np.ndarray, counts: np.ndarray, size: int) -> pa.MapArray:
    if not len(buckets):
        return _map(np.zeros(size + 1, dtype=np.int64), buckets, counts)
    low = int(buckets.min())
    span = int(buckets.max()) - low + 1
    combined = groups * span + (buckets - low)
    if size * span <= DENSE_LIMIT:
        dense = np.bincount(combined, weights=None if (counts == 1).all() else counts, minlength=size * span)
        present = np.flatnonzero(dense)
        sums = dense[present].astype(np.int64)
    else:
        present, inverse = np.unique(combined, return_inverse=True)
        sums = np.bincount(inverse, weights=counts).astype(np.int64)
    per_group = np.bincount(present // span, minlength=size)
    return _map(np.concatenate([[0], np.cumsum(per_group)]), present % span + low, sums)


def _map(offsets: np.ndarray, buckets: np.ndarray, counts: np.ndarray) -> pa.MapArray:
    return pa.MapArray.from_arrays(
        pa.array(offsets, pa.int32()), pa.array(buckets, pa.int32()), pa.array(counts, pa.int64())
    )
