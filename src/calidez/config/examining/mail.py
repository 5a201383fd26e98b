"""The mail server is reached and lets us in; a letter goes out only where it was asked for."""

from __future__ import annotations

import datetime as dt
import smtplib
from collections.abc import Iterator

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.utils import timezone

from calidez.config.examining.asked import Asked
from calidez.config.findings import Finding
from calidez.config.speech import gettext as _
from calidez.config.speech import ngettext
from calidez.kit.platform.formats import day
from calidez.kit.platform.mail import folder
from calidez.kit.platform.mail.models import Mail

SECONDS = 10
LONG = dt.timedelta(hours=1)


def findings(asked: Asked) -> Iterator[Finding]:
    connection = get_connection(timeout=SECONDS)
    if not isinstance(connection, EmailBackend):
        yield _without_server(asked)
        return
    yield from _left_lying()
    server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        connection.open()
        if asked.send_to:
            _letter(asked.send_to, connection).send()
    except (OSError, smtplib.SMTPException) as error:
        yield Finding(_sentence(error) % {"server": server, "reason": _reason(error)})
    finally:
        connection.close()


def _without_server(asked: Asked) -> Finding:
    """A note, unless a letter was asked for: a try-out works without one."""
    return Finding(
        _(
            "No mail server is set, so nobody receives mail: invitations, links for a new password, reminders and notices lie as files in %(path)s for %(days)s days, and have to be handed over by hand. Name the server in CALIDEZ_MAIL_URL, such as smtp://user:password@host:587, and the sender in CALIDEZ_MAIL_FROM."
        )
        % {"path": folder.place(), "days": folder.KEPT.days},
        serious=bool(asked.send_to),
    )


def _left_lying() -> Iterator[Finding]:
    """A mail goes within a minute or its retries; what is older waits for a worker or was given up."""
    waiting = Mail.objects.filter(sent_at=None, written_at__lt=timezone.now() - LONG).order_by("written_at")
    oldest = waiting.first()
    if oldest is None:
        return
    count = waiting.count()
    yield Finding(
        ngettext(
            "%(count)s mail has not gone out since %(day)s. See under background jobs why.",
            "%(count)s mails have not gone out, the oldest since %(day)s. See under background jobs why.",
            count,
        )
        % {"count": count, "day": day(timezone.localdate(oldest.written_at))},
        serious=False,
    )


def _letter(address: str, connection: EmailBackend) -> EmailMessage:
    return EmailMessage(
        _("A test mail of Calidez"),
        _("Mails of this installation arrive: %(address)s") % {"address": settings.SITE_ADDRESS},
        settings.DEFAULT_FROM_EMAIL,
        [address],
        connection=connection,
    )


def _sentence(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return _("The mail server %(server)s refuses the user or password of CALIDEZ_MAIL_URL: %(reason)s")
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return _(
            "The mail server %(server)s does not offer what CALIDEZ_MAIL_URL asks for (STARTTLS or a password): %(reason)s"
        )
    if isinstance(error, (smtplib.SMTPSenderRefused, smtplib.SMTPRecipientsRefused)):
        return _("The mail server %(server)s does not take the test mail: %(reason)s")
    return _("The mail server %(server)s of CALIDEZ_MAIL_URL does not answer as it should: %(reason)s")


def _reason(error: Exception) -> str:
    said = getattr(error, "smtp_error", b"") or str(error) or type(error).__name__
    text = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
    return " ".join(text.split())[:200]
