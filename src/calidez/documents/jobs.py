"""What happens to documents by the clock and when people move."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from calidez.documents import services
from calidez.kit.platform.jobs import job


@job(title=_("Putting documents in force on their day"), every="5 * * * *")
def take_effect() -> None:
    services.bring_into_force(on=timezone.localdate())


@job(title=_("Asking new readers of documents"), every="15 4 * * *")
def ask_new_readers() -> None:
    """People, positions, units or roles changed, and with them who must read what; a role may begin or end by its day."""
    services.follow_readers()
