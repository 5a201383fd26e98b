"""The month of a moment, quickly on SQLite: Django's own function parses every row, which takes ten times as long."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import DateField, Func
from django.db.models.functions import TruncMonth


class Month(TruncMonth):
    """The first day of the month, in the organisation's time."""

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        # Taught here, so that no connection can have been opened too early to know it.
        connection.ensure_connection()
        connection.connection.create_function("calidez_month", 1, _month, deterministic=True)
        taught = Func(*self.get_source_expressions(), function="calidez_month", output_field=DateField())
        return taught.as_sql(compiler, connection)


def _month(moment: str | None) -> str | None:
    # Zones differ from UTC by quarters of an hour: all moments within ten minutes are in the same month.
    return None if moment is None else _of(moment[:15])


@lru_cache(maxsize=100_000)
def _of(start: str) -> str:
    utc = dt.datetime.fromisoformat(f"{start}0").replace(tzinfo=dt.UTC)
    return f"{utc.astimezone(ZoneInfo(settings.TIME_ZONE)):%Y-%m}-01"
