"""Waiting against satisfaction in bins of equal numbers, beside one statement of DuckDB that asks for the same."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import duckdb
from engine_schema import SCHEMA
from generate import write_events
from turns import compared, in_turns, timed

from calidez.engine import Pairing, Store, equal_bins, load_file, read_pairs

TIME_LIMIT = 1.5
PAIRING = Pairing("waiting_seconds", "rating", 1, 10, branch="branch")

BY_HAND = """
    SELECT bin, count(*), avg(waiting_seconds), sum(rating), sum(rating * rating)
    FROM (SELECT waiting_seconds, rating, ntile(20) OVER (ORDER BY waiting_seconds) AS bin
          FROM {rows} WHERE waiting_seconds IS NOT NULL AND rating BETWEEN 1 AND 10)
    GROUP BY bin ORDER BY bin
"""


def run(rows: int = 1_000_000, *, rounds: int = 7) -> list[dict]:
    with tempfile.TemporaryDirectory(prefix="calidez-bench-") as name:
        folder = Path(name)
        dataset = Store(folder / "datasets").create("events", SCHEMA)
        csv = write_events(folder / "events.csv", rows)
        load_file(dataset, csv, reject_dir=folder)
        works = {
            "ours": lambda: timed(lambda: equal_bins(read_pairs(dataset, PAIRING))),
            "peer": lambda: timed(lambda: _by_hand(dataset.source())),
        }
        turns = in_turns(works, rounds)
        found = equal_bins(read_pairs(dataset, PAIRING))
        peer = _by_hand(dataset.source())
        assert sum(one.n for one in found) == sum(row[1] for row in peer)
        assert sum(one.total for one in found) == sum(row[3] for row in peer)
    figures = compared(turns["ours"], turns["peer"])
    return [
        {
            "what": "satisfaction by waiting, and by branch, in 20 bins",
            "rows": rows,
            "unit": "s",
            "peer": "one DuckDB statement with ntile, without branches",
            **figures,
            "limit": TIME_LIMIT,
            "ok": figures["ratio"] <= TIME_LIMIT,
        }
    ]


def _by_hand(rows: str) -> list[tuple]:
    with duckdb.connect(config={"memory_limit": "1GB"}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        return connection.execute(BY_HAND.format(rows=rows)).fetchall()


if __name__ == "__main__":
    for result in run(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000):
        print(json.dumps(result))
