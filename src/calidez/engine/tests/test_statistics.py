"""Statistics add up like the rows behind them, and percentiles keep their bound."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calidez.engine import (
    Count,
    Mean,
    Nps,
    Percentile,
    Period,
    Proportion,
    Rate,
    Statistics,
    histogram,
    merge,
    percentile,
    value_of,
)
from calidez.engine.periods import next_start, period_start

NUMBERS = st.floats(min_value=1e-9, max_value=1e12)
VALUES = st.one_of(NUMBERS, NUMBERS.map(lambda x: -x), st.just(0.0))


def cell(values: list[float]) -> Statistics:
    buckets, counts = np.unique(histogram.buckets_of(np.array(values)), return_counts=True)
    return Statistics(
        n=len(values),
        weight=len(values),
        total=math.fsum(values),
        sum_squares=math.fsum(v * v for v in values),
        minimum=min(values),
        maximum=max(values),
        histogram={int(b): int(c) for b, c in zip(buckets, counts, strict=True)},
    )


@given(st.lists(VALUES, min_size=1, max_size=60), st.floats(0, 1))
@settings(max_examples=120)
def test_a_percentile_lies_within_one_per_cent(values, q):
    truth = sorted(values)[math.floor(q * (len(values) - 1))]
    found = percentile(cell(values), q)
    assert abs(found - truth) <= 0.01 * abs(truth) * (1 + 1e-9)


@given(st.lists(st.lists(VALUES, min_size=1, max_size=12), min_size=1, max_size=6), st.floats(0.01, 0.99))
@settings(max_examples=80)
def test_merged_cells_are_the_cell_of_all_rows(parts, q):
    together = merge(cell(part) for part in parts)
    whole = cell([value for part in parts for value in part])
    assert (together.n, together.minimum, together.maximum) == (whole.n, whole.minimum, whole.maximum)
    assert together.histogram == whole.histogram
    assert percentile(together, q) == percentile(whole, q)
    assert together.total == pytest.approx(whole.total, rel=1e-9, abs=1e-6 * max(1, abs(whole.maximum)))


@given(st.lists(VALUES, min_size=1, max_size=30))
@settings(max_examples=100)
def test_the_order_of_buckets_is_the_order_of_values(values):
    found = histogram.buckets_of(np.sort(np.array(values)))
    assert (np.diff(found) >= 0).all()
    back = histogram.values_at(found)
    assert np.all(np.abs(back - np.sort(values)) <= 0.01 * np.abs(np.sort(values)) * (1 + 1e-9))


def test_histograms_refuse_what_they_cannot_hold():
    with pytest.raises(ValueError, match="finite"):
        histogram.buckets_of(np.array([1.0, math.nan]))
    with pytest.raises(ValueError, match="between 0 and 1"):
        histogram.percentile({1: 1}, 1.5)
    assert histogram.percentile({}, 0.5) is None


def test_columns_of_histograms_are_counted_and_merged():
    lists = pa.array([[3, 3, -1], [], None, [5]], pa.list_(pa.int32()))
    counted = histogram.counted(lists)
    assert counted.to_pylist() == [[(-1, 1), (3, 2)], [], [], [(5, 1)]]
    assert histogram.merged(counted, np.array([0, 1, 1, 0]), 2).to_pylist() == [[(-1, 1), (3, 2), (5, 1)], []]
    assert histogram.merged(counted.slice(3), np.array([0]), 1).to_pylist() == [[(5, 1)]]
    assert histogram.map_array([{2: 1, 1: 4}, {}]).to_pylist() == [[(1, 4), (2, 1)], []]


def test_sparse_histograms_are_merged_without_a_dense_table(monkeypatch):
    monkeypatch.setattr(histogram, "DENSE_LIMIT", 1)
    test_columns_of_histograms_are_counted_and_merged()


def test_values_of_single_cells():
    assert value_of(Proportion("x"), Statistics(n=4, weight=4, met=3, unmet=1)) == 0.75
    assert value_of(Proportion("x"), Statistics()) is None
    assert value_of(Mean("x"), Statistics(n=2, weight=2, total=5)) == 2.5
    assert value_of(Count(), Statistics()) == 0
    assert value_of(Rate("x", "y"), Statistics(n=9, total=3, weight=1.5)) == 2
    assert value_of(Nps("x"), Statistics(n=10, weight=10, met=5, unmet=2)) == 30
    assert value_of(Percentile("x", 0.5), Statistics()) is None


def test_the_variance_is_that_of_the_values():
    values = [3.0, 5.0, 9.5, -2.0]
    assert cell(values).variance == pytest.approx(np.var(values, ddof=1))
    assert cell([1.0]).variance is None


@pytest.mark.parametrize(
    ("period", "start", "after"),
    [
        (Period.DAY, date(2024, 12, 31), date(2025, 1, 1)),
        (Period.WEEK, date(2024, 12, 30), date(2025, 1, 6)),
        (Period.MONTH, date(2024, 12, 1), date(2025, 1, 1)),
        (Period.QUARTER, date(2024, 10, 1), date(2025, 1, 1)),
        (Period.YEAR, date(2024, 1, 1), date(2025, 1, 1)),
    ],
)
def test_periods_begin_and_end(period, start, after):
    assert period_start(date(2024, 12, 31), period) == start
    assert next_start(start, period) == after
