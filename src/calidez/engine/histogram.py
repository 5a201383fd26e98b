"""Counts that can be added up and still give percentiles: of the values while they are few, else of buckets.

A percentile is the value of the nearest rank, the ceil(q n)-th of n in order: definition 1 of R. J. Hyndman and Y. Fan
(The American Statistician 50, 1996, 361). It is always a value that occurred, and a share q of the values at least
reaches up to it. Buckets are those of DDSketch (Masson, Rim, Lee, PVLDB 12, 2019): a value x > 0 falls into bucket
ceil(ln x / ln g) with g = (1 + e) / (1 - e), and 2 g^k / (g + 1) lies within e of every value in bucket k.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple, TypeVar

import numpy as np
import pyarrow as pa

ERROR = 0.01
# Buckets of positive values are moved up by this, so that 0 is zero and negative values mirror them below.
OFFSET = 40_000
VALUES = pa.map_(pa.float64(), pa.int64())
DENSE_LIMIT = 50_000_000
# Different values that a cell keeps as they are. Written down, 500 whole seconds take 4 to 5 kB, as the some 400 buckets of
# waits between one second and an hour do; 500 values with decimals take twice that.
FEW = 500
# A table of all places of all groups is faster than sorting while it is not much larger than what it counts.
DENSE_SHARE, DENSE_LEAST = 16, 1_000_000
RANK_SLACK = 1e-12

Histogram = Mapping[int, int]
Values = Mapping[float, int]
Place = TypeVar("Place", int, float)


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


def nearest_rank(q: float, n: float) -> int:
    """The rank ceil(q n), from 1, of the q-th percentile of n values."""
    if not 0 <= q <= 1:
        raise ValueError("the share of a percentile lies between 0 and 1")
    # 0.07 times 100 is a hair more than 7, and still the seventh.
    return max(1, math.ceil(q * n * (1 - RANK_SLACK)))


def percentile(histogram: Histogram, q: float, error: float = ERROR) -> float | None:
    """The value of the nearest rank, within the relative error; None of nothing."""
    bucket = _ranked(histogram, q)
    return None if bucket is None else float(values_at(np.array([bucket]), error)[0])


def percentile_of_values(values: Values, q: float) -> float | None:
    """The value of the nearest rank, exactly; None of nothing."""
    return _ranked(values, q)


def _ranked(counts: Mapping[Place, int], q: float) -> Place | None:
    total = sum(counts.values())
    rank = nearest_rank(q, total)
    if total <= 0:
        return None
    places = sorted(counts)
    reached = np.cumsum(np.array([counts[place] for place in places], dtype=float))
    return places[min(int(np.searchsorted(reached, rank)), len(places) - 1)]


def bucketed(values: Values, error: float = ERROR) -> dict[int, int]:
    """The histogram of values with their counts."""
    found: dict[int, int] = {}
    for bucket, count in zip(buckets_of(np.array(list(values))).tolist(), values.values(), strict=True):
        found[bucket] = found.get(bucket, 0) + count
    return found


class Cells(NamedTuple):
    """One row per cell: its values with their counts (null where they are many), else its buckets with theirs."""

    values: pa.MapArray
    histogram: pa.MapArray


def counted(lists: pa.Array, error: float = ERROR) -> Cells:
    """The cells of lists of values, one list each; what is not finite has no place and is left out.

    With another error than the usual one only buckets are kept: cells that are merged later must agree in it.
    """
    lengths = lists.value_lengths().fill_null(0).to_numpy(zero_copy_only=False)
    flat = lists.flatten().cast(pa.float64()).to_numpy(zero_copy_only=False)
    finite = np.isfinite(flat)
    if not finite.all():
        kept = np.repeat(np.arange(len(lengths)), lengths)[finite]
        lengths, flat = np.bincount(kept, minlength=len(lengths)), flat[finite]
    flat = flat + 0.0  # a copy, in which -0.0 is 0.0
    entries, found = _runs(flat, _ends(lengths))
    few = entries.per_group <= (FEW if error == ERROR else 0)
    return _split(entries, found, few, _none(len(lengths)), error)


def merged(cells: Cells, groups: np.ndarray, size: int) -> Cells:
    """The cells of rows with the same group added up; `groups` numbers the group of each row below `size`.

    Values stay values while they are few and none of the rows is known by its buckets only.
    """
    order = np.argsort(groups, kind="stable")
    groups = np.asarray(groups)[order]
    lengths, values, counts = _entries(cells.values, order, groups, size)
    found = np.unique(values)
    entries = _summed(_ends(lengths), np.searchsorted(found, values), counts, len(found))
    lengths, buckets, counts = _entries(cells.histogram, order, groups, size)
    few = (entries.per_group <= FEW) & (lengths == 0)
    return _split(entries, found, few, (lengths, buckets, counts), ERROR)


def map_array(histograms: list[Histogram]) -> pa.MapArray:
    """Histograms as one column."""
    lengths = [len(histogram) for histogram in histograms]
    keys = [bucket for histogram in histograms for bucket in sorted(histogram)]
    counts = [histogram[bucket] for histogram in histograms for bucket in sorted(histogram)]
    return _map(
        _ends(np.array(lengths)),
        np.array(keys, dtype=np.int32),
        np.array(counts, dtype=np.int64),
    )


class _Entries(NamedTuple):
    """Places with their counts, group after group and in order."""

    places: np.ndarray
    counts: np.ndarray
    per_group: np.ndarray

    @property
    def groups(self) -> np.ndarray:
        return np.repeat(np.arange(len(self.per_group)), self.per_group)


Loose = tuple[np.ndarray, np.ndarray, np.ndarray]  # entries per group, their places and their counts


def _none(size: int) -> Loose:
    nothing = np.zeros(0, dtype=np.int64)
    return np.zeros(size, dtype=np.int64), nothing, nothing


def _entries(maps: pa.Array, order: np.ndarray, groups: np.ndarray, size: int) -> Loose:
    """What the maps hold, in the order of the rows, as entries of their groups."""
    maps = maps.combine_chunks() if isinstance(maps, pa.ChunkedArray) else maps
    if len(maps) == maps.null_count:
        return _none(size)
    maps = maps.take(pa.array(order))
    offsets = maps.offsets.to_numpy(zero_copy_only=False).astype(np.int64)
    lengths = np.bincount(groups, weights=np.diff(offsets), minlength=size).astype(np.int64)
    part = slice(int(offsets[0]), int(offsets[-1]))
    return (
        lengths,
        maps.keys[part].to_numpy(zero_copy_only=False),
        maps.items[part].to_numpy(zero_copy_only=False),
    )


def _split(entries: _Entries, values: np.ndarray, few: np.ndarray, more: Loose, error: float) -> Cells:
    """Values where they are few, buckets where not; `more` are the entries that have been buckets before."""
    groups = entries.groups
    kept = few[groups]
    lengths = np.where(few, entries.per_group, 0)
    known = _map(_ends(lengths), values[entries.places[kept]], entries.counts[kept], few)
    rough = buckets_of(values[entries.places[~kept]], error)
    return Cells(known, _buckets(groups[~kept], rough, entries.counts[~kept], more))


def _buckets(groups: np.ndarray, buckets: np.ndarray, counts: np.ndarray, more: Loose) -> pa.MapArray:
    """The histograms of entries in the order of their groups, with `more` of them."""
    size = len(more[0])
    if len(more[1]):
        groups = np.concatenate([groups, np.repeat(np.arange(size), more[0])])
        order = np.argsort(groups, kind="stable")
        groups = groups[order]
        buckets, counts = np.concatenate([buckets, more[1]])[order], np.concatenate([counts, more[2]])[order]
    if not len(buckets):
        return _map(np.zeros(size + 1, dtype=np.int64), buckets.astype(np.int32), counts)
    low = int(buckets.min())
    # Zero lies far from the smallest positive bucket: only buckets that occur get a place in the table.
    found = np.flatnonzero(np.bincount(buckets - low))
    place = np.zeros(int(found[-1]) + 1, dtype=np.int64)
    place[found] = np.arange(len(found))
    ends = _ends(np.bincount(groups, minlength=size))
    summed = _summed(ends, place[buckets - low], counts, len(found))
    keys = (found[summed.places] + low).astype(np.int32)
    return _map(_ends(summed.per_group), keys, summed.counts)


def _runs(values: np.ndarray, ends: np.ndarray) -> tuple[_Entries, np.ndarray]:
    """How often each value stands in its cell; sorts the values of each cell where they are."""
    for start, end in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True):
        values[start:end].sort()
    if not len(values):
        return _Entries(np.zeros(0, np.int64), np.zeros(0, np.int64), np.diff(ends)), values
    new = np.concatenate([[True], values[1:] != values[:-1]])
    new[ends[:-1][np.diff(ends) > 0]] = True
    first = np.flatnonzero(new)
    counts = np.diff(np.append(first, len(values)))
    per_group = np.diff(np.searchsorted(first, ends))
    return _Entries(np.arange(len(first)), counts, per_group), values[first]


def _summed(ends: np.ndarray, places: np.ndarray, counts: np.ndarray, width: int) -> _Entries:
    """The counts of equal places within each group.

    Groups lie one after the other and end at `ends`; places lie below `width`.
    """
    size = len(ends) - 1
    if not len(places):
        return _Entries(places.astype(np.int64), places.astype(np.int64), np.zeros(size, dtype=np.int64))
    if size * width > DENSE_SHARE * len(places) + DENSE_LEAST:
        return _sorted(ends, places, counts, width)
    at_once = max(1, DENSE_LIMIT // width)
    pieces = [
        _dense(ends[first : first + at_once + 1], places, counts, width) for first in range(0, size, at_once)
    ]
    return _Entries(*(np.concatenate(column) for column in zip(*pieces, strict=True)))


def _dense(ends: np.ndarray, places: np.ndarray, counts: np.ndarray, width: int) -> _Entries:
    """Counted in a table of groups by places."""
    groups, part = len(ends) - 1, slice(int(ends[0]), int(ends[-1]))
    combined = np.repeat(np.arange(groups, dtype=np.int64) * width, np.diff(ends))
    combined += places[part]
    table = np.bincount(combined, weights=counts[part], minlength=groups * width)
    present = np.flatnonzero(table)
    per_group = np.bincount(present // width, minlength=groups)
    return _Entries(present % width, table[present].astype(np.int64), per_group)


def _sorted(ends: np.ndarray, places: np.ndarray, counts: np.ndarray, width: int) -> _Entries:
    """The same where the table would be nearly empty: by order."""
    size = len(ends) - 1
    combined = np.repeat(np.arange(size, dtype=np.int64) * width, np.diff(ends)) + places
    order = np.argsort(combined, kind="stable")
    combined = combined[order]
    first = np.flatnonzero(np.concatenate([[True], combined[1:] != combined[:-1]]))
    present, summed = combined[first], np.add.reduceat(counts[order], first)
    return _Entries(present % width, summed.astype(np.int64), np.bincount(present // width, minlength=size))


def _ends(lengths: np.ndarray) -> np.ndarray:
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def _map(
    offsets: np.ndarray, keys: np.ndarray, counts: np.ndarray, known: np.ndarray | None = None
) -> pa.MapArray:
    """Maps from the keys to their counts; null where not `known`."""
    made = pa.MapArray.from_arrays(
        pa.array(offsets, pa.int32()), pa.array(keys), pa.array(counts, pa.int64())
    )
    if known is None or known.all():
        return made
    return made.take(pa.array(np.where(known, np.arange(len(known)), 0), mask=~known))
