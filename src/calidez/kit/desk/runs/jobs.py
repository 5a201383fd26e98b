"""Old runs and their files do not stay."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from calidez.kit.desk.runs import services
from calidez.kit.platform.jobs import job


@job(title=_("Clearing away old files and reports of long work"), every="47 3 * * *")
def forget_runs() -> None:
    services.forget(timezone.now())
