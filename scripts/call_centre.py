"""A month of calls as a contact centre exports them, to try Calidez with: python scripts/call_centre.py calls.csv

Made up, the same every time, and as awkward as such files are: days as YYMMDD and clocks in columns of their own, ends that are
empty, and numbers of customers that a spreadsheet turned into 6.02701E+11.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
import sys
from collections.abc import Iterator
from pathlib import Path

HEADINGS = (
    "line",
    "call_id",
    "customer_id",
    "priority",
    "type",
    "date",
    "entry",
    "exit",
    "queue_start",
    "queue_exit",
    "queue_seconds",
    "outcome",
    "service_start",
    "service_exit",
    "service_seconds",
    "agent",
)
FIRST, DAYS = dt.date(2026, 2, 1), 28
WORKDAY, WEEKEND = 1_500, 360
NEVER = "0:00:00"


def calls() -> Iterator[tuple[object, ...]]:
    chance = random.Random(7)
    number = 33_000
    for n in range(DAYS):
        day = FIRST + dt.timedelta(days=n)
        for _ in range(WEEKEND if day.weekday() > 4 else WORKDAY):
            number += 1
            yield _call(day, number, chance)


def _call(day: dt.date, number: int, chance: random.Random) -> tuple[object, ...]:
    entry = dt.datetime.combine(day, dt.time(7)) + dt.timedelta(seconds=chance.randint(0, 15 * 3600))
    queued = entry + dt.timedelta(seconds=chance.randint(3, 20))
    waited = int(chance.expovariate(1 / 60)) if chance.random() < 0.6 else 0
    left = queued + dt.timedelta(seconds=waited)
    gone = waited > 0 and chance.random() < waited / 400
    spoken = 0 if gone else int(chance.expovariate(1 / 180)) + 5
    return (
        f"AA0{chance.randint(1, 6)}0{chance.randint(1, 9)}",
        number,
        _customer(chance),
        chance.choice((0, 1, 2)),
        chance.choice(("PS", "NW", "IN", "NE", "TT")),
        f"{day:%y%m%d}",
        _clock(entry),
        _clock(queued),
        _clock(queued) if waited else NEVER,
        _clock(left) if waited else NEVER,
        waited,
        "HANG" if gone else "AGENT",
        "" if gone else _clock(left),
        "" if gone else _clock(left + dt.timedelta(seconds=spoken)),
        spoken,
        "NO_SERVER" if gone else chance.choice(("ANI", "BEN", "DORIT", "EYAL")),
    )


def _customer(chance: random.Random) -> str:
    spoilt = f"{chance.randint(1, 9)}.{chance.randint(10_000, 99_999)}E+11"
    return chance.choice(("0", "", spoilt, str(chance.randint(10**8, 10**9))))


def _clock(moment: dt.datetime) -> str:
    return f"{moment.hour}:{moment.minute:02}:{moment.second:02}"


def main() -> None:
    with Path(sys.argv[1]).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        writer.writerows(calls())


if __name__ == "__main__":
    main()
