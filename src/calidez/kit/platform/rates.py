"""How often somebody did something, counted in the database, so that it holds over all processes together.

Counting is one statement each time: reading first and writing then would let two processes count as one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from django.db import connection, models

PACED = "pace:"  # before the names of those who are counted by `note` and `spend`


class ApiUse(models.Model):
    """One row for each who is counted.

    For `in_period` the number of the period and how often in it; for a pace the second at which all is forgotten, and
    how often since the row was last forgotten.
    """

    caller = models.CharField(max_length=60, primary_key=True)
    minute = models.BigIntegerField()
    requests = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.caller}: {self.requests}"


@dataclass(frozen=True)
class Pace:
    """`burst` times at once, then once in `every` seconds; where `longest` is given, each time beyond doubles the wait up to it."""

    burst: int
    every: int
    longest: int = 0

    def steps(self) -> Iterator[tuple[int, int]]:
        """From how many times on, one more costs how many seconds."""
        times, cost = 0, self.every
        yield times, cost
        times = self.burst
        while cost < self.longest:
            cost = min(cost * 2, self.longest)
            yield times, cost
            times += 1


def in_period(who: str, period: int) -> int:
    """Count one, and how many that makes in this period."""
    table = _table()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (caller, minute, requests) VALUES (%s, %s, 1) "  # noqa: S608 - our own table
            f"ON CONFLICT (caller) DO UPDATE SET minute = excluded.minute, requests = "
            f"CASE WHEN {table}.minute = excluded.minute THEN {table}.requests + 1 ELSE 1 END "
            f"RETURNING requests",
            [who, period],
        )
        return int(cursor.fetchone()[0])


def wait(who: str, pace: Pace, *, now: float) -> int:
    """How many seconds until one more is in order; 0 where it is now."""
    known = ApiUse.objects.filter(caller=PACED + who).values_list("minute", flat=True).first()
    return 0 if known is None else max(0, known - int(now) - (pace.burst - 1) * pace.every)


def note(who: str, pace: Pace, *, now: float) -> None:
    """Count one, in order or not."""
    _count(who, pace, int(now), only_in_order=False)


def spend(who: str, pace: Pace, *, now: float) -> bool:
    """Count one if it is in order, and say whether it was."""
    return _count(who, pace, int(now), only_in_order=True)


def lift(who: str) -> None:
    """Forget what was counted."""
    ApiUse.objects.filter(caller=PACED + who).delete()


def forget(now: float) -> int:
    """Rows of those who would be new again anyway."""
    return ApiUse.objects.filter(caller__startswith=PACED, minute__lt=int(now)).delete()[0]


def _count(who: str, pace: Pace, now: int, *, only_in_order: bool) -> bool:
    table = _table()
    steps = list(pace.steps())
    costs = "".join(
        f"WHEN {table}.requests < {after} THEN {cost} " for (_n, cost), (after, _c) in pairwise(steps)
    )
    cost = f"CASE {costs}ELSE {steps[-1][1]} END" if costs else str(steps[-1][1])
    open_still = f"{table}.minute > {now}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (caller, minute, requests) VALUES (%s, %s, 1) "  # noqa: S608 - our own table and numbers
            f"ON CONFLICT (caller) DO UPDATE SET "
            f"minute = CASE WHEN {open_still} THEN {table}.minute + {cost} ELSE excluded.minute END, "
            f"requests = CASE WHEN {open_still} THEN {table}.requests + 1 ELSE 1 END "
            + (f"WHERE {table}.minute - {now} <= {(pace.burst - 1) * pace.every} " if only_in_order else "")
            + "RETURNING requests",
            [PACED + who, now + pace.every],
        )
        return cursor.fetchone() is not None


def _table() -> str:
    return connection.ops.quote_name(ApiUse._meta.db_table)
