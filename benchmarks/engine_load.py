"""How long a large CSV takes to become a dataset, beside DuckDB writing the same file with the types told to it."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from generate import write_events
from turns import Turn, compared, in_turns

CLEAN, EMPTIED, REJECTED, MANY_EMPTIED = 1.5, 1.9, 2.0, 3.5  # times the peer
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
report = load_file(dataset, '{csv}', reject_dir='{folder}/rejects', needed={needed})
seconds, cpu = time.perf_counter() - began, spent() - before
assert report.rows_loaded == {rows} - {rejected}, report
assert report.rows_rejected == {rejected}, report
assert sum(cell.count for cell in report.emptied_cells) == {emptied}, report
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
    """Load `rows` generated events: clean, with cells to be left empty, and with rows to be rejected."""
    with tempfile.TemporaryDirectory(prefix="calidez-bench-") as name:
        folder = Path(name)
        clean = write_events(folder / "clean.csv", rows)
        gaps, emptied = _spoiled(clean, folder / "gaps.csv", 10_000)
        many, emptied_often = _spoiled(clean, folder / "many.csv", 50)
        bad, rejected = _spoiled(clean, folder / "bad.csv", 10_000, short=True)
        works = {
            "peer": lambda: _measured(PEER, clean, folder, rows),
            "clean": lambda: _measured(OURS, clean, folder, rows),
            "gaps": lambda: _measured(OURS, gaps, folder, rows, emptied=emptied),
            "many": lambda: _measured(OURS, many, folder, rows, emptied=emptied_often),
            "bad": lambda: _measured(OURS, bad, folder, rows, rejected=rejected),
        }
        turns = in_turns(works, rounds)
    return [
        *_rows("load a clean CSV", rows, turns["clean"], turns["peer"], CLEAN),
        *_rows(
            "load a CSV with a cell left empty in one row of ten thousand",
            rows,
            turns["gaps"],
            turns["peer"],
            EMPTIED,
        ),
        *_rows(
            "load a CSV with a cell left empty in one row of fifty",
            rows,
            turns["many"],
            turns["peer"],
            MANY_EMPTIED,
        ),
        *_rows("load a CSV with one bad row in ten thousand", rows, turns["bad"], turns["peer"], REJECTED),
    ]


def _rows(what: str, rows: int, ours: list[Turn], peers: list[Turn], limit: float) -> list[dict]:
    """The peer cannot read bad cells, so it always has the clean file."""
    found = compared(ours, peers)
    memory = max(turn.mb for turn in ours)
    return [
        {
            "what": what,
            "rows": rows,
            "unit": "s",
            "peer": "DuckDB: read_csv with declared types to zstd Parquet, of the clean file",
            **found,
            "limit": limit,
            "ok": found["ratio"] <= limit,
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


def _measured(
    script: str, csv: Path, folder: Path, rows: int, *, emptied: int = 0, rejected: int = 0
) -> Turn:
    """In a process of its own, for its own peak of memory, and in an empty folder."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        needed = ("waiting_seconds",) if rejected else ()
        told = {"rows": rows, "emptied": emptied, "rejected": rejected, "needed": needed}
        code = (HEAD + script + TAIL).format(csv=csv, folder=place, **told)
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parent,
        )
    return Turn(**json.loads(done.stdout.splitlines()[-1]))


def _spoiled(clean: Path, spoiled: Path, every: int, *, short: bool = False) -> tuple[Path, int]:
    """A copy in which one row in `every` has a waiting time that is no number or, every other time if `short`, cells too few."""
    bad = 0
    with clean.open("rb") as source, spoiled.open("wb") as target:
        target.write(source.readline())
        for number, line in enumerate(source, start=1):
            if number % every == 0:
                bad += 1
                cells = line.rstrip(b"\n").split(b",")
                cells[5] = b"soon"
                line = b",".join(cells[:-2] if short and bad % 2 == 0 else cells) + b"\n"
            target.write(line)
    return spoiled, bad


if __name__ == "__main__":
    for result in run(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000):
        print(json.dumps(result))
