"""Waiting against satisfaction: what one statement counts is what one counts by hand, on every engine's words."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import sqlglot

from calidez.engine import EngineError, Pairing, compile_pairs, equal_bins, read_pairs
from calidez.engine.dialects import DIALECTS
from calidez.engine.tests.conftest import HEADER, VISITS

WAITING = Pairing("waiting", "score", 1, 5, branch="branch")


@pytest.fixture
def answers(visits, load):
    rng = np.random.default_rng(4)
    rows = [
        (["N", "S"][i % 2], ["desk", "phone"][i % 3 % 2], int(x), int(y))
        for i, (x, y) in enumerate(zip(rng.integers(-3, 90, 900), rng.integers(0, 8, 900), strict=True))
    ]
    lines = [
        f"2024-01-{1 + i % 28:02} 10:00:00,{b},{c},{x},{y},true\n" for i, (b, c, x, y) in enumerate(rows)
    ]
    lines += ["2024-01-01 10:00:00,N,desk,,3,true\n", "2024-01-01 10:00:00,N,desk,5,,true\n"]
    load(visits, HEADER + "".join(lines))
    return visits, np.array([(b == "N", c == "desk", x, y) for b, c, x, y in rows], dtype=float)


def valid(rows):
    return rows[(rows[:, 3] >= 1) & (rows[:, 3] <= 5)]


def test_the_sums_are_those_of_the_valid_answers(answers):
    dataset, rows = answers
    kept = valid(rows)
    table = read_pairs(dataset, WAITING)
    assert sum(table.column("n").to_pylist()) == len(kept)
    assert sum(table.column("total").to_pylist()) == kept[:, 3].sum()
    assert sum(table.column("squares").to_pylist()) == (kept[:, 3] ** 2).sum()
    assert sum(table.column("value").to_pylist()) == kept[:, 2].sum()


def test_bins_hold_about_equal_numbers_in_order(answers):
    dataset, rows = answers
    bins = equal_bins(read_pairs(dataset, WAITING), 10)
    kept = valid(rows)
    assert len(bins) == 10
    assert all(0.6 < one.n / (len(kept) / 10) < 1.5 for one in bins)
    for one, after in itertools.pairwise(bins):
        assert one.low <= one.value <= one.high < after.low
    for one in bins:
        inside = kept[(kept[:, 2] >= one.low) & (kept[:, 2] <= one.high)]
        assert one.n == len(inside)
        assert one.value == pytest.approx(inside[:, 2].mean())
        assert (one.total, one.squares) == (inside[:, 3].sum(), (inside[:, 3] ** 2).sum())


def test_branches_and_a_filter_narrow_it(answers):
    dataset, rows = answers
    kept = valid(rows)
    assert (
        sum(b.n for b in equal_bins(read_pairs(dataset, WAITING), branches=["N"])) == (kept[:, 0] == 1).sum()
    )
    desk = read_pairs(dataset, Pairing("waiting", "score", 1, 5, filter="channel = 'desk'"))
    assert sum(desk.column("n").to_pylist()) == (kept[:, 1] == 1).sum()
    assert equal_bins(read_pairs(dataset, WAITING), branches=["nowhere"]) == ()


def test_values_of_one_kind_are_never_parted(visits, load):
    lines = [f"2024-01-01 10:00:00,N,desk,{[5, 5, 5, 9][i % 4]},{1 + i % 5},true\n" for i in range(100)]
    load(visits, HEADER + "".join(lines))
    assert [(b.low, b.high, b.n) for b in equal_bins(read_pairs(visits, WAITING))] == [(5, 5, 75), (9, 9, 25)]


def test_nothing_loaded_is_nothing(visits):
    assert equal_bins(read_pairs(visits, WAITING)) == ()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_engine_has_its_words_and_reads_the_facts_once(dialect):
    sql = compile_pairs(
        Pairing("waiting * 60", "score", 1, 5, "channel = 'desk'", "branch"), VISITS, dialect, "visits"
    )
    sqlglot.parse_one(sql, read=dialect)
    assert sql.count("FROM visits") == 1


@pytest.mark.parametrize(
    "pairing",
    [
        Pairing("nothing", "score", 1, 5),
        Pairing("channel", "score", 1, 5),
        Pairing("waiting", "waiting > 3", 1, 5),
        Pairing("waiting", "score", 1, 5, branch="nothing"),
        Pairing("waiting", "score", 1, 5, filter="waiting"),
    ],
)
def test_what_makes_no_sense_is_refused(pairing):
    with pytest.raises(EngineError):
        compile_pairs(pairing, VISITS)
