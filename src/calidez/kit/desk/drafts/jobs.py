"""Drafts that nobody came back for are cleared away."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from calidez.kit.desk.drafts import services
from calidez.kit.platform.jobs import job


@job(title=_("Clearing away old drafts of forms"), every="23 3 * * *")
def forget_drafts() -> None:
    services.forget_old(timezone.now())
