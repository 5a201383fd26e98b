"""How often one caller of the interface may ask in a minute."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from calidez.kit.faces.api.problems import Problem
from calidez.kit.platform import rates

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
    used = rates.in_period(caller, int(moment // MINUTE))
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
