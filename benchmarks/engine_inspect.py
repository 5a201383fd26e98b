"""Looking at a file of 100 MB before anything is asked, against its limit in seconds, which a slower machine stretches."""

from __future__ import annotations

import json
import statistics
import tempfile
from pathlib import Path
from typing import Any

from generate import write_events
from limits import slower
from turns import timed

from calidez.engine import inspect_file

SECONDS = 3.0
ROWS = 1_750_000  # some 100 MB


def run(rows: int = ROWS, *, rounds: int = 5) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="calidez-bench-") as name:
        events = write_events(Path(name) / "events.csv", rows)
        size = events.stat().st_size / 1e6
        taken = statistics.median(timed(lambda: inspect_file(events)).seconds for _round in range(rounds))
    pace = slower()
    limit = SECONDS * pace
    return [
        {
            "what": f"look at a CSV of {size:.0f} MB",
            "rows": rows,
            "unit": "s",
            "ours": round(taken, 2),
            "peer": f"limit of {SECONDS:.0f} s" + (f" × {pace:.1f} (pace here)" if pace > 1 else ""),
            "peer_value": round(limit, 1),
            "ratio": round(taken / limit, 3),
            "limit": 1.0,
            "ok": taken <= limit,
        }
    ]


if __name__ == "__main__":
    for result in run():
        print(json.dumps(result))
