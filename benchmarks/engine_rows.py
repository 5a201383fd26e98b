"""The newest rows of a dataset, as its page shows them, beside one statement of DuckDB that reads the same file."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import duckdb
from engine_schema import SCHEMA
from generate import write_events
from turns import compared, in_turns, timed

from calidez.engine import Store, Wanted, load_file, newest_rows

TIME_LIMIT = 2.5  # times the peer, which opens no table and looks for no file that may hold newer rows

BY_HAND = "SELECT * FROM {rows} ORDER BY event_time DESC LIMIT 51"


def run(rows: int = 3_000_000, *, rounds: int = 7) -> list[dict]:
    with tempfile.TemporaryDirectory(prefix="calidez-bench-") as name:
        folder = Path(name)
        dataset = Store(folder / "datasets").create("events", SCHEMA)
        load_file(dataset, write_events(folder / "events.csv", rows), reject_dir=folder)
        source = dataset.source()
        works = {
            "ours": lambda: timed(lambda: newest_rows(dataset, Wanted())),
            "peer": lambda: timed(lambda: _by_hand(source)),
        }
        turns = in_turns(works, rounds)
        assert len(newest_rows(dataset, Wanted()).rows) == 50
    figures = compared(turns["ours"], turns["peer"])
    return [
        {
            "what": "the newest 50 rows of a dataset",
            "rows": rows,
            "unit": "s",
            "peer": "one DuckDB statement over its files",
            **figures,
            "limit": TIME_LIMIT,
            "ok": figures["ratio"] <= TIME_LIMIT,
        }
    ]


def _by_hand(rows: str) -> int:
    with duckdb.connect(config={"memory_limit": "1GB"}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        return len(connection.execute(BY_HAND.format(rows=rows)).to_arrow_table())


if __name__ == "__main__":
    for result in run(int(sys.argv[1]) if len(sys.argv) > 1 else 3_000_000):
        print(json.dumps(result))
