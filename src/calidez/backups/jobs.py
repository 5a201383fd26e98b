"""Backups that the worker makes and tries by itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from calidez.backups import keeping
from calidez.kit.platform.jobs import job


@job(title=_("Making a backup"), every="35 2 * * *", wanted=keeping.wanted)
def make_backup() -> None:
    if (
        keeping.wanted()
    ):  # a restored place takes up what was under way, this too, and may have no such folder
        keeping.back_up()


@job(title=_("Trying whether the newest backup can be restored"), every="20 4 * * 0", wanted=keeping.wanted)
def try_backup() -> None:
    if keeping.wanted():
        keeping.try_newest()
