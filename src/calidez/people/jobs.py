"""Background work of the people part."""

from __future__ import annotations

import time

from django.utils.translation import gettext_lazy as _

from calidez.kit.platform import rates
from calidez.kit.platform.jobs import job
from calidez.people.services import resets


@job(title=_("Forgetting wrong passwords of long ago"), every="37 3 * * *")
def forget_attempts() -> None:
    rates.forget(time.time())


@job(title=_("Writing to somebody who forgot the password"), one_per=("email",))
def send_new_password_link(*, email: str) -> None:
    resets.send_link(email)
