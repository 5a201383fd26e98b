"""How long a large CSV takes to become a dataset, beside DuckDB writing the same file with the types told to it."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from generate import write_events
from turns import Turn, compared, in_turns

TIME_LIMIT = 2.0  # times the peer
MEMORY_LIMIT_MB = 2000

PEER = """
import time, duckdb
columns = {{'event_time': 'TIMESTAMPTZ', 'branch': 'VARCHAR', 'channel': 'VARCHAR', 'agent': 'VARCHAR',
           'duration': 'DOUBLE', 'waiting_seconds': 'BIGINT', 'rating': 'BIGINT'}}
connection = duckdb.connect()
connection.execute("SET TimeZone = 'UTC'")
connection.execute("SET enable_progress_bar_print = false")
began, before = time.perf_counter(), spent()
connection.execute(f"COPY (SELECT * FROM read_csv('{csv}', columns={{columns}}, header=true, delim=',')) "
                   "TO '{folder}/peer.parquet' (FORMAT parquet, COMPRESSION zstd)")
seconds, cpu = time.perf_counter() - began, spent() - before
"""

OURS = """
import time
from engine_schema import SCHEMA
from calidez.engine import Store, load_file
dataset = Store('{folder}/datasets').create('events', SCHEMA)
began, before = time.perf_counter(), spent()
report = load_file(dataset, '{csv}', reject_dir='{folder}/rejects')
seconds, cpu = time.perf_counter() - began, spent() - before
assert report.rows_loaded == {good}, report
assert report.rows_rejected == {bad}, report
"""

HEAD = """
import resource
def spent():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
"""

TAIL = """
import json
# The peak that getrusage tells may be that of the process that started this one.
peak = next(line for line in open('/proc/self/status') if line.startswith('VmHWM')).split()[1]
print(json.dumps({{'seconds': seconds, 'cpu': cpu, 'mb': int(peak) / 1024}}))
"""


def run(rows: int = 10_000_000, *, rounds: int = 5) -> list[dict]:
    """Load `rows` generated events, clean and with one bad row in ten thousand."""
    with tempfile.TemporaryDirectory(prefix="calidez-bench-") as name:
        folder = Path(name)
        clean = write_events(folder / "clean.csv", rows)
        dirty, bad = _spoiled(clean, folder / "dirty.csv")
        works = {
            "peer": lambda: _measured(PEER, clean, folder, rows, 0),
            "clean": lambda: _measured(OURS, clean, folder, rows, 0),
            "dirty": lambda: _measured(OURS, dirty, folder, rows - bad, bad),
        }
        turns = in_turns(works, rounds)
    return [
        *_rows("load a clean CSV", rows, turns["clean"], turns["peer"]),
        *_rows("load a CSV with one bad row in ten thousand", rows, turns["dirty"], turns["peer"]),
    ]


def _rows(what: str, rows: int, ours: list[Turn], peers: list[Turn]) -> list[dict]:
    """The peer cannot read bad rows, so it always has the clean file."""
    found = compared(ours, peers)
    memory = max(turn.mb for turn in ours)
    return [
        {
            "what": what,
            "rows": rows,
            "unit": "s",
            "peer": "DuckDB: read_csv with declared types to zstd Parquet, of the clean file",
            **found,
            "limit": TIME_LIMIT,
            "ok": found["ratio"] <= TIME_LIMIT,
        },
        {
            "what": f"{what}: peak memory",
            "rows": rows,
            "unit": "MB",
            "ours": round(memory),
            "peer": "limit",
            "peer_value": MEMORY_LIMIT_MB,
            "ratio": round(memory / MEMORY_LIMIT_MB, 2),
            "limit": 1.0,
            "ok": memory < MEMORY_LIMIT_MB,
        },
    ]


def _measured(script: str, csv: Path, folder: Path, good: int, bad: int) -> Turn:
    """In a process of its own, for its own peak of memory, and in an empty folder."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        code = (HEAD + script + TAIL).format(csv=csv, folder=place, good=good, bad=bad)
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parent,
        )
    return Turn(**json.loads(done.stdout.splitlines()[-1]))


def _spoiled(clean: Path, dirty: Path, every: int = 10_000) -> tuple[Path, int]:
    """A copy in which one row in `every` has a waiting time that is no number, or a cell too few."""
    bad = 0
    with clean.open("rb") as source, dirty.open("wb") as target:
        target.write(source.readline())
        for number, line in enumerate(source, start=1):
            if number % every == 0:
                bad += 1
                cells = line.rstrip(b"\n").split(b",")
                cells[5] = b"soon"
                line = b",".join(cells if bad % 2 else cells[:-2]) + b"\n"
            target.write(line)
    return dirty, bad


if __name__ == "__main__":
    for result in run(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000):
        print(json.dumps(result))
