"""Writes the service events that the benchmarks of the engine read: the same rows for the same seed, everywhere."""

from __future__ import annotations

import argparse
from pathlib import Path

import duckdb

START = "2025-01-01 00:00:00"
DAYS = 365
BRANCHES = 50
HEADER = ("event_time", "branch", "channel", "agent", "duration", "waiting_seconds", "rating")


def write_events(
    path: Path, rows: int = 10_000_000, *, seed: int = 20, first_day: int = 0, days: int = DAYS
) -> Path:
    """Write `rows` events spread evenly, in time order, over `days` days from the first one; returns the path.

    Every value is a hash of seed and row number, so no generator's state depends on threads or versions.
    """
    seconds = days * 86_400
    query = f"""
        WITH numbered AS (
            SELECT i,
                   hash(i * 8 + 0 + {seed}::BIGINT * 1000003) AS h0, hash(i * 8 + 1 + {seed}::BIGINT * 1000003) AS h1,
                   hash(i * 8 + 2 + {seed}::BIGINT * 1000003) AS h2, hash(i * 8 + 3 + {seed}::BIGINT * 1000003) AS h3,
                   hash(i * 8 + 4 + {seed}::BIGINT * 1000003) AS h4
            FROM range({rows}) AS r(i)
        ), drawn AS (
            SELECT i, h0 % {BRANCHES} AS branch, h1 % 100 AS channel, h2 % 40 AS agent,
                   (h2 // 64 % 1000000 + 0.5) / 1e6 AS u_duration, (h3 % 1000000 + 0.5) / 1e6 AS u_waiting,
                   h4 % 100 AS rated, h4 // 128 % 11 AS rating
            FROM numbered
        )
        SELECT strftime(TIMESTAMP '{START}' + to_days({first_day})
                        + to_seconds((i * {seconds}.0 / {rows})::BIGINT), '%Y-%m-%d %H:%M:%S') AS event_time,
               'Branch ' || lpad((branch + 1)::VARCHAR, 2, '0') AS branch,
               CASE WHEN channel < 45 THEN 'phone' WHEN channel < 75 THEN 'counter'
                    WHEN channel < 92 THEN 'chat' ELSE 'mail' END AS channel,
               'agent-' || lpad((branch * 40 + agent + 1)::VARCHAR, 4, '0') AS agent,
               round(-240 * ln(u_duration) + 20, 1) AS duration,
               CASE WHEN u_waiting < 0.12 THEN 0 ELSE round(-95 * ln(u_waiting))::BIGINT END AS waiting_seconds,
               CASE WHEN rated < 35 THEN rating END AS rating
        FROM drawn
        ORDER BY i
    """
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar_print = false")
        connection.execute(f"COPY ({query}) TO '{path}' (FORMAT csv, HEADER true)")
    return path


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--seed", type=int, default=20)
    arguments = parser.parse_args()
    print(write_events(arguments.path, arguments.rows, seed=arguments.seed))
