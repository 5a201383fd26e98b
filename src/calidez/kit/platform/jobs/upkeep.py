"""What keeps the tables of kit small."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from calidez.kit.platform.jobs import lease
from calidez.kit.platform.jobs.declare import job


@job(title=_("Clearing away old jobs"), every="17 3 * * *")
def forget_jobs() -> None:
    lease.forget(timezone.now())
