"""Twelve indicators by day and branch over many rows, beside one statement written by hand; then one more day."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
from engine_schema import SCHEMA
from generate import BRANCHES, DAYS, write_events
from turns import compared, in_turns, median_ratio, timed

from calidez.engine import (
    Count,
    IndicatorDefinition,
    Mean,
    Nps,
    Percentile,
    Period,
    Proportion,
    Ratio,
    Store,
    aggregate,
    load_file,
    touched_periods,
    values_of,
)

TIME_LIMIT = 1.5  # times the statement by hand
INCREMENT_LIMIT = 0.05  # of the time for everything

MEASURES = {
    "answered within 60 s": Proportion("waiting_seconds <= 60"),
    "answered within 20 s, phone": Proportion("waiting_seconds <= 20", of="channel = 'phone'"),
    "served within 5 min": Proportion("duration <= 300"),
    "rated 8 or more": Proportion("rating >= 8"),
    "mean duration": Mean("duration"),
    "mean waiting": Mean("waiting_seconds"),
    "mean waiting of those who waited": Mean("case when waiting_seconds > 0 then waiting_seconds end"),
    "90th percentile of waiting": Percentile("waiting_seconds", 0.9),
    "visits": Count(),
    "long visits": Count("duration > 900"),
    "waiting per duration": Ratio("waiting_seconds", "duration"),
    "net promoter score": Nps("rating"),
}

BY_HAND = """
    SELECT CAST(event_time AS DATE) AS day, branch,
           avg((waiting_seconds <= 60)::INT),
           avg((waiting_seconds <= 20)::INT) FILTER (channel = 'phone'),
           avg((duration <= 300)::INT),
           avg((rating >= 8)::INT),
           avg(duration), stddev_samp(duration),
           avg(waiting_seconds), stddev_samp(waiting_seconds),
           avg(waiting_seconds) FILTER (waiting_seconds > 0), stddev_samp(waiting_seconds) FILTER (waiting_seconds > 0),
           quantile_cont(waiting_seconds, 0.9),
           count(*),
           count(*) FILTER (duration > 900),
           sum(waiting_seconds) / sum(duration),
           100.0 * (count(*) FILTER (rating >= 9) - count(*) FILTER (rating <= 6)) / count(rating)
    FROM {rows}
    GROUP BY ALL
"""

# The same by someone who knows that the calendar costs more than arithmetic.
TUNED = BY_HAND.replace("CAST(event_time AS DATE)", "make_timestamp(epoch_us(event_time))::DATE")


def run(rows: int = 10_000_000, *, rounds: int = 5) -> list[dict]:
    with tempfile.TemporaryDirectory(prefix="calidez-bench-") as name:
        folder = Path(name)
        dataset = Store(folder / "datasets").create("events", SCHEMA)
        csv = write_events(folder / "events.csv", rows)
        load_file(dataset, csv, reject_dir=folder)
        csv.unlink()
        definitions = [
            IndicatorDefinition("events", measure, period=Period.DAY, branch="branch")
            for measure in MEASURES.values()
        ]
        works = {
            "peer": lambda: timed(lambda: _by_hand(dataset.source())),
            "tuned": lambda: timed(lambda: _by_hand(dataset.source(), TUNED)),
            "all": lambda: timed(lambda: aggregate(dataset, definitions)),
        }
        turns = in_turns(works, rounds)
        _agree(dataset, definitions)
        csv = write_events(folder / "day.csv", max(rows // DAYS, 1), seed=21, first_day=DAYS, days=1)
        report = load_file(dataset, csv, reject_dir=folder)
        periods = touched_periods(definitions[0], report)
        works = {
            "all": lambda: timed(lambda: aggregate(dataset, definitions)),
            "more": lambda: timed(lambda: aggregate(dataset, definitions, periods=periods)),
        }
        increments = in_turns(works, min(rounds, 3))
    whole, more = compared(turns["all"], turns["peer"]), compared(increments["more"], increments["all"])
    more["ratio"] = round(median_ratio(increments["more"], increments["all"]), 4)
    return [
        {
            "what": f"{len(definitions)} indicators by day and branch",
            "rows": rows,
            "unit": "s",
            "peer": "one DuckDB statement written by hand",
            **whole,
            "limit": TIME_LIMIT,
            "ok": whole["ratio"] <= TIME_LIMIT,
            "ratio_to_tuned_peer": compared(turns["all"], turns["tuned"])["ratio"],
        },
        {
            "what": "the same after one more day of data",
            "rows": report.rows_loaded,
            "periods": len(periods),
            "unit": "s",
            "peer": "measuring everything",
            **more,
            "limit": INCREMENT_LIMIT,
            "ok": more["ratio"] <= INCREMENT_LIMIT,
        },
    ]


def _by_hand(rows: str, statement: str = BY_HAND) -> pa.Table:
    with duckdb.connect(config={"memory_limit": "1GB"}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        return connection.execute(statement.format(rows=rows)).to_arrow_table()


def _agree(dataset, definitions: list[IndicatorDefinition]) -> None:
    """What is compared in time is compared in value first."""
    table = _by_hand(dataset.source()).sort_by([("day", "ascending"), ("branch", "ascending")])
    tables = aggregate(dataset, definitions)
    assert table.num_rows <= DAYS * BRANCHES
    by_hand = {0: 2, 3: 5, 4: 6, 5: 8, 10: 15, 11: 16}
    for position, column in by_hand.items():
        ours = tables[definitions[position].fingerprint]
        theirs = table.column(column).to_numpy().astype(float)
        theirs = theirs[~np.isnan(theirs)]  # where nobody answered there is no mean
        assert ours.num_rows == len(theirs), (position, ours.num_rows, len(theirs))
        difference = abs(values_of(definitions[position].measure, ours) - theirs)
        assert difference.max() < 1e-6, (position, difference.max())


if __name__ == "__main__":
    for result in run(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000):
        print(json.dumps(result))
