"""The site's address in letters, the sender and the mail server are written as they have to be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from calidez.config import environment
from calidez.config.findings import Finding
from calidez.config.speech import gettext as _


def findings(environ: Mapping[str, str]) -> Iterator[Finding]:
    address = environ.get("CALIDEZ_ADDRESS", "")
    if address and not re.fullmatch(r"https?://[^\s/?#@]+", address.rstrip("/")):
        yield Finding(
            _(
                "CALIDEZ_ADDRESS is “%(value)s”; write the site as https://quality.example.org, without a path."
            )
            % {"value": address}
        )
    sender = environ.get("CALIDEZ_MAIL_FROM", "")
    if sender and not re.fullmatch(r"(?:[^<>@\n]*<)?[^\s<>@]+@[^\s<>@]+>?", sender):
        yield Finding(
            _(
                "CALIDEZ_MAIL_FROM is “%(value)s”, which is no mail address; a valid one is quality@example.org."
            )
            % {"value": sender}
        )
    url = environ.get("CALIDEZ_MAIL_URL", "")
    if not url:
        return
    try:
        parts = urlsplit(url)
        well_formed = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        well_formed = False
    if not well_formed:
        yield Finding(_("CALIDEZ_MAIL_URL cannot be read; write it as smtp://user:password@host:587."))
    elif parts.scheme not in environment.MAIL_PORTS:
        yield Finding(
            _(
                "CALIDEZ_MAIL_URL begins with “%(scheme)s”; write smtp:// (STARTTLS), smtps:// or smtp+plain://."
            )
            % {"scheme": f"{parts.scheme}://"}
        )
    elif parts.scheme == "smtp+plain" and parts.password:
        yield Finding(
            _("CALIDEZ_MAIL_URL sends a password without encryption; write smtp:// or smtps:// instead."),
            serious=False,
        )
    if not sender:
        yield Finding(_("Name the sender of mails in CALIDEZ_MAIL_FROM, such as quality@example.org."))
