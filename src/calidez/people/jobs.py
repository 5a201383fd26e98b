"""Background work of the people part."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from calidez.kit.platform.jobs import job
from calidez.people.services import resets


@job(title=_("Writing to somebody who forgot the password"), one_per=("email",))
def send_new_password_link(*, email: str) -> None:
    resets.send_link(email)
