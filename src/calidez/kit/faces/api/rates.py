"""How often one caller may ask: counted in the database, so that it holds over all processes together."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from calidez.kit.faces.api.models import ApiUse
from calidez.kit.faces.api.problems import Problem

MINUTE = 60


@dataclass(frozen=True)
class Allowance:
    """What is left in the present minute; None where nothing is limited."""

    limit: int
    left: int
    reset: int

    @property
    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.left),
            "RateLimit-Reset": str(self.reset),
        }


def spend(caller: str, *, now: float | None = None) -> Allowance | None:
    """Count one request; raises the refusal once the minute's allowance is used up."""
    limit = settings.API_REQUESTS_PER_MINUTE
    if not limit:
        return None
    moment = time.time() if now is None else now
    used = _counted(caller, int(moment // MINUTE))
    allowance = Allowance(limit, max(0, limit - used), MINUTE - int(moment % MINUTE))
    if used > limit:
        raise Problem(
            429,
            "too-many",
            _("At most %(limit)s requests a minute. Wait %(seconds)s seconds.")
            % {"limit": limit, "seconds": allowance.reset},
            headers={"Retry-After": str(allowance.reset), **allowance.headers},
        )
    return allowance


def _counted(caller: str, minute: int) -> int:
    """Counting is one statement: reading first and writing then would let two processes count as one."""
    table = connection.ops.quote_name(ApiUse._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (caller, minute, requests) VALUES (%s, %s, 1) "  # noqa: S608 - our own table
            f"ON CONFLICT (caller) DO UPDATE SET minute = excluded.minute, requests = "
            f"CASE WHEN {table}.minute = excluded.minute THEN {table}.requests + 1 ELSE 1 END "
            f"RETURNING requests",
            [caller, minute],
        )
        return int(cursor.fetchone()[0])
