"""Links in mails lead where people really are: nobody but the operator knows by which name that is."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings

from calidez.config.examining.asked import Asked
from calidez.config.findings import Finding
from calidez.config.speech import gettext as _

NEAR = {"127.0.0.1", "localhost", "::1"}


def findings(asked: Asked) -> Iterator[Finding]:
    """A name that was only guessed is said; behind a proxy that ends TLS the guess from the host names holds."""
    address = settings.SITE_ADDRESS
    if settings.SITE_ADDRESS_GIVEN:
        return
    if urlsplit(address).hostname in NEAR:
        yield Finding(
            _(
                "Links in mails and calendars lead to %(address)s, which opens on this computer only. Say in CALIDEZ_ADDRESS by which name people reach the site, such as https://quality.example.org."
            )
            % {"address": address},
            serious=False,
        )
    elif not settings.BY_PROXY:
        yield Finding(
            _(
                "Links in mails and calendars lead to %(address)s, guessed from CALIDEZ_ALLOWED_HOSTS. Say in CALIDEZ_ADDRESS by which name, and port where it has one, people reach the site."
            )
            % {"address": address},
            serious=False,
        )
