"""Statistics add up like the rows behind them, and percentiles keep their bound."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from fractions import Fraction

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
    roll_up,
    value_of,
)
from calidez.engine.periods import next_start, period_start

NUMBERS = st.floats(min_value=1e-9, max_value=1e12)
VALUES = st.one_of(NUMBERS, NUMBERS.map(lambda x: -x), st.just(0.0))


def kept(values: list[float]) -> Statistics:
    """The cell that keeps its values."""
    return replace(cell(values), histogram={}, values={float(value): values.count(value) for value in values})


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
    truth = sorted(values)[max(1, math.ceil(Fraction(str(q)) * len(values))) - 1]
    found = percentile(cell(values), q)
    assert percentile(kept(values), q) == truth
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


@pytest.mark.parametrize(
    ("values", "q", "truth"),
    [
        ([10, 20], 0.9, 20),
        ([10, 20, 30, 40, 100], 0.9, 100),
        ([1, 2], 0.5, 1),
        (range(1, 101), 0.07, 7),  # 0.07 times 100 is more than 7 in floating point
        (range(1, 1001), 0.9, 900),
        ([5], 0.01, 5),
    ],
)
def test_a_percentile_is_the_value_of_the_nearest_rank(values, q, truth):
    assert percentile(kept(list(values)), q) == truth
    assert percentile(cell(list(values)), q) == pytest.approx(truth, rel=0.01)


def test_cells_keep_their_values_while_these_are_few(monkeypatch):
    monkeypatch.setattr(histogram, "FEW", 3)
    few, more, rough = kept([1.0, 2.0, 2.0]), kept([2.0, 3.0]), cell([7.0, 7.0])
    assert (few + more).values == {1.0: 1, 2.0: 3, 3.0: 1}
    assert not (few + more).approximate
    for together in (few + more + kept([4.0]), few + more + rough, rough + (few + more)):
        assert together.approximate
        assert not together.values
    assert (few + rough).histogram == cell([1.0, 2.0, 2.0, 7.0, 7.0]).histogram
    assert (Statistics() + few).values == few.values


def test_a_cell_is_read_back_in_every_form_in_which_it_was_ever_kept():
    old = Statistics.from_row({"n": 3, "histogram": [[40100, 2], [40200, 1]]})
    assert (old.histogram, old.values, old.approximate) == ({40100: 2, 40200: 1}, {}, True)
    new = Statistics.from_row({"n": 3, "histogram": {"values": [[10, 2], [2.5, 1]]}})
    assert (new.histogram, new.values, new.approximate) == ({}, {10.0: 2, 2.5: 1}, False)
    row = Statistics.from_row({"n": 3, "histogram": [], "values": [(10.0, 2)]})
    assert (row.histogram, row.values) == ({}, {10.0: 2})


LISTS = st.lists(
    st.lists(st.sampled_from([-3.5, -0.0, 0.0, 1.0, 2.0, 7.25, 1e6, math.inf]), max_size=9), max_size=7
)


@given(LISTS, st.lists(st.integers(0, 2), min_size=7, max_size=7), st.integers(0, 4), st.booleans())
@settings(max_examples=150, deadline=None)
def test_columns_are_counted_and_merged_like_single_cells(lists, groups, few, dense):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(histogram, "FEW", few)
        patch.setattr(histogram, "DENSE_LIMIT", 2)
        patch.setattr(histogram, "DENSE_LEAST", 10**6 if dense else -(10**6))
        found = histogram.counted(pa.array(lists, pa.list_(pa.float64())))
        singles = []
        for numbers, values, buckets in zip(
            lists, found.values.to_pylist(), found.histogram.to_pylist(), strict=True
        ):
            finite = [x for x in numbers if math.isfinite(x)]
            expected = {value: finite.count(value) for value in sorted(set(finite))}
            if len(expected) <= few:
                assert (dict(values), buckets) == (expected, [])
            else:
                assert values is None
                assert dict(buckets) == histogram.bucketed(expected)
            singles.append(Statistics.from_row({"values": values, "histogram": buckets}))
        merged_ = histogram.merged(found, np.array(groups[: len(lists)], dtype=np.int64), 3)
        for group in range(3):
            whole = merge(one for one, at in zip(singles, groups, strict=False) if at == group)
            held = merged_.values.to_pylist()[group]
            assert dict(held or []) == whole.values
            assert dict(merged_.histogram.to_pylist()[group]) == whole.histogram


def test_another_error_keeps_buckets_only():
    found = histogram.counted(pa.array([[1.0, 2.0]], pa.list_(pa.float64())), 0.05)
    assert found.values.to_pylist() == [None]
    assert len(found.histogram.to_pylist()[0]) == 2


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


FAR = [1e9 + 1, 1e9 + 2, 1e9 + 3]


def test_squares_far_from_zero_do_not_cancel():
    each = [Statistics(n=1, weight=1, total=x, centred=0) for x in FAR]
    assert merge(each).variance == pytest.approx(1, rel=1e-6)
    assert (merge(each[:2]) + each[2]).variance == pytest.approx(1, rel=1e-6)
    old = cell([3.0, 5.0])  # kept before centred squares were
    assert (old + replace(cell([9.5, -2.0]), centred=np.var([9.5, -2.0]) * 2)).variance == pytest.approx(
        np.var([3.0, 5.0, 9.5, -2.0], ddof=1)
    )


@given(
    st.lists(st.tuples(st.integers(0, 3), st.floats(-5, 5)), min_size=1, max_size=30), st.floats(-1e9, 1e9)
)
@settings(max_examples=80)
def test_columns_of_centred_squares_add_up_like_all_rows(rows, far):
    values = [far + x for _, x in rows]
    table = pa.table(
        {"branch": [str(at) for at, _ in rows], "total": values, "centred": [0.0] * len(rows),
         **{name: [1] * len(rows) for name in ("n", "weight", "sum_squares", "met", "unmet", "minimum", "maximum")}}
    )  # fmt: skip
    by_branch = roll_up(table, by=("branch",))
    whole = roll_up(by_branch, by=("branch",), branches={str(at): "all" for at in range(4)})
    expected = len(values) * np.var(np.array(values) - far)
    assert whole.column("centred").to_pylist()[0] == pytest.approx(expected, rel=1e-6, abs=1e-5)


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
