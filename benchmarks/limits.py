"""Limits in milliseconds, on a machine of whatever pace: a fixed task is timed beside them.

The limits are meant for a machine on which the task takes THEN. That was derived, not measured there: 177 rows of lists and
pages, of a slightly older state of the code there, took 2.0 to 2.1 times as long (medians) where the task takes 29 ms.
"""

from __future__ import annotations

import functools
import gc
import json
import re
import sqlite3
import time
from collections.abc import Callable
from typing import Any

THEN = 0.0145  # seconds
WORD = re.compile(r"\b[a-z]+(\d+)\b")


class Line:
    def __init__(self, number: int, name: str, share: float) -> None:
        self.number, self.name, self.share = number, name, share

    def shown(self) -> dict[str, str]:
        return {"number": f"{self.number:,}", "name": self.name.title(), "share": f"{self.share:.1%}"}


def p95(request: Callable[[], Any], times: int) -> float:
    """Milliseconds that 95 of 100 answers stay below; the request is warmed up."""
    for _warm in range(2):
        answer = request()
        assert answer.status_code == 200, answer.status_code
    return sorted(milliseconds(request) for _turn in range(times))[int(0.95 * times) - 1]


def milliseconds(request: Callable[[], Any]) -> float:
    started = time.perf_counter()
    request()
    return (time.perf_counter() - started) * 1000


def row(what: str, request: Callable[[], Any], limit_ms: float, times: int) -> dict[str, Any]:
    """The request's p95 against the limit, which a slower machine stretches; a faster one does not tighten it."""
    taken = p95(request, times)
    pace = slower()
    limit = limit_ms * pace
    return {
        "what": what,
        "ours": round(taken, 1),
        "peer": f"limit of {limit_ms:.0f} ms" + (f" × {pace:.1f} (pace here)" if pace > 1 else ""),
        "peer_value": round(limit, 1),
        "ratio": round(taken / limit, 3),
        "limit": 1.0,
        "unit": "ms p95",
        "ok": taken <= limit,
    }


def slower() -> float:
    """How many times slower than meant this machine is; 1 where it is faster."""
    return max(1.0, _seconds() / THEN)


@functools.cache
def _seconds() -> float:
    """The best of many: neither what else the machine does nor the garbage of this process may stretch a limit."""
    collected = gc.isenabled()
    gc.disable()
    try:
        return min(_task() for _turn in range(60))
    finally:
        if collected:
            gc.enable()


def _task() -> float:
    """What answering a page consists of: rows of a database, objects, texts, their search and their order."""
    began = time.perf_counter()
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE TABLE line (number INTEGER PRIMARY KEY, name TEXT, share REAL)")
        connection.executemany(
            "INSERT INTO line VALUES (?, ?, ?)",
            ((n, f"branch{n % 97} of {n}", n / 1999) for n in range(2000)),
        )
        for _page in range(6):
            found = connection.execute("SELECT * FROM line ORDER BY name LIMIT 600")
            lines = [Line(*values).shown() for values in found]
            lines.sort(key=lambda line: (line["name"], line["number"]))
            text = json.dumps(lines)
            assert len(WORD.findall(text.lower())) == 600
            assert len(json.loads(text)) == 600
    connection.close()
    return time.perf_counter() - began


if __name__ == "__main__":
    print(f"{_seconds() * 1000:.1f} ms")
